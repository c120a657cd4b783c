"""The evidence, taken apart into what can be claimed of it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import zip_longest

import msgspec

from northloop.core.check.clauses import Clause, bare, joined, merged, names, stems, words_of
from northloop.core.facts import facts
from northloop.core.statements import is_english, parts, sentences
from northloop.core.tables import cells, framed, is_rule, table, unmarked


class Unit(msgspec.Struct, frozen=True):
    """A sentence of the evidence, an item of a list or a cell of a table, with what is around."""

    text: str
    spelling: str
    whole: Clause
    fine: tuple[Clause, ...]
    coarse: tuple[Clause, ...]
    around: frozenset[str]
    """Words of the headings, of what leads a list in and of who was spoken of before."""
    named: frozenset[str]
    """All words here and around, as they are written."""
    about: frozenset[str]
    """Names here and around."""
    numbers: frozenset[str]
    headed: frozenset[str]
    """Those of them that stand around."""


class Text(msgspec.Struct, frozen=True):
    """A text of the company, taken apart."""

    units: tuple[Unit, ...]
    about: str
    """The first part of its title."""
    title: str
    """The first line as a quotation is compared with it, "" for a question."""
    headings: frozenset[str]
    """What the first line is made of: the document's title and those of its sections."""
    rows: frozenset[tuple[str, str]]
    """The rows of tables, each behind the heading of its table, as a quotation is compared."""
    items: frozenset[str]
    """The first sentences of items of lists with their marks, as a quotation is compared."""
    facts: frozenset[str]
    words: frozenset[str]
    """As they are written, case folded."""
    small: frozenset[str]
    """Stems of those that are written small somewhere."""
    capital: frozenset[str]
    """Those that are written with a capital somewhere, case folded."""
    english: bool


@lru_cache(1_024)
def taken_apart(text: str) -> Text:
    """Return a text of the company as claims are held against it."""
    text = framed(text)
    about, first = _ABOUT.match(text), text.strip().partition("\n")[0]
    return Text(
        units=_units(text),
        about=about[0] if about else "",
        title="" if _is_question(first) else spelling(first),
        headings=_headings(text),
        rows=frozenset((cell_by_cell(head), cell_by_cell(row)) for head, row in _rows(text)),
        items=frozenset(map(spelling, _items(text))),
        facts=frozenset(facts(text)),
        words=frozenset(words_of(text)),
        small=frozenset(stems(re.findall(r"\b[^\W\d_A-Z][^\W\d_]*", text))),
        capital=frozenset(word.lower() for word in re.findall(r"\b[A-Z][^\W\d_]+", text)),
        english=is_english(text),
    )


def _headings(text: str) -> frozenset[str]:
    first, below, _ = text.strip().partition("\n")
    is_title = bool(below) and not first.rstrip().endswith((".", "!"))
    return frozenset(map(spelling, first.split(" › "))) - {""} if is_title else frozenset()


def _units(text: str) -> tuple[Unit, ...]:
    found: list[Unit] = []
    title, *lines = text.strip().split("\n")
    around = [title]
    if not lines or title.rstrip().endswith((".", "!")):
        lines = [title, *lines]
    heads: list[str] = []
    lead = ""
    subject: list[str] = []
    columns: list[str] = []
    for line in lines:
        own = line.strip()
        if not own:
            subject, lead = [], lead if lead.endswith(":") else ""
            columns = []
        elif _HEADING.match(own) or _is_question(own):
            heads, subject, lead = [own], [], ""
        elif (whole := table(own)) is not None and whole.rows:
            context = [*around, *heads, *([whole.before] if whole.before else [])]
            for row in whole.rows:
                found += _row(cells(row), cells(whole.head), context)
            for sentence in sentences(whole.after):
                found += _read(sentence.strip(), context)
        elif own.count("|") > 1:
            if not columns:
                columns = cells(own)
            elif not _RULE.fullmatch(own):
                found += _row(cells(own), columns, [*around, *heads])
        else:
            item = ITEM.match(own)
            context = [*around, *heads, *([lead] if item else [])]
            for sentence in sentences(own[item.end() :] if item else own):
                if sentence.rstrip().endswith("?"):
                    subject = [sentence]
                    continue
                goes_on = _GOES_ON.match(sentence)
                found += _read(sentence.strip(), context, subject if goes_on else ())
                subject = subject if goes_on else [sentence]
            if own.endswith(":"):
                lead = own
    return tuple(found)


def _is_question(line: str) -> bool:
    """Whether all of a line asks; one that ends with "Does this help?" says something before."""
    return _QUESTION.match(line) is not None and len(list(sentences(line))) < 2


def _rows(text: str) -> Iterator[tuple[str, str]]:
    head = ""
    for line in text.split("\n"):
        whole = table(line)
        if whole is not None and whole.rows:
            yield from ((whole.head, row) for row in whole.rows)
        elif line.count("|") < 2:
            head = ""
        elif not is_rule(line):
            head = head or line
            yield head, line


def _items(text: str) -> Iterator[str]:
    return (next(iter(sentences(line))) for line in text.split("\n") if ITEM.match(line))


def _row(cells: Sequence[str], columns: Sequence[str], around: Sequence[str]) -> list[Unit]:
    """Return a row by its cells: what another column says is said of another thing."""
    if len(cells) < 2:
        return list(_read(cells[0], [*around, *columns]))
    beside = zip_longest(columns[1:], cells[1:], fillvalue="")
    return [unit for head, cell in beside for unit in _read(f"{cells[0]} {head} {cell}", around)]


def _read(sentence: str, around: Sequence[str], subject: Sequence[str] = ()) -> list[Unit]:
    own = parts(bare(sentence))
    whole = joined(own)
    if not whole.words and not whole.amounts:
        return []
    beside = [part for text in around for part in parts(text)]
    before = [part for text in subject for part in parts(text)]
    words = [w for part in (*own, *beside, *before) for w in part.words]
    amounts = [a for part in (*own, *beside) for a in part.amounts]
    return [
        Unit(
            text=sentence,
            spelling=spelling(sentence),
            whole=whole,
            fine=tuple(joined([part]) for part in own),
            coarse=tuple(joined([part]) for part in merged(own)),
            around=frozenset(stems(w for p in (*beside, *before) for w in p.words)),
            named=frozenset(word.removesuffix("'s") for word in words),
            about=frozenset().union(*map(names, (*own, *beside, *before)))
            | frozenset(text.split()[0].lower() for text in around if text[:1].isupper()),
            numbers=frozenset(v for a in amounts for v in a.values),
            headed=frozenset(v for part in beside for a in part.amounts for v in a.values),
        )
    ]


def spelling(text: str) -> str:
    """Return a sentence as it is compared with a quotation: without courtesy, case and dots."""
    return " ".join(_SPELLED.findall(bare(text).casefold().translate(_DASHES)))


def cell_by_cell(row: str) -> str:
    """Return a row of a table, or its heading, as it is compared with a quotation: without case and
    without marks."""
    spelled = (unmarked(cell).split() for cell in cells(row.casefold().translate(_DASHES)))
    return CELLS_END.join(map(" ".join, spelled))


CELLS_END = " | "
_HEADING = re.compile(r"#{1,6}\s")
ITEM = re.compile(r"\s*(?:[-*+•–]|\d{1,3}[.)])\s+")
_GOES_ON = re.compile(
    r"\W*(?:it|its|they|their|them|he|she|this|these|those|both|all|each|here|there|then)\b", re.I
)
_QUESTION = re.compile(
    r"(?:.*\?|(?:is|are|do|does|did|can|could|what|how|where|when|which|who|why|will|may|should|has|"
    r"have)\b.*[^.!])\Z",
    re.IGNORECASE,
)
_ABOUT = re.compile(r"\s*[^\n›>]*")
"""What a text is about: the first part of its title."""
_RULE = re.compile(r"[\s|:-]+")
_SPELLED = re.compile(r"[^\W_]+|[€£$¥%°+<>≤≥-]")
_DASHES = str.maketrans("−–‐‑‒⁻﹣－", "-" * 8)
