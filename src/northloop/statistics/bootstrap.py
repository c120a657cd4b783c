"""The cluster bootstrap: what would the number have been with other conversations?

Any metric that is a function of sums over items can be resampled at the cost of one matrix
product: a mean (sum and count), a ratio, corpus BLEU (n-gram counts), macro-F1 (hits per class).
It does not know which metric that is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache

import msgspec
import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr, ndtri, stdtr, stdtrit

Floats = NDArray[np.float64]
Codes = NDArray[np.intp]

_BLOCK_CELLS = 1_000_000
"""Draws × clusters held in memory at once (8 MB)."""
_LEAST_STRETCH = 0.1
"""Keeps the acceleration from turning a bound round where clusters are very few."""
OUTERMOST = 20
"""So many draws have to lie beyond a bound that is read off from them."""
_LEAST_SHARE = 1e-12


class Resampling(msgspec.Struct, frozen=True, kw_only=True):
    """How often to resample, and from which seed."""

    draws: int = 10_000
    """More of them, steadier intervals."""
    seed: int = 1
    """The same seed draws the same."""


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


def numbered(labels: NDArray[np.int64]) -> Codes:
    """Return the same of labels that are numbers."""
    _, first, which = np.unique(labels, return_index=True, return_inverse=True)
    rank = np.empty(len(first), np.intp)
    rank[np.argsort(first)] = np.arange(len(first))
    found: Codes = rank[which]
    return found


def cluster_sums(sums: Floats, cluster: Codes) -> Floats:
    """Return the sums within each cluster, shape (G, K)."""
    clusters = int(cluster.max()) + 1 if len(cluster) else 0
    out = np.empty((clusters, sums.shape[1]))
    for column, values in enumerate(sums.T):
        out[:, column] = np.bincount(cluster, values, clusters)
    return out


def resampled_sums(sums: Floats, cluster: Codes, resampling: Resampling) -> Floats:
    """Draw G clusters with replacement, B times, and return the sums, shape (B, K).

    Source: Davison & Hinkley, Bootstrap Methods and their Application (1997), §3.8.
    The same arguments give the same draws.
    """
    by_cluster = cluster_sums(sums, cluster)
    return np.concatenate([counts @ by_cluster for counts in _drawn(resampling, len(by_cluster))])


class Resampled(msgspec.Struct, frozen=True, kw_only=True):
    """A statistic, what it would have been with other clusters, and bounds for the true one.

    The bounds are bias-corrected and accelerated (BCa: Efron 1987, J. Am. Stat. Assoc. 82), with
    the quantiles of t for few clusters (Hesterberg 2015, The American Statistician 69, §3.2): a
    plain percentile bound errs more often than promised where values are skewed, as rare failures
    are. With one cluster nothing can be said, and both bounds are the value.
    """

    value: float
    draws: Floats
    """Defined ones only."""
    bias: float
    acceleration: float
    clusters: int

    def lower(self, alpha: float) -> float:
        """Return the bound that the true value undercuts with probability `alpha`."""
        return self._at(self._share(alpha))

    def upper(self, alpha: float) -> float:
        """Return the bound that the true value exceeds with probability `alpha`."""
        return self._at(self._share(1 - alpha))

    def caution(self) -> float:
        """Return what one more conversation, a standard deviation worse than the mean, would cost.

        Bounds of rare failures are still a little too bold when conversations are few; moved
        outwards by this they are not, and from a few hundred on it is next to nothing.
        """
        return float(np.std(self.draws)) / float(np.sqrt(self.clusters))

    def p_value(self) -> float:
        """Return the two-sided p-value of "the true value is 0" (interval inverted)."""
        n = len(self.draws)
        if self.clusters < 2 or not self.draws.any():
            return 1.0
        below = (np.count_nonzero(self.draws < 0) + np.count_nonzero(self.draws <= 0)) / 2
        tail = self._alpha((below + 0.5) / (n + 1))
        return 2 * min(tail, 1 - tail)

    def _at(self, share: float) -> float:
        """Return below what so large a share of the draws lies.

        Beyond the outermost draws, which tell nothing of still rarer ones, a normal tail goes on.
        """
        least = min(0.5, OUTERMOST / len(self.draws))
        if least <= share <= 1 - least:
            return _quantile(self.draws, share)
        edge = least if share < 0.5 else 1 - least
        middle, told = _quantile(self.draws, 0.5), _quantile(self.draws, edge)
        rare = min(max(share, _LEAST_SHARE), 1 - _LEAST_SHARE)
        beyond = float(ndtri(rare) / ndtri(edge)) if edge != 0.5 else 0.0
        return float(middle + (told - middle) * max(1.0, beyond))

    def _share(self, alpha: float) -> float:
        """Return which share of the draws lies below the bound of one-sided error `alpha`."""
        if self.clusters < 2:
            return 0.5
        scale = np.sqrt(self.clusters / (self.clusters - 1))
        shifted = self.bias + scale * float(stdtrit(self.clusters - 1, alpha))
        stretch = max(1 - self.acceleration * shifted, _LEAST_STRETCH)
        return float(ndtr(self.bias + shifted / stretch))

    def _alpha(self, share: float) -> float:
        """Return the one-sided error of the bound with this share of the draws below it."""
        distance = float(ndtri(share)) - self.bias
        stretch = max(1 + self.acceleration * distance, _LEAST_STRETCH)
        scale = np.sqrt(self.clusters / (self.clusters - 1))
        return float(stdtr(self.clusters - 1, (distance / stretch - self.bias) / scale))


def resample(statistic: Statistic, cluster: Codes, resampling: Resampling) -> Resampled:
    """Return the statistic with its bootstrap draws by cluster.

    Draws in which the statistic is undefined are left out.
    """
    value = statistic.value()
    draws = _defined(statistic.of(resampled_sums(statistic.sums, cluster, resampling)))
    by_cluster = cluster_sums(statistic.sums, cluster)
    without_one = _defined(statistic.of(by_cluster.sum(axis=0) - by_cluster))
    return Resampled(
        value=value,
        draws=draws,
        bias=_bias(draws, value),
        acceleration=_acceleration(without_one),
        clusters=len(by_cluster),
    )


def _defined(values: Floats) -> Floats:
    return values[~np.isnan(values)]


def _quantile(values: Floats, share: float) -> float:
    """Return what `numpy.quantile` does to the last bit, in a quarter of its time."""
    at = share * (len(values) - 1)
    below = int(at)
    above = min(below + 1, len(values) - 1)
    parted = np.partition(values, (below, above))
    low, high, beyond = float(parted[below]), float(parted[above]), at - below
    if beyond < 0.5:
        return low + (high - low) * beyond
    return high - (high - low) * (1 - beyond)


def _bias(draws: Floats, value: float) -> float:
    """Return by how many standard deviations the draws' median lies below the value."""
    below = (np.count_nonzero(draws < value) + np.count_nonzero(draws <= value)) / 2
    return float(ndtri((below + 0.5) / (len(draws) + 1)))


def _acceleration(without_one: Floats) -> float:
    """Return a sixth of the skewness of the clusters' influence, by the jackknife."""
    influence = without_one.mean() - without_one if len(without_one) else without_one
    spread = float((influence**2).sum()) ** 1.5
    return float((influence**3).sum()) / (6 * spread) if spread > 0 else 0.0


def _drawn(resampling: Resampling, clusters: int) -> Iterator[Floats]:
    """Yield how often each cluster was drawn, block by block."""
    block = max(1, _BLOCK_CELLS // max(clusters, 1))
    if resampling.draws <= block:
        yield _at_once(resampling.seed, resampling.draws, clusters)
        return
    rng = np.random.default_rng(resampling.seed)
    for start in range(0, resampling.draws, block):
        yield _counts(rng, min(block, resampling.draws - start), clusters)


@lru_cache(maxsize=2)
def _at_once(seed: int, draws: int, clusters: int) -> Floats:
    """All draws in one block: the metrics of a report are resampled alike, one after the other."""
    counts = _counts(np.random.default_rng(seed), draws, clusters)
    counts.setflags(write=False)
    return counts


def _counts(rng: np.random.Generator, draws: int, clusters: int) -> Floats:
    """Return how often each cluster was drawn, shape (draws, clusters)."""
    chosen = rng.integers(0, clusters, size=(draws, clusters))
    flat = (chosen + np.arange(draws)[:, None] * clusters).ravel()
    return np.bincount(flat, minlength=draws * clusters).reshape(draws, clusters).astype(float)
