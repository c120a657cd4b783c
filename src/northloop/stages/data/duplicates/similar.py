"""How similar two texts are, by the pieces of their words."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import TypeAlias

from northloop.stages.data.duplicates.words import plain
from northloop.stages.data.spelling import Spelling

SHINGLE_CHARS = 4
CACHED_SHINGLES = 512

Similarity: TypeAlias = "Callable[[str, str, Spelling], float]"
"""How similar two normalised texts are, from 0 to 1."""


def similarity(a: str, b: str, spelling: Spelling) -> float:
    """Return the Jaccard similarity of the shingles of two normalised texts.

    Words that say nothing are left out, and what is misspelt in `b` is read as `a` has it.
    """
    return _jaccard(shingles(a), shingles(_corrected(b, a, spelling)))


@lru_cache(CACHED_SHINGLES)
def shingles(key: str) -> frozenset[str]:
    """Return the character 4-grams of a normalised text, without the words that say nothing."""
    padded = f" {plain(key)} "
    return frozenset(
        padded[i : i + SHINGLE_CHARS] for i in range(max(1, len(padded) - SHINGLE_CHARS + 1))
    )


def _jaccard(left: frozenset[str], right: frozenset[str]) -> float:
    shared = len(left & right)
    return shared / (len(left) + len(right) - shared)


def _corrected(key: str, model: str, spelling: Spelling) -> str:
    """Return `key` with words that are misspelt words of `model` written as there."""
    own, others = key.split(), set(model.split())
    spare = sorted(others.difference(own))
    return " ".join(
        word if word in others else next((o for o in spare if spelling.same(word, o)), word)
        for word in own
    )
