"""What people and programs see: tables and bars on a terminal, one JSON document with --json."""

from __future__ import annotations

import sys
import time
from collections.abc import Sequence
from types import TracebackType

import msgspec
from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TaskID,
    TextColumn,
    TimeRemainingColumn,
)
from rich.table import Table

out = Console(soft_wrap=True)
err = Console(stderr=True)


def document(value: object) -> None:
    """Print a value as the one JSON document on stdout."""
    sys.stdout.write(msgspec.json.format(msgspec.json.encode(value), indent=2).decode() + "\n")


def table(title: str, head: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Print a table with its first column to the left and the others to the right."""
    drawn = Table(title=title, title_justify="left", title_style="bold", pad_edge=False, box=None)
    for i, name in enumerate(head):
        drawn.add_column(name, justify="left" if i == 0 else "right", header_style="dim")
    for row in rows:
        drawn.add_row(*row)
    out.print(drawn)
    out.print()


class Bars:
    """Progress on stderr: bars on a terminal, else a plain line at most every ten seconds."""

    def __init__(self) -> None:
        self._bars = Progress(
            TextColumn("{task.description:<24}"),
            BarColumn(bar_width=28),
            MofNCompleteColumn(),
            TimeRemainingColumn(compact=True),
            TextColumn("{task.fields[note]}"),
            console=err,
            disable=not err.is_terminal,
        )
        self._tasks: dict[str, TaskID] = {}
        self._said: dict[str, float] = {}

    def __enter__(self) -> Bars:
        self._bars.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._bars.stop()

    def __call__(self, task: str, done: int, total: int, note: str = "") -> None:
        """Show that `done` of `total` units of a task are finished."""
        if not err.is_terminal:
            self._line(task, done, total, note)
            return
        if task not in self._tasks:
            self._tasks[task] = self._bars.add_task(task, total=total or None, note=note)
        self._bars.update(self._tasks[task], completed=done, total=total or None, note=note)

    def _line(self, task: str, done: int, total: int, note: str) -> None:
        now = time.monotonic()
        finished = total > 0 and done >= total
        if finished or now - self._said.get(task, -1e9) >= 10:
            self._said[task] = now
            err.print(f"{task}  {done}/{total or '?'}  {note}".rstrip(), highlight=False)
