"""Disjoint sets (Galler and Fischer 1964)."""

from __future__ import annotations

from collections import defaultdict


class DisjointSets:
    """Sets of the numbers below `count`, at first of one each."""

    def __init__(self, count: int = 0) -> None:
        self._parent = list(range(count))
        self._size = [1] * count

    def add(self) -> None:
        """Add the next number, in a set of its own."""
        self._parent.append(len(self._parent))
        self._size.append(1)

    def root(self, i: int) -> int:
        """Return the number that stands for the set of `i`."""
        while self._parent[i] != i:
            self._parent[i] = i = self._parent[self._parent[i]]
        return i

    def size(self, i: int) -> int:
        """Return how many numbers are in the set of `i`."""
        return self._size[self.root(i)]

    def join(self, a: int, b: int) -> None:
        """Make the sets of two numbers one."""
        a, b = self.root(a), self.root(b)
        if a != b:
            self._parent[a] = b
            self._size[b] += self._size[a]

    def members(self) -> dict[int, list[int]]:
        """Return the sets by what stands for them, each in order."""
        found: dict[int, list[int]] = defaultdict(list)
        for i in range(len(self._parent)):
            found[self.root(i)].append(i)
        return found
