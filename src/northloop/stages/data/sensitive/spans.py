"""What a piece of sensitive text is, and which of two overlapping pieces stands."""

from __future__ import annotations

import re
from bisect import bisect
from collections.abc import Iterable
from enum import StrEnum

import msgspec


class Sensitive(StrEnum):
    """Types of sensitive text; where two overlap, the earlier type stands."""

    SECRET = "SECRET"
    EMAIL = "EMAIL"
    IBAN = "IBAN"
    CARD = "CARD"
    BIRTHDATE = "BIRTHDATE"
    IP = "IP"
    ID = "ID"
    ORDER = "ORDER"
    ACCOUNT = "ACCOUNT"
    PHONE = "PHONE"
    ADDRESS = "ADDRESS"
    NAME = "NAME"


PRIORITY = {type_: rank for rank, type_ in enumerate(Sensitive)}
PLACEHOLDER = re.compile(
    rf"\[(?:{'|'.join(Sensitive)})(?::[0-9a-f]{{6}})?\]",
)

PART = "\x00"
"""Ends a word where no space does; folding leaves none of these in a text."""


class Span(msgspec.Struct, frozen=True):
    """A stretch of sensitive text: `text == whole[start:end]`."""

    start: int
    end: int
    type: Sensitive
    text: str


def resolved(spans: Iterable[Span], blocked: Iterable[tuple[int, int]] = ()) -> list[Span]:
    """Return the spans that stand, in order of position, none overlapping another.

    Higher priority first, then longer, then earlier. Nothing stands that touches a `blocked` range
    (a placeholder put there before).
    """
    taken = sorted(blocked)
    standing: list[Span] = []
    for span in sorted(spans, key=lambda s: (PRIORITY[s.type], s.start - s.end, s.start)):
        place = bisect(taken, (span.start, span.end))
        free_from = taken[place - 1][1] if place else 0
        free_to = taken[place][0] if place < len(taken) else span.end
        if free_from <= span.start and span.end <= free_to:
            taken.insert(place, (span.start, span.end))
            standing.append(span)
    return sorted(standing, key=lambda s: s.start)
