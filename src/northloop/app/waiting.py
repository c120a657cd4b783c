"""A release that passed the gate and waits: how much of it customers would be sent, and what is
left for people to judge before it is as much as now.

A serving process asks it by itself what people have decided on meanwhile (`asking_again`).
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

import msgspec

from northloop.app import background
from northloop.app.background import LOOK_EVERY_S
from northloop.app.releases import carry_over, reach
from northloop.app.rights import require_team
from northloop.app.watching import watching
from northloop.core.actor import Actor
from northloop.core.errors import GateNotMet, NorthloopError
from northloop.core.ids import Hash, short
from northloop.core.interaction import Proposal
from northloop.core.side_by_side import SideBySide
from northloop.core.treatment import Mode
from northloop.loop import promote, propose
from northloop.loop.carried import to_judge
from northloop.stages.monitoring.certificates import Reach
from northloop.stages.monitoring.decided import Carried, Decided
from northloop.workspace import Workspace

__all__ = ["Waiting", "asking_again", "look", "waiting"]

MORE = 10
"""So many new decisions, and a release that waits is asked what they were on."""
_log = logging.getLogger("northloop.waiting")


class Waiting(msgspec.Struct, frozen=True, kw_only=True):
    """A release that passed the gate, as people's decisions have it."""

    proposal: Proposal
    reach: Reach
    """Of it and of what is live, on the same questions; `reach.waits` is "" once customers would
    not be sent less for it."""
    to_judge: tuple[SideBySide, ...]
    """What it says otherwise than people decided on, to be judged; it counts as wrong till then."""

    @property
    def words(self) -> str:
        """How it stands, as a person reads it."""
        found = self.reach
        if found.waits:
            return f"it waits, for customers would be sent less: {found.waits}"
        return (
            f"customers would not be sent less: of {found.asked} questions that were put to both, "
            f"{found.candidate} of its answers would go out, and {found.live} of what is live"
        )


def waiting(workspace: Workspace, actor: Actor) -> Sequence[Waiting]:
    """Return the releases that passed the gate, as people's decisions have them.

    [] where certificates do not decide what is sent (`serving.mode`). A release is left out while
    nothing is decided.
    """
    require_team(actor)
    return standing(workspace)


def standing(workspace: Workspace) -> Sequence[Waiting]:
    """Return the same, for other use cases."""
    every = (_stands(workspace, turn) for turn in _ready(workspace))
    return [one for one in every if one and (one.reach.asked or one.reach.waits or one.to_judge)]


def _stands(workspace: Workspace, turn: Proposal) -> Waiting | None:
    try:
        found = _reach(workspace, turn.release)
    except GateNotMet:  # another decision about it is newer
        return None
    to_judge_ = to_judge(workspace.records, turn.release)
    return Waiting(proposal=turn, reach=found, to_judge=(*to_judge_,))


def look(workspace: Workspace) -> None:
    """Ask each release that waits what people have decided on since it was asked last."""
    for turn in _ready(workspace):
        _ask(workspace, turn.release)


@contextmanager
def asking_again(opened: Callable[[], Workspace]) -> Iterator[None]:
    """Ask what waits, for as long as the body runs; `opened` as in `background.serving_turns`."""
    with watching("releases that wait", LOOK_EVERY_S, lambda: look(opened())):
        yield


def _ready(workspace: Workspace) -> Sequence[Proposal]:
    certified = workspace.settings.serving.mode is Mode.CERTIFIED
    return propose.ready(workspace.records) if certified and promote.live(workspace.records) else ()


def _ask(workspace: Workspace, release: Hash) -> None:
    """Carry over what was decided on, once for every so many decisions."""
    live = promote.live(workspace.records)
    decided = workspace.records.count(Decided, {"release": live})

    def asked() -> None:
        try:
            carry_over(workspace, release)
        except NorthloopError as error:
            _log.warning("release %s cannot be asked: %s", short(release), error)

    version = live, decided // MORE
    background.of(workspace).remembered.get(f"asked {release}", version, asked)


def _reach(workspace: Workspace, release: Hash) -> Reach:
    pair = promote.live_pair(workspace.artefacts, workspace.records)
    version = pair, workspace.records.changes(Decided, Carried), workspace.risk
    remembered = background.of(workspace).remembered
    return remembered.get(f"reach of {release}", version, lambda: reach(workspace, release))
