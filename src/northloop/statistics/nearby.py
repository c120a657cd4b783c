"""Which cached answer comes into question for a question, and what speaks for it.

The nearest entries are looked at in turn, and the first that nothing parts from the question is it
(`core.check.difference`). Replays and the answer path ask here, so that what is measured is what is
served.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from typing import NamedTuple

import numpy as np

from northloop.core.check import Sense, difference
from northloop.statistics.audited import Signs

LOOKED_AT = 16
"""So many of the nearest entries are looked at."""
_SHARPNESS = 20.0


class Known(NamedTuple):
    """A question that was answered."""

    similarity: float
    """Of its vector with that of the question now, -1 to 1."""
    says: Hashable
    """Names its answer: the same for all that say the same."""
    sense: Sense


class Candidate(NamedTuple):
    """The cached answer that comes into question."""

    place: int
    """Among those that were looked at."""
    similarity: float
    signs: Signs
    """As `audited.Policy` weighs them: similarity, how often the answer was right near it, log(1 +
    n) of the times that it was compared, the share of words that differ, the margin over the
    nearest question with another answer, and how much of the neighbourhood has the same answer."""


def candidate(
    own: Sense, ranked: Sequence[Known], past: Callable[[Hashable, float], tuple[float, float]]
) -> Candidate | None:
    """Return which of the entries, nearest first, comes into question; None where none does.

    `past` gives for an answer and a similarity what `audited.Past.near` does.
    """
    best = next((i for i, one in enumerate(ranked) if difference(own, one.sense) is None), None)
    if best is None:
        return None
    at, says = ranked[best].similarity, ranked[best].says
    second = next((one for one in ranked if one.says != says), ranked[-1]).similarity
    similarity = np.array([one.similarity for one in ranked], np.float32)
    weights = np.exp(_SHARPNESS * (similarity - similarity[0]))
    same = np.array([one.says == says for one in ranked])
    support = float(weights[same].sum() / weights.sum())
    success, tried = past(says, at)
    unlike = _unlike(own, ranked[best].sense)
    return Candidate(best, at, (at, success, tried, unlike, at - second, support))


def _unlike(one: Sense, other: Sense) -> float:
    mine, theirs = one.whole.words, other.whole.words
    return 1 - 2 * len(mine & theirs) / (len(mine) + len(theirs)) if mine or theirs else 0.0
