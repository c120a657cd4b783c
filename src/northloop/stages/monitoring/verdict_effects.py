"""Where each verdict on an answer has gone: what it became, and what it counts for."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from northloop.core.ids import Hash
from northloop.core.interaction import Interaction, Rejection, ReviewItem, Verdict
from northloop.ports.stores import Records
from northloop.stages.monitoring import approvals, review, tally
from northloop.stages.monitoring.approvals import Approval
from northloop.stages.monitoring.decided import Decided


class VerdictEffects(msgspec.Struct, frozen=True, kw_only=True):
    """A verdict and what follows from it now; `review.undo` takes all of it back."""

    verdict: Verdict
    approved: tuple[Approval, ...] = ()
    """The approved answers that it became, each as it stands now."""
    teaches: bool = False
    """The next dataset version takes it in; the memory knows it already."""
    measures: bool = False
    """It is for the test questions of the next dataset version, as long as nothing that is learnt
    asks the same; the memory knows it already."""
    refuses: bool = False
    """What it judged wrong is not said again: not by the memory, the cache or a release."""
    counts_for: Hash = ""
    """The release whose accuracy it counts for; "" where another verdict does, or none."""
    certifies: str = ""
    """The treatment on whose certificate it is a decision; "" for none."""


def effects_of(records: Records, interaction: Interaction) -> list[VerdictEffects]:
    """Return every verdict on an answer, oldest first, skips and overruled ones too."""
    name = interaction.interaction_id
    given = records.query(Verdict, {"interaction_id": name}).rows
    counting = tally.counting(given).get(name)
    items = records.query(ReviewItem, {"interaction_id": name}).rows
    counts = (
        bool(items) and tally.is_counted(interaction) and tally.group_of(interaction) is not None
    )
    decided = records.find(Decided, name)
    return [
        VerdictEffects(
            verdict=verdict,
            approved=tuple(approvals.of_origin(records, review.origin_of(verdict.verdict_id))),
            teaches=verdict.teaches and not _is_held(verdict, interaction, items),
            measures=verdict.teaches and _is_held(verdict, interaction, items),
            refuses=bool(records.count(Rejection, {"verdict_id": verdict.verdict_id})),
            counts_for=interaction.release if counts and verdict == counting else "",
            certifies=decided.treatment
            if decided and decided.uniform and verdict == counting
            else "",
        )
        for verdict in given
    ]


def _is_held(verdict: Verdict, interaction: Interaction, items: Sequence[ReviewItem]) -> bool:
    pair = review.destination(verdict, interaction).example
    return pair is not None and review.is_held(interaction, pair, items)
