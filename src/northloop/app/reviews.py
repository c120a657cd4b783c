"""Review: answers that wait for a verdict, verdicts and what follows from them, approved answers.

A verdict has one effect through every door: it is kept, a correction is served at once, and enough
corrections propose a turn, which the rule may approve (`loop.approval`). An approved turn is
carried out by a serving process (see `background`) or by hand.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

import msgspec

from northloop.app import answers
from northloop.app.rights import require_team
from northloop.app.scorecards import scorecard
from northloop.core.actor import Actor
from northloop.core.artefacts import DataCard, Kind
from northloop.core.clock import stamp
from northloop.core.conversation import Cited
from northloop.core.ids import Hash
from northloop.core.interaction import (
    ApprovedAnswer,
    HandoffReason,
    Interaction,
    Proposal,
    ReviewItem,
    SkipReason,
    Verdict,
    VerdictKind,
)
from northloop.core.tally import Share
from northloop.loop import propose, steps
from northloop.loop.bundles import read_one
from northloop.loop.promote import live_pair
from northloop.ports.stores import Page
from northloop.stages.monitoring import approvals as approved
from northloop.stages.monitoring import gold, review, rulings, tally, verdict_effects
from northloop.stages.monitoring import queue as line
from northloop.stages.monitoring.approvals import Approval, Disagreement
from northloop.stages.monitoring.desk import Said
from northloop.stages.monitoring.gold import GoldSpec
from northloop.stages.monitoring.queue import Open, Reviewing
from northloop.stages.monitoring.review import Judgement
from northloop.stages.monitoring.verdict_effects import VerdictEffects
from northloop.workspace import Workspace

__all__ = [
    "Approval",
    "Disagreement",
    "Effect",
    "Judged",
    "Judgement",
    "Open",
    "ReviewContext",
    "ReviewProgress",
    "VerdictEffects",
    "alternatives",
    "approvals",
    "claim",
    "context",
    "history",
    "intents",
    "judge",
    "judged",
    "progress",
    "queue",
    "restore",
    "skip",
    "take",
    "undo",
    "waiting",
    "withdraw",
]


class ReviewContext(msgspec.Struct, frozen=True, kw_only=True):
    """One answer under review with all that is needed to judge it."""

    item: ReviewItem
    interaction: Interaction
    cited: tuple[Cited, ...]
    """What the answer rests on, best first, as it was then."""
    said: tuple[Said, ...] = ()
    """What was said before, oldest first: in the same conversation, or elsewhere."""


class ReviewProgress(msgspec.Struct, frozen=True, kw_only=True):
    """How far the reviewing is."""

    done: int
    """Answers and drafts with a verdict, of all releases; gold ones too: nobody is to tell them."""
    waiting: int
    accuracy: Share | None
    """Of what the live release sends."""
    reviewed: int
    """How many verdicts that is from."""
    useful_at: int
    """So many reviews make the interval useful: ± 5 points wide at the accuracy seen so far,
    n = 1.96² p (1 - p) / 0.05² (p = 0.5, so 385, while nothing is known)."""


class Judged(msgspec.Struct, frozen=True, kw_only=True):
    """What a verdict came to."""

    verdict: Verdict
    proposal: Proposal | None
    """The turn that is proposed or approved now; None while there is none."""
    disputed: bool
    """Whether reviewers judge this answer differently."""


class Effect(msgspec.Struct, frozen=True, kw_only=True):
    """An approved answer after a change, with what is served to its question now."""

    answer: ApprovedAnswer
    served: ApprovedAnswer | None
    """None if nothing that was approved is served."""


# --- the queue ---------------------------------------------------------------------------------


def queue(workspace: Workspace, actor: Actor, limit: int | None = None) -> Sequence[Open]:
    """Return what waits for a verdict, in the order to review it, each with its answer."""
    require_team(actor)
    return line.queue(workspace.records, limit)


def take(
    workspace: Workspace,
    actor: Actor,
    by: str,
    limit: int,
    without: Collection[str] = (),
    *,
    looks_in: bool = False,
) -> Sequence[Open]:
    """Return the next answers for one of several reviewers, who has them for ten minutes.

    Nobody else is given them meanwhile. What `by` (a browser, a name) has before them comes first,
    then what somebody else has judged and a second person is to read; none of `without`, which are
    review ids, and nothing that the actor has passed over. A small share of what somebody with a
    name is given is gold (`monitoring.gold`). Who `looks_in` for the first time has them for a
    minute.
    """
    require_team(actor)
    lasting = line.LOOKED_IN if looks_in else line.CLAIMED
    mixed_in = GoldSpec(
        share=workspace.settings.review.gold_share, passages=lambda: _passages(workspace)
    )
    who = Reviewing(by=by, name=actor.name, at=stamp(), lasting=lasting, gold=mixed_in)
    return line.take(workspace.records, who, limit, without)


def claim(workspace: Workspace, actor: Actor, by: str, review_ids: Collection[str]) -> bool:
    """Claim answers, for ten minutes from now; return False where somebody else has one of them."""
    require_team(actor)
    who = Reviewing(by=by, name=actor.name, at=stamp())
    claimed = {name: line.claim(workspace.records, who, name) for name in review_ids}
    return all(claimed.values())


def waiting(workspace: Workspace, actor: Actor) -> int:
    """Return how many answers wait for a verdict."""
    require_team(actor)
    return line.left(workspace.records) + gold.left(workspace.records)


def context(workspace: Workspace, actor: Actor, review_id: str) -> ReviewContext:
    """Return an item with its answer, the evidence and what was said before; NotFound."""
    require_team(actor)
    records = workspace.records
    item = line.item(records, review_id)
    interaction = records.get(Interaction, item.interaction_id)
    return ReviewContext(
        item=item,
        interaction=interaction,
        cited=tuple(answers.cited(workspace, actor, interaction)),
        said=answers.said_before(workspace, actor, interaction),
    )


def alternatives(workspace: Workspace, actor: Actor, review_id: str) -> Sequence[str]:
    """Return what might be said in the place of an answer, for who has judged it wrong and writes
    the correction; NotFound.

    By what is live now, at most two, three where a hand-off held nothing back; none is the answer,
    nor was judged wrong there. They are what they would be had nobody said anything of the answer,
    so that a second person reads it blind, and in an order that says nothing. () where the customer
    asked for a person, or is answered by people alone.
    """
    require_team(actor)
    item = line.item(workspace.records, review_id)
    interaction = workspace.records.get(Interaction, item.interaction_id)
    if interaction.handoff in (HandoffReason.ASKED_FOR_HUMAN, HandoffReason.HELD_OUT):
        return ()
    return workspace.live.corrections(interaction)


def progress(workspace: Workspace, actor: Actor) -> ReviewProgress:
    """Return how far the reviewing is, and what it says of the live release."""
    require_team(actor)
    records, live = workspace.records, scorecard(workspace, actor)
    right = live.accuracy.value if live.accuracy else 0.5
    return ReviewProgress(
        done=sum(sum(totals.done) for totals in tally.all_totals(records).values())
        + gold.done(records),
        waiting=waiting(workspace, actor),
        accuracy=live.accuracy,
        reviewed=live.reviewed,
        useful_at=max(60, round(1.96**2 * right * (1 - right) / 0.05**2)),
    )


def intents(workspace: Workspace, actor: Actor) -> Sequence[str]:
    """Return what questions are known to be about, sorted: a reviewer may name one of these."""
    require_team(actor)
    newest = workspace.artefacts.list(Kind.DATASET)[:1]
    if not newest:
        return ()
    card = read_one(workspace.artefacts, newest[0].hash, steps.CARD, DataCard)
    return sorted(name for name in card.intents if name)


# --- verdicts ----------------------------------------------------------------------------------


def judge(workspace: Workspace, actor: Actor, judgement: Judgement) -> Judged:
    """Keep what the actor says of an answer, put what follows into effect, and return both.

    The same item judged again by the same person: the later verdict stands. NotFound, InputError.
    """
    require_team(actor)
    given = msgspec.structs.replace(judgement, reviewer=actor.name)
    return judged(workspace, workspace.live.judge(given, stamp()))


def judged(workspace: Workspace, verdict: Verdict) -> Judged:
    """Return what a verdict that is kept comes to: the turn that is due, and disagreement."""
    rule = workspace.settings.loop
    proposal = propose.after_verdict(workspace.records, rule.verdicts_per_turn, rule.approval)
    is_kept = workspace.records.find(Verdict, verdict.verdict_id) is not None
    others = review.verdicts(workspace.records, verdict.interaction_id) if is_kept else ()
    return Judged(verdict=verdict, proposal=proposal, disputed=approved.disagree(others))


def skip(workspace: Workspace, actor: Actor, review_id: str, reason: SkipReason) -> Verdict:
    """Pass an item over without a verdict and return the skip, which is kept; NotFound.

    It goes back to the queue, for everybody else. Until somebody judges it, it is missing: the
    scorecard says how far that could move each share.
    """
    require_team(actor)
    skipped = Judgement(
        review_id=review_id, kind=VerdictKind.CORRECT, reviewer=actor.name, skip=reason
    )
    return workspace.live.judge(skipped, stamp())


def undo(workspace: Workspace, actor: Actor, verdict_id: str) -> Verdict:
    """Take a verdict, a skip or a ruling back and return it; its item waits again. NotFound.

    All that followed from it goes: approved answers, what the memory knows, what is not said again,
    what it counts for. What a ruling overruled stands again.
    """
    require_team(actor)
    records = workspace.records
    mixed_in = gold.take_back(records, verdict_id)
    if mixed_in is not None:
        return mixed_in
    verdict = records.get(Verdict, verdict_id)
    take_back = rulings.take_back if verdict.ruling else review.undo
    tally.catch_up(records)
    take_back(records, verdict_id)
    return verdict


def history(workspace: Workspace, actor: Actor, interaction_id: str) -> Sequence[VerdictEffects]:
    """Return all that was said of an answer, oldest first, and what each verdict became; NotFound.

    Skips and what was overruled are among it.
    """
    require_team(actor)
    records = workspace.records
    return verdict_effects.effects_of(records, records.get(Interaction, interaction_id))


# --- approved answers --------------------------------------------------------------------------


def approvals(
    workspace: Workspace, actor: Actor, after: str = "", limit: int | None = None
) -> Page[Approval]:
    """Return approved answers with what has become of them, newest first; all without `limit`."""
    require_team(actor)
    return approved.approvals_page(workspace.records, after=after, limit=limit)


def withdraw(workspace: Workspace, actor: Actor, approved_id: str) -> Effect:
    """Serve an approved answer no more, and return what is served then; NotFound. Once more changes
    nothing."""
    require_team(actor)
    answer = approved.withdraw(workspace.records, approved_id, actor.name, stamp())
    return Effect(answer=answer, served=approved.served(workspace.records, answer))


def restore(workspace: Workspace, actor: Actor, approved_id: str) -> Effect:
    """Serve a withdrawn answer again, unless another one stands for its question, and return what
    is served then; NotFound."""
    require_team(actor)
    answer = approved.restore(workspace.records, approved_id)
    return Effect(answer=answer, served=approved.served(workspace.records, answer))


def _passages(workspace: Workspace) -> Collection[Hash] | None:
    pair = live_pair(workspace.artefacts, workspace.records)
    return workspace.parts.known_passages(pair.knowledge) if pair else None
