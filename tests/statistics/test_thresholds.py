from __future__ import annotations

import numpy as np
import pytest

from northloop.statistics.thresholds import RiskSpec, candidate_thresholds, certify
from northloop.testing.simulations import threshold_violations


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
