"""Recipes and benchmarks are scripts, not packages: their folders are put on the path."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
RECIPES = ROOT / "recipes"
for folder in (RECIPES, ROOT / "benchmarks"):
    if str(folder) not in sys.path:
        sys.path.insert(0, str(folder))


@pytest.fixture
def real_data() -> Path:
    """The folder of the public data sets beside the project; the test is skipped without it."""
    folder = RECIPES.parents[1] / "shared" / "data"
    if not folder.is_dir():
        pytest.skip(f"the public data sets are not at {folder}")
    return folder
