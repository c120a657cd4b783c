"""The running count behind a release's scorecard, kept in the store with what it counts.

No customer waits for it: answers are counted in the order they were kept, some at a time, and
whoever reads the counts or changes one counts up to now first (`catch_up`). How far it has come
moves on in the transaction that counts, so that over all processes, and after a crash, each answer
is counted once. A verdict is counted in the transaction that keeps it. What a release said in each
conversation, and to each question, lies in `ClusterSums`, everything else in its `Tally`: the
scorecard takes as long with a million answers as with a thousand.
"""

from __future__ import annotations

import logging
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager

import msgspec

from northloop.core.ids import Hash, derived_id
from northloop.core.interaction import (
    HandoffReason,
    Interaction,
    Origin,
    ReviewItem,
    Verdict,
    VerdictKind,
)
from northloop.core.question import normalised, words_of
from northloop.core.tally import ClusterSums
from northloop.ports.catalogue import note
from northloop.ports.stores import Page, Records
from northloop.stages.monitoring import slices
from northloop.stages.monitoring.sampling import Traffic
from northloop.stages.monitoring.slices import Sliced
from northloop.statistics import powered
from northloop.statistics.powered import NOTHING, Review, Sums, Totals

SENT, DECIDED, HELD = range(powered.GROUPS)
"""The groups: answers that customers got; of the drafts that went to a person instead, those that
wait for a decision (drawn, all of them) and those held back otherwise (drawn as answers are)."""
_CONVERSATION, _QUESTION = 0, 1
_PORTION = 2_000
"""So many answers at most are counted while others wait to keep theirs."""
_PAUSE_S = 0.12
"""Longer than who waits for SQLite sleeps between two tries."""
_MANY = 20_000
_log = logging.getLogger(__name__)


@note()
class Tally(msgspec.Struct, frozen=True, kw_only=True):
    """The totals over what customers asked a release."""

    tally_id: Hash
    """The release."""
    totals: Totals = Totals()


@note()
class CountedUp(msgspec.Struct, frozen=True, kw_only=True):
    """How far the answers are counted."""

    counted_id: str = "all"
    place: str = ""
    """Of the last one, in the order they were kept."""


class _Counted(msgspec.Struct, frozen=True):
    """What a question of a customer counts for."""

    interaction: Interaction
    items: tuple[ReviewItem, ...] = ()
    review: Review | None = None
    """The verdict that counts; one without a finding where all who looked passed it over."""

    @property
    def sums(self) -> Sums:
        found = powered.item_sums(group_of(self.interaction), _judge(self.interaction))
        if self.review is None:
            return found
        return powered.added(found, powered.review_sums(self.review))


def is_counted(interaction: Interaction) -> bool:
    """Return whether a customer asked, and the release could answer."""
    asked = interaction.origin is Origin.CUSTOMER
    by_people = (HandoffReason.HELD_OUT, HandoffReason.TAKEN_OVER)
    return asked and interaction.handoff not in by_people


def group_of(interaction: Interaction) -> int | None:
    """Return SENT, DECIDED, HELD, or None where there is nothing to judge."""
    if interaction.answers:
        return SENT
    if not interaction.draft or interaction.handoff is HandoffReason.ASKED_FOR_HUMAN:
        return None
    return DECIDED if interaction.is_decided_on else HELD


def clusters_of(interaction: Interaction) -> tuple[str, str]:
    """Return the ids of what it is not independent of: its conversation, and its question."""
    conversation = interaction.conversation_id or interaction.interaction_id
    question = words_of(interaction.question)
    if not normalised(interaction.question):
        question = interaction.interaction_id
    release = interaction.release
    return (
        derived_id("conversation", release, interaction.tenant, conversation),
        derived_id("question", release, question),
    )


def totals(records: Records, release: Hash) -> Totals:
    """Return the totals of a release as they are now."""
    catch_up(records)
    return _totals(records, release)


def all_totals(records: Records) -> dict[Hash, Totals]:
    """Return the totals of every release that customers asked, oldest first."""
    catch_up(records)
    return {tally.tally_id: tally.totals for tally in records.query(Tally).rows}


def catch_up(records: Records) -> None:
    """Count the answers that are not counted yet, with what was said of them meanwhile.

    Outside of a transaction, so that others can keep answers between the portions of many.
    """
    while _next_counted(records):
        time.sleep(_PAUSE_S)


def _next_counted(records: Records) -> bool:
    """Count the next answers, and return whether there are more."""
    if not _uncounted(records, 1).rows:
        return False
    with records.transaction():
        page = _uncounted(records, _PORTION)
        if page.rows:
            _count(records, _as_judged(records, page.rows))
            records.replace(CountedUp(place=page.last))
    return page.more


def count_older(records: Records) -> None:
    """Count what an earlier version kept, which counted otherwise; others go on meanwhile.

    Takes minutes with a million answers, once. Not before the first line of the sample is laid,
    which draws what was kept and not drawn: what is drawn counts, too.
    """
    began = records.find(Traffic, Traffic().traffic_id) is not None
    if began and records.find(CountedUp, CountedUp().counted_id) is None:
        if records.count(Interaction) > _MANY:
            _log.warning("Counting the kept answers by release; this may take minutes.")
        catch_up(records)


def _count_the_rest(records: Records) -> None:
    """Count what was kept since the last one caught up; inside a transaction."""
    while _next_counted(records):
        pass


@contextmanager
def judging(records: Records, interaction: Interaction) -> Iterator[None]:
    """Count what changes inside in the first verdict on an answer; in a transaction, before which
    whoever begins it catches up."""
    _count_the_rest(records)
    before = _said(records, interaction)
    yield
    after = _said(records, interaction)
    if before == after:
        return
    changed = [(_Counted(interaction, (), said), n) for said, n in ((before, -1), (after, 1))]
    _count(records, changed)


def forget_answer(records: Records, interaction: Interaction) -> None:
    """Take an answer out of the count, before it is removed with what was said of it; in a
    transaction, as `judging`."""
    _count_the_rest(records)
    items = records.query(ReviewItem, {"interaction_id": interaction.interaction_id}).rows
    gone = _Counted(interaction, tuple(items), _said(records, interaction))
    _count(records, [(gone, -1)])


def counting(verdicts: Iterable[Verdict]) -> dict[str, Verdict]:
    """Return the verdict of each interaction that counts: the earliest, without skips.

    A second one measures agreement between people, not accuracy. Where an operator has ruled, the
    ruling stands in the place of those it overrules.
    """
    said = (v for v in verdicts if not v.skipped and not v.overruled)
    ordered = sorted(said, key=lambda v: (v.at, v.verdict_id))
    return {verdict.interaction_id: verdict for verdict in reversed(ordered)}


def _totals(records: Records, release: Hash) -> Totals:
    return (records.find(Tally, release) or Tally(tally_id=release)).totals


def _uncounted(records: Records, limit: int) -> Page[Interaction]:
    """Return the next answers to customers that are to be counted."""
    so_far = records.find(CountedUp, CountedUp().counted_id) or CountedUp()
    return records.query(Interaction, {"origin": Origin.CUSTOMER}, after=so_far.place, limit=limit)


def _as_judged(records: Records, some: Sequence[Interaction]) -> list[tuple[_Counted, int]]:
    """Return what each of these counts for, once, by what was said of it until now."""
    these = {"interaction_id": [i.interaction_id for i in some]}
    items: dict[str, list[ReviewItem]] = defaultdict(list)
    for item in records.query(ReviewItem, these).rows:
        items[item.interaction_id].append(item)
    given: dict[str, list[Verdict]] = defaultdict(list)
    for verdict in records.query(Verdict, these).rows:
        given[verdict.interaction_id].append(verdict)
    found = []
    for interaction in some:
        name = interaction.interaction_id
        said = _what_counts(interaction, items[name], given[name])
        found.append((_Counted(interaction, tuple(items[name]), said), 1))
    return found


def _count(records: Records, some: Sequence[tuple[_Counted, int]]) -> None:
    """Count each as often more as its number says, or less."""
    by_release: dict[Hash, list[tuple[_Counted, int]]] = defaultdict(list)
    some = [(counted, times) for counted, times in some if is_counted(counted.interaction)]
    for counted, times in some:
        by_release[counted.interaction.release].append((counted, times))
    for release, of_it in by_release.items():
        found = _totals(records, release)
        for counted, times in of_it:
            found = _with(found, counted, times)
        found = _with_clusters(records, found, of_it)
        records.replace(Tally(tally_id=release, totals=found))
    slices.count(records, [(_sliced(counted), times) for counted, times in some])


def _sliced(counted: _Counted) -> Sliced:
    review = counted.review if group_of(counted.interaction) == SENT else None
    return Sliced(
        interaction=counted.interaction,
        held=group_of(counted.interaction) in (DECIDED, HELD),
        clusters=clusters_of(counted.interaction),
        weight=1 / review.probability if review else 0.0,
        quality=review.quality if review else None,
    )


def _with(found: Totals, counted: _Counted, times: int) -> Totals:
    sums, group = counted.sums, group_of(counted.interaction)
    before, after = (NOTHING, sums) if times > 0 else (sums, NOTHING)
    found = powered.with_item(found, before, after)
    if group is not None:
        for item in counted.items:
            part = _part(counted.interaction, item)
            found = powered.with_drawn(found, group, part, times)
    if counted.review is not None:
        found = powered.with_review(found, counted.review, times)
    return found


def _with_clusters(records: Records, found: Totals, some: Sequence[tuple[_Counted, int]]) -> Totals:
    ways = [clusters_of(counted.interaction) for counted, _ in some]
    kept = records.get_all(ClusterSums, {name for names in ways for name in names})
    for way in (_CONVERSATION, _QUESTION):
        before = {names[way]: NOTHING for names in ways}
        before |= {name: kept[name].sums for name in before if name in kept}
        after = dict(before)
        for (counted, times), names in zip(some, ways, strict=True):
            after[names[way]] = powered.added(after[names[way]], counted.sums, times)
        for name, sums in after.items():
            found = powered.with_cluster(found, way, before[name], sums)
        _keep(records, after, kept)
    return found


def _keep(records: Records, after: dict[str, Sums], kept: dict[str, ClusterSums]) -> None:
    new: list[ClusterSums] = []
    known: list[ClusterSums] = []
    for name, sums in after.items():
        cluster = ClusterSums(cluster_id=name, sums=sums)
        if not powered.is_there(sums):
            records.remove(ClusterSums, name)
        else:
            (known if name in kept else new).append(cluster)
    records.replace_all(known)
    records.add_all(new)


def _said(records: Records, interaction: Interaction) -> Review | None:
    this = {"interaction_id": interaction.interaction_id}
    given = records.query(Verdict, this).rows
    items = records.query(ReviewItem, this, limit=1).rows if given else ()
    return _what_counts(interaction, items, given)


def _what_counts(
    interaction: Interaction, items: Sequence[ReviewItem], given: Sequence[Verdict]
) -> Review | None:
    """The verdict that counts on an answer that was drawn; None before anyone looked at it."""
    group = group_of(interaction)
    if not given or not items or group is None:
        return None
    verdict = counting(given).get(interaction.interaction_id)
    return Review(
        group=group,
        part=_part(interaction, items[0]),
        judge=_judge(interaction),
        probability=items[0].probability,
        quality=float(verdict.kind is VerdictKind.CORRECT) if verdict else None,
    )


def _part(interaction: Interaction, item: ReviewItem) -> int:
    """Answers are drawn in two parts: uniformly, and where a verdict teaches most."""
    return int(item.uniform) if group_of(interaction) == SENT else 0


def _judge(interaction: Interaction) -> float:
    return interaction.confidence if interaction.answers else interaction.sure
