"""Tables of documents, cell by cell, as Markdown's."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

MOST_HEADS = 3


def as_table(rows: Sequence[Sequence[str]], heads: int = 1) -> str:
    """Return rows of cells as a table of Markdown, "" for none.

    A cell that spans others is given in each of them. The first `heads` rows are its heading: each
    column is called what stands over it from top to bottom, "Home, Weekdays". What spans a whole
    row stands before the table, or behind the rows that it follows.
    """
    width = max(map(len, rows), default=0)
    if not width:
        return ""
    whole = [[_plain(cell) for cell in (*row, *[""] * (width - len(row)))] for row in rows]
    over = zip(*whole[:heads], strict=True) if heads else [()] * width
    head = [", ".join(dict.fromkeys(filter(None, names))) for names in over]
    parts, held = list[str](), list[list[str]]()
    for row in whole[heads:]:
        if width > 1 and row[0] and len({*row}) == 1:
            parts += [_written(head, held)] if held else []
            parts, held = [*parts, row[0]], []
        elif any(row):
            held.append(row)
    if held or not parts:
        parts.append(_written(head, held))
    return "\n\n".join(parts)


def heads_of(rows: Sequence[Sequence[str]]) -> int:
    """Return how many rows a heading has whose cells may span others: one more for each row of
    words alone below one in which neighbours are the same, up to three.
    """
    found = 1
    while found < min(MOST_HEADS, len(rows) - 1):
        above, here = rows[found - 1], rows[found]
        spans = any(a and a == b for a, b in pairwise(above))
        parts = any(a != b for a, b in zip(above, here, strict=False))
        if not spans or not parts or any(map(str.isdigit, "".join(_own(above, here)))):
            break
        found += 1
    return found


def _own(above: Sequence[str], here: Sequence[str]) -> list[str]:
    """Return the cells of a row that do not go on from the row above."""
    return [cell for cell, over in zip(here, above, strict=False) if cell != over]


def _written(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _plain(cell: str) -> str:
    return " ".join(cell.replace("|", "/").split())
