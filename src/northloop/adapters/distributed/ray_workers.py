"""Work in many pieces on a Ray cluster, by the same Daft plan.

Pieces that a machine had when it was lost are done by another. The cluster's machines need the same
version of Northloop, and the workspace's folder at the same path: there the pieces lie in Parquet,
where all can read them, and only a few are in memory.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator
from pathlib import Path

import daft
import pyarrow.parquet
import ray

from northloop.adapters.embedded.daft_workers import done, table_of
from northloop.core.batched import batched
from northloop.core.errors import ConfigurationError
from northloop.ports.scratch import own_folder
from northloop.ports.workers import Work, Workers

THIS_MACHINE = "ray://"
PIECES_A_FILE = 2_000


def ray_workers(url: str, scratch: Path) -> Workers:
    """Return the workers of a cluster; `scratch` is a folder that all its machines can read.

    `ray://` is the cluster that this machine is part of, `ray://host:10001` one behind its client
    server. ConfigurationError if it cannot be reached. A process works on one cluster only.
    """
    try:
        ray.init(
            address="auto" if url == THIS_MACHINE else url,
            ignore_reinit_error=True,
            log_to_driver=False,
        )
    except (ConnectionError, TimeoutError, ValueError, RuntimeError) as error:
        raise ConfigurationError(
            f"the Ray cluster cannot be reached: {error}",
            where="data.workers",
            action='start it (ray start --head), or set data.workers = "" to work on this machine',
        ) from error
    daft.set_runner_ray(noop_if_initialized=True)
    return _OnCluster(scratch)


class _OnCluster:
    """Does pieces of work on the cluster that this process has joined."""

    def __init__(self, scratch: Path) -> None:
        self._scratch = scratch

    def __call__(self, work: Work, pieces: Iterable[bytes]) -> Iterator[bytes]:
        folder = own_folder(self._scratch, "pieces")
        try:
            if _written(pieces, folder):
                for results in done(daft.read_parquet(f"{folder}/*.parquet"), work):
                    yield from results
        finally:
            shutil.rmtree(folder, ignore_errors=True)


def _written(pieces: Iterable[bytes], folder: Path) -> int:
    """Write pieces as files of a folder and return how many files."""
    count = 0
    for some in batched(pieces, PIECES_A_FILE):
        pyarrow.parquet.write_table(table_of(some), folder / f"{count:06}.parquet")
        count += 1
    return count
