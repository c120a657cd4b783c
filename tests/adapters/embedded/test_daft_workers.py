"""Rows that processes make are those that are made here."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

import northloop
from northloop.adapters.embedded import daft_workers

SCRIPT = Path(__file__).parents[2] / "fixtures" / "workers" / "made_by.py"
STREAMED = SCRIPT.with_name("streamed.py")


def made_by(who: str, folder: Path, rows: int = 300) -> dict[str, object]:
    """Return what a process of its own says of rows made so: Daft is set up once in each."""
    places = (Path(northloop.__file__).parents[1], SCRIPT.parent)
    env = {"PYTHONPATH": os.pathsep.join(map(str, places)), "OMP_NUM_THREADS": "1"}
    done = subprocess.run(
        [sys.executable, str(SCRIPT), who, str(folder), str(rows)],
        capture_output=True, text=True, timeout=170, check=False, env=env,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-3000:]
    found: dict[str, object] = json.loads(done.stdout.splitlines()[-1])
    return found


def test_processes_make_the_rows_that_are_made_here(tmp_path: Path) -> None:
    # What a process that was killed had left: nobody has this number.
    left = tmp_path / "work" / f"pieces-{socket.gethostname()}-{2**22 + 1}-x"
    left.mkdir(parents=True)
    (left / "000000.parquet").write_text("Where is my order? Jo Fox")
    here, processes = (made_by(who, tmp_path) for who in ("here", "processes"))
    assert processes["dataset"] == here["dataset"]
    assert processes["rows"] == here["rows"]
    assert list((tmp_path / "work").iterdir()) == [], "no text of a customer is left behind"


@pytest.mark.parametrize(
    "what",
    [
        "each_piece_comes_back",
        "only_some_pieces_are_on_their_way",
        "what_the_pieces_end_with_is_raised",
        "nothing_is_read_on_for_whoever_has_gone",
    ],
)
def test_pieces_are_read_while_others_are_done(what: str, tmp_path: Path) -> None:
    """In a process of its own: Daft leaves the pipes of its processes to whoever collects them."""
    done = subprocess.run(
        [sys.executable, str(STREAMED), what, str(tmp_path)],
        capture_output=True, text=True, timeout=60, check=False,
        env={"PYTHONPATH": str(Path(northloop.__file__).parents[1]), "OMP_NUM_THREADS": "1"},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-3000:]


@pytest.mark.skipif(not Path("/dev/shm").is_dir(), reason="shared memory is no folder here")
@pytest.mark.parametrize(("by", "code"), [(signal.SIGKILL, -9), (signal.SIGINT, 130)])
def test_whatever_ends_it_no_text_is_left_in_shared_memory(
    by: int, code: int, tmp_path: Path
) -> None:
    running = subprocess.Popen(
        [sys.executable, str(STREAMED), "pieces_go_on_and_on", str(tmp_path)],
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
        env={"PYTHONPATH": str(Path(northloop.__file__).parents[1]), "OMP_NUM_THREADS": "1"},
    )  # fmt: skip
    with running:
        assert running.stdout is not None and running.stdout.readline() == "well under way\n"
        its_own = f"nl{running.pid:x}-*"
        _soon(lambda: any(Path("/dev/shm").glob(its_own)), "pieces are in memory of its name")
        running.send_signal(by)
        assert running.wait(20) == code
        _soon(lambda: not any(Path("/dev/shm").glob(its_own)), "nothing is left")


def _soon(holds: Callable[[], bool], what: str) -> None:
    until = time.monotonic() + 20
    while not holds():
        assert time.monotonic() < until, f"not true within 20 s: {what}"
        time.sleep(0.002)


def test_pieces_of_whoever_lives_stay(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    lives, ended, other = f"nl{os.getpid():x}-0a1b", f"nl{2**22 + 1:x}-0a1b", "nlp-models"
    for name in (lives, ended, other):
        (tmp_path / name).write_text("Jo Fox")
    monkeypatch.setattr(daft_workers, "_SHARED_MEMORY", tmp_path)
    daft_workers._forget_left()
    assert {left.name for left in tmp_path.iterdir()} == {lives, other}
