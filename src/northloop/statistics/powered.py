"""Shares of everything from the reviewed few and a judge that saw all of it.

Items lie in groups (answers that were sent, drafts that a person decides on, other drafts) or in
none; of the reviewed ones is known whether they are good. What is drawn otherwise, or is otherwise
good, is a group of its own: nothing is told of one group by another. Active statistical inference
(Zrnic & Candès 2024, arXiv 2403.03208) with an intercept: the judge only says where to look and how
much can be explained without looking; if it is useless or even inverted, the estimate stays right
and costs at most a few per cent more reviews.

A share is a ratio of counts (`Count`): good of sent, good and sent of everything, good of what was
held back. Each count is linear in what is known of the items, so any share and its standard error
follow from their sums, the squares of the sums of each cluster, and the sums that a line needs: all
are kept as items and reviews come in (`Totals`), and the cost does not grow with either. Items are
alike in two ways at once (of one conversation; the same question again), and the variance is that
of both less that of the items one by one (after Cameron, Gelbach & Miller 2011, J. Bus. Econ. Stat.
29, who subtract that of pairs of both).

The probability of a review is not final when it is logged: where drawn items wait or were skipped,
it is multiplied by the share that was reviewed, of each part of the draw. So the sums are kept by
part, with the logged probability, and the shares come in at the end.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import product

import msgspec
import numpy as np
from numpy.typing import NDArray
from scipy.special import expit, logit, stdtrit

from northloop.statistics.bootstrap import Codes, Floats, cluster_sums
from northloop.statistics.intervals import ALPHA, Interval, clopper_pearson

UNIFORM_PART = 0.5
"""Share of the review budget spent uniformly at random: the floor that bounds the worst case."""
FEWEST_REVIEWS = 20
FEWEST_OF_A_KIND = 5
FEWEST_CLUSTERS = 10
"""Below any the judge is not used, see `share`."""
PARTS = (2, 1, 1)
"""By group, of how many parts its draw is: each has its own share of drawn items reviewed."""
GROUPS = len(PARTS)
WAYS = 2
"""In which items are alike."""
_SEEN = 5
"""By part: 1/p, quality/p, judge/p of the reviewed items, 1/p, judge/p of the skipped ones."""
_BLOCKS = tuple(2 + _SEEN * parts for parts in PARTS)
"""Of a group: items, judge, and what was seen of it."""
_STARTS = tuple(1 + sum(_BLOCKS[:group]) for group in range(GROUPS))
WIDTH = 1 + sum(_BLOCKS)
"""Sums of a cluster: everything, and a block of each group."""
_LINE = (sum(PARTS), 3, 5)
"""By part and power of 1/p (0, 1, 2): sums of 1, judge, quality, judge², judge quality."""
_PLACES = tuple(slice(sum(PARTS[:group]), sum(PARTS[: group + 1])) for group in range(GROUPS))
"""By group: its parts among all."""
_UPPER = np.triu_indices(WIDTH)
_SQUARES = len(_UPPER[0])
_MIRRORED = np.zeros((WIDTH, WIDTH), dtype=np.intp)
"""Where in its upper triangle, row by row, each place of a symmetric matrix is."""
_MIRRORED[_UPPER] = _MIRRORED.T[_UPPER] = np.arange(_SQUARES)
_PRODUCT = tuple(
    tuple(i * WIDTH - i * (i - 1) // 2 + j - i for j in range(WIDTH)) for i in range(WIDTH)
)
"""Where in the upper triangle the product of two sums stands, the first one not after the other."""
_WITHOUT_REVIEWS = (0.5, 0.0)
"""The line, intercept and slope, where nothing was reviewed."""
_LEAST_WEIGHT = 1e-9
"""Mean weight below which every item was as good as sure to be reviewed."""
_LEAST_SPREAD = 1e-9
"""Variance below which the judge says the same of every item."""

PREDICTION_POWERED, REVIEWED_ONLY = "prediction-powered", "reviewed only"
Sums = tuple[float, ...]
NOTHING: Sums = (0.0,) * WIDTH


class Review(msgspec.Struct, frozen=True, kw_only=True):
    """One reviewed item."""

    group: int
    part: int
    judge: float
    probability: float
    """As logged."""
    quality: float | None
    """What the reviewer found, 0..1; None where it was looked at and left without a finding."""


class Totals(msgspec.Struct, frozen=True, kw_only=True):
    """All there is to know."""

    total: Sums = NOTHING
    squares: tuple[Sums, ...] = ((0.0,) * _SQUARES,) * (WAYS + 1)
    """Upper triangle of the sums' products, added up over the clusters of each way, and item by
    item."""
    clusters: tuple[int, ...] = (0,) * WAYS
    fourth: tuple[Sums, ...] = ((0.0,) * GROUPS,) * WAYS
    """By way and group: fourth powers of the clusters' summed 1/p of what was seen, added up."""
    line: Sums = (0.0,) * (sum(PARTS) * 3 * 5)
    drawn: tuple[int, ...] = (0,) * sum(PARTS)
    """Items drawn for review, by part."""
    done: tuple[int, ...] = (0,) * sum(PARTS)
    """Of them reviewed."""
    skipped: tuple[int, ...] = (0,) * sum(PARTS)
    """Of them looked at and left without a finding."""

    @property
    def everything(self) -> int:
        return round(self.total[0])

    def items(self, group: int) -> int:
        """Return how many items a group has."""
        return round(self.total[_STARTS[group]])

    def reviewed(self, group: int) -> int:
        """Return how many of them were reviewed."""
        return sum(self.done[_PLACES[group]])

    def passed_over(self, group: int) -> int:
        """Return how many of them were looked at and left without a finding."""
        return sum(self.skipped[_PLACES[group]])


class Count(msgspec.Struct, frozen=True, kw_only=True):
    """What is counted: so many times everything, the good and the bad items of each group."""

    everything: float = 0.0
    good: tuple[float, ...] = (0.0,) * GROUPS
    bad: tuple[float, ...] = (0.0,) * GROUPS

    @property
    def groups(self) -> list[int]:
        """The groups whose quality matters for it."""
        return [g for g in range(GROUPS) if self.good[g] != self.bad[g]]

    def of(self, totals: Totals, quality: Floats) -> float:
        """Return how much it is where that share of each group is good; quality is (GROUPS,)."""
        found = self.everything * totals.everything
        for group in range(GROUPS):
            mean = self.good[group] * quality[group] + self.bad[group] * (1 - quality[group])
            found += totals.items(group) * mean
        return float(found)


class Estimate(msgspec.Struct, frozen=True, kw_only=True):
    """A share with its interval, and how it was found."""

    interval: Interval
    method: str


class Sample(msgspec.Struct, frozen=True, kw_only=True):
    """N items that are known at once, all drawn in one part. All arrays have shape (N,)."""

    judge: Floats
    """A guess, before anyone looked, of how good each item is, 0..1."""
    reviewed: NDArray[np.bool_]
    probability: Floats
    """Logged probability of each item to be reviewed; read only where it was."""
    quality: Floats
    """What the reviewer found, 0..1, NaN where they passed it over; read only where reviewed."""
    cluster: Codes
    """Number of the conversation, 0.. without gaps."""
    question: Codes
    """Number of the question, 0.. without gaps."""
    group: Codes
    """-1 for an item of none."""


# --- who is reviewed ----------------------------------------------------------------------------


def uncertainty(judge: Floats) -> Floats:
    """Return the standard deviation of a 0/1 outcome of that probability: sqrt(g (1 - g))."""
    return np.sqrt(np.maximum(judge * (1 - judge), 0.0))


def review_probability(spread: Floats, mean_spread: float, budget: float) -> Floats:
    """Return the probability of each item to be reviewed: half uniform, half by `uncertainty`.

    `spread` holds uncertainties of any shape, `mean_spread` their running mean. Probabilities
    average to the budget (a share of items), and none is below half of it.
    """
    adaptive = (1 - UNIFORM_PART) * budget
    relative = spread / mean_spread if mean_spread > 0 else np.ones_like(spread)
    return np.minimum(1.0, UNIFORM_PART * budget + adaptive * relative)


# --- what is kept -------------------------------------------------------------------------------


def item_sums(group: int | None, judge: float) -> Sums:
    """Return what an item adds to the sums of its clusters; one of no group is only counted."""
    sums = [1.0, *NOTHING[1:]]
    if group is not None:
        start = _STARTS[group]
        sums[start : start + 2] = 1.0, judge
    return tuple(sums)


def review_sums(review: Review) -> Sums:
    """Return what its review adds to the sums of the clusters of an item."""
    sums = [*NOTHING]
    weight, judge = 1 / review.probability, review.judge / review.probability
    start = _seen_at(review.group, review.part)
    if review.quality is None:
        sums[start + 3 : start + 5] = weight, judge
    else:
        sums[start : start + 3] = weight, weight * review.quality, judge
    return tuple(sums)


def added(sums: Sums, more: Sums, times: int = 1) -> Sums:
    """Return the sum of sums."""
    return tuple(a + times * b for a, b in zip(sums, more, strict=True))


def with_cluster(totals: Totals, way: int, before: Sums, after: Sums) -> Totals:
    """Return the totals after the sums of a cluster of a way changed."""
    clusters, fourth = [*totals.clusters], [*totals.fourth]
    clusters[way] += is_there(after) - is_there(before)
    fourth[way] = tuple(
        found + _seen(after, group) ** 4 - _seen(before, group) ** 4
        for group, found in enumerate(fourth[way])
    )
    changed = msgspec.structs.replace(totals, clusters=tuple(clusters), fourth=tuple(fourth))
    return _with_square(changed, way, before, after)


def with_item(totals: Totals, before: Sums, after: Sums) -> Totals:
    """Return the totals after the sums of one item changed; its clusters change by themselves."""
    more = tuple(t + a - b for t, a, b in zip(totals.total, after, before, strict=True))
    return _with_square(msgspec.structs.replace(totals, total=more), WAYS, before, after)


def with_review(totals: Totals, review: Review, times: int = 1) -> Totals:
    """Return the totals with a review more, or with `times` -1 one less.

    What it adds to the sums of its item and their clusters comes beside that.
    """
    place = _PLACES[review.group].start + review.part
    if review.quality is None:
        return msgspec.structs.replace(totals, skipped=_counted(totals.skipped, place, times))
    weight, judge, quality = 1 / review.probability, review.judge, review.quality
    row = np.array([1.0, judge, quality, judge * judge, judge * quality])
    line = np.array(totals.line).reshape(_LINE)
    line[place] += times * np.outer([1.0, weight, weight * weight], row)
    return msgspec.structs.replace(
        totals,
        line=tuple(line.ravel().tolist()),
        done=_counted(totals.done, place, times),
    )


def with_drawn(totals: Totals, group: int, part: int, times: int = 1) -> Totals:
    """Return the totals with an item more, or less, that was drawn for review."""
    place = _PLACES[group].start + part
    return msgspec.structs.replace(totals, drawn=_counted(totals.drawn, place, times))


def totals_of(sample: Sample) -> Totals:
    """Return the totals of items that are known at once."""
    # Column by column, as they are filled and summed.
    rows, line = np.zeros((len(sample.judge), WIDTH), order="F"), np.zeros(_LINE)
    rows[:, 0] = 1.0
    done = skipped = (0,) * sum(PARTS)
    for group, start in enumerate(_STARTS):
        own, place = sample.group == group, _PLACES[group].start
        missing = own & sample.reviewed & np.isnan(sample.quality)
        seen = own & sample.reviewed & ~missing
        weight = 1 / sample.probability[seen]
        judge, quality = sample.judge[seen], sample.quality[seen]
        rows[own, start], rows[own, start + 1] = 1.0, sample.judge[own]
        rows[seen, start + 2 : start + 5] = np.column_stack(
            [weight, weight * quality, weight * judge]
        )
        unknown = 1 / sample.probability[missing]
        rows[missing, start + 5] = unknown
        rows[missing, start + 6] = unknown * sample.judge[missing]
        known = np.column_stack([np.ones_like(judge), judge, quality, judge**2, judge * quality])
        line[place] = np.vander(weight, 3, increasing=True).T @ known
        done = _counted(done, place, int(seen.sum()))
        skipped = _counted(skipped, place, int(missing.sum()))
    there = np.flatnonzero(rows.any(axis=0))  # the others are of groups that no item has
    some = rows[:, there]
    sums = [cluster_sums(some, codes) for codes in (sample.cluster, sample.question)]
    seen = np.column_stack([_seen_weights(group)[there] for group in range(GROUPS)])
    squares = np.zeros((WAYS + 1, WIDTH, WIDTH))
    for way, of in enumerate((*sums, some)):
        squares[way][np.ix_(there, there)] = of.T @ of
    return Totals(
        total=tuple(rows.sum(axis=0).tolist()),
        squares=tuple(tuple(square[_UPPER].tolist()) for square in squares),
        clusters=tuple(len(of) for of in sums),
        fourth=tuple(tuple(np.square(np.square(of @ seen)).sum(axis=0).tolist()) for of in sums),
        line=tuple(line.ravel().tolist()),
        drawn=tuple(d + s for d, s in zip(done, skipped, strict=True)),
        done=done,
        skipped=skipped,
    )


# --- what follows -------------------------------------------------------------------------------


def share(totals: Totals, of: Count, among: Count, alpha: float = ALPHA) -> Estimate | None:
    """Return `of` / `among` with its 1 - alpha interval.

    None where there is nothing among which it could be a share, or no review of a group that
    matters; exact where no group that matters has an item. From 20 reviews of each group that
    matters (5 of them good, 5 bad) on: by the judge, with a standard error clustered in both ways.
    Below: from the reviewed items alone, weighted by the inverse of their probability, Clopper &
    Pearson's interval of each group's quality on the effective number of clusters (Kish 1965); how
    large the groups are is taken as it is.
    """
    groups = [g for g in sorted({*of.groups, *among.groups}) if totals.items(g)]
    if not all(totals.reviewed(g) for g in groups):
        return None
    is_powered = bool(groups) and all(_can_use_the_judge(totals, g) for g in groups)
    by = _by_the_judge if is_powered else _by_the_reviewed
    found = by(totals, of, among, groups, alpha)
    method = PREDICTION_POWERED if is_powered else REVIEWED_ONLY
    return None if found is None else Estimate(interval=found, method=method)


def bounds(totals: Totals, of: Count, among: Count) -> tuple[float, float] | None:
    """Return how low and how high `of` / `among` may be, whatever made people skip (Manski 1990).

    Each end is that of the share's interval with everything skipped taken for bad, or for good,
    group by group, whichever is worse: with 95 % the truth lies between them. The truth
    may be at one end alone, where few items of a kind make it lopsided: so each end has half
    the error. None where nothing that matters was skipped, or the share is not known.
    """
    groups = [g for g in sorted({*of.groups, *among.groups}) if totals.passed_over(g)]
    if not groups or share(totals, of, among) is None:
        return None
    worlds = [
        dict(zip(groups, found, strict=True)) for found in product((0, 1), repeat=len(groups))
    ]
    found = [share(_if_skipped_were(totals, world), of, among, ALPHA / 2) for world in worlds]
    ends = [estimate.interval for estimate in found if estimate is not None]
    return min(end.low for end in ends), max(end.high for end in ends)


def _if_skipped_were(totals: Totals, quality: Mapping[int, int]) -> Totals:
    """Return the totals as if what was skipped of some groups had been found of that quality."""
    into = np.eye(WIDTH)
    done = [*totals.done]
    for group, found in quality.items():
        for part in range(PARTS[group]):
            at = _seen_at(group, part)
            into[at, at + 3] = 1.0
            into[at + 1, at + 3] = found
            into[at + 2, at + 4] = 1.0
            done[_PLACES[group].start + part] += totals.skipped[_PLACES[group].start + part]
    squares = [into @ _square(of) @ into.T for of in totals.squares]
    return msgspec.structs.replace(
        totals,
        total=tuple((into @ np.array(totals.total)).tolist()),
        squares=tuple(tuple(of[_UPPER].tolist()) for of in squares),
        done=tuple(done),
    )


def reviewed_share(good: float, weight: float, squares: Sequence[float]) -> Interval:
    """Return the weighted share of the good ones with its 95 % interval, without a judge.

    `good` of `weight` > 0 is good; `squares` are the summed squares of the weights of the clusters,
    one for each way in which the items are alike. Clopper & Pearson's on the effective number of
    independent items (Kish 1965).
    """
    return clopper_pearson(min(1.0, good / weight), weight**2 / max(squares))


def share_interval(mean: float, half: float) -> Interval:
    """Return mean ± half, made symmetric in log-odds: near 1 the lower side is the longer one.

    Source: Brown, Cai & DasGupta 2001, Statistical Science 16, §4.2 (logit interval).
    """
    if not 0 < mean < 1:
        value = min(max(mean, 0.0), 1.0)
        return Interval(value=value, low=max(value - half, 0.0), high=min(value + half, 1.0))
    centre, reach = float(logit(mean)), half / (mean * (1 - mean))
    return Interval(value=mean, low=float(expit(centre - reach)), high=float(expit(centre + reach)))


def _can_use_the_judge(totals: Totals, group: int) -> bool:
    good = float(np.array(totals.line).reshape(_LINE)[_PLACES[group], 0, 2].sum())
    reviews = totals.reviewed(group)
    rarer = min(good, reviews - good)
    enough = reviews >= FEWEST_REVIEWS and rarer >= FEWEST_OF_A_KIND
    return enough and _worth(totals, group) >= FEWEST_CLUSTERS


def _by_the_judge(
    totals: Totals, of: Count, among: Count, groups: list[int], alpha: float
) -> Interval | None:
    total = np.array(totals.total)
    upper, lower = _weights(totals, of), _weights(totals, among)
    size = float(lower @ total)
    if size <= 0:
        return None
    mean = float(upper @ total) / size
    residual = upper - mean * lower
    *ways, alone = (float(residual @ _square(of_way) @ residual) for of_way in totals.squares)
    corrected = [v * n / max(n - 1, 1) for v, n in zip(ways, totals.clusters, strict=True)]
    variance = max(0.0, sum(corrected) - alone, *corrected)
    freedom = min(_freedom(totals, g) for g in groups)
    return share_interval(mean, float(stdtrit(freedom, 1 - alpha / 2)) * variance**0.5 / size)


def _by_the_reviewed(
    totals: Totals, of: Count, among: Count, groups: list[int], alpha: float
) -> Interval | None:
    """A ratio of counts grows or falls with each quality alone: its ends lie in corners."""
    quality = [
        _quality(totals, g, alpha / len(groups)) if g in groups else None for g in range(GROUPS)
    ]
    ends = [(q.low, q.high) if q else (0.0,) for q in quality]
    middle = np.array([q.value if q else 0.0 for q in quality])
    corners = [(of.of(totals, q), among.of(totals, q)) for q in map(np.array, product(*ends))]
    size = among.of(totals, middle)
    if size <= 0:
        return None
    found = [upper / lower for upper, lower in corners if lower > 0]
    return Interval(value=of.of(totals, middle) / size, low=min(found), high=max(found))


def _quality(totals: Totals, group: int, alpha: float) -> Interval:
    """The quality of a group by its reviewed items alone."""
    total, weights = np.array(totals.total), _reviewed_weights(totals, group)
    good = float(np.roll(weights, 1) @ total) / float(weights @ total)
    return clopper_pearson(good, _worth(totals, group), alpha)


def _worth(totals: Totals, group: int) -> float:
    """Return how many independent items the reviewed ones are worth (Kish), 0 without any."""
    weights = _reviewed_weights(totals, group)
    square = max(float(weights @ _square(of) @ weights) for of in totals.squares[:WAYS])
    return float(weights @ np.array(totals.total)) ** 2 / square if square > 0 else 0.0


def _freedom(totals: Totals, group: int) -> float:
    """Return the degrees of freedom of the variance, for what was reviewed of a group.

    Between what it would be if items of a cluster told nothing more than each other (then a few
    large clusters carry the variance: Satterthwaite 1946) and what the reviewed are worth.
    """
    found = worth = _worth(totals, group)
    weights = _seen_weights(group)
    for of, fourth in zip(totals.squares[:WAYS], totals.fourth, strict=True):
        square = float(weights @ _square(of) @ weights)
        found = min(found, (worth * square**2 / fourth[group]) ** 0.5)
    return max(1.0, found - 2)


def _reviewed_weights(totals: Totals, group: int) -> Floats:
    """Return the weights of the sums that make the weight of what was reviewed of a group."""
    weights = np.zeros(WIDTH)
    for part, more in enumerate(_missed(totals, group)):
        weights[_seen_at(group, part)] = more
    return weights


def _seen_weights(group: int) -> Floats:
    """Return the weights of the sums that make the 1/p of what was seen of a group."""
    weights = np.zeros(WIDTH)
    for part in range(PARTS[group]):
        weights[[_seen_at(group, part), _seen_at(group, part) + 3]] = 1.0
    return weights


def _weights(totals: Totals, count: Count) -> Floats:
    """Return what a count takes of each sum, with the stand-in of each item's quality.

    psi = g + reviewed (quality - g) / probability with g = a + b judge: E[psi] is the true mean
    whatever the judge is worth. The line may leave 0..1: straight, it can be had from sums.
    """
    found = np.zeros(WIDTH)
    found[0] = count.everything
    for group in range(GROUPS):
        a, b = _line(totals, group)
        parts = [p for m in _missed(totals, group) for p in (-a * m, m, -b * m, 0.0, 0.0)]
        start = _STARTS[group]
        block = (count.good[group] - count.bad[group]) * np.array([a, b, *parts])
        block[0] += count.bad[group]
        found[start : start + len(block)] = block
    return found


def _line(totals: Totals, group: int) -> tuple[float, float]:
    """Return intercept and slope that minimise the variance of the stand-ins.

    Least squares with weight (1/p) (1/p - 1), the derivative of that variance; a flat line where
    the judge does not vary, and its middle where nothing was reviewed.
    """
    sums = np.array(totals.line).reshape(_LINE)[_PLACES[group]]
    reviews = float(sums[:, 0, 0].sum())
    if reviews < 0.5:
        return _WITHOUT_REVIEWS
    missed = np.array(_missed(totals, group))[:, None]
    found = (missed**2 * sums[:, 2] - missed * sums[:, 1]).sum(axis=0)
    if found[0] <= _LEAST_WEIGHT * reviews:
        found = sums[:, 0].sum(axis=0)
    _, centre, level, squares, products = (found / found[0]).tolist()
    spread = squares - centre**2
    if spread < _LEAST_SPREAD:
        return level, 0.0
    slope = (products - centre * level) / spread
    return level - slope * centre, slope


def _missed(totals: Totals, group: int) -> list[float]:
    """Return by how much what was reviewed has to count more, for what was drawn and was not.

    While nothing of one part is reviewed, the other one stands for it.
    """
    drawn, done = totals.drawn[_PLACES[group]], totals.done[_PLACES[group]]
    if any(d and not r for d, r in zip(drawn, done, strict=True)):
        drawn, done = (sum(drawn),) * PARTS[group], (sum(done),) * PARTS[group]
    pairs = zip(drawn, done, strict=True)
    return [max(d, r) / r if r else 0.0 for d, r in pairs]


def _with_square(totals: Totals, way: int, before: Sums, after: Sums) -> Totals:
    there = [i for i, sums in enumerate(zip(before, after, strict=True)) if any(sums)]
    square = [*totals.squares[way]]
    for place, i in enumerate(there):
        for j in there[place:]:
            square[_PRODUCT[i][j]] += after[i] * after[j] - before[i] * before[j]
    squares = [*totals.squares]
    squares[way] = tuple(square)
    return msgspec.structs.replace(totals, squares=tuple(squares))


def _square(upper: Sums) -> Floats:
    found: Floats = np.array(upper)[_MIRRORED]
    return found


def _seen(sums: Sums, group: int) -> float:
    """The summed 1/p of what was seen of a group in a cluster."""
    return sum(sums[at] + sums[at + 3] for at in _SEEN_AT[group])


def _seen_at(group: int, part: int) -> int:
    """Return where the sums of what was seen of a part of a group begin."""
    return _STARTS[group] + 2 + _SEEN * part


_SEEN_AT = tuple(
    tuple(_seen_at(group, part) for part in range(parts)) for group, parts in enumerate(PARTS)
)


def is_there(sums: Sums) -> bool:
    """Return whether sums are of anything at all."""
    return sums[0] > 0.5


def _counted(counts: tuple[int, ...], place: int, times: int) -> tuple[int, ...]:
    changed = [*counts]
    changed[place] += times
    return tuple(changed)
