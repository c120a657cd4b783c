"""Scratch folders: one's own is made, what the killed left goes, what others have stays."""

from __future__ import annotations

import os
import socket
import tempfile
from pathlib import Path

import pytest

from killing import run
from northloop.ports.scratch import own_folder, remove_left

HERE = socket.gethostname()
KILLED = """
import os, sys, tempfile
from pathlib import Path
from northloop.ports.scratch import own_folder
tempfile.tempdir, parent = sys.argv[1:]
own_folder(Path(parent) if parent else None, "rows")
os.kill(os.getpid(), 9)
"""


@pytest.mark.parametrize("own", [True, False], ids=["a folder", "the system's own place"])
def test_what_a_killed_process_left_goes(
    own: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert run(KILLED, tmp_path, tmp_path if own else "").returncode == -9
    (left,) = tmp_path.iterdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    made = own_folder(tmp_path if own else None, "rows")
    assert [*tmp_path.iterdir()] == [made]
    assert made != left


def test_what_others_have_there_stays(tmp_path: Path) -> None:
    gone = int(run("import os; print(os.getpid())").stdout)
    (left := tmp_path / f"rows-{HERE}-{gone}-abc_1234").mkdir()
    others = [
        f"rows-{HERE}-{os.getpid()}-abc_1234",
        f"rows-{HERE}-2-{gone}-abc_1234",  # of a machine whose name begins like this one's
        f"rows-{HERE}-of-last-year",
        f"pieces-{HERE}-{gone}-abc_1234",
        f"rows-elsewhere-{gone}-abc_1234",
    ]
    for name in others:
        (tmp_path / name).mkdir()
    remove_left(tmp_path, "rows")
    assert {path.name for path in tmp_path.iterdir()} == {*others}
    assert not left.exists()


def test_a_place_that_is_not_there_yet_is_made(tmp_path: Path) -> None:
    remove_left(tmp_path / "new", "rows")
    assert own_folder(tmp_path / "new", "rows").parent == tmp_path / "new"
