"""Reads an objective from the sentence a person would say.

"Reduce average query resolution time by 30 % within six months" names a metric, an amount and a
deadline; this module finds those, in the forms people use, and what must not suffer ("without
hurting CSAT"). A sentence in another language is put into these terms first (`translation`). What
is not understood and may turn the rest round is told apart; whether what was found makes sense, the
contract judges.
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
from northloop.stages.objective.translation import metrics_named, translation

Direction = Literal["down", "up"]
OF_TICKETS = "% of tickets"
"""The unit of an amount that can only be a share."""


class Amount(msgspec.Struct, frozen=True, kw_only=True):
    """How much: a share of today's value, a value to reach, a difference in the unit, or what
    may be said of something else."""

    kind: Literal["relative", "target", "difference", "bare"]
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
    unclear: tuple[str, ...] = ()
    """Words that were not understood and may turn the rest round: negations, comparisons; of
    another language than English, any that its table lacks."""
    language: str = "English"


def read_sentence(sentence: str, today: date) -> Reading:
    """Return what a sentence says of metric, direction, amount, deadline and guardrails.

    Deadlines without a year are the next ones after `today`; a period ("Q2 2027", "June") is over
    on its last day.
    """
    found = translation(sentence)
    text = _normal(found.english if found else sentence)
    text, marks = _mark_metrics(text)
    text, deadlines, unclear_dates = _take_deadlines(text, today)
    text, clauses = _take_protecting(text)
    rest, amounts = _take_amounts(text)
    return Reading(
        metrics=_metrics(text, marks),
        direction=_direction(text),
        amounts=tuple(amounts),
        deadlines=tuple(dict.fromkeys(deadlines)),
        unclear_dates=tuple(unclear_dates),
        protected=tuple(n for clause in clauses for n in _protected(clause, marks)),
        unclear=(*(found.unknown if found else ()), *_unclear(text, rest, marks)),
        language=found.language if found else "English",
    )


def metrics_in(text: str) -> tuple[str, ...]:
    """Return the names of the metrics that a text speaks of, in order, in any language."""
    return _metrics(*_mark_metrics(_normal(text))) or metrics_named(text)


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


_MEASURE = r"(?:hours?|days?|minutes?|seconds?|(?:percentage )?points?)\b"


_BEFORE_AN_HOUR = "within|inside|in|to|under|below|than|least|most"


def _normal(sentence: str) -> str:
    """Return the sentence in lower case, hyphens between words opened, numbers as digits."""
    text = unicodedata.normalize("NFKC", sentence).casefold()
    text = re.sub("[\u2010-\u2015\u2212]", "-", text)
    text = re.sub(r"(?<=[a-z])-(?=[a-z])|(?<=\d)-(?=[a-z])|(?<=[a-z])-(?=\d)", " ", text)
    text = re.sub(r"(?<=\d),(?=\d{3}(?!\d))", "", text)
    text = re.sub(r"[\"'“”‘’()]", "", text)
    text = re.sub(r"\s+", " ", text).strip()
    text = _NUMBER_WORDS.sub(_digits, re.sub(r"\b(?:an?|one) hundred\b", "100", text))
    text = re.sub(rf"\b(\d+) and (?:a )?half(?= {_MEASURE})", r"\1.5", text)
    text = re.sub(rf"\b(?:a )?half (?:an? )?(?={_MEASURE})", "0.5 ", text)
    text = re.sub(rf"\b({_BEFORE_AN_HOUR}) an? (?=(?:hour|minute)\b)", r"\1 1 ", text)
    return re.sub(rf"\bby an? (?:full |whole )?(?={_MEASURE})", "by 1 ", text)


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


_DATE = "§"
"""Stands where a date was."""

# --- which way ---------------------------------------------------------------------------------

_DOWN = lazy(
    r"\b(?:reduc\w+|cut\w*|decreas\w+|lower\w*|shorten\w*|shorter|lessen\w*|halv\w+|half|drop\w*|"
    r"bring\w* down|shrink\w*|minimi[sz]\w+|less|fewer|down|shav\w+|trim\w*|slash\w*|below|under|"
    r"fall\w*|declin\w+|sink\w*)\b"
)
_UP = lazy(
    r"\b(?:increas\w+|rais\w+|boost\w*|grow\w*|lift\w*|doubl\w+|tripl\w+|higher|more|up|"
    r"maximi[sz]\w+|above|lengthen\w*|prolong\w*|longer|slower|ris(?:e|es|ing)|climb\w*)\b"
)


def _direction(text: str) -> Direction | None:
    """Return the direction of the first word that has one; "improve" and "faster" have none."""
    plain = _SHARE_OF.sub("", text)
    plain = re.sub(r"\b(?:no|not) more than\b|\bat most\b|\bspeed\w* up\b", "", plain)
    down, up = _DOWN.search(plain), _UP.search(plain)
    if down and up:
        return "down" if down.start() < up.start() else "up"
    return "down" if down else "up" if up else None


# --- how much ----------------------------------------------------------------------------------

_NUMBER = r"(?<![\d.,/-])(-?\d+(?:[.,]\d+)?)"
_PERCENT = r"\s*(?:%|percent\b|per cent\b|pct\b)"
_POINTS = r"\s*(?:percentage points?|%\s?points?|points?|pp|pts?)\b"
_TIME = r"(?:h|hrs?|hours?|mins?|minutes?|days?|secs?|seconds?)\b"
_UNIT = rf"(?:\s*(%|percent\b|per cent\b|{_TIME}))?"
_FRACTIONS: Mapping[str, int] = MappingProxyType(
    {"half": 2, "third": 3, "quarter": 4, "fifth": 5, "tenth": 10}
)
_REACH = r"(?:to|at|below|under|above|over|at (?:least|most)|(?:no |not )?(?:less|more) than)"

_LIMIT = r"(?:under|below|above|over|about|at (?:least|most)|(?:no |not )?(?:less|more) than)"
_NEARLY = rf"(?:{_LIMIT} )?"
_NUMBER_OF_HOURS = r"\d[\d.,]*\s*(?:h|hrs?|hours?|mins?|minutes?|secs?|seconds?)\b"
"""A limit is told in hours or less: "within 2 days" may be a deadline."""
_OUT_OF_5 = (
    r"(?:(?: (?:out )?of| ?/) ?5\b(?! ?(?:%|per))(?: (?:stars|points))?| (?:stars|points)\b)?"
)
_TARGET = lazy(
    rf"(?:\b{_REACH} |\b(?:within|inside|in) (?={_NEARLY}{_NUMBER_OF_HOURS})"
    rf"|\ban? (?:\w+ )?«m+»(?: \w+)? of ){_NEARLY}[€$£]?{_NUMBER}{_UNIT}{_OUT_OF_5}"
)
_CONTACTS = (
    r"(?:tickets|questions|requests|conversations|chats|contacts|cases|queries|[ie]nquiries"
    r"|issues)\b"
)
_PART = rf"(?:(an?|\d+) )?({'|'.join(_FRACTIONS)})s?"
_SHARE_OF = lazy(
    rf"\b(by |to )?{_NEARLY}(?:{_NUMBER} ?(?:%|percent|per cent|pct)"
    rf"|(\d+) (?:in|out of) (?:every )?(\d+)|{_PART})"
    rf"(?: of)?(?: (?:all|the|our|incoming|customer|support))* {_CONTACTS}"
)
"""How many of the tickets: "40 % of all questions", "one in three tickets"."""
_NOT_TO = r"(?<!to )(?<!below )(?<!under )(?<!above )(?<!most )(?<!from )"
_CHANGED = (
    r"(?:less|lower|fewer|shorter|faster|quicker|more|higher|better|off|reduction|decrease|cut"
    r"|increase|improvement)"
)
_CHANGE = lazy(
    r"\bby (?:at least|more than|over|no less than|about|around|roughly|some|a minimum of) "
    rf"{_NUMBER}{_PERCENT}(?!\s?points?)"
    rf"|{_NOT_TO}(?:\b(?:at least|more than|over|about|around) {_NUMBER}"
    rf"|(?<!least )(?<!than )(?<!over ){_NUMBER}){_PERCENT}(?= {_CHANGED}\b(?! than \d))"
)
"""A share of today's value, however it is hedged: "by at least 30 %", "30 % lower"."""
_REACHED_FRACTION = lazy(rf"\bto (?:about )?(?:(an?|\d+) )?({'|'.join(_FRACTIONS)})s?\b")
_FROM = lazy(rf"\bfrom (?:about )?{_NUMBER}{_UNIT}(?= to\b)")
_MEASURED = rf"{_NUMBER}({_POINTS}|\s*{_TIME})"
_DIFFERENCE = lazy(
    r"(?:\bby (?:(?:at least|more than|over|no less than|about|around|roughly|some) )?"
    r"|«m+» (?:by )?"
    rf"|\b(?:up|down) (?:by )?|\+){_MEASURED}|{_MEASURED}(?= {_CHANGED}\b(?! than \d))"
)
_BARE = lazy(_MEASURED)
"""What may be a difference and may be said of the tickets: "older than 2 days"."""
_RELATIVE = lazy(rf"{_NUMBER}{_PERCENT}")
_FRACTION = lazy(
    rf"\b(?:by|in|down|up) (?:about |at least )?(?:(an?|\d+) )?({'|'.join(_FRACTIONS)})s?\b"
    rf"|\b(?:(an?|\d+) )({'|'.join(_FRACTIONS)})s?(?= {_CHANGED}\b)"
)
_MULTIPLE = lazy(r"\b(halv\w+|doubl\w+|tripl\w+)\b")
_MULTIPLES: Mapping[str, float] = MappingProxyType({"halv": 0.5, "doub": 1.0, "trip": 2.0})


def _take_amounts(text: str) -> tuple[str, list[Amount]]:
    """Return a sentence whose deadlines are gone without its amounts, and the amounts, each form
    taken out in turn."""
    text = _FROM.sub(" ", text)
    found: list[Amount] = []
    forms: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], Amount]], ...] = (
        (_SHARE_OF, _share_of),
        (_CHANGE, _relative),
        (_REACHED_FRACTION, _reached_fraction),
        (_DIFFERENCE, _difference),
        (_TARGET, _target),
        (_BARE, _bare),
        (_RELATIVE, _relative),
        (_FRACTION, _fraction),
        (_MULTIPLE, _multiple),
    )
    for pattern, amount in forms:
        found += map(amount, pattern.finditer(text))
        text = pattern.sub(" ", text)
    return text, found


def _target(match: re.Match[str]) -> Amount:
    value, unit = match.groups()
    return Amount(
        kind="target",
        value=_float(value),
        unit=_unit(unit or ""),
        said=re.sub("«m+»", "…", match.group()).strip(),
    )


def _difference(match: re.Match[str]) -> Amount:
    value, unit = filter(None, match.groups())
    said = re.sub("«m+»", "", match.group()).strip()
    return Amount(kind="difference", value=_float(value), unit=_unit(unit.strip()), said=said)


def _bare(match: re.Match[str]) -> Amount:
    return Amount(kind="bare", value=_float(match.group(1)), said=match.group().strip())


def _relative(match: re.Match[str]) -> Amount:
    number = next(filter(None, match.groups()))
    return Amount(kind="relative", value=_float(number) / 100, said=match.group().strip())


def _fraction(match: re.Match[str]) -> Amount:
    count, fraction = match.groups()[:2] if match.group(2) else match.groups()[2:]
    return Amount(kind="relative", value=_parts(count, fraction), said=match.group())


def _reached_fraction(match: re.Match[str]) -> Amount:
    value = 100 * _parts(*match.groups())
    return Amount(kind="target", value=value, unit="%", said=match.group())


def _share_of(match: re.Match[str]) -> Amount:
    how, percent, some, of_all, count, fraction = match.groups()
    if percent:
        value = _float(percent)
    else:
        value = 100 * (int(some) / max(int(of_all), 1) if some else _parts(count, fraction))
    kind: Literal["target", "difference"] = "difference" if how == "by " else "target"
    return Amount(kind=kind, value=value, unit=OF_TICKETS, said=match.group())


def _parts(count: str | None, fraction: str) -> float:
    return (int(count) if count and count.isdigit() else 1) / _FRACTIONS[fraction]


def _multiple(match: re.Match[str]) -> Amount:
    return Amount(kind="relative", value=_MULTIPLES[match.group()[:4]], said=match.group())


def _float(text: str) -> float:
    return float(text.replace(",", "."))


def _unit(text: str) -> str:
    """Return "%", "seconds", "minutes", "hours", "days" or "", which points of any kind are."""
    if text.startswith(("%", "per", "pp", "pct")):
        return "%"
    units = {"s": "seconds", "h": "hours", "m": "minutes", "d": "days"}
    known = re.fullmatch(_TIME, text)
    return units[text[0]] if known else ""


# --- what may turn it round ----------------------------------------------------------------------

_UNCLEAR = (
    lazy(
        r"\b(?:not|never|dont|doesnt|wont|shouldnt|mustnt|cannot|cant|neither|nor|avoid\w*|prevent\w*"
        r"|instead|rather|unless|except)\b"
    ),
    lazy(
        r"\b(?:than|versus|vs|(?:compared|relative|comparison) (?:to|with))\b"
        r"(?! (?:today|now|it is|they are|at present|the baseline|(?:its |our |the )?current))"
        r"[^,;]{0,30}"
    ),
    lazy(r"\b(?:median|percentiles?|p\d\d|complaints? \w+)\b"),
    lazy(r"\b(?:numbers?|counts?|amounts?) of [^,;«]{0,30}«m+»"),
    lazy(
        r"\b(?:reduc|cut|lower|slow|stop|limit|curb|halt|revers)\w* (?:the |any |our )?"
        r"(?:increase|rise|growth)\b"
    ),
    lazy(r"\d[\d.]*(?: ?(?:%|percent))? ?(?:to|or|and|-)(?= )|\bbetween(?= )"),
    lazy(r"(?:out of|of|/) ?(?:10|100)\b"),
    lazy(r"\b20\d\d\b"),
    lazy(rf"\b(?:from|since|after|starting(?: in)?|beginning(?: in)?|as of)\s+(?={_DATE})"),
)
_AT_MOST_BY = lazy(
    r"\bby (?:up to|at most|under|below|(?:no |not )?(?:less|more) than|a maximum of)"
    r"(?= [€$£]?\d)"
    r"(?<!by more than)(?<!no less than)"
    rf"|\bby (?:about )?{_NUMBER}(?: ?%| percent)? ?(?:\| )?(?:to|or|and|-) ?\d[\d.]*"
)
_UP_TO = lazy(rf"\b(?<!by )up to {_NUMBER}{_PERCENT}")
_FROM_TO = lazy(
    rf"\bfrom (?:about )?{_NUMBER}(?: ?%)? to {_NEARLY}{_NUMBER}( ?%| percent)?(?! ?hours)"
)
_SHARE_OF_METRIC = lazy(r"\b(?:share|percentage|proportion) of [^,;«]{0,30}«(m+)»")


def _unclear(text: str, rest: str, marks: list[str]) -> Iterator[str]:
    """Yield what is left of a sentence that may turn round what was read of it."""
    yield from (found.group() for found in _AT_MOST_BY.finditer(text))
    direction = _direction(text)
    if direction == "down":
        yield from (found.group() for found in _UP_TO.finditer(text))
    is_share = all(METRICS[name].is_share for name in _metrics(text, marks))
    for found in _FROM_TO.finditer(text):
        start, end, unit = _float(found.group(1)), _float(found.group(2)), found.group(3)
        if direction == ("up" if end < start else "down") or (unit and not is_share):
            yield found.group().strip()
    plain = re.sub(r"\b(?:no|not) (?:more|less|later) than\b|\bnot only\b", "", rest)
    for pattern in _UNCLEAR:
        yield from (re.sub("«m+»", "…", found.group()).strip() for found in pattern.finditer(plain))
    for found in _SHARE_OF_METRIC.finditer(plain):
        if not METRICS[marks[len(found.group(1)) - 1]].is_share:
            yield re.sub("«m+»", "…", found.group())


# --- until when --------------------------------------------------------------------------------

_MONTH_NAMES = _counted(
    "january february march april may june july august september october november december"
)
_MONTHS = MappingProxyType(
    {**_MONTH_NAMES, **{name[:3]: number for name, number in _MONTH_NAMES.items()}, "sept": 9}
)
_MONTHS_OF = "|".join(sorted(_MONTHS, key=len, reverse=True))
_MONTH = rf"({_MONTHS_OF})\.?"
_BY = (
    r"(?:by|until|till|no later than|in|during|within|over|for|throughout|at|come"
    r"|before(?= (?:the )?end))"
)
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


def _before(match: re.Match[str], today: date) -> date:
    """Return the day before a period begins."""
    period, month, quarter, year, only = match.groups()
    if period:
        return date(today.year, 12, 31) if period == "year" else _quarter_end(today)
    number = _MONTHS[month] if month else 3 * int(quarter) - 2 if quarter else 1
    year = year or only
    first = date(int(year) if year else today.year, number, 1)
    if not year and first <= today:
        first = first.replace(year=today.year + 1)
    return first - timedelta(days=1)


def _middle(match: re.Match[str], today: date) -> date:
    _, only_year, month, year = match.groups()
    if month:
        return _next(today, year, _MONTHS[month], 15)
    return _next(today, only_year, 6)


def _half_year(match: re.Match[str], today: date) -> date:
    return _next(today, match.group(2), 6 * int(match.group(1)))


def _christmas(match: re.Match[str], today: date) -> date:
    return _next(today, match.group(1), 12, 25)


def _year(match: re.Match[str], _today: date) -> date:
    return date(int(match.group(1)), 12, 31)


def _period(match: re.Match[str], today: date) -> date:
    which, period = match.groups()
    ahead = int(which == "next")
    if period == "year":
        return date(today.year + ahead, 12, 31)
    if period == "quarter":
        return _quarter_end(today, ahead)
    return month_end(after_months(today.replace(day=1), ahead))


def _quarter_end(today: date, ahead: int = 0) -> date:
    return month_end(after_months(today.replace(day=1), (-today.month) % 3 + 3 * ahead))


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
    (
        lazy(
            r"\bbefore (?:the )?(?:(?:beginning|start) of )?(?:the )?"
            r"(?:next (?P<period>year|quarter)\b"
            rf"|(?:(?P<month>{_MONTHS_OF})\.?\b(?! \d{{1,2}}\b)|q ?(?P<quarter>[1-4])\b)"
            r"(?:,? (?:of )?(?P<year>20\d\d)\b)?"
            r"|(?P<only>20\d\d)\b(?!-))"
        ),
        _before,
    ),
    (
        lazy(
            rf"(?:\b{_BY} )?(?:the )?\b(mid|middle of) "
            rf"(?:(\d{{4}})|(?:the )?year|{_MONTH}(?: {_YEAR})?)\b"
        ),
        _middle,
    ),
    (lazy(rf"(?:\b{_BY} )?\bh([12])(?: (?:of )?{_YEAR})?\b"), _half_year),
    (lazy(rf"\b{_BY} christmas\b(?: {_YEAR}\b)?"), _christmas),
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
        lazy(rf"\b{_BY} {_END}(?:the )?year(?: end|s end)?,? (?:of )?{_YEAR}\b"),
        _year,
    ),
    (
        lazy(rf"\b{_BY} {_END}(?:the )?(this|next)? ?(year|quarter|month)(?: end|s end)?\b"),
        _period,
    ),
    (lazy(r"\b(this|next) (year|quarter|month)\b"), _period),
    (lazy(rf"\b{_BY} {_END}{_YEAR}\b"), _year),
)


_PART_OF_YEAR = rf"\b(?:mid|middle of|h[12]|q ?[1-4]|{_MONTHS_OF})\b\.?(?: \d{{1,2}}\b)?"


def _take_deadlines(text: str, today: date) -> tuple[str, list[date], list[str]]:
    """Return the text without its dates, the dates, and those that cannot be read."""
    deadlines: list[date] = []
    unclear: list[str] = []
    for which, year in (("this", today.year), ("(?:next|the coming)", today.year + 1)):
        text = re.sub(rf"({_PART_OF_YEAR}),? (?:of |in )?{which} year\b", rf"\1 {year}", text)
    for pattern, read in _FORMS:
        for match in pattern.finditer(text):
            try:
                deadlines.append(read(match, today))
            except (ValueError, OverflowError):
                unclear.append(match.group().strip())
        text = pattern.sub(f" {_DATE} ", text)
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
