"""Word lists and alternatives, written as plain text over several lines."""

from __future__ import annotations

import re

_BREAK_AND_BAR = re.compile(r"\n\s*\| ")
_BREAK = re.compile(r"\n\s*")


def words(text: str) -> frozenset[str]:
    """Return the words of a text as a set."""
    return frozenset(text.split())


def is_typed_plainly(text: str) -> bool:
    """Whether a text is of ASCII alone, with no control characters but line ends: most are."""
    return text.isascii() and text.replace("\n", " ").isprintable()


def any_of(text: str) -> str:
    """Return a group of the patterns separated by `|`.

    Neither space around the bars nor line breaks with their indentation count.
    """
    joined = "".join(line.strip() for line in text.splitlines())
    return f"(?:{'|'.join(part.strip() for part in joined.split('|'))})"


def phrases_of(text: str) -> str:
    """Return a group of the `phrases` of a text."""
    return f"(?:{'|'.join(phrases(text))})"


def phrases(text: str) -> list[str]:
    """Return the phrases separated by ` | `, spaces within a phrase kept.

    A bar without spaces around it belongs to the pattern of a phrase, and so does what stands
    after a line break without a bar.
    """
    joined = _BREAK.sub("", _BREAK_AND_BAR.sub(" | ", text.strip()))
    return [part.strip() for part in joined.split(" | ")]
