"""Word lists and alternatives, written as plain text over several lines."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from itertools import accumulate

_BREAK_AND_BAR = re.compile(r"\n\s*\| ")
_COUNTS = ("?", "*", "+", "{")
"""What makes the character before it another thing than itself."""
_PARTS = re.compile(r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|.", re.S)
"""Of a pattern: what is escaped, a class of characters, any other character."""
_BREAK = re.compile(r"\n\s*")
_WHOLE = str.maketrans({"ł": "l", "ø": "o", "đ": "d", "ß": "ss", "æ": "ae", "œ": "oe"})
"""Letters that are no accented ones."""
_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})


def words(text: str) -> frozenset[str]:
    """Return the words of a text as a set."""
    return frozenset(text.split())


def typed_words(text: str) -> frozenset[str]:
    """Return the words of a text as a set, with how each is typed without its accents."""
    return frozenset(typed(text.split()))


def typed(names: Iterable[str]) -> tuple[str, ...]:
    """Return names, each followed by how it is typed where accents are not: `wewnętrzna` and
    `wewnetrzna`, `öffentlich`, `offentlich` and `oeffentlich`; each once, the first place counts.
    """
    ways = ((name, without_accents(name), name.translate(_UMLAUTS)) for name in names)
    return tuple(dict.fromkeys(way for of_name in ways for way in of_name))


def without_accents(name: str) -> str:
    """Return a name with its Latin letters as ASCII has them; kana and Hangul as they are."""
    if name.isascii():
        return name
    whole = (unicodedata.normalize("NFD", letter) for letter in name.translate(_WHOLE))
    bare = (parts[0] if parts[0].isascii() else unicodedata.normalize("NFC", parts)
            for parts in whole)  # fmt: skip
    return "".join(bare)


def without_marks(text: str) -> str:
    """Return a text without what stands above and below its letters, which come apart for it."""
    return "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c))


def is_typed_plainly(text: str) -> bool:
    """Whether a text is of ASCII alone, with no control characters but line ends: most are."""
    return text.isascii() and text.replace("\n", " ").isprintable()


def any_of(text: str) -> str:
    """Return a group of the patterns separated by `|`.

    Neither space around the bars nor line breaks with their indentation count.
    """
    joined = "".join(line.strip() for line in text.splitlines())
    return either("|".join(part.strip() for part in joined.split("|")))


def either(ways: str) -> str:
    """Return a group of patterns apart by `|`, none of which captures anything.

    It matches what they match, in their order, and reads each letter that several begin with once:
    of a hundred cues a word is held against those of its own letter.
    """
    return _by_letter([way for one in _apart(ways) for way in _opened(one)])


def _opened(pattern: str) -> list[str]:
    """Return a pattern that begins with a choice as that many, what may be missing as two."""
    if not pattern.startswith("(?:"):
        return [pattern]
    parts = _PARTS.findall(pattern)
    depths = list(accumulate((part == "(") - (part == ")") for part in parts))
    inner, rest = "".join(parts[3 : depths.index(0)]), "".join(parts[depths.index(0) + 1 :])
    may_be_missing = rest.startswith("?")
    rest = rest[may_be_missing:]
    if rest.startswith(_COUNTS) or "(?P<" in rest:
        return [pattern]
    ways = [way + rest for way in _apart(inner)] + [rest] * may_be_missing
    return [opened for way in ways for opened in _opened(way)]


def _by_letter(patterns: Sequence[str]) -> str:
    """Return a group of patterns, of those that begin with the same letter one.

    Those of two letters cannot match in the same place, so the order of those that can stays.
    Past a pattern that begins with anything else none is moved.
    """
    groups: list[dict[str, list[str]]] = [{}]
    for pattern in patterns:
        if pattern[:1].islower() and not pattern[1:].startswith(_COUNTS):
            groups[-1].setdefault(pattern[0], []).append(pattern)
        else:
            groups += [{pattern: [pattern]}, {}]
    ways = [
        letter + _by_letter([way[1:] for way in found]) if len(found) > 1 else found[0]
        for group in groups
        for letter, found in group.items()
    ]
    return f"(?:{'|'.join(ways)})"


def _apart(pattern: str) -> list[str]:
    """Return the ways of a pattern: what the bars part that stand in no group."""
    ways, depth = [""], 0
    for part in _PARTS.findall(pattern):
        depth += (part == "(") - (part == ")")
        if part == "|" and not depth:
            ways.append("")
        else:
            ways[-1] += part
    return ways


def phrases_of(text: str) -> str:
    """Return a group of the `phrases` of a text."""
    return either("|".join(phrases(text)))


def phrases(text: str) -> list[str]:
    """Return the phrases separated by ` | `, spaces within a phrase kept.

    A bar without spaces around it belongs to the pattern of a phrase, and so does what stands
    after a line break without a bar.
    """
    joined = _BREAK.sub("", _BREAK_AND_BAR.sub(" | ", text.strip()))
    return [part.strip() for part in joined.split(" | ")]
