"""Planted worlds of reviewers who skip and err; the truth of every answer is known.

The tests run them small, `benchmarks/decision_statistics.py` at full size.
"""

from __future__ import annotations

from typing import Literal

import msgspec
import numpy as np

from northloop.statistics import powered, reviewers
from northloop.statistics.agreement import kappa, measured
from northloop.statistics.intervals import clopper_pearson
from northloop.statistics.powered import NOTHING, UNIFORM_PART, Count, Review, Totals
from northloop.statistics.reviewers import Reads
from worlds.simulations import Judge, ReviewWorld, review

_GOOD, _ALL = Count(good=(1, 0, 0)), Count(good=(1, 0, 0), bad=(1, 0, 0))


# --- skips --------------------------------------------------------------------------------------


class SkipWorld(msgspec.Struct, frozen=True, kw_only=True):
    """Answers of which reviewers pass some over."""

    judge: Judge = Judge.GOOD
    skips: Literal["chance", "wrong", "right", "unsure"] = "wrong"
    """What they pass over: a quarter of all; most of what is wrong; much of what is right; where
    the judge is unsure, and all of that is right."""
    answers: int = 4_000
    budget: float = 0.1


class Skipped(msgspec.Struct, frozen=True, kw_only=True):
    """How often the truth was held, and how wide what held it was."""

    interval: float
    """By the interval that takes skips for chance."""
    bounds: float
    width: float
    """Of the bounds, median."""
    share: float
    """Of the reviews that were skipped, mean."""


def skip_coverage(world: SkipWorld, runs: int, seed: int = 1) -> Skipped:
    """Estimate accuracy `runs` times where reviewers skip."""
    rng = np.random.default_rng(seed)
    answers = ReviewWorld(answers=world.answers, budget=world.budget, judge=world.judge)
    ends, truths, shares = [], [], []
    for _ in range(runs):
        sample = review(answers, rng)
        quality, luck = sample.quality, rng.random(world.answers)
        unsure = np.abs(sample.judge - 0.5) < 0.3
        if world.skips == "unsure":
            quality = np.where(unsure, 1.0, quality)
        chance = {
            "chance": np.full(world.answers, 0.25),
            "wrong": np.where(quality < 0.5, 0.6, 0.05),
            "right": np.where(quality > 0.5, 0.4, 0.0),
            "unsure": np.where(unsure, 0.8, 0.0),
        }[world.skips]
        skipped = sample.reviewed & (luck < chance)
        truths.append(quality.mean())
        shares.append(skipped.sum() / sample.reviewed.sum())
        seen = msgspec.structs.replace(sample, quality=np.where(skipped, np.nan, quality))
        totals = powered.totals_of(seen)
        found = powered.share(totals, _GOOD, _ALL)
        bounds = powered.bounds(totals, _GOOD, _ALL)
        assert found is not None
        assert bounds is not None
        ends.append((found.interval.low, found.interval.high, *bounds))
    truth, (low, high, least, most) = float(np.mean(truths)), np.array(ends).T
    return Skipped(
        interval=float(np.mean((low <= truth) & (truth <= high))),
        bounds=float(np.mean((least <= truth) & (truth <= most))),
        width=float(np.median(most - least)),
        share=float(np.mean(shares)),
    )


# --- the first verdict of the uniform half ------------------------------------------------------


class FirstOfHalf(msgspec.Struct, frozen=True, kw_only=True):
    """What the first verdict "incorrect" of the uniform half did to the estimate."""

    raised: float
    """How often it rose."""
    bias_before: float
    """Mean error, of all worlds."""
    bias_after: float
    covered_before: float
    covered_after: float


def first_of_the_uniform_half(runs: int, seed: int = 1) -> FirstOfHalf:
    """Review the adaptive half of what was drawn, then one of the uniform half, `runs` times."""
    rng = np.random.default_rng(seed)
    raised, errors, held = [], [], []
    for _ in range(runs):
        sample = review(ReviewWorld(answers=150, budget=0.4), rng)
        uniform = rng.random(150) < UNIFORM_PART * 0.4 / sample.probability
        drawn = np.flatnonzero(sample.reviewed)
        nobody = msgspec.structs.replace(sample, reviewed=np.zeros(150, np.bool_))
        totals = powered.totals_of(nobody)
        for i in drawn:
            totals = powered.with_drawn(totals, 0, int(uniform[i]))
        *halves, last = [*drawn[~uniform[drawn]], drawn[uniform[drawn]][0]]
        for i in halves:
            totals = _reviewed(totals, sample, int(i), 0)
        ends = [powered.share(totals, _GOOD, _ALL)]
        ends.append(powered.share(_reviewed(totals, sample, int(last), 1), _GOOD, _ALL))
        before, after = (end.interval for end in ends if end is not None)
        if sample.quality[last] < 0.5:
            raised.append(after.value > before.value)
        truth = float(sample.quality.mean())
        errors.append((before.value - truth, after.value - truth))
        held.append([end.low <= truth <= end.high for end in (before, after)])
    bias, covered = np.mean(errors, axis=0), np.mean(held, axis=0)
    return FirstOfHalf(
        raised=float(np.mean(raised)),
        bias_before=float(bias[0]),
        bias_after=float(bias[1]),
        covered_before=float(covered[0]),
        covered_after=float(covered[1]),
    )


def _reviewed(totals: Totals, sample: powered.Sample, item: int, part: int) -> Totals:
    """One more review, each item in a conversation of its own."""
    judge = float(sample.judge[item])
    found = Review(
        group=0,
        part=part,
        judge=judge,
        probability=float(sample.probability[item]),
        quality=float(sample.quality[item]),
    )
    before = powered.item_sums(0, judge)
    after = powered.added(before, powered.review_sums(found))
    totals = powered.with_item(totals, before, after)
    for way in range(powered.WAYS):
        totals = powered.with_cluster(totals, way, NOTHING, powered.review_sums(found))
    return powered.with_review(totals, found)


# --- errors -------------------------------------------------------------------------------------


class ErringWorld(msgspec.Struct, frozen=True, kw_only=True):
    """Reviews by people who err."""

    right: float = 0.8
    """Of the answers."""
    sensitivity: float = 0.9
    specificity: float = 0.85
    reviews: int = 400
    gold: int = 30
    """Gold answers read of each kind."""
    pairs: int = 40
    """Second reads; where they differ, it is ruled on."""
    hard: float = 0.0
    """Of the answers are so hard that readers err on them in four of ten, and as much less on the
    others: two readers then err together."""


class Corrected(msgspec.Struct, frozen=True, kw_only=True):
    """How often the truth was held."""

    corrected: float
    uncorrected: float
    sensitivity: float
    specificity: float
    width: float
    """Of the corrected interval, median."""


def corrected_coverage(world: ErringWorld, runs: int, seed: int = 1) -> Corrected:
    """Estimate accuracy `runs` times from reviews with errors, gold and second reads."""
    rng = np.random.default_rng(seed)
    held, widths = [], []
    for _ in range(runs):
        said = _says(world, rng.random(world.reviews) < world.right, 1, rng)[:, 0]
        right_found = int(_says(world, np.ones(world.gold, bool), 1, rng).sum())
        wrong_found = world.gold - int(_says(world, np.zeros(world.gold, bool), 1, rng).sum())
        truth = rng.random(world.pairs) < world.right
        two = _says(world, truth, 2, rng)
        apart = two[:, 0] != two[:, 1]
        reads = Reads(
            right=world.gold,
            right_found=right_found,
            wrong=world.gold,
            wrong_found=wrong_found,
            both_right=int(two.all(axis=1).sum()),
            both_wrong=int((~two).all(axis=1).sum()),
            apart_right=int((apart & truth).sum()),
            apart_wrong=int((apart & ~truth).sum()),
        )
        seen, known = clopper_pearson(float(said.mean()), world.reviews), reviewers.rates(reads)
        ends = [
            reviewers.corrected(seen, known),
            seen,
            reviewers.told(known.sensitivity),
            reviewers.told(known.specificity),
        ]
        truths = (world.right, world.right, world.sensitivity, world.specificity)
        held.append([e.low <= t <= e.high for e, t in zip(ends, truths, strict=True)])
        widths.append(ends[0].high - ends[0].low)
    corrected, uncorrected, sensitivity, specificity = np.mean(held, axis=0).tolist()
    return Corrected(
        corrected=corrected,
        uncorrected=uncorrected,
        sensitivity=sensitivity,
        specificity=specificity,
        width=float(np.median(widths)),
    )


def kappa_coverage(agreed: float, pairs: int, runs: int, seed: int = 1) -> float:
    """Return how often kappa's interval holds the true one; both readers say right in .7."""
    rng = np.random.default_rng(seed)
    apart = (1 - agreed) / 2
    cells = np.array([[0.7 - apart, apart], [apart, 0.3 - apart]])
    truth = float(kappa(cells))
    tables = rng.multinomial(pairs, cells.ravel(), runs).reshape(runs, 2, 2).astype(float)
    found = [measured(table, kappa) for table in tables]
    return float(np.mean([end is not None and end.low <= truth <= end.high for end in found]))


def _says(
    world: ErringWorld, truth: np.ndarray, readers: int, rng: np.random.Generator
) -> np.ndarray:
    """Who of the readers says right of which answer, (answers, readers)."""
    is_hard = rng.random(len(truth)) < world.hard
    wrong = np.where(truth, 1 - world.sensitivity, 1 - world.specificity)
    if world.hard:
        wrong = np.where(is_hard, 0.4, np.maximum(wrong - 0.4 * world.hard, 0) / (1 - world.hard))
    errs = rng.random((len(truth), readers)) < wrong[:, None]
    found: np.ndarray = truth[:, None] ^ errs
    return found
