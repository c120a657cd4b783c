"""A linear head, fitted again as people say what questions are about.

Of a fit from nothing, five parts in six set the calibration; it is kept here. So are the words that
were known with their weights, new ones come behind them, and the descent starts from the weights
that the head was sealed with: the same rows give the same head, however they came in.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import msgspec
import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array, vstack

from northloop.adapters.embedded.linear_head import (
    LONGEST_TEXT,
    Arrays,
    LinearHead,
    Vocabulary,
    centred,
    is_word,
    tokens,
)
from northloop.adapters.embedded.linear_rows import few
from northloop.core.ids import uniform
from northloop.statistics import softmax
from northloop.statistics.softmax import Design, Weights

CELLS = 500_000
"""Rows × labels of what is known already; beyond, only some rows of the commonest labels."""
FEWEST_TRIED = 20
"""Rows on either side, before it is tried anew how far common labels are held back."""
PLAINLY = 2.0
"""Standard errors of a gain."""


class LinearRelearning:
    """Implements `ports.heads.Relearning` for heads of `LinearHeads`."""

    def __init__(
        self,
        head: LinearHead,
        texts: Sequence[str],
        labels: Sequence[str],
        vectors: NDArray[np.float32],
    ) -> None:
        self._head = head
        place = {label: number for number, label in enumerate(head.labels)}
        known = [row for row, label in enumerate(labels) if label in place]
        numbers = np.array([place[labels[row]] for row in known], np.int64)
        self._sizes = np.bincount(numbers, minlength=len(place))
        rows = few([texts[row] for row in known], numbers, [str(row) for row in known], CELLS)
        self._labels, self._counts = rows.labels, rows.counts
        self._words = head.vocabulary.counted(rows.texts)
        self._meanings = centred(vectors[np.array(known)[rows.chosen]], head.arrays.centre)

    def __call__(self, texts: Sequence[str], labels: Sequence[str]) -> LinearHead:
        """Return the head of the rows known at first and of these."""
        card = self._head.card
        names = tuple(sorted({*card.labels, *labels}))
        place = {label: number for number, label in enumerate(names)}
        was = np.array([place[label] for label in card.labels])
        told = np.array([place[label] for label in labels], np.int64)
        read = [text[:LONGEST_TEXT] for text in texts]
        vocabulary = self._with_words_of(read)
        design = Design(
            vstack([_wider(self._words, len(vocabulary.idf)), vocabulary.counted(read)], "csr"),
            np.concatenate(
                [self._meanings, centred(self._head.reads_by.embed(read), self._head.arrays.centre)]
            ),
        )
        sizes = np.bincount(told, minlength=len(names)).astype(np.float64)
        sizes[was] += self._sizes
        common = np.maximum(sizes, 1) / sizes.sum()
        every = np.concatenate([was[self._labels], told])
        start = self._start(was, len(names), len(vocabulary.idf))

        counts = np.concatenate([self._counts, np.ones(len(told), np.float32)])

        def fitted(rows: NDArray[np.int64]) -> Weights:
            """Of the labels that some of these rows have; the others are not to be had."""
            there, own = np.unique(every[rows], return_inverse=True)
            found = softmax.fitted(
                design.rows(rows), own, len(there), counts[rows], start[:, there]
            )
            weights = np.zeros_like(start)
            weights[-1] = softmax.UNSEEN
            weights[:, there] = found
            return weights

        strength = card.strength
        apart = np.array([uniform("again", text) < 0.5 for text in read], bool)
        if min(apart.sum(), (~apart).sum()) >= FEWEST_TRIED:
            known = np.concatenate([np.ones(len(self._labels), bool), ~apart])
            scores = softmax.logits(
                design.rows(np.flatnonzero(~known)), fitted(np.flatnonzero(known))
            )
            strength = _strength(scores, told[apart], common, strength)
        weights = fitted(np.arange(len(every)))
        weights[-1] -= (strength * np.log(common)).astype(np.float32)
        return LinearHead(
            self._head.reads_by,
            msgspec.structs.replace(
                card, labels=names, tokens=tuple(vocabulary.columns), strength=strength
            ),
            Arrays(weights, vocabulary.idf, self._head.arrays.centre),
        )

    def _with_words_of(self, texts: Sequence[str]) -> Vocabulary:
        """The vocabulary with the words of new texts, and the rest of them that is shared."""
        known = self._head.vocabulary
        seen = Counter(token for text in texts for token in set(tokens(text)))
        new = sorted(t for t in seen if t not in known.columns and (seen[t] > 1 or is_word(t)))
        rows = int(self._sizes.sum()) + len(texts)
        idf = np.log((1 + rows) / (1 + np.array([seen[token] for token in new], float))) + 1
        columns = known.columns | {token: n for n, token in enumerate(new, len(known.columns))}
        return Vocabulary(columns, np.concatenate([known.idf, idf.astype(np.float32)]))

    def _start(self, was: NDArray[np.int64], labels: int, words: int) -> Weights:
        """The sealed weights at the places of a larger head, intercepts as they were fitted."""
        sealed = self._head.arrays.weights
        known, meanings = len(self._head.vocabulary.idf), len(self._head.arrays.centre)
        start = np.zeros((words + meanings + 1, labels), np.float32)
        start[:known, was] = sealed[:known]
        start[words:, was] = sealed[known:]
        common = np.maximum(self._sizes, 1) / max(1, self._sizes.sum())
        start[-1, was] += (self._head.card.strength * np.log(common)).astype(np.float32)
        return start


def _strength(
    scores: NDArray[np.float32],
    labels: NDArray[np.int64],
    common: NDArray[np.float64],
    sealed: float,
) -> float:
    """Return how far common labels are held back, as questions come now: as sealed, unless another
    strength is plainly better on rows that were not fitted."""

    def right(power: float) -> NDArray[np.float64]:
        found: NDArray[np.float64] = (
            (scores - power * np.log(common)).argmax(axis=1) == labels
        ).astype(np.float64)
        return found

    best = max(softmax.STRENGTHS, key=lambda power: (right(power).sum(), power))
    gain = right(best) - right(sealed)
    is_plain = gain.sum() > PLAINLY * np.sqrt((gain**2).sum())
    return best if is_plain else sealed


def _wider(counted: csr_array, columns: int) -> csr_array:
    return csr_array(
        (counted.data, counted.indices, counted.indptr), shape=(counted.shape[0], columns)
    )
