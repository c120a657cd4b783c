"""Recipes and benchmarks are scripts, not packages: their folders are on the path."""

from __future__ import annotations

from pathlib import Path

import pytest


@pytest.fixture
def real_data() -> Path:
    """The folder of the public data sets beside the project; the test is skipped without it."""
    folder = Path(__file__).resolve().parents[3] / "shared" / "data"
    if not folder.is_dir():
        pytest.skip(f"the public data sets are not at {folder}")
    return folder
