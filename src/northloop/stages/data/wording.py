"""Word lists and alternatives, written as plain text over several lines."""

from __future__ import annotations


def words(text: str) -> frozenset[str]:
    """Return the words of a text as a set."""
    return frozenset(text.split())


def any_of(text: str) -> str:
    """Return a group of the patterns separated by `|`.

    Neither space around the bars nor line breaks with their indentation count.
    """
    joined = "".join(line.strip() for line in text.splitlines())
    return f"(?:{'|'.join(part.strip() for part in joined.split('|'))})"
