"""Dates of all kinds, and the order that only a whole column shows."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from northloop.stages.data.dates import (
    DateOrder,
    DayOrder,
    day_order,
    day_order_apart,
    is_placeholder,
    to_utc,
)


@pytest.mark.parametrize(
    ("text", "utc"),
    [
        ("2025-03-04", "2025-03-04T00:00:00Z"),
        ("2025-03-04 09:30", "2025-03-04T09:30:00Z"),
        ("2025-03-04T09:30:05.123+02:00", "2025-03-04T07:30:05Z"),
        ("2025-03-04T09:30:00Z", "2025-03-04T09:30:00Z"),
        ("20250304T093000Z", "2025-03-04T09:30:00Z"),
        ("04/03/2025 09:30", "2025-03-04T09:30:00Z"),
        ("4.3.2025 um 9:30 Uhr", "2025-03-04T09:30:00Z"),
        ("04/03/25 2:15 PM", "2025-03-04T14:15:00Z"),
        ("04/03/2025 12:15 am", "2025-03-04T00:15:00Z"),
        ("30/Sep/21 17:20", "2021-09-30T17:20:00Z"),
        ("4 Mar 2025 09:30", "2025-03-04T09:30:00Z"),
        ("March 4th, 2025 at 9:30 am", "2025-03-04T09:30:00Z"),
        ("Tue, 04 Mar 2025 09:30:00 +0100", "2025-03-04T08:30:00Z"),
        ("4 März 2025", "2025-03-04T00:00:00Z"),
        ("1741080600", "2025-03-04T09:30:00Z"),
        ("1741080600000", "2025-03-04T09:30:00Z"),
        ("45720.5", "2025-03-04T12:00:00Z"),
        ("2025-03-04 09:30 EST", "2025-03-04T14:30:00Z"),
    ],
)
def test_formats(text: str, utc: str) -> None:
    assert to_utc(text, DateOrder.DAY_FIRST) == utc


@pytest.mark.parametrize(
    "text",
    [
        "Dienstag, den 4. März 2025, 9.30 Uhr",
        "Di. 04.03.2025 09:30",
        "4. 3. 2025 9:30",
        "mar. 4 mars 2025 à 09:30",
        "Le 4 mars 2025 à 9h30",
        "4 mars 2025, 9 h 30 min 00 s",
        "martes, 4 de marzo de 2025, 9:30 a. m.",
        "martedì 4 marzo 2025 alle ore 09:30",
        "terça-feira, 4 de março de 2025 às 09:30",
        "dinsdag 4 maart 2025 om 09:30 uur",
        "4 mrt. 2025 09:30",
        "wtorek, 4 marca 2025 o godz. 09:30",
        "tis 4 mars 2025 kl. 09:30",
        "Den 4 mars 2025 kl 9.30",
        "2025年3月4日(火) 午前9:30",
        "令和7年3月4日 9時30分",
        "2025年3月4日 星期二 上午9:30",
        "２０２５／３／４ ９：３０",
        "Mar 4, 2025 9:30 AM",
        "Tue Mar  4 09:30:00 2025",
        "Tue Mar  4 09:30:00 UTC 2025",
        "Tue Mar 04 2025 09:30:00 GMT+0000 (Coordinated Universal Time)",
        "4 mars 2025 10:30 UTC+1",
        "4.3.2025 10:30 MEZ",
    ],
)
def test_dates_of_other_languages(text: str) -> None:
    assert to_utc(text, DateOrder.DAY_FIRST) == "2025-03-04T09:30:00Z"


@pytest.mark.parametrize(
    ("month", "names"),
    [
        (1, "January Januar Jänner janvier enero gennaio janeiro januari stycznia ene gen sty"),
        (2, "February Februar février febrero febbraio fevereiro februari lutego fév fev lut"),
        (3, "March März mars marzo março maart marca mrt mrz"),
        (4, "April Avril abril aprile kwietnia abr avr kwi"),
        (5, "May Mai mayo maggio maio mei maja maj mag"),
        (6, "June Juni juin junio giugno junho czerwca giu cze"),
        (7, "July Juli juillet julio luglio julho lipca lug lip"),
        (8, "August août agosto augustus augusti sierpnia ago sie"),
        (9, "September septembre septiembre setiembre settembre setembro września set wrz"),
        (10, "October Oktober octobre octubre ottobre outubro października ott out paź"),
        (11, "November novembre noviembre novembro listopada lis"),
        (12, "December Dezember décembre diciembre dicembre dezembro grudnia dic dez gru"),
    ],
)
def test_months_of_nine_languages(month: int, names: str) -> None:
    read = {name: to_utc(f"17 {name} 2025", DateOrder.DAY_FIRST) for name in names.split()}
    assert read == dict.fromkeys(names.split(), f"2025-{month:02}-17T00:00:00Z")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "yesterday",
        "31/31/2026",
        "#REF!",
        "n.d.",
        "2025-02-30",
        "99:99",
        "0000-00-00",
        "12",
        "0001-01-01",
        "0025-03-04",
    ],
)
def test_what_is_no_date(text: str) -> None:
    assert to_utc(text, DateOrder.DAY_FIRST) is None


@pytest.mark.parametrize(
    "text",
    [
        "0",
        "0.0",
        "0000-00-00",
        "0000-00-00 00:00:00",
        "0000-00-00T00:00:00Z",
        "00/00/0000",
        "0000000000",
        "1/0/1900",
        "1/0/1900 0:00",
        "00.01.1900",
        "1970-01-01",
        " 1970-01-01T00:00:00.000Z ",
        "1970-01-01 01:00:00",
        "01/01/1970 00:00",
        "1 Jan 1970",
        "Thu, 01 Jan 1970 00:00:00 +0000",
        "12/31/1969 19:00",
        "31.12.1969",
        "0001-01-01T00:00:00",
        "1900-01-01 00:00:00",
        "1899-12-30",
        "9999-12-31 23:59:59",
    ],
)
def test_what_programs_write_for_no_date(text: str) -> None:
    assert is_placeholder(text)


@pytest.mark.parametrize(
    "text",
    [
        "", "-", "1970-01-02", "1971-01-01", "2000-01-01", "01/01/2000", "10", "1741080600",
        "2026-10-10", "1900", "yesterday", "31/31/2026", "1/0/19001", "00:01", "0001", "45720.5",
    ],
)  # fmt: skip
def test_what_is_a_date_or_a_broken_one(text: str) -> None:
    assert not is_placeholder(text)


def test_month_first_and_the_only_way_it_can_be() -> None:
    assert to_utc("04/03/2025", DateOrder.MONTH_FIRST) == "2025-04-03T00:00:00Z"
    assert to_utc("25/12/2025", DateOrder.MONTH_FIRST) == "2025-12-25T00:00:00Z"


def test_times_without_a_zone_are_in_the_given_one() -> None:
    paris = ZoneInfo("Europe/Paris")
    assert to_utc("2025-07-04 09:30", DateOrder.ISO, paris) == "2025-07-04T07:30:00Z"
    assert to_utc("2025-01-04 09:30", DateOrder.ISO, paris) == "2025-01-04T08:30:00Z"


def test_one_impossible_month_decides_the_column() -> None:
    assert day_order(["03/04/2025", "25/04/2025"]) is DateOrder.DAY_FIRST
    assert day_order(["03/04/2025", "04/25/2025"]) is DateOrder.MONTH_FIRST
    assert day_order(["25/04/2025", "26/04/2025", "04/27/2025"]) is DateOrder.DAY_FIRST


def test_otherwise_the_order_of_the_rows_decides() -> None:
    assert day_order(["01/02/2025", "02/02/2025", "01/03/2025"]) is DateOrder.DAY_FIRST
    assert day_order(["02/01/2025", "02/02/2025", "03/01/2025"]) is DateOrder.MONTH_FIRST


def test_nothing_to_decide_by_is_said() -> None:
    assert day_order(["03/04/2025"]) is DateOrder.ASSUMED_DAY_FIRST
    assert day_order(["2025-03-04", "4 Mar 2025", ""]) is DateOrder.ISO


@given(st.datetimes(datetime(1971, 1, 1), datetime(2099, 1, 1)))
def test_what_is_written_in_any_order_is_read_back(moment: datetime) -> None:
    moment = moment.replace(microsecond=0, tzinfo=UTC)
    expected = moment.strftime("%Y-%m-%dT%H:%M:%SZ")
    for pattern, order in (
        ("%Y-%m-%d %H:%M:%S", DateOrder.ISO),
        ("%d/%m/%Y %H:%M:%S", DateOrder.DAY_FIRST),
        ("%m/%d/%Y %H:%M:%S", DateOrder.MONTH_FIRST),
        ("%d %b %Y %H:%M:%S", DateOrder.MONTH_FIRST),
        ("%m/%d/%Y %I:%M:%S %p", DateOrder.MONTH_FIRST),
    ):
        assert to_utc(moment.strftime(pattern), order) == expected


@given(st.text(max_size=30))
def test_any_text_gives_a_date_or_none(text: str) -> None:
    found = to_utc(text, DateOrder.DAY_FIRST)
    assert found is None or len(found) == 20


@given(st.text(alphabet="0123456789-/.:+ TZ", max_size=30))
def test_any_cell_is_a_placeholder_or_not(text: str) -> None:
    assert is_placeholder(text) in (True, False)


@given(
    st.lists(st.tuples(st.integers(1, 14), st.integers(1, 14), st.integers(2023, 2025))),
    st.lists(st.integers(0, 12)),
)
def test_parts_of_a_column_judged_apart_come_to_the_same(
    days: list[tuple[int, int, int]], cuts: list[int]
) -> None:
    values = [f"{first}/{second}/{year}" for first, second, year in days]
    whole = DayOrder()
    for value in values:
        whole.add(value)
    joined = DayOrder()
    for start, end in pairwise([0, *sorted(cuts), len(values)]):
        part = DayOrder()
        for value in values[start:end]:
            part.add(value)
        joined.follow(part)
    assert joined == whole


def test_newest_first_is_an_order_too() -> None:
    newest_first = ["04/02/2025", "03/12/2025", "03/05/2025", "02/11/2025", "01/09/2025"]
    assert day_order(newest_first) is DateOrder.MONTH_FIRST
    assert day_order(newest_first[::-1]) is DateOrder.MONTH_FIRST


def test_several_days_are_rather_of_one_month_than_a_day_of_several() -> None:
    assert day_order([f"03/0{day}/2025" for day in range(4, 9)]) is DateOrder.MONTH_FIRST
    assert day_order([f"0{day}/03/2025" for day in range(4, 9)]) is DateOrder.DAY_FIRST
    first_of_months = [f"01/0{month}/2025" for month in range(4, 9)]
    assert day_order(first_of_months) is DateOrder.ASSUMED_DAY_FIRST


def test_each_conversation_runs_through_time_by_itself() -> None:
    talks = [["04/02/2025", "04/11/2025", "05/01/2025"], ["01/03/2025", "02/01/2025"]]
    assert day_order_apart(talks) is DateOrder.MONTH_FIRST


@pytest.mark.parametrize(
    ("texts", "order"),
    [
        (["3/1/2025 12:46:02 PM", "3/2/2025 9:05:00 AM"], DateOrder.MONTH_FIRST),
        (["3/1/2025 12:46", "3/2/2025 9:05"], DateOrder.ASSUMED_DAY_FIRST),
        (["03/01/2025 12:46 PM", "03/02/2025 9:05 AM"], DateOrder.ASSUMED_DAY_FIRST),
        (["03/01/2025 12:46 pm", "03/02/2025 9:05 am"], DateOrder.ASSUMED_DAY_FIRST),
        (["03.01.2025 12:46 PM", "03.02.2025 9:05 AM"], DateOrder.ASSUMED_DAY_FIRST),
        (["03/01/2025 12:46 PM", "02/02/2025 9:05 AM", "05/02/2025 9:05 AM"], DateOrder.DAY_FIRST),
        (["3/1/2025 12:46 PM", "14/2/2025 9:05 AM"], DateOrder.DAY_FIRST),
    ],
)
def test_halves_of_the_day_are_written_by_americans(texts: list[str], order: DateOrder) -> None:
    assert day_order(texts) is order
