"""Watching a canary without being fooled by watching: promote, roll back, or go on.

A strict e-process (Ramdas et al. 2023, Game-theoretic statistics and safe anytime-valid inference):
wealth that a gambler can only make if the null hypothesis is wrong, so that one may look after each
outcome and stop at any time. All arrays end in the axis of time; leading axes are independent runs.
"""

from __future__ import annotations

from enum import StrEnum

import msgspec
import numpy as np
from numpy.typing import NDArray

from northloop.statistics.bootstrap import Floats

_BET_SHARE = 0.5
"""No bet may lose more than this share of the wealth at once."""


class CanarySpec(msgspec.Struct, frozen=True, kw_only=True):
    """How the traffic is divided and what counts as proof."""

    share: float
    """Probability with which a unit (a customer, a conversation) gets the candidate."""
    margin: float
    """How much worse than the current release is still acceptable."""
    alpha: float = 0.05
    alpha_rollback: float = 0.05
    least_review_probability: float | None = None
    """None if each outcome is known; else the floor of the reviews behind the pseudo-outcomes."""

    @property
    def bound(self) -> float:
        """Greatest possible |contrast|."""
        rarest = min(self.share, 1 - self.share)
        span = 1.0
        if self.least_review_probability is not None:
            span += 1 / self.least_review_probability
        return span / rarest


class Ruling(StrEnum):
    """What the evidence so far allows."""

    CONTINUE = "continue"
    PROMOTE = "promote"
    ROLL_BACK = "roll_back"


class Watch(msgspec.Struct, frozen=True, kw_only=True):
    """Log wealth after each outcome; shapes (..., N)."""

    promote: Floats
    """Against "worse than the current release by the margin or more"."""
    roll_back: Floats
    """Against "at least as good as the current release"."""


def watch(outcome: Floats, treated: NDArray[np.bool_], spec: CanarySpec) -> Watch:
    """Return the evidence for promotion and for roll-back after each outcome.

    `outcome` is in [0, 1] (or a pseudo-outcome of one), in the order in which the observation of
    the units was completed; `treated` says which got the candidate.
    """
    phi = contrast(outcome, treated, spec.share)
    return Watch(
        promote=log_wealth(phi + spec.margin, spec.bound),
        roll_back=log_wealth(-phi, spec.bound),
    )


def ruling(evidence: Watch, spec: CanarySpec) -> tuple[Ruling, int]:
    """Return what came first in one run (N,), and after how many outcomes; harm wins a tie."""
    harmful = _first(evidence.roll_back >= -np.log(spec.alpha_rollback))
    proven = _first(evidence.promote >= -np.log(spec.alpha))
    if harmful is not None and (proven is None or harmful <= proven):
        return Ruling.ROLL_BACK, harmful + 1
    if proven is not None:
        return Ruling.PROMOTE, proven + 1
    return Ruling.CONTINUE, evidence.promote.shape[-1]


def contrast(outcome: Floats, treated: NDArray[np.bool_], share: float) -> Floats:
    """Return phi (..., N), whose mean given the past is candidate - current.

    Centred by the mean of earlier outcomes, which removes variance and no truth.
    """
    centre = np.clip(_past_mean(outcome, prior=0.5), 0.0, 1.0)
    sign = np.where(treated, 1 / share, -1 / (1 - share))
    return (outcome - centre) * sign


def log_wealth(gain: Floats, bound: float) -> Floats:
    """Return the log e-process against "each gain has mean ≤ 0 given the past".

    The bet is the past mean over the past second moment (nearly Kelly's), never more than half of
    what the worst gain could take. `bound` is on |gain|, less a margin far below it.
    """
    mean = _past_mean(gain, prior=0.0)
    second = _past_mean(gain**2, prior=bound)
    bet = np.clip(mean / second, 0.0, _BET_SHARE / bound)
    return np.cumsum(np.log1p(bet * gain), axis=-1)


def _past_mean(values: Floats, prior: float) -> Floats:
    """Return the mean of the values before each, `prior` counting as one value."""
    sums = np.cumsum(values, axis=-1) - values
    return (prior + sums) / np.arange(1, values.shape[-1] + 1)


def _first(crossed: NDArray[np.bool_]) -> int | None:
    return int(np.argmax(crossed)) if bool(crossed.any()) else None
