"""A bounded waiting room: whoever finds it full is told when to come back, at once."""

from __future__ import annotations

import math
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import anyio

from northloop.core.errors import Overloaded

_MEMORY = 0.1
"""Share of the newest duration in the running mean."""


class WaitingRoom:
    """Lets `running` requests in at a time; `places` may be inside, running or waiting.

    Lives on one event loop, so that plain counters are exact.
    """

    def __init__(self, running: int, places: int) -> None:
        self._turn = anyio.Semaphore(running)
        self._running = running
        self._places = places
        self._inside = 0
        self._mean_s = 1.0

    @property
    def inside(self) -> int:
        """How many requests are running or waiting."""
        return self._inside

    @asynccontextmanager
    async def place(self) -> AsyncIterator[None]:
        """Wait for a turn and hold it; Overloaded at once if every place is taken."""
        if self._inside >= self._places:
            raise Overloaded("too many requests are waiting", retry_after_s=self._retry_after_s())
        self._inside += 1
        try:
            async with self._turn:
                started_s = time.monotonic()
                try:
                    yield
                finally:
                    self._mean_s += _MEMORY * (time.monotonic() - started_s - self._mean_s)
        finally:
            self._inside -= 1

    def _retry_after_s(self) -> int:
        return max(1, math.ceil(self._mean_s * self._inside / self._running))
