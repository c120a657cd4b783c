from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from worlds.simulations import canary_rulings

from northloop.statistics.powered import Sample
from northloop.statistics.sequential import (
    CanarySpec,
    Observations,
    reviewed,
    uneven,
    watch,
)
from statistics_oracle import stand_ins

EVEN = CanarySpec(share=0.5, margin=0.03)
BAR = -np.log(EVEN.alpha)


def planted(good: NDArray[np.bool_]) -> Observations:
    return Observations(value=good.astype(float))


def test_promotion_at_the_margin_is_rare_however_often_one_looks() -> None:
    assert canary_rulings(EVEN, effect=-0.03, units=6_000, runs=300).promoted <= 0.05


def test_a_against_a_is_rarely_rolled_back() -> None:
    assert canary_rulings(EVEN, effect=0.0, units=6_000, runs=300).rolled_back <= 0.05


def test_harm_is_rolled_back_soon() -> None:
    found = canary_rulings(EVEN, effect=-0.10, units=6_000, runs=100)
    assert found.rolled_back > 0.98
    assert found.median_units < 1_500


def test_an_improvement_is_promoted() -> None:
    assert canary_rulings(EVEN, effect=0.05, units=6_000, runs=100).promoted > 0.95


def test_a_small_canary_is_as_safe() -> None:
    spec = CanarySpec(share=0.1, margin=0.03)
    at_margin = canary_rulings(spec, effect=-0.03, units=6_000, runs=300)
    assert at_margin.promoted <= 0.05 + 0.025  # 2 standard errors
    assert canary_rulings(spec, effect=-0.15, units=6_000, runs=100).rolled_back > 0.9


def test_evidence_comes_soon_or_not_at_all() -> None:
    rng = np.random.default_rng(2)
    treated = rng.random(3_000) < 0.5
    worse = watch(planted(rng.random(3_000) < 0.9 - 0.4 * treated), treated, EVEN)
    better = watch(planted(rng.random(3_000) < 0.5 + 0.4 * treated), treated, EVEN)
    short = watch(planted(np.ones(5, bool)), treated[:5], EVEN)
    assert worse.roll_back.max() >= BAR > worse.promote.max()
    assert better.promote[:500].max() >= BAR > better.roll_back.max()
    assert max(short.promote.max(), short.roll_back.max()) < BAR


def test_stand_ins_of_few_reviews_keep_the_error() -> None:
    """A tenth is reviewed; the judge flatters the candidate; promotion at the margin stays rare."""
    rng = np.random.default_rng(3)
    spec = CanarySpec(share=0.5, margin=0.05)
    promoted = 0
    for _ in range(100):
        n = 4_000
        treated = rng.random(n) < 0.5
        quality = (rng.random(n) < 0.8 - 0.05 * treated).astype(float)
        sample = Sample(
            judge=np.clip(0.7 + 0.25 * treated + 0.05 * rng.normal(size=n), 0, 1),
            reviewed=rng.random(n) < 0.1,
            probability=np.full(n, 0.1),
            quality=quality,
            cluster=np.arange(n),
            question=np.arange(n),
            group=np.zeros(n, dtype=np.intp),
        )
        psi = stand_ins(sample, 0)
        seen = Observations(value=psi, low=1 - 1 / 0.1, high=1 / 0.1)
        assert seen.low <= psi.min() < psi.max() <= seen.high
        promoted += watch(seen, treated, spec).promote.max() >= BAR
    assert promoted <= 5


def test_what_reviews_stand_for_is_unbiased_and_within_its_reach() -> None:
    rng = np.random.default_rng(4)
    n, least = 200_000, 0.05
    sent = (rng.random(n) < 0.8).astype(float)
    right = rng.random(n) < 0.7
    probability = rng.uniform(least, 0.2, n)
    drawn = (rng.random(n) < probability) & (sent > 0)
    weight = drawn / probability
    for seen, truth in zip(
        reviewed(sent, weight, weight * right, least), (0.8 * 0.7, 1 - 0.8 * 0.3), strict=True
    ):
        error = seen.value.std() / np.sqrt(n)
        assert abs(seen.value.mean() - truth) < 4 * error
        assert (seen.value >= seen.low - 1e-9).all()
        assert (seen.value <= seen.high + 1e-9).all()


def test_what_is_not_known_is_no_evidence() -> None:
    rng = np.random.default_rng(5)
    treated = rng.random(500) < 0.5
    value = np.where(rng.random(500) < 0.5, np.nan, (rng.random(500) < 0.6).astype(float))
    nothing = watch(Observations(value=np.full(500, np.nan)), treated, EVEN)
    assert not nothing.promote.any()
    assert not nothing.roll_back.any()
    some = watch(Observations(value=value), treated, EVEN)
    unknown = np.isnan(value)[1:]
    assert not np.diff(some.promote)[unknown].any()
    assert not np.diff(some.roll_back)[unknown].any()


def test_lost_units_of_one_arm_are_noticed_and_chance_is_not() -> None:
    rng = np.random.default_rng(6)
    even = rng.random((2_000, 2_000)) < 0.2
    assert np.mean(uneven(even, 0.2).max(axis=1) >= np.log(100)) <= 0.01 + 0.0045
    lost = rng.random((200, 2_000)) < 0.13
    assert np.mean(uneven(lost, 0.2).max(axis=1) >= np.log(1_000)) > 0.95
