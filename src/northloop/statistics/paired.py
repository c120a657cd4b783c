"""Two systems on the same items: the difference, its uncertainty, and many tests at once."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy.special import bdtr

from northloop.statistics.bootstrap import (
    Codes,
    Floats,
    Resampled,
    Resampling,
    Statistic,
    resample,
)

_DECIMALS = 9
"""Sums of the same numbers may differ in their last bits; that is no difference."""


def paired_difference(
    first: Statistic,
    second: Statistic,
    cluster: Codes,
    resampling: Resampling,
) -> Resampled:
    """Return first - second over the same N items, clusters resampled together.

    Both see the same resampled conversations, so that how hard an item is cancels out
    (Miller 2024, arXiv 2411.00640; Koehn 2004 for corpus metrics).
    """
    width = first.sums.shape[1]

    def difference(sums: Floats) -> Floats:
        found = first.of(sums[..., :width]) - second.of(sums[..., width:])
        return np.round(found, _DECIMALS)

    both = Statistic(np.hstack([first.sums, second.sums]), difference)
    return resample(both, cluster, resampling)


def mcnemar(only_first: int, only_second: int) -> float:
    """Return the exact two-sided p-value for paired 0/1 outcomes (McNemar 1947).

    `only_first` items were right only in the first system, `only_second` only in the second.
    """
    n = only_first + only_second
    if n == 0:
        return 1.0
    return min(1.0, 2 * float(bdtr(min(only_first, only_second), n, 0.5)))


def holm(p_values: Sequence[float]) -> list[float]:
    """Return adjusted p-values, in the order given, that control the family-wise error.

    Source: Holm 1979, Scandinavian Journal of Statistics 6.
    """
    order = np.argsort(p_values, kind="stable")
    steps = np.asarray(p_values)[order] * np.arange(len(p_values), 0, -1)
    adjusted = np.empty(len(p_values))
    adjusted[order] = np.minimum(np.maximum.accumulate(steps), 1.0)
    return [float(p) for p in adjusted]
