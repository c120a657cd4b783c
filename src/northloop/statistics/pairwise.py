"""Which of two is better, from differences that come one by one, looked at after each.

A strict e-process on each side of a bar (Ramdas et al. 2023, Game-theoretic statistics and safe
anytime-valid inference), as in `sequential`, without arms: both answered the same question, so that
a difference is seen itself. Whoever looks after every one and stops where it suits is wrong no
more often than promised.
"""

from __future__ import annotations

from math import inf, log

import msgspec
import numpy as np
from numpy.typing import NDArray

from northloop.statistics.bootstrap import Floats
from northloop.statistics.sequential import log_wealth

_MOST_BET = 0.5
"""As `sequential`: of what the worst difference could take."""
_LEARNING = 1.25
"""Bets are learnt from the differences, which takes so much longer than to know the best one
(simulated in the tests)."""
HOPE = 1.64
_GRID = 200


class BarEvidence(msgspec.Struct, frozen=True, kw_only=True):
    """What the differences so far say of a bar."""

    proven: float
    """Log of the evidence against "worse than the bar, or just at it"."""
    failed: float
    """Log of the evidence against "at the bar, or better"."""


def standing(differences: Floats, margin: float) -> BarEvidence:
    """Return the evidence on either side of the bar -margin after differences (N,) in [-1, 1].

    Greater differences are better.
    """
    gain = np.asarray(differences, float) + margin
    if not len(gain):
        return BarEvidence(proven=0.0, failed=0.0)
    bound = 1 + margin
    return BarEvidence(
        proven=float(log_wealth(gain, bound)[-1]), failed=float(log_wealth(-gain, bound)[-1])
    )


def limits(differences: Floats, alpha: float) -> tuple[float, float]:
    """Return a lower and an upper limit of the mean, each wrong at any look with at most alpha.

    The lower one is at 0 or above exactly where `standing` proves that bar at alpha, and at -margin
    or above only where it proves that one.
    """
    values = np.asarray(differences, float)
    bars = np.linspace(-1.0, 1.0, _GRID + 1)
    if not len(values):
        return -1.0, 1.0
    gain, bound = values - bars[:, None], 1 + np.abs(bars)[:, None]
    above = log_wealth(gain, bound)[:, -1] >= -log(alpha)
    below = log_wealth(-gain, bound)[:, -1] >= -log(alpha)
    low, high = _leading(above), _leading(below[::-1])
    return float(bars[max(low - 1, 0)]), float(bars[::-1][max(high - 1, 0)])


def _leading(found: NDArray[np.bool_]) -> int:
    """Return how many hold before the first that does not."""
    return len(found) if found.all() else int(np.argmin(found))


def hopeful(differences: Floats) -> Floats:
    """Return differences whose mean is a standard error higher: as good as may well be true."""
    values = np.asarray(differences, float)
    if len(values) < 2:
        return values
    raised: Floats = values + HOPE * values.std(ddof=1) / np.sqrt(len(values))
    return raised


def needed(like: Floats, margin: float, alpha: float) -> float:
    """Return about how many differences prove that the mean is above -margin, if they are like
    these; inf where they would not."""
    gain = np.asarray(like, float) + margin
    if not len(gain) or gain.mean() <= 0:
        return inf
    bound = 1 + margin
    bet = min(gain.mean() / (gain**2).mean(), _MOST_BET / bound)
    growth = float(np.log1p(bet * gain).mean())
    return inf if growth <= 0 else _LEARNING * -log(alpha) / growth
