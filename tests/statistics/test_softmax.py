from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.sparse import csr_array

from northloop.statistics import softmax
from northloop.statistics.softmax import Calibration, Design


def drawn(rows: int, seed: int = 1) -> tuple[Design, NDArray[np.int64]]:
    """Rows of three labels, told apart by a dense feature and a sparse one."""
    rng = np.random.default_rng(seed)
    labels = rng.integers(0, 3, rows)
    dense = rng.normal(size=(rows, 2)).astype(np.float32)
    dense[:, 0] += labels
    sparse = np.zeros((rows, 4), np.float32)
    sparse[np.arange(rows), labels] = rng.random(rows) < 0.5
    return Design(csr_array(sparse), dense), labels


def loss(design: Design, labels: NDArray[np.int64], weights: NDArray[np.float32]) -> float:
    likely = softmax.probabilities(softmax.logits(design, weights), Calibration(1, 0))
    found = -np.log(likely[np.arange(len(labels)), labels]).sum()
    return float(found + (weights[:-1] ** 2).sum() / (2 * softmax.PENALTY_SPREAD))


def test_no_weight_can_be_moved_to_a_lower_loss() -> None:
    design, labels = drawn(120)
    weights = softmax.fitted(design, labels, 3)
    least = loss(design, labels, weights)
    for place in np.ndindex(weights.shape):
        for step in (-0.3, 0.3):
            moved = weights.copy()
            moved[place] += step
            assert loss(design, labels, moved) > least


def test_blocks_of_rows_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    design, labels = drawn(200)
    whole = softmax.fitted(design, labels, 3)
    monkeypatch.setattr(softmax, "_BLOCK_CELLS", 100)
    np.testing.assert_allclose(softmax.fitted(design, labels, 3), whole, atol=0.02)


def test_a_row_that_counts_twice_is_two_rows() -> None:
    design, labels = drawn(60)
    twice = np.concatenate([np.arange(60), np.arange(20)])
    counts = np.ones(60, np.float32)
    counts[:20] = 2
    repeated = softmax.fitted(design.rows(twice), labels[twice], 3)
    np.testing.assert_allclose(softmax.fitted(design, labels, 3, counts), repeated, atol=0.02)


def test_probabilities_add_up_whatever_the_logits() -> None:
    scores = np.array([[1e4, -1e4, 0], [0, 0, 0], [softmax.UNSEEN, 5, 5]])
    likely = softmax.probabilities(scores, Calibration(0.5, 0.1))
    np.testing.assert_allclose(likely.sum(axis=1), 1)
    assert likely.min() >= 0.1 / 3 * 0.999


def test_calibration_finds_how_much_too_sure_the_scores_are() -> None:
    rng = np.random.default_rng(3)
    true = rng.normal(size=(4000, 5)) * 2
    likely = softmax.probabilities(true, Calibration(1, 0))
    labels = np.array([rng.choice(5, p=row) for row in likely])
    found = softmax.calibrated(true * 3, labels, np.ones(4000))
    assert found.temperature == pytest.approx(3, rel=0.1)
    assert found.doubt < 0.05


def test_doubt_covers_labels_that_are_wrong_at_random() -> None:
    rng = np.random.default_rng(4)
    labels = rng.integers(0, 4, 4000)
    scores = np.eye(4)[labels] * 20
    labels = np.where(rng.random(4000) < 0.2, (labels + 1) % 4, labels)
    top = softmax.probabilities(scores, softmax.calibrated(scores, labels, np.ones(4000)))
    assert float(top.max(axis=1).mean()) == pytest.approx(0.8, abs=0.02)


def test_common_labels_are_held_back_only_as_far_as_it_costs_nothing() -> None:
    rng = np.random.default_rng(5)
    labels = (rng.random(600) < 0.1).astype(np.int64)
    common = np.array([0.9, 0.1])
    clear = np.eye(2)[labels] * 9
    unclear = np.log(common) + rng.normal(size=(600, 2)) / 3
    assert softmax.strength(clear, labels, common, np.ones(600)) == 1
    assert softmax.strength(unclear, labels, common, np.ones(600)) < 1
