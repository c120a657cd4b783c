"""Answers with sentences of the documents, word for word, and says how sure it is."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

import msgspec
import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from northloop.core.by_itself import points_back
from northloop.core.conversation import Example, Message, Passage
from northloop.core.question import TWO_WAYS, reads_two_ways
from northloop.core.treatment import Candidate, Treatment
from northloop.ports.models import (
    ENGLISH,
    Embedder,
    Language,
    Others,
    embedder_of,
    is_foreign,
    no_others,
    untold,
)
from northloop.stages.serving.asking_back import answered
from northloop.stages.serving.generate import lookup_text
from northloop.stages.serving.quote import confidence, files, followed, unheard
from northloop.stages.serving.quote.asking import asks, features
from northloop.stages.serving.quote.choosing import Choice, chosen, texts_of
from northloop.stages.serving.quote.clues import Clues, Past
from northloop.stages.serving.quote.doubt import between, options
from northloop.stages.serving.quote.history import kernel
from northloop.stages.serving.quote.learning import laid_out, learnt, spread
from northloop.stages.serving.quote.library import Library
from northloop.stages.serving.quote.parts import (
    Names,
    follows_up,
    says_hardly_anything,
    small_words,
    words,
)
from northloop.stages.serving.quote.past import years
from northloop.stages.serving.quote.picking import Asked, Picked, pick, quoted
from northloop.stages.serving.quote.unheard import Unheard
from northloop.stages.serving.quote.usage import Usage, successors

Floats = NDArray[np.float64]
_UNTRIED = 0.5
"""Factor of the confidence in a document that has answered no ticket yet, where others have: what
is fitted on them is too sure of it (of what would be sent, 48 % were wrong)."""
_END_CHARS = 1_000
"""By so many characters at its end a document shows whether it goes on in another language."""
_BY_ITSELF = 0.5
"""So sure a short question is answered by itself that is of another matter, with documents alone:
what was said before names one of them, and makes that one sure of whatever is asked."""


class Answer(msgspec.Struct, frozen=True):
    """What is quoted, and all that led there."""

    choice: Choice
    picked: tuple[Picked, ...]
    features: Floats
    confidence: float
    most: float
    """As of `Candidate`."""


class _Asking(NamedTuple):
    """What is looked up of a conversation; see `Quote.found`."""

    text: str
    last: str
    named: Collection[int]
    gone: Collection[int]
    picked: bool
    """The customer was asked back, and has picked one."""
    two_ways: bool
    """That it hangs on what was said before shows in nothing but how little it says."""


Reads = Callable[[Embedder], Embedder]
"""Gives an embedder for the documents, which may remember what it reads."""


def as_it_is(embedder: Embedder) -> Embedder:
    """Return an embedder as it is: documents are read anew each time."""
    return embedder


def learn(
    rows: Sequence[Example],
    passages: Sequence[Passage],
    embedder: Embedder,
    reads: Reads = as_it_is,
) -> dict[str, bytes]:
    """Return as files what resolved tickets teach about quoting; equal input, equal bytes.

    `rows` are those of the training split, none for a company that has documents alone;
    `passages` those that stand while it is learnt. Nothing of their texts is kept: what was learnt
    is tied to ids of documents and hashes of sentences.
    """
    return files.written(learnt(rows, passages, embedder, reads(embedder)))


def load(
    stored: Mapping[str, Path] | Mapping[str, bytes],
    passages: Sequence[Passage],
    embedder: Embedder,
    earlier: Sequence[Passage] = (),
    others: Others = no_others,
    reads: Reads = as_it_is,
) -> Quote:
    """Return the treatment for the passages that stand now, whatever stood when it was learnt.

    `earlier` are those that stood then: what is edited since answers what it answered. `others`
    finds the embedder that it was learnt with, where that is another. CorruptArtefact,
    ConfigurationError (see `files.read`, `embedder_of`).
    """
    return Quoting(embedder, others, reads).opened(stored, passages, earlier)


class Quoting:
    """Implements `ports.treatments.Learner`; `language` tells which texts an embedder of English
    alone understands."""

    def __init__(
        self,
        embedder: Embedder,
        others: Others = no_others,
        reads: Reads = as_it_is,
        language: Language = untold,
    ) -> None:
        self._embedder, self._others, self._reads = embedder, others, reads
        self._language = language
        self.name = f"quote {files.FORMAT} {embedder.name}"

    def learn(
        self, rows: Sequence[Example], passages: Sequence[Passage], _: Mapping[str, str]
    ) -> dict[str, bytes]:
        return learn(rows, passages, self._embedder, self._reads)

    def load(
        self,
        folder: Path,
        passages: Sequence[Passage],
        _: Collection[str] = (),
        earlier: Sequence[Passage] = (),
    ) -> Quote:
        stored = {file.name: file for file in folder.iterdir()}
        return self.opened(stored, passages, earlier)

    def opened(
        self,
        stored: Mapping[str, Path] | Mapping[str, bytes],
        passages: Sequence[Passage],
        earlier: Sequence[Passage] = (),
    ) -> Quote:
        """Return the treatment, see `quote.load`."""
        known = files.read(stored)
        own = embedder_of("quoting", known.head.embedder, self._embedder, self._others)
        return Quote(known, passages, own, earlier, self._reads(own), self._language)


class Quote:
    """Implements `ports.treatments.Treating`; read only, safe for threads."""

    def __init__(
        self,
        known: files.Learnt,
        passages: Sequence[Passage],
        embedder: Embedder,
        earlier: Sequence[Passage],
        reader: Embedder,
        language: Language,
    ) -> None:
        """`reader` is what reads the documents."""
        head = known.head
        self.hears_memory = head.hears_memory
        spelt = Names.of([f"{passage.title}. {passage.text}" for passage in passages])
        known_names = spelt.joined(head.names, head.chains)
        self.library = Library(passages, embedder, known_names, reader)
        self._small = small_words(passage.text for passage in passages)
        self._clues = Clues(self.library)
        self._known = known
        self._weights = known.weights
        self._by_words = csr_matrix(known.terms.T)
        place = {id_: number for number, id_ in enumerate(self.library.ids)}
        self._columns = [place.get(id_, -1) for id_ in head.documents]
        self._base = np.array(head.base)
        self._held = np.zeros(len(self.library.ids), bool)
        self._held[[column for column in self._columns if column >= 0]] = True
        self._most = np.where(self._held | (not self._held.any()), 1.0, _UNTRIED)
        linked = [[head.documents[column] for column in own] for own in head.linked]
        replaced = successors(self.library, earlier, frozenset(head.sentences))
        self._usage = Usage(self.library, head.sentences, head.used, linked, replaced)
        self._unheard = Unheard(self.library, head.terms.columns.keys())
        self._language = language
        self._is_english_alone = getattr(embedder, "english_alone", False)  # own ones may not say

    def answer(self, messages: Sequence[Message]) -> Candidate | None:
        """Return the quote for a redacted conversation; None if there is nothing to quote."""
        asked = self._asked(messages)
        readings = self._readings(asked)
        return self._answer(messages, asked, readings) if readings else None

    def candidates(self, messages: Sequence[Message]) -> Iterator[Candidate]:
        """Yield `answer`, what answers the other way to read the question if there is one, and
        what each other document has to quote, the likeliest first."""
        asked = self._asked(messages)
        readings = self._readings(asked)
        if not readings:
            return
        yield self._answer(messages, asked, readings)
        for other in readings[1:]:
            yield self._candidate(other.picked, other.confidence, asked.text)
        shares = np.exp(readings[0].choice.joint[:-1]) * self._most
        shares[[one.document for reading in readings for one in reading.picked]] = 0.0
        shares[[*self._closed_to(asked.text)]] = 0.0
        for document in np.argsort(-shares, kind="stable").tolist():
            if not shares[document]:
                return
            picked = self.picked(document, asked.text, asked.last)
            if picked.sentences:
                yield self._candidate((picked,), float(shares[document]), asked.text)

    def _asked(self, messages: Sequence[Message]) -> _Asking:
        last = next((m.content for m in reversed(messages) if m.role == "user"), "")
        replied = answered(messages)
        text = lookup_text(messages)
        two_ways = False
        if last and replied is None:
            if self._columns:
                two_ways = text != last and reads_two_ways(_up_to_the_customer(messages))
            # Beside tickets this leads to what others asked of other things.
            elif follows_up(last):
                text = _with_what_was_said(messages)
            elif says_hardly_anything(last, self._small):
                two_ways, text = True, _with_what_was_said(messages)
        named = self.library.headed(replied.named) if replied else ()
        gone = self.library.headed(replied.others) if replied else ()
        beside = last if last != text else ""
        two_ways = two_ways and bool(beside)
        return _Asking(text, beside, named, gone, replied is not None, two_ways)

    def _readings(self, asked: _Asking) -> list[Answer]:
        """Return what is quoted, and after it what would be if the last message were read the
        other way, where both are possible and are answered by different documents."""
        found = self.found(asked.text, asked.last, asked.named, asked.gone)
        alone = self.found(asked.last) if asked.two_ways else None
        if found is None or alone is None:
            return [found] if found else []
        if found.picked[0].document == alone.picked[0].document:
            return [found]
        by_itself = alone.confidence >= _BY_ITSELF and not points_back(asked.last)
        both = (alone, found) if not self._columns and by_itself else (found, alone)
        return [msgspec.structs.replace(one, confidence=one.confidence * TWO_WAYS) for one in both]

    def _answer(
        self, messages: Sequence[Message], asked: _Asking, readings: Sequence[Answer]
    ) -> Candidate:
        found = readings[0]
        said = self._candidate(found.picked, found.confidence, asked.text)
        most = 1.0
        if not asked.picked and len(readings) == 1:
            most = followed.sureness(messages, said.text, self.library.weight)
        said = msgspec.structs.replace(
            said, confidence=said.confidence * most, most=min(found.most, most)
        )
        if asked.picked or not said.confidence:
            return said
        choices = [reading.choice for reading in readings]
        may_be = between(self.library, choices, self._most)
        may_be = may_be or options(self.library, found.choice, self._most)
        as_draft = confidence.as_draft(found.features)
        return msgspec.structs.replace(said, options=may_be, as_draft=as_draft)

    def _candidate(self, picked: Sequence[Picked], sure: float, question: str) -> Candidate:
        """Return the quote; a draft where the customer writes another language than it is in: what
        is never altered is put into theirs by a person."""
        library = self.library
        numbers = dict.fromkeys(
            library.sentences[number].passage for one in picked for number in one.said
        )
        passages = [library.passages[number] for number in numbers]
        said = quoted(library, picked)
        made = Candidate(
            treatment=Treatment.QUOTE,
            text=said,
            confidence=sure,
            citations=tuple(passage.passage_id for passage in passages),
            evidence=tuple(passage.hash for passage in passages),
            vouching=tuple(f"{passage.title}\n{passage.text}" for passage in passages),
        )
        told = self._language(question)
        foreign = bool(told) and any(self._is_foreign(told, one.document, said) for one in picked)
        return made.as_a_draft() if foreign else made

    def _is_foreign(self, told: str, document: int, said: str) -> bool:
        """Whether what a document says is in another language than is told of a customer: what it
        says in this answer, where it is in several."""
        own = self._languages[document]
        own = own if len(own) == 1 else frozenset({self._language(said)})
        return any(is_foreign(told, language) for language in own)

    def found(
        self,
        question: str,
        last: str = "",
        named: Collection[int] = (),
        gone: Collection[int] = (),
    ) -> Answer | None:
        """Return what is quoted to a question, and why; None if there is nothing to quote.

        `last` is the newest message where the question is looked up with an earlier one. Of
        documents that were offered, `named` were picked and `gone` were not.
        """
        library = self.library
        if not words(question) or not library.sentences:
            return None
        texts = texts_of(question)
        library.read(texts)
        alike = self._alike(texts)
        pasts = [self._past(row) for row in alike]
        gone = {*gone, *self._closed_to(question)}
        if len(gone) == len(library.ids):
            return None
        choice = chosen(self._clues, self._weights.choosing, texts, pasts, gone, named)
        picked = []
        for request in choice.requests:
            row = alike[0] if request.text == question else None
            picked.append(self.picked(request.document, request.text, last, row))
        clues = self._clues.text(question).astype(float)
        asked = asks(features(library, texts[1:] or texts), self._weights.asks)
        told = confidence.features(library, question, choice, picked, clues, asked)
        sure = confidence.confidence(told, self._weights.confidence)
        documents = [one.document for one in picked]
        is_unheard = self._unheard.is_asked_of(texts[1:] or texts, asked, documents)
        most = unheard.FACTOR if is_unheard else 1.0
        sure *= most * float(self._most[documents].min())
        if choice.cued and len(picked) == 1:  # another matter is announced, and not answered
            sure *= 1 - float(asked[choice.cued :].max())
        return Answer(choice, tuple(picked), told, sure, most)

    def picked(
        self, document: int, request: str, last: str = "", alike: Floats | None = None
    ) -> Picked:
        """Return what of a document (its number in the library) answers a request.

        `alike` is the request's kernel with what was learnt, where that is known.
        """
        row = self._alike([request])[0] if alike is None else alike
        asked = Asked.of(request, self.library, last)
        used = self._usage.of(document, row)
        return pick(self.library, document, asked, used, self._weights.sentences)

    def _closed_to(self, question: str) -> frozenset[int]:
        """Return the documents that do not answer a question: they hold no more, and are not of a
        year that is asked for, or cannot be held against it, being English as it is not, where
        vectors are of English alone."""
        asked = years(question)
        past = [number for number, own in self.library.past.items() if not own & asked]
        if not self._is_english_alone or self._language(question) in ("", ENGLISH):
            return frozenset(past)
        told = enumerate(self._languages)
        return frozenset([*past, *(number for number, languages in told if languages == {ENGLISH})])

    @cached_property
    def _languages(self) -> list[frozenset[str]]:
        """Of each document: one that begins in another language than it ends in is in both."""
        said = defaultdict[int, list[str]](list)
        for number, passage in zip(self.library.of_passage, self.library.passages, strict=True):
            said[int(number)].append(passage.text)
        return [self._languages_of("\n".join(said[number])) for number in range(len(said))]

    def _languages_of(self, text: str) -> frozenset[str]:
        half = len(text) // 2
        ends = text[:half], text[max(half, len(text) - _END_CHARS) :]
        told = frozenset(filter(None, map(self._language, ends)))
        return told if len(told) > 1 else frozenset({self._language(text)})

    def _alike(self, texts: Sequence[str]) -> Floats:
        rows, vectors = laid_out(self.library, self._known.head.terms, texts)
        known = self._known
        return kernel(rows, vectors, self._by_words, known.vectors, known.head.width)

    def _past(self, alike: Floats) -> Past:
        scores = alike @ self._known.duals + self._base
        return spread(scores, self._columns, self._held, frozenset())


def _up_to_the_customer(messages: Sequence[Message]) -> Sequence[Message]:
    """Return the conversation up to the customer's last message; there is one."""
    last = max(place for place, message in enumerate(messages) if message.role == "user")
    return messages[: last + 1]


def _with_what_was_said(messages: Sequence[Message]) -> str:
    """Return the last question with the one before it and what was answered in between, which
    names the matter in the documents' words."""
    of_user = [place for place, message in enumerate(messages) if message.role == "user"]
    return " ".join(turn.content for turn in messages[of_user[-2:][0] : of_user[-1] + 1])
