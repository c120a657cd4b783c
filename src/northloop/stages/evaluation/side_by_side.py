"""What people's choices between two releases decide that test questions did not.

Each choice says of both answers whether they are right, so that right, wrong and answered are
known of both. After each the evidence is looked at; it allows that (`statistics.pairwise`).

A pair that was passed over is missing, and nobody knows why: whoever skips what a release gets
wrong makes it look better than it is. Left out, or counted as no difference, it would let reviewers
steer. So on each side it counts as the worst that it could be there: what is called better is so
whatever the missing ones hold, and so is what is called worse, for each difference that is counted
is none above the true one (none below), and an e-process on smaller gains grows no faster. What it
costs is power: where many are passed over, nothing is proven, and the live release stays.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import StrEnum
from math import inf, log

import msgspec
import numpy as np

from northloop.core.artefacts import Comparison, Decision
from northloop.core.side_by_side import PairChoice, SideBySide
from northloop.stages.evaluation.gate import BY_PEOPLE, GUARDRAIL, SUCCESS, unproven
from northloop.statistics import pairwise
from northloop.statistics.bootstrap import Floats

_ALIKE = 10
"""So many times as many questions as choices are looked at, where most are answered alike."""
_HOPE = 60
"""After so many, what may not well be proven any more with as many as are allowed is given up."""


class PairsOutcome(StrEnum):
    """What the choices so far come to."""

    OPEN = "open"
    BETTER = "better"
    NOT_BETTER = "not better"


class Ruling(msgspec.Struct, frozen=True, kw_only=True):
    """Where the judging stands."""

    outcome: PairsOutcome
    judged: int
    """Choices that people made."""
    skipped: int = 0
    """Pairs that they passed over."""


class _Bar(msgspec.Struct, frozen=True):
    metric: str
    margin: float
    alpha: float


_Gains = Mapping[str, tuple[Floats, Floats]]
"""By metric the least and the most that the difference of each pair may be."""


def ruling(decision: Decision, seen: Sequence[SideBySide], most: int) -> Ruling:
    """Return what choices, in the order in which customers asked, add to an undecided decision.

    `most` is how many people may be asked for.
    """
    rails, ways = _bars(decision)
    judged = sum(pair.choice is not None for pair in seen)
    skipped = sum(pair.skip is not None for pair in seen)
    asked = judged + skipped
    gains = {bar.metric: _differences(bar.metric, seen) for bar in (*rails, *ways)}
    if _is_better(rails, ways, gains):
        return Ruling(outcome=PairsOutcome.BETTER, judged=judged, skipped=skipped)
    worse = _is_worse([*rails, *ways], decision.alpha, gains)
    left = 1.0 if asked < _HOPE else _pairs_left(rails, ways, gains) * asked / len(seen)
    hopeless = asked + left > most or len(seen) >= _ALIKE * most
    outcome = PairsOutcome.NOT_BETTER if worse or hopeless else PairsOutcome.OPEN
    return Ruling(outcome=outcome, judged=judged, skipped=skipped)


def _points(share: float) -> str:
    """Return a difference of shares in hundredths, with its sign; "0" has none."""
    points = round(100 * share, 1)
    return f"{points:+g}" if points else "0"


def decided(decision: Decision, seen: Sequence[SideBySide], found: Ruling) -> Decision:
    """Return the decision that the choices have led to; their comparisons stand for the open ones.

    The limits of these hold however often somebody has looked.
    """
    better = found.outcome is PairsOutcome.BETTER
    by_people = [(c, _compared(c, decision, seen)) for c in _open(decision)] if seen else []
    comparisons = tuple(
        next((after for before, after in by_people if before is c), c) for c in decision.comparisons
    )
    numbers = "; ".join(
        dict.fromkeys(
            f"{c.metric} {_points(c.difference)} points, {_points(c.low)} to {_points(c.high)}"
            for _, c in by_people
        )
    )
    said = "Passed" if better else "Refused"
    alike = sum(pair.alike for pair in seen)
    missing = f"; {found.skipped} they passed over, which count as the worst that they could be"
    return msgspec.structs.replace(
        decision,
        promote=better,
        pairs=0,
        alpha=0.0,
        comparisons=comparisons,
        reason=(
            f"{said}: people judged {found.judged} pairs of answers side by side, and {alike} were "
            f"alike{missing if found.skipped else ''}{f' ({numbers})' if numbers else ''}."
        ),
    )


def difference(metric: str, pair: SideBySide) -> int:
    """Return by how much the candidate is better on one question: -1, 0 or 1."""
    if pair.alike:
        return 0
    ours, theirs = _told(metric, pair, ours=True), _told(metric, pair, ours=False)
    return theirs - ours if metric == "wrong" else ours - theirs


def differences(metric: str, pair: SideBySide) -> tuple[int, int]:
    """Return the least and the most that it may be; of a pair that was judged both are what it is.
    What was sent is known of one that was passed over too."""
    if pair.skip is None:
        found = difference(metric, pair)
        return found, found
    ways = [difference(metric, msgspec.structs.replace(pair, choice=way)) for way in PairChoice]
    return min(ways), max(ways)


def _told(metric: str, pair: SideBySide, *, ours: bool) -> int:
    sent = bool(pair.candidate if ours else pair.current)
    right = pair.is_right(candidate=ours)
    return int({"right": right, "wrong": sent and not right, "answered": sent}[metric])


def _open(decision: Decision) -> list[Comparison]:
    return [c for c in unproven(decision.comparisons) if c.metric in BY_PEOPLE]


def _bars(decision: Decision) -> tuple[list[_Bar], list[_Bar]]:
    """Return what has to be proven: each of the guardrails, and one of the ways to be better."""
    named = sum(c.role == SUCCESS for c in decision.comparisons)
    open_ = _open(decision)
    rails = [_Bar(c.metric, c.margin, decision.alpha) for c in open_ if c.role == GUARDRAIL]
    share = decision.alpha / max(named, 1)
    return rails, [_Bar(c.metric, 0.0, share) for c in open_ if c.role == SUCCESS]


def _differences(metric: str, seen: Sequence[SideBySide]) -> tuple[Floats, Floats]:
    """Return the least and the most that the differences may be."""
    both = np.array([differences(metric, pair) for pair in seen], float).reshape(-1, 2)
    return both[:, 0], both[:, 1]


def _proven(bar: _Bar, gains: _Gains) -> float:
    """Return the evidence that a bar is held, whatever was passed over."""
    return pairwise.standing(gains[bar.metric][0], bar.margin).proven


def _failed(bar: _Bar, gains: _Gains) -> float:
    """The same that it is not."""
    return pairwise.standing(gains[bar.metric][1], bar.margin).failed


def _is_better(rails: Sequence[_Bar], ways: Sequence[_Bar], gains: _Gains) -> bool:
    def proven(bar: _Bar) -> bool:
        return _proven(bar, gains) >= -log(bar.alpha)

    return all(map(proven, rails)) and (not ways or any(map(proven, ways)))


def _is_worse(bars: Sequence[_Bar], alpha: float, gains: _Gains) -> bool:
    """The mean of the evidence counts, so that several bars accuse nobody oftener than one."""
    against = [_failed(bar, gains) for bar in bars]
    return float(np.logaddexp.reduce(against)) - log(len(against)) >= -log(alpha)


def _pairs_left(rails: Sequence[_Bar], ways: Sequence[_Bar], gains: _Gains) -> float:
    """Return how many more pairs it takes at least, inf for never: at a difference that may well be
    true, and with the best of what was passed over, for skips alone give nothing up."""

    def left(bar: _Bar) -> float:
        whole = pairwise.needed(pairwise.hopeful(gains[bar.metric][1]), bar.margin, bar.alpha)
        return whole if whole == inf else whole * max(0.0, 1 + _proven(bar, gains) / log(bar.alpha))

    return max([*map(left, rails), min(map(left, ways), default=0.0)])


def _compared(found: Comparison, decision: Decision, seen: Sequence[SideBySide]) -> Comparison:
    """Return a comparison as the choices have it, candidate minus current."""
    least, most = _differences(found.metric, seen)
    low, high = (
        pairwise.limits(gains, decision.alpha)[end] for end, gains in enumerate((least, most))
    )
    mean = float((least + most).mean() / 2)
    margin, alpha = found.margin, decision.alpha
    if found.role == SUCCESS:
        margin, alpha = 0.0, alpha / sum(c.role == SUCCESS for c in decision.comparisons)
    is_proven = pairwise.standing(least, margin).proven >= -log(alpha)
    if found.metric == "wrong":
        low, high, mean = -high, -low, -mean
    return msgspec.structs.replace(found, difference=mean, low=low, high=high, passed=is_proven)
