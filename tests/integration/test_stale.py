"""One article is edited while customers ask: the small version of benchmarks/stale.py."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest

from northloop.app import watched_folder

BENCHMARK = Path(__file__).parents[2] / "benchmarks" / "stale.py"


@pytest.fixture(scope="module")
def stale() -> ModuleType:
    spec = importlib.util.spec_from_file_location("stale", BENCHMARK)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["stale"] = module
    spec.loader.exec_module(module)
    return module


def test_nothing_stale_is_served_and_the_rest_still_hits(
    stale: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watched_folder, "LOOK_EVERY_S", 0.1)
    found = stale.run(tmp_path, 60)
    assert found.in_force_s < 5
    assert (found.stale, found.failed, found.in_doubt) == (0, 0, 1)
    assert found.asked_during > 60
    assert found.unaffected >= 55
    assert found.hit_share >= 0.99
