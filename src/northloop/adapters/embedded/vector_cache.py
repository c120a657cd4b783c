"""The semantic answer cache in this process's memory: one matrix a space, searched whole."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Collection, Mapping, Sequence

import msgspec
import numpy as np

from northloop.core.ids import Hash
from northloop.ports.semantic_cache import Entry, Neighbour, Vector

CAPACITY = 10_000


class _Kept(msgspec.Struct, frozen=True):
    entry: Entry
    expires_at_s: float
    order: int


class _Space:
    """The entries of one space, each with its row; a row that is left is taken by the last one."""

    def __init__(self, dimensions: int) -> None:
        self._vectors = np.empty((16, dimensions), np.float32)
        self._ids: list[str] = []
        self._row: dict[str, int] = {}

    def __len__(self) -> int:
        return len(self._ids)

    def put(self, entry_id: str, vector: Vector) -> None:
        row = self._row.get(entry_id)
        if row is None:
            row = self._row[entry_id] = len(self._ids)
            self._ids.append(entry_id)
            if row == len(self._vectors):
                self._vectors = np.concatenate([self._vectors, np.empty_like(self._vectors)])
        self._vectors[row] = vector

    def remove(self, entry_id: str) -> None:
        row, last = self._row.pop(entry_id), len(self._ids) - 1
        if row != last:
            self._vectors[row] = self._vectors[last]
            self._ids[row] = self._ids[last]
            self._row[self._ids[row]] = row
        self._ids.pop()

    def nearest(self, vector: Vector, count: int) -> list[tuple[float, str]]:
        """Return similarities and ids, in no order."""
        found = self._vectors[: len(self._ids)] @ vector
        among = np.arange(len(found))
        if len(among) > count:
            among = np.argpartition(found, -count)[-count:]
        return [(float(found[row]), self._ids[row]) for row in among.tolist()]


class VectorCache:
    """Implements `ports.semantic_cache.SemanticCache` for `capacity` entries; safe for threads.

    `clock_s` is a monotonic clock in seconds.
    """

    def __init__(
        self, capacity: int = CAPACITY, clock_s: Callable[[], float] = time.monotonic
    ) -> None:
        self._capacity = capacity
        self._clock_s = clock_s
        self._spaces: dict[Hash, _Space] = {}
        self._kept: OrderedDict[str, _Kept] = OrderedDict()
        """By id, the oldest first."""
        self._puts = 0
        self._lock = threading.Lock()

    def near(
        self, space: Hash, vector: Vector, count: int, least: float = 0.0
    ) -> Sequence[Neighbour]:
        if not vector.any():
            return []
        with self._lock:
            while (among := self._spaces.get(space)) is not None:
                found = among.nearest(vector, count)
                now_s = self._clock_s()
                gone = [name for _, name in found if self._kept[name].expires_at_s <= now_s]
                if not gone:
                    break
                for name in gone:
                    self._remove(name)
            else:
                return []
            kept = [(similarity, self._kept[name]) for similarity, name in found]
        ranked = sorted(kept, key=lambda one: (-one[0], one[1].order))
        return [Neighbour(at, one.entry) for at, one in ranked if at >= least]

    def put(self, entry: Entry, vector: Vector, ttl_s: int) -> None:
        if ttl_s <= 0 or not vector.any():
            return
        with self._lock:
            self._remove(entry.entry_id)
            self._puts += 1
            kept = _Kept(entry, self._clock_s() + ttl_s, self._puts)
            self._kept[entry.entry_id] = kept
            space = self._spaces.setdefault(entry.space, _Space(len(vector)))
            space.put(entry.entry_id, vector)
            while len(self._kept) > self._capacity:
                self._remove(next(iter(self._kept)))

    def refresh(self, entry: Entry) -> None:
        with self._lock:
            kept = self._kept.get(entry.entry_id)
            if kept is not None and kept.entry.space == entry.space:
                fresh = msgspec.structs.replace(kept, entry=entry)
                self._kept[entry.entry_id] = fresh

    def remove(self, entry_id: str) -> None:
        with self._lock:
            self._remove(entry_id)

    def drop(self, passages: Collection[Hash]) -> None:
        gone = frozenset(passages)
        with self._lock:
            for kept in [*self._kept.values()]:
                if not gone.isdisjoint(kept.entry.answer.grounds.evidence):
                    self._remove(kept.entry.entry_id)

    def held(self) -> Mapping[str, Entry]:
        with self._lock:
            return {name: kept.entry for name, kept in self._kept.items()}

    def count(self) -> int:
        return len(self._kept)

    def close(self) -> None:
        """There is no connection."""

    def _remove(self, entry_id: str) -> None:
        kept = self._kept.pop(entry_id, None)
        if kept is None:
            return
        space = self._spaces[kept.entry.space]
        space.remove(entry_id)
        if not len(space):
            del self._spaces[kept.entry.space]
