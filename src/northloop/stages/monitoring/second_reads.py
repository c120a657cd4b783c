"""Second reads: how far two reviewers agree who know nothing of each other's verdict.

A tenth of what one person has judged comes before another one, among the rest of the queue and
without a word of the first. Both have to have given a name. The first verdict counts for the
release's scorecard; the two together say what a verdict is worth.

So does each answer that was all but sure and was not found right: nearly as often the person erred
as the answer, and with one such slip in twenty nothing would ever be certified. Where the second
person differs an operator rules. What was drawn alone, and not what was doubted, tells how far
people agree.
"""

from __future__ import annotations

import msgspec
import numpy as np

from northloop.core.ids import uniform
from northloop.core.interaction import Interaction, ReviewItem, Verdict, VerdictKind
from northloop.core.tally import Agreement, Measured, Share
from northloop.ports.catalogue import note
from northloop.ports.stores import Records
from northloop.statistics.agreement import Measure, alpha, kappa, measured
from northloop.statistics.bootstrap import Floats
from northloop.statistics.intervals import clopper_pearson
from northloop.statistics.powered import REVIEWED_ONLY

SHARE = 0.1
"""Of the answers that one person has judged."""
ALL_BUT_SURE = 0.9
"""From this sureness on an answer that was not found right is read again."""
_NEWEST = 1_000


@note("second")
class SecondRead(msgspec.Struct, frozen=True, kw_only=True):
    """An answer that two people judge."""

    review_id: str
    first: str
    """Id of the first verdict."""
    by: str
    """Who gave it, and so does not give the second one."""
    second: str = ""
    """Id of the second verdict; "" while it waits for one."""
    drawn: bool = True
    """Whatever was said of it; False: because it was all but sure and not found right."""


class Pair(msgspec.Struct, frozen=True):
    """What two people said of the same answer, who knew nothing of each other."""

    first: Verdict
    second: Verdict

    @property
    def differs(self) -> bool:
        """Whether one holds it right and the other does not."""
        return (self.first.kind is VerdictKind.CORRECT) != (self.second.kind is VerdictKind.CORRECT)


def follow(records: Records, verdict: Verdict, most_skips: int) -> None:
    """Note what a verdict that was kept just now means for second reads.

    The first one on a drawn answer may ask for another; another one is it. Who passes the answer
    over has not read it, and others are asked, until so many have.
    """
    read = records.find(SecondRead, verdict.review_id)
    if read is None:
        asked = _asked_for(records, verdict)
        if asked is not None:
            records.add(asked)
    elif not read.second and verdict.reviewer not in ("", read.by):
        skips = {"review_id": read.review_id, "skipped": True}
        if not verdict.skipped:
            records.replace(msgspec.structs.replace(read, second=verdict.verdict_id))
        elif records.count(Verdict, skips) >= most_skips:
            records.remove(SecondRead, read.review_id)


def unfollow(records: Records, verdict: Verdict) -> None:
    """Note that a verdict was taken back."""
    read = records.find(SecondRead, verdict.review_id)
    if read is not None and read.first == verdict.verdict_id:
        records.remove(SecondRead, read.review_id)
    elif read is not None and read.second == verdict.verdict_id:
        records.replace(msgspec.structs.replace(read, second=""))


def waiting(records: Records, reviewer: str) -> list[ReviewItem]:
    """Return what somebody may read second, oldest first; nothing for who has no name."""
    if not reviewer:
        return []
    asked = records.query(SecondRead, {"second": ""}).rows
    found = records.get_all(ReviewItem, (read.review_id for read in asked if read.by != reviewer))
    return [found[read.review_id] for read in asked if read.review_id in found]


def doubted(records: Records) -> set[str]:
    """Return the verdicts against what was all but sure of which it is open whether they stand:
    nobody has read it again yet, or the second person said otherwise and no operator has ruled."""
    reads = [read for read in records.query(SecondRead).rows if not read.drawn]
    given = records.get_all(Verdict, (v for read in reads for v in (read.first, read.second) if v))
    return {
        read.first
        for read in reads
        if read.first in given
        and not given[read.first].overruled
        and (read.second not in given or Pair(given[read.first], given[read.second]).differs)
    }


def pairs(records: Records) -> list[Pair]:
    """Return the newest pairs of blind verdicts on what was drawn, newest first, overruled ones
    too."""
    newest = records.query(SecondRead, newest=True, limit=_NEWEST).rows
    reads = [read for read in newest if read.second and read.drawn]
    given = records.get_all(Verdict, (v for read in reads for v in (read.first, read.second)))
    return [
        Pair(given[read.first], given[read.second])
        for read in reads
        if read.first in given and read.second in given
    ]


def agreement(records: Records) -> Agreement | None:
    """Return how far the newest pairs of verdicts agree; None before any pair."""
    found = pairs(records)
    if not found:
        return None
    kinds = [*VerdictKind]
    table = np.zeros((len(kinds), len(kinds)))
    for pair in found:
        table[kinds.index(pair.first.kind), kinds.index(pair.second.kind)] += 1
    right = np.array([[table[0, 0], table[0, 1:].sum()], [table[1:, 0].sum(), table[1:, 1:].sum()]])
    agreed = float(np.trace(right)) / len(found)
    ends = clopper_pearson(agreed, len(found))
    return Agreement(
        pairs=len(found),
        agreed=Share(value=agreed, low=ends.low, high=ends.high, method=REVIEWED_ONLY),
        kappa=_measured(right, kappa),
        alpha=_measured(table, alpha),
    )


def _measured(table: Floats, measure: Measure) -> Measured | None:
    found = measured(table, measure)
    return Measured(value=found.value, low=found.low, high=found.high) if found else None


def _asked_for(records: Records, verdict: Verdict) -> SecondRead | None:
    """Return the second read that a first verdict asks for."""
    item = records.find(ReviewItem, verdict.review_id)
    if not verdict.reviewer or verdict.skipped or item is None or item.judged != 1:
        return None
    drawn = uniform("second read", verdict.review_id) < SHARE
    if not drawn and not _is_doubted(records, verdict):
        return None
    return SecondRead(
        review_id=verdict.review_id, first=verdict.verdict_id, by=verdict.reviewer, drawn=drawn
    )


def _is_doubted(records: Records, verdict: Verdict) -> bool:
    if verdict.kind is VerdictKind.CORRECT:
        return False
    judged = records.find(Interaction, verdict.interaction_id)
    return judged is not None and judged.sure >= ALL_BUT_SURE
