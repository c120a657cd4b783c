"""The intervals cover what they promise where the textbook ones do not."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
import scipy

from northloop.stages.objective.intervals import Observations, mean_interval, share_interval
from northloop.statistics.intervals import Interval, wilson


def observations(values: np.ndarray, clusters: np.ndarray | None = None) -> Observations:
    keys = np.arange(len(values)) if clusters is None else clusters
    return Observations(keys, values)


def coverage(
    truth: float, draw: Callable[[], Observations], estimate: Callable[..., Interval]
) -> float:
    intervals = [estimate(draw()) for _ in range(500)]
    return float(np.mean([i.low <= truth <= i.high for i in intervals]))


def test_the_mean_of_a_heavy_tail_is_covered_where_the_t_interval_is_not() -> None:
    rng = np.random.default_rng(1)

    def t_interval(sample: Observations) -> Interval:
        values = sample.values
        low, high = scipy.stats.t.interval(
            0.95, len(values) - 1, float(np.mean(values)), scipy.stats.sem(values)
        )
        return Interval(value=0.0, low=low, high=high)

    def draw() -> Observations:
        return observations(rng.lognormal(0.0, 1.0, 50))

    truth = float(np.exp(0.5))
    assert coverage(truth, draw, mean_interval) > 0.92
    assert coverage(truth, draw, t_interval) < 0.90


def test_clusters_widen_the_mean_interval_enough() -> None:
    rng = np.random.default_rng(2)

    def draw() -> Observations:
        customers = rng.normal(0.0, 1.0, 40)
        values = np.repeat(customers, 5) + rng.normal(0.0, 0.3, 200)
        return observations(values, np.repeat(np.arange(40), 5))

    assert 0.92 < coverage(0.0, draw, mean_interval) < 0.98


def test_a_mean_without_skew_has_the_t_interval() -> None:
    values = np.array([-3.0, -1.0, 0.0, 1.0, 3.0] * 8)
    interval = mean_interval(observations(values))
    low, high = scipy.stats.t.interval(0.95, 39, 0.0, scipy.stats.sem(values))
    assert (interval.low, interval.high) == pytest.approx((low, high))


def test_the_interval_of_a_right_tail_reaches_further_up() -> None:
    interval = mean_interval(observations(np.random.default_rng(3).lognormal(0, 1.2, 80)))
    assert interval.high - interval.value > interval.value - interval.low > 0


def test_equal_values_have_no_spread() -> None:
    assert mean_interval(observations(np.full(30, 4.0))) == Interval(value=4.0, low=4.0, high=4.0)


def test_a_share_of_single_tickets_has_wilsons_interval() -> None:
    interval = share_interval(observations(np.repeat([1.0, 0.0], [40, 10])))
    expected = wilson(40, 50)
    assert interval.value == expected.value
    assert interval.low == pytest.approx(expected.low, abs=0.003)
    assert interval.high == pytest.approx(expected.high, abs=0.003)


def test_a_share_of_ones_keeps_its_doubt() -> None:
    interval = share_interval(observations(np.ones(50)))
    assert interval.high == 1.0
    assert interval.low == pytest.approx(wilson(50, 50).low)


def test_clusters_widen_the_share_interval_enough() -> None:
    rng = np.random.default_rng(4)

    def draw() -> Observations:
        customers = rng.random(60) < 0.7
        return observations(np.repeat(customers.astype(float), 4), np.repeat(np.arange(60), 4))

    def naive(sample: Observations) -> Interval:
        return wilson(round(sample.values.sum()), len(sample.values))

    assert coverage(0.7, draw, share_interval) > 0.92
    assert coverage(0.7, draw, naive) < 0.8
