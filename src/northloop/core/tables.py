"""Tables of documents, whose lines a passage has put on one line."""

from __future__ import annotations

import re

import msgspec

_RULE = re.compile(r"(?:\|\s*:?-{2,}:?\s*)+\|")
"""What stands between a table's heading and its rows."""


class Table(msgspec.Struct, frozen=True):
    """A table taken apart; heading and rows are written "| cell | cell |"."""

    before: str
    """What leads to it on its line, "" for nothing."""
    head: str
    rows: tuple[str, ...]
    after: str
    """What follows on its line, "" for nothing."""


def table(line: str) -> Table | None:
    """Return the table that a line holds; None where it holds none, or where heading or rows do not
    fit the rule: which cells are whose, nobody knows then. Empty rows are left out.
    """
    rule = _RULE.search(line)
    if rule is None:
        return None
    width = rule[0].count("|")
    before, cells = "", line[: rule.start()].strip()
    if cells.count("|") >= width:
        before, *found = cells.rsplit("|", width)
        cells = f"|{'|'.join(found)}"
    pieces = line[rule.end() :].split("|")
    after = pieces.pop() if len(pieces) > 1 and len(pieces) % width == 1 else ""
    if "|" in before or any(between.strip() for between in pieces[::width]):
        return None
    rows = ("|".join(pieces[start : start + width - 1]) for start in range(1, len(pieces), width))
    whole = (f"| {row.strip()} |" for row in rows if row.count("|") == width - 2)
    kept = tuple(row for row in whole if row.strip("| "))
    return Table(before.strip(), cells, kept, after.strip())


def is_rule(line: str) -> bool:
    """Whether a line is what stands between a table's heading and its rows, and nothing else."""
    return _RULE.fullmatch(line.strip()) is not None


def is_row(line: str) -> bool:
    """Whether a line is a heading, a rule or a row of a table, written "| cell | cell |"."""
    text = line.strip()
    return text.count("|") > 2 and text.startswith("|") and text.endswith("|")


def cells(row: str) -> list[str]:
    """Return the cells of a row, or of a heading."""
    return [cell.strip() for cell in row.strip().removeprefix("|").removesuffix("|").split("|")]
