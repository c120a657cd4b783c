"""Tables of a PDF whose rows are parted by level lines alone, with nothing drawn between columns.

What stands between two such lines is a row, in as many lines as its cells take. Columns lie between
the gaps that no row has a character in.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from statistics import median
from typing import Any, NamedTuple, TypeAlias

from pdfplumber.page import Page
from pdfplumber.table import merge_edges
from pdfplumber.utils.text import extract_text

Box: TypeAlias = tuple[float, float, float, float]
"""Left, top, right and bottom, in points."""
_Char: TypeAlias = dict[str, Any]
_Span: TypeAlias = tuple[float, float]

_SNAP = 3.0
"""Points: so near to each other, two lines are one, and their ends are one."""
_NARROWEST = 0.15
"""Of the page's width."""
_FEWEST_ROWS = 3
_COLUMN_GAP = 0.6
"""In sizes of characters: wider than that, a gap that runs through all rows parts columns."""
_LINE_GAP = 0.65
"""The same between the lines of a cell: what is further apart is no row."""
_NEAREST = 2.0
"""The same from a line to the row beyond it that has no second line: a heading, the last row."""
_LONGEST_NAMES = 60
"""Characters of a row's first cell: where most have more, columns are those of running text."""
_LARGER = 1.12
"""By so much larger than the rows, what stands alone between two lines is a heading."""


class Banded(NamedTuple):
    """A table, where it stands, and its cells as they are written, with the ends of their lines."""

    box: Box
    rows: tuple[tuple[str, ...], ...]


def banded(page: Page, apart: Sequence[Box]) -> list[Banded]:
    """Return the tables of a page whose rows are parted by level lines alone.

    `apart` are the boxes of what has been read otherwise. A row that one text goes through is
    given with it in each column.
    """
    chars = [c for c in page.chars if not c["text"].isspace() and not _lies_in(c, apart)]
    drawn = [edge for edge in page.edges if edge["orientation"] == "h"]
    free = [edge for edge in drawn if not any(_touches(edge, box) for box in apart)]
    return [
        table
        for across, levels in _rules(free, _NARROWEST * float(page.width))
        for table in _tables(_within(chars, across, (0, float(page.height))), across, levels)
    ]


def _rules(edges: list[dict[str, Any]], narrowest: float) -> Iterator[tuple[_Span, list[float]]]:
    """Yield from where to where lines go that are as long as each other, and how far down."""
    held = dict[_Span, list[float]]()
    for edge in merge_edges(edges, _SNAP, _SNAP, _SNAP, _SNAP):
        across = (float(edge["x0"]), float(edge["x1"]))
        if across[1] - across[0] > narrowest:
            like = (at for at in held if _is_like(at, across))
            held.setdefault(next(like, across), []).append(float(edge["top"]))
    yield from ((across, sorted(levels)) for across, levels in held.items())


def _is_like(one: _Span, other: _Span) -> bool:
    return abs(one[0] - other[0]) < _SNAP and abs(one[1] - other[1]) < _SNAP


def _tables(chars: Sequence[_Char], across: _Span, levels: Sequence[float]) -> Iterator[Banded]:
    run, begun = list[list[_Char]](), 0.0
    for top, bottom in [*pairwise(levels), (levels[-1], levels[-1])]:
        row = _within(chars, across, (top, bottom))
        if _is_row(row) and not (run and _is_larger(row, run[-1])):
            begun = begun if run else top
            run.append(row)
            continue
        if table := _table(chars, run, (begun, top)):
            yield table
        run = []


def _table(chars: Sequence[_Char], run: Sequence[Sequence[_Char]], down: _Span) -> Banded | None:
    """Return the table of rows, with those that stand beyond its first and its last line."""
    within = [row for row in run if len(_columns(row)) > 1]
    columns = _columns(char for row in within for char in row)
    if len(columns) < 2:
        return None
    rows = list(run)
    for level, beyond in (
        (down[0], [c for c in chars if c["bottom"] <= down[0] + 1]),
        (down[1], [c for c in chars if c["top"] >= down[1] - 1]),
    ):
        row = _next_to(level, beyond)
        wider = _columns(char for one in (*within, row) for char in one)
        if len(_columns(row)) > 1 and len(wider) >= len(columns):
            rows = [row, *rows] if level == down[0] else [*rows, row]
            columns, within = wider, [*within, row]
    cells = tuple(_cells(row, columns) for row in rows)
    if len(rows) < _FEWEST_ROWS or median(len(row[0]) for row in cells) > _LONGEST_NAMES:
        return None
    all_ = [char for row in rows for char in row]
    left, top, right, bottom = (edge(float(char[side]) for char in all_) for edge, side in _SIDES)
    return Banded((left, top, right, bottom), cells)


_SIDES = ((min, "x0"), (min, "top"), (max, "x1"), (max, "bottom"))


def _next_to(level: float, chars: Iterable[_Char]) -> list[_Char]:
    """Return the row that stands next to a level line, of what stands on one side of it."""
    row, edge = list[_Char](), level

    def apart(char: _Char) -> float:
        return float(min(abs(char["top"] - edge), abs(char["bottom"] - edge)))

    for char in sorted(chars, key=apart):
        is_level = row and row[-1]["top"] < char["bottom"] and char["top"] < row[-1]["bottom"]
        most = _LINE_GAP if row else _NEAREST
        if not is_level and apart(char) > most * char["size"]:
            break
        row.append(char)
        edge = char["bottom"] if char["top"] > level - 1 else char["top"]
    return row


def _is_row(chars: Sequence[_Char]) -> bool:
    """Whether lines of text stand as close to each other as those of a cell do."""
    lines = _spans(((c["top"], c["bottom"]) for c in chars), _LINE_GAP * _size(chars))
    return len(lines) == 1


def _is_larger(row: Sequence[_Char], than: Sequence[_Char]) -> bool:
    return len(_columns(row)) == 1 and _size(row) > _LARGER * _size(than)


def _size(chars: Sequence[_Char]) -> float:
    return float(max((char["size"] for char in chars), default=0.0))


def _columns(chars: Iterable[_Char]) -> list[_Span]:
    held = list(chars)
    return _spans(((c["x0"], c["x1"]) for c in held), _COLUMN_GAP * _size(held))


def _spans(parts: Iterable[_Span], gap: float) -> list[_Span]:
    """Return what parts cover together, one where they are no further apart than a gap."""
    found = list[_Span]()
    for start, end in sorted(parts):
        if found and start - found[-1][1] <= gap:
            found[-1] = (found[-1][0], max(found[-1][1], end))
        else:
            found.append((start, end))
    return found


def _cells(row: Sequence[_Char], columns: Sequence[_Span]) -> tuple[str, ...]:
    if len(columns) > 1 and any(not any(_is_in(c, column) for column in columns) for c in row):
        return (_text(row),) * len(columns)
    return tuple(_text([c for c in row if _is_in(c, column)]) for column in columns)


def _text(chars: Sequence[_Char]) -> str:
    return extract_text(list(chars), x_tolerance_ratio=0.15) if chars else ""


def _within(chars: Iterable[_Char], across: _Span, down: _Span) -> list[_Char]:
    return [
        char
        for char in chars
        if across[0] - _SNAP <= char["x0"]
        and char["x1"] <= across[1] + _SNAP
        and down[0] <= (char["top"] + char["bottom"]) / 2 <= down[1]
    ]


def _is_in(char: _Char, column: _Span) -> bool:
    return bool(column[0] - 1 <= char["x0"] and char["x1"] <= column[1] + 1)


def _lies_in(char: _Char, boxes: Iterable[Box]) -> bool:
    across, down = (char["x0"] + char["x1"]) / 2, (char["top"] + char["bottom"]) / 2
    return any(box[0] <= across <= box[2] and box[1] <= down <= box[3] for box in boxes)


def _touches(edge: Mapping[str, Any], box: Box) -> bool:
    is_level = bool(box[1] - _SNAP <= edge["top"] <= box[3] + _SNAP)
    return is_level and bool(edge["x0"] < box[2] and edge["x1"] > box[0])
