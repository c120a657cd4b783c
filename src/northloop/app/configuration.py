"""The settings in force, and changing them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec

from northloop.app.rights import of_the_house
from northloop.core.actor import Actor
from northloop.workspace import Workspace, settings_in_force, values_in_force


class Setting(msgspec.Struct, frozen=True, kw_only=True):
    """One setting as it is in force."""

    name: str
    """Dotted, as in northloop.toml."""
    value: str
    """Secrets already masked."""
    origin: str
    """"default", "user file", "workspace file", "environment" or "flags"."""


def settings(workspace: Workspace, actor: Actor) -> Sequence[Setting]:
    """Return every setting in force, in the order of the sections."""
    of_the_house(actor)
    return [
        Setting(name=name, value=value, origin=workspace.origins.get(name, "default"))
        for name, value in settings_in_force(workspace.settings)
    ]


def values(workspace: Workspace, actor: Actor) -> Mapping[str, object]:
    """Return every setting in force by dotted name, as TOML would give it, secrets masked."""
    of_the_house(actor)
    return values_in_force(workspace.settings)
