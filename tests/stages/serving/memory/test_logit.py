from __future__ import annotations

import numpy as np

from northloop.stages.serving.memory.logit import listwise, logit


def test_probabilities_hold() -> None:
    rng = np.random.default_rng(3)
    signs = rng.standard_normal((4_000, 3))
    chance = 1 / (1 + np.exp(-(1.5 * signs[:, 0] - signs[:, 1] + 0.5)))
    model = logit(signs, rng.random(4_000) < chance)
    assert np.abs(model.all(signs) - chance).mean() < 0.03
    assert model(signs[0].tolist()) == model.all(signs[:1])[0]


def test_one_kind_of_rows_says_how_often() -> None:
    model = logit(np.ones((50, 2)), np.ones(50, bool))
    assert 0.95 < model((1.0, 1.0)) < 1
    assert logit(np.zeros((0, 2)), np.zeros(0, bool))((5.0, 5.0)) == 0.5


def test_weights_go_to_what_tells() -> None:
    rng = np.random.default_rng(4)
    lists, right = [], []
    for _ in range(200):
        rows = rng.random((8, 5))
        lists.append(rows)
        right.append((rows[:, 1] == rows[:, 1].max()).astype(float))
    found = listwise(lists, right, (0.0,) * 5)
    assert found[1] > 5 * np.abs(found[[0, 2, 3, 4]]).max()


def test_lists_without_anything_right_teach_nothing() -> None:
    start = (1.0, 2.0)
    assert listwise([np.ones((3, 2))], [np.zeros(3)], start).tolist() == [1.0, 2.0]
    assert listwise([], [], start).tolist() == [1.0, 2.0]
