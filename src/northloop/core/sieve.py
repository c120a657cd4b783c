"""Many patterns at once: each is tried only on a text that has what its matches cannot do without.

Most texts have nothing of most patterns, and whether a word stands in a text is known a hundred
times sooner than whether a pattern matches.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cached_property
from importlib import import_module
from typing import Any

_parser: Any = import_module("re._parser")
_REPEATED = ("MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT")


class Sieve:
    """Tells which of some patterns match anywhere in a text."""

    def __init__(self, patterns: Iterable[re.Pattern[str]]) -> None:
        self._given = tuple(patterns)

    @cached_property
    def _needs(self) -> list[tuple[tuple[str, ...], bool]]:
        """What each needs, and whether it ignores case: found out for the first text."""
        return [(needed(p), bool(p.flags & re.IGNORECASE)) for p in self._given]

    def matching(self, text: str) -> Iterator[int]:
        """Yield the places of the patterns that match, in their order."""
        return (place for place in self.possible(text) if self._given[place].search(text))

    def possible(self, text: str) -> Iterator[int]:
        """Yield the places of the patterns that a text has what they need of, in their order."""
        low = text.lower() if text.isascii() else ""
        for place, (words, folded) in enumerate(self._needs):
            # Beyond ASCII there are letters that only `re` takes for one another.
            said = low if folded else text
            if not (said and words) or has_any(said, words):
                yield place


def needed(pattern: re.Pattern[str]) -> tuple[str, ...]:
    """Return texts of which one stands wherever a pattern matches, in small letters where it
    ignores case; () where none is known."""
    return _needed(
        _parser.parse(pattern.pattern, pattern.flags), bool(pattern.flags & re.IGNORECASE)
    )


def _needed(parts: Iterable[tuple[Any, Any]], folded: bool) -> tuple[str, ...]:
    """Of all that a sequence needs, what is longest, and fewest."""
    found: list[tuple[str, ...]] = [("",)]
    for operation, value in parts:
        match str(operation):
            case "LITERAL" if not folded or value < 128:
                letter = chr(value).lower() if folded else chr(value)
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


def has_any(text: str, words: Iterable[str]) -> bool:
    """Whether one of some words stands in a text."""
    for word in words:  # noqa: SIM110 (any() takes twice as long)
        if word in text:
            return True
    return False
