"""Several parts of a computation at once, where arrays are computed without the interpreter."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

T = TypeVar("T")
U = TypeVar("U")


def at_once(work: Callable[[T], U], parts: Iterable[T]) -> list[U]:
    """Return what the work makes of each part, in their order, done by as many threads as there are
    cores; the first error is raised. Products of arrays gain by it, Python's own work does not.
    """
    todo = [*parts]
    if len(todo) < 2:
        return [work(part) for part in todo]
    with ThreadPoolExecutor(min(len(todo), len(os.sched_getaffinity(0)))) as pool:
        return [*pool.map(work, todo)]
