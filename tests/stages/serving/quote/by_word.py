"""An embedder whose words are known: each means itself, or what it is another word for."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np

from northloop.ports.models import Words
from northloop.testing.models import HashEmbedder

_WORD = re.compile(r"\w+|[^\w\s]")
_ALIKE = {"bike": "bicycle", "puncture": "flat"}
LONGEST = 40


class ByWord(HashEmbedder):
    """A word means itself, or what it is another word for, wherever it stands."""

    def __init__(self) -> None:
        self.read: list[str] = []
        self._known: dict[str, int] = {}

    def word_by_word(self, texts: Sequence[str]) -> list[Words]:
        self.read += texts
        return [self._words(text) for text in texts]

    def _words(self, text: str) -> Words:
        found = [*_WORD.finditer(text.lower())][:LONGEST]
        said = [_ALIKE.get(one.group(), one.group()) for one in found]
        ids = [self._known.setdefault(one, len(self._known)) for one in said]
        vectors = np.zeros((len(ids), 200), np.float32)
        vectors[np.arange(len(ids)), ids] = 1.0
        return Words(
            np.array(ids, int), vectors, np.array([one.span() for one in found], int).reshape(-1, 2)
        )
