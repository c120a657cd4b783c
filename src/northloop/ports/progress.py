"""How long work tells how far it is."""

from __future__ import annotations

from typing import Protocol


class Progress(Protocol):
    """Called by long work; draws a bar, logs, or does nothing."""

    def __call__(self, task: str, done: int, total: int, note: str = "") -> None:
        """`done` of `total` units of `task` are finished (`total` 0: unknown)."""
        ...


def silent(task: str, done: int, total: int, note: str = "") -> None:
    """Ignore progress."""
