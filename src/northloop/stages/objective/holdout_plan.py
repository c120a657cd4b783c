"""The plan of the comparison, from the history: whom to hold out, and what to average.

It is fixed before the first answer, so that nothing of what is seen later can choose it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

import numpy as np

from northloop.core.artefacts import HoldoutPlan, Objective
from northloop.core.contact import SETTLED_DAYS
from northloop.stages.objective.contrast import comparable, scales
from northloop.stages.objective.intervals import Observation
from northloop.stages.objective.metrics import (
    READERS,
    Case,
    Cases,
    TimedCase,
    Window,
    cases_of,
    metric_named,
)
from northloop.statistics.bootstrap import cluster_codes
from northloop.statistics.holdout import FEWEST, SHARES, Design, History, Scale, plan

FOLLOWED = (3, 7, 14, 28)
"""Days that a contact may be followed: the fewest in which most of the history was resolved."""
_MOST = 0.9
_USUAL_DAYS = 14
"""For what does not take time."""


def planned(
    objective: Objective, tickets: Sequence[Case] | Cases, today: date
) -> HoldoutPlan | None:
    """Return how the assistant's effect on the objective is to be told, beginning `today`.

    None where nobody is to be held out, where the metric cannot be told of every contact, where the
    history, or the time to the deadline, is too short to plan by, or where there are so few
    customers that nothing could be said by then: nobody is to wait for nothing.
    """
    metric = metric_named(objective.metric, "objective.metric")
    wanted = objective.holdout_share
    if wanted == 0 or not comparable(metric.name):
        return None
    history = cases_of(tickets)
    end = max((t.ended for t in history if t.ended), default=None)
    if end is None:
        return None
    follow_days = _follow_days(history) if metric.name == "resolution_time" else _USUAL_DAYS
    if metric.name == "resolution_time":
        # Later ones were not followed so long.
        end -= timedelta(days=follow_days)
    window = Window(end - timedelta(days=objective.window_days), end)
    if metric.name == "resolution_time":
        seen = _waits(history, window, follow_days)
    else:
        seen = READERS[metric.name](history, window)
    days = (date.fromisoformat(objective.deadline) - today).days - follow_days - SETTLED_DAYS
    if len({o.cluster for o in seen}) < 2 or days <= 0:
        return None
    codes = cluster_codes([o.cluster for o in seen])
    spanned = _days(history, window)
    found = plan(
        History(np.array([o.value for o in seen], dtype=np.float64), codes),
        Design(
            change=objective.change,
            customers=max(1, round((int(codes.max()) + 1) * days / spanned)),
        ),
        scales(metric.name),
        SHARES if wanted is None else (wanted,),
    )
    if found.held_out < FEWEST:
        return None
    return HoldoutPlan(
        since=today.isoformat(),
        share=found.share,
        scale="log" if found.scale is Scale.LOG else "mean",
        follow_days=follow_days,
        customers=found.held_out,
        each=round(found.each, 2),
        power=round(found.power, 2),
    )


def _follow_days(history: Sequence[TimedCase]) -> int:
    took = [
        (t.closed - t.created).total_seconds() / 86_400
        for t in history
        if t.created and t.closed and t.closed >= t.created
    ]
    most = float(np.quantile(took, _MOST)) if took else 0.0
    return next((days for days in FOLLOWED if most <= days), FOLLOWED[-1])


def _waits(history: Sequence[TimedCase], window: Window, follow_days: int) -> list[Observation]:
    """Return the hours that contacts opened in a window took, at most those of `follow_days`."""
    most = 24.0 * follow_days
    return [
        Observation(t.cluster, min(most, _hours(t.created, t.closed)) if t.closed else most)
        for t in history
        if t.created and window.holds(t.created) and (not t.closed or t.closed >= t.created)
    ]


def _hours(since: datetime, until: datetime) -> float:
    return (until - since).total_seconds() / 3600


def _days(history: Sequence[TimedCase], window: Window) -> float:
    """How many days of the window the history covers; one at least."""
    first = min((t.created or t.ended or window.end for t in history), default=window.end)
    return max(1.0, (window.end - max(first, window.start)).total_seconds() / 86_400)
