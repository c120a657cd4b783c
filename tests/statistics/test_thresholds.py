from __future__ import annotations

import numpy as np
import pytest

from northloop.statistics.thresholds import (
    Outcomes,
    RiskSpec,
    at_a_price,
    candidate_thresholds,
    certify,
)
from northloop.testing.simulations import threshold_price, threshold_violations


def test_candidates_go_from_strict_to_lax_and_end_with_everything() -> None:
    traffic = np.random.default_rng(1).random(1_000)
    found = candidate_thresholds(traffic, labelled=400, steps=20)
    assert (np.diff(found) < 0).all()
    assert np.mean(traffic >= found[0]) == pytest.approx(80 / 400, abs=0.01)
    assert found[-1] == traffic.min()


@pytest.mark.parametrize(("n", "certified"), [(44, False), (45, True)])
def test_without_a_mistake_45_answers_are_enough(n: int, certified: bool) -> None:
    score = np.linspace(0, 1, n)
    found = certify(score, np.zeros(n, dtype=bool), score, RiskSpec())
    assert (found is not None) is certified


def test_nothing_is_certified_where_the_score_knows_nothing() -> None:
    rng = np.random.default_rng(2)
    score = rng.random(800)
    assert certify(score, rng.random(800) < 0.3, score, RiskSpec()) is None


def test_a_good_score_is_certified_down_to_where_errors_begin() -> None:
    score = np.linspace(0, 1, 1_000)
    found = certify(score, score < 0.4, score, RiskSpec())
    assert found is not None
    assert 0.3 < found.threshold < 0.45
    assert found.answered == np.sum(score >= found.threshold)
    assert found.p_value <= 0.1


def test_certificates_are_wrong_in_at_most_delta_of_the_runs() -> None:
    for labels in (100, 500):
        found = threshold_violations(labels, 3.2, RiskSpec(), runs=300)
        assert found.violations <= 0.10
        assert found.naive_violations > 0.3  # what is avoided
    assert found.coverage > 0.5


def test_a_poor_model_answers_next_to_nothing() -> None:
    found = threshold_violations(500, 1.0, RiskSpec(), runs=200)
    assert found.violations <= 0.10
    assert found.coverage < 0.08


def outcomes(said: str) -> Outcomes:
    """Return answers from the least to the surest: r(ight), w(rong) or ? for each."""
    marks = np.array([*said])
    return Outcomes(np.arange(len(said)) / 100, marks == "r", marks == "w")


@pytest.mark.parametrize(
    ("said", "threshold"),
    [
        ("wwww" + 36 * "r", 0.04),  # wrong ones at the bottom cost nothing
        ("wrww" + 36 * "r", 0.04),  # one right answer buys three wrong ones
        ("rwwrwww" + 33 * "r", 0.03),  # two of forty are more than 5 of 100 allow
        ("rww" + 37 * "r", 0.03),
        ("rw" + 38 * "r", 0.00),  # one for one is no gain: the laxer one
        ("?ww" + 37 * "r", 0.03),  # what nobody knows has its price
        ("??w" + 37 * "r", 0.00),
        (40 * "r", 0.00),
        (40 * "w", np.inf),
        (39 * "w" + "r", 0.39),
    ],
)
def test_wrong_answers_are_held_back_at_the_price_of_few_right_ones(
    said: str, threshold: float
) -> None:
    assert at_a_price(outcomes(said), len(said), 0.05) == threshold


def test_a_price_is_promised_from_nineteen_questions_on() -> None:
    assert at_a_price(outcomes(18 * "w"), 18, 0.05) is None
    assert at_a_price(outcomes(19 * "w"), 19, 0.05) == np.inf
    # Questions that got no answer were asked too, and make the others fewer.
    assert at_a_price(outcomes("ww"), 40, 0.05) == np.inf
    assert at_a_price(outcomes(""), 40, 0.05) == np.inf
    assert at_a_price(outcomes(""), 5, 0.05) is None


def test_equal_scores_stay_together() -> None:
    score = np.full(40, 0.5)
    right = np.arange(40) < 20
    assert at_a_price(Outcomes(score, right, ~right), 40, 0.05) == 0.5


@pytest.mark.parametrize("asked", [12, 20, 40, 200])
@pytest.mark.parametrize("difficulty", [-2.0, -0.5, 1.0])
def test_the_price_is_kept_on_further_questions(asked: int, difficulty: float) -> None:
    found = threshold_price(asked, difficulty, 0.05, runs=400)
    assert found.lost <= 0.05
    spared = found.wrong_unheld - found.wrong
    assert spared >= found.lost, "more wrong answers are held back than right ones"
    if asked >= 40:
        assert found.wrong < 0.9 * found.wrong_unheld
