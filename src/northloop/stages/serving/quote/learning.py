"""Learns to quote from resolved tickets.

All that is weighed is weighed on questions whose paraphrases were left out, and on what has not
been seen yet: documents without tickets (all of their own left out) and questions that no document
answers (theirs taken away).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import msgspec
import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, hstack

from northloop.core.conversation import Example, Passage
from northloop.core.facts import facts
from northloop.ports.models import Embedder
from northloop.stages.serving.generate import lookup_text
from northloop.stages.serving.quote import asking, choosing, confidence, picking
from northloop.stages.serving.quote.choosing import Choice, chosen, texts_of
from northloop.stages.serving.quote.clues import Clues, Past
from northloop.stages.serving.quote.files import FORMAT, Head, Learnt, Weights, prior, rounded
from northloop.stages.serving.quote.fitting import fit_chance, fit_choice
from northloop.stages.serving.quote.history import WIDTH, Regression, Terms, kernel
from northloop.stages.serving.quote.library import Library
from northloop.stages.serving.quote.links import Link, links
from northloop.stages.serving.quote.parts import Names
from northloop.stages.serving.quote.picking import Asked, Picked, pick
from northloop.stages.serving.quote.usage import Usage, sentence_key

Floats = NDArray[np.float64]
Ints = NDArray[np.int_]

MOST_ROWS = 3_000
"""So many tickets are learnt from; of more an even share, whatever they are about."""
RAW, PLAIN = 0.8**0.5, 0.2**0.5
MOST_PASTS = 1_000_000
"""Of more tickets times documents than this only some tickets are put anew, for memory's sake."""
MOST_OPTIONS = 64
"""So many documents are laid before the choice that the clues' weights are fitted on."""
_NEW, _GONE = 0.14, 0.2
"""Weights of questions as they would be put to documents without tickets, and to none."""
_ENOUGH = 500
"""With fewer tickets than that the prior of sentences counts for more, in the cube of it."""
_CLUES_RIDGE, _TWO_RIDGE, _SENTENCE_RIDGE, _SURE_RIDGE = 3e-3, 3e-3, 3e-3, 2e-3


class Ticket(msgspec.Struct, frozen=True):
    """A question, and what of the documents answered it; no links where none does."""

    question: str
    reply: str
    links: tuple[Link, ...]


class Case(msgspec.Struct, frozen=True):
    """A ticket's question as it is put once more, some of the history left out."""

    ticket: Ticket
    pasts: tuple[Past, ...]
    """Of the whole question and of each part."""
    left: Floats
    """Kernel of the whole question with all tickets, 0 for those left out."""
    gone: frozenset[int]
    """Documents that are taken away."""
    weight: float


def learnt(
    rows: Sequence[Example],
    passages: Sequence[Passage],
    embedder: Embedder,
    reader: Embedder | None = None,
) -> Learnt:
    """Return what the rows of the training split teach about quoting the passages, which `reader`
    reads, `embedder` by default."""
    rows = _some(rows)
    known = Names.of([*(f"{p.title}. {p.text}" for p in passages), *(r.question for r in rows)])
    library = Library(passages, embedder, known, reader)
    history = _History(library, _tickets(rows, library))
    start = prior(library.squeezed)
    teaches = len(history.tickets) > 1 and bool(history.columns)
    weights = _weights(history, start) if teaches else start
    keys = sorted({key for used in history.used for key in used})
    number = {key: place for place, key in enumerate(keys)}
    head = Head(
        format=FORMAT,
        embedder=embedder.name,
        names=tuple(sorted(known.known)),
        chains=tuple(sorted(known.chains)),
        documents=tuple(library.ids[c] for c in history.columns),
        base=rounded(history.past.base),
        terms=history.terms,
        width=WIDTH,
        sentences=tuple(keys),
        used=tuple(tuple(number[key] for key in used) for used in history.used),
        linked=tuple(
            tuple(history.columns.index(link.document) for link in ticket.links)
            for ticket in history.tickets
        ),
        clues=rounded(weights.clues),
        two=rounded(weights.two),
        weighed=rounded(weights.sentences),
        confidence=rounded(weights.confidence),
        asks=rounded(weights.asks),
    )
    return Learnt(head, history.vectors, history.past.duals, history.by_words)


class _History:
    """Tickets with all that follows from them alone."""

    def __init__(self, library: Library, tickets: Sequence[Ticket]) -> None:
        self.library = library
        self.tickets = tickets
        self.clues = Clues(library)
        questions = [ticket.question for ticket in tickets]
        library.read(questions)
        self.terms = Terms.of(questions)
        self.by_words, self.vectors = laid_out(library, self.terms, questions)
        self._columns = csr_matrix(self.by_words.T)
        self.columns = sorted({link.document for ticket in tickets for link in ticket.links})
        self.wanted = np.zeros((len(tickets), len(self.columns) + 1))
        for row, ticket in enumerate(tickets):
            held = [self.columns.index(link.document) for link in ticket.links]
            self.wanted[row, held or [-1]] = 1.0
        self.alike = self.kernel(questions)
        self.past = Regression(self.alike, self.wanted)
        self.used = [_keys(library, ticket) for ticket in tickets]
        keys = sorted({key for used in self.used for key in used})
        place = {key: number for number, key in enumerate(keys)}
        self.usage = Usage(
            library,
            keys,
            [[place[key] for key in used] for used in self.used],
            [[library.ids[link.document] for link in ticket.links] for ticket in tickets],
        )

    def kernel(self, texts: Sequence[str]) -> Floats:
        """Return how alike texts and the tickets' questions are, (texts, tickets)."""
        rows, vectors = laid_out(self.library, self.terms, texts)
        return kernel(rows, vectors, self._columns, self.vectors)

    def cases(self, step: int) -> Iterator[Case]:
        """Yield the question of every so manieth ticket as it is put anew, and as it is to what is
        not known."""
        held = [set(np.flatnonzero(self.wanted[:, c])) for c in range(self.wanted.shape[1])]
        put = [texts_of(ticket.question) for ticket in self.tickets]
        parts = [text for texts in put for text in texts]
        self.library.read(parts)
        every = self.kernel(parts)
        ends = np.cumsum([len(texts) for texts in put])
        for row, (ticket, alike) in enumerate(
            zip(self.tickets, np.split(every, ends[:-1]), strict=True)
        ):
            if row % step:
                continue
            near = self.past.paraphrases(row)
            yield self._case(ticket, alike, near, frozenset(), 1.0)
            documents = frozenset(link.document for link in ticket.links)
            if len(documents) == 1:
                own = np.array(sorted(held[self.columns.index(*documents)]))
                if len(own) < len(self.tickets):
                    yield self._case(ticket, alike, own, frozenset(), _NEW)
                    yield self._case(ticket, alike, own, documents, _GONE)
            if documents:
                yield self._case(ticket, alike, near, documents, _GONE)

    def _case(
        self, ticket: Ticket, alike: Floats, out: Ints, gone: frozenset[int], weight: float
    ) -> Case:
        left = alike[0].copy()
        left[out] = 0.0
        without = np.ones(len(self.tickets), bool)
        without[out] = False
        known = np.zeros(len(self.library.ids), bool)
        known[self.columns] = self.wanted[without][:, :-1].any(axis=0)
        scores = self.past.without(alike, out)
        pasts = tuple(spread(row, self.columns, known, gone) for row in scores)
        return Case(ticket, pasts, left, gone, weight)


def laid_out(library: Library, terms: Terms, texts: Sequence[str]) -> tuple[csr_matrix, Floats]:
    """Return texts as the kernel takes them: as they stand, and without their names."""
    plain = [library.names.masked(text) for text in texts]
    rows = hstack([RAW * terms.rows(texts), PLAIN * terms.rows(plain)]).tocsr()
    raw, other = np.split(library.meant([*texts, *plain]), [len(texts)])
    return rows, np.concatenate([RAW * raw, PLAIN * other], axis=1).astype(float)


def spread(
    scores: Floats, columns: Sequence[int], known: NDArray[np.bool_], gone: frozenset[int]
) -> Past:
    """Return scores of columns, "no document" last, as they bear on the documents of a library.

    A column below 0 or of a document that is gone is of what cannot be quoted any more: who asks
    the like of what it has answered asks for no document.
    """
    found = np.zeros(len(known) + 1)
    found[-1] = scores[-1]
    for column, score in zip(columns, scores[:-1], strict=True):
        if column < 0 or column in gone:
            found[-1] = max(found[-1], score)
        else:
            found[column] = score
    return Past(found, known)


def _some(rows: Sequence[Example]) -> list[Example]:
    ordered = sorted(rows, key=lambda row: row.example_id)
    if len(ordered) <= MOST_ROWS:
        return ordered
    return [ordered[i * len(ordered) // MOST_ROWS] for i in range(MOST_ROWS)]


def _tickets(rows: Sequence[Example], library: Library) -> list[Ticket]:
    """Return the rows that teach: not those whose reply the documents contradict or leave open."""
    questions = [lookup_text(row.asked) for row in rows]
    found = links(
        questions,
        [row.reply for row in rows],
        [sentence.text for sentence in library.sentences],
        [int(document) for document in library.of_sentence],
    )
    return [
        Ticket(question, row.reply, own)
        for question, row, own in zip(questions, rows, found, strict=True)
        if question.strip() and (all(link.stands for link in own) if own else not _states(row))
    ]


def _states(row: Example) -> bool:
    return any(not fact.startswith("[") for fact in facts(row.reply))


def _keys(library: Library, ticket: Ticket) -> list[str]:
    return [
        sentence_key(library.ids[link.document], library.sentences[number].text)
        for link in ticket.links
        for number in link.sentences
    ]


def _weights(history: _History, start: Weights) -> Weights:
    """Return what all clues weigh, as far as the tickets tell, from what they weigh without."""
    size = len(history.tickets) * len(history.library.ids)
    cases = list(history.cases(step=1 + size // MOST_PASTS))
    weights = msgspec.structs.replace(start, clues=_clues(history, cases, start.clues))
    weights = msgspec.structs.replace(weights, sentences=_sentences(history, cases))
    weights = msgspec.structs.replace(weights, two=_two(history, cases, weights))
    asks, asked = _asks(history, cases, weights)
    sure = _confidence(history, cases, weights, asked)
    return msgspec.structs.replace(weights, asks=asks, confidence=sure)


def _clues(history: _History, cases: Sequence[Case], start: Floats) -> Floats:
    count = len(history.library.ids) + 1
    most = min(count - 1, MOST_OPTIONS)
    options, wanted, weights = [], [], []
    for case in cases:
        documents = [link.document for link in case.ticket.links]
        if len(documents) > 1:
            continue
        found = history.clues.options(case.ticket.question, case.pasts[0])
        found[list(case.gone), 0] = -np.inf
        right = np.zeros(count)
        right[[d for d in documents if d not in case.gone] or [-1]] = 1.0
        best = np.argsort(-(found[:-1] @ start), kind="stable")
        kept = list(dict.fromkeys([count - 1, *np.flatnonzero(right), *best]))[: most + 1]
        options.append(found[kept])
        wanted.append(right[kept])
        weights.append(case.weight)
    return fit_choice(np.stack(options), np.stack(wanted), np.array(weights), start, _CLUES_RIDGE)


def _sentences(history: _History, cases: Sequence[Case]) -> Floats:
    rows, right, weights = [], [], []
    for case in cases:
        if len(case.ticket.links) != 1 or case.gone:
            continue
        link = case.ticket.links[0]
        asked = Asked.of(case.ticket.question, history.library)
        used = history.usage.of(link.document, case.left)
        found = picking.features(history.library, link.document, asked, used)
        first = int(history.library.sentence_starts[link.document])
        rows.append(found)
        right += [float(first + i in link.sentences) for i in range(len(found))]
        weights += [case.weight / len(found)] * len(found)
    if not rows:
        return picking.prior()
    every = np.vstack(rows)
    # The logit needs a level of its own; the order of the sentences does not.
    every = np.hstack([every, np.ones((len(every), 1))])
    start = np.append(picking.prior(), -2.0)
    # What few tickets took of a document says little of what the next customer needs of it.
    ridge = _SENTENCE_RIDGE * max(1.0, _ENOUGH / float(np.sum(weights))) ** 3
    fitted = fit_chance(every, np.array(right), np.array(weights), start, ridge)
    return fitted[:-1]


def _choice(history: _History, case: Case, weights: Weights) -> Choice:
    texts = texts_of(case.ticket.question)
    return chosen(history.clues, weights.choosing, texts, case.pasts, case.gone)


def _two(history: _History, cases: Sequence[Case], weights: Weights) -> Floats:
    rows, right = [], []
    for case in cases:
        if case.gone or case.weight < 1 or not case.ticket.links:
            continue
        choice = _choice(history, case, weights)
        if choice.pair.any():
            rows.append(choice.pair)
            right.append(float(len(case.ticket.links) == 2))
    if not rows:
        return choosing.two_prior()
    even = np.ones(len(rows))
    return fit_chance(np.stack(rows), np.array(right), even, choosing.two_prior(), _TWO_RIDGE)


def _asks(
    history: _History, cases: Sequence[Case], weights: Weights
) -> tuple[Floats, dict[str, Floats]]:
    """Return what tells that a part of a message asks, and of each question what others taught."""
    put, messages, right = [], [], []
    for case in cases:
        if case.gone or case.weight < 1:
            continue
        choice = _choice(history, case, weights)
        documents = {link.document for link in case.ticket.links}
        texts = texts_of(case.ticket.question)
        put.append(case.ticket.question)
        messages.append(asking.features(history.library, texts[1:] or texts))
        led = [float(d in documents) for d in choice.of_parts[:, :-1].argmax(axis=1)]
        right.append(np.array(led if documents else []))
    asked = dict(zip(put, asking.crossed(messages, right), strict=True))
    return asking.fit(messages, right), asked


def _confidence(
    history: _History,
    cases: Sequence[Case],
    weights: Weights,
    asked: Mapping[str, Floats],
) -> Floats:
    rows, right, counts = [], [], []
    for case in cases:
        choice = _choice(history, case, weights)
        picked = [
            pick(
                history.library,
                request.document,
                Asked.of(request.text, history.library),
                history.usage.of(request.document, case.left),
                weights.sentences,
            )
            for request in choice.requests
        ]
        question = case.ticket.question
        own = history.clues.text(question).astype(float)
        rows.append(
            confidence.features(history.library, question, choice, picked, own, asked[question])
        )
        right.append(float(_is_right(history.library, case, picked)))
        counts.append(case.weight)
    return fit_chance(
        np.stack(rows), np.array(right), np.array(counts), confidence.prior(), _SURE_RIDGE
    )


def _is_right(library: Library, case: Case, picked: Sequence[Picked]) -> bool:
    """Whether a quote holds what the agent took from the documents, as far as can be told."""
    if case.gone or not case.ticket.links:
        return False
    chosen_ones = {one.document: set(one.said) for one in picked}
    if set(chosen_ones) != {link.document for link in case.ticket.links}:
        return False
    stated = set(facts(case.ticket.reply))
    for link in case.ticket.links:
        said = {f for n in chosen_ones[link.document] for f in library.facts_of(n)}
        held = {f for n in link.sentences for f in library.facts_of(n)}
        needed = stated & held
        if not needed <= said:
            return False
        if not needed and not chosen_ones[link.document] & set(link.sentences):
            return False
    return True
