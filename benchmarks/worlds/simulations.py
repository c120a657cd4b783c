"""Planted worlds whose truth is known: the statistics are proved on them.

Each function plays a decision many times and returns how often it went wrong. The tests run them
small, `benchmarks/` at full size. Everything follows from the seed.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum

import msgspec
import numpy as np
import scipy
from numpy.typing import NDArray
from scipy.special import expit, ndtri

from northloop.core.artefacts import Contestant, ItemResult, Report, Score
from northloop.core.treatment import Simple
from northloop.statistics.bootstrap import Floats, Resampling, mean_statistic
from northloop.statistics.intervals import Interval, bootstrap, wilson
from northloop.statistics.paired import paired_difference
from northloop.statistics.powered import (
    Count,
    Sample,
    review_probability,
    share,
    totals_of,
    uncertainty,
)
from northloop.statistics.sequential import CanarySpec, Observations, watch
from northloop.statistics.thresholds import Labelled, Outcomes, RiskSpec, at_a_price, certify


class Judge(StrEnum):
    """What the confidence knows of the truth."""

    GOOD = "good"
    BIASED = "biased"
    USELESS = "useless"
    INVERTED = "inverted"


class ReviewWorld(msgspec.Struct, frozen=True, kw_only=True):
    """Answers in conversations, of which a few are reviewed."""

    questions: int = 0
    """Distinct questions that are asked again and again, the k-th with weight k^-popularity; 0 has
    every question asked once."""
    popularity: float = 0.7

    answers: int = 4_000
    budget: float = 0.05
    judge: Judge = Judge.GOOD
    difficulty: float = 1.9
    """Log-odds of a correct answer to an average question."""
    contrast: float = 1.0
    """How far easy questions are from hard ones; the more, the better a good judge tells right
    answers from wrong ones."""


class Coverage(msgspec.Struct, frozen=True, kw_only=True):
    """How often intervals held the truth."""

    runs: int
    covered: float
    width: float
    """Median."""
    labels_against_classical: float
    """Reviews needed for the same width, over those of a plain uniform sample (median)."""
    reviewed: float
    """Mean number of reviews."""
    auc: float
    """How well the judge tells right answers from wrong ones: mean area under the curve."""


def truth(world: ReviewWorld) -> float:
    """Return the true accuracy: expit(difficulty + contrast * two normals), integrated."""
    nodes, weights = np.polynomial.hermite_e.hermegauss(60)
    spread = np.sqrt(2.5) * world.contrast
    values = expit(world.difficulty + spread * nodes)
    return float((values * weights).sum() / weights.sum())


def review(world: ReviewWorld, rng: np.random.Generator) -> Sample:
    """Return one sample of the world: conversations of one to three answers of similar quality.

    Answers to the same question are alike, too.
    """
    cluster = _conversations(world.answers, rng)
    question = _questions(world, rng)
    ease = rng.normal(0, 1, cluster.max() + 1)[cluster]
    own = rng.normal(0, np.sqrt(1.5), question.max() + 1)[question]
    chance = expit(world.difficulty + world.contrast * (ease + own))
    luck = rng.random(world.answers)
    if world.questions:
        luck = luck[question]  # the same question has the same answer
    quality = (luck < chance).astype(float)
    judge = _judge(world.judge, chance, rng)
    spread = uncertainty(judge)
    probability = review_probability(spread, float(spread.mean()), world.budget)
    reviewed = rng.random(world.answers) < probability
    return Sample(
        judge=judge,
        reviewed=reviewed,
        probability=probability,
        quality=quality,
        cluster=cluster,
        question=question,
        group=np.zeros(world.answers, dtype=np.intp),
    )


def accuracy(sample: Sample) -> Interval:
    """Return the share of good items with its 95 % interval; at least one was reviewed."""
    found = share(totals_of(sample), Count(good=(1, 0, 0)), Count(good=(1, 0, 0), bad=(1, 0, 0)))
    assert found is not None
    return found.interval


def review_coverage(
    world: ReviewWorld, runs: int, seed: int = 1, *, by_question: bool = True
) -> Coverage:
    """Estimate the accuracy `runs` times from active reviews and from plain ones.

    Without `by_question` every answer passes for one to a question of its own.
    """
    rng = np.random.default_rng(seed)
    covered, widths, savings, counts, areas = [], [], [], [], []
    target = truth(world)
    for _ in range(runs):
        sample = review(world, rng)
        if not sample.reviewed.any():
            continue
        if not by_question:
            sample = msgspec.structs.replace(sample, question=np.arange(world.answers))
        found = accuracy(sample)
        covered.append(found.low <= target <= found.high)
        widths.append(found.high - found.low)
        plain = accuracy(_plainly(sample, world.budget, rng))
        savings.append(((found.high - found.low) / (plain.high - plain.low)) ** 2)
        counts.append(sample.reviewed.sum())
        areas.append(_area(sample.judge, sample.quality > 0))
    return Coverage(
        runs=len(covered),
        covered=float(np.mean(covered)),
        width=float(np.median(widths)),
        labels_against_classical=float(np.median(savings)),
        reviewed=float(np.mean(counts)),
        auc=float(np.mean(areas)),
    )


SHARES: dict[str, tuple[Count, Count]] = {
    "right and sent": (Count(good=(1, 0, 0)), Count(everything=1)),
    "wrong and sent": (Count(bad=(1, 0, 0)), Count(everything=1)),
    "right, held back": (Count(good=(0, 1, 1)), Count(everything=1)),
    "right of decided": (Count(good=(0, 1, 0)), Count(good=(0, 1, 0), bad=(0, 1, 0))),
    "sent of right": (Count(good=(1, 0, 0)), Count(good=(1, 1, 1))),
    "F1 of sending": (Count(good=(2, 0, 0)), Count(good=(2, 1, 1), bad=(1, 0, 0))),
}
"""Shares of a scorecard: what is counted, and of what."""


def share_coverage(world: ReviewWorld, runs: int, seed: int = 1) -> dict[str, float]:
    """Return how often the intervals of a scorecard's shares hold the truth, by share.

    What becomes of the answers, `in_groups` says. Of some groups nobody has reviewed anything in
    some runs, which do not count.
    """
    rng = np.random.default_rng(seed)
    samples = [in_groups(review(world, rng)) for _ in range(runs)]
    large = msgspec.structs.replace(world, answers=400_000, budget=1.0, questions=0)
    known = in_groups(review(large, rng))
    every = msgspec.structs.replace(known, reviewed=known.group >= 0)
    truths = {name: share(totals_of(every), *of) for name, of in SHARES.items()}
    found: dict[str, list[bool]] = {name: [] for name in SHARES}
    for sample in samples:
        totals = totals_of(sample)
        for name, of in SHARES.items():
            one, true = share(totals, *of), truths[name]
            if one is not None and true is not None:
                found[name].append(one.interval.low <= true.interval.value <= one.interval.high)
    return {name: float(np.mean(held)) for name, held in found.items() if held}


def in_groups(sample: Sample) -> Sample:
    """Return a sample in which the judge sends what it trusts, lets people decide on what it trusts
    less (they do on all of it), and holds the rest back; a tenth is none of these."""
    group = np.select([sample.judge > 0.6, sample.judge > 0.4], [0, 1], 2)
    group[sample.cluster % 10 == 0] = -1
    return msgspec.structs.replace(
        sample,
        group=group,
        probability=np.where(group == 1, 1.0, sample.probability),
        reviewed=((group == 1) | sample.reviewed) & (group >= 0),
    )


def naive_coverage(world: ReviewWorld, runs: int, seed: int = 1) -> float:
    """Return how often the plain share of actively chosen reviews has the truth in its interval."""
    rng = np.random.default_rng(seed)
    target, held = truth(world), 0
    for _ in range(runs):
        sample = review(world, rng)
        found = sample.quality[sample.reviewed]
        interval = wilson(int(found.sum()), len(found))
        held += interval.low <= target <= interval.high
    return held / runs


def bootstrap_coverage(items: int, runs: int, seed: int = 1) -> float:
    """Return how often the cluster bootstrap holds the mean of clustered values."""
    rng = np.random.default_rng(seed)
    held = 0
    for run in range(runs):
        cluster = _conversations(items, rng)
        values = expit(rng.normal(0, 1, cluster.max() + 1)[cluster] + rng.normal(0, 1, items))
        found = bootstrap(mean_statistic(values), cluster, Resampling(draws=1_000, seed=run))
        held += found.low <= 0.5 <= found.high
    return held / runs


def paired_rejections(items: int, gain: float, runs: int, seed: int = 1) -> float:
    """Return how often "no difference" is rejected at 5 %: power, or error where gain is 0.

    Two systems with paired 0/1 outcomes, 80 % and 80 % + gain right, alike within conversations.
    """
    rng = np.random.default_rng(seed)
    rejected = 0
    for run in range(runs):
        cluster = _conversations(items, rng)
        second, first = _paired_outcomes(cluster, (0.8, 0.8 + gain), rng)
        difference = paired_difference(
            mean_statistic(first),
            mean_statistic(second),
            cluster,
            Resampling(draws=2_000, seed=run),
        )
        rejected += difference.p_value() <= 0.05
    return rejected / runs


class GateWorld(msgspec.Struct, frozen=True, kw_only=True):
    """Two releases, 80 % right on each metric but for what the candidate gains or loses."""

    items: int = 300
    gains: dict[str, float]
    """Metric → true difference, candidate - current."""
    likelier: float = 0.0
    """By so many bits per byte the candidate finds the replies likelier; 0 leaves it unmeasured."""


def gate_promotions(
    promotes: Callable[[Report, Report], bool], world: GateWorld, runs: int, seed: int = 1
) -> float:
    """Return how often a gate, given the reports of candidate and current, promotes."""
    rng = np.random.default_rng(seed)
    return float(np.mean([promotes(*planted_reports(world, rng)) for _ in range(runs)]))


def planted_reports(world: GateWorld, rng: np.random.Generator) -> tuple[Report, Report]:
    """Return reports of candidate and current on the same items."""
    cluster = _conversations(world.items, rng)
    scores: tuple[list[Score], list[Score]] = ([], [])
    for metric, gain in world.gains.items():
        current, candidate = _paired_outcomes(cluster, (0.8, 0.8 + gain), rng)
        scores[0].append(_outcome_score(metric, candidate))
        scores[1].append(_outcome_score(metric, current))
    if world.likelier:
        bits = 0.6 + rng.normal(0, 0.1, world.items)
        scores[0].append(_bits_score(bits - world.likelier))
        scores[1].append(_bits_score(bits))
    results = tuple(
        ItemResult(f"item {i}", f"conversation {c}", "", "", "", "", "")
        for i, c in enumerate(cluster)
    )
    candidate_report, current_report = (
        Report(dataset="planted", model=name, scores=tuple(found), results=results)
        for name, found in zip(("candidate", "current"), scores, strict=True)
    )
    return candidate_report, current_report


class BarWorld(msgspec.Struct, frozen=True, kw_only=True):
    """A candidate beside a simple way, which sends all it says; shares of all questions."""

    items: int = 200
    right: float = 0.4
    wrong: float = 0.2
    simple: float = 0.6
    """The simple way is right so often, and wrong otherwise."""


def bar_refusals(
    refuses: Callable[[Report], bool], world: BarWorld, runs: int, seed: int = 1
) -> float:
    """Return how often a gate, given the candidate's report, says that the simple way is better."""
    rng = np.random.default_rng(seed)
    return float(np.mean([refuses(_beside_simple(world, rng)) for _ in range(runs)]))


def _beside_simple(world: BarWorld, rng: np.random.Generator) -> Report:
    cluster = _conversations(world.items, rng)
    simple, right = _paired_outcomes(cluster, (world.simple, world.right), rng)
    # Of what is not right so many are wrong, and the others handed off.
    wrong = (1 - right) * (rng.random(world.items) < world.wrong / (1 - world.right))
    report, _ = planted_reports(GateWorld(items=world.items, gains={}), rng)
    return msgspec.structs.replace(
        report,
        scores=(_outcome_score("right", right), _outcome_score("wrong", wrong)),
        results=tuple(
            msgspec.structs.replace(row, group=f"conversation {c}")
            for row, c in zip(report.results, cluster, strict=True)
        ),
        contestants=(
            Contestant(
                name=Simple.NEAREST,
                served=False,
                sent_right=_outcome_score("right", simple),
                sent_wrong=_outcome_score("wrong", 1 - simple),
                right=_outcome_score("right", simple),
            ),
        ),
    )


class Certified(msgspec.Struct, frozen=True, kw_only=True):
    """How threshold certificates turned out."""

    violations: float
    """Share of runs in which more than the tolerated share of answers was in truth wrong."""
    coverage: float
    """Mean share of traffic answered, none counting as 0."""
    naive_violations: float
    """The same for the laxest threshold whose observed error is tolerable."""


def threshold_violations(
    labels: int, difficulty: float, spec: RiskSpec, runs: int, seed: int = 1
) -> Certified:
    """Certify `runs` times; the truth is the error over 200,000 further answers."""
    rng = np.random.default_rng(seed)
    big_score, big_chance = _scored(200_000, difficulty, rng)
    order = np.argsort(-big_score)
    sorted_score = big_score[order]
    true_error = np.cumsum(1 - big_chance[order]) / np.arange(1, len(order) + 1)

    def outcome(threshold: float) -> tuple[float, float]:
        answered = int(np.searchsorted(-sorted_score, -threshold, side="right"))
        return (float(true_error[answered - 1]) if answered else 0.0), answered / len(order)

    wrongs, naive, coverage = 0, 0, 0.0
    for _ in range(runs):
        score, chance = _scored(labels, difficulty, rng)
        wrong = rng.random(labels) > chance
        found = certify(Labelled(score, wrong, 1 - chance), spec)
        if found is not None:
            error, share = outcome(found.threshold)
            wrongs += error > spec.max_wrong
            coverage += share
        naive += outcome(_observed_best(score, wrong, spec.max_wrong))[0] > spec.max_wrong
    return Certified(
        violations=wrongs / runs, coverage=coverage / runs, naive_violations=naive / runs
    )


class Priced(msgspec.Struct, frozen=True, kw_only=True):
    """What thresholds with a bounded price did to further questions; shares of all of them."""

    broken: float
    """Share of runs in which more right answers were held back than promised."""
    lost: float
    """Mean share that was held back though its answer was right."""
    right: float
    """Mean share that was answered right."""
    wrong: float
    right_unheld: float
    """The two without any threshold."""
    wrong_unheld: float


def threshold_price(asked: int, difficulty: float, runs: int, seed: int = 1) -> Priced:
    """Set a threshold `runs` times; the truth is what it does to 200,000 further questions.

    Promised are 10 of 100 at most, in 90 % of the runs.
    """
    rng = np.random.default_rng(seed)
    big_score, big_chance = _scored(200_000, difficulty, rng)
    order = np.argsort(big_score)
    below_right = np.append(0.0, np.cumsum(big_chance[order])) / len(order)
    below_wrong = np.append(0.0, np.cumsum(1 - big_chance[order])) / len(order)
    held = []
    for _ in range(runs):
        score, chance = _scored(asked, difficulty, rng)
        right = rng.random(asked) < chance
        threshold = at_a_price(Outcomes(score, right, ~right), asked, 0.1, 0.1)
        held.append(np.searchsorted(big_score[order], threshold))
    lost, spared = below_right[held].mean(), below_wrong[held].mean()
    return Priced(
        broken=float((below_right[held] > 0.1).mean()),
        lost=float(lost),
        right=float(below_right[-1] - lost),
        wrong=float(below_wrong[-1] - spared),
        right_unheld=float(below_right[-1]),
        wrong_unheld=float(below_wrong[-1]),
    )


class Canary(msgspec.Struct, frozen=True, kw_only=True):
    """How canaries ended."""

    promoted: float
    rolled_back: float
    median_units: float
    """Units until the ruling, over the runs that had one; NaN if none."""


def canary_rulings(spec: CanarySpec, effect: float, units: int, runs: int, seed: int = 1) -> Canary:
    """Watch `runs` canaries of 0/1 outcomes (80 % good, 80 % + effect under the candidate)."""
    rng = np.random.default_rng(seed)
    treated = rng.random((runs, units)) < spec.share
    outcome = (rng.random((runs, units)) < 0.8 + effect * treated).astype(float)
    evidence = watch(Observations(value=outcome), treated, spec)
    promote = _crossing(evidence.promote, spec.alpha)
    roll_back = _crossing(evidence.roll_back, spec.alpha_rollback)
    first = np.minimum(promote, roll_back)
    ended = first <= units
    return Canary(
        promoted=float(np.mean(promote < roll_back)),
        rolled_back=float(np.mean((roll_back <= promote) & ended)),
        median_units=float(np.median(first[ended])) if ended.any() else float("nan"),
    )


def _crossing(log_wealth: Floats, alpha: float) -> Floats:
    """Return after how many units each run crossed, one more than there are if it never did."""
    crossed = log_wealth >= -np.log(alpha)
    first: Floats = np.where(crossed.any(axis=1), crossed.argmax(axis=1), crossed.shape[1]) + 1.0
    return first


def _conversations(answers: int, rng: np.random.Generator) -> NDArray[np.intp]:
    """Return conversation numbers: one to three answers each."""
    sizes = rng.integers(1, 4, answers)
    return np.repeat(np.arange(answers), sizes)[:answers]


def _questions(world: ReviewWorld, rng: np.random.Generator) -> NDArray[np.intp]:
    """Return question numbers, without gaps."""
    if not world.questions:
        return np.arange(world.answers)
    weight = np.arange(1, world.questions + 1) ** -world.popularity
    drawn = rng.choice(world.questions, world.answers, p=weight / weight.sum())
    return np.unique(drawn, return_inverse=True)[1]


def _paired_outcomes(
    cluster: NDArray[np.intp], shares: tuple[float, float], rng: np.random.Generator
) -> tuple[Floats, Floats]:
    """Return 0/1 outcomes of two systems: nine tenths of what makes an item hard they share."""
    ease = np.sqrt(0.2) * rng.normal(0, 1, cluster.max() + 1)[cluster]
    ease += np.sqrt(0.7) * rng.normal(0, 1, len(cluster))
    level = ndtri(shares)
    noise = np.sqrt(0.1) * rng.normal(0, 1, (2, len(cluster)))
    first, second = (level[k] > ease + noise[k] for k in (0, 1))
    return first.astype(float), second.astype(float)


def _outcome_score(metric: str, values: Floats) -> Score:
    return Score(
        metric=metric,
        value=float(values.mean()),
        low=0.0,
        high=1.0,
        n=len(values),
        higher_is_better=True,
        items=tuple(values.tolist()),
    )


def _bits_score(bits: Floats) -> Score:
    return Score(
        metric="bits_per_byte",
        value=float(bits.mean()),
        low=float(bits.min()),
        high=float(bits.max()),
        n=len(bits),
        higher_is_better=False,
        items=tuple(bits.tolist()),
    )


def _judge(kind: Judge, chance: Floats, rng: np.random.Generator) -> Floats:
    informed: Floats = expit(np.log(chance / (1 - chance)) + rng.normal(0, 0.5, len(chance)))
    judged: dict[Judge, Floats] = {
        Judge.GOOD: informed,
        Judge.BIASED: 0.5 * informed,
        Judge.USELESS: rng.random(len(chance)),
        Judge.INVERTED: 1 - informed,
    }
    return judged[kind]


def _area(judge: Floats, right: NDArray[np.bool_]) -> float:
    """Return the area under the curve: how often a right answer is judged above a wrong one, one
    half where all are of one kind."""
    ranks, rights = scipy.stats.rankdata(judge)[right], int(right.sum())
    wrongs = len(judge) - rights
    if not rights or not wrongs:
        return 0.5
    return float((ranks.sum() - rights * (rights + 1) / 2) / (rights * wrongs))


def _plainly(sample: Sample, budget: float, rng: np.random.Generator) -> Sample:
    """Return the same answers reviewed uniformly at random, without a judge."""
    n = len(sample.judge)
    return msgspec.structs.replace(
        sample,
        judge=np.zeros(n),
        probability=np.full(n, budget),
        reviewed=rng.random(n) < budget,
    )


def _scored(n: int, difficulty: float, rng: np.random.Generator) -> tuple[Floats, Floats]:
    """Return scores and the true chance that each answer is right."""
    score = rng.normal(0, 1, n)
    return score, expit(difficulty + 1.5 * score)


def _observed_best(score: Floats, wrong: NDArray[np.bool_], tolerated: float) -> float:
    order = np.argsort(-score)
    error = np.cumsum(wrong[order]) / np.arange(1, len(order) + 1)
    good = np.flatnonzero(error <= tolerated)
    return float(score[order][good[-1]]) if len(good) else float("inf")
