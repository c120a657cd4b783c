"""Dataset versions: their cards, their rows, and what could not be used."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec

from northloop.app.rights import require_team
from northloop.core.actor import Actor
from northloop.core.artefacts import Artefact, DataCard, Kind, Nearest
from northloop.core.conversation import Example, Quarantined, Split
from northloop.core.ids import Hash
from northloop.loop import steps
from northloop.loop.bundles import read_lines, read_one
from northloop.workspace import Workspace

"""The parts of a dataset, in order."""


class Neighbour(msgspec.Struct, frozen=True):
    """What a training row asks, and how alike that is to what a test row asks, 0 to 1."""

    question: str
    alike: float


def versions(workspace: Workspace, actor: Actor) -> Sequence[Artefact]:
    """Return all dataset versions, newest first."""
    require_team(actor)
    return workspace.artefacts.list(Kind.DATASET)


def card(workspace: Workspace, actor: Actor, dataset: Hash) -> DataCard:
    """Return the card of a version, by its hash or a unique prefix of it; NotFound."""
    require_team(actor)
    full = workspace.artefacts.get(dataset).hash
    return read_one(workspace.artefacts, full, steps.CARD, DataCard)


def examples(
    workspace: Workspace, actor: Actor, dataset: Hash, split: Split, limit: int
) -> Sequence[Example]:
    """Return the first `limit` rows of one split; NotFound."""
    require_team(actor)
    return steps.split_of(workspace.parts, workspace.artefacts.get(dataset).hash, split)[:limit]


def nearest(workspace: Workspace, actor: Actor, dataset: Hash) -> Mapping[str, Neighbour]:
    """Return by test row, by its id, the training row that comes nearest to it; NotFound.

    {} for a version from before that was kept.
    """
    require_team(actor)
    full = workspace.artefacts.get(dataset).hash
    if steps.NEAREST not in workspace.artefacts.get(full).manifest.files:
        return {}
    found = read_lines(workspace.artefacts, full, steps.NEAREST, Nearest)
    asked = {
        row.example_id: row.question for row in steps.split_of(workspace.parts, full, Split.TRAIN)
    }
    return {
        near.example_id: Neighbour(asked[near.nearest], near.alike)
        for near in found
        if near.nearest in asked
    }


def quarantined(
    workspace: Workspace, actor: Actor, dataset: Hash, limit: int
) -> Sequence[Quarantined]:
    """Return the first `limit` rows that could not be used; NotFound."""
    require_team(actor)
    full = workspace.artefacts.get(dataset).hash
    return read_lines(workspace.artefacts, full, steps.QUARANTINE, Quarantined)[:limit]
