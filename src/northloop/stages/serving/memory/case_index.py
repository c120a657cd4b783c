"""Cases laid out for the search: what is nearest by words, by meaning and by what it is about."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, vstack

COARSE = 64
"""Dimensions of the first look at many cases."""
MANY = 8_192
"""From so many cases on a first look is taken before the exact one."""
COMMON = 0.02
"""Pieces that a larger share of many cases has are left out of the first look."""
LOOKED_AT = 192
"""So many are compared exactly."""
INTENTS = 3
"""So many intents of a case count."""
FLOOR = 1e-3
"""The least probability that two questions are about the same."""

Floats = NDArray[np.float32]


class EncodedQuestion(NamedTuple):
    """A question as it is looked up."""

    columns: NDArray[np.int32]
    weights: Floats
    """Its pieces and their weights, of unit length."""
    vector: Floats
    about: NDArray[np.float64] | None
    """Probabilities of the head's labels; None without a head."""


class Near(NamedTuple):
    """Cases near a question, nearest first."""

    places: NDArray[np.int64]
    words: Floats
    meaning: Floats
    about: Floats
    """log P(same intent)."""


class CaseIndex:
    """Cases with their vectors; never changes."""

    def __init__(
        self,
        words: csr_matrix,
        vectors: Floats,
        about: tuple[NDArray[np.int32], Floats],
        many: int = MANY,
    ) -> None:
        """`words` and `vectors` have rows of unit length; `about` holds for each case the places of
        its likeliest intents among the head's labels, and their probabilities. From `many` cases on
        a first look is taken."""
        self._words, self.vectors = words, vectors
        self._labels, self._chances = about
        self._first: _FirstLook | None = None
        if len(self) > many:
            self._first = _FirstLook(words, vectors)

    def __len__(self) -> int:
        return len(self.vectors)

    def near(
        self,
        encoded: EncodedQuestion,
        weights: tuple[float, float, float],
        gone: NDArray[np.bool_],
        top: int,
    ) -> Near:
        """Return the `top` best by words, meaning and log P(same intent), weighted; none `gone`."""
        about = self._about(encoded)
        by_word, by_meaning, by_intent = weights
        looked_at = np.arange(len(self))
        if self._first is not None:
            rough = self._first.look(encoded, by_word, by_meaning) + np.float32(by_intent) * about
            rough[gone] = -np.inf
            looked_at = np.sort(np.argpartition(-rough, LOOKED_AT)[:LOOKED_AT])
        looked_at = looked_at[~gone[looked_at]]
        words = self._by_words(encoded, looked_at)
        meaning = self.vectors[looked_at] @ encoded.vector
        total = by_word * words + by_meaning * meaning + by_intent * about[looked_at]
        best = np.argsort(-total, kind="stable")[:top]
        chosen = looked_at[best]
        return Near(chosen, words[best], meaning[best], about[chosen])

    def with_(self, other: CaseIndex) -> CaseIndex:
        """Return both together, the other's cases behind; it takes no first look."""
        return CaseIndex(
            vstack([self._words, other._words], format="csr"),
            np.concatenate([self.vectors, other.vectors]),
            (
                np.concatenate([self._labels, other._labels]),
                np.concatenate([self._chances, other._chances]),
            ),
            sys.maxsize,
        )

    def about(self, about: tuple[NDArray[np.int32], Floats]) -> CaseIndex:
        """Return the same cases about something else."""
        other = CaseIndex.__new__(CaseIndex)
        other.__dict__.update(self.__dict__)
        other._labels, other._chances = about
        return other

    def only(self, kept: Sequence[int]) -> CaseIndex:
        """Return the cases at these places alone."""
        places = np.array(kept, np.int64)
        about = self._labels[places], self._chances[places]
        return CaseIndex(self._words[places], self.vectors[places], about, sys.maxsize)

    def _about(self, encoded: EncodedQuestion) -> Floats:
        if encoded.about is None or not len(encoded.about):
            return np.zeros(len(self), np.float32)
        chances = (encoded.about.astype(np.float32)[self._labels] * self._chances).sum(axis=1)
        found: Floats = np.log(np.maximum(chances, np.float32(FLOOR)))
        return found

    def _by_words(self, encoded: EncodedQuestion, places: NDArray[np.int64]) -> Floats:
        query = np.zeros(self._words.shape[1], np.float32)
        query[encoded.columns] = encoded.weights
        rows = self._words if len(places) == len(self) else self._words[places]
        found: Floats = rows @ query
        return found


class _FirstLook:
    """A quick look at all of many cases."""

    def __init__(self, words: csr_matrix, vectors: Floats) -> None:
        turned = words.tocsc()
        self._starts, self._rows, self._data = turned.indptr, turned.indices, turned.data
        self._most = int(COMMON * len(vectors))
        directions = np.linalg.eigh(vectors.T.astype(np.float64) @ vectors)[1]
        self._down = np.ascontiguousarray(directions[:, ::-1][:, :COARSE].astype(np.float32))
        self._coarse = np.ascontiguousarray(vectors @ self._down)

    def look(self, encoded: EncodedQuestion, by_word: float, by_meaning: float) -> Floats:
        meaning = self._coarse @ (encoded.vector @ self._down)
        starts, ends = self._starts[encoded.columns], self._starts[encoded.columns + 1]
        rare = np.flatnonzero(ends - starts <= self._most)
        found = [slice(starts[i], ends[i]) for i in rare]
        total: Floats = np.float32(by_meaning) * meaning
        if not found:
            return total
        rows = np.concatenate([self._rows[one] for one in found])
        shares = np.concatenate(
            [self._data[one] * encoded.weights[i] for one, i in zip(found, rare, strict=True)]
        )
        words = np.bincount(rows, shares, minlength=len(total)).astype(np.float32)
        total += np.float32(by_word) * words
        return total


def likeliest(
    intents: Sequence[str], labels: Sequence[str], guessed: NDArray[np.float64] | None
) -> tuple[NDArray[np.int32], Floats]:
    """Return for each case its likeliest intents among `labels`, and how likely they are.

    A case whose intent is among them is of that; of others it is what the head says, `guessed`, of
    shape (len(intents), len(labels)).
    """
    places = np.zeros((len(intents), INTENTS), np.int32)
    chances = np.zeros((len(intents), INTENTS), np.float32)
    if not labels:
        return places, chances
    place = {label: i for i, label in enumerate(labels)}
    for row, intent in enumerate(intents):
        known = place.get(intent)
        if known is not None:
            places[row, 0], chances[row, 0] = known, 1.0
        elif guessed is not None:
            best = np.argsort(-guessed[row], kind="stable")[:INTENTS]
            places[row, : len(best)] = best
            chances[row, : len(best)] = guessed[row][best]
    return places, chances
