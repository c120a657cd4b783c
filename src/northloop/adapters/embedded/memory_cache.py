"""The answer cache in this process's memory: bounded, least recently used out first."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping

import msgspec

from northloop.core.interaction import CachedAnswer


class _Entry(msgspec.Struct, frozen=True):
    answer: CachedAnswer
    expires_at_s: float


class MemoryCache:
    """Implements `ports.cache.AnswerCache` for at most `capacity` answers; safe for threads.

    `clock_s` is a monotonic clock in seconds.
    """

    def __init__(
        self, capacity: int = 10_000, clock_s: Callable[[], float] = time.monotonic
    ) -> None:
        self._capacity = capacity
        self._clock_s = clock_s
        self._entries: OrderedDict[str, _Entry] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: str) -> CachedAnswer | None:
        with self._lock:
            entry = self._entries.get(key)
            if entry is None:
                return None
            if entry.expires_at_s <= self._clock_s():
                del self._entries[key]
                return None
            self._entries.move_to_end(key)
            return entry.answer

    def put(self, key: str, answer: CachedAnswer, ttl_s: int) -> None:
        with self._lock:
            self._entries[key] = _Entry(answer, self._clock_s() + ttl_s)
            self._entries.move_to_end(key)
            while len(self._entries) > self._capacity:
                self._entries.popitem(last=False)

    def refresh(self, key: str, answer: CachedAnswer) -> None:
        with self._lock:
            entry = self._entries.get(key)
            if entry is not None:
                self._entries[key] = _Entry(answer, entry.expires_at_s)

    def remove(self, key: str) -> None:
        with self._lock:
            self._entries.pop(key, None)

    def held(self) -> Mapping[str, CachedAnswer]:
        with self._lock:
            return {key: entry.answer for key, entry in self._entries.items()}

    def close(self) -> None:
        """There is no connection."""
