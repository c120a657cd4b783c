"""Many patterns at once: each is tried only on a text that has what its matches cannot do without.

Most texts have nothing of most patterns, and whether a word stands in a text is known a hundred
times sooner than whether a pattern matches.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property, lru_cache
from importlib import import_module
from typing import Any

_parser: Any = import_module("re._parser")
MOST_WORDS = 200
"""No more are read off a pattern."""
_LIKE_ASCII = "\u0130\u0131\u017f\u212a"
"""Beyond ASCII, and the same as a letter of it where case is ignored."""
_REPEATED = ("MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT")


class PatternSet:
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
def needed_by(pattern: str, flags: int) -> tuple[str, ...]:
    """Return the same of a pattern that is not compiled; its flags are these alone. Of the same
    patterns, as a team's rules are made anew for each import, it is found out once."""
    return _Reading(bool(flags & re.IGNORECASE)).needed(_parser.parse(pattern, flags))


class _Reading:
    """Reads off one pattern what it needs."""

    def __init__(self, folded: bool) -> None:
        """`folded` where it ignores case."""
        self._folded = folded
        self._known: dict[int, tuple[tuple[str, ...], bool]] = {}
        """Part → how it begins: a part is looked at from all that may stand before it."""

    def needed(self, parts: Iterable[tuple[Any, Any]]) -> tuple[str, ...]:
        """Of all that a sequence needs, what is longest, and fewest."""
        parts = list(parts)
        found: list[tuple[str, ...]] = [
            self._begins(parts, at)[0]
            for at in range(len(parts))
            if not (at and self._is_letter(parts[at - 1]))  # what begins a letter earlier is longer
        ]
        found.append(("",))
        for operation, value in parts:
            match operation.name:
                case "LITERAL" if letter := self._letter(value):
                    found[-1] = (found[-1][0] + letter,)
                    continue
                case "SUBPATTERN":
                    _, added, _, inner = value
                    found.append(() if added else self.needed(inner))
                case "ASSERT":
                    found.append(self.needed(value[1]))
                case "BRANCH":
                    ways = [self.needed(way) for way in value[1]]
                    found.append(sum(ways, ()) if all(ways) else ())
                case name if name in _REPEATED and value[0]:
                    found.append(self.needed(value[2]))
            found.append(("",))
        known = [words for words in found if words and all(words)]
        return max(known, key=lambda words: (min(map(len, words)), -len(words)), default=())

    def _is_letter(self, part: tuple[Any, Any]) -> bool:
        operation, value = part
        return operation.name == "LITERAL" and bool(self._letter(value))

    def _letter(self, value: int) -> str:
        """Return a letter, small where case is ignored; "" for one that matches another then."""
        letter = chr(value)
        if not self._folded:
            return letter
        return "" if letter in _LIKE_ASCII else letter.lower()

    def _begins(
        self, parts: Sequence[tuple[Any, Any]], first: int = 0
    ) -> tuple[tuple[str, ...], bool]:
        """Return texts of which one stands where a sequence begins to match from a part on, ""
        where none is known, and whether that is all it matches.
        """
        found: tuple[str, ...] = ("",)
        for at in range(first, len(parts)):
            more, whole = self._one_begins(parts[at])
            if len(found) * len(more) > MOST_WORDS:
                return found, False
            if more != ("",):
                found = tuple(dict.fromkeys(word + added for word in found for added in more))
            if not whole:
                return found, False
        return found, True

    def _one_begins(self, part: tuple[Any, Any]) -> tuple[tuple[str, ...], bool]:
        """Return the same of one part of a sequence."""
        operation, value = part
        if operation.name == "LITERAL" and (letter := self._letter(value)):
            return (letter,), True
        known = self._known.get(id(part))
        if known is None:
            known = self._known[id(part)] = self._read(operation.name, value)
        return known

    def _read(self, name: str, value: Any) -> tuple[tuple[str, ...], bool]:
        ways: list[tuple[tuple[str, ...], bool]] = []
        match name:
            case "AT" | "ASSERT" | "ASSERT_NOT":
                return ("",), True
            case "SUBPATTERN" if not value[1]:
                return self._begins(value[3])
            case "BRANCH":
                ways = [self._begins(way) for way in value[1]]
            case "IN":
                ways = [self._one_begins(kind) for kind in value]
            case _ if name in _REPEATED and value[1] == 1:
                ways = [self._begins(value[2]), *[(("",), True)] * (not value[0])]
            case _ if name in _REPEATED and value[0]:
                return self._begins(value[2])[0], False
        words = tuple(dict.fromkeys(word for way, _ in ways for word in way))
        return words or ("",), bool(ways) and all(whole for _, whole in ways)


def has_any(text: str, words: Iterable[str]) -> bool:
    """Whether one of some words stands in a text."""
    for word in words:  # noqa: SIM110 (any() takes twice as long)
        if word in text:
            return True
    return False
