"""Work in many pieces on a Ray cluster, by the same Daft plan.

Pieces that a machine had when it was lost are done by another. The cluster's machines need the same
version of Northloop, and the workspace's folder at the same path.
"""

from __future__ import annotations

from pathlib import Path

import daft
import ray

from northloop.adapters.embedded.daft_workers import DaftWorkers
from northloop.core.errors import ConfigurationError

THIS_MACHINE = "ray://"


def ray_workers(url: str, scratch: Path) -> DaftWorkers:
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
    return DaftWorkers(scratch)
