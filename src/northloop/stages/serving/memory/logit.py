"""Small logistic models: of one event, and of which of several."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

Array = NDArray[np.float64]
DIGITS = 6
"""Coefficients are kept to so many digits: the same on machines that add up in another order."""
RIDGE = 1.0
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

    def all(self, signs: Array) -> Array:
        """Return the probabilities of rows of signs."""
        # Beyond what was seen while fitting, a sign says no more than at the rim.
        units = np.clip((signs - np.array(self.middle)) / np.array(self.scale), -4, 4)
        odds = units @ np.array(self.weights) + self.start
        chances: Array = 1 / (1 + np.exp(-np.clip(odds, -30, 30)))
        return chances


def logit(signs: Array, happened: NDArray[np.bool_], ridge: float = RIDGE) -> Logit:
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
    held = np.diag([ridge] * width + [1e-6])
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


def listwise(lists: Sequence[Array], right: Sequence[Array], start: Sequence[float]) -> Array:
    """Return weights that put most of a softmax over each list on what is right.

    `lists` hold rows of features, `right` for each row how right it is, 0 to 1. `start` is what
    they are drawn back to; returned as it is where no list has anything right.
    """
    first = np.array(start, np.float64)
    told = [(f, r) for f, r in zip(lists, right, strict=True) if 0 < r.sum() < len(r)]
    if not told:
        return first
    features = np.vstack([f for f, _ in told])
    rights = np.concatenate([r for _, r in told])
    starts = np.cumsum([0, *(len(r) for _, r in told)])[:-1]
    sizes = np.diff([*starts, len(rights)])

    def loss(theta: Array) -> tuple[float, Array]:
        odds = features @ theta
        top = np.repeat(np.maximum.reduceat(odds, starts), sizes)
        mass = np.exp(odds - top)
        whole = np.add.reduceat(mass, starts)
        good = np.maximum(np.add.reduceat(mass * rights, starts), 1e-12)
        share = mass / np.repeat(whole, sizes)
        share_of_right = mass * rights / np.repeat(good, sizes)
        slope = ((share - share_of_right)[:, None] * features).sum(axis=0)
        back = theta - first
        value = float((np.log(whole) - np.log(good)).sum() + 0.5 * back @ back)
        return value, slope + back

    bounds = [(0.0, None)] * 4 + [(None, None)] * (len(first) - 4)
    found = minimize(loss, first, jac=True, method="L-BFGS-B", bounds=bounds).x
    return np.array([round(float(x), DIGITS) for x in found])
