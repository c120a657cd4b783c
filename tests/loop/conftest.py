"""A world before its first turn, and one after it."""

from __future__ import annotations

from pathlib import Path

import pytest

from loop.world import World


@pytest.fixture
def world(tmp_path: Path) -> World:
    """Nothing has been learnt yet."""
    return World(tmp_path / "workspace")


@pytest.fixture
def turned(world: World) -> World:
    """The first release is live."""
    world.first_turn()
    return world
