"""The cluster bootstrap: what would the number have been with other conversations?

Any metric that is a function of sums over items can be resampled at the cost of one matrix
product: a mean (sum and count), a ratio, corpus BLEU (n-gram counts), macro-F1 (hits per class).
It does not know which metric that is.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import msgspec
import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr, ndtri, stdtr, stdtrit

Floats = NDArray[np.float64]
Codes = NDArray[np.intp]

_BLOCK_CELLS = 1_000_000
"""Draws × clusters held in memory at once (8 MB)."""


class Resampling(msgspec.Struct, frozen=True, kw_only=True):
    """How often to resample, and from which seed."""

    draws: int = 10_000
    seed: int = 1


class Statistic(msgspec.Struct, frozen=True):
    """A metric as a function of sums over items."""

    sums: Floats
    """What each of N items adds to each of K sums."""
    of: Callable[[Floats], Floats]
    """Sums of shape (..., K) → metric of shape (...); NaN where it is undefined."""

    def value(self) -> float:
        """Return the metric over all items."""
        return float(self.of(self.sums.sum(axis=0)))


def mean_statistic(values: Floats, weights: Floats | None = None) -> Statistic:
    """Return the weighted mean (all alike by default) as a statistic."""
    weights = np.ones_like(values) if weights is None else weights
    return Statistic(np.column_stack([values * weights, weights]), ratio)


def ratio(sums: Floats) -> Floats:
    """Return first sum / second sum, NaN where the second is 0; shape (..., 2) → (...)."""
    out = np.full(sums.shape[:-1], np.nan)
    np.divide(sums[..., 0], sums[..., 1], out=out, where=sums[..., 1] > 0)
    return out


def cluster_codes(labels: Sequence[str]) -> Codes:
    """Return for each label the number of its cluster, 0.. in order of first appearance."""
    numbers: dict[str, int] = {}
    return np.array([numbers.setdefault(label, len(numbers)) for label in labels], dtype=np.intp)


def cluster_sums(sums: Floats, cluster: Codes) -> Floats:
    """Return the sums within each cluster, shape (G, K)."""
    clusters = int(cluster.max()) + 1 if len(cluster) else 0
    out = np.zeros((clusters, sums.shape[1]))
    np.add.at(out, cluster, sums)
    return out


def resampled_sums(sums: Floats, cluster: Codes, resampling: Resampling) -> Floats:
    """Draw G clusters with replacement, B times, and return the sums, shape (B, K).

    Source: Davison & Hinkley, Bootstrap Methods and their Application (1997), §3.8.
    The same arguments give the same draws.
    """
    by_cluster = cluster_sums(sums, cluster)
    clusters = len(by_cluster)
    rng = np.random.default_rng(resampling.seed)
    block = max(1, _BLOCK_CELLS // max(clusters, 1))
    parts = [
        _counts(rng, min(block, resampling.draws - start), clusters) @ by_cluster
        for start in range(0, resampling.draws, block)
    ]
    return np.concatenate(parts)


def tail_share(alpha: float, clusters: int) -> float:
    """Return which share of the draws to cut off for a one-sided error of `alpha`.

    The plain percentile interval is too narrow when clusters are few; this is the expanded one
    (Hesterberg 2015, The American Statistician 69, §3.2). 0 for fewer than two clusters.
    """
    if clusters < 2:
        return 0.0
    scale = np.sqrt(clusters / (clusters - 1))
    return float(ndtr(scale * stdtrit(clusters - 1, alpha)))


def tail_alpha(share: float, clusters: int) -> float:
    """Return the one-sided error that cutting off this share of the draws has; see `tail_share`."""
    if clusters < 2:
        return 1.0
    scale = np.sqrt((clusters - 1) / clusters)
    return float(stdtr(clusters - 1, scale * ndtri(share)))


def _counts(rng: np.random.Generator, draws: int, clusters: int) -> Floats:
    """Return how often each cluster was drawn, shape (draws, clusters)."""
    chosen = rng.integers(0, clusters, size=(draws, clusters))
    flat = (chosen + np.arange(draws)[:, None] * clusters).ravel()
    return np.bincount(flat, minlength=draws * clusters).reshape(draws, clusters).astype(float)
