"""From which score on may we answer? A threshold with a proof, or one with a bounded price.

A proof: Learn-then-Test (Angelopoulos et al. 2021, arXiv 2110.01052) by fixed-sequence testing.
Thresholds are tried from strict to lax and the first that cannot be certified ends the search, so
that no correction for the many tries is needed.

A price: where answers are too few or too often wrong for any proof, as many wrong ones are held
back as a bounded loss of right ones buys (conformal risk control, Angelopoulos et al. 2022, arXiv
2208.02814). Neither knows what the score is made of.
"""

from __future__ import annotations

from typing import TypeAlias

import msgspec
import numpy as np
from numpy.typing import NDArray
from scipy.special import bdtr

from northloop.statistics.bootstrap import Floats

Bools: TypeAlias = NDArray[np.bool_]
_FIRST_ANSWERED = 80
"""The strictest threshold tried answers about this many labelled items: with fewer nothing can be
certified, and the sequence would end before it began."""


class RiskSpec(msgspec.Struct, frozen=True, kw_only=True):
    """What is to be certified."""

    max_wrong: float = 0.05
    """Greatest tolerable share of wrong answers among those given."""
    delta: float = 0.1
    """Probability that the certificate is wrong."""
    steps: int = 20


class Certificate(msgspec.Struct, frozen=True, kw_only=True):
    """Answer when the score is at least `threshold`."""

    threshold: float
    answered: int
    """Labelled items at or above it."""
    wrong: int
    coverage: float
    """Share of the labelled items that would have been answered."""
    p_value: float


def candidate_thresholds(traffic: Floats, labelled: int, steps: int) -> Floats:
    """Return thresholds from strict to lax: quantiles of the scores of unlabelled traffic.

    They must not depend on the labels. Coverage runs from about 80 labelled items to all.
    """
    start = min(1.0, _FIRST_ANSWERED / max(labelled, 1))
    coverage = np.linspace(start, 1.0, steps)
    return np.unique(np.quantile(traffic, 1 - coverage, method="lower"))[::-1]


def certify(
    score: Floats,
    wrong: Bools,
    traffic: Floats,
    spec: RiskSpec,
) -> Certificate | None:
    """Return the laxest certified threshold, None if even the strictest is not.

    With probability ≥ 1 - delta, at most `max_wrong` of the answers given at that threshold are
    wrong, as long as traffic stays what it was. The N labelled items must be a uniform sample, one
    per conversation; `traffic` are scores of unlabelled traffic.
    """
    certified: Certificate | None = None
    for threshold in candidate_thresholds(traffic, len(score), spec.steps):
        answered = score >= threshold
        n, errors = int(answered.sum()), int((wrong & answered).sum())
        p_value = float(bdtr(errors, n, spec.max_wrong)) if n else 1.0
        if p_value > spec.delta:
            break
        certified = Certificate(
            threshold=float(threshold),
            answered=n,
            wrong=errors,
            coverage=n / len(score),
            p_value=p_value,
        )
    return certified


class Outcomes(msgspec.Struct, frozen=True):
    """What came of questions whose answers have a score; arrays of one length."""

    score: Floats
    right: Bools
    wrong: Bools
    """What is neither right nor wrong is not known, and counts as lost where it is held back."""


def at_a_price(outcomes: Outcomes, asked: int, most_lost: float) -> float | None:
    """Return the score from which on right answers outnumber wrong ones the most, within a price.

    The price: of all questions to come, at most the share `most_lost` have an answer below it that
    is not wrong. That holds on average over draws of the `asked` questions behind the outcomes, as
    long as those to come are like them. Of several such scores the lowest; inf if nothing is worth
    answering; None if so few were asked that no price can be promised.
    """
    score, right, wrong = outcomes.score, outcomes.right, outcomes.wrong
    candidates = np.append(np.unique(score), np.inf)
    lost = np.searchsorted(np.sort(score[~wrong]), candidates)
    affordable = candidates[(lost + 1) <= most_lost * (asked + 1)]
    if not len(affordable):
        return None
    surplus = _at_or_above(score[right], affordable) - _at_or_above(score[wrong], affordable)
    return float(affordable[np.argmax(surplus)])


def _at_or_above(score: Floats, thresholds: Floats) -> NDArray[np.intp]:
    return len(score) - np.searchsorted(np.sort(score), thresholds)
