"""Two systems on the same items: the difference and its uncertainty."""

from __future__ import annotations

import numpy as np

from northloop.statistics.bootstrap import Codes, Floats, Resampled, Resampling, Statistic, resample

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
