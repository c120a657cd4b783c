"""Dates and times as exports write them, to UTC.

Whether 03/04 is the third of April or the fourth of March is a property of the column, not of the
cell: `day_order` looks at the whole column first.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from enum import StrEnum
from functools import lru_cache

import msgspec

from northloop.core.packaged import packaged
from northloop.core.patterns import lazy
from northloop.stages.data.wording import without_marks, words

KEPT_DATES = 64
"""A cell's date is asked for several times while its row is cleaned."""


class DateOrder(StrEnum):
    """How a column writes its numeric dates."""

    ISO = "ISO"
    """No date in it is ambiguous."""
    DAY_FIRST = "day first"
    MONTH_FIRST = "month first"
    ASSUMED_DAY_FIRST = "day first (assumed)"
    """Ambiguous dates, and nothing in the column to decide by."""


_LISTS = packaged(__package__, "dates.toml", dict[str, str])
_MONTHS = {
    name: number
    for number, names in enumerate(_LISTS["months"].splitlines(), 1)
    for name in names.split()
}
"""Without accents, of English, German, French, Spanish, Italian, Portuguese, Dutch, Polish and
Swedish."""
_WEEKDAYS = words(_LISTS["weekdays"])
"""Days of the week, and the words that go before a date."""
_ISO = lazy(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?!\d)")
_COMPACT = lazy(r"(20\d{2}|19\d{2})(\d{2})(\d{2})(?:T?(\d{2})(\d{2})(\d{2})?(Z)?)?$")
_NUMERIC = lazy(r"(\d{1,2})([-/.] ?| )(\d{1,2})\2(\d{4}|\d{2})(?!\d)")
_AMERICAN = lazy(r"\s*[1-9]/[1-9]/\d{4},? \d{1,2}:\d{2}(?::\d{2})? [AP]M\b")
"""A date as American programs write it: others that count to twelve write zeros before a digit."""
FEWEST_DAYS = 4
"""Of one month, so many tell that they are."""
_EASTERN = lazy(
    r"(?:(令和|平成)(\d{1,2}|元)|(\d{4}))[年년] ?(\d{1,2})[月월] ?(\d{1,2})[日号號일]"
    r"(?: ?\([^\W\d]{1,3}\)| ?(?:星期|周|週|礼拜)[^\W\d]| ?[^\W\d](?:曜日?|요일))?"
)
_ERAS = {"令和": 2018, "平成": 1988}
"""The year before the first of the era."""
_WORD = lazy(r"([^\W\d]{1,14})(?:-([^\W\d]{1,14}))?\.?,?\s+")
_DAY_NAME = lazy(
    r"(\d{1,2})(?:st|nd|rd|th|er|ère|º|o|ª|e)?[-/. ]+(?:(?:de|of|di|d) )?([^\W\d]{3,12})\.?,?"
    r"[-/. ]+(?:(?:de|del|of) )?(\d{4}|\d{2})(?!\d)"
)
_NAME_DAY = lazy(r"([^\W\d]{3,12})\.?[-/ ]+(\d{1,2})(?:st|nd|rd|th)?,?[-/ ]+(\d{4})(?!\d)")
_UNIX = lazy(r"([A-Z][a-z]{2}) +(\d{1,2}) (\d{2}:\d{2}:\d{2}) (?:([A-Z]{3,4}|[+-]\d{4}) )?(\d{4})$")
"""`Mar  4 09:30:00 UTC 2025`, as Unix programs write it, and Twitter with `+0000`."""
_TIME = lazy(
    r"[T ,]*(?:(?:at|um|à|a las?|alle(?: ore)?|ore|[àa]s|à\(s\)|om|o(?: godz\.?)?|godz\.?|kl\.?"
    r"|klockan|gegen) ?)?(午前|午後|上午|下午|晚上|中午|凌晨|早上|오전|오후)? ?"
    r"(\d{1,2})(?:[:.](\d{2})|(?: ?h ?|[時时点點시])(?: ?(\d{2})(?:分|분| ?min)?)?)"
    r"(?:[:.](\d{2})| ?(\d{2})(?:秒|초| ?s\b))?(?:[.,]\d+)?"
    r"\s*([AaPp]\.?\s?[Mm]\b\.?)?(?:\s*(?:Uhr|uur|h)\b)?"
)
_EVENING = frozenset(("午後", "下午", "晚上", "오후"))
_ZONE = lazy(
    r"\s*\(?(Z|(?:UTC|GMT)?[+-]\d{1,2}(?::?\d{2})?|UTC|GMT|WES?T|CES?T|MES?Z|EES?T|BST|JST|KST"
    r"|EST|EDT|CST|CDT|MST|MDT|PST|PDT)?\)?\s*(?:\([^()]{1,60}\)\s*)?$"
)
_ZONE_HOURS = {"Z": 0, "UTC": 0, "GMT": 0, "WET": 0, "WEST": 1, "BST": 1, "CET": 1, "MEZ": 1,
               "CEST": 2, "MESZ": 2, "EET": 2, "EEST": 3, "JST": 9, "KST": 9, "EST": -5, "EDT": -4,
               "CST": -6, "CDT": -5, "MST": -7, "MDT": -6, "PST": -8, "PDT": -7}  # fmt: skip
_EPOCH = lazy(r"(\d{10})(?:\d{3}|\d{6}|\d{9})?(?:\.\d+)?$")
_TICKS = lazy(r"/Date\((-?\d{9,13})(?:[+-]\d{4})?\)/$")
"""Milliseconds as Microsoft's JSON and OData write them."""
_SERIAL = lazy(r"([34]\d{4})(\.\d+)?$")
_SERIAL_ORIGIN = datetime(1899, 12, 30, tzinfo=UTC)
EARLIEST_YEAR, LATEST_YEAR = 1970, 2100
_ZERO_CHARACTERS = frozenset("0-/.:+ TZ")
_DAY_ZERO = lazy(r"(?:0?1([-/.])0?0|0?0([-/.])0?1)[-/.](?:19)?00(?!\d)")
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
_PLACEHOLDER_YEARS = frozenset((*(f"{day.year:04}" for day in _PLACEHOLDERS), "0000"))


class Steps(msgspec.Struct):
    """How often a column goes back and on in time, from one value to the next."""

    back: int = 0
    on: int = 0

    def add(self, last: tuple[int, int, int], now: tuple[int, int, int]) -> None:
        """Take a step into account, from one day to another."""
        self.back += now < last
        self.on += now > last

    def join(self, other: Steps) -> None:
        """Take in the steps of others."""
        self.back += other.back
        self.on += other.on

    @property
    def others(self) -> int:
        """Return how many do not go the way that most go."""
        return min(self.back, self.on)


class DayOrder(msgspec.Struct):
    """Judges how a column writes its dates, from one value after another.

    A first number above 12 speaks for day first, a second one for month first; the majority wins.
    Without such a value, the order under which the column runs one way through time with fewer
    steps the other way wins, since exports are mostly in order, the newest first or last; then that
    under which several dates are of one month, and not of one day of several months. If that
    decides nothing, day first is assumed, but of what Americans alone write.
    """

    days_first: int = 0
    months_first: int = 0
    is_open: bool = False
    """Whether a value would be another day in another order."""
    first: tuple[int, int, int] | None = None
    """Of the values that fit both orders: year and the two numbers, as they stand there."""
    last: tuple[int, int, int] | None = None
    if_day_first: Steps = msgspec.field(default_factory=Steps)
    """From one of these values to the next, read so."""
    if_month_first: Steps = msgspec.field(default_factory=Steps)
    numbers: tuple[int, int] = (0, 0)
    """Which numbers stood first, and which second, a bit each."""
    is_american: bool = False
    """Whether a value is written as hardly anybody but Americans does: `3/4/2025 9:30:00 PM`."""

    def add(self, value: str) -> None:
        """Take the next value of the column into account."""
        found = _NUMERIC.match(value.strip())
        if not found or _ISO.match(value.strip()):
            return
        first, second, year = int(found[1]), int(found[3]), int(found[4])
        self.days_first += first > 12 >= second
        self.months_first += second > 12 >= first
        if first <= 12 and second <= 12:
            self.is_open = self.is_open or first != second
            self.is_american = self.is_american or _AMERICAN.match(value) is not None
            self.numbers = (self.numbers[0] | 1 << first, self.numbers[1] | 1 << second)
            now = (year, first, second)
            self._step(now)
            self.first = self.first or now
            self.last = now

    def follow(self, other: DayOrder) -> None:
        """Take in what was judged of the values that come next."""
        if other.first:
            self._step(other.first)
        self.join(other)
        self.first = self.first or other.first
        self.last = other.last or self.last

    def join(self, other: DayOrder) -> None:
        """Take in what was judged of other values, whenever they were written."""
        self.days_first += other.days_first
        self.months_first += other.months_first
        self.is_open = self.is_open or other.is_open
        self.if_day_first.join(other.if_day_first)
        self.if_month_first.join(other.if_month_first)
        self.numbers = (self.numbers[0] | other.numbers[0], self.numbers[1] | other.numbers[1])
        self.is_american = self.is_american or other.is_american

    @property
    def is_sure(self) -> bool:
        """Whether more values fit the one order alone than the other."""
        return self.days_first != self.months_first

    @property
    def order(self) -> DateOrder:
        """How the values so far are written."""
        if self.is_sure:
            return _order(is_day_first=self.days_first > self.months_first)
        if not self.is_open:
            return DateOrder.ISO
        others = self.if_day_first.others, self.if_month_first.others
        if others[0] != others[1]:
            return _order(is_day_first=others[0] < others[1])
        if others == (0, 0) and self.in_time is not None:
            return self.in_time
        if any(of_one_month := [_is_a_month(*self.numbers), _is_a_month(*self.numbers[::-1])]):
            return _order(is_day_first=of_one_month[1])
        return DateOrder.MONTH_FIRST if self.is_american else DateOrder.ASSUMED_DAY_FIRST

    @property
    def in_time(self) -> DateOrder | None:
        """How values are written none of which is of a day before the last; None where either
        order, or neither, says so.
        """
        back = self.if_day_first.back, self.if_month_first.back
        return _order(is_day_first=back[0] < back[1]) if back[0] != back[1] else None

    def _step(self, now: tuple[int, int, int]) -> None:
        if self.last:
            self.if_month_first.add(self.last, now)
            self.if_day_first.add(_swapped(self.last), _swapped(now))


def _order(*, is_day_first: bool) -> DateOrder:
    return DateOrder.DAY_FIRST if is_day_first else DateOrder.MONTH_FIRST


def _is_a_month(one: int, others: int) -> bool:
    """Whether a number, in bits, is rather the month of several days than the day of several
    months; what is written of the first of each month is none.
    """
    return one.bit_count() == 1 and one != 1 << 1 and others.bit_count() >= FEWEST_DAYS


def judged(values: Iterable[str]) -> DayOrder:
    """Return what the values of a column tell of how its dates are written; see `DayOrder`."""
    found = DayOrder()
    for value in values:
        found.add(value)
    return found


def day_order(values: Iterable[str]) -> DateOrder:
    """Return how a column writes its dates, judged from all of its values; see `DayOrder`."""
    return judged(values).order


def day_order_apart(columns: Iterable[Iterable[str]]) -> DateOrder:
    """Return how several columns of one export write their dates, each in an order of its own."""
    found = DayOrder()
    for values in columns:
        found.join(judged(values))
    return found.order


def may_depend_on_order(text: str) -> bool:
    """Whether a date may mean another day where its column is written in another order."""
    return _NUMERIC.search(text) is not None and not _ISO.match(text.strip())


@lru_cache(maxsize=KEPT_DATES)
def is_placeholder(text: str) -> bool:
    """Whether a cell holds what programs write for "no date": `0`, `0000-00-00`, `1970-01-01`.

    Such a cell is an empty one. No ticket is as old as these days, and taken for a date they make
    resolution times of half a century.
    """
    text = text.strip()
    if text.isascii() and _ISO.match(text) and text[:4] not in _PLACEHOLDER_YEARS:
        return False
    if "0" in text and _ZERO_CHARACTERS.issuperset(text):
        return True
    if _DAY_ZERO.match(text):
        return True
    try:
        moment = _moment(text, DateOrder.ISO, UTC)
    except (ValueError, OverflowError):
        return False
    return moment is not None and moment.date() in _PLACEHOLDERS


@lru_cache(maxsize=KEPT_DATES)
def to_utc(text: str, order: DateOrder, zone: tzinfo = UTC) -> str | None:
    """Return a date as UTC, `2025-03-04T09:30:00Z`; None if it cannot be read.

    A date without a time is midnight; a time without a zone is in `zone`. A day that the order
    makes impossible (25/12 under month first) is read the only way it can be. Reads ISO 8601,
    RFC 2822, numeric dates, month names in nine languages, 年月日 with Japanese eras, 년월일, Unix
    seconds, also in thousandths, millionths and billionths, OData's `/Date(…)/`, and
    spreadsheet serial numbers.
    """
    try:
        moment = _moment(text.strip(), order, zone)
    except (ValueError, OverflowError):
        return None
    if moment is None or not EARLIEST_YEAR <= moment.year <= LATEST_YEAR:
        return None
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _swapped(numbers: tuple[int, int, int]) -> tuple[int, int, int]:
    year, first, second = numbers
    return year, second, first


def _moment(text: str, order: DateOrder, zone: tzinfo) -> datetime | None:
    if found := _EPOCH.match(text):
        return datetime.fromtimestamp(int(found[1]), UTC)
    if found := _TICKS.match(text):
        return datetime.fromtimestamp(int(found[1]) / 1000, UTC)
    if found := _SERIAL.match(text):
        return _SERIAL_ORIGIN + timedelta(
            days=int(found[1]), seconds=round(86400 * float(found[2] or 0))
        )
    if found := _COMPACT.match(text):
        year, month, day, hour, minute, second = (int(g or 0) for g in found.groups()[:6])
        return datetime(year, month, day, hour, minute, second, tzinfo=UTC if found[7] else zone)
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text)
    text = _UNIX.sub(r"\1 \2, \5 \3 \4", text) if " " in text else text
    dated = _date(text, order)
    if dated is None:
        return None
    (year, month, day), end = dated
    return _with_time(datetime(year, month, day), text[end:], zone)


def _date(text: str, order: DateOrder) -> tuple[tuple[int, int, int], int] | None:
    """Return (year, month, day) and where the date ends in the text."""
    return next((dated for start in _starts(text) if (dated := _date_at(text, start, order))), None)


def _date_at(text: str, start: int, order: DateOrder) -> tuple[tuple[int, int, int], int] | None:
    if found := _ISO.match(text, start):
        return (int(found[1]), int(found[2]), int(found[3])), found.end()
    if found := _EASTERN.match(text, start):
        return (_eastern_year(found), int(found[4]), int(found[5])), found.end()
    if found := _NUMERIC.match(text, start):
        first, second = int(found[1]), int(found[3])
        month_first = order is DateOrder.MONTH_FIRST
        if (month_first and first > 12) or (not month_first and second > 12):
            month_first = not month_first
        month, day = (first, second) if month_first else (second, first)
        return (_year(found[4]), month, day), found.end()
    if (found := _DAY_NAME.match(text, start)) and (named := _month(found[2])):
        return (_year(found[3]), named, int(found[1])), found.end()
    if (found := _NAME_DAY.match(text, start)) and (named := _month(found[1])):
        return (int(found[3]), named, int(found[2])), found.end()
    return None


def _starts(text: str) -> list[int]:
    """Return where a date may begin: at once, or behind the day of the week (`Dienstag, den `)."""
    starts = [0]
    while (found := _WORD.match(text, starts[-1])) and _plain(found[1]) in _WEEKDAYS:
        starts.append(found.end())
    return starts


def _eastern_year(found: re.Match[str]) -> int:
    if found[3]:
        return int(found[3])
    return _ERAS[found[1]] + (1 if found[2] == "元" else int(found[2]))


def _with_time(day: datetime, rest: str, zone: tzinfo) -> datetime | None:
    if found := _TIME.match(rest):
        day = day.replace(
            hour=_hour(found),
            minute=int(found[3] or found[4] or 0),
            second=int(found[5] or found[6] or 0),
        )
        rest = rest[found.end() :]
    ending = _ZONE.match(rest)
    if ending is None:
        return None
    return day.replace(tzinfo=_zone(ending[1]) if ending[1] else zone)


def _hour(found: re.Match[str]) -> int:
    """Return the hour of a time on the 24-hour clock."""
    hour = int(found[2])
    if found[7]:
        return hour % 12 + (12 if found[7][0] in "pP" else 0)
    if found[1]:
        return hour % 12 + 12 if found[1] in _EVENING else hour % 24
    return hour


def _zone(name: str) -> timezone:
    if name in _ZONE_HOURS:
        return timezone(timedelta(hours=_ZONE_HOURS[name]))
    name = name.removeprefix("UTC").removeprefix("GMT")
    digits = name[1:].replace(":", "")
    hours, minutes = (digits[:-2], digits[-2:]) if len(digits) > 2 else (digits, "0")
    offset = timedelta(hours=int(hours), minutes=int(minutes))
    return timezone(-offset if name[0] == "-" else offset)


def _month(word: str) -> int | None:
    return _MONTHS.get(_plain(word))


def _plain(word: str) -> str:
    """Return a word in small letters, without accents."""
    return without_marks(word.lower()).replace("ł", "l")


def _year(digits: str) -> int:
    """Two digits are of this century or the end of the last; four are what they are."""
    year = int(digits)
    return year if len(digits) == 4 else year + (2000 if year < 70 else 1900)
