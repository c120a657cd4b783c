"""How far the objective is: the effect with its interval, as a share of what was agreed.

It compares two measures; it does not know what caused the difference. Against the holdout the
comparison is fair at any season, against the baseline only if nothing else has changed.
"""

from __future__ import annotations

from datetime import date

import msgspec

from northloop.core.artefacts import Measure, Objective
from northloop.core.errors import InputError
from northloop.stages.objective.metrics import metric_named


class Progress(msgspec.Struct, frozen=True, kw_only=True):
    """Where the objective stands on a day."""

    effect: Measure
    """Now minus reference (holdout or baseline), in the metric's unit, with a 95 % interval."""
    share: float
    """Share of the way from baseline to target: 0 nothing yet, 1 there, negative for worse."""
    low: float
    high: float
    """95 % interval of `share`."""
    days_left: int
    """Negative once the deadline has passed."""
    words: str


def progress(
    objective: Objective, now: Measure, today: date, holdout: Measure | None = None
) -> Progress:
    """Return how far `now` is from the holdout, or from the baseline where there is no holdout.

    The way to go is the one the contract fixed (target − baseline); what is uncertain is the
    effect. Its interval is made from those of the two measures, which may be skewed, by the MOVER
    method (Zou & Donner 2008, Stat. Med. 27), and holds if the two are of different tickets.
    InputError if the objective has no baseline yet or the units differ.
    """
    if objective.baseline is None or objective.target is None:
        raise InputError(
            "the objective has no baseline yet",
            where="objective.baseline",
            action="import a ticket history, from which it is computed",
        )
    reference = holdout or objective.baseline
    if now.unit != reference.unit:
        raise InputError(
            f"{now.unit} cannot be compared with {reference.unit}", where="objective.metric"
        )
    effect = _difference(now, reference)
    way = objective.target - objective.baseline.value
    low, high = sorted((effect.low / way, effect.high / way))
    days_left = (date.fromisoformat(objective.deadline) - today).days
    return Progress(
        effect=effect,
        share=effect.value / way,
        low=low,
        high=high,
        days_left=days_left,
        words=f"{_verdict(objective, effect.value / way, low, high)}; {_time(days_left)}",
    )


def _difference(now: Measure, reference: Measure) -> Measure:
    value = now.value - reference.value
    below = (now.value - now.low) ** 2 + (reference.high - reference.value) ** 2
    above = (now.high - now.value) ** 2 + (reference.value - reference.low) ** 2
    return Measure(
        value=value, low=value - below**0.5, high=value + above**0.5, n=now.n, unit=now.unit
    )


def _verdict(objective: Objective, share: float, low: float, high: float) -> str:
    title = metric_named(objective.metric).title
    if low >= 1:
        return f"target reached: {title} is proven to be there"
    if high < 0:
        return f"{title} is proven to be worse than before"
    if low <= 0:
        return f"not proven yet: {title} may not have changed"
    return f"{title} is proven to be better, {share:.0%} of the way"


def _time(days_left: int) -> str:
    if days_left < 0:
        return f"the deadline passed {-days_left} days ago"
    return f"{days_left} days left"
