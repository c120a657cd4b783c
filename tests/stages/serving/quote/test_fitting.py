from __future__ import annotations

import numpy as np

from northloop.stages.serving.quote.fitting import fit_chance, fit_choice


def test_a_choice_finds_the_weights_that_options_were_chosen_by() -> None:
    rng = np.random.default_rng(2)
    truth = np.array([2.0, -1.0, 0.0])
    options = rng.normal(size=(2_000, 5, 3))
    noise = rng.gumbel(size=(2_000, 5))
    wanted = np.eye(5)[(options @ truth + noise).argmax(axis=1)]
    found = fit_choice(options, wanted, np.ones(2_000), np.zeros(3), 1e-6)
    np.testing.assert_allclose(found, truth, atol=0.2)


def test_an_option_that_is_none_is_never_chosen() -> None:
    options = np.array([[[1.0], [-np.inf]], [[1.0], [2.0]]])
    wanted = np.array([[1.0, 0.0], [0.0, 1.0]])
    assert fit_choice(options, wanted, np.ones(2), np.zeros(1), 1e-2)[0] > 0


def test_a_chance_finds_the_weights_that_it_was_drawn_with() -> None:
    rng = np.random.default_rng(3)
    rows = np.hstack([rng.normal(size=(4_000, 2)), np.ones((4_000, 1))])
    truth = np.array([1.5, 0.0, -1.0])
    right = (rng.random(4_000) < 1 / (1 + np.exp(-rows @ truth))).astype(float)
    found = fit_chance(rows, right, np.ones(4_000), np.zeros(3), 1e-6)
    np.testing.assert_allclose(found, truth, atol=0.15)


def test_few_rows_leave_the_weights_near_what_was_thought_before() -> None:
    before = np.array([1.0, -2.0])
    found = fit_chance(np.array([[1.0, 0.0]]), np.array([1.0]), np.ones(1), before, 10.0)
    np.testing.assert_allclose(found, before, atol=0.1)
