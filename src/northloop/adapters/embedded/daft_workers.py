"""Work in many pieces as a Daft plan, in processes of this machine.

Pieces are read while others are done, and only a few calls' worth are on their way, and in memory,
however many there are. What does them lives in processes of its own, made once for each: Python
does one thing at a time.
"""

from __future__ import annotations

import asyncio
import atexit
import contextlib
import os
import pickle
import re
import signal
import sys
import threading
import time
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import islice
from multiprocessing import shared_memory
from pathlib import Path
from types import FrameType
from typing import Any

import daft
import pyarrow
from daft import DataFrame, DataType, Schema, Series
from daft.io.source import DataSource, DataSourceTask
from daft.recordbatch import RecordBatch

from northloop.ports.scratch import remove_left
from northloop.ports.workers import Work

PIECES_A_CALL = 100
"""What a process takes at a time."""
CALLS_AHEAD = 10 * (os.cpu_count() or 1)
"""So many are on their way, or done and not asked for yet: ten for each process."""
PIECE = "piece"
SCHEMA = pyarrow.schema([(PIECE, pyarrow.large_binary())])

_INTERRUPTED = 130
"""How a process ends that Ctrl-C has ended."""
_SHARED_MEMORY = Path("/dev/shm")
_MOMENTS, _MOMENT_S = 10, 0.01
"""How long a process may take to end after it has let go of those that do its pieces."""
_PIECE_IN_MEMORY = re.compile(r"nl([0-9a-f]+)-[0-9a-f]+")

os.environ.setdefault("DAFT_PROGRESS_BAR", "0")
os.environ.setdefault("DAFT_ANALYTICS_ENABLED", "0")


class DaftWorkers:
    """Does pieces of work in as many processes as there are cores."""

    def __init__(self, scratch: Path) -> None:
        """`scratch` is a folder in which what a killed process left is looked for, and removed."""
        self._scratch = scratch

    def __call__(self, work: Work, pieces: Iterable[bytes]) -> Iterator[bytes]:
        """Yield the result of each piece, in any order.

        What yields the pieces runs in another thread, beside whoever takes the results.
        """
        remove_left(self._scratch, "pieces")
        _forget_left()
        _name_memory_after(os.getpid())
        handed = _Handed(pieces)
        plan = done(_Source(handed).read(), work)
        try:
            with _told_of_ctrl_c():
                for results in plan:
                    handed.take_back(len(results))
                    yield from results
                if handed.failed is None and handed.is_short:
                    # Daft hears of Ctrl-C by itself, and may end the plan before Python is told.
                    raise KeyboardInterrupt
        finally:  # before the plan is let go of, which waits for all who read for it
            handed.stop()
        if handed.failed is not None:
            raise handed.failed


def table_of(pieces: Sequence[bytes]) -> pyarrow.Table:
    """Return pieces as the plan takes them."""
    return pyarrow.table([pyarrow.array(pieces, pyarrow.large_binary())], schema=SCHEMA)


def done(pieces: DataFrame, work: Work) -> Iterator[list[bytes]]:
    """Yield the results of pieces, some at a time, in any order."""
    results = _results(pickle.dumps(work))
    for batch in pieces.select(results(daft.col(PIECE))).to_arrow_iter():
        yield batch.column(0).to_pylist()


def _results(work: bytes) -> Any:
    """Return the function of the plan that does pieces.

    It is a function, no class: on Ray the pieces of a lost machine come to another's functions,
    while a plan with a class waits for ever (seen with Daft 0.7.26).
    """

    @daft.func.batch(return_dtype=DataType.binary(), use_process=True, batch_size=PIECES_A_CALL)
    def results(pieces: Series) -> list[bytes]:
        _receives_for(os.getppid())
        do = _doing(work)
        return [do(piece) for piece in pieces.to_pylist()]

    return results


@lru_cache(maxsize=2)
def _doing(work: bytes) -> Callable[[bytes], bytes]:
    """Return what does the work, made once in each process."""
    made: Work = pickle.loads(work)
    return made()


def _name_memory_after(process: int) -> None:
    """Have the shared memory that Daft hands pieces over in be named after a process.

    Python calls it all alike, and Daft sees to it that nobody removes it but the receiver: what an
    interrupted or killed process had on its way, customers' words as they came, would lie there
    until the machine is started anew.
    """
    shared_memory._SHM_NAME_PREFIX = f"/nl{process:x}-"  # type: ignore[attr-defined]


@lru_cache(maxsize=1)
def _receives_for(process: int) -> None:
    """Have this process, which does pieces for another one, outlive it long enough to clear up."""
    _name_memory_after(process)
    atexit.register(_forget_once_ended, process)


def _forget_once_ended(process: int) -> None:
    """Forget what a process left, if it is about to end; pieces of one that goes on stay."""
    for _ in range(_MOMENTS):
        if not _lives(process):
            return _forget_left()
        time.sleep(_MOMENT_S)
    return None


@contextlib.contextmanager
def _told_of_ctrl_c() -> Iterator[None]:
    """Within it Ctrl-C has this process end by it, as it would without Daft, whoever says it: the
    signal, which may reach Python while others have the results, or Daft, which hears it too."""
    before = signal.getsignal(signal.SIGINT)
    is_here = threading.current_thread() is threading.main_thread() and callable(before)

    def told(number: int, frame: FrameType | None) -> object:
        atexit.register(_end_at_once)
        return before(number, frame) if callable(before) else None

    if is_here:
        signal.signal(signal.SIGINT, told)
    try:
        yield
    except KeyboardInterrupt:
        atexit.register(_end_at_once)
        raise
    finally:
        if is_here:
            signal.signal(signal.SIGINT, before)


def _end_at_once() -> None:
    """End an interrupted process: Daft's threads, in the middle of their work, would abort it."""
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(_INTERRUPTED)


def _forget_left() -> None:
    """Remove the shared memory of processes that have ended."""
    for left in _SHARED_MEMORY.glob("nl*-*"):
        found = _PIECE_IN_MEMORY.fullmatch(left.name)
        if found and not _lives(int(found[1], 16)):
            with contextlib.suppress(OSError):
                left.unlink()


def _lives(process: int) -> bool:
    try:
        status = Path("/proc", str(process), "stat").read_text("utf-8", "replace")
    except OSError:
        return False
    return status.rpartition(")")[2].split()[0] not in "ZX"


class _Handed(DataSourceTask):
    """Pieces as the plan reads them: a call's worth at a time, when there is room for it."""

    def __init__(self, pieces: Iterable[bytes]) -> None:
        self._pieces = iter(pieces)
        self._room = threading.Semaphore(CALLS_AHEAD)
        self._given = self._taken_back = 0
        self._is_stopped = False
        self.failed: Exception | None = None
        """What the pieces ended with, if they did not come to their end."""

    def take_back(self, count: int) -> None:
        """Make room for as many pieces as were done."""
        before = self._taken_back // PIECES_A_CALL
        self._taken_back += count
        if calls := self._taken_back // PIECES_A_CALL - before:
            self._room.release(calls)

    @property
    def is_short(self) -> bool:
        """Whether fewer pieces were done than were handed on."""
        return self._taken_back < self._given

    def stop(self) -> None:
        """Let nobody wait for room any more; no piece is read from now on."""
        self._is_stopped = True
        self._room.release()

    def _next(self) -> list[bytes]:
        self._room.acquire()
        try:
            found = [] if self._is_stopped else list(islice(self._pieces, PIECES_A_CALL))
            self._given += len(found)
            return found
        except Exception as error:  # noqa: BLE001 (raised by whoever takes the results)
            self.failed = error
            return []

    @property
    def schema(self) -> Schema:
        return Schema.from_pyarrow_schema(SCHEMA)

    async def read(self) -> AsyncIterator[RecordBatch]:
        while some := await asyncio.to_thread(self._next):
            yield RecordBatch.from_arrow_table(table_of(some))


class _Source(DataSource):
    """Where the plan begins: at one stream of pieces."""

    def __init__(self, handed: _Handed) -> None:
        self._handed = handed

    @property
    def name(self) -> str:
        return "pieces"

    @property
    def schema(self) -> Schema:
        return self._handed.schema

    async def get_tasks(self, _: object) -> AsyncIterator[DataSourceTask]:
        yield self._handed
