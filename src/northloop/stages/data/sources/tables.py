"""Records out of delimited text, with recovery after a broken one.

The standard reader swallows the rest of a file after an unbalanced quote. Here a record is given
up as soon as the look ahead shows that its quote was opened by mistake, its first line is reported,
and reading goes on at the next line.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator, Sequence
from itertools import takewhile

import msgspec

from northloop.stages.data.sources.headers import KNOWN
from northloop.stages.data.sources.roles import words_of

MAX_RECORD_CHARS = 1_000_000
"""How far ahead the end of a quoted cell is looked for."""
MAX_MORE_CELLS = 20
"""A record with so many cells more than the header is none: two quotes paired by chance."""
LOOKED_AT = 40
"""So many lines tell where the header stands and what parts the cells."""
MAX_TITLES = 12
"""So many lines may stand above it."""
MOST_IN_TITLES = 2
"""So many cells a line above it has at most: `Account,The Shop`."""
FEWEST_CELLS = 3
"""A table below a title has at least so many columns."""
_NAME = re.compile(r"[^.?!…。！？]{1,60}")
"""Of a column; nothing that ends as a sentence does."""
DELIMITERS = (",", ";", "\t", "|")
_CELLS = {
    d: re.compile(
        rf'((?:[^"]++|""|"(?![ ]*(?:{re.escape(d)}|\Z)))*+)(?:"[ ]*({re.escape(d)}|\Z)|\Z)'
    )
    for d in DELIMITERS
}
"""What a quoted cell holds, up to its end or that of the line."""


class Record(msgspec.Struct, frozen=True):
    """One record: its cells, or the reason why it has none; and its text as it stood."""

    cells: tuple[str, ...]
    problem: str
    raw: str


class _Scan(msgspec.Struct, frozen=True):
    """One line; its first piece goes on with the cell that the line before left open."""

    pieces: Sequence[str]
    open: bool
    """The line ended inside a quoted cell."""
    suspicious: bool
    """A quote inside a cell of several lines stood where a cell begins: the opening quote had no
    partner."""


def guess_delimiter(header: str) -> str:
    """Return the delimiter that splits the header into most cells; "," if none does."""
    return max(DELIMITERS, key=lambda delimiter: len(_scan(header, delimiter).pieces))


def beginning(lines: Sequence[str], declared: str = "") -> tuple[int, str]:
    """Return at which of the first lines of a file its header stands, and what parts its cells.

    That is the first line, unless it holds a title or two and a table begins below, under names
    that columns have: then every row that is looked at has as many cells as its header.
    `declared` is the delimiter that the file names, "" for none.
    """
    widest = declared or max(
        DELIMITERS, key=lambda d: max(len(_scan(line, d).pieces) for line in lines)
    )
    at = _below_titles(lines, widest)
    return (at, widest) if at else (0, declared or guess_delimiter(lines[0]))


def _below_titles(lines: Sequence[str], delimiter: str) -> int:
    """Return at which line a table begins that stands below others, 0 if there is none."""
    first = _scan(lines[0], guess_delimiter(lines[0]))
    if first.open or sum(bool(cell.strip()) for cell in first.pieces) > MOST_IN_TITLES:
        return 0
    most_above = 0
    for at, line in enumerate(lines[: MAX_TITLES + 1]):
        cells = [cell.strip() for cell in _scan(line, delimiter).pieces]
        filled = sum(map(bool, cells))
        named = {cell for cell in cells if _NAME.fullmatch(cell)}
        known = sum(words_of(cell) in KNOWN for cell in cells)
        is_named = known > 1 and delimiter == guess_delimiter(line)
        if at and is_named and 2 * most_above <= filled == len(named) >= FEWEST_CELLS:
            return at if _has_rows_of(lines[at + 1 :], delimiter, len(cells)) else 0
        most_above = max(most_above, filled)
    return 0


def _has_rows_of(lines: Sequence[str], delimiter: str, width: int) -> bool:
    found = list(records(iter(lines), delimiter, 0))
    if len(lines) >= LOOKED_AT - MAX_TITLES:
        # The last may go on below what is looked at, and so may one that opens a quote.
        found = list(takewhile(lambda row: not row.problem, found[:-1]))
    return len(found) > 1 and all(len(row.cells) == width for row in found)


def records(lines: Iterator[str], delimiter: str, width: int) -> Iterator[Record]:
    """Yield the records of a table whose rows have `width` cells (0: any); empty lines are skipped.

    A record with another number of cells, or with a quote that is never closed, comes back with
    its `problem`. After an unclosed quote, reading resumes at the line after the one it opened on.
    """
    waiting: deque[str] = deque()
    while True:
        line = waiting.popleft() if waiting else next(lines, None)
        if line is None:
            return
        if line.strip():
            yield _record(line, lines, waiting, _Shape(delimiter, width))


class _Shape(msgspec.Struct, frozen=True):
    delimiter: str
    width: int


def _record(first: str, lines: Iterator[str], waiting: deque[str], shape: _Shape) -> Record:
    """Return the record that begins with `first`, with the further lines that belong to it."""
    scan = _scan(first, shape.delimiter)
    cells = [[piece] for piece in scan.pieces]
    taken = [first]
    size = len(first)
    most = shape.width + MAX_MORE_CELLS if shape.width else MAX_RECORD_CHARS
    while scan.open and not scan.suspicious and len(cells) <= most and size <= MAX_RECORD_CHARS:
        line = waiting.popleft() if waiting else next(lines, None)
        if line is None:
            break
        taken.append(line)
        size += len(line) + 1
        scan = _scan(line, shape.delimiter, inside=True)
        cells[-1].append(scan.pieces[0])
        cells += [[piece] for piece in scan.pieces[1:]]
    if not (scan.open or scan.suspicious):
        return _judged(tuple("\n".join(pieces) for pieces in cells), "\n".join(taken), shape)
    waiting.extendleft(reversed(taken[1:]))
    if shape.delimiter == "\t" and first.count("\t") == shape.width - 1:
        return Record(tuple(first.split("\t")), "", first)
    return Record((), "a quote is opened and never closed", first)


def _judged(cells: tuple[str, ...], raw: str, shape: _Shape) -> Record:
    if len(cells) == shape.width or not shape.width:
        return Record(cells, "", raw)
    if len(cells) > shape.width and not any(cells[shape.width :]):
        return Record(cells[: shape.width], "", raw)
    return Record((), f"{len(cells)} cells where the header has {shape.width}", raw)


def _scan(line: str, delimiter: str, *, inside: bool = False) -> _Scan:
    """Split a line leniently: a quote inside a quoted cell that ends no cell is a character."""
    if '"' not in line:
        return _Scan((line,) if inside else line.split(delimiter), inside, False)
    pieces: list[str] = []
    suspicious = False
    at = 0
    while True:
        if inside or line.startswith('"', at):
            cell = _CELLS[delimiter].match(line, at if inside else at + 1)
            assert cell is not None  # an unclosed cell runs to the end of the line
            unclosed = cell[2] is None
            plain = cell[1].replace('""', "")
            suspicious |= (inside or unclosed) and f'{delimiter}"' in plain
            suspicious |= inside and plain.startswith('"')
            pieces.append(cell[1].replace('""', '"'))
            if unclosed:
                return _Scan(pieces, True, suspicious)
            at = cell.end()
            done = not cell[2]
            inside = False
        else:
            cut = line.find(delimiter, at)
            pieces.append(line[at:] if cut < 0 else line[at:cut])
            at = cut + 1
            done = cut < 0
        if done:
            return _Scan(pieces, False, suspicious)
