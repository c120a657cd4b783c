"""The quality of all answers from the reviewed few and a judge that saw all of them.

Active statistical inference (Zrnic & Candès 2024, arXiv 2403.03208) with an intercept: the judge
only says where to look and how much can be explained without looking; if it is useless or even
inverted, the estimate stays right and costs at most a few per cent more reviews. It does not know
what is judged.
"""

from __future__ import annotations

import msgspec
import numpy as np
from numpy.typing import NDArray
from scipy.special import expit, logit, stdtrit

from northloop.statistics.bootstrap import Codes, Floats, cluster_sums
from northloop.statistics.intervals import Interval, betting

UNIFORM_PART = 0.5
"""Share of the review budget spent uniformly at random: the floor that bounds the worst case."""
FEWEST_REVIEWS = 100
FEWEST_OF_A_KIND = 10
"""Below either, the normal approximation is not to be trusted and the betting interval is used."""
FOLDS = 2
WITHOUT_REVIEWS = (0.5, 0.0)
"""The line, intercept and slope, where nothing was reviewed."""
LEAST_WEIGHT = 1e-9
"""Mean weight below which every answer was as good as sure to be reviewed."""
LEAST_SPREAD = 1e-9
"""Variance below which the judge says the same of every answer."""


class Reviewed(msgspec.Struct, frozen=True, kw_only=True):
    """N answers, some of them reviewed. All arrays have shape (N,)."""

    judge: Floats
    """A guess, before anyone looked, of how good each answer is, 0..1."""
    reviewed: NDArray[np.bool_]
    probability: Floats
    """Logged probability of each answer to be reviewed; read only where it was."""
    quality: Floats
    """What the reviewer found, 0..1; read only where reviewed."""
    cluster: Codes
    """Number of the conversation, 0.. without gaps: answers of one are not independent."""
    fold: Codes | None = None
    """Half of the conversations that each answer's belongs to, 0 or 1, for cross-fitting; None
    draws halves."""


class Estimate(msgspec.Struct, frozen=True, kw_only=True):
    """Mean quality of all N answers."""

    interval: Interval
    method: str


def uncertainty(judge: Floats) -> Floats:
    """Return the standard deviation of a 0/1 outcome of that probability: sqrt(g (1 - g))."""
    return np.sqrt(np.clip(judge * (1 - judge), 0.0, None))


def review_probability(spread: Floats, mean_spread: float, budget: float) -> Floats:
    """Return the probability of each answer to be reviewed: half uniform, half by `uncertainty`.

    `spread` holds uncertainties of any shape, `mean_spread` their running mean. Probabilities
    average to the budget (a share of answers), and none is below half of it.
    """
    adaptive = (1 - UNIFORM_PART) * budget
    relative = spread / mean_spread if mean_spread > 0 else np.ones_like(spread)
    return np.minimum(1.0, UNIFORM_PART * budget + adaptive * relative)


def estimate(sample: Reviewed, alpha: float = 0.05) -> Estimate:
    """Return the mean quality of all answers with its 1 - alpha interval.

    At least one answer must have been reviewed. From 100 reviews (10 of them good, 10 bad) on:
    mean of the pseudo-outcomes with a standard error clustered by conversation. Below: the
    betting interval on the reviewed answers, weighted by the inverse of their probability, which
    is valid at any n.
    """
    found = sample.quality[sample.reviewed]
    rarer = min(found.sum(), len(found) - found.sum())
    alone = not sample.cluster.any()
    if alone or len(found) < FEWEST_REVIEWS or rarer < FEWEST_OF_A_KIND:
        return Estimate(interval=_betting_estimate(sample, alpha), method="betting")
    return Estimate(interval=_clustered_mean(sample, alpha), method="prediction-powered")


def pseudo_outcomes(sample: Reviewed) -> Floats:
    """Return psi of shape (N,): an unbiased stand-in for the quality of each answer.

    psi = g + reviewed (quality - g) / probability with g = a + l judge, the line fitted on the
    other half of the conversations (cross-fitting), so that E[psi] is the true mean whatever the
    judge is worth. The line may leave 0..1: kept straight, it can be had from sums alone
    (`statistics.running`).
    """
    folds = _folds(sample.cluster) if sample.fold is None else sample.fold
    g = np.empty_like(sample.judge)
    for fold in range(FOLDS):
        rows = sample.reviewed & (folds != fold)
        intercept, slope = _line(sample.judge[rows], sample.quality[rows], sample.probability[rows])
        inside = folds == fold
        g[inside] = intercept + slope * sample.judge[inside]
    psi = g.copy()
    seen = sample.reviewed
    psi[seen] += (sample.quality[seen] - g[seen]) / sample.probability[seen]
    return psi


def _clustered_mean(sample: Reviewed, alpha: float) -> Interval:
    psi = pseudo_outcomes(sample)
    mean = float(psi.mean())
    residuals = cluster_sums((psi - mean)[:, None], sample.cluster)[:, 0]
    clusters = len(residuals)
    error = float(np.sqrt((residuals**2).sum() * clusters / (clusters - 1))) / len(psi)
    half = float(stdtrit(_degrees_of_freedom(sample), 1 - alpha / 2)) * error
    return share_interval(mean, half)


def share_interval(mean: float, half: float) -> Interval:
    """Return mean ± half, made symmetric in log-odds: near 1 the lower side is the longer one.

    Source: Brown, Cai & DasGupta 2001, Statistical Science 16, §4.2 (logit interval).
    """
    if not 0 < mean < 1:
        value = min(max(mean, 0.0), 1.0)
        return Interval(value=value, low=max(value - half, 0.0), high=min(value + half, 1.0))
    centre, reach = float(logit(mean)), half / (mean * (1 - mean))
    return Interval(value=mean, low=float(expit(centre - reach)), high=float(expit(centre + reach)))


def _degrees_of_freedom(sample: Reviewed) -> int:
    """Return reviewed conversations - 2: the line takes two."""
    return max(1, len(np.unique(sample.cluster[sample.reviewed])) - 2)


def _betting_estimate(sample: Reviewed, alpha: float) -> Interval:
    """Bet conversation by conversation on the weighted sum of what was found in each."""
    seen = sample.reviewed
    weight = 1 / sample.probability[seen]
    cluster = np.unique(sample.cluster[seen], return_inverse=True)[1]
    sums = cluster_sums(np.column_stack([weight * sample.quality[seen], weight]), cluster)
    return betting(sums[:, 0] / sums[:, 1], alpha, sums[:, 1] / sums[:, 1].max())


def _folds(cluster: Codes) -> Codes:
    """Return the fold of each answer; a conversation is never divided."""
    clusters = int(cluster.max()) + 1
    of_cluster = np.arange(clusters) % FOLDS
    np.random.default_rng(0).shuffle(of_cluster)
    return of_cluster[cluster]


def _line(judge: Floats, quality: Floats, probability: Floats) -> tuple[float, float]:
    """Return intercept and slope that minimise the variance of the pseudo-outcomes.

    Least squares with weight (1/p) (1/p - 1), the derivative of that variance; a flat line where
    the judge does not vary, and its middle where nothing was reviewed.
    """
    if len(judge) == 0:
        return WITHOUT_REVIEWS
    weight = (1 / probability) * (1 / probability - 1)
    if weight.sum() <= LEAST_WEIGHT * len(weight):
        weight = np.ones_like(weight)
    centre, level = np.average(judge, weights=weight), np.average(quality, weights=weight)
    spread = np.average((judge - centre) ** 2, weights=weight)
    if spread < LEAST_SPREAD:
        return float(level), 0.0
    slope = np.average((judge - centre) * (quality - level), weights=weight) / spread
    return float(level - slope * centre), float(slope)
