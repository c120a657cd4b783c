"""Regressions on sparse and dense features, by L-BFGS; the same rows give the same weights."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import scipy
from numpy.typing import NDArray
from scipy.special import expit, logsumexp

Floats = NDArray[np.float64]
_STEPS = 200
ENOUGH = 2_500
"""With fewer rows than that the prior of a choice counts for more, in proportion."""


def _least(loss: Callable[[Floats], tuple[float, Floats]], start: Floats, steps: int) -> Floats:
    found = scipy.optimize.minimize(
        loss, start, jac=True, method="L-BFGS-B", options={"maxiter": steps, "ftol": 1e-7}
    )
    return np.asarray(found.x)


def fit_choice(
    options: Floats, wanted: Floats, weights: Floats, prior: Floats, ridge: float
) -> Floats:
    """Return weights (features,) of a conditional logit: which of some options is chosen.

    `options` (n, options, features), -inf in the first feature for one that is none; `wanted`
    (n, options) marks those that would do. The weights are drawn to `prior`, the more so the fewer
    rows there are.
    """
    real = np.isfinite(options[:, :, 0])
    values = np.where(real[:, :, None], options, 0.0)
    total = float(weights.sum()) or 1.0
    ridge *= max(1.0, ENOUGH / total)

    def loss(beta: Floats) -> tuple[float, Floats]:
        logits = np.where(real, values @ beta, -np.inf)
        every = logsumexp(logits, axis=1)
        good = logsumexp(np.where(wanted > 0, logits, -np.inf), axis=1)
        share = np.exp(logits - every[:, None])
        hit = np.where(wanted > 0, np.exp(logits - good[:, None]), 0.0)
        error = weights[:, None] * (share - hit)
        away = beta - prior
        value = float((weights * (every - good)).sum()) / total
        gradient = np.einsum("nd,ndf->f", error, values) / total + ridge * away
        return value + 0.5 * ridge * float(away @ away), gradient

    return _least(loss, prior.copy(), _STEPS)


def fit_chance(rows: Floats, right: Floats, weights: Floats, prior: Floats, ridge: float) -> Floats:
    """Return weights (features,) of a logit of what is right, drawn to `prior`."""
    total = float(weights.sum()) or 1.0
    signs = np.where(right > 0, 1.0, -1.0)

    def loss(beta: Floats) -> tuple[float, Floats]:
        margins = signs * (rows @ beta)
        away = beta - prior
        value = float((weights * np.logaddexp(0.0, -margins)).sum()) / total
        gradient = -(rows.T @ (weights * signs * expit(-margins))) / total + ridge * away
        return value + 0.5 * ridge * float(away @ away), gradient

    return _least(loss, prior.copy(), _STEPS)
