"""What a piece of sensitive text is, and which of two overlapping pieces stands."""

from __future__ import annotations

from bisect import bisect, insort
from collections.abc import Iterable, Iterator, Sequence
from enum import StrEnum

import msgspec

from northloop.core.patterns import lazy
from northloop.stages.data.sensitive.lexicon import COMMON_WORDS


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
PLACEHOLDER = lazy(
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


_CUT = (Sensitive.ADDRESS, Sensitive.NAME)
"""Of these, what an earlier type leaves over stands: `Ann Lee Apt. 4` is a name, then a street."""
MIN_LEFT_CHARS = 2
_ENDS = lazy(r"^[\W_]+|[\W_]+$")


def resolved(spans: Iterable[Span], blocked: Iterable[tuple[int, int]] = ()) -> list[Span]:
    """Return the spans that stand, in order of position, none overlapping another.

    Higher priority first, then longer, then earlier; of names and addresses what is left over.
    Nothing stands that touches a `blocked` range (a placeholder put there before).
    """
    taken = sorted(blocked)
    fixed = frozenset(taken)
    standing: list[Span] = []
    for span in sorted(spans, key=lambda s: (PRIORITY[s.type], s.start - s.end, s.start)):
        over = _touched(span, taken)
        if over and (span.type not in _CUT or not fixed.isdisjoint(over)):
            continue
        for part in _left_over(span, over) if over else (span,):
            insort(taken, (part.start, part.end))
            standing.append(part)
    return sorted(standing, key=lambda s: s.start)


def united(spans: Sequence[Span], text: str) -> list[Span]:
    """Return the spans, of each row of addresses that overlap one that has all of them."""
    kept = [span for span in spans if span.type is not Sensitive.ADDRESS]
    rows = [s for s in spans if s.type is Sensitive.ADDRESS]
    whole: list[tuple[int, int]] = []
    for start, end in sorted((span.start, span.end) for span in rows):
        if whole and start < whole[-1][1]:
            whole[-1] = (whole[-1][0], max(end, whole[-1][1]))
        else:
            whole.append((start, end))
    return [*kept, *(Span(a, b, Sensitive.ADDRESS, text[a:b]) for a, b in whole)]


def _touched(span: Span, taken: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return those of the ranges, which are in order and apart, that a span overlaps."""
    first = last = bisect(taken, (span.start, span.end))
    if first and taken[first - 1][1] > span.start:
        first -= 1
    while last < len(taken) and taken[last][0] < span.end:
        last += 1
    return list(taken[first:last])


def _left_over(span: Span, over: Sequence[tuple[int, int]]) -> Iterator[Span]:
    """Yield what lies outside the ranges and is more than everyday words or a label: `IBAN`."""
    at = span.start
    ends = not any(map(str.isalnum, span.text[over[-1][1] - span.start :]))
    numbered = ends and span.type is Sensitive.ADDRESS and any(map(str.isdigit, span.text))
    for start, end in (*over, (span.end, span.end)):
        part = span.text[at - span.start : max(at, start) - span.start]
        value = _ENDS.sub("", part)
        if numbered and "," not in part and not any(map(str.isdigit, part)):
            value = ""  # its number was another thing's: `Targa GK 482 XR`
        if (len(value) >= MIN_LEFT_CHARS or value.isdigit()) and not _is_everyday(value):
            begin = at + part.index(value)
            yield Span(begin, begin + len(value), span.type, value)
        at = end


def _is_everyday(value: str) -> bool:
    if value.isupper() and value.isalpha() and len(value) < 5:
        return True
    said = [word for word in value.lower().split() if not word.isdigit()]
    return bool(said) and all(word in COMMON_WORDS for word in said)
