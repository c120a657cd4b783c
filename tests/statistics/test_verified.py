from __future__ import annotations

import numpy as np
import pytest
from scipy.special import expit

from northloop.statistics.verified import FEWEST, Curve, fitted


def test_the_curve_is_found_with_its_error() -> None:
    rng = np.random.default_rng(1)
    found = []
    for _ in range(60):
        similarity = rng.uniform(0.4, 1.0, 400)
        right = (rng.random(400) < expit(30 * (similarity - 0.7))).astype(float)
        found.append(fitted(similarity, right))
    middles, steeps, errors = np.array(found).T
    assert np.mean(middles) == pytest.approx(0.7, abs=0.005)
    assert np.mean(steeps) == pytest.approx(30, rel=0.15)
    assert np.mean(errors) == pytest.approx(np.std(middles), rel=0.3)


def test_what_is_little_known_is_tried() -> None:
    curve = Curve()
    for _ in range(FEWEST - 1):
        curve.add(0.95, True)
    assert curve.exploring(0.99, 0.02) == 1.0


def test_the_surer_the_less_it_is_tried() -> None:
    curve = Curve()
    for similarity in np.linspace(0.5, 1.0, 200).tolist():
        curve.add(similarity, similarity > 0.75)
    assert curve.exploring(0.99, 0.02) < 0.2
    assert curve.exploring(0.76, 0.02) > 0.9
    assert curve.exploring(0.99, 0.02) <= curve.exploring(0.9, 0.02) <= curve.exploring(0.8, 0.02)
    assert curve.exploring(0.8, 0.1) < curve.exploring(0.8, 0.01)


def test_nearer_and_not_righter_is_never_served() -> None:
    curve = Curve()
    for similarity in np.linspace(0.5, 1.0, 100).tolist():
        curve.add(similarity, similarity < 0.7)
    assert curve.exploring(0.99, 0.02) > 0.9
