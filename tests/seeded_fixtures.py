"""Fixtures of seeded workspaces: made once for a test run, copied for each test.

A conftest that needs them imports them by name. Where a test has one, it begins at the moment at
which they end, whatever day it is.
"""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import time_machine

from seeded import NOW, SeededWorkspace, first_day, go_on_training, hostile, opened, seeded


def _once(
    factory: pytest.TempPathFactory, name: str, make: Callable[[Path], SeededWorkspace]
) -> Path:
    """Return the folder of that name, which the workers of a run share."""
    base = factory.getbasetemp()
    root = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    folder, draft = root / name, root / f"{name}-draft" / "larkfell"
    with (root / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not folder.exists():
            make(draft).close()
            draft.parent.rename(folder)
    return folder / "larkfell"


def _copy(of: Path, to: Path) -> Iterator[SeededWorkspace]:
    shutil.copytree(of, to / of.name)
    with time_machine.travel(NOW):
        go_on_training(to / of.name)
        workspace = opened(to / of.name)
        yield workspace
        workspace.close()


@pytest.fixture(scope="session")
def seeded_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of `seeded.seeded`: to read, or to be copied."""
    return _once(tmp_path_factory, "seeded", seeded)


@pytest.fixture(scope="session")
def hostile_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of `seeded.hostile`."""
    return _once(tmp_path_factory, "hostile", hostile)


@pytest.fixture
def shop(seeded_folder: Path, tmp_path: Path) -> Iterator[SeededWorkspace]:
    """A workspace of one's own with everything in it, one of its trainings going on."""
    yield from _copy(seeded_folder, tmp_path / "shop")


@pytest.fixture
def hostile_shop(hostile_folder: Path, tmp_path: Path) -> Iterator[SeededWorkspace]:
    """A workspace full of attacks."""
    yield from _copy(hostile_folder, tmp_path / "hostile")


@pytest.fixture
def new_shop(tmp_path: Path) -> Iterator[SeededWorkspace]:
    """A workspace on its first day."""
    with time_machine.travel(NOW):
        workspace = first_day(tmp_path / "first" / "new")
        yield workspace
        workspace.close()
