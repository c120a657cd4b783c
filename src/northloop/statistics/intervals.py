"""Intervals for one number: shares, bounded means from few values, and anything resampled."""

from __future__ import annotations

from collections.abc import Callable

import msgspec
import numpy as np
from numpy.typing import NDArray
from scipy.special import bdtr, betaincinv, ndtri

from northloop.statistics.bootstrap import (
    Codes,
    Floats,
    Resampling,
    Statistic,
    mean_statistic,
    resample,
)

_GRID = 2_000
"""The betting interval is exact to 1 / _GRID, rounded outwards."""
_BET_LIMIT = 0.75
"""No bet may lose more than this share of the capital at once."""


class Interval(msgspec.Struct, frozen=True, kw_only=True):
    """A number and where the true one may lie."""

    value: float
    low: float
    high: float


def wilson(successes: int, n: int, alpha: float = 0.05) -> Interval:
    """Return a share with its Wilson score interval (Wilson 1927); (0, 1) for n = 0.

    Value is successes / n, or 0.5 for n = 0.
    """
    if n == 0:
        return Interval(value=0.5, low=0.0, high=1.0)
    z = float(ndtri(1 - alpha / 2))
    share = successes / n
    centre = (share + z * z / (2 * n)) / (1 + z * z / n)
    half = z / (1 + z * z / n) * np.sqrt(share * (1 - share) / n + z * z / (4 * n * n))
    return Interval(
        value=share,
        low=max(0.0, min(share, float(centre - half))),
        high=min(1.0, max(share, float(centre + half))),
    )


def clopper_pearson(share: float, n: float, alpha: float = 0.05) -> Interval:
    """Return a share with the exact interval of Clopper & Pearson (1934), for any n > 0.

    n need not be whole: of weighted or clustered values it is how many independent ones are worth
    as much (Kish 1965, §8.2).
    """
    found, rest = share * n, (1 - share) * n
    return Interval(
        value=share,
        low=float(betaincinv(found, rest + 1, alpha / 2)) if found > 0 else 0.0,
        high=float(betaincinv(found + 1, rest, 1 - alpha / 2)) if rest > 0 else 1.0,
    )


def betting(
    values: Floats,
    alpha: float = 0.05,
    weights: Floats | None = None,
) -> Interval:
    """Return the mean of values in [0, 1] with an interval valid at every sample size.

    The hedged capital interval of Waudby-Smith & Ramdas (2023, J. R. Stat. Soc. B 86, §4.4):
    for each candidate mean m, two gamblers bet on "more" and "less"; every m that made neither
    of them 2/alpha times richer, at any time, stays. It needs no variance, no normality and
    no minimum n, only that each value has the mean m given those before it.

    With weights (in (0, 1], known before the value) the gamblers bet on w (x - m), whose mean is
    0 at m = E[w x] / E[w]: with w inversely proportional to the probability of having been
    reviewed that is the mean over everything that could have been reviewed.
    The value is the weighted mean, moved to the nearest end should the interval miss it.
    """
    weights = np.ones_like(values) if weights is None else weights
    if len(values) == 0:
        return Interval(value=0.5, low=0.0, high=1.0)
    low, high = _kept(values, weights, alpha)
    mean = float(np.average(values, weights=weights))
    return Interval(value=min(max(mean, low), high), low=low, high=high)


def _kept(values: Floats, weights: Floats, alpha: float) -> tuple[float, float]:
    """Return the ends of what neither gambler could refute, rounded outwards to the grid.

    The greatest capital of who bets on "more" falls as the candidate mean grows, that of the other
    rises: each refutes all candidates on one side, and its last one is found by halving.
    """
    bets = _bets(values, weights, alpha)
    limit = float(np.log(2 / alpha))
    more = _first(lambda m: _peak(values - m, weights, bets, m) < limit)
    less = _first(lambda m: _peak(m - values, weights, bets, 1 - m) >= limit)
    if more >= less:  # every candidate was refuted: the one that was hardest to refute stays
        return _hardest(values, weights, bets)
    return max(more - 1, 0) / _GRID, min(less, _GRID) / _GRID


def _first(holds: Callable[[float], bool]) -> int:
    """Return the first point of the grid from which on something holds, _GRID + 1 if of none."""
    low, high = 0, _GRID + 1
    while low < high:
        middle = (low + high) // 2
        if holds(middle / _GRID):
            high = middle
        else:
            low = middle + 1
    return low


def _peak(gains: Floats, weights: Floats, bets: Floats, at_stake: float) -> float:
    """Return the greatest log capital, over time, of who bets that gains are positive."""
    limited = np.minimum(bets, _BET_LIMIT / at_stake) if at_stake > 0 else bets
    return float(np.cumsum(np.log1p(limited * weights * gains)).max())


def _hardest(values: Floats, weights: Floats, bets: Floats) -> tuple[float, float]:
    def peak(point: int) -> float:
        m = point / _GRID
        up = _peak(values - m, weights, bets, m)
        return max(up, _peak(m - values, weights, bets, 1 - m))

    best = min(range(_GRID + 1), key=peak)
    return max(best - 1, 0) / _GRID, min(best + 1, _GRID) / _GRID


def _bets(values: Floats, weights: Floats, alpha: float) -> Floats:
    """Return the bet on each value, made from the values before it (predictable plug-in)."""
    n = len(values)
    weight = np.cumsum(weights)
    means = (0.5 + np.cumsum(weights * values)) / (1 + weight)
    squares = np.cumsum((weights * (values - means)) ** 2)
    variances = (0.25 + squares) / (np.arange(1, n + 1) + 1)
    past = np.concatenate([[0.25], variances[:-1]])
    bets: NDArray[np.float64] = np.sqrt(2 * np.log(2 / alpha) / (n * past))
    return bets


def bootstrap_mean(
    values: Floats,
    cluster: Codes,
    resampling: Resampling,
    alpha: float = 0.05,
) -> Interval:
    """Return the mean over items with the interval of the cluster bootstrap."""
    return bootstrap(mean_statistic(values), cluster, resampling, alpha)


def bootstrap(
    statistic: Statistic,
    cluster: Codes,
    resampling: Resampling,
    alpha: float = 0.05,
) -> Interval:
    """Return any statistic with the interval of the cluster bootstrap; see `Resampled`."""
    found = resample(statistic, cluster, resampling)
    return Interval(value=found.value, low=found.lower(alpha / 2), high=found.upper(alpha / 2))


def quantile(values: Floats, q: float, alpha: float = 0.05) -> Interval:
    """Return a quantile with the distribution-free interval of order statistics.

    Source: David & Nagaraja, Order Statistics (2003), §7.1. Where n is too small for either
    bound the smallest or greatest value stands in. At least one value.
    """
    ordered = np.sort(values)
    n = len(ordered)
    below = bdtr(np.arange(n, dtype=float), n, q)
    low = int(np.searchsorted(below, alpha / 2, side="right"))
    high = int(np.searchsorted(below, 1 - alpha / 2, side="left")) + 1
    return Interval(
        value=float(np.quantile(ordered, q)),
        low=float(ordered[max(low - 1, 0)]),
        high=float(ordered[min(high, n - 1)]),
    )
