"""Weights that put what is right first in each of several lists."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import scipy

from northloop.statistics.logit import DIGITS, Array


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
    found = scipy.optimize.minimize(loss, first, jac=True, method="L-BFGS-B", bounds=bounds).x
    return np.array([round(float(x), DIGITS) for x in found])
