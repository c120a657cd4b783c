"""Disjoint sets (Galler and Fischer 1964)."""

from __future__ import annotations

from array import array
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray


class DisjointSets:
    """Sets of the numbers below `count`, at first of one each."""

    def __init__(self, count: int, sizes: Sequence[int] = ()) -> None:
        """`sizes` says for how many each number counts; () for one each."""
        self._parent = array("q", range(count))
        self._size = array("q", sizes or [1] * count)

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

    def roots(self) -> NDArray[np.int64]:
        """Return for each number the one that stands for its set."""
        return np.array([self.root(i) for i in range(len(self._parent))], np.int64)
