"""Disjoint sets (Galler and Fischer 1964)."""

from __future__ import annotations

from array import array
from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray


class DisjointSets:
    """Sets of the numbers below `count`, at first of one each."""

    def __init__(self, count: int, sizes: NDArray[np.int64] | None = None) -> None:
        """`sizes` says for how many each number counts; None for one each."""
        self._parent = array("q", range(count))
        ones = np.ones(count, np.int64) if sizes is None else sizes.astype(np.int64)
        self._size = array("q", ones.tobytes())

    def root(self, i: int) -> int:
        """Return the number that stands for the set of `i`."""
        while self._parent[i] != i:
            self._parent[i] = i = self._parent[self._parent[i]]
        return i

    def size(self, i: int) -> int:
        """Return for how much the set of `i` counts."""
        return self._size[self.root(i)]

    def join(self, a: int, b: int) -> None:
        """Make the sets of two numbers one."""
        a, b = self.root(a), self.root(b)
        if a != b:
            self._parent[a] = b
            self._size[b] += self._size[a]

    def join_small(self, pairs: Iterable[tuple[int, int]], most: int) -> None:
        """Make the sets of each pair one, pair after pair, where that counts for at most `most`."""
        parent, size = self._parent, self._size
        for a, b in pairs:
            while (above := parent[a]) != a:
                parent[a] = a = parent[above]
            while (above := parent[b]) != b:
                parent[b] = b = parent[above]
            if a != b and size[a] + size[b] <= most:
                parent[a] = b
                size[b] += size[a]

    def roots(self) -> NDArray[np.int64]:
        """Return for each number the one that stands for its set."""
        return np.fromiter(map(self.root, range(len(self._parent))), np.int64)
