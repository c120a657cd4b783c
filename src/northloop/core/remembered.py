"""What is remembered of texts for speed: a forgotten customer's words are let go of, too."""

from __future__ import annotations

import threading
from collections.abc import Callable
from functools import lru_cache
from typing import Any, Protocol, TypeVar
from weakref import WeakSet

T = TypeVar("T")


class Clearable(Protocol):
    """Remembers something, and can let go of all of it."""

    def cache_clear(self) -> None:
        """Let go of it."""
        ...


_ALL: WeakSet[Any] = WeakSet()
_ALONE = threading.Lock()


def noted(memory: Clearable) -> None:
    """Have `let_go` clear a memory as long as it lives."""
    with _ALONE:
        _ALL.add(memory)


def remembered(most: int) -> Callable[[Callable[..., T]], Callable[..., T]]:
    """Return a decorator that remembers what a function of texts returned last, so many times."""

    def remembering(function: Callable[..., T]) -> Callable[..., T]:
        found = lru_cache(most)(function)
        noted(found)
        return found

    return remembering


def let_go() -> None:
    """Let go of all that this process remembers of texts."""
    with _ALONE:
        every = [*_ALL]
    for memory in every:
        memory.cache_clear()
