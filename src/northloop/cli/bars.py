"""How far long work is, on stderr."""

from __future__ import annotations

import sys
import time
from types import TracebackType

from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TaskID,
    TextColumn,
    TimeRemainingColumn,
)

from northloop.cli.present import err


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
            # Else what is meant for a file would be drawn above the bars.
            redirect_stdout=sys.stdout.isatty(),
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

    def end(self) -> None:
        """Show all as finished and draw nothing below it, until there is more to do."""
        for task in self._bars.tasks:
            self._bars.update(task.id, completed=task.total or task.completed)
        self._bars.stop()
        for name in self._tasks.values():
            self._bars.remove_task(name)
        self._tasks.clear()

    def __call__(self, task: str, done: int, total: int, note: str = "") -> None:
        """Show that `done` of `total` units of a task are finished."""
        if not err.is_terminal:
            self._line(task, done, total, note)
            return
        if task not in self._tasks:
            self._bars.start()
            self._tasks[task] = self._bars.add_task(task, total=total or None, note=note)
        self._bars.update(self._tasks[task], completed=done, total=total or None, note=note)

    def _line(self, task: str, done: int, total: int, note: str) -> None:
        now = time.monotonic()
        finished = total > 0 and done >= total
        if finished or now - self._said.get(task, -1e9) >= 10:
            self._said[task] = now
            err.print(f"{task}  {done}/{total or '?'}  {note}".rstrip(), highlight=False)
