"""The queue of the reviewers: what waits for a verdict, and who has what before them.

Newest first and not most instructive first: what gets left undone must not depend on how sure the
model was, or the estimate of its accuracy would. What somebody passes over goes back, to everybody
else, until `MOST_SKIPS` have looked at it. Blind second reads (`second_reads`) and answers whose
verdict is known (`gold`) come among the rest and look like it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import timedelta

import msgspec

from northloop.core.clock import moment, stamp
from northloop.core.interaction import Claim, Interaction, ReviewItem, Verdict
from northloop.ports.stores import Records, TimeSpan
from northloop.stages.monitoring import gold, second_reads
from northloop.stages.monitoring.gold import GoldSpec

CLAIMED = timedelta(minutes=10)
"""How long an answer stays with the reviewer it is before, unless they judge it or look again."""
LOOKED_IN = timedelta(minutes=1)
"""The same for whoever has only looked in, and may be no reviewer."""
_WAITING = {"judged": 0}
_PORTION = 50


class Reviewing(msgspec.Struct, frozen=True, kw_only=True):
    """Who sits before the queue, and when."""

    by: str
    """What tells them from others who review at the same time: a browser, or a name."""
    name: str = ""
    at: str
    lasting: timedelta = CLAIMED
    """How long what they are given stays with them."""
    gold: GoldSpec = GoldSpec()
    """What is mixed in for them."""


class Open(msgspec.Struct, frozen=True):
    """A review item that waits, with what is to be judged."""

    item: ReviewItem
    interaction: Interaction


def waiting(records: Records, limit: int | None = None) -> list[ReviewItem]:
    """Return the review items without a verdict, newest first; at most `limit`."""
    return records.query(ReviewItem, _WAITING, limit=limit, newest=True).rows


def left(records: Records) -> int:
    """Return how many review items have no verdict."""
    return records.count(ReviewItem, _WAITING)


def overdue(records: Records, before: str) -> int:
    """Return how many review items have had no verdict since before a time."""
    return records.count(ReviewItem, {**_WAITING, "at": TimeSpan(until=before)})


def queue(records: Records, limit: int | None = None) -> list[Open]:
    """Return what waits, in the order of `waiting`, each with the answer to be judged."""
    return _opened(records, waiting(records, limit))


def item(records: Records, review_id: str) -> ReviewItem:
    """Return a review item by the id under which a reviewer has it; NotFound."""
    return gold.item(records, review_id) or records.get(ReviewItem, review_id)


def take(records: Records, who: Reviewing, limit: int, without: Collection[str] = ()) -> list[Open]:
    """Return the next answers for one of several reviewers, at most `limit`, and claim them.

    What they have claimed before comes first, then what they are to read second, then the newest
    that nobody else has before them; none of `without`, which are review ids, and nothing that they
    have passed over. Who does not judge an answer in their time leaves it to the others.
    """
    with records.transaction():
        found: dict[str, ReviewItem] = {}
        closed = {*without, *_claims_of_others(records, who)}
        for one in _offered(records, who):
            if len(found) >= limit:
                break
            if one.review_id not in closed:
                found.setdefault(one.review_id, one)
        for review_id in found:
            _claim(records, who, review_id)
        return _opened(records, list(found.values()))


def claim(records: Records, who: Reviewing, review_id: str) -> bool:
    """Claim one answer that waits, or one's own for longer; return False where others have it."""
    with records.transaction():
        if review_id in _claims_of_others(records, who):
            return False
        found = gold.item(records, review_id) or records.find(ReviewItem, review_id)
        if found is not None and (not found.judged or records.find(Claim, review_id) is not None):
            _claim(records, who, review_id)
    return True


def _offered(records: Records, who: Reviewing) -> Iterator[ReviewItem]:
    """Yield what somebody may judge, in order; some of it more than once."""
    mine = [claim.review_id for claim in records.query(Claim).rows if claim.by == who.by]
    claimed = [gold.item(records, name) or records.find(ReviewItem, name) for name in mine]
    before = [one for one in claimed if one is not None and not one.judged]
    before.sort(key=lambda i: (i.at, i.review_id), reverse=True)
    yield from _not_passed(records, who, before)
    yield from _not_passed(records, who, second_reads.waiting(records, who.name))
    after, more = "", True
    while more:
        page = records.query(ReviewItem, _WAITING, after=after, limit=_PORTION, newest=True)
        for one in _not_passed(records, who, page.rows):
            mixed_in = gold.before(records, one, who.name, who.gold)
            if mixed_in is not None:
                yield mixed_in
            yield one
        after, more = page.last, page.more


def _not_passed(
    records: Records, who: Reviewing, items: Sequence[ReviewItem]
) -> Iterator[ReviewItem]:
    """Yield what they have not passed over; who has no name is told from nobody without one."""
    these = {"review_id": [one.review_id for one in items], "skipped": True}
    skips = records.query(Verdict, these).rows if items else ()
    passed = {skip.review_id for skip in skips if skip.reviewer == who.name}
    yield from (one for one in items if one.review_id not in passed)


def _opened(records: Records, items: Sequence[ReviewItem]) -> list[Open]:
    answers = records.get_all(Interaction, (one.interaction_id for one in items))
    return [
        Open(one, answers[one.interaction_id]) for one in items if one.interaction_id in answers
    ]


def _claim(records: Records, who: Reviewing, review_id: str) -> None:
    until = stamp(moment(who.at) + who.lasting)
    records.replace(Claim(review_id=review_id, by=who.by, until=until))


def _claims_of_others(records: Records, who: Reviewing) -> set[str]:
    """The review ids that others have before them; claims that have expired are removed."""
    now, others = moment(who.at), set()
    for held in records.query(Claim).rows:
        if moment(held.until) < now:
            records.remove(Claim, held.review_id)
        elif held.by != who.by:
            others.add(held.review_id)
    return others
