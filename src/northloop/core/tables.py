"""Tables of documents and answers, and those whose lines a passage has put on one line."""

from __future__ import annotations

import re
from itertools import groupby

import msgspec

_RULE = re.compile(r"(?:\|\s*:?-{2,}:?\s*)+\|")
"""What stands between a table's heading and its rows."""
_RULE_LINE = re.compile(r"\|?(?:\s*:?-+:?\s*\|)*\s*:?-+:?\s*\|?")
"""The same on a line of its own, where the outer pipes may be left out."""
_MARKED = re.compile(r"(?<![\w*~`])(\*{1,3}|_{1,3}|~~|`)(?=\S)([^|]{1,200}?)(?<=\S)\1(?!\w)")
_LINKED = re.compile(r"!?\[([^\]|]{0,200})\]\([^)|]{0,500}\)")
_NO_CELL = re.compile(r"\s*(?:[-*+•–·]|\w{1,3}[.)])?(?:\t|\s*\Z)")
"""How no row begins: by a tab, or by the mark of a list's item and one."""
_MOST_NESTED = 3


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


def framed(text: str) -> str:
    """Return a text with each row of its tables written "| cell | cell |", line by line: some leave
    out the outer pipes, or have single dashes in the rule. What is written so stays as it is.
    """
    if "|" not in text:
        return text
    lines = text.split("\n")
    number = 1
    while number < len(lines):
        rule = lines[number].strip()
        width = len(cells(rule)) if "|" in rule and _RULE_LINE.fullmatch(rule) else 0
        is_open = not rule.startswith("|")
        if width and "|" in lines[number - 1]:
            head = _framed(lines[number - 1], width, is_open=is_open)
            if len(cells(head)) == width:
                lines[number - 1] = head
                lines[number] = rule if is_rule(rule) else f"|{'---|' * width}"
                while number + 1 < len(lines) and "|" in lines[number + 1]:
                    number += 1
                    lines[number] = _framed(lines[number], width, is_open=is_open)
        number += 1
    return "\n".join(lines)


def from_tabs(text: str) -> str:
    """Return a text with rows whose cells tabs part, as a spreadsheet writes them, as such tables.

    The first is the heading where it has no figure and each of the others has one; else none is.
    """
    if "\t" not in text:
        return text
    found = list[str]()
    for width, lines in groupby(text.split("\n"), _tabbed):
        rows = [*lines]
        if width < 2 or len(rows) < 2:
            found += rows
            continue
        written = [f"| {' | '.join(cell.strip() for cell in row.split(chr(9)))} |" for row in rows]
        first, *others = (any(map(str.isdigit, row)) for row in written)
        has_heading = all(others) and not first
        head, *rest = written if has_heading else [f"|{' |' * width}", *written]
        found += [head, f"|{'---|' * width}", *rest]
    return "\n".join(found)


def _tabbed(line: str) -> int:
    """Return how many cells a line has that tabs part, 0 for an item of a list and for code."""
    if "|" in line or line.count("\t") < 1 or _NO_CELL.match(line):
        return 0
    return line.count("\t") + 1


def _framed(row: str, width: int, *, is_open: bool) -> str:
    """Return a row with pipes around; in an open table one at an end may part an empty cell off."""
    text = row.strip()
    if is_row(text) and len(cells(text)) == width:
        return row
    whole = f"| {text} |"
    if is_open and len(cells(whole)) == width:
        return whole
    return f"{'' if text.startswith('|') else '| '}{text}{'' if text.endswith('|') else ' |'}"


def unmarked(cell: str) -> str:
    """Return a cell without the marks of Markdown around what is bold, slanted, code or a link."""
    for _ in range(_MOST_NESTED):
        bare = _MARKED.sub(r"\2", _LINKED.sub(r"\1", cell))
        if bare == cell:
            break
        cell = bare
    return cell


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
