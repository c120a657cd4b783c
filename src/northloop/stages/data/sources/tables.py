"""Records out of delimited text, with recovery after a broken one.

The standard reader swallows the rest of a file after an unbalanced quote. Here a record is given
up as soon as the look ahead shows that its quote was opened by mistake, its first line is reported,
and reading goes on at the next line.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator, Sequence

import msgspec

MAX_RECORD_CHARS = 1_000_000
"""How far ahead the end of a quoted cell is looked for."""
MAX_MORE_CELLS = 20
"""A record with so many cells more than the header is none: two quotes paired by chance."""
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
