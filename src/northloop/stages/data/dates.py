"""Dates and times as exports write them, to UTC.

Whether 03/04 is the third of April or the fourth of March is a property of the column, not of the
cell: `day_order` looks at the whole column first.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from enum import StrEnum
from itertools import pairwise


class DateOrder(StrEnum):
    """How a column writes its numeric dates."""

    ISO = "ISO"
    """No date in it is ambiguous."""
    DAY_FIRST = "day first"
    MONTH_FIRST = "month first"
    ASSUMED_DAY_FIRST = "day first (assumed)"
    """Ambiguous dates, and nothing in the column to decide by."""


_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "jan january januar janvier enero",
            "feb february februar fevrier febrero",
            "mar march märz mars marzo",
            "apr april avril abril",
            "may mai mayo",
            "jun june juni juin junio",
            "jul july juli juillet julio",
            "aug august aout agosto",
            "sep sept september septembre septiembre",
            "oct october oktober octobre octubre okt",
            "nov november novembre noviembre",
            "dec december dezember decembre diciembre dez",
        ),
        1,
    )
    for name in names.split()
}
_ISO = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?!\d)")
_COMPACT = re.compile(r"(20\d{2}|19\d{2})(\d{2})(\d{2})(?:T(\d{2})(\d{2})(\d{2})?(Z)?)?$")
_NUMERIC = re.compile(r"(\d{1,2})([-/. ])(\d{1,2})\2(\d{4}|\d{2})(?!\d)")
_DAY_NAME = re.compile(
    r"(?:[^\W\d]{2,10}\.?,?\s+)?(\d{1,2})(?:st|nd|rd|th)?[-/. ]+([^\W\d]+)\.?,?"
    r"[-/. ]+(\d{4}|\d{2})(?!\d)"
)
_NAME_DAY = re.compile(
    r"(?:[^\W\d]{2,10}\.?,?\s+)?([^\W\d]{3,10})\.?[-/ ]+(\d{1,2})(?:st|nd|rd|th)?,?"
    r"[-/ ]+(\d{4})(?!\d)"
)
_TIME = re.compile(
    r"[T ,]*(?:at |um )?(\d{1,2})[:.h](\d{2})(?:[:.](\d{2}))?(?:[.,]\d+)?"
    r"\s*([AaPp]\.?[Mm]\.?)?(?:\s*Uhr)?"
)
_ZONE = re.compile(
    r"\s*\(?(Z|UTC|GMT|[+-]\d{2}:?\d{2}|[+-]\d{2}|CET|CEST|BST|EST|EDT|CST|CDT|MST|MDT|PST|PDT)?\)?\s*$"
)
_ZONE_HOURS = {"Z": 0, "UTC": 0, "GMT": 0, "BST": 1, "CET": 1, "CEST": 2, "EST": -5, "EDT": -4,
               "CST": -6, "CDT": -5, "MST": -7, "MDT": -6, "PST": -8, "PDT": -7}  # fmt: skip
_EPOCH = re.compile(r"(\d{10})(\d{3})?(?:\.\d+)?$")
_SERIAL = re.compile(r"([34]\d{4})(\.\d+)?$")
_SERIAL_ORIGIN = datetime(1899, 12, 30, tzinfo=UTC)
EARLIEST_YEAR, LATEST_YEAR = 1970, 2100
_ZERO_CHARACTERS = frozenset("0-/.:+ TZ")
_DAY_ZERO = re.compile(r"(?:0?1([-/.])0?0|0?0([-/.])0?1)[-/.](?:19)?00(?!\d)")
"""How spreadsheets show the serial number 0: 1/0/1900."""
_PLACEHOLDERS = frozenset(
    (
        date(1, 1, 1),
        date(1753, 1, 1),
        date(1899, 12, 30),
        date(1899, 12, 31),
        date(1900, 1, 1),
        date(1969, 12, 31),
        date(1970, 1, 1),
        date(9999, 12, 31),
    )
)
"""What programs write where they have no date: their own zero, in any zone, or their last day."""


def day_order(values: Iterable[str]) -> DateOrder:
    """Return how a column writes its dates, judged from all of its values.

    A first number above 12 speaks for day first, a second one for month first; the majority wins.
    Without such a value, the order under which the column runs through time with fewer steps back
    wins, since exports are mostly in order; if that decides nothing, day first is assumed.
    """
    days_first = months_first = 0
    ambiguous: list[tuple[int, int, int]] = []
    for value in values:
        found = _NUMERIC.match(value.strip())
        if not found or _ISO.match(value.strip()):
            continue
        first, second, year = int(found[1]), int(found[3]), int(found[4])
        days_first += first > 12 >= second
        months_first += second > 12 >= first
        if first <= 12 and second <= 12:
            ambiguous.append((year, first, second))
    if days_first != months_first:
        return DateOrder.DAY_FIRST if days_first > months_first else DateOrder.MONTH_FIRST
    if all(first == second for _, first, second in ambiguous):
        return DateOrder.ISO
    as_month_first = _steps_back(ambiguous)
    as_day_first = _steps_back([(year, second, first) for year, first, second in ambiguous])
    if as_day_first == as_month_first:
        return DateOrder.ASSUMED_DAY_FIRST
    return DateOrder.DAY_FIRST if as_day_first < as_month_first else DateOrder.MONTH_FIRST


def is_placeholder(text: str) -> bool:
    """Whether a cell holds what programs write for "no date": `0`, `0000-00-00`, `1970-01-01`.

    Such a cell is an empty one. No ticket is as old as these days, and taken for a date they make
    resolution times of half a century.
    """
    text = text.strip()
    if "0" in text and _ZERO_CHARACTERS.issuperset(text):
        return True
    if _DAY_ZERO.match(text):
        return True
    try:
        moment = _moment(text, DateOrder.ISO, UTC)
    except (ValueError, OverflowError):
        return False
    return moment is not None and moment.date() in _PLACEHOLDERS


def to_utc(text: str, order: DateOrder, zone: tzinfo = UTC) -> str | None:
    """Return a date as UTC, `2025-03-04T09:30:00Z`; None if it cannot be read.

    A date without a time is midnight; a time without a zone is in `zone`. A day that the order
    makes impossible (25/12 under month first) is read the only way it can be. Reads ISO 8601,
    RFC 2822, numeric dates, month names in five languages, Unix seconds and milliseconds, and
    spreadsheet serial numbers.
    """
    try:
        moment = _moment(text.strip(), order, zone)
    except (ValueError, OverflowError):
        return None
    if moment is None or not EARLIEST_YEAR <= moment.year <= LATEST_YEAR:
        return None
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _steps_back(dates: list[tuple[int, int, int]]) -> int:
    return sum(later < earlier for earlier, later in pairwise(dates))


def _moment(text: str, order: DateOrder, zone: tzinfo) -> datetime | None:
    if found := _EPOCH.match(text):
        return datetime.fromtimestamp(int(found[1]), UTC)
    if found := _SERIAL.match(text):
        return _SERIAL_ORIGIN + timedelta(
            days=int(found[1]), seconds=round(86400 * float(found[2] or 0))
        )
    if found := _COMPACT.match(text):
        year, month, day, hour, minute, second = (int(g or 0) for g in found.groups()[:6])
        return datetime(year, month, day, hour, minute, second, tzinfo=UTC if found[7] else zone)
    dated = _date(text, order)
    if dated is None:
        return None
    (year, month, day), end = dated
    return _with_time(datetime(year, month, day), text[end:], zone)


def _date(text: str, order: DateOrder) -> tuple[tuple[int, int, int], int] | None:
    """Return (year, month, day) and where the date ends in the text."""
    if found := _ISO.match(text):
        return (int(found[1]), int(found[2]), int(found[3])), found.end()
    if found := _NUMERIC.match(text):
        first, second = int(found[1]), int(found[3])
        month_first = order is DateOrder.MONTH_FIRST
        if (month_first and first > 12) or (not month_first and second > 12):
            month_first = not month_first
        month, day = (first, second) if month_first else (second, first)
        return (_year(found[4]), month, day), found.end()
    if (found := _DAY_NAME.match(text)) and (named := _month(found[2])):
        return (_year(found[3]), named, int(found[1])), found.end()
    if (found := _NAME_DAY.match(text)) and (named := _month(found[1])):
        return (int(found[3]), named, int(found[2])), found.end()
    return None


def _with_time(day: datetime, rest: str, zone: tzinfo) -> datetime | None:
    if found := _TIME.match(rest):
        hour = int(found[1])
        if found[4]:
            hour = hour % 12 + (12 if found[4][0] in "pP" else 0)
        day = day.replace(hour=hour, minute=int(found[2]), second=int(found[3] or 0))
        rest = rest[found.end() :]
    ending = _ZONE.match(rest)
    if ending is None:
        return None
    return day.replace(tzinfo=_zone(ending[1]) if ending[1] else zone)


def _zone(name: str) -> timezone:
    if name in _ZONE_HOURS:
        return timezone(timedelta(hours=_ZONE_HOURS[name]))
    digits = name[1:].replace(":", "").ljust(4, "0")
    offset = timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
    return timezone(-offset if name[0] == "-" else offset)


def _month(word: str) -> int | None:
    return _MONTHS.get(word.lower().replace("é", "e").replace("û", "u"))


def _year(digits: str) -> int:
    """Two digits are of this century or the end of the last; four are what they are."""
    year = int(digits)
    return year if len(digits) == 4 else year + (2000 if year < 70 else 1900)
