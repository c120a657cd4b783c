from __future__ import annotations

import numpy as np
import pytest
from scipy.special import ndtr, ndtri

from northloop.statistics.bootstrap import (
    OUTERMOST,
    Resampling,
    cluster_codes,
    cluster_sums,
    mean_statistic,
    ratio,
    resample,
    resampled_sums,
)


def test_cluster_codes_number_labels_as_they_appear() -> None:
    assert cluster_codes(["b", "a", "b", "c"]).tolist() == [0, 1, 0, 2]


def test_cluster_sums_add_within_clusters() -> None:
    sums = cluster_sums(np.array([[1.0, 1.0], [2.0, 1.0], [4.0, 1.0]]), np.array([0, 1, 0]))
    assert sums.tolist() == [[5.0, 2.0], [2.0, 1.0]]


def test_the_same_seed_draws_the_same_and_another_seed_does_not() -> None:
    sums = np.random.default_rng(0).random((30, 2))
    cluster = np.arange(30)
    first, *others = (
        resampled_sums(sums, cluster, Resampling(draws=50, seed=seed)) for seed in (1, 2, 3)
    )
    for _ in ("drawn anew", "as it was drawn"):
        assert (first == resampled_sums(sums, cluster, Resampling(draws=50, seed=1))).all()
    assert all((first != other).any() for other in others)


def test_each_draw_takes_as_many_clusters_as_there_are() -> None:
    drawn = resampled_sums(np.ones((40, 1)), np.arange(40), Resampling(draws=200))
    assert (drawn == 40).all()


def test_draws_vary_as_the_mean_does() -> None:
    values = np.random.default_rng(5).normal(0, 1, 400)
    statistic = mean_statistic(values)
    draws = statistic.of(resampled_sums(statistic.sums, np.arange(400), Resampling(draws=4_000)))
    assert draws.std() == pytest.approx(values.std() / 20, rel=0.05)
    assert draws.mean() == pytest.approx(values.mean(), abs=0.005)


def test_ratio_is_nan_where_there_is_nothing_to_divide_by() -> None:
    found = ratio(np.array([[1.0, 2.0], [1.0, 0.0]]))
    assert found[0] == 0.5
    assert np.isnan(found[1])


def test_few_clusters_widen_the_interval() -> None:
    values = np.random.default_rng(6).normal(0, 1, 8)
    found = resample(mean_statistic(values), np.arange(8), Resampling())
    plain_low, plain_high = np.quantile(found.draws, [0.025, 0.975])
    assert found.upper(0.025) - found.lower(0.025) > 1.1 * (plain_high - plain_low)


def test_one_cluster_says_nothing() -> None:
    found = resample(mean_statistic(np.ones(5)), np.zeros(5, dtype=np.intp), Resampling(draws=50))
    assert (found.lower(0.05), found.value, found.upper(0.05)) == (1.0, 1.0, 1.0)
    assert found.p_value() == 1.0


def test_bounds_are_those_of_the_published_bca_formula() -> None:
    """Efron 1987, eq. 3.8, with z in place of t: many clusters."""
    values = np.random.default_rng(7).exponential(1.0, 3_000)
    found = resample(mean_statistic(values), np.arange(3_000), Resampling(draws=4_000))
    centred = values - values.mean()
    skew = (centred**3).sum() / (6 * (centred**2).sum() ** 1.5)
    z0 = ndtri(np.mean(found.draws < found.value))
    share = ndtr(z0 + (z0 + ndtri(0.05)) / (1 - skew * (z0 + ndtri(0.05))))
    assert found.acceleration == pytest.approx(skew, rel=1e-3)
    assert found.lower(0.05) == pytest.approx(np.quantile(found.draws, share), abs=1e-4)


@pytest.mark.parametrize("draws", [41, 42, 400, 10_000])
def test_what_is_read_off_the_draws_is_numpys_quantile_to_the_last_bit(draws: int) -> None:
    rng = np.random.default_rng(draws)
    for values in (rng.normal(size=60), rng.integers(0, 3, 60) / 7):
        found = resample(mean_statistic(values), np.arange(60), Resampling(draws=draws))
        least = OUTERMOST / len(found.draws)
        for share in (0.5, *rng.uniform(least, 1 - least, 50)):
            assert found._at(share) == np.quantile(found.draws, share)


def test_skewed_means_are_covered_on_both_sides() -> None:
    """One in ten fails: the plain percentile interval misses mostly on one side."""
    rng = np.random.default_rng(8)
    low, high = 0, 0
    for run in range(1_000):
        values = (rng.random(120) < 0.1).astype(float)
        found = resample(mean_statistic(values), np.arange(120), Resampling(draws=500, seed=run))
        low += found.lower(0.05) > 0.1
        high += found.upper(0.05) < 0.1
    assert 0.03 <= low / 1_000 <= 0.07
    assert 0.03 <= high / 1_000 <= 0.07


def test_p_values_and_bounds_agree() -> None:
    rng = np.random.default_rng(9)
    for _ in range(20):
        values = rng.exponential(1.0, 40) - 0.8
        found = resample(mean_statistic(values), np.arange(40), Resampling(draws=2_000))
        p = found.p_value()
        assert found.lower(p / 2) == pytest.approx(0.0, abs=0.02) or found.upper(
            p / 2
        ) == pytest.approx(0.0, abs=0.02)


def test_bounds_rarer_than_the_draws_go_on_outwards() -> None:
    values = np.random.default_rng(4).normal(size=200)
    few = resample(mean_statistic(values), np.arange(200), Resampling(draws=1_000))
    many = resample(mean_statistic(values), np.arange(200), Resampling(draws=200_000))
    bounds = [few.lower(alpha) for alpha in (0.05, 0.01, 1e-3, 1e-4, 1e-6, 1e-30)]
    assert bounds == sorted(bounds, reverse=True)
    assert len(set(bounds)) == len(bounds)
    for alpha in (1e-3, 1e-4):
        assert few.lower(alpha) == pytest.approx(many.lower(alpha), abs=0.03)
        assert few.upper(alpha) == pytest.approx(many.upper(alpha), abs=0.03)
