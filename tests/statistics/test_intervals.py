from __future__ import annotations

import numpy as np
import pytest

from northloop.statistics.bootstrap import Resampling, mean_statistic
from northloop.statistics.intervals import (
    _bets,
    betting,
    bootstrap,
    bootstrap_mean,
    quantile,
    wilson,
)
from northloop.testing.simulations import betting_coverage, bootstrap_coverage


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


def test_betting_of_nothing_says_nothing() -> None:
    found = betting(np.array([]))
    assert (found.low, found.high) == (0.0, 1.0)


def test_betting_holds_its_value_and_narrows_with_n() -> None:
    rng = np.random.default_rng(1)
    widths = []
    for n in (10, 40, 160):
        found = betting((rng.random(n) < 0.8).astype(float))
        assert 0 <= found.low <= found.value <= found.high <= 1
        widths.append(found.high - found.low)
    assert widths == sorted(widths, reverse=True)
    assert widths[-1] < 0.2


def test_betting_narrows_where_values_hardly_vary() -> None:
    rng = np.random.default_rng(1)
    calm = betting(0.5 + 0.02 * rng.random(50))
    wild = betting(rng.integers(0, 2, 50).astype(float))
    assert calm.high - calm.low < 0.5 * (wild.high - wild.low)


def test_betting_with_weights_undoes_selection() -> None:
    """Bad answers are reviewed four times as often; the weights must tell."""
    rng = np.random.default_rng(2)
    quality = (rng.random(4_000) < 0.8).astype(float)
    probability = np.where(quality > 0, 0.02, 0.08)
    seen = rng.random(4_000) < probability
    weights = (1 / probability) / (1 / 0.02)
    plain = betting(quality[seen])
    weighted = betting(quality[seen], weights=weights[seen])
    assert plain.high < 0.8
    assert weighted.low < 0.8 < weighted.high


@pytest.mark.parametrize("share", [0.5, 0.8, 0.95])
@pytest.mark.parametrize("n", [10, 40, 90])
def test_betting_covers_at_least_95_per_cent(share: float, n: int) -> None:
    assert betting_coverage(share, n, runs=200) >= 0.95 - 2 * 0.0154  # two standard errors


def test_bootstrap_covers_95_per_cent_of_clustered_means() -> None:
    assert 0.92 <= bootstrap_coverage(items=200, runs=300) <= 0.98


def test_bootstrap_by_item_is_too_narrow_where_items_are_alike() -> None:
    rng = np.random.default_rng(3)
    values = np.repeat(rng.random(50), 10)
    cluster = np.repeat(np.arange(50), 10)
    by_item = bootstrap_mean(values, np.arange(500), Resampling(draws=2_000))
    by_cluster = bootstrap_mean(values, cluster, Resampling(draws=2_000))
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


def test_the_ends_of_the_betting_interval_are_those_that_trying_every_candidate_finds() -> None:
    """The capital at every candidate mean, as the paper has it; the product halves the grid."""
    rng = np.random.default_rng(11)
    for case in range(60):
        n = int(rng.integers(1, 60))
        values = (rng.random(n) < rng.random()).astype(float) if case % 2 else rng.random(n)
        weights = rng.uniform(0.1, 1.0, n) if case % 3 else np.ones(n)
        alpha = float(rng.choice([0.05, 0.2]))
        grid = np.linspace(0.0, 1.0, 2_001)
        bets = _bets(values, weights, alpha)[:, None]
        with np.errstate(divide="ignore"):
            more, less = np.minimum(bets, 0.75 / grid), np.minimum(bets, 0.75 / (1 - grid))
        excess = weights[:, None] * (values[:, None] - grid)
        up = np.cumsum(np.log1p(more * excess), axis=0).max(axis=0)
        down = np.cumsum(np.log1p(-less * excess), axis=0).max(axis=0)
        kept = np.flatnonzero(np.maximum(up, down) < np.log(2 / alpha))
        found = betting(values, alpha, weights)
        assert found.low == pytest.approx(grid[max(kept[0] - 1, 0)])
        assert found.high == pytest.approx(grid[min(kept[-1] + 1, 2_000)])


def test_the_betting_interval_of_many_values_takes_little_memory_and_time() -> None:
    found = betting(np.ones(100_000))
    assert found.value == 1.0
    assert found.low > 0.99
