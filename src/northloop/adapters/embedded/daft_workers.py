"""Work in many pieces as a Daft plan, in processes of this machine.

Pieces are read while others are done, and only a few calls' worth are on their way, and in memory,
however many there are. What does them lives in processes of its own, made once for each: Python
does one thing at a time.
"""

from __future__ import annotations

import asyncio
import os
import pickle
import threading
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import islice
from pathlib import Path
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
        handed = _Handed(pieces)
        plan = done(_Source(handed).read(), work)
        try:
            for results in plan:
                handed.take_back(len(results))
                yield from results
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
        do = _doing(work)
        return [do(piece) for piece in pieces.to_pylist()]

    return results


@lru_cache(maxsize=2)
def _doing(work: bytes) -> Callable[[bytes], bytes]:
    """Return what does the work, made once in each process."""
    made: Work = pickle.loads(work)
    return made()


class _Handed(DataSourceTask):
    """Pieces as the plan reads them: a call's worth at a time, when there is room for it."""

    def __init__(self, pieces: Iterable[bytes]) -> None:
        self._pieces = iter(pieces)
        self._room = threading.Semaphore(CALLS_AHEAD)
        self._taken_back = 0
        self._is_stopped = False
        self.failed: Exception | None = None
        """What the pieces ended with, if they did not come to their end."""

    def take_back(self, count: int) -> None:
        """Make room for as many pieces as were done."""
        before = self._taken_back // PIECES_A_CALL
        self._taken_back += count
        if calls := self._taken_back // PIECES_A_CALL - before:
            self._room.release(calls)

    def stop(self) -> None:
        """Let nobody wait for room any more; no piece is read from now on."""
        self._is_stopped = True
        self._room.release()

    def _next(self) -> list[bytes]:
        self._room.acquire()
        try:
            return [] if self._is_stopped else list(islice(self._pieces, PIECES_A_CALL))
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
