"""The rows that a linear head learns."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from northloop.adapters.embedded.linear_head import LONGEST_TEXT
from northloop.core.ids import uniform

FEWEST_ROWS = 2
"""Of each label, however many labels there are."""


class Rows(NamedTuple):
    """Rows to learn, labels and groups by number."""

    texts: list[str]
    labels: NDArray[np.int64]
    groups: NDArray[np.int64]
    counts: NDArray[np.float32]
    """So many rows each of them stands for."""
    chosen: NDArray[np.int64]
    """Their places among all."""


def few(texts: Sequence[str], labels: NDArray[np.int64], groups: Sequence[str], cells: int) -> Rows:
    """Return the rows that are learnt: all, or of the commonest labels a fixed draw of some, so
    that there are no more than `cells` rows × labels."""
    sizes = np.bincount(labels)
    cap = _cap(sizes, max(cells // len(sizes), FEWEST_ROWS * len(sizes)))
    chosen = list(range(len(texts)))
    if cap < sizes.max():
        taken: Counter[int] = Counter()
        drawn = []
        for row in sorted(chosen, key=lambda row: uniform("head", str(row))):
            taken[int(labels[row])] += 1
            if taken[int(labels[row])] <= cap:
                drawn.append(row)
        chosen = sorted(drawn)
    counts = (sizes / np.clip(sizes, 1, cap))[labels[chosen]]
    _, numbers = np.unique([groups[row] for row in chosen], return_inverse=True)
    return Rows(
        [texts[row][:LONGEST_TEXT] for row in chosen],
        labels[chosen],
        numbers.astype(np.int64),
        counts.astype(np.float32),
        np.array(chosen, np.int64),
    )


def _cap(sizes: NDArray[np.int64], most: int) -> int:
    """Return the most rows of one label with which there are no more than `most` in all."""
    low, high = 1, int(sizes.max())
    while low < high:
        middle = (low + high + 1) // 2
        if np.minimum(sizes, middle).sum() <= most:
            low = middle
        else:
            high = middle - 1
    return low
