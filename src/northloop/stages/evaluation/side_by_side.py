"""What people's choices between two releases decide that test questions did not.

Each choice says of both answers whether they are right, so that right, wrong and answered are
known of both. After each the evidence is looked at; it allows that (`statistics.pairwise`).
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from math import ceil, inf, log

import msgspec
import numpy as np

from northloop.core.artefacts import Comparison, Decision
from northloop.core.side_by_side import SideBySide
from northloop.stages.evaluation.gate import BY_PEOPLE, GUARDRAIL, SUCCESS, unproven
from northloop.statistics import pairwise
from northloop.statistics.bootstrap import Floats

_ALIKE = 10
"""So many times as many questions as choices are looked at, where most are answered alike."""
_HOPE = 60
"""After so many, what may not well be proven any more with as many as are allowed is given up."""


class Outcome(StrEnum):
    """What the choices so far come to."""

    OPEN = "open"
    BETTER = "better"
    NOT_BETTER = "not better"


class Ruling(msgspec.Struct, frozen=True, kw_only=True):
    """Where the judging stands."""

    outcome: Outcome
    judged: int
    """Choices that people made."""


class _Bar(msgspec.Struct, frozen=True):
    metric: str
    margin: float
    alpha: float


def ruling(decision: Decision, seen: Sequence[SideBySide], most: int) -> Ruling:
    """Return what choices, in the order in which customers asked, add to an undecided decision.

    `most` is how many people may be asked for.
    """
    rails, ways = _bars(decision)
    judged = sum(pair.choice is not None for pair in seen)
    if _is_better(rails, ways, seen):
        return Ruling(outcome=Outcome.BETTER, judged=judged)
    worse = _is_worse([*rails, *ways], decision.alpha, seen)
    hopeless = judged + _least_left(rails, ways, seen) > most or len(seen) >= _ALIKE * most
    outcome = Outcome.NOT_BETTER if worse or hopeless else Outcome.OPEN
    return Ruling(outcome=outcome, judged=judged)


def decided(decision: Decision, seen: Sequence[SideBySide], found: Ruling) -> Decision:
    """Return the decision that the choices have led to; their comparisons stand for the open ones.

    The limits of these hold however often somebody has looked.
    """
    better = found.outcome is Outcome.BETTER
    by_people = [(c, _compared(c, decision, seen)) for c in _open(decision)] if seen else []
    comparisons = tuple(
        next((after for before, after in by_people if before is c), c) for c in decision.comparisons
    )
    numbers = "; ".join(
        dict.fromkeys(
            f"{c.metric} {c.difference:+.3g}, limits {c.low:+.3g} to {c.high:+.3g}"
            for _, c in by_people
        )
    )
    said = "Passed" if better else "Refused"
    alike = sum(pair.alike for pair in seen)
    return msgspec.structs.replace(
        decision,
        promote=better,
        pairs=0,
        alpha=0.0,
        comparisons=comparisons,
        reason=(
            f"{said}: people judged {found.judged} pairs of answers side by side, and {alike} were "
            f"alike{f' ({numbers})' if numbers else ''}."
        ),
    )


def difference(metric: str, pair: SideBySide) -> int:
    """Return by how much the candidate is better on one question: -1, 0 or 1."""
    if pair.alike:
        return 0
    ours, theirs = _told(metric, pair, ours=True), _told(metric, pair, ours=False)
    return theirs - ours if metric == "wrong" else ours - theirs


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


def _differences(metric: str, seen: Sequence[SideBySide]) -> Floats:
    return np.array([difference(metric, pair) for pair in seen], float)


def _is_better(rails: Sequence[_Bar], ways: Sequence[_Bar], seen: Sequence[SideBySide]) -> bool:
    def proven(bar: _Bar) -> bool:
        found = pairwise.standing(_differences(bar.metric, seen), bar.margin)
        return found.proven >= -log(bar.alpha)

    return all(map(proven, rails)) and (not ways or any(map(proven, ways)))


def _is_worse(bars: Sequence[_Bar], alpha: float, seen: Sequence[SideBySide]) -> bool:
    """The mean of the evidence counts, so that several bars accuse nobody oftener than one."""
    against = [pairwise.standing(_differences(bar.metric, seen), bar.margin).failed for bar in bars]
    return float(np.logaddexp.reduce(against)) - log(len(against)) >= -log(alpha)


def _least_left(rails: Sequence[_Bar], ways: Sequence[_Bar], seen: Sequence[SideBySide]) -> float:
    """How many more choices it takes at least: at a difference that may well be true."""
    judged = sum(pair.choice is not None for pair in seen)
    if judged < _HOPE:
        return 1.0

    def left(bar: _Bar) -> float:
        found = _differences(bar.metric, seen)
        done = pairwise.standing(found, bar.margin).proven
        whole = pairwise.needed(pairwise.hopeful(found), bar.margin, bar.alpha)
        return whole if whole == inf else whole * max(0.0, 1 + done / log(bar.alpha))

    most = max([*map(left, rails), min(map(left, ways), default=0.0)])
    return inf if most == inf else ceil(most * judged / len(seen))


def _compared(found: Comparison, decision: Decision, seen: Sequence[SideBySide]) -> Comparison:
    """Return a comparison as the choices have it, candidate minus current."""
    gains = _differences(found.metric, seen)
    low, high = pairwise.limits(gains, decision.alpha)
    mean = float(gains.mean())
    margin, alpha = found.margin, decision.alpha
    if found.role == SUCCESS:
        margin, alpha = 0.0, alpha / sum(c.role == SUCCESS for c in decision.comparisons)
    is_proven = pairwise.standing(gains, margin).proven >= -log(alpha)
    if found.metric == "wrong":
        low, high, mean = -high, -low, -mean
    return msgspec.structs.replace(found, difference=mean, low=low, high=high, passed=is_proven)
