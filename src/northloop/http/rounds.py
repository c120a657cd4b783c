"""Answers begin in rounds: all that wait begin in one thread, and share one commit.

What was approved, cached or is handed over unseen takes less than the way to a thread of its own
and back, and much less than a commit. So whoever comes while a round goes on begins with the next.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, nullcontext
from functools import partial
from types import GeneratorType
from typing import NamedTuple, TypeVar

from northloop.core.interaction import KEEPING, Pause
from northloop.http.completion import Given

T = TypeVar("T")
Piece = str | Given
Make = Callable[[], Iterator[Piece]]
_AT_ONCE = 32
"""So many begin in a round: nobody waits for more of them than that."""
_LINGER_S = 0.002
"""So long at most does a round wait for others, a fraction of what its commit takes."""


class Begun(NamedTuple):
    """An answer as far as it has come."""

    said: tuple[Piece, ...]
    rest: Iterator[Piece] | None
    """What makes the rest; None where the answer is whole, and kept."""


class Rounds:
    """Begins answers, for the requests of one event loop."""

    def __init__(self, around: Callable[[], AbstractContextManager[None]] = nullcontext) -> None:
        """In `around` answers begin together; what it raises, all of them are told."""
        self._around = around
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="answers")
        self._waiting: deque[_Waiting] = deque()
        self._is_going = False
        self._expected = 1
        """So many may come at once: as many as were answered last, and may ask again."""
        self._start: asyncio.Handle | None = None

    async def begin(self, make: Make) -> Begun:
        """Return an answer that needs no more than to be kept, whole; else where it pauses first.

        `make` is called in a thread: to find what answers may read an index from disk. What it
        raises, and what its pieces raise, is raised here.
        """
        loop = asyncio.get_running_loop()
        mine = _Waiting(make, loop.create_future())
        self._waiting.append(mine)
        self._look(loop)
        return await mine.begun

    def _look(self, loop: asyncio.AbstractEventLoop) -> None:
        """Have the next round begin: at once if all are there who may come, else a little later."""
        if self._is_going or not self._waiting:
            return
        if len(self._waiting) >= self._expected:
            if self._start is not None:
                self._start.cancel()
            # Others may have come in the same turn of the loop.
            self._start = loop.call_soon(self._go, loop)
        elif self._start is None:
            self._start = loop.call_later(_LINGER_S, self._go, loop)

    def _go(self, loop: asyncio.AbstractEventLoop) -> None:
        some = [self._waiting.popleft() for _ in range(min(len(self._waiting), _AT_ONCE))]
        self._start, self._is_going = None, True
        self._thread.submit(self._round, loop, some)

    def _round(self, loop: asyncio.AbstractEventLoop, some: Sequence[_Waiting]) -> None:
        found = together([one.make for one in some], self._around)
        loop.call_soon_threadsafe(self._hand_out, loop, some, found)

    def _hand_out(
        self,
        loop: asyncio.AbstractEventLoop,
        some: Sequence[_Waiting],
        found: Sequence[Begun | BaseException],
    ) -> None:
        self._is_going = False
        self._expected = sum(isinstance(b, Begun) and b.rest is None for b in found)
        for one, begun in zip(some, found, strict=True):
            if one.begun.done():
                continue  # Who waited is gone: the server ends.
            if isinstance(begun, BaseException):
                one.begun.set_exception(begun)
            else:
                one.begun.set_result(begun)
        self._look(loop)


class _Waiting(NamedTuple):
    make: Make
    begun: asyncio.Future[Begun]


def together(
    makes: Sequence[Make], around: Callable[[], AbstractContextManager[None]] = nullcontext
) -> list[Begun | BaseException]:
    """Begin several answers, and return each, or why it is none; those that are only to be kept are
    kept together, and whole.

    Where `around` cannot be entered or left, none of them is: nobody receives what was begun.
    """
    begun: list[Begun | BaseException] = []
    try:
        with around():
            begun = [_tried(partial(_begun, make)) for make in makes]
    except BaseException as error:  # noqa: BLE001 (whoever waits is told)
        for one in begun:
            if isinstance(one, Begun) and isinstance(one.rest, GeneratorType):
                one.rest.close()
        return [error for _ in makes]
    return [_tried(partial(_kept, one)) for one in begun]


def begin(pieces: Iterator[Piece]) -> Begun:
    """Return an answer whole, unless it pauses before its first text."""
    first = next(pieces, "")
    return Begun((first,), pieces) if isinstance(first, Pause) else Begun((first, *pieces), None)


def _begun(make: Make) -> Begun:
    return begin(iter(make()))


def _kept(one: Begun | BaseException) -> Begun:
    if isinstance(one, BaseException):
        raise one
    if one.rest is None or one.said[0] is not KEEPING:
        return one
    return Begun(tuple(one.rest), None)


def _tried(act: Callable[[], T]) -> T | BaseException:
    try:
        return act()
    except BaseException as error:  # noqa: BLE001 (what a library's panic is, too: the next go on)
        return error
