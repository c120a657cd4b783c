"""Whether what an agent sent is a text that was before them, with real values put in."""

from __future__ import annotations

import re

from northloop.core.check.clauses import denies
from northloop.core.facts import content_stems
from northloop.core.question import normalised
from northloop.stages.monitoring.review import PARTICULAR

LONGEST_VALUE = 8
"""Words of a real name, number or address that an agent puts in."""
_HOLES = re.compile(rf"{PARTICULAR.pattern}(?:\W*{PARTICULAR.pattern})*")
_MARKS = " .,:;!?\"'()-“”„"
_WITHIN_NAMES = frozenset(
    ["mr", "mrs", "ms", "dr", "st", "de", "van", "von", "der", "den", "la", "le", "da", "dos", "di"]
)


def says_the_same(text: str, draft: str) -> bool:
    """Whether an edited text is the draft with whatever its placeholders stand for put in: so it
    would have been sent without an agent, who sees no real name or number.

    Of a value that is no plain name, number or address it is not believed.
    """
    if normalised(text) == normalised(draft):
        return True
    first, *pieces = [_plain(piece) for piece in _HOLES.split(_plain(draft))]
    rest, names, values = _plain(text), _HOLES.findall(draft), dict[str, str]()
    if not pieces or not _begins(rest, first):
        return False
    rest = rest[len(first) :]
    for number, (name, after) in enumerate(zip(names, pieces, strict=True), 1):
        is_last = number == len(pieces)
        place = len(rest) - len(after) if is_last else rest.casefold().find(after.casefold(), 1)
        if place < 1 or not _begins(rest[place:], after):
            return False
        value = rest[:place].strip(_MARKS)
        joined = after[:1].isalnum() and rest[place - 1].isalnum()
        if joined or not _is_value(value) or values.setdefault(name, value) != value:
            return False
        rest = rest[place + len(after) :]
        if rest[:1].isalnum() and after[-1:].isalnum():
            return False
    return not rest


def _plain(text: str) -> str:
    return " ".join(text.split()).rstrip(" .!?")


def _begins(text: str, piece: str) -> bool:
    return text[: len(piece)].casefold() == piece.casefold()


def _is_value(text: str) -> bool:
    """Whether it is names, numbers or addresses and nothing else."""
    words = [word.strip(_MARKS) for word in text.split()]
    told = [word for word in words if word and word.casefold() not in _WITHIN_NAMES]
    return 0 < len(told) <= LONGEST_VALUE and all(map(_is_told, told))


def _is_told(word: str) -> bool:
    """Whether a word is a number, part of an address or a name; "NOT" is none."""
    is_name = word[0].isupper() and bool(content_stems(word)) and not denies(word.casefold())
    return is_name or any(map(str.isdigit, word)) or "@" in word or "." in word
