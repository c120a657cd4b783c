"""The estimate of `statistics.powered` from sums that are kept as answers and reviews come in.

The pseudo-outcome of an answer is linear in the line's two numbers and in what is known of it, so
the mean and its clustered standard error follow from the sums of each conversation, their total
and their total square: the cost does not grow with the answers, nor with the reviews (but for the
betting interval, which goes through the reviewed conversations). It is the same number, to
rounding.

The probability of a review is not final when it is logged: where drawn answers wait or were
skipped, it is multiplied by the share that was reviewed, of each half of the budget. So the sums
are kept by half, with the logged probability, and the shares come in at the end.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

import msgspec
import numpy as np
from scipy.special import stdtrit

from northloop.statistics.bootstrap import Floats
from northloop.statistics.intervals import Interval, betting
from northloop.statistics.powered import (
    FEWEST_OF_A_KIND,
    FEWEST_REVIEWS,
    LEAST_SPREAD,
    LEAST_WEIGHT,
    WITHOUT_REVIEWS,
    Estimate,
    share_interval,
)

WIDTH = 8
"""Sums of a conversation: answers, judge, and of the reviewed answers of either half of the budget
1/p, quality/p and judge/p, with p the logged probability."""
_ANSWERS, _JUDGE = 0, 1
_HALVES = 2
_LINE = (_HALVES, 3, 5)
"""By half and power of 1/p (0, 1, 2): sums of 1, judge, quality, judge², judge quality."""

Sums = tuple[float, ...]
NOTHING: Sums = (0.0,) * WIDTH


class Review(msgspec.Struct, frozen=True, kw_only=True):
    """One reviewed answer."""

    judge: float
    probability: float
    """As logged."""
    half: int
    """Of the budget that drew it, 0 or 1."""
    quality: float


class FoldTotals(msgspec.Struct, frozen=True, kw_only=True):
    """The conversations of one half of them, added up."""

    clusters: int = 0
    total: Sums = NOTHING
    square: tuple[float, ...] = (0.0,) * WIDTH**2
    line: tuple[float, ...] = (0.0,) * (2 * 3 * 5)


class Totals(msgspec.Struct, frozen=True, kw_only=True):
    """All there is to know for the estimate, but for the betting interval."""

    folds: tuple[FoldTotals, FoldTotals] = (FoldTotals(), FoldTotals())
    drawn: tuple[int, int] = (0, 0)
    """Answers drawn for review, by half of the budget."""
    done: tuple[int, int] = (0, 0)
    """Of them reviewed."""
    right: float = 0.0
    """Sum of the quality of the reviewed ones."""
    judged_clusters: int = 0
    """Conversations with a reviewed answer."""

    @property
    def answers(self) -> int:
        return round(sum(fold.total[_ANSWERS] for fold in self.folds))

    @property
    def reviewed(self) -> int:
        return sum(self.done)


def answer_sums(judge: float) -> Sums:
    """Return what one answer adds to the sums of its conversation."""
    return (1.0, judge, *NOTHING[2:])


def review_sums(review: Review) -> Sums:
    """Return what its review adds to the sums of the conversation."""
    weight = 1 / review.probability
    own = (weight, weight * review.quality, weight * review.judge)
    rest = (0.0, 0.0, 0.0)
    return (0.0, 0.0, *((*own, *rest) if review.half == 0 else (*rest, *own)))


def added(sums: Sums, more: Sums, times: int = 1) -> Sums:
    """Return the sum of sums."""
    return tuple(a + times * b for a, b in zip(sums, more, strict=True))


def with_cluster(totals: Totals, fold: int, before: Sums, after: Sums) -> Totals:
    """Return the totals after the sums of a conversation changed; no answers, no conversation."""
    kept = totals.folds[fold]
    old, new = np.array(before), np.array(after)
    square = np.array(kept.square) + (np.outer(new, new) - np.outer(old, old)).ravel()
    changed = msgspec.structs.replace(
        kept,
        clusters=kept.clusters + (after[_ANSWERS] > 0) - (before[_ANSWERS] > 0),
        total=tuple((np.array(kept.total) + new - old).tolist()),
        square=tuple(square.tolist()),
    )
    return _with_fold(totals, fold, changed)


def with_review(totals: Totals, fold: int, review: Review, times: int = 1) -> Totals:
    """Return the totals with a review more, or with `times` -1 one less.

    What it adds to the sums of its conversation goes in by `with_cluster`.
    """
    kept = totals.folds[fold]
    weight, judge, quality = 1 / review.probability, review.judge, review.quality
    row = np.array([1.0, judge, quality, judge * judge, judge * quality])
    line = np.array(kept.line).reshape(_LINE)
    line[review.half] += times * np.outer([1.0, weight, weight * weight], row)
    done = [*totals.done]
    done[review.half] += times
    return msgspec.structs.replace(
        _with_fold(totals, fold, msgspec.structs.replace(kept, line=tuple(line.ravel().tolist()))),
        done=tuple(done),
        right=totals.right + times * quality,
    )


def with_drawn(totals: Totals, half: int, times: int = 1) -> Totals:
    """Return the totals with an answer more, or less, that was drawn for review."""
    drawn = [*totals.drawn]
    drawn[half] += times
    return msgspec.structs.replace(totals, drawn=tuple(drawn))


def estimate(
    totals: Totals, reviewed: Callable[[], Iterable[Sums]], alpha: float = 0.05
) -> Estimate | None:
    """Return the mean quality of all answers with its 1 - alpha interval; None before any review.

    `reviewed` gives the sums of the conversations with a review, in a fixed order that has nothing
    to do with what was found; it is asked only where there are few reviews, or few of a kind.
    """
    if not totals.reviewed:
        return None
    rarer = min(totals.right, totals.reviewed - totals.right)
    clusters = sum(fold.clusters for fold in totals.folds)
    if clusters < 2 or totals.reviewed < FEWEST_REVIEWS or rarer < FEWEST_OF_A_KIND:
        interval = _betting(np.array([*reviewed()]), _missed(totals), alpha)
        return Estimate(interval=interval, method="betting")
    return Estimate(interval=_clustered(totals, clusters, alpha), method="prediction-powered")


def _with_fold(totals: Totals, fold: int, changed: FoldTotals) -> Totals:
    folds = (changed, totals.folds[1]) if fold == 0 else (totals.folds[0], changed)
    return msgspec.structs.replace(totals, folds=folds)


def _missed(totals: Totals) -> Sequence[float]:
    """Return by how much what was reviewed has to count more, for what was drawn and was not."""
    pairs = zip(totals.drawn, totals.done, strict=True)
    return [max(drawn, done) / done if done else 0.0 for drawn, done in pairs]


def _betting(sums: Floats, missed: Sequence[float], alpha: float) -> Interval:
    weight = missed[0] * sums[:, 2] + missed[1] * sums[:, 5]
    found = missed[0] * sums[:, 3] + missed[1] * sums[:, 6]
    return betting(found / weight, alpha, weight / weight.max())


def _clustered(totals: Totals, clusters: int, alpha: float) -> Interval:
    missed = _missed(totals)
    thetas = [
        _theta(*_line(totals.folds[1 - fold], missed), missed) for fold in range(len(totals.folds))
    ]
    answers = totals.answers
    pairs = [*zip(thetas, totals.folds, strict=True)]
    mean = sum(float(theta @ np.array(fold.total)) for theta, fold in pairs) / answers
    squares = 0.0
    for theta, fold in pairs:
        theta[_ANSWERS] -= mean
        squares += float(theta @ np.array(fold.square).reshape(WIDTH, WIDTH) @ theta)
    error = np.sqrt(max(squares, 0.0) * clusters / (clusters - 1)) / answers
    freedom = max(1, totals.judged_clusters - 2)
    return share_interval(mean, float(stdtrit(freedom, 1 - alpha / 2)) * float(error))


def _theta(intercept: float, slope: float, missed: Sequence[float]) -> Floats:
    """Return what the sum of a conversation's pseudo-outcomes takes of each of its sums."""
    halves = [part for m in missed for part in (-intercept * m, m, -slope * m)]
    return np.array([intercept, slope, *halves])


def _line(fold: FoldTotals, missed: Sequence[float]) -> tuple[float, float]:
    """The line of `powered`, from the sums of the reviews."""
    sums = np.array(fold.line).reshape(_LINE)
    reviews = float(sums[:, 0, 0].sum())
    if reviews < 0.5:
        return WITHOUT_REVIEWS
    share = np.array(missed)[:, None]
    found = (share**2 * sums[:, 2] - share * sums[:, 1]).sum(axis=0)
    if found[0] <= LEAST_WEIGHT * reviews:
        found = sums[:, 0].sum(axis=0)
    _, centre, level, squares, products = (found / found[0]).tolist()
    spread = squares - centre**2
    if spread < LEAST_SPREAD:
        return level, 0.0
    slope = (products - centre * level) / spread
    return level - slope * centre, slope
