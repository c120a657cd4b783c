"""A console over a seeded workspace, and a browser-like client that holds its token."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from console.client import Visitor
from seeded import SeededWorkspace
from seeded_fixtures import hostile_folder, hostile_shop, new_shop, seeded_folder, shop

__all__ = ["hostile_folder", "hostile_shop", "new_shop", "seeded_folder", "shop"]


@pytest.fixture
def visitor(shop: SeededWorkspace) -> Iterator[Visitor]:
    with Visitor(shop) as visitor:
        yield visitor


@pytest.fixture
def newcomer(new_shop: SeededWorkspace) -> Iterator[Visitor]:
    with Visitor(new_shop) as visitor:
        yield visitor
