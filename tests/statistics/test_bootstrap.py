from __future__ import annotations

import numpy as np
import pytest

from northloop.statistics.bootstrap import (
    Resampling,
    cluster_codes,
    cluster_sums,
    mean_statistic,
    ratio,
    resampled_sums,
    tail_alpha,
    tail_share,
)


def test_cluster_codes_number_labels_as_they_appear() -> None:
    assert cluster_codes(["b", "a", "b", "c"]).tolist() == [0, 1, 0, 2]


def test_cluster_sums_add_within_clusters() -> None:
    sums = cluster_sums(np.array([[1.0, 1.0], [2.0, 1.0], [4.0, 1.0]]), np.array([0, 1, 0]))
    assert sums.tolist() == [[5.0, 2.0], [2.0, 1.0]]


def test_the_same_seed_draws_the_same_and_another_seed_does_not() -> None:
    sums = np.random.default_rng(0).random((30, 2))
    cluster = np.arange(30)
    first = resampled_sums(sums, cluster, Resampling(draws=50, seed=1))
    assert (first == resampled_sums(sums, cluster, Resampling(draws=50, seed=1))).all()
    assert (first != resampled_sums(sums, cluster, Resampling(draws=50, seed=2))).any()


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


def test_few_clusters_cut_less_off() -> None:
    shares = [tail_share(0.05, clusters) for clusters in (1, 5, 20, 1_000)]
    assert shares == sorted(shares)
    assert shares[0] == 0.0
    assert shares[-1] == pytest.approx(0.05, abs=5e-4)
    assert tail_alpha(tail_share(0.05, 12), 12) == pytest.approx(0.05)
    assert tail_alpha(0.0, 1) == 1.0
