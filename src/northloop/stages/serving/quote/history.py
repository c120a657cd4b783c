"""What the questions that agents answered from a document teach about it: kernel ridge regression.

Its predictions without some of the questions are exact and cheap, so all that is fitted on top of
it is fitted on what it says of questions whose paraphrases it has not seen.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from math import log

import msgspec
import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from northloop.stages.serving.quote.parts import phrases, stems

Floats = NDArray[np.float64]
Ints = NDArray[np.int_]
_RIDGE = 0.15
_WORDS, WIDTH = 0.2, 0.5
"""Share of the words in how alike two questions are, and by how much the cosine of their meanings
falls until that has fallen to 1 / e."""
PARAPHRASE = 0.45
"""Kernel of two questions with one answer, from which on one is left out where the other is
predicted: what is left resembles them no more than a customer who says it in words of his own."""


class Terms(msgspec.Struct, frozen=True):
    """Words and pairs of words of the questions, with their weights."""

    columns: dict[str, int]
    idf: tuple[float, ...]

    @classmethod
    def of(cls, texts: Sequence[str]) -> Terms:
        """Return the terms that stand in two texts at least."""
        found = Counter(term for text in texts for term in set(phrases(stems(text))))
        kept = sorted(term for term, n in found.items() if n > 1)
        return cls(
            {term: column for column, term in enumerate(kept)},
            tuple(round(log(len(texts) / found[term]), 6) for term in kept),
        )

    def rows(self, texts: Sequence[str]) -> csr_matrix:
        """Return unit rows, shape (len(texts), terms)."""
        indptr, indices, data = [0], list[int](), list[float]()
        for text in texts:
            count = Counter(phrases(stems(text)))
            cells = [(self.columns[t], n) for t, n in count.items() if t in self.columns]
            values = [(1 + log(n)) * self.idf[column] for column, n in cells]
            norm = sum(v * v for v in values) ** 0.5 or 1.0
            indices += [column for column, _ in cells]
            data += [v / norm for v in values]
            indptr.append(len(indices))
        return csr_matrix((data, indices, indptr), shape=(len(texts), len(self.columns)))


def kernel(
    terms: csr_matrix, vectors: Floats, columns: csr_matrix, theirs: Floats, width: float = WIDTH
) -> Floats:
    """Return how alike questions are, 0..1, shape (questions, others).

    `terms` (questions, terms), `columns` (terms, others): the others' rows turned round. Meanings
    are alike by the exponential of their cosine, so that many a little alike do not outweigh the
    few that say the same; with a width of 0, as of what earlier versions learnt, by the cosine.
    """
    by_words = np.asarray((terms @ columns).toarray())
    by_meaning = np.asarray(vectors, float) @ np.asarray(theirs, float).T
    alike: Floats
    if width:
        alike = _WORDS * by_words + (1 - _WORDS) * np.exp((by_meaning - 1) / width)
    else:
        alike = 0.5 * by_words + 0.5 * np.maximum(by_meaning, 0.0)
    return alike


class Regression:
    """A kernel ridge regression of answers on questions, while it is being learnt."""

    def __init__(self, alike: Floats, wanted: Floats) -> None:
        """`alike` is the kernel of the questions, `wanted` (questions, answers)."""
        count = len(alike)
        self.base: Floats = (np.ones(count) / max(count, 1)) @ wanted
        self._inverse = np.linalg.inv(alike + _RIDGE * np.eye(count)).astype(np.float64)
        self.duals: Floats = self._inverse @ (wanted - self.base)
        self._same = (wanted @ wanted.T) > 0
        self._alike = alike

    def paraphrases(self, row: int) -> Ints:
        """Return the questions with an answer of this one that resemble it, itself included."""
        near = self._same[row] & (self._alike[row] >= PARAPHRASE)
        near[row] = True
        return np.flatnonzero(near)

    def without(self, alike: Floats, rows: Ints) -> Floats:
        """Return what is predicted for questions by all rows but these.

        `alike` is their kernel with all rows, shape (questions, rows).
        """
        solved = np.linalg.solve(self._inverse[np.ix_(rows, rows)], self.duals[rows])
        taken = alike @ self._inverse[:, rows]
        found: Floats = alike @ self.duals - taken @ solved + self.base
        return found
