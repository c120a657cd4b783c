"""Records out of delimited text, with recovery after a broken one.

The standard reader swallows the rest of a file after an unbalanced quote. Here a record is given
up after a bounded look ahead, its first line is reported, and reading goes on at the next line.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator

import msgspec

MAX_RECORD_CHARS = 1_000_000
"""How far ahead the end of a quoted cell is looked for."""
DELIMITERS = (",", ";", "\t", "|")


_CELLS = {
    d: re.compile(rf'((?:[^"]++|""|"(?![ ]*(?:{re.escape(d)}|\Z)))*+)"[ ]*({re.escape(d)}|\Z)')
    for d in DELIMITERS
}
_MAY_CLOSE = {d: re.compile(rf'"[ ]*(?:{re.escape(d)}|\Z)') for d in DELIMITERS}


class Record(msgspec.Struct, frozen=True):
    """One record: its cells, or the reason why it has none; and its text as it stood."""

    cells: tuple[str, ...]
    problem: str
    raw: str


class _Scan(msgspec.Struct, frozen=True):
    cells: tuple[str, ...]
    open: bool
    """The text ended inside a quoted cell."""
    suspicious: bool
    """A quote inside a quoted cell stood where a cell begins: the opening quote had no partner."""


def guess_delimiter(header: str) -> str:
    """Return the delimiter that splits the header into most cells; "," if none does."""
    return max(DELIMITERS, key=lambda delimiter: len(_scan(header, delimiter).cells))


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
    if not scan.open:
        return _judged(scan.cells, first, shape)
    may_close = _MAY_CLOSE[shape.delimiter]
    taken = [first]
    size = len(first)
    while scan.open and size <= MAX_RECORD_CHARS:
        line = waiting.popleft() if waiting else next(lines, None)
        if line is None:
            break
        taken.append(line)
        size += len(line) + 1
        if may_close.search(line):
            scan = _scan("\n".join(taken), shape.delimiter)
    if not (scan.open or scan.suspicious):
        return _judged(scan.cells, "\n".join(taken), shape)
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


def _scan(text: str, delimiter: str) -> _Scan:
    """Split one record leniently: a quote inside a quoted cell that ends no cell is a character."""
    if '"' not in text:
        return _Scan(tuple(text.split(delimiter)), False, False)
    quoted = _CELLS[delimiter]
    cells: list[str] = []
    suspicious = False
    at = 0
    while True:
        if text.startswith('"', at):
            cell = quoted.match(text, at + 1)
            if cell is None:
                return _Scan(tuple(cells), True, suspicious)
            suspicious = suspicious or _opens_inside(cell[1], delimiter)
            cells.append(cell[1].replace('""', '"'))
            at = cell.end()
            done = not cell[2]
        else:
            cut = text.find(delimiter, at)
            cells.append(text[at:] if cut < 0 else text[at:cut])
            at = cut + 1
            done = cut < 0
        if done:
            return _Scan(tuple(cells), False, suspicious)


def _opens_inside(body: str, delimiter: str) -> bool:
    plain = body.replace('""', "")
    return "\n" in plain and (f'{delimiter}"' in plain or '\n"' in plain)
