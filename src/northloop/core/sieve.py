"""Many patterns at once: each is tried only on a text that has what its matches cannot do without.

Most texts have nothing of most patterns, and whether a word stands in a text is known a hundred
times sooner than whether a pattern matches.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cached_property, lru_cache
from importlib import import_module
from typing import Any

_parser: Any = import_module("re._parser")
MOST_WORDS = 200
"""No more are read off a pattern."""
_LIKE_ASCII = "\u0130\u0131\u017f\u212a"
"""Beyond ASCII, and the same as a letter of it where case is ignored."""
_REPEATED = ("MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT")


class Sieve:
    """Tells which of some patterns match anywhere in a text."""

    def __init__(self, patterns: Iterable[re.Pattern[str]]) -> None:
        self._given = tuple(patterns)

    @cached_property
    def _needs(self) -> tuple[_Needs, _Needs]:
        """What those need that ignore case, and what the others: found out for the first text."""
        folded, exact = _Needs(), _Needs()
        for place, pattern in enumerate(self._given):
            needs = folded if pattern.flags & re.IGNORECASE else exact
            needs.all.add(place)
            for word in needed(pattern) or ("",):
                needs.by_word.setdefault(word, set()).add(place)
        return folded, exact

    def matching(self, text: str) -> Iterator[int]:
        """Yield the places of the patterns that match, in their order."""
        return (place for place in self.possible(text) if self._given[place].search(text))

    def any(self, text: str) -> bool:
        """Whether one of the patterns matches."""
        return next(self.matching(text), None) is not None

    def possible(self, text: str) -> Iterator[int]:
        """Yield the places of the patterns that a text has what they need of, in their order."""
        folded, exact = self._needs
        found = exact.met(text)
        # Beyond ASCII there are letters that only `re` takes for one another.
        found |= folded.met(text.lower()) if text.isascii() else folded.all
        return iter(sorted(found))


class _Needs:
    """The patterns that need a word, by that word; those of which none is known need ""."""

    def __init__(self) -> None:
        self.all: set[int] = set()
        self.by_word: dict[str, set[int]] = {}

    def met(self, text: str) -> set[int]:
        """Return the places of the patterns of which a text has what they need."""
        return set().union(*[self.by_word[word] for word in self.by_word if word in text])


def needed(pattern: re.Pattern[str]) -> tuple[str, ...]:
    """Return texts of which one stands wherever a pattern matches, in small letters where it
    ignores case; () where none is known."""
    return needed_by(pattern.pattern, pattern.flags)


@lru_cache(maxsize=4096)
def needed_by(pattern: str, flags: int = 0) -> tuple[str, ...]:
    """Return the same of a pattern that is not compiled; its flags are these alone. Of the same
    patterns, as a team's rules are made anew for each import, it is found out once."""
    return _needed(_parser.parse(pattern, flags), bool(flags & re.IGNORECASE))


def _needed(parts: Iterable[tuple[Any, Any]], folded: bool) -> tuple[str, ...]:
    """Of all that a sequence needs, what is longest, and fewest."""
    parts = list(parts)
    found: list[tuple[str, ...]] = [
        _begins(parts[at:], folded)[0]
        for at in range(len(parts))
        if not (at and _is_letter(parts[at - 1], folded))  # what begins a letter earlier is longer
    ]
    found.append(("",))
    for operation, value in parts:
        match str(operation):
            case "LITERAL" if letter := _letter(value, folded):
                found[-1] = (found[-1][0] + letter,)
                continue
            case "SUBPATTERN":
                _, added, _, inner = value
                found.append(() if added else _needed(inner, folded))
            case "ASSERT":
                found.append(_needed(value[1], folded))
            case "BRANCH":
                ways = [_needed(way, folded) for way in value[1]]
                found.append(sum(ways, ()) if all(ways) else ())
            case name if name in _REPEATED and value[0]:
                found.append(_needed(value[2], folded))
        found.append(("",))
    known = [words for words in found if words and all(words)]
    return max(known, key=lambda words: (min(map(len, words)), -len(words)), default=())


def _is_letter(part: tuple[Any, Any], folded: bool) -> bool:
    operation, value = part
    return str(operation) == "LITERAL" and bool(_letter(value, folded))


def _letter(value: int, folded: bool) -> str:
    """Return a letter, small where case is ignored; "" for one that matches another one then."""
    letter = chr(value)
    return "" if folded and letter in _LIKE_ASCII else letter.lower() if folded else letter


def _begins(parts: Iterable[tuple[Any, Any]], folded: bool) -> tuple[tuple[str, ...], bool]:
    """Return texts of which one stands where a sequence begins to match, "" where none is known,
    and whether that is all it matches.
    """
    found: tuple[str, ...] = ("",)
    for operation, value in parts:
        more, whole = _one_begins(operation, value, folded)
        if len(found) * len(more) > MOST_WORDS:
            return found, False
        found = tuple(dict.fromkeys(word + added for word in found for added in more))
        if not whole:
            return found, False
    return found, True


def _one_begins(operation: Any, value: Any, folded: bool) -> tuple[tuple[str, ...], bool]:
    """Return the same of one part of a sequence."""
    ways: list[tuple[tuple[str, ...], bool]] = []
    match str(operation):
        case "LITERAL" if letter := _letter(value, folded):
            return (letter,), True
        case "AT" | "ASSERT" | "ASSERT_NOT":
            return ("",), True
        case "SUBPATTERN" if not value[1]:
            return _begins(value[3], folded)
        case "BRANCH":
            ways = [_begins(way, folded) for way in value[1]]
        case "IN":
            ways = [_one_begins(kind, of, folded) for kind, of in value]
        case name if name in _REPEATED and value[1] == 1:
            ways = [_begins(value[2], folded), *[(("",), True)] * (not value[0])]
        case name if name in _REPEATED and value[0]:
            return _begins(value[2], folded)[0], False
    words = tuple(dict.fromkeys(word for way, _ in ways for word in way))
    return words or ("",), bool(ways) and all(whole for _, whole in ways)


def has_any(text: str, words: Iterable[str]) -> bool:
    """Whether one of some words stands in a text."""
    for word in words:  # noqa: SIM110 (any() takes twice as long)
        if word in text:
            return True
    return False
