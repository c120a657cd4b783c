"""From which score on may we answer? A threshold with a proof, or one with a bounded price.

A proof: Learn-then-Test (Angelopoulos et al. 2021, arXiv 2110.01052) by fixed-sequence testing.
Thresholds are tried from strict to lax and the first that cannot be certified ends the search, so
that no correction for the many tries is needed.

A price: where answers are too few or too often wrong for that, as many wrong ones are held back as
a loss of right ones buys that is certified in the same way. Neither knows what the score is of.
"""

from __future__ import annotations

from functools import lru_cache
from math import ceil, inf, log, log1p
from typing import TypeAlias

import msgspec
import numpy as np
from numpy.typing import NDArray
from scipy.special import bdtr, bdtrik

from northloop.statistics.bootstrap import Floats

Bools: TypeAlias = NDArray[np.bool_]
Ints: TypeAlias = NDArray[np.int_]
FEWEST_ASKED = 22
"""With fewer questions nothing can be held back at the price that `at_a_price` takes by itself."""
_STAKE = 3.0
_BLOWN = 1_000.0
"""From this evidence on a fuse is blown."""
_MAJORITY_STAKE = 0.8
_SHOWN = 50.0
"""From this evidence on a majority is shown."""
_ROOM = 1.35
"""The strictest threshold tried answers at least so many times the labelled items that would do:
with just those a single error more would end the sequence before it began."""
_LOOKED_AT = 200
"""Of so many places at most it is foreseen how likely they are to be certified."""
_HOPEFUL = 0.5
"""Where none is as likely as that, what was foreseen tells nothing, or there is little to certify.
Then the strictest threshold leaves room for `_MISTAKES` errors, as long as that is no more than the
`_SUREST` share: the surest answers of all may hold one, too, and it must not end the sequence."""
_MISTAKES, _SUREST = 2, 0.35
_CLOSE = 1e-9
TIMES = (1.25, 1.5, 2.0, 3.0, 5.0, 8.0)
"""Of the decisions so far: how many are looked ahead to."""
_MORE = 0.05
"""Less than so many more of the questions is not worth telling."""


class RiskSpec(msgspec.Struct, frozen=True, kw_only=True):
    """What is to be certified."""

    max_wrong: float = 0.05
    """Greatest tolerable share of wrong answers among those given."""
    delta: float = 0.1
    """Probability that the certificate is wrong."""
    steps: int = 20


class Certificate(msgspec.Struct, frozen=True, kw_only=True):
    """Answer when the score is at least `threshold`."""

    threshold: float
    answered: int
    """Labelled items at or above it."""
    wrong: int
    coverage: float
    """Share of the questions that would have been answered."""
    p_value: float


def fewest_answered(spec: RiskSpec, errors: int = 0) -> int:
    """Return how many answers with so many errors are the fewest that certify: 45 without any at
    5 %, δ = .1."""
    fewest = ceil(log(spec.delta) / log1p(-spec.max_wrong))
    while bdtr(errors, fewest, spec.max_wrong) > spec.delta:
        fewest += 1
    return fewest


class Labelled(msgspec.Struct, frozen=True):
    """Items of which people said whether they are wrong; arrays (N,)."""

    score: Floats
    wrong: Bools
    foreseen: Floats
    """The probability of being wrong that each was given without these labels."""
    weight: Floats | None = None
    """How many questions each stands for; None for equally many."""


class _Surest(msgspec.Struct, frozen=True):
    """What is known of the surest items, down to each score in turn; arrays of one length."""

    score: Floats
    """Each once, from strict to lax."""
    items: Ints
    wrong: Ints
    share: Floats
    """Of the questions that they stand for."""
    order: Ints
    """(N,), all items from the surest on."""


def _surest(of: Labelled) -> _Surest:
    order = np.argsort(-of.score, kind="stable")
    score = of.score[order]
    ends = np.flatnonzero(np.append(score[1:] < score[:-1], True))
    weight = np.ones(len(score)) if of.weight is None else of.weight[order]
    share = np.cumsum(weight)[ends] / weight.sum()
    return _Surest(score[ends], ends + 1, np.cumsum(of.wrong[order], dtype=int)[ends], share, order)


def _tried(surest: _Surest, foreseen: Floats, spec: RiskSpec) -> list[int]:
    """Return the places that are tried, from strict to lax, evenly over the items: from the one on
    that is likeliest to be certified by what was foreseen. What was wrong has no say in it."""
    every = surest.items[-1]
    fewest, most = (_ROOM * fewest_answered(spec, errors) for errors in (0, _MISTAKES))
    n = surest.items[surest.items >= fewest]
    if not len(n):
        return [len(surest.items) - 1]
    n = n[np.unique(np.linspace(0, len(n) - 1, _LOOKED_AT).astype(int))]
    risk = np.clip(np.cumsum(foreseen[surest.order])[n - 1] / n, 0.0, 1.0)
    held = bdtr(_most_wrong(spec, 1 << int(every).bit_length())[n], n, risk)
    likeliest = int(held.argmax())
    hopeful = held[likeliest] >= _HOPEFUL
    # No laxer than where there is room for mistakes: who is too sure would begin where it fails.
    first = min(n[likeliest], most) if hopeful else max(fewest, min(most, _SUREST * every))
    wanted = np.linspace(first, every, spec.steps)
    return sorted({*np.searchsorted(surest.items, wanted - _CLOSE).tolist()})


@lru_cache(64)
def _most_wrong(spec: RiskSpec, size: int) -> Floats:
    """Return how many of 0, 1, 2 … items may be wrong where they certify; (size,)."""
    found: Floats = np.floor(bdtrik(spec.delta, np.arange(size), spec.max_wrong))
    return found


def certify(of: Labelled, spec: RiskSpec, least: float = -inf) -> Certificate | None:
    """Return the laxest certified threshold, None if even the strictest that is tried is not.

    With `least`, which is known to be certified otherwise, none below that: it takes the place of
    a laxer one.

    With probability ≥ 1 - delta, at most `max_wrong` of the answers given at that threshold are
    wrong, as long as traffic stays what it was. The items must be a uniform sample, one per
    conversation; where the less sure ones are drawn oftener it errs on the safe side. Where what
    was foreseen is off, less is certified.
    """
    if not len(of.score):
        return None
    surest = _surest(of)
    certified: Certificate | None = None
    for place in _tried(surest, of.foreseen, spec):
        found = _certificate(surest, place, spec)
        if found.p_value > spec.delta:
            break
        certified = found
    if certified is None or certified.threshold >= least:
        return certified
    strict = int((surest.score >= least).sum()) - 1
    if strict < 0:
        return None
    return msgspec.structs.replace(_certificate(surest, strict, spec), threshold=least)


def _certificate(surest: _Surest, place: int, spec: RiskSpec) -> Certificate:
    """What holds of the items down to a place."""
    n, errors = int(surest.items[place]), int(surest.wrong[place])
    return Certificate(
        threshold=float(surest.score[place]),
        answered=n,
        wrong=errors,
        coverage=float(surest.share[place]),
        p_value=float(bdtr(errors, n, spec.max_wrong)),
    )


class Foreseen(msgspec.Struct, frozen=True):
    """What more decisions buy, if they come out as those so far."""

    decisions: int
    """In all."""
    coverage: float
    """Share of the questions that is certified then."""


def ahead(of: Labelled, spec: RiskSpec) -> Foreseen | None:
    """Return the first of `TIMES` as many decisions that certify more than these do, if as many of
    the surest are wrong as now; None if none does. No promise: it takes the sample for the truth,
    and a certificate may come later, for it is looked for from the likeliest on."""
    if not len(of.score):
        return None
    known = certify(of, spec)
    least = (known.coverage if known else 0.0) + _MORE
    surest = _surest(of)
    for times in TIMES:
        many = (times * surest.items).astype(int)
        chance = bdtr(np.ceil(times * surest.wrong), many, spec.max_wrong)
        held = (surest.share >= least) & (chance <= spec.delta)
        if held.any():
            return Foreseen(int(times * len(of.score)), float(surest.share[held].max()))
    return None


def blown_at(wrong: Bools, tolerated: float) -> int | None:
    """Return the first place in a sequence of answers at which too many were wrong, None for none.

    M ← max(1, M (1 + 3 (wrong − tolerated))), blown at a thousand. As long as no more than
    `tolerated` are wrong, M grows nowhere in the mean, and at least a thousand answers lie between
    two false alarms on average; valid for a `tolerated` of at most a third.
    """
    evidence = 1.0
    for place, is_wrong in enumerate(wrong):
        evidence = grown(evidence, bool(is_wrong), tolerated)
        if evidence >= _BLOWN:
            return place
    return None


def grown(evidence: float, wrong: bool, tolerated: float) -> float:
    """Return the fuse's M after one more answer; 1 before the first."""
    return max(1.0, evidence * (1 + _STAKE * (float(wrong) - tolerated)))


def favoured(right: Bools, at_first: bool) -> bool | None:
    """Return what a sequence of decisions comes to: True where right ones outnumber wrong ones,
    False where it is the other way round, None as long as neither is shown.

    Only what would change something is looked for, so from `at_first` False for a majority of right
    ones, and back. Each search is M ← max(1, M (1 + .8 (what speaks for a change − 1/2))), ended
    at fifty: without such a majority at least fifty decisions lie between two changes on
    average. Twelve in a row that speak for a change suffice, or about forty-seven of which 70 % do.
    """
    state, evidence, shown = at_first, 1.0, None
    for is_right in right:
        speaks = bool(is_right) is not state
        evidence = max(1.0, evidence * (1 + _MAJORITY_STAKE * (float(speaks) - 0.5)))
        if evidence >= _SHOWN:
            state, evidence = not state, 1.0
            shown = state
    return shown


class Outcomes(msgspec.Struct, frozen=True):
    """What came of questions whose answers have a score; arrays of one length."""

    score: Floats
    right: Bools
    wrong: Bools
    """What is neither right nor wrong is not known, and counts as lost where it is held back."""


def at_a_price(outcomes: Outcomes, asked: int, most_lost: float = 0.1, delta: float = 0.1) -> float:
    """Return the score from which on right answers outnumber wrong ones the most, within a price.

    The price: with probability ≥ 1 - delta, of all questions to come at most the share `most_lost`
    have an answer below it that is not wrong, as long as they are like the `asked` ones (those that
    no outcome is of included). Of several such scores the lowest: -inf where nothing is worth
    holding back or too few were asked (22 are enough as it stands), inf where no answer is worth
    its risk.
    """
    score, right, wrong = outcomes.score, outcomes.right, outcomes.wrong
    seen = np.unique(score)
    between = (seen[1:] + seen[:-1]) / 2
    candidates = np.concatenate([[-np.inf], between, [np.inf]])
    lost = np.searchsorted(np.sort(score[~wrong]), candidates)
    # The more is lost, the less is proven: no correction for the many tries is needed.
    affordable = candidates[(bdtr(lost, asked, most_lost) <= delta) | np.isneginf(candidates)]
    surplus = _at_or_above(score[right], affordable) - _at_or_above(score[wrong], affordable)
    return float(affordable[np.argmax(surplus)])


def _at_or_above(score: Floats, thresholds: Floats) -> NDArray[np.intp]:
    return len(score) - np.searchsorted(np.sort(score), thresholds)
