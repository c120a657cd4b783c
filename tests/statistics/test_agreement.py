from __future__ import annotations

import numpy as np
import pytest
from worlds.reviewers import kappa_coverage

from northloop.statistics.agreement import alpha, kappa, measured


def test_kappa_is_that_of_the_textbooks() -> None:
    """50 proposals by two readers: 20 yes by both, 15 no by both, 5 and 10 apart."""
    assert kappa(np.array([[20.0, 5.0], [10.0, 15.0]])) == pytest.approx(0.4)


def test_alpha_is_that_of_krippendorff() -> None:
    """His example of two observers and ten binary units (2011, A): .095."""
    assert alpha(np.array([[5.0, 3.0], [1.0, 1.0]])) == pytest.approx(0.095, abs=0.001)


def test_chance_agreement_is_none_and_full_agreement_all() -> None:
    assert kappa(np.full((3, 3), 4.0)) == pytest.approx(0.0)
    assert kappa(np.diag([4.0, 5.0, 6.0])) == alpha(np.diag([4.0, 5.0, 6.0])) == 1.0


def test_few_pairs_and_one_word_for_everything_say_nothing() -> None:
    assert measured(np.array([[5.0, 1.0], [1.0, 2.0]]), kappa) is None
    assert measured(np.array([[50.0, 0.0], [0.0, 0.0]]), kappa) is None
    assert np.isnan(alpha(np.array([[50.0, 0.0], [0.0, 0.0]])))


def test_full_agreement_so_far_is_not_agreement_for_ever() -> None:
    found = measured(np.array([[15.0, 0.0], [0.0, 5.0]]), kappa)
    assert found is not None
    assert found.low < 0.95
    assert found.value == found.high == 1.0


@pytest.mark.parametrize("pairs", [30, 150])
def test_the_interval_of_kappa_holds_the_true_one(pairs: int) -> None:
    assert kappa_coverage(0.85, pairs, 150) >= 0.88
