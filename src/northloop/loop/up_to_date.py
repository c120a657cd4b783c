"""What is read from the records, and kept until what it follows from has changed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, TypeVar

T = TypeVar("T")


class UpToDate(Generic[T]):
    """Returns what a function reads, read anew where the version of it is another; safe for
    threads."""

    def __init__(self, version: Callable[[], object], read: Callable[[], T]) -> None:
        self._version, self._read = version, read
        self._known: tuple[object, T] | None = None

    def __call__(self) -> T:
        version, known = self._version(), self._known
        if known is None or known[0] != version:
            # Read after the version: what comes in between is read again, never missed.
            known = self._known = version, self._read()
        return known[1]

    @property
    def last(self) -> T:
        """As it was read last."""
        return self._known[1] if self._known else self()
