"""Documents as they can be quoted: sentences, list items and rows, each word for word."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

import msgspec

from northloop.core.conversation import Passage
from northloop.core.full_stops import goes_on
from northloop.core.tables import table

_SENTENCE = re.compile(r"(?<=[.!?…])[\"'”’)]*\s+(?=[\"'“‘(]?[A-ZÀ-ÞА-Я0-9¿¡])|(?<=[。！？])")
_ABBREVIATION = re.compile(
    r"(?:\b(?:e\.g|i\.e|etc|approx|no|nos|st|mr|mrs|ms|dr|vs|incl|max|min|z\.b|bzw|ca|nr)|\b[A-Z])\.$",
    re.IGNORECASE,
)
_ITEM = re.compile(r"\s*(?:[-*+•–]|\d{1,3}[.)])\s+\S")
_STEP = re.compile(r"(\d{1,3})[.)]\s")
MOST_CHARS = 600
"""A longer sentence is no sentence, and is not quoted."""
MOST_STEPS, MOST_CHARS_OF_STEPS = 15, 1_500
"""Longer instructions are not quoted whole."""


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


def instructions(found: Sequence[Sentence], passages: Sequence[Passage]) -> list[range]:
    """Return where numbered steps stand among sentences, with what leads to them and what stands
    between them; those that are too long to be quoted whole are left out."""
    lists: list[range] = []
    section, first, last, step = "", -1, -1, 0
    for number, sentence in enumerate(found):
        of = passages[sentence.passage]
        here = f"{of.document_id}\n{of.title}"
        match = _STEP.match(sentence.text) if sentence.row and not sentence.head else None
        own = int(match[1]) if match else 0
        lazy = own == step == 1 and last == number - 1  # Markdown counts "1. 1. 1." by itself
        if own and here == section and (own == step + 1 or lazy):
            last, step = number, own
        elif own == 1:
            lists.append(range(first, last + 1))
            section, first, last, step = here, number, number, 1
    lists.append(range(first, last + 1))
    return [_led(found, steps) for steps in lists if len(steps) > 1 and _fit(found, steps)]


def _fit(found: Sequence[Sentence], steps: range) -> bool:
    chars = sum(len(found[number].text) for number in steps)
    return len(steps) <= MOST_STEPS and chars <= MOST_CHARS_OF_STEPS


def _led(found: Sequence[Sentence], steps: range) -> range:
    """Return steps with the sentence right before them that leads to them: it ends with a colon."""
    lead = found[steps.start - 1] if steps.start else None
    leads = (
        lead is not None
        and lead.passage == found[steps.start].passage
        and not lead.row
        and lead.text.endswith((":", "："))
    )
    return range(steps.start - 1, steps.stop) if leads else steps


def _sentences(passage: int, text: str) -> Iterator[Sentence]:
    for number, line in enumerate(text.split("\n")):
        found = table(line)
        if found is not None:
            if found.before:
                yield Sentence(found.before, passage, number, False)
            for row in found.rows:
                if len(row) <= MOST_CHARS:
                    yield Sentence(row, passage, number, True, found.head)
            for piece in split(found.after):
                if len(piece) <= MOST_CHARS:
                    yield Sentence(piece, passage, number, False)
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
        before = line[start : match.start()]
        if _ABBREVIATION.search(before) or goes_on(before, line[match.end() :]):
            continue
        found.append(line[start : match.end()].strip())
        start = match.end()
    found.append(line[start:].strip())
    return [piece for piece in found if piece]
