"""What lies in the records and is cheap to count, for whoever watches the service."""

from __future__ import annotations

import msgspec

from northloop.core.actor import Actor, Role
from northloop.core.ids import Hash
from northloop.loop.promote import live_pair
from northloop.stages.monitoring import review, tally
from northloop.workspace import Workspace


class Counts(msgspec.Struct, frozen=True, kw_only=True):
    """The same numbers in every process that serves the workspace."""

    release: Hash = ""
    """What is live; "" before the first promotion."""
    knowledge: Hash = ""
    answers: int = 0
    """Answers to customers that are kept; hand-offs are none, and who is forgotten takes theirs."""
    reviewed: int = 0
    """Of those drawn for review, how many have a verdict."""
    reviews_waiting: int = 0


def counts(workspace: Workspace, actor: Actor) -> Counts:
    """Return the counts over all tenants: they say how many, and nothing of what was said."""
    actor.must(Role.METRICS)
    records = workspace.records
    live = live_pair(workspace.artefacts, records)
    so_far = tally.totals(records)
    return Counts(
        release=live.release if live else "",
        knowledge=live.knowledge if live else "",
        answers=so_far.answers,
        reviewed=so_far.reviewed,
        reviews_waiting=review.left(records),
    )
