"""Documents as they can be quoted: sentences, list items and rows, each word for word."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

import msgspec

from northloop.core.conversation import Passage

_SENTENCE = re.compile(r"(?<=[.!?…])[\"'”’)]*\s+(?=[\"'“‘(]?[A-ZÀ-ÞА-Я0-9¿¡])|(?<=[。！？])")
_ABBREVIATION = re.compile(
    r"(?:\b(?:e\.g|i\.e|etc|approx|no|nos|st|mr|mrs|ms|dr|vs|incl|max|min|z\.b|bzw|ca|nr)|\b[A-Z])\.$",
    re.IGNORECASE,
)
_ITEM = re.compile(r"\s*(?:[-*+•–]|\d{1,3}[.)])\s+\S")
_TABLE = re.compile(r"\|\s*:?-{2,}:?\s*(?=\|)")
MOST_CHARS = 600
"""A longer sentence is no sentence, and is not quoted."""


class Sentence(msgspec.Struct, frozen=True):
    """What can be quoted of a passage."""

    text: str
    passage: int
    """Its number among all passages."""
    line: int
    """Of the passage: sentences of one line are joined by spaces."""
    row: bool
    """An item of a list or a row of a table: it stands on a line of its own."""
    head: str = ""
    """Of a row of a table: its heading."""


def sentences(passages: Sequence[Passage]) -> list[Sentence]:
    """Return all that can be quoted, in the order of the passages."""
    return [
        sentence
        for number, passage in enumerate(passages)
        for sentence in _sentences(number, passage.text)
    ]


def _sentences(passage: int, text: str) -> Iterator[Sentence]:
    for number, line in enumerate(text.split("\n")):
        if _TABLE.search(line):
            yield from _rows(passage, number, line)
        elif _ITEM.match(line):
            if len(line) <= MOST_CHARS:
                yield Sentence(line.strip(), passage, number, True)
        else:
            for piece in split(line):
                if len(piece) <= MOST_CHARS:
                    yield Sentence(piece, passage, number, False)


def split(line: str) -> list[str]:
    """Return the sentences of a line."""
    found: list[str] = []
    start = 0
    for match in _SENTENCE.finditer(line):
        if _ABBREVIATION.search(line[start : match.start()]):
            continue
        found.append(line[start : match.end()].strip())
        start = match.end()
    found.append(line[start:].strip())
    return [piece for piece in found if piece]


def _rows(passage: int, number: int, line: str) -> Iterator[Sentence]:
    """Yield the rows of a table that was put on one line; its rule says how many columns it has."""
    rule = re.search(r"(?:\|\s*:?-{2,}:?\s*)+\|", line)
    if rule is None:
        return
    columns = rule[0].count("|") - 1
    head = line[: rule.start()].strip()
    cells = line[rule.end() :].split("|")
    for start in range(1, len(cells) - columns + 1, columns + 1):
        row = "|".join(cells[start : start + columns])
        if row.strip(" |") and len(row) <= MOST_CHARS:
            yield Sentence(f"| {row.strip()} |", passage, number, True, head)
