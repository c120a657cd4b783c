from __future__ import annotations

import numpy as np
import pytest
from worlds.simulations import threshold_price, threshold_violations

from northloop.statistics.bootstrap import Floats
from northloop.statistics.thresholds import (
    Bools,
    Labelled,
    Outcomes,
    RiskSpec,
    ahead,
    at_a_price,
    blown_at,
    certify,
    favoured,
    fewest_answered,
)


def labelled(score: Floats, wrong: Bools) -> Labelled:
    return Labelled(score, wrong, 1 - score)


def test_a_mistake_among_the_surest_does_not_end_the_search() -> None:
    score = np.linspace(0, 1, 400)
    wrong = np.zeros(400, bool)
    wrong[-3] = True
    found = certify(labelled(score, wrong), RiskSpec())
    assert found is not None
    assert found.coverage == 1.0
    few = certify(labelled(score[:150], wrong[-150:]), RiskSpec())
    assert few is None, "with few decisions it begins where there is room for none"


def test_it_begins_where_it_is_likeliest_to_be_certified() -> None:
    """Three of the surest hundred are wrong: who begins there stops there."""
    score = np.linspace(0, 1, 400)
    wrong = np.zeros(400, bool)
    wrong[[310, 350, 390]] = True
    wrong[:120] = True
    risk = np.where(score < 0.3, 0.9, 0.01)
    found = certify(Labelled(score, wrong, risk), RiskSpec())
    assert found is not None and found.coverage > 0.65
    flat = certify(Labelled(score, wrong, np.full(400, 0.3)), RiskSpec())
    assert flat is None or flat.coverage <= found.coverage, "where nothing is foreseen"


def test_what_is_tolerated_less_takes_more_answers_to_begin_with() -> None:
    assert fewest_answered(RiskSpec()) == 45
    assert fewest_answered(RiskSpec(max_wrong=0.02)) == 114
    assert [fewest_answered(RiskSpec(), errors) for errors in (1, 2)] == [77, 105]


@pytest.mark.parametrize(("n", "certified"), [(44, False), (45, True)])
def test_without_a_mistake_45_answers_are_enough(n: int, certified: bool) -> None:
    score = np.linspace(0, 1, n)
    found = certify(labelled(score, np.zeros(n, bool)), RiskSpec())
    assert (found is not None) is certified


def test_of_nothing_nothing_is_certified() -> None:
    assert certify(labelled(np.array([]), np.array([], bool)), RiskSpec()) is None


def test_nothing_is_certified_where_the_score_knows_nothing() -> None:
    rng = np.random.default_rng(2)
    score = rng.random(800)
    assert certify(labelled(score, rng.random(800) < 0.3), RiskSpec()) is None


def test_a_good_score_is_certified_down_to_where_errors_begin() -> None:
    score = np.linspace(0, 1, 1_000)
    found = certify(labelled(score, score < 0.4), RiskSpec())
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
        ("wwww" + 36 * "r", 0.035),  # wrong ones at the bottom cost nothing
        ("wrww" + 36 * "r", 0.035),  # one right answer buys three wrong ones
        ("wrwwrwww" + 32 * "r", 0.035),  # two of forty may be more than 10 of 100
        ("rww" + 37 * "r", 0.025),
        ("rw" + 38 * "r", -np.inf),  # one for one is no gain
        ("?ww" + 37 * "r", 0.025),  # what nobody knows has its price
        ("??www" + 35 * "r", -np.inf),
        (40 * "r", -np.inf),
        (40 * "w", np.inf),
        (39 * "w" + "r", 0.385),
    ],
)
def test_wrong_answers_are_held_back_at_the_price_of_few_right_ones(
    said: str, threshold: float
) -> None:
    assert at_a_price(outcomes(said), len(said)) == pytest.approx(threshold)


def test_a_price_is_promised_from_22_questions_on() -> None:
    assert at_a_price(outcomes(21 * "w"), 21) == -np.inf
    assert at_a_price(outcomes(22 * "w"), 22) == np.inf
    # Questions that got no answer were asked too.
    assert at_a_price(outcomes("ww"), 40) == np.inf
    assert at_a_price(outcomes(""), 40) == -np.inf


def test_equal_scores_stay_together() -> None:
    score = np.full(40, 0.5)
    right = np.arange(40) < 25
    assert at_a_price(Outcomes(score, right, ~right), 40) == -np.inf


@pytest.mark.parametrize("asked", [12, 22, 40, 200])
@pytest.mark.parametrize("difficulty", [-2.0, -0.5, 1.0])
def test_the_price_is_kept_on_further_questions(asked: int, difficulty: float) -> None:
    found = threshold_price(asked, difficulty, runs=400)
    assert found.broken <= 0.10
    spared = found.wrong_unheld - found.wrong
    assert spared >= found.lost, "more wrong answers are held back than right ones"
    if asked >= 40:
        assert found.wrong < 0.9 * found.wrong_unheld


def test_what_more_decisions_buy_is_what_they_certify_if_they_come_out_alike() -> None:
    rng = np.random.default_rng(11)
    score = rng.random(200)
    wrong = rng.random(200) < np.where(score > 0.5, 0.025, 0.4)
    assert certify(labelled(score, wrong), RiskSpec()) is None
    further = ahead(labelled(score, wrong), RiskSpec())
    assert further is not None and 200 < further.decisions <= 1_600
    assert 0.3 < further.coverage < 0.7
    then = rng.random(further.decisions)
    more = rng.random(further.decisions) < np.where(then > 0.5, 0.015, 0.4)
    assert certify(labelled(then, more), RiskSpec()) is not None


def test_where_the_surest_are_no_better_nothing_is_foreseen() -> None:
    rng = np.random.default_rng(12)
    score, wrong = rng.random(300), rng.random(300) < 0.2
    assert ahead(labelled(score, wrong), RiskSpec()) is None
    assert ahead(labelled(score[:0], wrong[:0]), RiskSpec()) is None
    all_right = np.zeros(300, bool)
    assert ahead(labelled(score, all_right), RiskSpec()) is None, "all is certified already"


def test_the_fuse_blows_seldom_where_the_promise_holds() -> None:
    rng = np.random.default_rng(5)
    blown = [blown_at(rng.random(500) < 0.05, 0.05) for _ in range(400)]
    assert np.mean([place is not None for place in blown]) <= 0.3  # at most 500 in 1,000


def test_the_fuse_blows_soon_after_a_shift() -> None:
    rng = np.random.default_rng(6)
    delays = []
    for _ in range(200):
        wrong = np.concatenate([rng.random(300) < 0.02, rng.random(200) < 0.4])
        place = blown_at(wrong, 0.05)
        assert place is not None
        delays.append(place - 300)
    assert np.median(delays) <= 25


def decisions(share: float, count: int, seed: int) -> np.ndarray:
    return np.random.default_rng(seed).random(count) < share


@pytest.mark.parametrize("at_first", [True, False])
def test_a_majority_against_what_holds_is_found_soon_and_only_then(at_first: bool) -> None:
    against = np.full(12, not at_first)
    assert favoured(against[:11], at_first) is None
    assert favoured(against, at_first) is not at_first
    assert favoured(~against, at_first) is None, "what holds is not shown, it holds"
    back = np.concatenate([against, ~against])
    assert favoured(back, at_first) is at_first


def test_how_soon_and_how_often_in_vain() -> None:
    """As docs/statistics.md says it; the full size is in benchmarks/decision_statistics.py."""
    soon = [favoured(decisions(0.3, 100, seed), True) is False for seed in range(100)]
    assert np.mean(soon) > 0.8  # 70 % wrong, told within a hundred decisions
    vain = [favoured(decisions(0.6, 300, seed), True) is not None for seed in range(100)]
    assert np.mean(vain) < 0.15  # 60 % right: held back once in three hundred decisions
