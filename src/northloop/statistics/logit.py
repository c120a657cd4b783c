"""A small logistic model: the probability of an event from a few signs."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
DIGITS = 6
"""Coefficients are kept to so many digits: the same on machines that add up in another order."""
RIDGE = 1.0
"""By so much weights are held back."""
_STEPS = 50


class Logit(msgspec.Struct, frozen=True):
    """The probability of an event from a few signs."""

    middle: tuple[float, ...]
    scale: tuple[float, ...]
    weights: tuple[float, ...]
    """Of the signs less `middle`, by `scale`."""
    start: float

    def __call__(self, signs: Sequence[float]) -> float:
        """Return the probability, 0 to 1."""
        return float(self.all(np.array([signs], np.float64))[0])

    def odds(self, signs: Sequence[float]) -> float:
        """Return the log-odds of one row; quicker than a call, and in the same order."""
        found = self.start
        for value, middle, scale, weight in zip(
            signs, self.middle, self.scale, self.weights, strict=True
        ):
            found += weight * min(4.0, max(-4.0, (value - middle) / scale))
        return found

    def all(self, signs: Array) -> Array:
        """Return the probabilities of rows of signs."""
        # Beyond what was seen while fitting, a sign says no more than at the rim.
        units = np.clip((signs - np.array(self.middle)) / np.array(self.scale), -4, 4)
        odds = units @ np.array(self.weights) + self.start
        chances: Array = 1 / (1 + np.exp(-np.clip(odds, -30, 30)))
        return chances


def logit(signs: Array, happened: NDArray[np.bool_]) -> Logit:
    """Return the model of rows of signs, fitted by Newton's steps; weights are held back.

    Without both kinds of rows it says how often it happened, drawn towards one half.
    """
    width = signs.shape[1]
    share = (happened.sum() + 1) / (len(happened) + 2)
    flat = Logit(
        (0.0,) * width, (1.0,) * width, (0.0,) * width,
        round(float(np.log(share / (1 - share))), DIGITS),
    )  # fmt: skip
    if len(happened) < 2 * width or happened.all() or not happened.any():
        return flat
    middle, scale = signs.mean(axis=0), signs.std(axis=0)
    scale = np.where(scale > 1e-9, scale, 1.0)
    units = np.clip((signs - middle) / scale, -4, 4)
    rows = np.hstack([units, np.ones((len(units), 1))])
    held = np.diag([RIDGE] * width + [1e-6])
    beta = np.zeros(width + 1)
    for _ in range(_STEPS):
        p = 1 / (1 + np.exp(-np.clip(rows @ beta, -30, 30)))
        slope = rows.T @ (p - happened) + held @ beta
        bend = (rows * (p * (1 - p))[:, None]).T @ rows + held
        step = np.linalg.solve(bend, slope)
        beta -= step
        if float(np.abs(step).max()) < 1e-9:
            break
    rounded = [[round(float(x), DIGITS) for x in values] for values in (middle, scale, beta)]
    return Logit(tuple(rounded[0]), tuple(rounded[1]), tuple(rounded[2][:-1]), rounded[2][-1])
