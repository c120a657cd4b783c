from __future__ import annotations

import numpy as np

from northloop.statistics.logit import logit


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
