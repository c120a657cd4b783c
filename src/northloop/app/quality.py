"""How far reviews can be believed: where reviewers differ, and answers whose verdict is known."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from northloop.app.reviews import Judged, judged
from northloop.app.rights import require_team
from northloop.core.actor import Actor
from northloop.core.clock import stamp
from northloop.core.interaction import Interaction, VerdictKind
from northloop.core.tally import Agreement
from northloop.stages.monitoring import approvals, gold, second_reads
from northloop.stages.monitoring.approvals import Disagreement
from northloop.stages.monitoring.gold import Gold
from northloop.stages.monitoring.review import Judgement
from northloop.workspace import Workspace


class Known(msgspec.Struct, frozen=True, kw_only=True):
    """An answer whose verdict is known."""

    gold: Gold
    interaction: Interaction
    reads: int
    """How many reviewers have judged it since."""


def agreement(workspace: Workspace, actor: Actor) -> Agreement | None:
    """Return how far two reviewers agree who read the same answers blind; None before any pair."""
    require_team(actor)
    return second_reads.agreement(workspace.records)


def disagreements(
    workspace: Workspace, actor: Actor, limit: int | None = None
) -> Sequence[Disagreement]:
    """Return the answers that reviewers judge differently, newest first; at most `limit`."""
    require_team(actor)
    return approvals.disagreements(workspace.records, limit)


def rule(workspace: Workspace, actor: Actor, judgement: Judgement) -> Judged:
    """Rule on an answer that reviewers judge differently; return what the ruling came to.

    It stands in the place of their verdicts, which stay as history, and the answer is gold from
    then on. NotFound, InputError (see `rulings.rule`).
    """
    require_team(actor)
    given = msgspec.structs.replace(judgement, reviewer=actor.name)
    return judged(workspace, workspace.live.rule(given, stamp()))


def mark(workspace: Workspace, actor: Actor, interaction_id: str, kind: VerdictKind) -> Gold:
    """Keep, and return, that the right verdict on an answer is known; NotFound.

    Reviewers are given it among the rest, blind, and what they say of it tells how they err.
    """
    require_team(actor)
    known = Gold(interaction_id=interaction_id, kind=kind, at=stamp(), by=actor.name)
    return gold.mark(workspace.records, known)


def marked(workspace: Workspace, actor: Actor, interaction_id: str) -> Gold | None:
    """Return what is known to be the verdict on an answer, None where that is not known."""
    require_team(actor)
    return workspace.records.find(Gold, interaction_id)


def unmark(workspace: Workspace, actor: Actor, interaction_id: str) -> Gold:
    """Take back that the verdict on an answer is known, and return what was; NotFound."""
    require_team(actor)
    return gold.unmark(workspace.records, interaction_id)


def known(workspace: Workspace, actor: Actor) -> Sequence[Known]:
    """Return the answers whose verdict is known, newest first."""
    require_team(actor)
    records = workspace.records
    marked = records.query(Gold, newest=True).rows
    answers = records.get_all(Interaction, (one.interaction_id for one in marked))
    read = [one.interaction_id for one in gold.reads(records) if one.said is not None]
    return [
        Known(
            gold=one,
            interaction=answers[one.interaction_id],
            reads=read.count(one.interaction_id),
        )
        for one in marked
        if one.interaction_id in answers
    ]
