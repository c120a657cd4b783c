"""Where artefacts lie: moved from one store to another."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from northloop import registry
from northloop.app import configuration, turns
from northloop.app.rights import require_team
from northloop.core.actor import Actor
from northloop.core.artefacts import Artefact, Kind
from northloop.core.errors import CorruptArtefact, InputError
from northloop.core.interaction import ProposalState
from northloop.ports.stores import Artefacts, Checked
from northloop.settings import FILE_NAME
from northloop.workspace import Workspace

__all__ = ["Moved", "move"]

SETTING = "storage.artefacts"


class Moved(msgspec.Struct, frozen=True, kw_only=True):
    """What came of moving artefacts."""

    artefacts: int
    """In the new store now, each read there and found as it was."""
    copied: int
    """Of them by this call; the others were there already."""
    switched: bool
    """Whether northloop.toml names another store than before."""


def move(workspace: Workspace, actor: Actor, url: str, source: str | None = None) -> Moved:
    """Copy every artefact to another store, read it there, and only then write its URL.

    `url` and `source` are as `storage.artefacts`: "" for files in the workspace; without `source`
    it is the store in force. What the new store has is not copied again, so a move that was
    interrupted goes on; the old store stays as it is. A process that runs goes on with the store
    that it began with: once it has been started again, a second move with `source` fetches what it
    has made since. InputError where a layer above the file says the setting, or a turn goes on;
    CorruptArtefact if an artefact is damaged; nothing is switched then.
    """
    require_team(actor)
    before = workspace.settings.storage.artefacts
    _refuse_what_cannot_hold(workspace, actor, url)
    old = registry.ARTEFACTS.open(before if source is None else source, workspace.state)
    new = registry.ARTEFACTS.open(url, workspace.state)
    copied = _copied(workspace, old, new)
    checked = _read_there(old, new)
    if url != before:
        configuration.change(workspace, actor, SETTING, url)
    return Moved(artefacts=checked.artefacts, copied=copied, switched=url != before)


def _refuse_what_cannot_hold(workspace: Workspace, actor: Actor, url: str) -> None:
    said = configuration.setting(workspace, actor, SETTING).origin
    if said in configuration.ABOVE and url != workspace.settings.storage.artefacts:
        raise InputError(
            f"it is said by the {said}, above {FILE_NAME}",
            where=SETTING,
            action="take it out there",
        )
    if any(p.state is ProposalState.RUNNING for p in turns.proposals(workspace, actor)):
        raise InputError(
            "a turn goes on, and keeps what it makes in the old store",
            where=SETTING,
            action="wait for its end: northloop loop status",
        )


def _copied(workspace: Workspace, old: Artefacts, new: Artefacts) -> int:
    """Copy what is not there yet, what others are made of before them; return how many."""
    there = {artefact.hash for kind in Kind for artefact in new.list(kind)}
    todo = [a for kind in Kind for a in reversed(old.list(kind)) if a.hash not in there]
    for place, artefact in enumerate(todo, 1):
        _copy(old, new, artefact)
        workspace.progress("artefacts", place, len(todo), artefact.manifest.kind.value)
    return len(todo)


def _copy(old: Artefacts, new: Artefacts, artefact: Artefact) -> None:
    names: Sequence[str] = [*artefact.manifest.files]
    new.restore(artefact, {name: old.path(artefact.hash, name) for name in names})


def _read_there(old: Artefacts, new: Artefacts) -> Checked:
    """Read every byte in the new store; what is damaged there is copied once more."""
    found = new.check(deep=True)
    if not found.damaged:
        return found
    for one in found.damaged:
        _copy(old, new, one.artefact)
    found = new.check(deep=True)
    for one in found.damaged:
        raise CorruptArtefact(
            "it was copied and is not what it was", where=one.where, action="look at the new store"
        )
    return found
