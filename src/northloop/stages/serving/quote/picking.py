"""Which sentences of a document answer a request: three at most, in the document's order, and
whole lists."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence, Set

import msgspec
import numpy as np
from numpy.typing import NDArray

from northloop.core.tables import cells
from northloop.stages.serving.quote import wanted
from northloop.stages.serving.quote.library import Library
from northloop.stages.serving.quote.parts import Names, bare, telling
from northloop.stages.serving.quote.past import answers_heading, leans
from northloop.stages.serving.quote.sentences import below, is_led, within

Floats = NDArray[np.float64]
MOST = 3
_VALUE = re.compile(r"(?<![\w.,:])[€£$]?\d")
_NEXT = re.compile(r"(?:[,;]\s+(?:(?:and|or)\s+)?|\s(?:and|or|und|et|y|e)\s+)(?=[€£$]?\d)")
_LEAST_ITEMS = 3
MOST_UNASKED_CHARS = 700
"""A longer list, as the clauses of a contract, is quoted whole where it is what is asked for."""
MOST_ROWS = 6
"""Longer tables are not quoted whole."""
MOST_OF_LABEL = 5
"""Words of an item, with its mark, that says nothing without the items within it."""
_CUT = "…"
_INDENT = "   "
"""Of an item within another: as far as Markdown wants it below "1. "."""
_LEADS = (":", "：")
_ENDS = (".", "!", "?", "…", "。", "！", "？", ")", "”", '"')
"""How a sentence ends that leads to no list."""
_NO_COLON = ("?", "？", *_LEADS)
_ANY_SECTION = frozenset((
    "steps", "step by step", "procedure", "instructions", "how to", "how it works", "overview",
    "details", "schritte", "schritt für schritt", "anleitung", "étapes", "marche à suivre", "pasos",
    "passaggi", "passos", "stappen", "kroki", "steg för steg", "手順", "步骤",
))  # fmt: skip
FEATURES = (
    "words", "meaning", "passage words", "passage meaning", "used", "used for the like",
    "first of its passage", "length", "number", "price wanted", "time wanted", "name asked",
    "another's name", "no tickets", "words, no tickets", "meaning, no tickets",
    "passage meaning, no tickets", "first, no tickets", "late", "passage late", "step wanted",
    "item wanted",
)  # fmt: skip
"""What speaks for a sentence, in the order of the weights."""
_PRIOR = {
    "words": 2.0, "meaning": 5.0, "passage words": 3.0, "passage meaning": 8.0, "used": 2.0,
    "used for the like": 3.0, "first of its passage": 0.5, "number": 0.5, "price wanted": 1.0,
    "time wanted": 1.0, "name asked": 2.0, "another's name": -2.0,
    "late": 20.0, "passage late": 40.0, "step wanted": 5.0, "item wanted": 3.0,
}  # fmt: skip
_HOW = re.compile(
    r"\bhow(?:'s|\s+(?:do|does|did|can|could|to|should|would|must|may|might|shall|am|are|is|was|"
    r"were)\b|\s*[?.!]|\s*$)|\b(?:procedure|instructions?|step[ -]by[ -]step|"
    r"(?:the|which|what) steps|(?:walk|talk) me through|guide me|in (?:which|what) order|"
    r"what do i (?:have to |need to )?do|wie (?:kann|mach|geh|muss|soll|stell|richt|lösch|änder|"
    r"künd|stornier|bekomm|beantrag|meld|setz|aktivier|verbind|install)\w*|"
    r"comment (?:puis|peux|peut|dois|faire|faut|est-ce|je|on|nous|\w+er)|cómo|"
    r"como (?:puedo|hago|faço|posso|se)|come (?:si|posso|faccio|devo)|"
    r"hoe (?:kan|moet|zet|doe|verwijder|annuleer|wijzig|meld|krijg)|"
    r"jak (?:mog|zmieni|zrobi|usun|anulow|odda|zwr)\w*|"
    r"hur (?:gör|kan|ska|byter|får|ändrar|avbok)\w*)(?!\w)",
    re.IGNORECASE,
)
"""Asks for the way in which something is done."""
_WHAT = re.compile(
    r"\bwh(?:at|ich)\b[^.?!]*\b(?:need(?:ed)?|bring|requir\w+|must (?:i|we)|at hand|in the box|"
    r"includ\w+|comes? with|provide|prepare)\b|\b(?:checklist|requirements|"
    r"was (?:brauche|benötige)|que faut-il|qué necesito|wat heb ik)\b",
    re.IGNORECASE,
)
"""Asks for all that is needed or included."""


def prior() -> Floats:
    """Return the weights that `FEATURES` have before anything is learnt."""
    return np.array([_PRIOR.get(name, 0.0) for name in FEATURES])


class Used(msgspec.Struct, frozen=True):
    """What agents took from a document for the like of a request: sentence → share, 0..1."""

    ever: Mapping[int, float] = {}
    like: Mapping[int, float] = {}


class Picked(msgspec.Struct, frozen=True):
    """Sentences of one document, in its order, and how sure their choice is."""

    document: int
    sentences: tuple[int, ...]
    best: float
    """Score of the best, and by how much the last one is ahead of the next."""
    margin: float
    asked: frozenset[str]
    """The names that were asked for."""
    bound: bool
    """No value of theirs is bound to another name than those asked for."""
    said: tuple[int, ...]
    """What is sent: these sentences, and the whole of lists."""


class Asked(msgspec.Struct, frozen=True):
    """What a request says, as it is held against a document."""

    text: str
    words: frozenset[str]
    names: frozenset[str]
    price: bool
    time: bool
    how: bool
    what: bool

    @classmethod
    def of(cls, text: str, library: Library, last: str = "") -> Asked:
        """Return a request; what its `last` message names counts alone, if it names something."""
        return cls(
            text,
            frozenset(telling(text)),
            frozenset(library.names.within(last) or library.names.within(text)),
            wanted.asks_price(text),
            wanted.asks_time(text),
            bool(_HOW.search(text)),
            bool(_WHAT.search(text)),
        )


def features(library: Library, document: int, asked: Asked, used: Used) -> Floats:
    """Return what speaks for each sentence of a document, shape (sentences, FEATURES)."""
    first, last = library.sentence_starts[document : document + 2]
    vector = library.embed(asked.text)
    passages = slice(*library.passage_starts[document : document + 2])
    base = int(library.passage_starts[document])
    near = library.passage_vectors[passages] @ vector
    by_words = library.passage_words.scores(asked.words)[passages]
    meaning = library.sentence_vectors[first:last] @ vector
    weight = library.weight
    total = sum(weight(word) for word in asked.words) or 1.0
    here = asked.names & library.names_of(document)
    new = float(not used.ever)
    late, whole = _near(library, document, asked.text)
    found = np.zeros((last - first, len(FEATURES)))
    for row, number in enumerate(range(first, last)):
        sentence = library.sentences[number]
        stems = library.stems_of(number)
        own = library.names_in(number)
        words = sum(weight(word) for word in asked.words & stems) / total
        starts = number == first or library.sentences[number - 1].passage != sentence.passage
        passage = sentence.passage - base
        is_wanted = float(_is_wanted(library, number, asked))
        found[row] = (
            words,
            meaning[row],
            by_words[passage],
            near[passage],
            used.ever.get(number, 0.0),
            used.like.get(number, 0.0),
            float(starts),
            min(len(sentence.text) / 200, 2.0),
            float(bool(library.facts_of(number))),
            float(asked.price and wanted.holds_money(sentence.text)),
            float(asked.time and wanted.holds_time(sentence.text)),
            float(bool(here & own)),
            float(bool(here) and bool(own) and not here & own),
            new,
            new * words,
            new * meaning[row],
            new * near[passage],
            new * float(starts),
            late[row],
            whole[passage],
            is_wanted * (number in library.steps),
            is_wanted * (number not in library.steps),
        )
    return found


def _near(library: Library, document: int, text: str) -> tuple[NDArray[np.float32], ...]:
    """Return how near a document's sentences and its passages are word by word."""
    of_sentences = [int(n) for n in library.sentence_starts[document : document + 2]]
    of_passages = [int(n) for n in library.passage_starts[document : document + 2]]
    if library.late is None:
        both = (of_sentences, of_passages)
        return tuple(np.zeros(last - first, np.float32) for first, last in both)
    said = library.late.said(bare(text))
    return library.late.sentences(said, *of_sentences), library.late.passages(said, *of_passages)


def pick(library: Library, document: int, asked: Asked, used: Used, weights: Floats) -> Picked:
    """Return the sentences of a document that answer a request."""
    first = int(library.sentence_starts[document])
    scores = features(library, document, asked, used) @ weights
    here = asked.names & library.names_of(document)
    numbers = range(first, first + len(scores))
    others = [bool(here) and _of_another(library, number, here) for number in numbers]
    if here and not all(others):
        scores = np.where(others, -np.inf, scores)
    order = np.argsort(-scores, kind="stable")
    order = order[np.isfinite(scores[order])]
    taken = order[:MOST]
    rest = scores[order[MOST]] if len(order) > MOST else scores[taken[-1]] - 3.0
    chosen = tuple(sorted(first + int(i) for i in taken))
    valued = [n for n in chosen if library.facts_of(n) and library.names_in(n)]
    foreign = bool(asked.names) and not here and bool(valued)
    return Picked(
        document,
        chosen,
        float(scores[taken[0]]),
        float(scores[taken[-1]] - rest),
        asked.names,
        not foreign,
        _whole(library, [first + int(i) for i in taken], asked, here),
    )


def _whole(
    library: Library, picked: Sequence[int], asked: Asked, here: frozenset[str]
) -> tuple[int, ...]:
    """Return sentences, the best first, in their order, and all of a list where the best is in it,
    two are, or what leads to it is: who follows some of the steps alone, or brings some of what is
    needed, is led astray. So a step by itself goes. Where the list is what is asked for, other
    sections say nothing.
    """
    said = set(picked)
    if _is_wanted(library, picked[0], asked):
        section = library.title_of(picked[0])
        said = {number for number in picked if library.title_of(number) == section}
    for number in picked:
        whole = library.lists.get(number, range(0))
        if not _comes_whole(library, number, asked, here):
            continue
        leads = whole and number == whole.start and is_led(library.sentences, whole)
        if leads or number == picked[0] or sum(one in whole for one in picked) > 1:
            said.update(whole)
        elif number in library.steps:
            said.discard(number)
    for number in picked:
        rows = library.tables.get(number, range(0))
        if sum(one in rows for one in picked) > 1 and _is_short(library, rows, here):
            said.update(rows)
    said.update(*(_leant_on(library, number) for number in said))
    said.update(*(_around(library, number, said, here) for number in said))
    kept = {one for number in said if (one := _lead(library, number)) is not None}
    said.update(kept)
    return tuple(sorted(_without_empty_leads(library, said, kept | {picked[0]})))


def _around(library: Library, number: int, said: Set[int], here: frozenset[str]) -> Iterator[int]:
    """Yield the items that an item stands in, all that such a one leads to by a colon, and those
    within one that is a label alone: "Owner" says nothing without what an owner may do, nor that
    without "Owner"."""
    found = library.sentences
    if not found[number].row or found[number].head:
        return
    for outer in within(found, number):
        yield outer
        if found[outer].text.endswith(_LEADS):
            yield from _inside(library, outer, here)
    is_label = len(found[number].text.split()) <= MOST_OF_LABEL
    if is_label and not said & {*below(found, number)}:
        yield from _inside(library, number, here)


def _inside(library: Library, number: int, here: frozenset[str]) -> Iterator[int]:
    """Yield the items within one that speak of nothing else than what is asked for, if few."""
    items = below(library.sentences, number)
    if sum(len(library.sentences[one].text) for one in items) <= MOST_UNASKED_CHARS:
        yield from (one for one in items if not (here and _of_another(library, one, here)))


def _lead(library: Library, number: int) -> int | None:
    """Return the sentence that leads to the list an item stands in: "It is not allowed to" turns
    "run open proxies" into its contrary."""
    title, found = library.title_of(number), library.sentences
    if not found[number].row or found[number].head:
        return None
    while number and found[number].row and not found[number].head:
        number -= 1
    is_lead = not found[number].row and not found[number].text.endswith(_ENDS)
    return number if is_lead and library.title_of(number) == title else None


def _without_empty_leads(library: Library, said: Set[int], kept: Set[int]) -> Iterator[int]:
    """Yield sentences without those that lead by a colon to what is not said, but for some."""
    for number in said:
        here = library.sentences[number]
        leads = not here.row and here.text.endswith(_LEADS)
        if number in kept or not leads or number + 1 in said:
            yield number


def _is_short(library: Library, rows: range, here: frozenset[str]) -> bool:
    """Whether a table of which several rows are quoted is quoted whole: "24 to 4 hours before"
    alone tells who is an hour early wrongly."""
    if len(rows) > MOST_ROWS or (here and any(_of_another(library, one, here) for one in rows)):
        return False
    return sum(len(library.sentences[one].text) for one in rows) <= MOST_UNASKED_CHARS


def _leant_on(library: Library, number: int) -> Iterator[int]:
    """Yield the sentences before one that it leans on, of its paragraph."""
    here = library.sentences[number]
    while number and not here.row and leans(here.text):
        number -= 1
        before = library.sentences[number]
        if before.row or (before.passage, before.line) != (here.passage, here.line):
            return
        yield number
        here = before


def _comes_whole(library: Library, number: int, asked: Asked, here: frozenset[str]) -> bool:
    """Whether the list that a sentence is part of may be quoted whole: it is asked for, or not too
    long, and tells nothing else apart by name from what was asked for."""
    whole = library.lists.get(number, range(0))
    items = [one for one in whole if library.sentences[one].row]
    others = sum(_of_another(library, one, here) for one in items) if here else 0
    most = len(items) / 2 if number in library.steps else 1  # a step may speak of another thing
    if others and others >= most:
        return False
    chars = sum(len(library.sentences[one].text) for one in whole)
    return chars <= MOST_UNASKED_CHARS or _is_wanted(library, number, asked)


def _is_wanted(library: Library, number: int, asked: Asked) -> bool:
    """Whether a sentence is part of instructions, or of a list, and a request asks for such."""
    if number in library.steps:
        return asked.how
    return asked.what and number in library.lists


def _of_another(library: Library, number: int, here: frozenset[str]) -> bool:
    """Whether a sentence has a value of something else than what is asked for."""
    own = library.names_in(number)
    return bool(own) and not own & here and bool(library.facts_of(number))


def cut(sentence: str, asked: Collection[str], names: Names) -> str:
    """Return a sentence that lists values by name with the asked one alone, "…" for the others.

    "It takes 2 days to Austria, 4 days to Spain and 9 days to Norway." → "It takes … 4 days to
    Spain …" Word for word else; whole where it is no such list or the name is not in one item.
    """
    first = _VALUE.search(sentence)
    if first is None:
        return sentence
    lead, items = sentence[: first.start()], _NEXT.split(sentence[first.start() :])
    if len(items) < _LEAST_ITEMS:
        return sentence
    named = [frozenset(names.within(item)) for item in items]
    here = [place for place, own in enumerate(named) if own & frozenset(asked)]
    if len(here) != 1 or not all(named):
        return sentence
    place = here[0]
    before = f"{_CUT} " if place else ""
    after = "" if place == len(items) - 1 else f" {_CUT}"
    return f"{lead}{before}{items[place]}{after}"


def _heading(title: str) -> str:
    """Return the heading of a section that says what it is about: "Steps" says it of none."""
    document, *sections = title.split(" › ")
    return sections[-1] if sections and sections[-1].lower() not in _ANY_SECTION else document


def _above(library: Library, before: int | None, number: int) -> Iterator[str]:
    """Yield what stands above a row or an item, after the sentence that is quoted before it: the
    section's heading where that is of another section, the table's where it is of another table."""
    title, head = library.title_of(number), library.sentences[number].head
    is_new = before is None or (
        before not in library.lists.get(number, ()) and library.title_of(before) != title
    )
    if is_new:
        heading = _heading(title)
        yield heading if heading.endswith(_NO_COLON) else f"{heading}:"
    between = () if before is None else range(before, number)
    if head and (is_new or any(library.sentences[n].head != head for n in between)):
        yield head
        yield f"|{' --- |' * len(cells(head))}"


def _answered(library: Library, number: int) -> str:
    """Return the heading that asks what a sentence below it says yes or no to; "" for none."""
    here = library.sentences[number]
    heading = _heading(library.title_of(number))
    opens = not number or library.sentences[number - 1].passage != here.passage
    asks = heading.endswith(_NO_COLON[:2])
    if not opens or not asks or not answers_heading(here.text):
        return ""
    return "" if any(c.isdigit() for c in heading) else heading  # what it asks, nothing vouches for


def quoted(library: Library, picked: Sequence[Picked]) -> str:
    """Return the sentences as they are sent: word for word, rows on lines of their own."""
    blocks = []
    for one in picked:
        lines: list[str] = []
        before: int | None = None
        for number in one.said:
            sentence = library.sentences[number]
            said = sentence.text if sentence.row else cut(sentence.text, one.asked, library.names)
            if sentence.row:
                lines += [
                    *_above(library, before, number),
                    _INDENT * sentence.depth + sentence.text,
                ]
            elif heading := _answered(library, number):
                lines += [heading, said]
            elif before is not None and not any(
                library.sentences[n].row for n in (before, number - 1)
            ):
                # After a list that was cut, "…" ends no sentence for whoever reads on.
                gap = "\n" if lines[-1].endswith(_CUT) else " "
                lines[-1] = f"{lines[-1]}{gap}{said}"
            else:
                lines.append(said)
            before = number
        blocks.append("\n".join(lines))
    return "\n\n".join(blocks)
