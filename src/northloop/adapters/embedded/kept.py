"""What was made of the texts that were asked for last."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Iterable, Mapping
from typing import Generic, TypeVar

from northloop.core.remembered import noted

T = TypeVar("T")


class Kept(Generic[T]):
    """Remembers one thing of each of so many texts; safe for threads."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._made: OrderedDict[str, T] = OrderedDict()
        self._lock = threading.Lock()
        noted(self)

    def __len__(self) -> int:
        return len(self._made)

    def cache_clear(self) -> None:
        """Remember nothing any more."""
        with self._lock:
            self._made.clear()

    def of(self, texts: Iterable[str]) -> dict[str, T]:
        """Return what is remembered of these texts."""
        with self._lock:
            found = {text: self._made[text] for text in texts if text in self._made}
            for text in found:
                self._made.move_to_end(text)
        return found

    def keep(self, made: Mapping[str, T]) -> None:
        """Remember this, too; the longest unasked for goes."""
        with self._lock:
            for text, what in made.items():
                self._made[text] = what
                self._made.move_to_end(text)
            while len(self._made) > self._most:
                self._made.popitem(last=False)
