"""A world before its first turn, and one after it."""

from __future__ import annotations

from pathlib import Path

import pytest

from loop.world import World


@pytest.fixture
def world(tmp_path: Path) -> World:
    """Nothing has been learnt yet."""
    return World(tmp_path / "workspace")


@pytest.fixture(scope="session")
def turned_once(tmp_path_factory: pytest.TempPathFactory) -> World:
    """The first release is live: to be copied."""
    world = World(tmp_path_factory.mktemp("turned") / "workspace")
    world.first_turn()
    return world


@pytest.fixture
def turned(turned_once: World, tmp_path: Path) -> World:
    """The first release is live."""
    return turned_once.copied(tmp_path / "workspace")
