"""Pairs of answers that people judge: what decides a turn whose test questions did not, and how
much may be sent of a release that passed and says otherwise than people decided on.

A serving process has both releases answer what customers ask (`background.comparing`), so that
something waits for whoever judges; without one `prepare` does it.
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from northloop.app import waiting as ready
from northloop.app.rights import require_team, sees
from northloop.core.actor import EVERY_TENANT, Actor, Role
from northloop.core.artefacts import Decision
from northloop.core.errors import NotFound
from northloop.core.ids import Hash, uniform
from northloop.core.interaction import Interaction, Proposal, ProposalState, SkipReason
from northloop.core.side_by_side import PairChoice, SideBySide
from northloop.loop import rollout, side_by_side
from northloop.loop.bundles import read_one
from northloop.workspace import Workspace

__all__ = [
    "Chosen",
    "PairChoice",
    "SideBySide",
    "SkipReason",
    "Undecided",
    "choose",
    "prepare",
    "skip",
    "undecided",
    "undo",
    "waiting",
]


class Undecided(msgspec.Struct, frozen=True, kw_only=True):
    """A release that people judge beside the live one. How it stands is not told while they do."""

    proposal: Proposal
    release: Hash
    against: Hash
    judged: int
    skipped: int
    """Passed over for all: they count as the worst that they could be, for either release."""
    expected: int
    """About how many pairs decide it, as the gate reckoned before any was judged."""
    most: int
    """So many people may be asked for (`gate.pairs`)."""
    waiting: int
    """Pairs that can be judged now; others follow as customers ask."""


class Chosen(msgspec.Struct, frozen=True, kw_only=True):
    """What a choice came to."""

    pair: SideBySide
    proposal: Proposal | None
    """Undecided still, or what the choices have decided; None of a shadow."""
    decided: bool
    """This choice has decided the turn."""


def undecided(workspace: Workspace, actor: Actor) -> Sequence[Undecided]:
    """Return the releases that are judged side by side now, oldest first."""
    require_team(actor)
    return [_stands(workspace, proposal) for proposal in side_by_side.undecided(workspace.records)]


def _stands(workspace: Workspace, proposal: Proposal) -> Undecided:
    decision = read_one(workspace.artefacts, proposal.decision, "decision.json", Decision)
    pairs = side_by_side.seen(workspace.records, proposal.proposal_id)
    return Undecided(
        proposal=proposal,
        release=proposal.release,
        against=proposal.against,
        judged=sum(pair.choice is not None for pair in pairs),
        skipped=sum(pair.skip is not None for pair in pairs),
        expected=decision.pairs,
        most=workspace.settings.gate.pairs,
        waiting=sum(not pair.settled for pair in pairs),
    )


def waiting(workspace: Workspace, actor: Actor) -> list[SideBySide]:
    """Return the pairs that can be judged now, the one to judge next first.

    Those of undecided turns, of releases that wait, and of shadows, and of one tenant those that
    its customers asked; what somebody left to others comes to them last. Two people who gave their
    names begin at different ones, mostly.
    """
    actor.must(Role.REVIEW)
    found = [
        pair
        for name in _judged_now(workspace)
        for pair in side_by_side.seen(workspace.records, name)
        if not pair.settled
    ]
    found += (pair for one in ready.standing(workspace) for pair in one.to_judge)
    found = _theirs(workspace, actor, found)
    start = int(uniform("side by side", actor.name) * len(found)) if actor.name else 0
    turned = [*found[start:], *found[:start]]
    return sorted(turned, key=lambda pair: actor.name in pair.left_by)


def _theirs(workspace: Workspace, actor: Actor, pairs: list[SideBySide]) -> list[SideBySide]:
    """Return the pairs that were asked by customers whom an actor sees."""
    if actor.tenant == EVERY_TENANT:
        return pairs
    names = {pair.interaction_id for pair in pairs}
    asked = workspace.records.get_all(Interaction, names)
    return [
        pair
        for pair in pairs
        if pair.interaction_id in asked and sees(actor, asked[pair.interaction_id])
    ]


def _check_seen(workspace: Workspace, actor: Actor, pair_id: str) -> None:
    """Raise NotFound for a pair that an actor does not see, in the same words as for none."""
    if actor.tenant == EVERY_TENANT:
        return
    pair = workspace.records.find(SideBySide, pair_id)
    if pair is None or not _theirs(workspace, actor, [pair]):
        raise NotFound("there is no such pair", where=f"pair {pair_id}", action="take the next one")


def _judged_now(workspace: Workspace) -> list[str]:
    """Return the ids of the turns that are undecided, and of the shadow that goes on."""
    undecided_ = side_by_side.undecided(workspace.records)
    trial = rollout.current(workspace.records)
    shadows = [trial.trial_id] if trial is not None and trial.shadow else []
    return [*(proposal.proposal_id for proposal in undecided_), *shadows]


def prepare(workspace: Workspace, actor: Actor) -> int:
    """Have both releases answer what customers have asked, until some wait; return how many wait.

    What both answer alike needs nobody, and may decide by itself. 0 where nobody has asked anything
    new; NotFound where nothing is undecided.
    """
    require_team(actor)
    ready.look(workspace)
    if not _judged_now(workspace) and not ready.waiting(workspace, actor):
        raise NotFound(
            "no release is undecided or waits, and none answers in the shadow",
            where="pairs",
            action="see where the loop stands: northloop loop status",
        )
    side_by_side.look_ahead(workspace.parts, workspace.settings.gate.pairs)
    return len(waiting(workspace, actor))


def choose(workspace: Workspace, actor: Actor, pair_id: str, choice: PairChoice) -> Chosen:
    """Keep which of two answers is right, and return what has come of the turn by it.

    NotFound; InputError once the release is decided on.
    """
    actor.must(Role.REVIEW)
    _check_seen(workspace, actor, pair_id)
    open_, most = _undecided(workspace), workspace.settings.gate.pairs
    kept, turn = side_by_side.judge(workspace.parts, pair_id, choice, actor.name, most)
    return _chosen(kept, turn, open_)


def skip(workspace: Workspace, actor: Actor, pair_id: str, reason: SkipReason) -> Chosen:
    """Pass a pair over, and return what has come of the turn by it; as `choose`.

    What needs a colleague or another language waits for others. Any other is missing from then on,
    and counts as the worst that it could be for either release: skips can prove nothing.
    """
    actor.must(Role.REVIEW)
    _check_seen(workspace, actor, pair_id)
    open_, most = _undecided(workspace), workspace.settings.gate.pairs
    kept, turn = side_by_side.skip(workspace.parts, pair_id, reason, actor.name, most)
    return _chosen(kept, turn, open_)


def _undecided(workspace: Workspace) -> set[str]:
    return {turn.proposal_id for turn in side_by_side.undecided(workspace.records)}


def _chosen(kept: SideBySide, turn: Proposal | None, open_: set[str]) -> Chosen:
    """Return what an act came to; `open_` are the turns that were undecided before it."""
    ended = turn is not None and turn.state is not ProposalState.UNDECIDED
    return Chosen(pair=kept, proposal=turn, decided=ended and kept.proposal_id in open_)


def undo(workspace: Workspace, actor: Actor, pair_id: str) -> SideBySide:
    """Take back the last that this person chose or passed over, and return the pair, which waits.

    NotFound; InputError where it is not their last one, or the release is decided on.
    """
    actor.must(Role.REVIEW)
    _check_seen(workspace, actor, pair_id)
    return side_by_side.undo(workspace.parts, pair_id, actor.name)
