"""How reviewers err, and what accuracy is once that is taken out.

Gold items tell directly how often a right answer is called right (sensitivity) and one that is not
is called so (specificity). Pairs of blind reads tell more, though the truth of each is not known
unless somebody ruled: given the truth, two readers err independently of each other (Dawid & Skene
1979). Both rates are drawn from their posterior by Gibbs sampling with Jeffreys' prior, so that
twenty of twenty right is not certainty; the correction (Rogan & Gladen 1978) is made with each
draw, and its interval has the uncertainty of both rates in it.

What makes both readers err on the same hard answers makes pairs look better than they are: from
gold alone the rates are right, and pairs add little where gold is plenty.
"""

from __future__ import annotations

import msgspec
import numpy as np
from scipy.special import expit, logit, ndtri

from northloop.statistics.bootstrap import Floats
from northloop.statistics.intervals import ALPHA, Interval

FEWEST_GOLD = 15
"""Gold answers read of each kind, right and not, below which nothing is corrected."""
_DRAWS, _SWEEPS = 1_000, 25
_PRIOR = 0.5
_EDGE = 1e-3
_LUCK_SEED = 2


class Reads(msgspec.Struct, frozen=True, kw_only=True):
    """What reviewers said of gold items, and of answers that two of them read blind."""

    right: int = 0
    """Gold items that are right."""
    right_found: int = 0
    """Of them called right."""
    wrong: int = 0
    """Gold items that are not."""
    wrong_found: int = 0
    both_right: int = 0
    """Pairs of reads that both say right."""
    both_wrong: int = 0
    apart: int = 0
    """Pairs that differ, and nobody has ruled."""
    apart_right: int = 0
    """Pairs that differ, and the ruling was right."""
    apart_wrong: int = 0

    @property
    def lacking(self) -> tuple[int, int]:
        """How many gold items that are right, and that are not, have to be read yet."""
        return max(0, FEWEST_GOLD - self.right), max(0, FEWEST_GOLD - self.wrong)


class Rates(msgspec.Struct, frozen=True):
    """Draws of the two rates from what is known of them. Both have shape (draws,)."""

    sensitivity: Floats
    specificity: Floats


def rates(reads: Reads) -> Rates:
    """Return what is known of sensitivity and specificity; the same for the same reads.

    Readers are better than chance: the two add up to more than 1.
    """
    rng = np.random.default_rng(1)
    s, c, share = np.full(_DRAWS, 0.9), np.full(_DRAWS, 0.9), np.full(_DRAWS, 0.5)
    pairs = reads.both_right + reads.both_wrong + reads.apart + reads.apart_right
    pairs += reads.apart_wrong
    for _ in range(_SWEEPS):
        ours, theirs = share * s**2, (1 - share) * (1 - c) ** 2
        both_right = rng.binomial(reads.both_right, ours / (ours + theirs))
        ours, theirs = share * (1 - s) ** 2, (1 - share) * c**2
        both_wrong = rng.binomial(reads.both_wrong, ours / (ours + theirs))
        ours, theirs = share * s * (1 - s), (1 - share) * c * (1 - c)
        apart = reads.apart_right + rng.binomial(reads.apart, ours / (ours + theirs))
        others = reads.apart + reads.apart_right + reads.apart_wrong - apart
        drawn_s = rng.beta(
            _PRIOR + reads.right_found + 2 * both_right + apart,
            _PRIOR + reads.right - reads.right_found + 2 * both_wrong + apart,
        )
        drawn_c = rng.beta(
            _PRIOR + reads.wrong_found + 2 * (reads.both_wrong - both_wrong) + others,
            _PRIOR + reads.wrong - reads.wrong_found + 2 * (reads.both_right - both_right) + others,
        )
        better = drawn_s + drawn_c > 1
        s, c = np.where(better, drawn_s, s), np.where(better, drawn_c, c)
        ours = both_right + both_wrong + apart
        share = rng.beta(_PRIOR + ours, _PRIOR + pairs - ours)
        s, c = np.clip(s, _EDGE / 10, 1 - _EDGE / 10), np.clip(c, _EDGE / 10, 1 - _EDGE / 10)
    return Rates(s, c)


def told(draws: Floats) -> Interval:
    """Return the median of draws with their 95 % interval."""
    low, value, high = np.quantile(draws, (ALPHA / 2, 0.5, 1 - ALPHA / 2)).tolist()
    return Interval(value=value, low=low, high=high)


def corrected(found: Interval, known: Rates) -> Interval:
    """Return a share of what reviewers call right, corrected for how they err, with its interval.

    `found` is the share as reviewers see it, with its 95 % interval.
    """
    rng = np.random.default_rng(_LUCK_SEED)
    low, value, high = (
        float(logit(min(max(end, _EDGE), 1 - _EDGE)))
        for end in (found.low, found.value, found.high)
    )
    luck = rng.standard_normal(len(known.sensitivity)) / ndtri(0.975)
    seen = expit(value + luck * np.where(luck < 0, value - low, high - value))
    gain = known.sensitivity + known.specificity - 1
    return told(np.clip((seen + known.specificity - 1) / gain, 0.0, 1.0))
