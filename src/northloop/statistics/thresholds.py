"""From which score on may we answer? A threshold with a proof, or one with a bounded price.

A proof: Learn-then-Test (Angelopoulos et al. 2021, arXiv 2110.01052) by fixed-sequence testing.
Thresholds are tried from strict to lax and the first that cannot be certified ends the search, so
that no correction for the many tries is needed.

A price: where answers are too few or too often wrong for that, as many wrong ones are held back as
a loss of right ones buys that is certified in the same way. Neither knows what the score is of.
"""

from __future__ import annotations

from math import ceil, log, log1p
from typing import TypeAlias

import msgspec
import numpy as np
from numpy.typing import NDArray
from scipy.special import bdtr

from northloop.statistics.bootstrap import Floats

Bools: TypeAlias = NDArray[np.bool_]
FEWEST_ASKED = 22
"""With fewer questions nothing can be held back at the price that `at_a_price` takes by itself."""
_STAKE = 3.0
_MAJORITY_STAKE = 0.8
_ROOM = 1.35
"""The strictest threshold tried answers so many times the labelled items that would do: with just
those a single error more would end the sequence before it began."""
_MISTAKES = 2
"""It answers up to as many as leave room for so many errors, as long as that is no more than the
`_SUREST` share: the surest answers of all may hold one, too, and it must not end the sequence."""
_SUREST = 0.35


TIMES = (1.25, 1.5, 2.0, 3.0, 5.0, 8.0)
"""Of the decisions so far: how many are looked ahead to."""
_MORE = 0.05
"""Less than so many more of the questions is not worth telling."""


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


def fewest_answered(spec: RiskSpec, errors: int = 0) -> int:
    """Return how many answers with so many errors are the fewest that certify: 45 without any at
    5 %, δ = .1."""
    fewest = ceil(log(spec.delta) / log1p(-spec.max_wrong))
    while bdtr(errors, fewest, spec.max_wrong) > spec.delta:
        fewest += 1
    return fewest


def candidate_thresholds(traffic: Floats, labelled: int, spec: RiskSpec) -> Floats:
    """Return thresholds from strict to lax: quantiles of the scores of unlabelled traffic.

    They must not depend on the labels. Coverage runs to all of them, from a third more labelled
    items than the fewest that certify; where there are many, with an error or two among them.
    """
    fewest, most = (_ROOM * fewest_answered(spec, errors) for errors in (0, _MISTAKES))
    start = min(1.0, max(fewest, min(most, _SUREST * labelled)) / max(labelled, 1))
    coverage = np.linspace(start, 1.0, spec.steps)
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
    if not len(score):
        return None
    certified: Certificate | None = None
    for threshold in candidate_thresholds(traffic, len(score), spec):
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


class Foreseen(msgspec.Struct, frozen=True):
    """What more decisions buy, if they come out as those so far."""

    decisions: int
    """In all."""
    coverage: float
    """Share of the questions that is certified then."""


def foreseen(score: Floats, wrong: Bools, spec: RiskSpec) -> Foreseen | None:
    """Return the first of `TIMES` as many decisions that certify more than these do, if as many of
    the surest are wrong as now; None if none does. No promise: it takes the sample for the truth,
    and a certificate may come later, for it is looked for from the surest on."""
    known = certify(score, wrong, score, spec)
    least = (known.coverage if known else 0.0) + _MORE
    order = np.argsort(-score, kind="stable")
    answered, errors = np.arange(1, len(score) + 1), np.cumsum(wrong[order])
    lasts = np.append(score[order][1:] < score[order][:-1], True)[: len(score)]
    shares = answered / max(1, len(score))
    for times in TIMES:
        many = (times * answered).astype(int)
        chance = bdtr(np.ceil(times * errors), many, spec.max_wrong)
        held = lasts & (shares >= least) & (chance <= spec.delta)
        if held.any():
            return Foreseen(int(times * len(score)), float(shares[held].max()))
    return None


def blown_at(wrong: Bools, tolerated: float, limit: float = 1_000.0) -> int | None:
    """Return the first place in a sequence of answers at which too many were wrong, None for none.

    M ← max(1, M (1 + 3 (wrong − tolerated))), blown at `limit`. As long as no more than `tolerated`
    are wrong, M grows nowhere in the mean, and at least `limit` answers lie between two false
    alarms on average; valid for a `tolerated` of at most a third.
    """
    evidence = 1.0
    for place, is_wrong in enumerate(wrong):
        evidence = grown(evidence, bool(is_wrong), tolerated)
        if evidence >= limit:
            return place
    return None


def grown(evidence: float, wrong: bool, tolerated: float) -> float:
    """Return the fuse's M after one more answer; 1 before the first."""
    return max(1.0, evidence * (1 + _STAKE * (float(wrong) - tolerated)))


def favoured(right: Bools, at_first: bool, limit: float = 50.0) -> bool | None:
    """Return what a sequence of decisions comes to: True where right ones outnumber wrong ones,
    False where it is the other way round, None as long as neither is shown.

    Only what would change something is looked for, so from `at_first` False for a majority of right
    ones, and back. Each search is M ← max(1, M (1 + .8 (what speaks for a change − 1/2))), ended
    at `limit`: without such a majority at least `limit` decisions lie between two changes on
    average. Twelve in a row that speak for a change suffice, or about forty-seven of which 70 % do.
    """
    state, evidence, shown = at_first, 1.0, None
    for is_right in right:
        speaks = bool(is_right) is not state
        evidence = max(1.0, evidence * (1 + _MAJORITY_STAKE * (float(speaks) - 0.5)))
        if evidence >= limit:
            state, evidence = not state, 1.0
            shown = state
    return shown


class Outcomes(msgspec.Struct, frozen=True):
    """What came of questions whose answers have a score; arrays of one length."""

    score: Floats
    right: Bools
    wrong: Bools
    """What is neither right nor wrong is not known, and counts as lost where it is held back."""


def at_a_price(outcomes: Outcomes, asked: int, most_lost: float = 0.1, delta: float = 0.1) -> float:
    """Return the score from which on right answers outnumber wrong ones the most, within a price.

    The price: with probability ≥ 1 - delta, of all questions to come at most the share `most_lost`
    have an answer below it that is not wrong, as long as they are like the `asked` ones (those that
    no outcome is of included). Of several such scores the lowest: -inf where nothing is worth
    holding back or too few were asked (22 are enough as it stands), inf where no answer is worth
    its risk.
    """
    score, right, wrong = outcomes.score, outcomes.right, outcomes.wrong
    seen = np.unique(score)
    between = (seen[1:] + seen[:-1]) / 2
    candidates = np.concatenate([[-np.inf], between, [np.inf]])
    lost = np.searchsorted(np.sort(score[~wrong]), candidates)
    # The more is lost, the less is proven: no correction for the many tries is needed.
    affordable = candidates[(bdtr(lost, asked, most_lost) <= delta) | np.isneginf(candidates)]
    surplus = _at_or_above(score[right], affordable) - _at_or_above(score[wrong], affordable)
    return float(affordable[np.argmax(surplus)])


def _at_or_above(score: Floats, thresholds: Floats) -> NDArray[np.intp]:
    return len(score) - np.searchsorted(np.sort(score), thresholds)
