from __future__ import annotations

import numpy as np
import pytest
from worlds.simulations import paired_rejections

from northloop.statistics.bootstrap import Resampling, mean_statistic
from northloop.statistics.paired import paired_difference


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
