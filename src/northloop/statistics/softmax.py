"""Multinomial logistic regression on sparse and dense features, and its calibration.

The loss is the mean negative log-likelihood with a Gaussian prior on the weights (none on the
intercepts), minimised by L-BFGS. Sparse and dense features are kept apart, since a dense block
inside a sparse matrix costs several times as much; rows are gone through in blocks, so that memory
follows from the number of weights.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import numpy as np
import scipy
from numpy.typing import NDArray
from scipy.sparse import csr_array

Floats = NDArray[np.float64]
Weights = NDArray[np.float32]
"""Shape (sparse + dense + 1, labels), the intercepts last."""

PENALTY_SPREAD = 10.0
"""Variance of the prior on the weights, as `C` elsewhere. 3 to 30 make no difference of a point."""
STEPS, KEPT_STEPS = 60, 8
CLOSE_ENOUGH = 1e-5
"""Relative decrease of the loss at which it ends."""
_BLOCK_CELLS = 4_000_000
DOUBTS = (0.0, 0.02, 0.05, 0.1, 0.15, 0.2, 0.3)
UNSEEN = -30.0
"""Logit of a label that a fit knows nothing of."""
STRENGTHS = (0.0, 0.25, 0.5, 0.75, 1.0)
"""How far the commoner label may be held back: 1 for as if all were equally common."""


class Design(NamedTuple):
    """Features of rows."""

    sparse: csr_array
    dense: NDArray[np.float32]

    def __len__(self) -> int:
        return int(self.dense.shape[0])

    def rows(self, chosen: NDArray[np.int64] | slice) -> Design:
        """Return the features of some rows."""
        return Design(self.sparse[chosen], self.dense[chosen])

    @property
    def width(self) -> int:
        """So many features a row has."""
        return int(self.sparse.shape[1]) + int(self.dense.shape[1])


class Calibration(NamedTuple):
    """What turns logits into probabilities that hold."""

    temperature: float
    """The logits are divided by it."""
    doubt: float
    """Share of the probability that is spread evenly over all labels."""


def fitted(
    design: Design,
    labels: NDArray[np.int64],
    count: int,
    weights: NDArray[np.float32] | None = None,
    start: Weights | None = None,
) -> Weights:
    """Return the weights for labels 0 … `count` - 1; `weights` says how much each row counts."""
    counts = np.ones(len(design), np.float32) if weights is None else weights
    shape = design.width + 1, count
    blocks = list(_blocks(design, labels, counts, count))
    total = float(counts.sum())

    def loss(now: Weights) -> tuple[float, Weights]:
        slope = now / np.float32(PENALTY_SPREAD)
        slope[-1] = 0
        worth = float((now[:-1] ** 2).sum(dtype=np.float64)) / (2 * PENALTY_SPREAD)
        for block in blocks:
            worth += block.add(now, slope)
        slope /= np.float32(total)
        return worth / total, slope

    return _lowest(loss, np.zeros(shape, np.float32) if start is None else start)


def _lowest(loss: Callable[[Weights], tuple[float, Weights]], start: Weights) -> Weights:
    """Return where a smooth convex loss is low enough."""

    def flat(now: Floats) -> tuple[float, Floats]:
        worth, slope = loss(now.astype(np.float32).reshape(start.shape))
        return worth, slope.ravel().astype(np.float64)

    options = {"maxiter": STEPS, "ftol": CLOSE_ENOUGH, "maxcor": KEPT_STEPS}
    begun = start.ravel().astype(np.float64)
    found = scipy.optimize.minimize(flat, begun, jac=True, method="L-BFGS-B", options=options)
    lowest: Weights = found.x.astype(np.float32).reshape(start.shape)
    return lowest


class _Block(NamedTuple):
    design: Design
    transposed: csr_array
    labels: NDArray[np.int64]
    counts: NDArray[np.float32]

    def add(self, weights: Weights, slope: Weights) -> float:
        """Return the block's negative log-likelihood and add its slope."""
        places = np.arange(len(self.labels))
        scores = logits(self.design, weights)
        scores -= scores.max(axis=1, keepdims=True)
        at_label = scores[places, self.labels]
        np.exp(scores, out=scores)
        sums = scores.sum(axis=1)
        scores /= sums[:, None]
        scores[places, self.labels] -= 1
        scores *= self.counts[:, None]
        sparse = self.transposed.shape[0]
        slope[:sparse] += self.transposed @ scores
        slope[sparse:-1] += self.design.dense.T @ scores
        slope[-1] += scores.sum(axis=0)
        return float((self.counts * (np.log(sums) - at_label)).sum(dtype=np.float64))


def _blocks(
    design: Design, labels: NDArray[np.int64], counts: NDArray[np.float32], count: int
) -> Iterator[_Block]:
    size = max(1, _BLOCK_CELLS // max(count, 1))
    for start in range(0, len(design), size):
        part = slice(start, start + size)
        rows = design.rows(part)
        yield _Block(rows, rows.sparse.T.tocsr(), labels[part], counts[part])


def logits(design: Design, weights: Weights) -> NDArray[np.float32]:
    """Return the score of each label, shape (rows, labels)."""
    sparse = design.sparse.shape[1]
    scores: NDArray[np.float32] = design.sparse @ weights[:sparse]
    scores += design.dense @ weights[sparse:-1]
    scores += weights[-1]
    return scores


def probabilities(scores: NDArray[Any], calibration: Calibration) -> Floats:
    """Return probabilities of logits, each row adding up to 1."""
    scaled = np.asarray(scores, np.float64) / calibration.temperature
    scaled -= scaled.max(axis=1, keepdims=True)
    np.exp(scaled, out=scaled)
    scaled /= scaled.sum(axis=1, keepdims=True)
    even: Floats = scaled * (1 - calibration.doubt) + calibration.doubt / scaled.shape[1]
    return even


def calibrated(
    scores: NDArray[Any], labels: NDArray[np.int64], counts: NDArray[Any]
) -> Calibration:
    """Return the calibration under which the likeliest label is right as often as it is likely.

    Temperature scaling (Guo et al. 2017) of the likeliest label alone, with a share of doubt that
    no score can take away: labels that contradict one another, and such as were never seen.
    `scores` are of rows that the weights were not fitted on; `counts` says how much each counts.
    """
    right = np.asarray(scores).argmax(axis=1) == labels
    share = np.asarray(counts, np.float64) / float(np.sum(counts))

    def loss(heat: float, doubt: float) -> float:
        likely = probabilities(scores, Calibration(float(np.exp(heat)), doubt)).max(axis=1)
        top = likely.clip(1e-6, 1 - 1e-6)
        return -float((share * np.where(right, np.log(top), np.log1p(-top))).sum())

    found = [
        (least.fun, float(np.exp(least.x)), doubt)
        for doubt in DOUBTS
        for least in [
            scipy.optimize.minimize_scalar(loss, bounds=(-3, 3), args=(doubt,), method="bounded")
        ]
    ]
    _, temperature, doubt = min(found)
    return Calibration(temperature, doubt)


def strength(
    scores: NDArray[Any],
    labels: NDArray[np.int64],
    common: Floats,
    counts: NDArray[Any],
) -> float:
    """Return how far commoner labels are held back: of `STRENGTHS` the most that costs nothing.

    Logits less `strength` × log(share of the label) (Menon et al. 2021). A history is seldom as
    mixed as what comes next; so the most is taken whose loss of right answers, on rows that the
    scores were not fitted on, is within one standard error of none. `common` are the labels'
    shares; `counts` says how much each row counts.
    """
    held = [np.asarray(scores) - power * np.log(common) for power in STRENGTHS]
    right = np.array([np.asarray(s).argmax(axis=1) == labels for s in held], np.float64)
    share = np.asarray(counts, np.float64) / float(np.sum(counts))
    best = right[int((right @ share).argmax())]
    return max(
        power for power, own in zip(STRENGTHS, right, strict=True) if _lost(best - own, share) <= 0
    )


def _lost(loss: Floats, share: Floats) -> float:
    """Return a mean loss less its standard error."""
    mean = float(loss @ share)
    return mean - float(np.sqrt(((loss - mean) ** 2 * share**2).sum()))
