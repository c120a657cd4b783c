from __future__ import annotations

import msgspec
import numpy as np
import pytest

from northloop.statistics.powered import (
    Reviewed,
    estimate,
    pseudo_outcomes,
    review_probability,
    uncertainty,
)
from northloop.testing.simulations import (
    Judge,
    ReviewWorld,
    naive_coverage,
    review,
    review_coverage,
    truth,
)


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


def test_pseudo_outcomes_average_to_the_truth_whatever_the_judge_is_worth() -> None:
    rng = np.random.default_rng(3)
    for judge in Judge:
        world = ReviewWorld(judge=judge, answers=2_000, budget=0.1)
        means = [pseudo_outcomes(review(world, rng)).mean() for _ in range(200)]
        standard_error = np.std(means) / np.sqrt(len(means))
        assert abs(np.mean(means) - truth(world)) < 3 * standard_error


@pytest.mark.parametrize("judge", list(Judge))
def test_intervals_from_many_reviews_cover_and_cost_no_more_than_plain_ones(judge: Judge) -> None:
    found = review_coverage(ReviewWorld(judge=judge, budget=0.1), runs=500)
    assert 0.93 <= found.covered <= 0.97
    assert found.labels_against_classical <= 1.1
    if judge is Judge.GOOD:
        assert found.labels_against_classical <= 0.75


@pytest.mark.parametrize("answers", [100, 400])
@pytest.mark.parametrize("difficulty", [1.9, 4.0])
def test_intervals_from_few_reviews_cover_at_least(answers: int, difficulty: float) -> None:
    world = ReviewWorld(answers=answers, budget=0.1, difficulty=difficulty)
    assert review_coverage(world, runs=150).covered >= 0.95 - 2 * 0.018


def test_the_plain_mean_of_chosen_reviews_does_not_cover() -> None:
    assert naive_coverage(ReviewWorld(answers=8_000), runs=200) < 0.85


def test_a_few_reviews_bet_and_many_use_the_judge() -> None:
    rng = np.random.default_rng(4)
    assert estimate(review(ReviewWorld(answers=400), rng)).method == "betting"
    assert estimate(review(ReviewWorld(answers=8_000), rng)).method == "prediction-powered"


def test_many_reviews_without_a_bad_one_still_bet() -> None:
    n = 2_000
    sample = Reviewed(
        judge=np.full(n, 0.9),
        reviewed=np.arange(n) % 10 == 0,
        probability=np.full(n, 0.1),
        quality=np.ones(n),
        cluster=np.arange(n),
    )
    found = estimate(sample)
    assert found.method == "betting"
    assert found.interval.value == 1.0
    assert 0.95 < found.interval.low < 0.99


def test_reviews_of_everything_are_the_plain_mean() -> None:
    rng = np.random.default_rng(5)
    n = 600
    quality = (rng.random(n) < 0.7).astype(float)
    sample = Reviewed(
        judge=rng.random(n),
        reviewed=np.ones(n, dtype=bool),
        probability=np.ones(n),
        quality=quality,
        cluster=np.arange(n),
    )
    assert estimate(sample).interval.value == pytest.approx(quality.mean())


def test_conversations_count_not_messages() -> None:
    """The same verdict ten times in a conversation is one piece of evidence."""
    rng = np.random.default_rng(6)
    conversations = 300
    quality = np.repeat((rng.random(conversations) < 0.8).astype(float), 10)
    n = len(quality)
    sample = Reviewed(
        judge=np.full(n, 0.8),
        reviewed=rng.random(n) < 0.5,
        probability=np.full(n, 0.5),
        quality=quality,
        cluster=np.repeat(np.arange(conversations), 10),
    )
    clustered = estimate(sample).interval
    alone = estimate(msgspec.structs.replace(sample, cluster=np.arange(n))).interval
    assert clustered.high - clustered.low > 2 * (alone.high - alone.low)
