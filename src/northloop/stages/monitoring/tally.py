"""The running count behind the estimate of quality, kept in the store with what it counts.

Each answer, review item and verdict is counted in the transaction that keeps it. Sums of each
conversation lie in `ClusterSums`, everything else in one `Tally`; `quality.estimate` says from the
records themselves what `quality.current` says from these.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager

import msgspec

from northloop.core.ids import uniform
from northloop.core.interaction import (
    Interaction,
    Origin,
    ReviewItem,
    Verdict,
    VerdictKind,
)
from northloop.core.tally import ClusterSums
from northloop.ports.catalogue import note
from northloop.ports.stores import Records
from northloop.statistics import running
from northloop.statistics.running import Review, Totals

_ALL = "all"


@note()
class Tally(msgspec.Struct, frozen=True, kw_only=True):
    """The totals over all answers to customers."""

    tally_id: str = _ALL
    totals: Totals = Totals()


def is_counted(interaction: Interaction) -> bool:
    """Return whether an answer counts: one to a customer, no hand-off and no question back."""
    return interaction.origin is Origin.CUSTOMER and interaction.answers


def cluster_of(interaction: Interaction) -> str:
    """Return the name of what it is not independent of: its conversation."""
    return interaction.conversation_id or interaction.interaction_id


def fold_of(cluster: str) -> int:
    """Return the half of the conversations that one belongs to, for good."""
    return int(uniform("fold", cluster) < 0.5)


def order_of(interaction: Interaction) -> str:
    """Return what puts answers in order, and conversations by their first one."""
    return f"{interaction.at} {interaction.interaction_id}"


def totals(records: Records) -> Totals:
    """Return the totals as they are now."""
    return (records.find(Tally, _ALL) or Tally()).totals


def reviewed_clusters(records: Records) -> list[running.Sums]:
    """Return the sums of the conversations with a reviewed answer, in order."""
    found = records.query(ClusterSums, {"judged": True}).rows
    return [cluster.sums for cluster in sorted(found, key=lambda c: (c.first, c.cluster_id))]


def count_answers(records: Records, kept: Sequence[tuple[Interaction, ReviewItem | None]]) -> None:
    """Count answers that were kept just now, each with its review item if it was drawn."""
    counted = [(interaction, item) for interaction, item in kept if is_counted(interaction)]
    if not counted:
        return
    before = records.get_all(ClusterSums, (cluster_of(i) for i, _ in counted))
    after = dict(before)
    found = totals(records)
    for interaction, item in counted:
        name = cluster_of(interaction)
        cluster = after.get(name) or _nothing(interaction)
        more = running.answer_sums(interaction.confidence)
        after[name] = msgspec.structs.replace(cluster, sums=running.added(cluster.sums, more))
        if item is not None:
            found = running.with_drawn(found, int(item.uniform))
    for name, cluster in after.items():
        sums = before[name].sums if name in before else running.NOTHING
        found = running.with_cluster(found, fold_of(name), sums, cluster.sums)
    for name in before:
        records.replace(after[name])
    records.add_all([cluster for name, cluster in after.items() if name not in before])
    records.replace(Tally(totals=found))


@contextmanager
def judging(records: Records, interaction: Interaction) -> Iterator[None]:
    """Count what changes inside in the first verdict on an answer."""
    before = _review(records, interaction)
    yield
    after = _review(records, interaction)
    if before == after:
        return
    cluster = records.find(ClusterSums, cluster_of(interaction))
    if cluster is None or not is_counted(interaction):
        # Not kept as an answer: a hand-off, or put into the queue by hand.
        return
    found = totals(records)
    for review, times in ((before, -1), (after, 1)):
        if review is not None:
            found, cluster = _with_review(found, cluster, review, times)
    _keep(records, cluster, found)


def forget_answer(records: Records, interaction: Interaction) -> None:
    """Take an answer out of the count, before it is removed with what was said of it."""
    cluster = records.find(ClusterSums, cluster_of(interaction))
    if cluster is None or not is_counted(interaction):
        return
    found = totals(records)
    review = _review(records, interaction)
    if review is not None:
        found, cluster = _with_review(found, cluster, review, -1)
    for item in records.query(ReviewItem, {"interaction_id": interaction.interaction_id}).rows:
        found = running.with_drawn(found, int(item.uniform), -1)
    more = running.answer_sums(interaction.confidence)
    after = msgspec.structs.replace(cluster, sums=running.added(cluster.sums, more, -1))
    found = _with_cluster(found, cluster, after)
    if round(after.sums[0]):
        first = _first_left(records, interaction)
        _keep(records, msgspec.structs.replace(after, first=first), found)
        return
    records.remove(ClusterSums, cluster.cluster_id)
    records.replace(Tally(totals=found))


def recount(records: Records, kept: Iterable[Interaction]) -> None:
    """Count from the beginning everything that was kept, oldest first: once, after an upgrade."""
    clusters: dict[str, ClusterSums] = {}
    reviews: list[tuple[str, Review]] = []
    found = Totals()
    items = _items(records)
    first = first_verdicts(records.query(Verdict).rows)
    for interaction in kept:
        if not is_counted(interaction):
            continue
        name = cluster_of(interaction)
        cluster = clusters.get(name) or _nothing(interaction)
        more = running.answer_sums(interaction.confidence)
        clusters[name] = msgspec.structs.replace(
            cluster,
            sums=running.added(cluster.sums, more),
            first=min(cluster.first, order_of(interaction)),
        )
        item = items.get(interaction.interaction_id)
        if item is None:
            continue
        found = running.with_drawn(found, int(item.uniform))
        verdict = first.get(interaction.interaction_id)
        if verdict is not None:
            reviews.append((name, _as_review(interaction, item, verdict)))
    for name, review in reviews:
        clusters[name] = _reviewed(clusters[name], review, 1)
        found = running.with_review(found, fold_of(name), review)
    for name, cluster in clusters.items():
        found = running.with_cluster(found, fold_of(name), running.NOTHING, cluster.sums)
    judged = sum(cluster.judged for cluster in clusters.values())
    records.add_all([*clusters.values()])
    records.replace(Tally(totals=msgspec.structs.replace(found, judged_clusters=judged)))


def first_verdicts(verdicts: Iterable[Verdict]) -> dict[str, Verdict]:
    """Return the earliest verdict of each interaction; skipped ones are none."""
    ordered = sorted((v for v in verdicts if not v.skipped), key=lambda v: (v.at, v.verdict_id))
    return {verdict.interaction_id: verdict for verdict in reversed(ordered)}


def _items(records: Records) -> dict[str, ReviewItem]:
    return {item.interaction_id: item for item in records.query(ReviewItem).rows}


def _nothing(interaction: Interaction) -> ClusterSums:
    return ClusterSums(
        cluster_id=cluster_of(interaction), first=order_of(interaction), sums=running.NOTHING
    )


def _review(records: Records, interaction: Interaction) -> Review | None:
    """The first verdict on an answer as it counts, None before there is one."""
    this = {"interaction_id": interaction.interaction_id}
    verdict = first_verdicts(records.query(Verdict, this).rows).get(interaction.interaction_id)
    items = records.query(ReviewItem, this, limit=1).rows if verdict else ()
    return _as_review(interaction, items[0], verdict) if verdict and items else None


def _as_review(interaction: Interaction, item: ReviewItem, verdict: Verdict) -> Review:
    return Review(
        judge=interaction.confidence,
        probability=item.probability,
        half=int(item.uniform),
        quality=float(verdict.kind is VerdictKind.CORRECT),
    )


def _reviewed(cluster: ClusterSums, review: Review, times: int) -> ClusterSums:
    reviews = cluster.reviews + times
    return msgspec.structs.replace(
        cluster,
        sums=running.added(cluster.sums, running.review_sums(review), times),
        reviews=reviews,
        judged=reviews > 0,
    )


def _with_review(
    found: Totals, cluster: ClusterSums, review: Review, times: int
) -> tuple[Totals, ClusterSums]:
    after = _reviewed(cluster, review, times)
    found = running.with_review(found, fold_of(cluster.cluster_id), review, times)
    return _with_cluster(found, cluster, after), after


def _with_cluster(found: Totals, before: ClusterSums, after: ClusterSums) -> Totals:
    more = msgspec.structs.replace(
        found, judged_clusters=found.judged_clusters + after.judged - before.judged
    )
    return running.with_cluster(more, fold_of(after.cluster_id), before.sums, after.sums)


def _keep(records: Records, cluster: ClusterSums, found: Totals) -> None:
    records.replace(cluster)
    records.replace(Tally(totals=found))


def _first_left(records: Records, gone: Interaction) -> str:
    """The order of a conversation whose answer is about to go."""
    this = {"conversation_id": gone.conversation_id}
    left = (
        order_of(interaction)
        for interaction in records.query(Interaction, this).rows
        if is_counted(interaction) and interaction.interaction_id != gone.interaction_id
    )
    return min(left, default="")
