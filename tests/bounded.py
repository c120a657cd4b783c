"""A guard against work without bound. How fast something is, benchmarks/ measures."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

MOST_S = 10.0


@contextmanager
def bounded(most_s: float = MOST_S) -> Iterator[None]:
    """Fails when what is done within takes this thread more CPU seconds than `most_s`.

    The bound is many times what a busy machine takes, and far below what quadratic work takes."""
    began_s = time.thread_time()
    yield
    took_s = time.thread_time() - began_s
    assert took_s < most_s, f"{took_s:.1f} CPU seconds where {most_s:g} are allowed"
