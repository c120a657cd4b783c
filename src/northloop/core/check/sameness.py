"""Do two answers say the same to a customer? Draft."""

from __future__ import annotations

from northloop.core.question import normalised


def says_the_same(one: str, other: str) -> bool:
    return normalised(one) == normalised(other)
