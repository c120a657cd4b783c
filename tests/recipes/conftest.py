"""The recipes are scripts, not a package: their folder is put on the path, as `python` does."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

RECIPES = Path(__file__).resolve().parents[2] / "recipes"
if str(RECIPES) not in sys.path:
    sys.path.insert(0, str(RECIPES))


@pytest.fixture
def real_data() -> Path:
    """The folder of the public data sets beside the project; the test is skipped without it."""
    folder = RECIPES.parents[1] / "shared" / "data"
    if not folder.is_dir():
        pytest.skip(f"the public data sets are not at {folder}")
    return folder
