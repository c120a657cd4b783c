"""Work in many pieces as a Daft plan: in processes of this machine, or on a Ray cluster.

The pieces go to disk first, in Parquet, so that however many there are, only a few are in memory.
What does them lives in processes of its own, made once for each: Python does one thing at a time.
"""

from __future__ import annotations

import os
import pickle
import shutil
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from itertools import islice
from pathlib import Path
from typing import Any

import daft
import pyarrow
import pyarrow.parquet
from daft import DataType, Series

from northloop.ports.scratch import own_folder
from northloop.ports.workers import Work

PIECES_A_FILE = 2_000
PIECES_A_CALL = 100
"""What a process takes at a time."""
_SCHEMA = pyarrow.schema([("piece", pyarrow.large_binary())])

os.environ.setdefault("DAFT_PROGRESS_BAR", "0")
os.environ.setdefault("DAFT_ANALYTICS_ENABLED", "0")


class DaftWorkers:
    """Does pieces of work in as many processes as there are cores."""

    def __init__(self, scratch: Path) -> None:
        """`scratch` is a folder that all who work can read."""
        self._scratch = scratch

    def __call__(self, work: Work, pieces: Iterable[bytes]) -> Iterator[bytes]:
        """Yield the result of each piece, in any order."""
        folder = own_folder(self._scratch, "pieces")
        try:
            if not _written(pieces, folder):
                return
            results = _results(pickle.dumps(work))
            plan = daft.read_parquet(f"{folder}/*.parquet").select(results(daft.col("piece")))
            for batch in plan.to_arrow_iter():
                for result in batch.column(0):
                    yield result.as_py()
        finally:
            shutil.rmtree(folder, ignore_errors=True)


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


def _written(pieces: Iterable[bytes], folder: Path) -> int:
    """Write pieces as files of a folder and return how many files."""
    rest = iter(pieces)
    count = 0
    while some := list(islice(rest, PIECES_A_FILE)):
        table = pyarrow.table([pyarrow.array(some, pyarrow.large_binary())], schema=_SCHEMA)
        pyarrow.parquet.write_table(table, folder / f"{count:06}.parquet")
        count += 1
    return count
