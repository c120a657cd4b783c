"""A release that passed the gate and waits: how much of it customers would be sent, and what is
left for people to judge before it is as much as now.

A serving process asks it by itself what people have decided on meanwhile (`asking_again`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

import msgspec

from northloop.app import background
from northloop.app.background import LOOK_EVERY_S
from northloop.app.releases import carry_over
from northloop.app.rights import of_the_house
from northloop.app.watching import watching
from northloop.core.actor import Actor
from northloop.core.ids import Hash
from northloop.core.interaction import Proposal
from northloop.core.side_by_side import SideBySide
from northloop.core.treatment import Mode
from northloop.loop import promote, propose
from northloop.loop.carried import to_judge
from northloop.stages.monitoring import certificates
from northloop.stages.monitoring.certificates import Reach
from northloop.stages.monitoring.decided import Carried, Decided
from northloop.workspace import Workspace

__all__ = ["Waiting", "asking_again", "look", "waiting"]

MORE = 10
"""So many new decisions, and a release that waits is asked what they were on."""


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
            f"customers would not be sent less: of {found.asked} questions that people decided on "
            f"{found.candidate} of its answers would go out, and {found.live} of what is live"
        )


def waiting(workspace: Workspace, actor: Actor) -> Sequence[Waiting]:
    """Return the releases that passed the gate and were asked what people decided on.

    () where certificates do not decide what is sent (`serving.mode`).
    """
    of_the_house(actor)
    found = ((turn, _reach(workspace, turn.release)) for turn in _ready(workspace))
    return [
        Waiting(proposal=turn, reach=reach, to_judge=(*to_judge(workspace.records, turn),))
        for turn, reach in found
        if reach.asked
    ]


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
    version = live, decided // MORE
    remembered = background.of(workspace).remembered
    remembered.get(f"asked {release}", version, lambda: carry_over(workspace, release))


def _reach(workspace: Workspace, release: Hash) -> Reach:
    records, risk = workspace.records, workspace.risk
    pair = promote.live_pair(workspace.artefacts, records)
    if pair is None:
        return Reach(asked=0, live=0, candidate=0, sends=False)

    def reckoned() -> Reach:
        said = workspace.parts.known_passages(pair.knowledge)
        return certificates.reach(records, pair.release, release, risk, said)

    version = pair, records.changes(Decided, Carried), risk
    return background.of(workspace).remembered.get(f"reach of {release}", version, reckoned)
