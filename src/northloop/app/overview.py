"""Where the loop stands, in a few counts."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import msgspec

from northloop.app import alerts, desk, knowledge, releases, reviews, turns
from northloop.app.rights import require_team
from northloop.core.actor import Actor
from northloop.core.alerts import AlertState
from northloop.core.errors import NorthloopError
from northloop.core.ids import Hash
from northloop.core.interaction import ProposalState
from northloop.loop import promote
from northloop.workspace import Workspace

_UNDECIDED = (
    ProposalState.OPEN,
    ProposalState.READY,
    ProposalState.UNDECIDED,
    ProposalState.FAILED,
    ProposalState.INTERRUPTED,
)


class Overview(msgspec.Struct, frozen=True, kw_only=True):
    """Where the loop stands: a few counts, nothing slow."""

    workspace: str
    """Name of the workspace."""
    live: Hash | None
    """The live release; None before the first promotion."""
    live_number: int = 0
    """Its number, as in `SealedRelease.number`."""
    desk_waiting: int
    """Conversations that wait for a person."""
    alerts_open: int
    """Alerts that nobody has taken on."""
    reviews_waiting: int
    answers_in_doubt: int
    """Approved answers that cite what has changed in the documents."""
    sentences_outdated: int
    """Sentences of the documents that people write otherwise."""
    decisions_waiting: int
    """Proposals and releases to decide on, and turns that failed or were interrupted."""
    training: bool
    """A run is going on now."""
    has_objective: bool


def standing(workspace: Workspace, actor: Actor) -> Overview:
    """Return where the loop stands now."""
    require_team(actor)
    live = promote.live(workspace.records)
    numbers = releases.numbers(workspace, actor)
    proposed = turns.proposals(workspace, actor)
    return Overview(
        workspace=workspace.folder.resolve().name,
        live=live,
        live_number=numbers.get(live, 0) if live else 0,
        desk_waiting=desk.waiting(workspace, actor),
        alerts_open=sum(
            alert.state is AlertState.OPEN for alert in alerts.alerts(workspace, actor)
        ),
        reviews_waiting=reviews.waiting(workspace, actor),
        answers_in_doubt=_counted(knowledge.in_doubt, workspace, actor),
        sentences_outdated=_counted(knowledge.outdated, workspace, actor),
        decisions_waiting=sum(p.state in _UNDECIDED for p in proposed),
        training=turns.is_training(workspace, actor),
        has_objective=workspace.settings.objective is not None,
    )


def _counted(
    of: Callable[[Workspace, Actor], Sequence[object]], workspace: Workspace, actor: Actor
) -> int:
    """How many there are; 0 where what is live cannot be read, which its own page then says."""
    try:
        return len(of(workspace, actor))
    except NorthloopError:
        return 0
