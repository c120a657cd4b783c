"""Watching a canary without being fooled by watching: promote, roll back, or go on.

A strict e-process (Ramdas et al. 2023, Game-theoretic statistics and safe anytime-valid inference):
wealth that a gambler can only make if the null hypothesis is wrong, so that one may look after each
outcome and stop at any time. All arrays end in the axis of time; leading axes are independent runs.
"""

from __future__ import annotations

import msgspec
import numpy as np
from numpy.typing import NDArray
from scipy.special import betaln

from northloop.statistics.bootstrap import Floats

_BET_SHARE = 0.5
"""No bet may lose more than this share of the wealth at once."""
_BET_ON_HARM = 0.9
"""The same where harm is looked for. What limits these bets is an answer that was hardly ever to be
reviewed and is judged wrong, of what is live; where that is sent by certificates it all but never
comes, and what verdicts teach cures harm while it is being proven (docs/decisions/0024)."""
_GUESS = 0.5
"""So many answers judged right, and as many judged wrong, are imagined before the first one."""
_SHARES = 2.0
"""How many units of the rarer arm the shares that `uneven` looks for are spread as."""


class CanarySpec(msgspec.Struct, frozen=True, kw_only=True):
    """How the traffic is divided and what counts as proof."""

    share: float
    """Probability with which a unit (a customer, a conversation) gets the candidate."""
    margin: float
    """How much worse than the current release is still acceptable."""
    alpha: float = 0.05
    alpha_rollback: float = 0.05


class Observations(msgspec.Struct, frozen=True, kw_only=True):
    """What was seen of each unit, in the order in which its observation was completed; (..., N)."""

    value: Floats
    """In [0, 1], or a stand-in whose mean given the past is the same; NaN where nothing is known,
    for a reason that has nothing to do with the arm."""
    low: Floats | float = 0.0
    high: Floats | float = 1.0
    """Between which it had to lie, given the past."""


class Watch(msgspec.Struct, frozen=True, kw_only=True):
    """Log wealth after each outcome; shapes (..., N)."""

    promote: Floats
    """Against "worse than the current release by the margin or more"."""
    roll_back: Floats
    """Against "at least as good as the current release"."""


def watch(outcome: Observations, treated: NDArray[np.bool_], spec: CanarySpec) -> Watch:
    """Return the evidence for promotion and for roll-back after each outcome.

    `treated` says which got the candidate.
    """
    known = ~np.isnan(outcome.value)
    value = np.where(known, outcome.value, 0.0)
    centre = _centre(value, known)
    phi = np.where(known, _contrast(value - centre, treated, spec.share), 0.0)
    low, high = centre - outcome.low, outcome.high - centre
    p, q = spec.share, 1 - spec.share
    against = np.maximum(low / p, high / q)
    in_favour = np.maximum(high / p, low / q)
    return Watch(
        promote=log_wealth(np.where(known, phi + spec.margin, 0.0), against),
        roll_back=log_wealth(-phi, in_favour, _BET_ON_HARM),
    )


def reviewed(
    sent: Floats, weight: Floats, right: Floats, least: float
) -> tuple[Observations, Observations]:
    """Return, of each unit, what stands for "right and sent" and for "not wrong and sent".

    `sent` is the share of its answers that went out, `weight` the sum of 1 / probability of those
    that people judged, over the number of its answers, `right` the same of those judged right. What
    nobody judged stands in with what was right of everything judged before. No answer had a
    probability below `least`. Shapes (..., N).
    """
    before = np.cumsum(weight, axis=-1) - weight
    guess = (_GUESS + np.cumsum(right, axis=-1) - right) / (2 * _GUESS + before)
    good = right + guess * (sent - weight)
    bad = weight - right + (1 - guess) * (sent - weight)
    least_good, most_good = -guess / least, (1 - guess) / least + guess
    least_bad, most_bad = (guess - 1) / least, guess / least + 1 - guess
    return (
        Observations(value=good, low=least_good, high=most_good),
        Observations(value=1 - bad, low=1 - most_bad, high=1 - least_bad),
    )


def uneven(treated: NDArray[np.bool_], share: float) -> Floats:
    """Return the log evidence after each unit that another share than `share` gets the candidate.

    A mixture over all other shares (beta-binomial), so that one may look after each unit. Where
    units of one arm are lost, what is left is no comparison.
    """
    spread = _SHARES / min(share, 1 - share)
    a, b = spread * share, spread * (1 - share)
    ours = np.cumsum(treated, axis=-1)
    theirs = np.arange(1, treated.shape[-1] + 1) - ours
    drawn = ours * np.log(share) + theirs * np.log(1 - share)
    found: Floats = betaln(a + ours, b + theirs) - betaln(a, b) - drawn
    return found


def _contrast(centred: Floats, treated: NDArray[np.bool_], share: float) -> Floats:
    found: Floats = centred * np.where(treated, 1 / share, -1 / (1 - share))
    return found


def _centre(value: Floats, known: NDArray[np.bool_]) -> Floats:
    """Return the mean of what was known before each, 0.5 counting as one of them."""
    sums = np.cumsum(value, axis=-1) - value
    count: Floats = np.cumsum(known, axis=-1) - known * 1.0
    found: Floats = np.clip((0.5 + sums) / (1 + count), 0.0, 1.0)
    return found


def log_wealth(gain: Floats, bound: Floats | float, most: float = _BET_SHARE) -> Floats:
    """Return the log e-process against "each gain has mean ≤ 0 given the past".

    The bet is the past mean over the past second moment (nearly Kelly's); the worst gain takes no
    more than `most` of the wealth. `bound` is on -gain, less a margin far below it, given the past.
    """
    mean = _past_mean(gain, prior=0.0)
    second = _past_mean(gain**2, prior=bound)
    bet = np.clip(mean / second, 0.0, most / bound)
    return np.cumsum(np.log1p(bet * gain), axis=-1)


def _past_mean(values: Floats, prior: Floats | float) -> Floats:
    """Return the mean of the values before each, `prior` counting as one value."""
    sums = np.cumsum(values, axis=-1) - values
    found: Floats = (prior + sums) / np.arange(1, values.shape[-1] + 1)
    return found
