"""What a contact counts for in a metric, as the arms are compared by it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from types import MappingProxyType

import msgspec
import numpy as np

from northloop.core.artefacts import HoldoutPlan, Objective
from northloop.core.contact import SETTLED_DAYS, End, Ended, Lot
from northloop.statistics.bootstrap import cluster_codes
from northloop.statistics.holdout import Contacts, Scale, on_scale

_LEAST = 0.1
"""Of hours and of minutes: the logarithm of 0 is none, nor is that of a mean of nothing else."""
_AT_ONCE = 1.0
"""An answer within so many minutes came at once: exports write no seconds."""
ARMS = (Lot.ASSISTED, Lot.HELD_OUT)


class Values(msgspec.Struct, frozen=True):
    """The contacts of both arms that have a value."""

    ended: Sequence[Ended]
    value: Sequence[float]

    def on(self, scale: Scale) -> Contacts:
        """Return them as the statistics take them, on a scale."""
        return Contacts(
            value=on_scale(np.array(self.value, dtype=np.float64), scale, _LEAST),
            customer=cluster_codes([customer_of(one) for one in self.ended]),
            held_out=np.array([one.contact.lot is Lot.HELD_OUT for one in self.ended], dtype=bool),
        )


def comparable(metric: str) -> bool:
    """Return whether a metric can be told of every contact, so that arms can be compared."""
    return metric in TOLD


def scales(metric: str) -> tuple[Scale, ...]:
    """Return on which scales a metric is compared: times that are never 0 on two."""
    return TOLD[metric].scales


def counts(one: Ended, objective: Objective, plan: HoldoutPlan) -> bool:
    """Whether a contact is one of those that the plan speaks of."""
    is_drawn = one.contact.lot in ARMS and one.contact.held_out == plan.share
    days = one.opened.date().isoformat(), followed_until(one, plan).date().isoformat()
    return is_drawn and plan.since <= days[0] and days[1] <= objective.deadline


def followed_until(one: Ended, plan: HoldoutPlan) -> datetime:
    """When its window is over, and the time in which its customer may have come back."""
    return one.opened + timedelta(days=plan.follow_days + SETTLED_DAYS)


def _hours(one: Ended, plan: HoldoutPlan) -> float | None:
    most = _whole_hours(plan)
    if one.at is not None:
        return max(_LEAST, min(most, hours_after(one, one.at)))
    was_long = one.going_on >= one.opened + timedelta(hours=most)
    return most if one.end is End.OPEN or was_long else None


def _response_minutes(one: Ended, plan: HoldoutPlan) -> float | None:
    most = _whole_minutes(plan)
    if one.responded_at is not None:
        return max(_AT_ONCE, min(most, 60 * hours_after(one, one.responded_at)))
    return most if one.unanswered else None


def _handled(one: Ended, _: HoldoutPlan) -> float | None:
    return None if one.handling_minutes is None else max(_LEAST, one.handling_minutes)


def durable(one: Ended, plan: HoldoutPlan) -> float | None:
    """Return 1 for a contact that was settled in time and not taken up again, 0 for another, None
    where that is not known."""
    hours = _hours(one, plan)
    if hours is None:
        return None
    return float(hours < _whole_hours(plan) and not one.reopened)


def _rated(one: Ended, _: HoldoutPlan) -> float | None:
    return one.csat


def hours_after(one: Ended, at: datetime) -> float:
    """Return how many hours after a contact was opened something was."""
    return (at - one.opened).total_seconds() / 3600


def _whole_hours(plan: HoldoutPlan) -> float:
    return 24.0 * plan.follow_days


def _whole_minutes(plan: HoldoutPlan) -> float:
    return 60 * _whole_hours(plan)


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """How a metric is told of a contact."""

    value: Callable[[Ended, HoldoutPlan], float | None]
    """None where it is not known."""
    never: Callable[[HoldoutPlan], float] | None = None
    """What a contact that never gets there counts for; None where there is no such thing."""
    scales: tuple[Scale, ...] = (Scale.MEAN,)
    missing: str = "how they ended"
    """What nobody has reported of one without a value."""
    is_of_the_end: bool = True
    """It is not known where the end is not."""


_TIMES = (Scale.LOG, Scale.MEAN)
TOLD: Mapping[str, Told] = MappingProxyType(
    {
        "resolution_time": Told(value=_hours, never=_whole_hours, scales=_TIMES),
        "first_response_time": Told(
            value=_response_minutes,
            never=_whole_minutes,
            scales=_TIMES,
            missing="when they were first answered",
            is_of_the_end=False,
        ),
        "handling_time": Told(value=_handled),
        "durable_resolution": Told(value=durable, never=lambda _: 0.0),
        "csat": Told(value=_rated),
    }
)


def values_of(
    metric: str, whole: Sequence[Ended], plan: HoldoutPlan, open_in: Lot | None = None
) -> Values:
    """Return the contacts that have a value; those of `open_in` without one count as open."""
    ended, values, told = [], [], TOLD[metric]
    for one in whole:
        value = told.value(one, plan)
        if value is None and one.contact.lot is open_in and told.never is not None:
            value = told.never(plan)
        if value is not None:
            ended.append(one)
            values.append(value)
    return Values(ended, values)


def firsts_of(values: Values, drawn: Sequence[Ended]) -> Values:
    """Return the values of each customer's first contact; of one without a value, none."""
    first: dict[str, Ended] = {}
    for one in drawn:
        who = customer_of(one)
        if who not in first or one.contact.opened_at < first[who].contact.opened_at:
            first[who] = one
    names = {one.contact.contact_id for one in first.values()}
    pairs = zip(values.ended, values.value, strict=True)
    kept = [(one, value) for one, value in pairs if one.contact.contact_id in names]
    return Values([one for one, _ in kept], [value for _, value in kept])


def customer_of(one: Ended) -> str:
    """Return what names the customer of a contact."""
    return f"{one.contact.tenant}\x1f{one.contact.customer_id}"
