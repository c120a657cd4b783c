from __future__ import annotations

import numpy as np
import pytest

from northloop.statistics.bootstrap import Resampling, mean_statistic
from northloop.statistics.paired import holm, mcnemar, paired_difference
from northloop.testing.simulations import paired_rejections


def test_a_planted_difference_is_found_and_bracketed() -> None:
    rng = np.random.default_rng(1)
    hard = rng.normal(0, 5, 300)
    first, second = hard + 1 + rng.normal(0, 1, 300), hard + rng.normal(0, 1, 300)
    found = paired_difference(
        mean_statistic(first), mean_statistic(second), np.arange(300), Resampling()
    )
    assert found.value == pytest.approx(np.mean(first - second))
    assert found.lower(0.025) < 1 < found.upper(0.025)
    assert found.upper(0.025) - found.lower(0.025) < 0.5  # what is hard for both cancels out
    assert found.p_value() < 0.01


def test_identical_systems_do_not_differ() -> None:
    values = mean_statistic(np.random.default_rng(2).random(50))
    found = paired_difference(values, values, np.arange(50), Resampling(draws=500))
    assert (found.value, found.lower(0.05), found.upper(0.05)) == (0.0, 0.0, 0.0)
    assert found.p_value() == 1.0


def test_a_against_a_is_rejected_in_three_to_seven_per_cent() -> None:
    assert 0.03 <= paired_rejections(items=300, gain=0.0, runs=400) <= 0.07


def test_three_points_are_found_in_a_thousand_items() -> None:
    assert paired_rejections(items=1_000, gain=0.03, runs=100) >= 0.80


def test_mcnemar_is_the_binomial_test() -> None:
    # Two-sided exact binomial test of 1 in 9: 2 (1 + 9) / 512.
    assert mcnemar(1, 8) == pytest.approx(20 / 512)
    assert mcnemar(8, 1) == mcnemar(1, 8)
    assert mcnemar(4, 4) == 1.0
    assert mcnemar(0, 0) == 1.0


def test_holm_is_the_textbook_example() -> None:
    assert holm([0.01, 0.04, 0.03, 0.005]) == pytest.approx([0.03, 0.06, 0.06, 0.02])
    assert holm([0.5, 0.9]) == [1.0, 1.0]
    assert holm([]) == []


def test_rounding_is_no_difference() -> None:
    """The same values added up in another order are the same values."""
    values = np.random.default_rng(3).random(200) * 1e3
    nudged = values * (1 + 1e-15)
    found = paired_difference(
        mean_statistic(nudged), mean_statistic(values), np.arange(200), Resampling(draws=500)
    )
    assert (found.lower(0.05), found.upper(0.05), found.p_value()) == (0.0, 0.0, 1.0)
