"""Times are written in one way."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import time_machine
from hypothesis import given
from hypothesis import strategies as st

from northloop.core import clock

SOURCE = Path(__file__).parents[2] / "src" / "northloop"
WHOLE_SECOND = datetime(2027, 6, 30, 9, 0, tzinfo=UTC)


def test_a_stamp_is_of_this_moment() -> None:
    with time_machine.travel(WHOLE_SECOND, tick=False):
        assert clock.stamp() == "2027-06-30T09:00:00.000+00:00"
        assert clock.stamp(unit="microseconds") == "2027-06-30T09:00:00.000000+00:00"
        assert clock.now() == WHOLE_SECOND


def test_another_zone_s_time_is_written_in_utc() -> None:
    there = timezone(timedelta(hours=5, minutes=30))
    assert clock.stamp(datetime(2027, 6, 30, 2, 0, tzinfo=there)) == (
        "2027-06-29T20:30:00.000+00:00"
    )


moments = st.datetimes(timezones=st.sampled_from([UTC, timezone(timedelta(hours=-7))]))


@given(moments.filter(lambda m: 1 < m.year < 9999), moments.filter(lambda m: 1 < m.year < 9999))
def test_stamps_sort_as_their_times(one: datetime, other: datetime) -> None:
    assert len(clock.stamp(one)) == len(clock.stamp(other))
    if one <= other:
        assert clock.stamp(one) <= clock.stamp(other)


def test_nobody_asks_the_time_elsewhere() -> None:
    by_hand = re.compile(r"datetime\.now\(|\.utcnow\(|isoformat\(timespec")
    found = {
        path.relative_to(SOURCE).as_posix()
        for path in SOURCE.rglob("*.py")
        if by_hand.search(path.read_text("utf-8"))
    }
    assert found <= {"core/clock.py", "sample/mess.py"}
