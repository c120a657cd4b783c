"""Seeded workspaces, and the command line."""

from __future__ import annotations

from cli.conftest import cli
from seeded_fixtures import hostile_folder, hostile_shop, new_shop, seeded_folder, shop

__all__ = ["cli", "hostile_folder", "hostile_shop", "new_shop", "seeded_folder", "shop"]
