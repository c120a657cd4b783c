"""What rows follow from."""

from __future__ import annotations

from pathlib import Path

import pytest

from northloop import core
from northloop.stages import data
from northloop.stages.data import rows


@pytest.mark.parametrize("package", [core, data], ids=["core", "data"])
def test_every_file_that_rows_are_made_with_names_them(package: object) -> None:
    (folder,) = map(Path, package.__path__)  # type: ignore[attr-defined]
    files = (f for f in folder.rglob("*") if f.is_file() and f.suffix != ".pyc")
    assert {f.suffix for f in files} <= rows._CODE
