"""How far the objective is: the effect with its interval, as a share of what was agreed.

It compares two measures; it does not know what caused the difference. Against the baseline the
comparison is fair only if nothing else has changed: no season, no other staff, no other questions.
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
    """Now minus baseline, in the metric's unit, with a 95 % interval."""
    share: float
    """Share of the way from baseline to target: 0 nothing yet, 1 there, negative for worse."""
    low: float
    high: float
    """95 % interval of `share`."""
    words: str
    """What the comparison comes to, and how long is left."""


def progress(objective: Objective, now: Measure, today: date) -> Progress:
    """Return how far `now` is from the baseline.

    The way to go is the one the contract fixed (target − baseline); what is uncertain is the
    effect. Its interval is made from those of the two measures, which may be skewed, by the MOVER
    method (Zou & Donner 2008, Stat. Med. 27), and holds if the two are of different tickets.
    InputError if the objective has no baseline yet, none that differs from its target, or one in
    another unit.
    """
    baseline, target = objective.baseline, objective.target
    if baseline is None or target is None:
        raise InputError(
            "the objective has no baseline yet",
            where="objective.baseline",
            action="import a ticket history, from which it is computed",
        )
    if target == baseline.value:
        raise InputError(
            "the target is the baseline",
            where="objective.target",
            action="say what is to change: northloop init",
        )
    if now.unit != baseline.unit:
        raise InputError(
            f"{now.unit} cannot be compared with {baseline.unit}",
            where="objective.metric",
            action="import the history again, from which the baseline is computed",
        )
    effect = _difference(now, baseline)
    way = target - baseline.value
    low, high = sorted((effect.low / way, effect.high / way))
    days_left = (date.fromisoformat(objective.deadline) - today).days
    return Progress(
        effect=effect,
        share=effect.value / way,
        low=low,
        high=high,
        words=f"{_verdict(objective, low, high)}; {_time(days_left)}",
    )


def _difference(now: Measure, reference: Measure) -> Measure:
    value = now.value - reference.value
    below = (now.value - now.low) ** 2 + (reference.high - reference.value) ** 2
    above = (now.high - now.value) ** 2 + (reference.value - reference.low) ** 2
    return Measure(
        value=value, low=value - below**0.5, high=value + above**0.5, n=now.n, unit=now.unit
    )


def _verdict(objective: Objective, low: float, high: float) -> str:
    title = metric_named(objective.metric).title
    if low >= 1:
        return f"{title} is where it was to be"
    if high < 0:
        return f"{title} is worse than before"
    if low <= 0:
        return f"{title} may not have changed"
    return f"{title} is better than before"


def _time(days_left: int) -> str:
    if days_left < 0:
        return f"the deadline passed {-days_left} days ago"
    return f"{days_left} days left"
