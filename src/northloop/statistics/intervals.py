"""Intervals for one number: shares, bounded means from few values, and anything resampled."""

from __future__ import annotations

import msgspec
import numpy as np
from scipy.special import bdtr, betaincinv, ndtri

from northloop.statistics.bootstrap import Codes, Floats, Resampling, Statistic, resample

ALPHA = 0.05
"""Intervals hold the truth with 1 - alpha; where a function does not ask, with this one."""


class Interval(msgspec.Struct, frozen=True, kw_only=True):
    """A number and where the true one may lie."""

    value: float
    low: float
    high: float


def wilson(successes: int, n: int) -> Interval:
    """Return a share with its Wilson score interval (Wilson 1927); (0, 1) for n = 0.

    Value is successes / n, or 0.5 for n = 0.
    """
    if n == 0:
        return Interval(value=0.5, low=0.0, high=1.0)
    z = float(ndtri(1 - ALPHA / 2))
    share = successes / n
    centre = (share + z * z / (2 * n)) / (1 + z * z / n)
    half = z / (1 + z * z / n) * np.sqrt(share * (1 - share) / n + z * z / (4 * n * n))
    return Interval(
        value=share,
        low=max(0.0, min(share, float(centre - half))),
        high=min(1.0, max(share, float(centre + half))),
    )


def clopper_pearson(share: float, n: float, alpha: float = ALPHA) -> Interval:
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


def bootstrap(statistic: Statistic, cluster: Codes, resampling: Resampling) -> Interval:
    """Return any statistic with the interval of the cluster bootstrap; see `Resampled`."""
    found = resample(statistic, cluster, resampling)
    return Interval(value=found.value, low=found.lower(ALPHA / 2), high=found.upper(ALPHA / 2))


def quantile(values: Floats, q: float) -> Interval:
    """Return a quantile with the distribution-free interval of order statistics.

    Source: David & Nagaraja, Order Statistics (2003), §7.1. Where n is too small for either
    bound the smallest or greatest value stands in. At least one value.
    """
    ordered = np.sort(values)
    n = len(ordered)
    below = bdtr(np.arange(n, dtype=float), n, q)
    low = int(np.searchsorted(below, ALPHA / 2, side="right"))
    high = int(np.searchsorted(below, 1 - ALPHA / 2, side="left")) + 1
    return Interval(
        value=float(np.quantile(ordered, q)),
        low=float(ordered[max(low - 1, 0)]),
        high=float(ordered[min(high, n - 1)]),
    )
