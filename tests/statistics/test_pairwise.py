"""Differences one by one: false findings however often one looks, and what proof takes."""

from __future__ import annotations

from math import inf, log

import numpy as np
import pytest

from northloop.statistics.bootstrap import Floats
from northloop.statistics.pairwise import hopeful, limits, needed, standing
from northloop.statistics.sequential import log_wealth

ALPHA = 0.05


def drawn(gained: float, lost: float, size: tuple[int, ...], seed: int = 1) -> Floats:
    found: Floats = np.random.default_rng(seed).choice(
        [1.0, -1.0, 0.0], p=[gained, lost, 1 - gained - lost], size=size
    )
    return found


@pytest.mark.parametrize(("gained", "lost", "margin"), [(0.1, 0.1, 0.0), (0.1, 0.15, 0.05)])
def test_at_the_bar_it_is_proven_at_some_look_in_at_most_alpha_of_the_runs(
    gained: float, lost: float, margin: float
) -> None:
    wealth = log_wealth(drawn(gained, lost, (1_000, 600)) + margin, 1 + margin)
    assert (wealth.max(axis=1) >= -log(ALPHA)).mean() <= ALPHA


def test_where_the_truth_is_the_bar_it_fails_as_rarely() -> None:
    wealth = log_wealth(-drawn(0.1, 0.1, (1_000, 600)), 1.0)
    assert (wealth.max(axis=1) >= -log(ALPHA)).mean() <= ALPHA


def test_the_evidence_is_that_of_all_differences_so_far() -> None:
    better = drawn(0.5, 0.1, (100,))
    found = standing(better, 0.0)
    assert found.proven == pytest.approx(log_wealth(better, 1.0)[-1])
    assert found.proven > -log(ALPHA) > 0 > found.failed
    worse = standing(-better, 0.0)
    assert (worse.proven, worse.failed) == (found.failed, found.proven)
    nothing = standing(np.array([]), 0.0)
    assert (nothing.proven, nothing.failed) == (0.0, 0.0)


def test_alike_answers_move_nothing_where_a_difference_has_to_be_proven() -> None:
    some = drawn(0.3, 0.1, (50,))
    before = standing(some, 0.0).proven
    # What follows on them changes no wealth; only bets are learnt from them.
    after = standing(np.concatenate([some, np.zeros(200)]), 0.0).proven
    assert after == pytest.approx(before)


def test_limits_hold_the_mean() -> None:
    held = [limits(row, ALPHA) for row in drawn(0.3, 0.2, (200, 150), seed=2)]
    assert np.mean([low <= 0.1 <= high for low, high in held]) >= 1 - 2 * ALPHA
    assert all(low < high for low, high in held)
    assert limits(np.array([]), ALPHA) == (-1.0, 1.0)


def test_what_is_proven_shows_in_the_limits() -> None:
    """Who reads "proven better" finds no limit below zero beside it, and the other way round."""
    proven = 0
    for row in drawn(0.3, 0.12, (300, 80), seed=4):
        for margin in (0.0, 0.05):
            is_proven = standing(row, margin).proven >= -log(ALPHA)
            low, _ = limits(row, ALPHA)
            assert (low >= -margin - 1e-9) <= is_proven
            if margin == 0.0:
                assert (low >= 0.0) == is_proven
                proven += is_proven
    assert 30 < proven < 270


@pytest.mark.parametrize(
    ("gained", "lost", "margin"),
    [(0.175, 0.075, 0.0), (0.30, 0.10, 0.0), (0.05, 0.0, 0.0), (0.15, 0.10, 0.05)],
)
def test_what_is_needed_is_what_it_takes(gained: float, lost: float, margin: float) -> None:
    # As many of each kind as the shares say, so that only the runs differ.
    like = np.repeat(
        [1.0, -1.0, 0.0], np.round(1_000 * np.array([gained, lost, 1 - gained - lost])).astype(int)
    )
    wealth = log_wealth(drawn(gained, lost, (400, 1_500)) + margin, 1 + margin)
    took = np.median(np.argmax(wealth >= -log(ALPHA), axis=1) + 1)
    assert took == pytest.approx(needed(like, margin, ALPHA), rel=0.25)


def test_what_is_no_better_is_never_proven() -> None:
    assert needed(drawn(0.1, 0.2, (300,)), 0.0, ALPHA) == inf
    assert needed(np.array([]), 0.05, ALPHA) == inf


def test_hope_is_what_may_well_be_true() -> None:
    found = drawn(0.1, 0.1, (400,))
    assert 0.02 < hopeful(found).mean() - found.mean() < 0.06
    assert hopeful(found[:1]).tolist() == found[:1].tolist()
