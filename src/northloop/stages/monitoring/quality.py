"""How good all answers are, told from the few that people judged.

Accuracy is the share of answers whose verdict is "correct"; "needs rephrasing" counts as not
correct, so the number never flatters. Hand-offs are no answers and stay out of it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np

from northloop.core.interaction import (
    Interaction,
    Quality,
    ReviewItem,
    Verdict,
    VerdictKind,
)
from northloop.ports.stores import Records
from northloop.stages.monitoring import tally
from northloop.statistics import running
from northloop.statistics.bootstrap import Floats, cluster_codes
from northloop.statistics.powered import Estimate, Reviewed
from northloop.statistics.powered import estimate as estimate_mean


def current(records: Records, alpha: float = 0.05) -> Quality | None:
    """Return the accuracy of all answers to customers so far; None before any verdict.

    The number of `estimate`, from what is counted as it happens: it takes as long with a million
    answers as with a thousand.
    """
    with records.transaction():
        totals = tally.totals(records)
        found = running.estimate(totals, lambda: tally.reviewed_clusters(records), alpha)
    return None if found is None else _quality(found, totals.answers, totals.reviewed)


def estimate(
    interactions: Sequence[Interaction],
    reviews: Sequence[ReviewItem],
    verdicts: Sequence[Verdict],
    alpha: float = 0.05,
) -> Quality | None:
    """Return the accuracy of all answers with a 1 - alpha interval; None before any verdict.

    The judge is the confidence each answer was given with. The first verdict on an item counts;
    a second one measures agreement between people, not accuracy. Where items wait or were skipped,
    the probability to be drawn is multiplied by the share of items judged, separately for the
    uniform and the adaptive half: right as long as nobody chooses by how good an answer is.
    """
    answers = sorted(filter(tally.is_counted, interactions), key=tally.order_of)
    known = {answer.interaction_id for answer in answers}
    items = [item for item in reviews if item.interaction_id in known]
    first = tally.first_verdicts(verdicts)
    judged = [item for item in items if item.interaction_id in first]
    if not judged:
        return None
    found = estimate_mean(_sample(answers, _propensities(items, judged), first), alpha)
    return _quality(found, len(answers), len(judged))


def _quality(found: Estimate, answers: int, reviewed: int) -> Quality:
    return Quality(
        answers=answers,
        reviewed=reviewed,
        share=reviewed / answers,
        accuracy=found.interval.value,
        low=found.interval.low,
        high=found.interval.high,
        method=found.method,
    )


def _propensities(items: Sequence[ReviewItem], judged: Sequence[ReviewItem]) -> dict[str, float]:
    """Return, for each judged interaction, the probability that it was drawn and judged."""
    drawn = Counter(item.uniform for item in items)
    done = Counter(item.uniform for item in judged)
    return {
        item.interaction_id: item.probability * done[item.uniform] / drawn[item.uniform]
        for item in judged
    }


def _sample(
    answers: Sequence[Interaction], propensity: dict[str, float], verdicts: dict[str, Verdict]
) -> Reviewed:
    ids = [answer.interaction_id for answer in answers]
    clusters = [tally.cluster_of(answer) for answer in answers]
    return Reviewed(
        judge=_floats([answer.confidence for answer in answers]),
        reviewed=np.array([i in propensity for i in ids]),
        probability=_floats([propensity.get(i, 1.0) for i in ids]),
        quality=_floats(
            [float(i in propensity and verdicts[i].kind is VerdictKind.CORRECT) for i in ids]
        ),
        cluster=cluster_codes(clusters),
        fold=np.array([tally.fold_of(name) for name in clusters]),
    )


def _floats(values: Sequence[float]) -> Floats:
    return np.array(values, dtype=np.float64)
