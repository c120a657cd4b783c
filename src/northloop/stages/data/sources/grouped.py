"""Tables in which a case has a row for each thing that was said in it.

Its own cells stand in the first row alone, as in reports that are grouped by cases and in lists
that people keep by hand, or again in each row, as in reports that list comments with their cases.
What this module does not know is what the rows of a case mean.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from functools import partial
from itertools import chain, groupby, islice, takewhile
from operator import itemgetter
from statistics import mean

import msgspec

from northloop.core.scripts import word_count
from northloop.stages.data.sources.headers import HEADERS, means_question
from northloop.stages.data.sources.json_rows import Json
from northloop.stages.data.sources.notes import flag_of, says_private
from northloop.stages.data.sources.numbered import is_comment
from northloop.stages.data.sources.roles import words_of
from northloop.stages.data.sources.tables import Record
from northloop.stages.data.wording import typed_words

LOOKED_AT = 200
"""So many rows tell whether a table is grouped."""
FEWEST_GROUPS, FEWEST_OWN, FEWEST_ALIKE = 2, 2, 3
"""So many groups has such a table, so many columns a case has to itself, and so many are called
alike that tell what was said."""
MOST_ALONE = 2.0
"""A row below goes on with no more than so many cases that have but one row."""
FEWEST_WORDS = 4
"""Of a column of what was said, on average."""
_SUMS = typed_words(
    """
    total totals subtotal subtotals sum count records grand
    summe gesamt gesamtsumme zwischensumme anzahl sous somme général suma recuento totale totali
    subtotale somma soma totaal subtotaal razem łącznie summa delsumma antal 合計 小計 总计 小计
    """
)
_OF_NO_CASE = "the row that says whose it is cannot be read"


class _Grouping(msgspec.Struct, frozen=True):
    """Which columns are a case's own, by their places, and what its rows are called."""

    own: frozenset[int]
    marks: frozenset[int]
    """Those that tell notes among agents: they speak of a row as well."""
    name: str
    """Of the list: what was said is called so."""
    key: int | None = None
    """The column that names the case again in each row; None where its first row alone does."""
    called: Mapping[int, str] = {}
    """What columns of the list are called in it, where their header says more."""

    def begins(self, cells: Sequence[str], before: Sequence[str]) -> bool:
        """Whether a case begins with a row that stands below another."""
        if self.key is None:
            return bool(cells[0].strip())
        return not before or cells[self.key].strip() != before[self.key].strip()


def cases(
    header: Sequence[str], records: Iterable[Record]
) -> Iterator[Record | tuple[dict[str, Json], str]]:
    """Yield the rows of a table, or of one that is grouped its cases: what each has to itself, with
    a list of its rows, and as it stood. Sums between groups are left out. A row that cannot be read
    has its `problem`, and so have those below that may belong to it.
    """
    going = iter(records)
    first = list(islice(going, LOOKED_AT))
    grouping = _grouping(header, first)
    if grouping is None:
        yield from first
        yield from going
        return
    held: list[Record] = []
    broken = False
    for record in chain(first, going):
        above = held[-1].cells if held else ()
        begins = not record.problem and grouping.begins(record.cells, above)
        if (begins or record.problem) and held:
            yield _case(header, grouping, held)
            held = []
        broken = bool(record.problem) or (broken and not begins)
        if broken:
            yield Record((), record.problem or _OF_NO_CASE, record.raw)
        elif not _is_sum(record.cells):
            held.append(record)
    if held:
        yield _case(header, grouping, held)


def names(header: Sequence[str], records: Iterable[Record]) -> tuple[str, ...]:
    """Return the columns of a table that are a case's own, of one that is not grouped all."""
    grouping = _grouping(header, list(islice(records, LOOKED_AT)))
    return tuple(n for at, n in enumerate(header) if grouping is None or at in grouping.own)


def _grouping(header: Sequence[str], first: Sequence[Record]) -> _Grouping | None:
    """Return how a table is grouped, by its first rows; None for one that is not."""
    found = [row.cells for row in first if not row.problem and not _is_sum(row.cells)]
    return (_above(header, found) or _in_each(header, found)) if found else None


def _above(header: Sequence[str], found: Sequence[Sequence[str]]) -> _Grouping | None:
    """Return how a table is grouped whose cases stand in their first rows alone.

    The first column is filled in where a case begins, differently in each, and with it others that
    are empty below; what was said stands in the rest.
    """
    heads = [cells for cells in found if cells[0].strip()]
    below = [cells for cells in found if not cells[0].strip()]
    if not found or not found[0][0] or not _are_groups(len(heads), len(below)):
        return None
    own = {n for n in range(len(header)) if not any(cells[n].strip() for cells in below)}
    filled = [n for n in own if 2 * sum(bool(cells[n].strip()) for cells in heads) > len(heads)]
    said = [n for n in range(len(header)) if n not in own]
    texts = {n: mean(word_count(cells[n]) for cells in below) for n in said}
    text = max(texts, key=lambda n: texts[n], default=None)
    if text is None or texts[text] < FEWEST_WORDS or len(filled) < FEWEST_OWN:
        return None
    if len({cells[0] for cells in heads}) < len(heads):
        return None
    if any(means_question(header[n]) for n in said):
        return None  # of questions with their answers, below what they are about
    name = "comments" if is_comment(header[text]) else "messages"
    marks = _marks(header, own, heads)
    return None if name in header else _Grouping(frozenset(own), marks, name)


def _in_each(header: Sequence[str], found: Sequence[Sequence[str]]) -> _Grouping | None:
    """Return how a table is grouped whose rows each say their case again, and differ in comments
    alone beside what was asked, or in columns that are called alike: `Thread Date`, `Thread Text`.
    """
    asked = [n for n, name in enumerate(header) if _is_asked(name)]
    comments = [n for n, name in enumerate(header) if is_comment(name)]
    for key in range(len(header)):
        names = [cells[key].strip() for cells in found]
        runs = [list(run) for _, run in groupby(found, partial(_cell, key))]
        if not all(names) or len(set(names)) < len(runs):
            continue  # it comes back further below, so that it names no case
        again = [run for run in runs if len(run) > 1]
        same = {n for n in range(len(header)) if all(_are_one(run, n) for run in again)}
        texts = [mean(word_count(run[0][n]) for run in runs) for n in asked if n in same]
        is_asked = max(texts, default=0.0) >= FEWEST_WORDS
        called = _without_prefix(header, [n for n in range(len(header)) if n not in same])
        said = comments if is_asked and comments else [*called]
        name = "comments" if said == comments else "messages"
        told = (mean(word_count(cells[n]) for cells in found) for n in said)
        is_told = max(told, default=0.0) >= FEWEST_WORDS and name not in header
        if is_told and _are_groups(len(runs), len(found) - len(runs)):
            own = same - {*said}
            called = {} if said == comments else called
            return _Grouping(frozenset(own), _marks(header, own, found), name, key, called)
    return None


def _without_prefix(header: Sequence[str], differing: Sequence[int]) -> dict[int, str]:
    """Return columns that differ from row to row, and what they are called without the words that
    most of them begin with, `Text` of `Thread Text`; {} where few are called alike.
    """
    first = Counter(header[n].split()[0] for n in differing if header[n].strip())
    word, count = max(first.items(), key=itemgetter(1), default=("", 0))
    if count < FEWEST_ALIKE or 2 * count <= len(differing):
        return {}
    alike = [header[n].split() for n in differing if header[n].split()[:1] == [word]]
    begun = takewhile(lambda words: len({*words}) == 1, zip(*alike, strict=False))
    prefix = " ".join(words[0] for words in begun) + " "
    return {n: header[n].removeprefix(prefix) for n in differing}


def _cell(column: int, cells: Sequence[str]) -> str:
    return cells[column].strip()


def _are_groups(heads: int, below: int) -> bool:
    return FEWEST_GROUPS <= heads <= MOST_ALONE * below


def _are_one(run: Sequence[Sequence[str]], column: int) -> bool:
    return len({cells[column].strip() for cells in run}) == 1


def _is_asked(name: str) -> bool:
    return means_question(name) or words_of(name) in HEADERS["question"]


def _marks(header: Sequence[str], own: Set[int], rows: Sequence[Sequence[str]]) -> frozenset[int]:
    """Return a case's columns that may tell notes; kinds are the case's where none is of notes."""
    told = {n: [cells[n] for cells in rows] for n in own if flag_of(header[n])}
    return frozenset(
        n
        for n, said in told.items()
        if _are_short(said)
        if flag_of(header[n]) != "kind" or any(says_private(header[n], one) for one in said)
    )


def _are_short(cells: Iterable[str]) -> bool:
    return all(word_count(cell) < FEWEST_WORDS for cell in cells)


def _case(
    header: Sequence[str], grouping: _Grouping, held: Sequence[Record]
) -> tuple[dict[str, Json], str]:
    head, *below = (row.cells for row in held)
    own: dict[str, Json] = {header[n]: head[n] for n in sorted(grouping.own)}
    called = [grouping.called.get(n, name) for n, name in enumerate(header)]
    said = [_item(called, head, grouping.own - grouping.marks)]
    for cells in below:
        again = grouping.own - grouping.marks
        if grouping.key is None:
            again = frozenset(n for n in again if not cells[n].strip())
        said.append(_item(called, cells, again))
    listed: list[Json] = [one for one in said if any(str(cell).strip() for cell in one.values())]
    return own | {grouping.name: listed}, "\n".join(row.raw for row in held)


def _item(header: Sequence[str], cells: Sequence[str], without: Set[int]) -> dict[str, Json]:
    return {name: cells[n] for n, name in enumerate(header) if n not in without}


def _is_sum(cells: Sequence[str]) -> bool:
    """Whether a row says how many rows a group has: `Subtotal, Count, 3`."""
    said = words_of(cells[0]).split()
    return bool(said) and _SUMS.issuperset(said)
