"""A Ray cluster makes the rows that are made here, though it loses a machine meanwhile."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

import northloop

SCRIPT = Path(__file__).parents[2] / "fixtures" / "workers" / "made_by.py"
ROWS = 600


def _made_by(who: str, folder: Path) -> dict[str, object]:
    places = (Path(northloop.__file__).parents[1], SCRIPT.parent)
    env = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": os.pathsep.join(map(str, places)),
        "OMP_NUM_THREADS": "1",
        "RAY_USAGE_STATS_ENABLED": "0",
        "RAY_ENABLE_UV_RUN_RUNTIME_ENV": "0",
        "RAY_TMPDIR": "/tmp",
    }
    done = subprocess.run(
        [sys.executable, str(SCRIPT), who, str(folder), str(ROWS)],
        capture_output=True, text=True, timeout=280, check=False, env=env,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-3000:]
    found: dict[str, object] = json.loads(done.stdout.splitlines()[-1])
    return found


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_a_cluster_that_loses_a_machine_makes_the_same_dataset(tmp_path: Path) -> None:
    cluster, here = (_made_by(who, tmp_path) for who in ("cluster", "here"))
    assert cluster["lost"] is True, "the work was over before a machine was lost"
    assert cluster["dataset"] == here["dataset"]
    assert cluster["rows"] == here["rows"] == ROWS
