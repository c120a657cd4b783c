"""The plan of the comparison, from the history: whom to hold out, and what to average.

It is fixed before the first answer, so that nothing of what is seen later can choose it.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

import numpy as np

from northloop.core.artefacts import HoldoutPlan, Objective
from northloop.core.contact import SETTLED_DAYS
from northloop.stages.objective.cases import (
    NEVER,
    READERS,
    Case,
    Cases,
    Times,
    Window,
    cases_of,
    hours_between,
)
from northloop.stages.objective.contact_values import comparable, scales
from northloop.stages.objective.metrics import metric_named
from northloop.statistics.bootstrap import numbered
from northloop.statistics.holdout import FEWEST, SHARES, Design, History, Scale, plan

FOLLOWED = (3, 7, 14, 28)
"""Days that a contact may be followed: the fewest in which most of the history was over."""
_MOST = 0.9
_USUAL_DAYS = 14
"""For what does not take time."""


def planned(
    objective: Objective, tickets: Iterable[Case] | Cases, today: date
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
    end = history.end
    if end is None:
        return None
    reader = READERS[metric.name]
    follow_days = _USUAL_DAYS
    if reader.waited is not None:
        follow_days = _follow_days(history.created, reader.dated(history))
        # Later ones were not followed so long.
        end -= timedelta(days=follow_days)
    window = Window(end - timedelta(days=objective.window_days), end)
    if reader.waited is not None:
        seen = reader.waited(history, window, 24.0 * follow_days)
    else:
        seen = reader.observed(history, window)
    days = (date.fromisoformat(objective.deadline) - today).days - follow_days - SETTLED_DAYS
    if len(np.unique(seen.clusters)) < 2 or days <= 0:
        return None
    codes = numbered(seen.clusters)
    spanned = _days(history, window)
    found = plan(
        History(seen.values, codes),
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


def unplanned(objective: Objective) -> str:
    """Return why nobody is held out, of an objective whose history gave a baseline and no plan."""
    if not comparable(objective.metric):
        return f"{objective.metric} is not told of every contact"
    return (
        "the history, or the time to the deadline, is too short, or there are too few customers, "
        "to show anything by then"
    )


def _follow_days(began: Times, until: Times) -> int:
    timed = (began != NEVER) & (until != NEVER) & (until >= began)
    took = hours_between(began[timed], until[timed]) / 24
    most = float(np.quantile(took, _MOST)) if len(took) else 0.0
    return next((days for days in FOLLOWED if most <= days), FOLLOWED[-1])


def _days(history: Cases, window: Window) -> float:
    """How many days of the window the history covers; one at least."""
    first = history.begin or window.end
    return max(1.0, (window.end - max(first, window.start)).total_seconds() / 86_400)
