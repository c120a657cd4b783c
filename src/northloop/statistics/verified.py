"""The rule of vCache (Schroeder et al., ICLR 2026, arXiv 2502.03771), from the paper's formulae.

It is here to be compared with. Each cached entry has a logistic curve of its own,
P(right | s) = σ(γ (s − t)), over the similarities at which it was tried. With probability τ the
request is answered afresh and the entry learns, else the entry is served:

    τ = min over ε of 1 − δ / (1 − (1 − ε) σ(γ (s − t'(ε)))),  t'(ε) = t + z(1−ε) sd(t)

so that P(wrong) ≤ δ of each *request*, if the curve is true: what is answered afresh counts as
right. sd(t) is by the delta method. Where right and wrong are separated no likeliest γ exists; a
wide prior on it (standard deviation 50) takes the place of the authors' table.
"""

from __future__ import annotations

from math import sqrt

import numpy as np
from scipy.special import expit, ndtri

from northloop.statistics.bootstrap import Floats

FEWEST = 4
"""With fewer observations an entry is always tried."""
_DOUBTS = np.linspace(0.01, 0.99, 50)
_BEYOND = ndtri(1 - _DOUBTS)
_SPREAD = 50.0
_STEPS, _LONGEST, _CLOSE_ENOUGH = 40, 10.0, 1e-8
_LEAST = 1e-9


class Curve:
    """What is known of one entry."""

    def __init__(self) -> None:
        self._similarity = [0.0, 1.0]
        self._right = [0.0, 1.0]
        self._fit: tuple[float, float, float] | None = None
        """t, γ and sd(t)."""

    def add(self, similarity: float, right: bool) -> None:
        """Keep one observation."""
        self._similarity.append(similarity)
        self._right.append(float(right))
        self._fit = None

    def exploring(self, similarity: float, tolerated: float) -> float:
        """Return τ, the probability with which the entry is to be tried."""
        if len(self._right) - 2 < FEWEST:
            return 1.0
        if self._fit is None:
            self._fit = fitted(np.array(self._similarity), np.array(self._right))
        middle, steep, spread = self._fit
        if steep <= 0:
            return 1.0
        right = (1 - _DOUBTS) * expit(steep * (similarity - middle - _BEYOND * spread))
        return float(np.clip(1 - tolerated / (1 - right), 0.0, 1.0).min())


def fitted(similarity: Floats, right: Floats) -> tuple[float, float, float]:
    """Return t, γ and the standard error of t; γ ≤ 0 where nearer is not righter."""
    start, steep = -1.0, 2.0
    for _ in range(_STEPS):
        miss = expit(start + steep * similarity) - right
        slope = float(miss.sum()), float(miss @ similarity) + steep / _SPREAD**2
        a, b, c = _bend(similarity, start, steep)
        step = (
            (c * slope[0] - b * slope[1]) / (a * c - b * b),
            (a * slope[1] - b * slope[0]) / (a * c - b * b),
        )
        longest = max(abs(step[0]), abs(step[1]))
        part = min(1.0, _LONGEST / max(longest, _CLOSE_ENOUGH))
        start, steep = start - part * step[0], steep - part * step[1]
        if longest < _CLOSE_ENOUGH:
            break
    if steep <= 0:
        return 0.0, steep, 0.0
    a, b, c = _bend(similarity, start, steep)
    # t = -start / steep; the inverse of the bend is the covariance of the two.
    by_start, by_steep = -1 / steep, start / steep**2
    variance = c * by_start**2 - 2 * b * by_start * by_steep + a * by_steep**2
    return -start / steep, steep, sqrt(variance / (a * c - b * b))


def _bend(similarity: Floats, start: float, steep: float) -> tuple[float, float, float]:
    """Return the second derivatives of the loss: by start twice, by both, by γ twice."""
    chance = expit(start + steep * similarity)
    weight = chance * (1 - chance)
    by_both = weight * similarity
    return (
        float(weight.sum()) + _LEAST,
        float(by_both.sum()),
        float(by_both @ similarity) + _SPREAD**-2 + _LEAST,
    )
