"""What lies in the records and is cheap to count, for whoever watches the service."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from northloop.app import alerts, canaries, drift, tracing
from northloop.core.actor import Actor, Role
from northloop.core.canary import Standing
from northloop.core.desk import Took
from northloop.core.ids import Hash
from northloop.core.tracing import SpanCounts
from northloop.loop.promote import live_pair
from northloop.stages.monitoring import audits, offers, queue, tally
from northloop.workspace import Workspace


class Reused(msgspec.Struct, frozen=True, kw_only=True):
    """The semantic cache, all tenants and languages together."""

    entries: int
    """In the cache that this process uses."""
    policies: int
    """Tenants and languages that something was audited of."""
    certified: int
    """Of them, so many have a certificate."""
    audits: int
    blown: int
    """How often a fuse went."""


class Counts(msgspec.Struct, frozen=True, kw_only=True):
    """The same numbers in every process that serves the workspace, but for `spans`."""

    release: Hash = ""
    """What is live; "" before the first promotion."""
    knowledge: Hash = ""
    answers: int = 0
    """Answers to customers that are kept; hand-offs are none, and who is forgotten takes theirs."""
    reviewed: int = 0
    """Of them, how many were drawn for review and have a verdict."""
    reviews_waiting: int = 0
    replies: Mapping[Took, int] = {}
    """What agents sent of what was before them → how often; who is forgotten takes theirs."""
    canary: Standing | None = None
    """How the canary stands that goes on; None without one."""
    alerts: Mapping[str, int] = {}
    """Kind → 1 while an alert of it is open or acknowledged, else 0."""
    drift: float = 1.0
    """Evidence that customers ask otherwise than before."""
    harm: float = 1.0
    """Evidence that their answers got worse."""
    reuse: Reused | None = None
    """How the semantic cache of what is live stands; None where there is none."""
    spans: SpanCounts | None = None
    """What became of this process's spans; None where nobody is told."""


def counts(workspace: Workspace, actor: Actor) -> Counts:
    """Return the counts over all tenants: they say how many, and nothing of what was said."""
    actor.must(Role.METRICS)
    records = workspace.records
    live = live_pair(workspace.artefacts, records)
    so_far = tally.all_totals(records).values()
    shift = drift.found(workspace)
    return Counts(
        release=live.release if live else "",
        knowledge=live.knowledge if live else "",
        answers=sum(totals.items(tally.SENT) for totals in so_far),
        reviewed=sum(totals.reviewed(tally.SENT) for totals in so_far),
        reviews_waiting=queue.left(records),
        replies=offers.every(records),
        canary=canaries.going_on(workspace, actor),
        alerts=alerts.open_kinds(workspace),
        drift=shift.evidence,
        harm=shift.harm.evidence if shift.harm else 1.0,
        spans=tracing.counts(workspace),
        reuse=_reused(workspace, live.release if live else ""),
    )


def _reused(workspace: Workspace, release: Hash) -> Reused | None:
    if workspace.promise is None:
        return None
    found = [one.standing for one in audits.policies(workspace.records, release)]
    return Reused(
        entries=workspace.semantic_cache.count(),
        policies=len(found),
        certified=sum(one.certificate is not None for one in found),
        audits=sum(one.audits for one in found),
        blown=sum(one.blown for one in found),
    )
