from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import msgspec
import numpy as np
import pytest

from northloop.core.artefacts import Objective
from northloop.core.clock import stamp
from northloop.stages.objective.cases import Record
from northloop.stages.objective.holdout_plan import planned

TODAY = date(2026, 7, 1)
OBJECTIVE = Objective(
    metric="resolution_time",
    statement="30 % faster",
    change=-0.3,
    deadline="2027-01-01",
    window_days=90,
)


def history(
    a_day: int, median: float = 8.0, days: int = 120, **changes: object
) -> Iterator[Record]:
    """So many tickets a day, each of another customer, up to today."""
    took = np.random.default_rng(1).lognormal(np.log(median), 1.0, a_day * days)
    for place, hours in enumerate(took):
        opened = datetime(2026, 7, 1, tzinfo=UTC) - timedelta(days=place / a_day)
        record = Record(
            source="t.csv",
            row=place + 1,
            ticket_id=f"t{place}",
            customer_id=f"c{place}",
            conversation_id="",
            created_at=stamp(opened),
            closed_at=stamp(opened + timedelta(hours=float(hours))),
            handling_minutes=float(hours),
            csat=4.0 + place % 2,
        )
        yield msgspec.structs.replace(record, **changes)


def test_the_more_customers_the_smaller_the_share() -> None:
    shares = []
    for a_day in (4, 8, 40):
        found = planned(OBJECTIVE, [*history(a_day)], TODAY)
        assert found is not None
        assert (found.scale, found.follow_days) == ("log", 3)
        days = 184 - 3 - 7
        assert found.customers == pytest.approx(found.share * a_day * days, rel=0.05)
        shares.append(found.share)
    assert shares == sorted(shares, reverse=True)
    assert shares[-1] == 0.05
    assert found.power >= 0.85


def test_a_share_that_was_agreed_on_stays() -> None:
    agreed = msgspec.structs.replace(OBJECTIVE, holdout_share=0.33)
    for a_day in (1, 40):
        found = planned(agreed, [*history(a_day)], TODAY)
        assert found is not None
        assert found.share == 0.33


def test_nobody_is_held_out_where_nothing_could_come_of_it() -> None:
    few = [*history(1)]
    assert planned(OBJECTIVE, few, TODAY) is None
    for changes in (
        {"holdout_share": 0.0},
        {"metric": "containment"},
        {"deadline": "2026-07-08"},
    ):
        other = msgspec.structs.replace(OBJECTIVE, **changes)
        assert planned(other, [*history(40)], TODAY) is None
    assert planned(OBJECTIVE, [], TODAY) is None
    assert planned(OBJECTIVE, [*history(9, created_at=None)], TODAY) is None


def test_slow_cases_are_followed_longer() -> None:
    found = planned(OBJECTIVE, [*history(20, median=60.0)], TODAY)
    assert found is not None
    assert found.follow_days == 14


def test_what_is_still_open_counts_as_the_whole_window() -> None:
    """Half never closed: the change is as hard to see as they make it."""
    some = [
        msgspec.structs.replace(record, closed_at=None) if record.row % 2 else record
        for record in history(8)
    ]
    found, closed = planned(OBJECTIVE, some, TODAY), planned(OBJECTIVE, [*history(8)], TODAY)
    assert found is not None
    assert closed is not None
    assert found.customers == pytest.approx(closed.customers * found.share / closed.share, rel=0.1)


@pytest.mark.parametrize(
    ("metric", "change"), [("handling_time", -0.2), ("csat", 0.05), ("durable_resolution", 0.1)]
)
def test_other_metrics_are_planned_on_their_means(metric: str, change: float) -> None:
    other = msgspec.structs.replace(OBJECTIVE, metric=metric, change=change)
    found = planned(other, [*history(20, reopened=False)], TODAY)
    assert found is not None
    assert (found.scale, found.follow_days) == ("mean", 14)


def test_a_plan_on_first_responses_follows_those_that_nobody_answers() -> None:
    objective = msgspec.structs.replace(OBJECTIVE, metric="first_response_time")
    told = [
        msgspec.structs.replace(
            one,
            first_touch_at=one.closed_at if place % 10 else None,
            reply="On its way." if place % 10 else "",
        )
        for place, one in enumerate(history(20))
    ]
    found = planned(objective, told, TODAY)
    assert found is not None
    assert found.follow_days == 3
    assert found.customers == pytest.approx(found.share * 20 * (184 - 3 - 7), rel=0.05)
