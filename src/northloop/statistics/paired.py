"""Two systems on the same items: the difference, its uncertainty, and many tests at once."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
import numpy as np
from scipy.special import bdtr

from northloop.statistics.bootstrap import (
    Codes,
    Floats,
    Resampling,
    Statistic,
    resampled_sums,
    tail_alpha,
    tail_share,
)


class Difference(msgspec.Struct, frozen=True, kw_only=True):
    """First minus second, and B bootstrap draws of the same."""

    value: float
    draws: Floats
    clusters: int

    def lower(self, alpha: float) -> float:
        """Return the bound that the true difference undercuts with probability `alpha`."""
        return float(np.nanquantile(self.draws, tail_share(alpha, self.clusters)))

    def upper(self, alpha: float) -> float:
        """Return the bound that the true difference exceeds with probability `alpha`."""
        return float(np.nanquantile(self.draws, 1 - tail_share(alpha, self.clusters)))

    def p_value(self) -> float:
        """Return the two-sided p-value of "no difference" (percentile interval inverted)."""
        draws = self.draws[~np.isnan(self.draws)]
        tail = min(np.count_nonzero(draws <= 0), np.count_nonzero(draws >= 0))
        return min(1.0, 2 * tail_alpha((tail + 1) / (len(draws) + 1), self.clusters))


def paired_difference(
    first: Statistic,
    second: Statistic,
    cluster: Codes,
    resampling: Resampling,
) -> Difference:
    """Return first - second over the same N items, clusters resampled together.

    Both see the same resampled conversations, so that how hard an item is cancels out
    (Miller 2024, arXiv 2411.00640; Koehn 2004 for corpus metrics).
    """
    width = first.sums.shape[1]
    both = np.hstack([first.sums, second.sums])
    drawn = resampled_sums(both, cluster, resampling)
    return Difference(
        value=first.value() - second.value(),
        clusters=int(cluster.max()) + 1,
        draws=first.of(drawn[:, :width]) - second.of(drawn[:, width:]),
    )


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
