"""Reads an objective from the sentence a person would say.

"Reduce average query resolution time by 30 % within six months" names a metric, an amount and a
deadline; this module finds those, in the forms people use, and what must not suffer ("without
hurting CSAT"). It reads English only, understands no more than what is written here, and leaves
it to the contract to judge whether what it found makes sense.
"""

from __future__ import annotations

import calendar
import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from datetime import date, timedelta
from types import MappingProxyType
from typing import Literal

import msgspec

from northloop.core.patterns import lazy
from northloop.stages.objective.metrics import METRICS

Direction = Literal["down", "up"]


class Amount(msgspec.Struct, frozen=True, kw_only=True):
    """How much: a share of today's value, a value to reach, or a difference in the unit."""

    kind: Literal["relative", "target", "difference"]
    value: float
    """A relative 0.3 is 30 %; without a sign unless one was written."""
    unit: str = ""
    """As written: "%", "hours", "" ..."""
    said: str


class Named(msgspec.Struct, frozen=True):
    """A metric in a protecting clause, and the number that was said with it (None for none)."""

    metric: str
    amount: Amount | None


class Reading(msgspec.Struct, frozen=True, kw_only=True):
    """What a sentence says; empty or None where it says nothing."""

    metrics: tuple[str, ...]
    direction: Direction | None
    amounts: tuple[Amount, ...]
    deadlines: tuple[date, ...]
    unclear_dates: tuple[str, ...]
    """Dates that can be read in two ways, or that no calendar has."""
    protected: tuple[Named, ...]


def read_sentence(sentence: str, today: date) -> Reading:
    """Return what a sentence says of metric, direction, amount, deadline and guardrails.

    Deadlines without a year are the next ones after `today`; a period ("Q2 2027", "June") is over
    on its last day.
    """
    text = _normal(sentence)
    text, marks = _mark_metrics(text)
    text, deadlines, unclear = _take_deadlines(text, today)
    text, clauses = _take_protecting(text)
    return Reading(
        metrics=_metrics(text, marks),
        direction=_direction(text),
        amounts=tuple(_amounts(text)),
        deadlines=tuple(dict.fromkeys(deadlines)),
        unclear_dates=tuple(unclear),
        protected=tuple(n for clause in clauses for n in _protected(clause, marks)),
    )


def metrics_in(text: str) -> tuple[str, ...]:
    """Return the names of the metrics that a text speaks of, in order."""
    return _metrics(*_mark_metrics(_normal(text)))


# --- words -------------------------------------------------------------------------------------


def _counted(words: str, start: int = 1, step: int = 1) -> Mapping[str, int]:
    numbered = {word: start + step * i for i, word in enumerate(re.findall(r"\w+", words))}
    return MappingProxyType(numbered)


_UNITS = _counted(
    "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen "
    "sixteen seventeen eighteen nineteen"
)
_TENS = _counted("twenty thirty forty fifty sixty seventy eighty ninety", start=20, step=10)
_NUMBER_WORDS = lazy(rf"\b(?:({'|'.join(_TENS)})(?: ({'|'.join(_UNITS)}))?|({'|'.join(_UNITS)}))\b")


def _normal(sentence: str) -> str:
    """Return the sentence in lower case, hyphens between words opened, numbers as digits."""
    text = unicodedata.normalize("NFKC", sentence).casefold()
    text = re.sub("[\u2010-\u2015\u2212]", "-", text)
    text = re.sub(r"(?<=[a-z])-(?=[a-z])|(?<=\d)-(?=[a-z])|(?<=[a-z])-(?=\d)", " ", text)
    text = re.sub(r"[\"'“”‘’()]", "", text)
    text = re.sub(r"\s+", " ", text).strip()
    return _NUMBER_WORDS.sub(_digits, re.sub(r"\b(?:an?|one) hundred\b", "100", text))


def _digits(match: re.Match[str]) -> str:
    tens, units, alone = match.groups()
    return str(_TENS.get(tens or "", 0) + _UNITS.get(units or alone or "", 0))


# --- metrics -----------------------------------------------------------------------------------


def _mark_metrics(text: str) -> tuple[str, list[str]]:
    """Return the text with each metric replaced by «number», and the metrics in that order.

    Longer names win, so that "first-contact resolution time" is not read as two metrics.
    """
    found = [
        (match.start(), match.end(), metric.name)
        for metric in METRICS.values()
        for spoken in metric.spoken
        for match in re.finditer(rf"\b{spoken}\b", text)
    ]
    marks: list[str] = []
    taken_to = 0
    pieces: list[str] = []
    for start, end, name in sorted(found, key=lambda span: (span[0], -span[1])):
        if start >= taken_to:
            pieces += [text[taken_to:start], f"«{_letters(len(marks))}»"]
            marks.append(name)
            taken_to = end
    return "".join(pieces) + text[taken_to:], marks


def _letters(number: int) -> str:
    """Name a mark without digits, which would be read as amounts."""
    return "m" * (number + 1)


def _metrics(text: str, marks: list[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(marks[len(m) - 1] for m in re.findall("«(m+)»", text)))


# --- what must not suffer ----------------------------------------------------------------------

_PROTECTING = lazy(
    r"\b(?:without|while|whilst|but not|as long as|keeping|and keep|provided that|subject to|"
    r"at (?:constant|unchanged|the same))\b[^,;.]*(?:\.\d[^,;.]*)*"
)


def _take_protecting(text: str) -> tuple[str, list[str]]:
    """Return the text without its protecting clauses, and the clauses."""
    clauses = [match.group() for match in _PROTECTING.finditer(text)]
    return _PROTECTING.sub(" ", text), clauses


def _protected(clause: str, marks: list[str]) -> Iterator[Named]:
    names = _metrics(clause, marks)
    number = re.search(rf"{_NUMBER}\s*(%|percent|per cent|[a-z]+)?", clause)
    for name in names:
        yield Named(name, _margin(number) if number else None)


def _margin(match: re.Match[str]) -> Amount:
    return Amount(
        kind="difference",
        value=_float(match.group(1)),
        unit=_unit(match.group(2) or ""),
        said=match.group().strip(),
    )


# --- which way ---------------------------------------------------------------------------------

_DOWN = lazy(
    r"\b(?:reduc\w+|cut\w*|decreas\w+|lower\w*|shorten\w*|shorter|lessen\w*|halv\w+|half|drop\w*|"
    r"bring\w* down|shrink\w*|minimi[sz]\w+|less|fewer|down|shav\w+|trim\w*|slash\w*|below|under)\b"
)
_UP = lazy(
    r"\b(?:increas\w+|rais\w+|boost\w*|grow\w*|lift\w*|doubl\w+|tripl\w+|higher|more|up|"
    r"maximi[sz]\w+|above|lengthen\w*|prolong\w*|longer|slower)\b"
)


def _direction(text: str) -> Direction | None:
    """Return the direction of the first word that has one; "improve" and "faster" have none."""
    plain = re.sub(r"\b(?:no|not) more than\b|\bat most\b|\bspeed\w* up\b", "", text)
    down, up = _DOWN.search(plain), _UP.search(plain)
    if down and up:
        return "down" if down.start() < up.start() else "up"
    return "down" if down else "up" if up else None


# --- how much ----------------------------------------------------------------------------------

_NUMBER = r"(?<![\d.,/-])(-?\d+(?:[.,]\d+)?)"
_PERCENT = r"\s*(?:%|percent\b|per cent\b|pct\b)"
_POINTS = r"\s*(?:percentage points?|%\s?points?|points?|pp|pts?)\b"
_UNIT = r"(?:\s*(%|percent\b|per cent\b|h\b|hrs?\b|hours?\b|min\b|mins\b|minutes?\b|days?\b))?"
_FRACTIONS: Mapping[str, int] = MappingProxyType(
    {"half": 2, "third": 3, "quarter": 4, "fifth": 5, "tenth": 10}
)
_REACH = r"(?:to|at|below|under|above|over|at (?:least|most)|(?:no |not )?(?:less|more) than)"

_TARGET = lazy(
    rf"\b{_REACH} (?:(?:under|below|above|over|about|at (?:least|most)|(?:less|more) than) )?"
    rf"[€$£]?{_NUMBER}{_UNIT}"
)
_FROM = lazy(rf"\bfrom (?:about )?{_NUMBER}{_UNIT}(?= to\b)")
_DIFFERENCE = lazy(rf"{_NUMBER}(?:{_POINTS}|\s*(?:h|hrs?|hours?|min|mins|minutes?|days?)\b)")
_RELATIVE = lazy(rf"{_NUMBER}{_PERCENT}")
_FRACTION = lazy(rf"\b(?:by|in) (?:about )?(?:(an?|\d+) )?({'|'.join(_FRACTIONS)})s?\b")
_MULTIPLE = lazy(r"\b(halv\w+|doubl\w+|tripl\w+)\b")
_MULTIPLES: Mapping[str, float] = MappingProxyType({"halv": 0.5, "doub": 1.0, "trip": 2.0})


def _amounts(text: str) -> Iterator[Amount]:
    """Yield the amounts of a sentence whose deadlines are gone, each form taken out in turn."""
    text = _FROM.sub(" ", text)
    forms: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], Amount]], ...] = (
        (_TARGET, _target),
        (_DIFFERENCE, _difference),
        (_RELATIVE, _relative),
        (_FRACTION, _fraction),
        (_MULTIPLE, _multiple),
    )
    for pattern, amount in forms:
        yield from map(amount, pattern.finditer(text))
        text = pattern.sub(" ", text)


def _target(match: re.Match[str]) -> Amount:
    value, unit = match.groups()
    return Amount(
        kind="target", value=_float(value), unit=_unit(unit or ""), said=match.group().strip()
    )


def _difference(match: re.Match[str]) -> Amount:
    return Amount(kind="difference", value=_float(match.group(1)), said=match.group().strip())


def _relative(match: re.Match[str]) -> Amount:
    return Amount(kind="relative", value=_float(match.group(1)) / 100, said=match.group().strip())


def _fraction(match: re.Match[str]) -> Amount:
    count, fraction = match.groups()
    parts = int(count) if count and count.isdigit() else 1
    return Amount(kind="relative", value=parts / _FRACTIONS[fraction], said=match.group())


def _multiple(match: re.Match[str]) -> Amount:
    return Amount(kind="relative", value=_MULTIPLES[match.group()[:4]], said=match.group())


def _float(text: str) -> float:
    return float(text.replace(",", "."))


def _unit(text: str) -> str:
    """Return "%", "hours", "minutes", "days" or ""."""
    if text.startswith(("%", "per", "pct")):
        return "%"
    units = {"h": "hours", "m": "minutes", "d": "days"}
    known = re.fullmatch(r"h|hrs?|hours?|mins?|minutes?|days?", text)
    return units[text[0]] if known else ""


# --- until when --------------------------------------------------------------------------------

_MONTH_NAMES = _counted(
    "january february march april may june july august september october november december"
)
_MONTHS = MappingProxyType(
    {**_MONTH_NAMES, **{name[:3]: number for name, number in _MONTH_NAMES.items()}, "sept": 9}
)
_MONTH = rf"({'|'.join(sorted(_MONTHS, key=len, reverse=True))})\.?"
_BY = r"(?:by|until|till|before|in|during|within|over|for|throughout|at|come)"
_END = r"(?:the )?(?:end of )?(?:the )?"
_DAY = r"(\d{1,2})(?:st|nd|rd|th)?"
_YEAR = r"(20\d\d)"
_ORDINALS: Mapping[str, int] = MappingProxyType(
    {"first": 1, "second": 2, "third": 3, "fourth": 4, "1st": 1, "2nd": 2, "3rd": 3, "4th": 4}
)

_Reader = Callable[[re.Match[str], date], date]


def _iso(match: re.Match[str], _today: date) -> date:
    year, month, day = (int(part) for part in match.group(1).split("-"))
    return date(year, month, day)


def _day_month(match: re.Match[str], today: date) -> date:
    day, month, year = match.groups()
    return _next(today, year, _MONTHS[month], int(day))


def _month_day(match: re.Match[str], today: date) -> date:
    month, day, year = match.groups()
    return _next(today, year, _MONTHS[month], int(day))


def _numeric(match: re.Match[str], _today: date) -> date:
    first, second, year = (int(part) for part in match.groups())
    if first <= 12 and second <= 12 and first != second:
        raise ValueError("day or month first?")
    return date(year, second, first) if second <= 12 else date(year, first, second)


def _quarter(match: re.Match[str], today: date) -> date:
    year = match.group("before") or match.group("after")
    number = match.group("number") or str(_ORDINALS[match.group("ordinal")])
    return _next(today, year, 3 * int(number))


def _month_year(match: re.Match[str], today: date) -> date:
    month, year = match.groups()
    return _next(today, year, _MONTHS[month])


def _year(match: re.Match[str], _today: date) -> date:
    return date(int(match.group(1)), 12, 31)


def _period(match: re.Match[str], today: date) -> date:
    which, period = match.groups()
    ahead = int(which == "next")
    if period == "year":
        return date(today.year + ahead, 12, 31)
    if period == "quarter":
        return month_end(after_months(today.replace(day=1), (-today.month) % 3 + 3 * ahead))
    return month_end(after_months(today.replace(day=1), ahead))


def _duration(match: re.Match[str], today: date) -> date:
    number, unit = match.groups()
    words = {None: 1.0, "a": 1.0, "an": 1.0, "half a": 0.5, "half an": 0.5}
    amount = words[number] if number in words else float(number)
    if unit == "day":
        return today + timedelta(days=round(amount))
    if unit == "week":
        return today + timedelta(days=round(7 * amount))
    months = {"month": 1, "quarter": 3, "year": 12}[unit] * amount
    return after_months(today, int(months)) + timedelta(days=15 if months % 1 else 0)


_LENGTH = r"(day|week|month|quarter|year)s?"
_NEXT = r"(?:the )?(?:next|coming|following) "
_FORMS: tuple[tuple[re.Pattern[str], _Reader], ...] = (
    (lazy(rf"(?:\b{_BY} )?\b(\d{{4}}-\d{{1,2}}-\d{{1,2}})\b"), _iso),
    (lazy(rf"(?:\b{_BY} )?\b(\d{{1,2}})[./](\d{{1,2}})[./]{_YEAR}\b"), _numeric),
    (lazy(rf"(?:\b{_BY} )?(?:the )?\b{_DAY}(?: of)? {_MONTH},? ?{_YEAR}?\b"), _day_month),
    (lazy(rf"(?:\b{_BY} )?\b{_MONTH} {_DAY}\b(?! ?(?:%|per))(?:,? {_YEAR}\b)?"), _month_day),
    (
        lazy(
            rf"(?:\b{_BY} )?{_END}(?:\b(?P<before>20\d\d) ?)?"
            rf"\b(?:q ?(?P<number>[1-4])|(?P<ordinal>{'|'.join(_ORDINALS)}) quarter)\b"
            rf"(?:(?: of)?,? (?P<after>20\d\d)\b)?"
        ),
        _quarter,
    ),
    (
        lazy(
            rf"\b(?:within|in|over|during|inside|for)(?: about)? (?:(?:{_NEXT})?"
            rf"(\d+(?:\.\d+)?|an?|half an?)|{_NEXT}) ?{_LENGTH}\b(?: from (?:now|today))?"
        ),
        _duration,
    ),
    (lazy(rf"\b(\d+) {_LENGTH} from (?:now|today)\b"), _duration),
    (lazy(rf"\b{_BY} {_END}{_MONTH}\b(?:,? ?(?:of )?{_YEAR}\b)?"), _month_year),
    (lazy(rf"\b{_MONTH} {_YEAR}\b"), _month_year),
    (
        lazy(rf"\b{_BY} {_END}(?:the )?(this|next)? ?(year|quarter|month)(?: end|s end)?\b"),
        _period,
    ),
    (lazy(r"\b(this|next) (year|quarter|month)\b"), _period),
    (lazy(rf"\b{_BY} {_END}{_YEAR}\b"), _year),
)


def _take_deadlines(text: str, today: date) -> tuple[str, list[date], list[str]]:
    """Return the text without its dates, the dates, and those that cannot be read."""
    deadlines: list[date] = []
    unclear: list[str] = []
    for pattern, read in _FORMS:
        for match in pattern.finditer(text):
            try:
                deadlines.append(read(match, today))
            except (ValueError, OverflowError):
                unclear.append(match.group().strip())
        text = pattern.sub(" ", text)
    return text, deadlines, unclear


def _next(today: date, year: str | None, month: int, day: int | None = None) -> date:
    """Return a day (or the end of a month), in the next year that has it ahead if none is given."""
    chosen = date(int(year) if year else today.year, month, 1)
    wanted = month_end(chosen) if day is None else chosen.replace(day=day)
    if year is None and wanted <= today:
        return wanted.replace(year=today.year + 1)
    return wanted


def month_end(day: date) -> date:
    """Return the last day of a month."""
    return day.replace(day=calendar.monthrange(day.year, day.month)[1])


def after_months(day: date, months: int) -> date:
    """Return the same day `months` later, or the last day of a shorter month."""
    years, month0 = divmod(day.month - 1 + months, 12)
    first = date(day.year + years, month0 + 1, 1)
    return first.replace(day=min(day.day, month_end(first).day))
