"""How reviewers err, and what accuracy is without their errors (`statistics.reviewers`).

Pooled over reviewers: the figures correct an estimate, and rank nobody.
"""

from __future__ import annotations

from northloop.core.interaction import VerdictKind
from northloop.core.tally import ReviewerError, Share
from northloop.ports.stores import Records
from northloop.stages.monitoring import gold, second_reads
from northloop.stages.monitoring.gold import Gold
from northloop.statistics import reviewers as rule
from northloop.statistics.intervals import Interval
from northloop.statistics.reviewers import Reads

CORRECTED = "corrected for reviewers' errors"
GOLD_AND_PAIRS = "gold and second reads"


def reads(records: Records) -> Reads:
    """Return what reviewers said of gold answers, and of answers that two of them read blind."""
    golds = {one.interaction_id: one for one in records.query(Gold).rows}
    known, counts = {True: [0, 0], False: [0, 0]}, {True: 0, False: 0}
    for one in gold.reads(records):
        if one.said is not None and not one.said.skipped and one.interaction_id in golds:
            right = golds[one.interaction_id].right
            known[right][0] += 1
            known[right][1] += right == (one.said.kind is VerdictKind.CORRECT)
    apart = {True: 0, False: 0, None: 0}
    for pair in second_reads.pairs(records):
        if not pair.differs:
            counts[pair.first.kind is VerdictKind.CORRECT] += 1
        else:
            ruled = golds.get(pair.first.interaction_id)
            apart[ruled.right if ruled else None] += 1
    return Reads(
        right=known[True][0],
        right_found=known[True][1],
        wrong=known[False][0],
        wrong_found=known[False][1],
        both_right=counts[True],
        both_wrong=counts[False],
        apart=apart[None],
        apart_right=apart[True],
        apart_wrong=apart[False],
    )


def error(records: Records) -> ReviewerError:
    """Return how reviewers err."""
    found = reads(records)
    pairs = found.both_right + found.both_wrong + found.apart
    is_known = not any(found.lacking)
    known = rule.rates(found) if is_known else None
    return ReviewerError(
        right=found.right,
        wrong=found.wrong,
        pairs=pairs + found.apart_right + found.apart_wrong,
        lacking=found.lacking,
        sensitivity=_share(rule.told(known.sensitivity)) if known else None,
        specificity=_share(rule.told(known.specificity)) if known else None,
    )


def corrected(records: Records, accuracy: Share | None) -> Share | None:
    """Return accuracy without reviewers' errors; None while either is not known."""
    found = reads(records)
    if accuracy is None or any(found.lacking):
        return None
    seen = Interval(value=accuracy.value, low=accuracy.low, high=accuracy.high)
    return _share(rule.corrected(seen, rule.rates(found)), CORRECTED)


def _share(found: Interval, method: str = GOLD_AND_PAIRS) -> Share:
    return Share(value=found.value, low=found.low, high=found.high, method=method)
