"""One alert of a kind at a time: opened, told, taken on, over, and back."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from northloop.core.alerts import ACTIONS, TITLES, Alert, AlertKind, AlertState, Finding
from northloop.core.clock import stamp
from northloop.core.desk import DeliveryState
from northloop.core.errors import InputError, NotFound
from northloop.stages.monitoring import alerts
from northloop.testing.records import MemoryRecords

DRIFT = AlertKind.DRIFT
BEGAN = datetime(2026, 11, 1, tzinfo=UTC)


def at(hours: float) -> datetime:
    return BEGAN + timedelta(hours=hours)


@pytest.fixture
def records() -> MemoryRecords:
    return MemoryRecords()


def follow(records: MemoryRecords, hours: float, *about: str, found: bool = True) -> Alert:
    finding = Finding(about=about, text=f"it is {'+'.join(about)}")
    alerts.follow(records, {DRIFT: finding} if found else {}, ["mail", "chat"], stamp(at(hours)))
    alert = alerts.newest(records, DRIFT)
    assert alert is not None
    return alert


def tell(records: MemoryRecords, hours: float) -> int:
    """Tell all that is due, with success, and return how much it was."""
    told = 0
    for alert, channel in alerts.due(records, stamp(at(hours))):
        mine = alerts.claimed(records, alert.alert_id, channel, at(hours))
        assert mine is not None
        after = alerts.Telling(channel=channel, due=stamp(at(hours)), state=DeliveryState.DELIVERED)
        alerts.settled(records, alert.alert_id, mine, after)
        told += 1
    return told


def test_it_is_told_once_and_again_after_a_day(records: MemoryRecords) -> None:
    follow(records, 0, "a")
    assert tell(records, 0) == 2
    for hours in (0.01, 5, 23.9):
        follow(records, hours, "a")
        assert tell(records, hours) == 0
    follow(records, 24, "a")
    assert tell(records, 24) == 2
    assert records.count(Alert) == 1


def test_who_takes_it_on_is_not_woken_again_until_it_is_something_else(
    records: MemoryRecords,
) -> None:
    alert = follow(records, 0, "a")
    tell(records, 0)
    taken = alerts.acknowledge(records, alert.alert_id, "ana")
    assert (taken.state, taken.by) == (AlertState.ACKNOWLEDGED, "ana")
    assert alerts.acknowledge(records, alert.alert_id, "ben").by == "ana"
    follow(records, 30, "a")
    assert tell(records, 30) == 0
    news = follow(records, 31, "a", "b")
    assert (news.state, news.by, news.text) == (AlertState.OPEN, "", "it is a+b")
    assert tell(records, 31) == 2


def test_what_is_new_is_told_at_once_whether_taken_on_or_not(records: MemoryRecords) -> None:
    follow(records, 0, "a")
    assert tell(records, 0) == 2
    follow(records, 1, "a", "b")
    assert tell(records, 1) == 2
    follow(records, 2, "a", "b")
    assert tell(records, 2) == 0


def test_who_takes_it_on_spares_the_others_what_was_not_told_yet(records: MemoryRecords) -> None:
    alert = follow(records, 0, "a")
    alerts.acknowledge(records, alert.alert_id, "ana")
    assert tell(records, 0) == 0


def test_what_is_over_is_over_and_the_next_one_is_another(records: MemoryRecords) -> None:
    first = follow(records, 0, "a")
    tell(records, 0)
    assert follow(records, 1, found=False).state is AlertState.OVER
    assert alerts.standing(records) == []
    with pytest.raises(InputError, match="over already"):
        alerts.acknowledge(records, first.alert_id, "ana")
    other = follow(records, 2, "b")
    assert other.alert_id != first.alert_id
    assert tell(records, 2) == 2
    with pytest.raises(NotFound):
        alerts.acknowledge(records, "nothing", "ana")


def test_what_flaps_wakes_nobody_twice_a_day(records: MemoryRecords) -> None:
    follow(records, 0, "a")
    assert tell(records, 0) == 2
    for hours in range(1, 20):
        follow(records, hours, "a", found=hours % 2 == 0)
        assert tell(records, hours) == 0
    assert records.count(Alert) == 1
    follow(records, 20, found=False)
    assert follow(records, 50, "a").at == stamp(at(50)), "a day later it is news"
    assert tell(records, 50) == 2


def test_what_is_over_before_it_was_told_is_not_told(records: MemoryRecords) -> None:
    follow(records, 0, "a")
    follow(records, 0.1, found=False)
    assert tell(records, 0.2) == 0


def test_of_two_processes_one_tells_and_a_dead_one_is_followed(records: MemoryRecords) -> None:
    alert = follow(records, 0, "a")
    assert alerts.claimed(records, alert.alert_id, "mail", at(0)) is not None
    assert alerts.claimed(records, alert.alert_id, "mail", at(0)) is None
    assert alerts.claimed(records, alert.alert_id, "chat", at(0)) is not None
    assert alerts.claimed(records, alert.alert_id, "fax", at(0)) is None
    again = alerts.claimed(records, alert.alert_id, "mail", at(0.1))
    assert again is not None and again.tries == 2


def test_what_came_of_it_does_not_undo_what_happened_meanwhile(records: MemoryRecords) -> None:
    alert = follow(records, 0, "a")
    mine = alerts.claimed(records, alert.alert_id, "mail", at(0))
    assert mine is not None
    alerts.acknowledge(records, alert.alert_id, "ana")
    follow(records, 1, "b")
    after = alerts.Telling(channel="mail", due="", state=DeliveryState.GIVEN_UP)
    alerts.settled(records, alert.alert_id, mine, after)
    now = alerts.newest(records, DRIFT)
    assert now is not None and now.state is AlertState.OPEN
    assert {t.state for t in now.tellings} == {DeliveryState.WAITING}, "it is to be told anew"


def test_every_kind_has_a_name_and_something_to_do() -> None:
    assert TITLES.keys() == ACTIONS.keys() == set(AlertKind)
    assert all("northloop " in action for action in ACTIONS.values())
