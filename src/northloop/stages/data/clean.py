"""From a row as exported to a clean ticket, or to the quarantine with a reason.

Cleaning looks at one row at a time; what has to be judged over a whole column (day before month?)
is judged first by `survey`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from functools import lru_cache
from math import isfinite
from typing import TypeAlias
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec

from northloop.core.conversation import Message, Quarantined, RawMessage, RawTicket, Role, Ticket
from northloop.core.errors import ConfigurationError
from northloop.core.interaction import Gone
from northloop.core.question import MAX_CONVERSATION_TURNS, in_view
from northloop.core.scripts import word_count
from northloop.stages.data import correspondence
from northloop.stages.data.dates import (
    DateOrder,
    DayOrder,
    is_placeholder,
    judged,
    may_depend_on_order,
    to_utc,
)
from northloop.stages.data.gone import gone, is_closed
from northloop.stages.data.missing import is_missing
from northloop.stages.data.replies import answer_of
from northloop.stages.data.wording import is_typed_plainly

_REFUSED_UNREAD = ("created_at", "closed_at")
"""Dates without which a row is set aside, where there is something that cannot be read as one."""
DATE_FIELDS = (*_REFUSED_UNREAD, "first_touch_at")
NOTED_DATES = (*DATE_FIELDS, "updated_at")
_OF_AN_ANSWER = ("first_touch_at", "first_touch_minutes", "reply")
_IN_TIME = ("created_at", "first_touch_at", "closed_at")
_SURE = (DateOrder.DAY_FIRST, DateOrder.MONTH_FIRST)
"""What is read as dates where a case is told without its texts."""
OPTIONAL_FIELDS = (
    "reply",
    "customer_id",
    "conversation_id",
    "created_at",
    "closed_at",
    "channel",
    "intent",
    "handling_minutes",
    "csat",
    "reopened",
)
"""What a ticket may lack, and a missing-value policy may be set for."""
DateOrders: TypeAlias = Mapping[str, DateOrder]
KEPT_PEOPLE = 256
"""The names of so many people are kept: agents come again, and a row asks twice."""
KEPT_TURNS = 4 * MAX_CONVERSATION_TURNS
"""So many cleaned turns are kept at hand: each stands before several questions."""
_NOT_QUARANTINED = frozenset(("source", "row", "context", "asked", "answered", "people")) | {
    "messages",
    "private_notes",
    "others",
    "first_touch_at",
    "first_touch_minutes",
    "csat_asked",
    "status",
    "updated_at",
}
"""What is set aside is one exchange: what was said before it stands in its own, and where it stood
is told beside it."""

_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff\ufff9-\ufffb]")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
_LINE_ENDS = re.compile(r"\r\n?|\u2028|\u2029|\x0b|\x0c|\x85")
_SPACES = re.compile(r"[^\S\n]+")
_BLANK_LINES = re.compile(r" ?\n ?(?:\n\s*)?")
_MENDABLE = re.compile("[^\x00-\x7f]")
_REPLY_MARK = re.compile(
    r"(?:(?:re|fwd?|aw|wg|tr|rv|res|enc|r|i|sv|vs|vb|antw|odp|pd|回复|回覆|转发|轉寄|答复|返信|転送)\s*[:：]\s*)+",
    re.I,
)
_WORD_NUMBERS = {
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "very dissatisfied": 1, "dissatisfied": 2,
    "average": 3, "neutral": 3, "satisfied": 4, "very satisfied": 5, "bad": 1, "poor": 2, "ok": 3,
    "okay": 3, "fair": 3, "good": 4, "great": 5, "excellent": 5, "very good": 5, "very bad": 1,
    "terrible": 1,
    "extremely happy": 5, "very happy": 5, "happy": 4, "unhappy": 2, "very unhappy": 1,
    "extremely unhappy": 1, "extremely dissatisfied": 1, "extremely satisfied": 5,
    "sehr zufrieden": 5, "zufrieden": 4, "unzufrieden": 2, "sehr unzufrieden": 1, "gut": 4,
    "sehr gut": 5, "schlecht": 1, "très satisfait": 5, "satisfait": 4, "neutre": 3,
    "insatisfait": 2, "très insatisfait": 1, "muy satisfecho": 5, "satisfecho": 4,
    "insatisfecho": 2, "muy insatisfecho": 1,
}  # fmt: skip
_RATED = re.compile(r"[^\w%★⭐/.,+-]+|\brated\b")
"""What stands beside a rating: smileys, `rated good`."""
_DURATION_PART = re.compile(
    r"(?<!\d)(\d{1,9}(?:[.,]\d{1,20})?)\s*(d(?:ays?)?|h(?:ours?|rs?)?|m(?:in(?:ute)?s?)?|s(?:ec(?:ond)?s?)?)\b",
    re.I,
)
_MINUTES_PER = {"d": 1440.0, "h": 60.0, "m": 1.0, "s": 1 / 60}
_CLOCK = re.compile(r"(\d{1,3}):(\d{2})(?::(\d{2}))?$")
_NUMBER = re.compile(r"[-+]?\d[\d.,'’\s]*$")
_OUT_OF = re.compile(r"(\d+(?:[.,]\d+)?)\s*(?:/|out of|of)\s*(\d+)", re.I)
_TRUE = frozenset(("true", "yes", "y", "t", "1", "1.0", "x", "ja", "oui", "si", "sí", "reopened"))
_FALSE = frozenset(("false", "no", "n", "f", "0", "0.0", "nein", "non"))
_ASKED = {
    **dict.fromkeys(
        ("offered", "sent", "asked", "requested", "delivered", "pending", "no response",
         "not answered", "unanswered", "expired"), True,
    ),
    **dict.fromkeys(
        ("unoffered", "not offered", "not sent", "unsent", "not asked", "not requested"), False
    ),
}  # fmt: skip
"""Where asking for a rating stands. Zendesk writes `offered` and `unoffered` in its place."""
_MOST_MINUTES = 60 * 24 * 366 * 100


class CleanSpec(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How rows are cleaned."""

    zone: str = "UTC"
    """Time zone of times that name none."""
    missing: dict[str, str] = {}
    """Field → "keep" (the default), "quarantine" or "fill:<value>"."""
    canonical: dict[str, str] = {}
    """Pattern → replacement, applied to questions and replies: `SKU[ -]?(\\d+)` → `SKU-\\1`."""
    min_question_words: int = 1
    max_question_words: int = 600
    """A shorter or longer question is quarantined. Words as `scripts.word_count` counts them."""


class Survey(msgspec.Struct):
    """Judges how each date column is written, from one row after another."""

    columns: dict[str, DayOrder] = {}
    """Those with dates in them."""
    fields: tuple[str, ...] = DATE_FIELDS
    """Those that are judged."""
    within: DayOrder = msgspec.field(default_factory=DayOrder)
    """What the dates of each row tell, one of which was written after the other."""

    def add(self, raw: RawTicket) -> None:
        """Take a row into account."""
        for field in self.fields:
            value = getattr(raw, field)
            is_known = field in self.columns
            # What is written in ISO form says nothing of how the others are.
            if (is_known and not may_depend_on_order(value)) or _is_absent(raw, field):
                continue
            self.columns.setdefault(field, DayOrder()).add(value)
        dates = [date for field in _IN_TIME if may_depend_on_order(date := getattr(raw, field))]
        if len(dates) > 1:
            self.within.join(judged(dates))

    def follow(self, other: Survey) -> None:
        """Take in what was judged of the rows that come next."""
        self.within.join(other.within)
        for field, column in other.columns.items():
            self.columns.setdefault(field, DayOrder()).follow(column)

    @property
    def is_sure(self) -> bool:
        """Whether a date fits one order alone."""
        return any(column.is_sure for column in self.columns.values())

    @property
    def orders(self) -> dict[str, DateOrder]:
        """How each column with dates in it is written; {} for no rows with dates.

        A column of which that is not sure is written as the other, if that is; else as the dates of
        a row follow one another.
        """
        found = {f: self.columns[f].order for f in self.fields if f in self.columns}
        sure = {order for order in found.values() if order in _SURE}
        told = self.within.in_time if not sure else next(iter(sure)) if len(sure) == 1 else None
        return {
            f: told if told and o not in (*_SURE, DateOrder.ISO) else o for f, o in found.items()
        }


def orders_by_file(
    surveys: Mapping[str, Survey], fields: tuple[str, ...] = DATE_FIELDS
) -> dict[str, dict[str, DateOrder]]:
    """Return how the date columns of each file are written, by its label: as a date of its own
    tells that fits one order alone, else as those of all files together."""
    together = Survey(fields=fields)
    for one in surveys.values():
        together.follow(one)
    orders = together.orders
    return {file: one.orders if one.is_sure else orders for file, one in surveys.items()}


def survey(
    raws: Iterable[RawTicket], fields: tuple[str, ...] = DATE_FIELDS
) -> dict[str, dict[str, DateOrder]]:
    """Return how the date columns of each file are written, judged over all rows; {} for none."""
    found: dict[str, Survey] = {}
    for raw in raws:
        if raw.source not in found:
            found[raw.source] = Survey(fields=fields)
        found[raw.source].add(raw)
    return orders_by_file(found, fields)


def orders_of(raw: RawTicket, orders: DateOrders) -> dict[str, DateOrder]:
    """Return the orders that what a row's dates say may depend on; {} for most rows."""
    return {f: o for f, o in orders.items() if may_depend_on_order(getattr(raw, f))}


class Noted(msgspec.Struct, frozen=True, kw_only=True):
    """What a ticket system notes of a case, besides what was said in it; None for nothing."""

    created_at: str | None
    """UTC, ISO 8601."""
    closed_at: str | None
    handling_minutes: float | None
    csat: float | None
    reopened: bool | None
    first_touch_at: str | None
    """When a person first answered, UTC, ISO 8601."""
    is_untouched: bool
    """Nothing in it says that a person has."""
    csat_asked: bool | None
    """Whether its customer was asked for a rating; who gave one was."""
    updated_at: str | None
    """When anything in it was changed last, UTC, ISO 8601."""
    gone: Gone | None
    """Why it is no case any more; None for one that is."""
    says_state: bool
    """Whether it is said where the case stands."""
    says_closed: bool
    """That says that it is closed."""


class Cleaner:
    """Cleans rows by one spec; checks the spec once. ConfigurationError names a wrong setting."""

    def __init__(self, spec: CleanSpec, orders: DateOrders) -> None:
        _check_policies(spec.missing)
        self._spec = spec
        self._orders = orders
        self._zone = _zone(spec.zone)
        self._canonical = tuple(
            (compiled(pattern, f"canonical.{pattern}"), replacement)
            for pattern, replacement in spec.canonical.items()
        )
        self._turn = lru_cache(KEPT_TURNS)(self._cleaned_turn)

    def clean(self, raw: RawTicket) -> Ticket | Quarantined:
        """Return the clean ticket, or why it cannot be used."""
        question = self._text(question_text(raw))
        words = word_count(question)
        if not any(c.isalnum() for c in question):
            return quarantined(raw, "the question is empty")
        if words < self._spec.min_question_words:
            return quarantined(raw, f"the question is under {self._spec.min_question_words} words")
        if words > self._spec.max_question_words:
            return quarantined(raw, f"the question is over {self._spec.max_question_words} words")
        for field in _REFUSED_UNREAD:
            if not _is_absent(raw, field) and self._date(raw, field) is None:
                return quarantined(raw, f"{field} cannot be read as a date")
        filled, absent = self._by_policy(raw)
        if absent:
            return quarantined(raw, f"{absent} is missing")
        return Ticket(
            source=raw.source,
            row=raw.row,
            ticket_id=line(raw.ticket_id),
            question=question,
            reply=self._text(_answer(filled.answered or (filled.reply,), filled.agent)),
            customer_id=line(filled.customer_id),
            conversation_id=line(filled.conversation_id),
            created_at=self._date(filled, "created_at"),
            closed_at=self._date(filled, "closed_at"),
            channel=line(filled.channel).lower(),
            intent=label(filled.intent),
            handling_minutes=minutes(filled.handling_minutes),
            csat=rating(filled.csat),
            reopened=flag(filled.reopened),
            context=self._context(raw, question) if raw.context else (),
            turn=raw.turn,
            first_touch_at=self._touched(filled),
        )

    def noted(self, raw: RawTicket) -> Noted:
        """Return what a row notes of its whole case; what cannot be read is None."""
        csat = rating(raw.csat)
        return Noted(
            created_at=self._date(raw, "created_at"),
            closed_at=self._date(raw, "closed_at"),
            handling_minutes=minutes(raw.handling_minutes),
            csat=csat,
            reopened=flag(raw.reopened),
            first_touch_at=self._touched(raw),
            is_untouched=all(_is_absent(raw, field) for field in _OF_AN_ANSWER),
            csat_asked=True if csat is not None else self._asked(raw),
            updated_at=self._date(raw, "updated_at"),
            gone=gone(raw.status),
            says_state=not _is_absent(raw, "status"),
            says_closed=is_closed(raw.status),
        )

    def _touched(self, raw: RawTicket) -> str | None:
        """When a person first answered, as the export says it, or how long after it was opened."""
        created_at, after = self._date(raw, "created_at"), minutes(raw.first_touch_minutes)
        return self._date(raw, "first_touch_at") or _later(created_at, after)

    def _asked(self, raw: RawTicket) -> bool | None:
        """Whether a customer who gave no rating was asked for one, as the export says it, or as it
        writes that in the place of the rating."""
        said = asked(raw.csat_asked)
        if said is None and self._utc(raw.csat_asked, DateOrder.ISO):
            return True
        return _ASKED.get(line(raw.csat).lower()) if said is None else said

    def _context(self, raw: RawTicket, question: str) -> tuple[Message, ...]:
        """Return what was said before a question, as one sees it who is to answer."""
        before = (turn for said in raw.context if (turn := self._turn(said)).content)
        return in_view([*before, Message("user", question)])[:-1]

    def _cleaned_turn(self, said: RawMessage) -> Message:
        parts = said.parts or (said.text,)
        if said.role is Role.CUSTOMER:
            return Message("user", self._text(_said(parts)))
        return Message("assistant", self._text(_answer(parts, said.author)))

    def _text(self, text: str) -> str:
        for pattern, replacement in self._canonical:
            text = pattern.sub(replacement, text)
        return text

    def _date(self, raw: RawTicket, field: str) -> str | None:
        if _is_absent(raw, field):
            return None
        return self._utc(getattr(raw, field), self._orders.get(field, DateOrder.ISO))

    def _utc(self, text: str, order: DateOrder) -> str | None:
        return to_utc(line(text), order, self._zone)

    def _by_policy(self, raw: RawTicket) -> tuple[RawTicket, str]:
        """Return the row with missing values filled, and the field that must not be missing."""
        changes: dict[str, str] = {}
        for field in OPTIONAL_FIELDS:
            if not _is_absent(raw, field):
                continue
            policy = self._spec.missing.get(field, "keep")
            if policy == "quarantine":
                return raw, field
            filled = policy.removeprefix("fill:") if policy != "keep" else ""
            if filled != getattr(raw, field):
                changes[field] = filled
        return (msgspec.structs.replace(raw, **changes) if changes else raw), ""


def _is_absent(raw: RawTicket, field: str) -> bool:
    """Whether a cell is empty or says so; of a date, whether it is what stands for none."""
    value = getattr(raw, field)
    return not value or is_missing(value) or (field in NOTED_DATES and is_placeholder(line(value)))


def _later(created_at: str | None, after: float | None) -> str | None:
    """Return the moment so many minutes after another, None where either is not known."""
    if created_at is None or after is None or after > _MOST_MINUTES:
        return None
    return (datetime.fromisoformat(created_at) + timedelta(minutes=after)).isoformat()


# --- text --------------------------------------------------------------------------------------


def message(text: str) -> str:
    """Return the text of a message: mended, without markup, quotations, greeting and signature."""
    text = correspondence.from_html(mended(text))
    text = correspondence.without_armour(correspondence.without_banner(tidy_lines(text)))
    text = correspondence.without_signature(correspondence.without_quotes(text))
    return tidy(correspondence.without_greeting(correspondence.without_letterhead(text)))


def heard(text: str) -> str:
    """Return what a customer's message says, as an import would have it; whole if that is nothing.

    Questions that are asked now are looked up and put to the model in the words of those learnt.
    """
    said = message(text)
    return said if any(c.isalnum() for c in said) else text


def _said(parts: Sequence[str]) -> str:
    """Return messages of one side as one, each cleaned by itself: a quotation ends one of them."""
    said = list(filter(None, map(message, parts)))
    joined = "\n\n".join(said)
    return joined if len(said) < 2 else tidy(correspondence.without_greeting(joined))


def _answer(parts: Sequence[str], agent: str) -> str:
    """Return what an agent of this name answered in messages, each cleaned by itself; "" where that
    is how a talk is opened: it answers nothing."""
    name = person(agent)
    answers = list(filter(None, (answer_of(reply_text(part), name) for part in parts)))
    joined = "\n\n".join(answers)
    answer = joined if len(answers) < 2 else answer_of(joined, name)
    return "" if correspondence.only_opens(answer) else answer


def question_text(raw: RawTicket) -> str:
    """Return what the customer asked.

    A body of one or two words ("see above") is read together with the subject; for an empty body
    the subject stands in where it is a question by itself (five words, or a question mark).
    """
    body = "" if is_missing(raw.question) else _said(raw.asked or (raw.question,))
    if word_count(body) >= 3 or is_missing(raw.subject):
        return body
    subject = _REPLY_MARK.sub("", tidy(correspondence.from_html(mended(raw.subject))))
    if body:
        return f"{subject}\n{body}"
    asks = word_count(subject) >= 5 or "?" in subject or "？" in subject
    return subject if asks else ""


def reply_text(text: str) -> str:
    """Return what the agent answered, without a sign-off for the model to learn."""
    if is_missing(text):
        return ""
    return tidy(correspondence.without_sign_off(message(text)))


def mended(text: str) -> str:
    """Return text whose characters went through a wrong encoding as they were meant (ftfy)."""
    if not _MENDABLE.search(text):
        return text
    import ftfy  # noqa: PLC0415 (most texts need none of it, and it is slow to load)

    return ftfy.fix_text(
        text,
        unescape_html=False,
        uncurl_quotes=False,
        fix_character_width=False,
        normalization="NFC",
    )


def tidy_lines(text: str) -> str:
    """Return text with plain line ends and single spaces, invisible characters removed."""
    if is_typed_plainly(text) and "  " not in text:
        return text
    text = _LINE_ENDS.sub("\n", text)
    text = _CONTROL.sub(" ", _INVISIBLE.sub("", text))
    return _SPACES.sub(" ", unicodedata.normalize("NFC", text))


def tidy(text: str) -> str:
    """Return text with single spaces and at most one empty line in a row."""
    text = tidy_lines(text)
    if "\n" not in text:
        return text.strip()
    return _BLANK_LINES.sub(lambda m: "\n\n" if m[0].count("\n") > 1 else "\n", text).strip()


def line(text: str) -> str:
    """Return a short field as one tidy line, "" if it is a missing-value marker."""
    if not text:
        return ""
    if text.isascii() and text.isprintable():  # as most are: there is nothing to mend
        return "" if is_missing(text) else " ".join(text.split())
    return "" if is_missing(text) else " ".join(tidy(mended(text)).split())


@lru_cache(maxsize=KEPT_PEOPLE)
def person(text: str) -> str:
    """Return a person's name in one form: `DOE, Jane ` and `Mrs Jane Doe` become `Jane Doe`."""
    name = line(text)
    if name.count(",") == 1:
        last, first = (part.strip() for part in name.split(","))
        name = f"{first} {last}"
    name = re.sub(r"(?i)^(?:mr|mrs|ms|miss|mx|dr|prof|herr|frau|mme|m)\b\.?\s+", "", name)
    if name.islower():
        return name.title()
    return " ".join(w.title() if w.isupper() and len(w) > 2 else w for w in name.split())


def label(text: str) -> str:
    """Return an intent label in one form: `Cancel Order` becomes `cancel_order`.

    A cell with a mailbox in it is no label: "".
    """
    return "" if "@" in text else "_".join(re.findall(r"[^\W_]+", line(text).lower()))


# --- values ------------------------------------------------------------------------------------


def number(text: str) -> float | None:
    """Return a number written in any of the common ways (`1,234.5`, `1.234,5`, `12 000`)."""
    text = text.strip()
    if not _NUMBER.match(text):
        return None
    digits = re.sub(r"[\s'’]", "", text)
    comma, dot = digits.rfind(","), digits.rfind(".")
    if comma >= 0 and dot >= 0:
        thousands, decimal = (",", ".") if dot > comma else (".", ",")
        digits = digits.replace(thousands, "").replace(decimal, ".")
    elif comma >= 0:
        groups = re.fullmatch(r"[-+]?\d{1,3}(?:,\d{3})+", digits)
        digits = digits.replace(",", "" if groups else ".")
    try:
        value = float(digits)
    except ValueError:
        return None
    return value if isfinite(value) else None


def minutes(text: str) -> float | None:
    """Return a duration in minutes: `75`, `1h 15m`, `1:15:00`, `4500 s`; None if it is none."""
    text = line(text)
    if clock := _CLOCK.match(text):
        hours_or_minutes, low, seconds = int(clock[1]), int(clock[2]), clock[3]
        if seconds is None:
            return hours_or_minutes * 60.0 + low
        return hours_or_minutes * 60.0 + low + int(seconds) / 60
    parts = _DURATION_PART.findall(text)
    if parts:
        return sum(float(n.replace(",", ".")) * _MINUTES_PER[unit[0].lower()] for n, unit in parts)
    value = number(text)
    return value if value is not None and value >= 0 else None


def rating(text: str) -> float | None:
    """Return a satisfaction score on 1..5: `4`, `4/5`, `80 %`, `9 out of 10`, `good`, `★★★★`."""
    text = line(text).lower()
    said = " ".join(_RATED.sub(" ", text).split())
    if said in _WORD_NUMBERS:
        return float(_WORD_NUMBERS[said])
    if stars := text.count("★") + text.count("⭐"):
        return float(min(5, stars))
    if text.endswith("%") and (share := number(text[:-1])) is not None:
        return 1 + 4 * share / 100 if 0 <= share <= 100 else None
    if out_of := _OUT_OF.match(text):
        top = float(out_of[2])
        score = float(out_of[1].replace(",", ".")) * 5 / top if top else 0.0
        return score if 0 < score <= 5 else None
    value = number(re.sub(r"\s*(?:stars?|points?)$", "", text))
    return value if value is not None and 1 <= value <= 5 else None


def is_offer(text: str) -> bool:
    """Whether a cell says in the place of a rating where asking for one stands."""
    return line(text).lower() in _ASKED


def asked(text: str) -> bool | None:
    """Return whether a customer was asked for a rating: a yes or no, or where that stands
    (`offered`, `not sent`); None if it is neither.
    """
    said = _ASKED.get(line(text).lower())
    return flag(text) if said is None else said


def flag(text: str) -> bool | None:
    """Return a yes or no; a count is yes if it is not 0; None if it is neither."""
    text = line(text).lower()
    if text in _TRUE:
        return True
    if text in _FALSE:
        return False
    value = number(text)
    return None if value is None else value > 0


# --- settings ----------------------------------------------------------------------------------


def compiled(pattern: str, where: str) -> re.Pattern[str]:
    """Return a pattern from the configuration, compiled; ConfigurationError names it."""
    try:
        return re.compile(pattern, re.I)
    except re.error as error:
        raise ConfigurationError(
            f"the pattern {pattern!r} is wrong: {error}", where=where, action="correct the pattern"
        ) from error


def quarantined(raw: RawTicket, reason: str) -> Quarantined:
    """Return a row as quarantined, its fields as JSON."""
    fields = msgspec.structs.asdict(raw).items()
    told = {k: v for k, v in fields if v and k not in _NOT_QUARANTINED and (k, v) != ("turn", 1)}
    text = msgspec.json.encode(told).decode()
    return Quarantined(raw.source, raw.row, reason, text[:2000], raw.turn)


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise ConfigurationError(
            f"no time zone is called {name!r}",
            where="zone",
            action='use a name like "Europe/Paris"',
        ) from error


def _check_policies(missing: Mapping[str, str]) -> None:
    for field, policy in missing.items():
        if field not in OPTIONAL_FIELDS:
            raise ConfigurationError(
                f"no policy can be set for {field!r}",
                where=f"missing.{field}",
                action=f"use one of {', '.join(OPTIONAL_FIELDS)}",
            )
        if policy not in ("keep", "quarantine") and not policy.startswith("fill:"):
            raise ConfigurationError(
                f"{policy!r} is no policy",
                where=f"missing.{field}",
                action='use "keep", "quarantine" or "fill:<value>"',
            )
