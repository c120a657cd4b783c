from __future__ import annotations

import numpy as np
import pytest
import scipy
from worlds.simulations import bootstrap_coverage

from northloop.statistics.bootstrap import Resampling, mean_statistic
from northloop.statistics.intervals import (
    bootstrap,
    clopper_pearson,
    quantile,
    wilson,
)


def test_wilson_is_the_published_example() -> None:
    # Newcombe 1998, Statistics in Medicine 17, table I: 81 of 263.
    found = wilson(81, 263)
    assert (found.low, found.high) == pytest.approx((0.2553, 0.3662), abs=5e-5)


@pytest.mark.parametrize(("k", "n"), [(0, 10), (10, 10), (0, 1), (1, 1)])
def test_wilson_stays_within_0_and_1(k: int, n: int) -> None:
    found = wilson(k, n)
    assert 0 <= found.low <= found.value <= found.high <= 1


def test_wilson_of_nothing_says_nothing() -> None:
    assert (wilson(0, 0).low, wilson(0, 0).high) == (0.0, 1.0)


@pytest.mark.parametrize("share", [0.5, 0.8, 0.95])
@pytest.mark.parametrize("n", [8, 25, 90])
def test_clopper_pearson_covers_at_least_95_per_cent(share: float, n: int) -> None:
    """Exactly: over all counts that can come out, each with its probability."""
    counts = np.arange(n + 1)
    held = [i.low <= share <= i.high for i in (clopper_pearson(k / n, n) for k in counts)]
    assert scipy.stats.binom.pmf(counts, n, share)[held].sum() >= 0.95


def test_clopper_pearson_is_for_numbers_that_are_not_whole_too() -> None:
    found = clopper_pearson(0.8, 12.5)
    wider, narrower = clopper_pearson(0.8, 12), clopper_pearson(0.8, 13)
    assert wider.low < found.low < narrower.low < 0.8 < narrower.high < found.high < wider.high
    assert clopper_pearson(1.0, 7.3).high == 1.0
    assert clopper_pearson(0.0, 7.3).low == 0.0


def test_bootstrap_covers_95_per_cent_of_clustered_means() -> None:
    assert 0.92 <= bootstrap_coverage(items=200, runs=300) <= 0.98


def test_bootstrap_by_item_is_too_narrow_where_items_are_alike() -> None:
    rng = np.random.default_rng(3)
    values = np.repeat(rng.random(50), 10)
    cluster = np.repeat(np.arange(50), 10)
    by_item = bootstrap(mean_statistic(values), np.arange(500), Resampling(draws=2_000))
    by_cluster = bootstrap(mean_statistic(values), cluster, Resampling(draws=2_000))
    assert by_cluster.high - by_cluster.low > 2 * (by_item.high - by_item.low)


def test_bootstrap_leaves_out_resamples_without_a_value() -> None:
    statistic = mean_statistic(np.array([1.0, 0.0, 0.0]), np.array([1.0, 0.0, 0.0]))
    found = bootstrap(statistic, np.arange(3), Resampling(draws=500))
    assert (found.low, found.value, found.high) == (1.0, 1.0, 1.0)


def test_quantile_interval_covers() -> None:
    rng = np.random.default_rng(4)
    held = 0
    for _ in range(400):
        found = quantile(rng.exponential(1.0, 150), 0.95)
        held += found.low <= -np.log(0.05) <= found.high
    assert held / 400 >= 0.93


def test_quantile_of_one_value_is_that_value() -> None:
    found = quantile(np.array([7.0]), 0.95)
    assert (found.low, found.value, found.high) == (7.0, 7.0, 7.0)
