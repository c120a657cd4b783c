from __future__ import annotations

import msgspec
import numpy as np
import pytest
from worlds import reviewers as worlds
from worlds import simulations as sim
from worlds.simulations import Judge, ReviewWorld

from northloop.statistics import powered
from northloop.statistics.bootstrap import Floats, cluster_sums
from northloop.statistics.powered import (
    GROUPS,
    NOTHING,
    PREDICTION_POWERED,
    REVIEWED_ONLY,
    Count,
    Estimate,
    Review,
    Sample,
    Totals,
    review_probability,
    share,
    totals_of,
    uncertainty,
)
from statistics_oracle import stand_ins

GOOD, GROUP = Count(good=(1, 0, 0)), Count(good=(1, 0, 0), bad=(1, 0, 0))
EVERYTHING = Count(everything=1)


def accuracy(sample: Sample) -> Estimate:
    found = share(totals_of(sample), GOOD, GROUP)
    assert found is not None
    return found


def plain(n: int, quality: Floats, budget: float = 1.0) -> Sample:
    """Items of the first group, each a conversation and a question, reviewed at regular places."""
    return Sample(
        judge=np.full(n, 0.8),
        reviewed=np.arange(n) % round(1 / budget) == 0,
        probability=np.full(n, budget),
        quality=quality,
        cluster=np.arange(n),
        question=np.arange(n),
        group=np.zeros(n, dtype=np.intp),
    )


# --- who is reviewed ----------------------------------------------------------------------------


def test_review_probability_spends_the_budget_with_a_uniform_floor() -> None:
    judge = np.random.default_rng(1).random(10_000)
    spread = uncertainty(judge)
    probability = review_probability(spread, float(spread.mean()), 0.08)
    assert probability.mean() == pytest.approx(0.08)
    assert probability.min() >= 0.04
    assert probability[np.argmin(abs(judge - 0.5))] == probability.max()


def test_review_probability_is_uniform_while_nothing_is_uncertain() -> None:
    assert review_probability(np.zeros(3), 0.0, 0.1).tolist() == pytest.approx([0.1] * 3)


def test_review_probability_never_exceeds_one() -> None:
    assert review_probability(np.array([0.5]), 1e-6, 0.1).tolist() == [1.0]


# --- what follows from sums is what the items say -------------------------------------------------


def variance(residual: Floats, sample: Sample) -> float:
    """Of a sum, in both ways of clustering less what they have in common."""
    ways = []
    for codes in (sample.cluster, sample.question):
        sums = cluster_sums(residual[:, None], codes)[:, 0]
        ways.append(float((sums**2).sum()) * len(sums) / (len(sums) - 1))
    return max(sum(ways) - float((residual**2).sum()), *ways)


@pytest.mark.parametrize("name", list(sim.SHARES))
def test_a_share_is_that_of_the_items_one_by_one(name: str) -> None:
    world = ReviewWorld(answers=3_000, budget=0.2, questions=400)
    sample = sim.in_groups(sim.review(world, np.random.default_rng(7)))
    of, among = sim.SHARES[name]
    found = share(totals_of(sample), of, among)
    assert found is not None
    assert found.method == PREDICTION_POWERED

    good = [stand_ins(sample, group) for group in range(GROUPS)]
    inside = [(sample.group == group).astype(float) for group in range(GROUPS)]

    def counted(count: Count) -> Floats:
        each = np.full(len(sample.judge), float(count.everything))
        for group in range(GROUPS):
            bad = inside[group] - good[group]
            each += count.good[group] * good[group] + count.bad[group] * bad
        return each

    size = counted(among).sum()
    mean = counted(of).sum() / size
    assert found.interval.value == pytest.approx(mean)
    error = variance(counted(of) - mean * counted(among), sample) ** 0.5 / size
    # The quantile of t at 20 to 3,000 degrees of freedom, in log-odds.
    logit = np.log(found.interval.high / (1 - found.interval.high)) - np.log(mean / (1 - mean))
    assert 1.96 < logit * mean * (1 - mean) / error < 2.2


def test_sums_kept_one_by_one_are_those_of_all_at_once() -> None:
    world = ReviewWorld(answers=300, budget=0.3, questions=60)
    sample = sim.in_groups(sim.review(world, np.random.default_rng(8)))
    totals, clusters = Totals(), {}
    for i in range(len(sample.judge)):
        group = int(sample.group[i]) if sample.group[i] >= 0 else None
        sums = powered.item_sums(group, float(sample.judge[i]))
        if sample.reviewed[i]:
            assert group is not None
            totals = powered.with_drawn(totals, group, 0)
            review = Review(
                group=group,
                part=0,
                judge=float(sample.judge[i]),
                probability=float(sample.probability[i]),
                quality=float(sample.quality[i]),
            )
            totals = powered.with_review(totals, review)
            sums = powered.added(sums, powered.review_sums(review))
        totals = powered.with_item(totals, NOTHING, sums)
        for way, codes in enumerate((sample.cluster, sample.question)):
            before = clusters.get((way, codes[i]), NOTHING)
            clusters[way, codes[i]] = powered.added(before, sums)
            totals = powered.with_cluster(totals, way, before, clusters[way, codes[i]])
    at_once = totals_of(sample)
    assert (totals.clusters, totals.drawn, totals.done) == (
        at_once.clusters,
        at_once.drawn,
        at_once.done,
    )
    for name in ("total", "squares", "line", "fourth"):
        kept, known = (np.array(getattr(t, name)).ravel() for t in (totals, at_once))
        assert kept == pytest.approx(known), name


def test_shares_of_a_whole_add_up() -> None:
    sample = sim.in_groups(sim.review(ReviewWorld(budget=0.2), np.random.default_rng(9)))
    totals = totals_of(sample)
    each = [tuple(float(g == group) for g in range(GROUPS)) for group in range(GROUPS)]
    counts = [*(Count(good=one) for one in each), *(Count(bad=one) for one in each)]
    found = [share(totals, count, EVERYTHING) for count in counts]
    nothing = 1 - sum(map(totals.items, range(GROUPS))) / totals.everything
    assert sum(e.interval.value for e in found if e) + nothing == pytest.approx(1.0)


# --- promises -----------------------------------------------------------------------------------


def test_it_is_the_truth_on_average_whatever_the_judge_is_worth() -> None:
    rng = np.random.default_rng(3)
    for judge in Judge:
        world = ReviewWorld(judge=judge, answers=2_000, budget=0.1)
        means = [accuracy(sim.review(world, rng)).interval.value for _ in range(200)]
        standard_error = np.std(means) / np.sqrt(len(means))
        assert abs(np.mean(means) - sim.truth(world)) < 3 * standard_error


@pytest.mark.parametrize("judge", list(Judge))
def test_intervals_from_many_reviews_cover_and_cost_no_more_than_plain_ones(judge: Judge) -> None:
    found = sim.review_coverage(ReviewWorld(judge=judge, budget=0.1), runs=500)
    assert 0.93 <= found.covered <= 0.97
    assert found.labels_against_classical <= 1.1
    if judge is Judge.GOOD:
        assert found.labels_against_classical <= 0.75


def test_a_judge_as_good_as_our_own_sureness_saves_four_reviews_in_ten() -> None:
    found = sim.review_coverage(ReviewWorld(contrast=1.58), runs=200)
    assert found.auc == pytest.approx(0.89, abs=0.01)
    assert 0.92 <= found.covered <= 0.98
    assert found.labels_against_classical <= 0.6


@pytest.mark.parametrize("answers", [80, 250, 400])
@pytest.mark.parametrize("difficulty", [1.9, 4.0])
def test_intervals_from_few_reviews_cover_at_least(answers: int, difficulty: float) -> None:
    world = ReviewWorld(answers=answers, budget=0.1, difficulty=difficulty)
    assert sim.review_coverage(world, runs=200).covered >= 0.95 - 2 * 0.0155


@pytest.mark.parametrize(("questions", "popularity"), [(100, 0.7), (2_000, 1.0)])
def test_questions_that_are_asked_again_and_again_do_not_flatter(
    questions: int, popularity: float
) -> None:
    """One in eight customers asks the same in the second world, and it gets the same answer."""
    world = ReviewWorld(budget=0.1, questions=questions, popularity=popularity)
    assert sim.review_coverage(world, runs=300).covered >= 0.93 - 0.015
    alone = sim.review_coverage(world, runs=200, by_question=False)
    assert alone.covered < 0.85, "without it the world is too easy to test anything"


def test_every_share_of_a_scorecard_covers() -> None:
    found = sim.share_coverage(ReviewWorld(budget=0.1), runs=250)
    assert found.keys() == sim.SHARES.keys()
    assert all(covered >= 0.93 - 0.015 for covered in found.values()), found


@pytest.mark.parametrize("decided", [100, 1_000])
def test_many_decisions_tell_nothing_of_the_few_that_nobody_decided_on(decided: int) -> None:
    """80 % of what people decide on is right, 30 % of what is held back otherwise."""
    rng = np.random.default_rng(10)
    n = decided + 400
    held, mean = [], (0.8 * decided + 0.3 * 400) / n
    for _ in range(150):
        group = np.where(np.arange(n) < decided, 1, 2)
        chance = np.where(group == 1, 0.8, 0.3)
        sample = Sample(
            judge=np.clip(chance + 0.2 * rng.normal(size=n), 0.01, 0.99),
            reviewed=(group == 1) | (rng.random(n) < 0.05),
            probability=np.where(group == 1, 1.0, 0.05),
            quality=(rng.random(n) < chance).astype(float),
            cluster=np.arange(n),
            question=np.arange(n),
            group=group,
        )
        both = Count(good=(0, 1, 1)), Count(good=(0, 1, 1), bad=(0, 1, 1))
        found = share(totals_of(sample), *both)
        if found is not None:
            held.append(found.interval.low <= mean <= found.interval.high)
    assert len(held) > 140
    assert np.mean(held) >= 0.93 - 0.02


def test_the_plain_mean_of_chosen_reviews_does_not_cover() -> None:
    assert sim.naive_coverage(ReviewWorld(answers=8_000), runs=200) < 0.85


# --- which way ----------------------------------------------------------------------------------


def test_few_reviews_stand_alone_and_twenty_use_the_judge() -> None:
    rng = np.random.default_rng(4)
    assert accuracy(sim.review(ReviewWorld(answers=150), rng)).method == REVIEWED_ONLY
    assert accuracy(sim.review(ReviewWorld(answers=8_000), rng)).method == PREDICTION_POWERED


@pytest.mark.parametrize(("bad", "method"), [(4, REVIEWED_ONLY), (5, PREDICTION_POWERED)])
def test_five_of_a_kind_are_needed(bad: int, method: str) -> None:
    assert accuracy(plain(60, (np.arange(60) >= bad).astype(float))).method == method


def test_many_reviews_without_a_bad_one_stand_alone() -> None:
    found = accuracy(plain(2_000, np.ones(2_000), budget=0.1))
    assert found.method == REVIEWED_ONLY
    assert found.interval.value == found.interval.high == 1.0
    assert found.interval.low == pytest.approx(0.025 ** (1 / 200))  # Clopper & Pearson


def test_the_order_of_reviews_does_not_matter() -> None:
    quality = np.array([1.0, 1, 1, 0, 1, 0, 1, 1])
    one, other = (accuracy(plain(8, q)).interval for q in (quality, quality[::-1]))
    assert one.high == pytest.approx(other.high)
    assert one.low == pytest.approx(other.low)


def test_nothing_is_said_of_what_nobody_reviewed() -> None:
    sample = msgspec.structs.replace(plain(50, np.ones(50)), reviewed=np.zeros(50, dtype=np.bool_))
    assert share(totals_of(sample), GOOD, GROUP) is None
    assert share(Totals(), GOOD, GROUP) is None


def test_where_nothing_was_sent_the_share_is_known() -> None:
    sample = msgspec.structs.replace(plain(50, np.ones(50)), group=np.full(50, -1))
    found = share(totals_of(sample), GOOD, EVERYTHING)
    assert found is not None
    assert (found.interval.low, found.interval.value, found.interval.high) == (0.0, 0.0, 0.0)
    assert share(totals_of(sample), GOOD, GROUP) is None


def test_bounds_are_the_ends_if_what_was_skipped_were_all_bad_or_all_good() -> None:
    rng = np.random.default_rng(8)
    quality = (rng.random(600) < 0.7).astype(float)
    world = plain(600, quality, budget=0.25)
    skips = rng.random(600) < 0.2
    unknown = msgspec.structs.replace(world, quality=np.where(skips, np.nan, quality))
    totals = totals_of(unknown)
    found = powered.bounds(totals, GOOD, GROUP)
    assert found is not None
    for end, guess in zip(found, (0.0, 1.0), strict=True):
        imputed = msgspec.structs.replace(world, quality=np.where(skips, guess, quality))
        least = share(totals_of(imputed), GOOD, GROUP, 0.025)
        assert least is not None
        ends = least.interval
        assert end == pytest.approx(ends.low if guess == 0 else ends.high, abs=0.03)
    assert powered.bounds(totals_of(world), GOOD, GROUP) is None


@pytest.mark.parametrize("judge", [Judge.GOOD, Judge.USELESS])
@pytest.mark.parametrize("skips", ["wrong", "right", "unsure"])
def test_bounds_hold_the_truth_whatever_makes_people_skip(judge: Judge, skips: str) -> None:
    found = worlds.skip_coverage(worlds.SkipWorld(judge=judge, skips=skips, answers=1_500), 60)
    assert found.bounds >= 0.88
    if skips != "unsure":
        assert found.interval < 0.8, "a plain interval cannot know"


def test_the_first_verdict_of_the_uniform_half_may_raise_the_estimate_without_being_at_fault() -> (
    None
):
    """Each half stands for itself from its first verdict on, and the line is fitted anew.

    So one verdict "incorrect" may move the weights of the others by more than itself, seldom and a
    little. Before and after, the estimate is right on average and its interval holds the truth.
    """
    found = worlds.first_of_the_uniform_half(runs=120)
    assert found.raised <= 0.05
    assert abs(found.bias_before) < 0.05
    assert abs(found.bias_after) < 0.05
    assert min(found.covered_before, found.covered_after) >= 0.9


def test_reviews_of_everything_are_the_plain_mean() -> None:
    quality = (np.random.default_rng(5).random(600) < 0.7).astype(float)
    assert accuracy(plain(600, quality)).interval.value == pytest.approx(quality.mean())


def test_conversations_count_not_messages() -> None:
    """The same verdict ten times in a conversation is one piece of evidence."""
    rng = np.random.default_rng(6)
    quality = np.repeat((rng.random(300) < 0.8).astype(float), 10)
    alone = msgspec.structs.replace(plain(3_000, quality), reviewed=rng.random(3_000) < 0.5)
    alone = msgspec.structs.replace(alone, probability=np.full(3_000, 0.5))
    cluster = np.repeat(np.arange(300), 10)
    widths = [
        accuracy(msgspec.structs.replace(alone, **changed)).interval
        for changed in ({}, {"cluster": cluster}, {"question": cluster})
    ]
    one, *others = (interval.high - interval.low for interval in widths)
    assert all(other > 2 * one for other in others)
