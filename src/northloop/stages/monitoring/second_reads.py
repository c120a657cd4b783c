"""Second reads: how far two reviewers agree who know nothing of each other's verdict.

A tenth of what one person has judged comes before another one, among the rest of the queue and
without a word of the first. Both have to have given a name. The first verdict counts for the
release's scorecard; the two together say what a verdict is worth.
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
import numpy as np

from northloop.core.ids import uniform
from northloop.core.interaction import ReviewItem, Verdict, VerdictKind
from northloop.core.tally import Agreement, Share
from northloop.ports.catalogue import note
from northloop.ports.stores import Records
from northloop.statistics.intervals import clopper_pearson
from northloop.statistics.powered import REVIEWED_ONLY

SHARE = 0.1
"""Of the answers that one person has judged."""
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


def follow(records: Records, verdict: Verdict) -> None:
    """Note what a verdict that was kept just now means for second reads.

    The first one on a drawn answer may ask for another; another one is it. Who passes the answer
    over has not read it: it is asked of nobody any more.
    """
    read = records.find(SecondRead, verdict.review_id)
    if read is None:
        if _asks_for_another(records, verdict):
            asked = SecondRead(
                review_id=verdict.review_id, first=verdict.verdict_id, by=verdict.reviewer
            )
            records.add(asked)
    elif not read.second and verdict.reviewer not in ("", read.by):
        if verdict.skipped:
            records.remove(SecondRead, read.review_id)
        else:
            records.replace(msgspec.structs.replace(read, second=verdict.verdict_id))


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


def agreement(records: Records, alpha: float = 0.05) -> Agreement | None:
    """Return how far the newest pairs of verdicts agree on what is right; None before any pair."""
    newest = records.query(SecondRead, newest=True, limit=_NEWEST).rows
    reads = [read for read in newest if read.second]
    given = records.get_all(Verdict, (v for read in reads for v in (read.first, read.second)))
    pairs = [
        (given[read.first].kind, given[read.second].kind)
        for read in reads
        if read.first in given and read.second in given
    ]
    if not pairs:
        return None
    right = np.array([[kind is VerdictKind.CORRECT for kind in pair] for pair in pairs])
    agreed = float((right[:, 0] == right[:, 1]).mean())
    interval = clopper_pearson(agreed, len(pairs), alpha)
    return Agreement(
        pairs=len(pairs),
        agreed=Share(value=agreed, low=interval.low, high=interval.high, method=REVIEWED_ONLY),
        kappa=_kappa(agreed, right.mean(axis=0).tolist()),
    )


def _kappa(agreed: float, shares: Sequence[float]) -> float | None:
    """Cohen's kappa (1960): agreement beyond chance; None where both say the same of everything."""
    first, second = shares
    chance = first * second + (1 - first) * (1 - second)
    return (agreed - chance) / (1 - chance) if chance < 1 else None


def _asks_for_another(records: Records, verdict: Verdict) -> bool:
    """Drawn by the answer alone, whatever was said of it."""
    if not verdict.reviewer or verdict.skipped:
        return False
    if uniform("second read", verdict.review_id) >= SHARE:
        return False
    item = records.find(ReviewItem, verdict.review_id)
    return item is not None and item.judged == 1
