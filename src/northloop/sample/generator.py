"""Generates a raw help-desk export of the sample company, with gold labels for every row.

A year of tickets in a CSV file, the newest four weeks in a JSONL file (other customers, other
phrasings: the future test set). Pure Python and one seeded generator, so that the same
arguments give the same bytes on any machine.
"""

from __future__ import annotations

import csv
import io
import json
from datetime import UTC, datetime, timedelta
from math import log
from random import Random
from typing import Literal
from zlib import crc32

import msgspec
from msgspec.structs import replace

from northloop.sample import mess
from northloop.sample.library import intent_specs, pieces
from northloop.sample.people import customer_at
from northloop.sample.questions import Question, compose, draw_intents, scene
from northloop.sample.records import Customer, Export, GoldRow, PlantedSpan, Pool
from northloop.sample.replies import Reply, reference_answer, write_reply
from northloop.sample.wording import expand, fill, misspell

COLUMNS = (
    "Ticket ID",
    "Created at",
    "Closed at",
    "Channel",
    "Requester name",
    "Requester email",
    "Requester phone",
    "Subject",
    "Description",
    "Agent",
    "Agent reply",
    "Tags",
    "Handling time (min)",
    "CSAT",
    "Reopened",
    "Conversation",
    "Internal ref",
)
"""The header of `tickets_csv`."""

_START = datetime(2025, 11, 1, 6, 0, tzinfo=UTC)
_RECENT = datetime(2026, 10, 4, 6, 0, tzinfo=UTC)
_END = datetime(2026, 10, 30, 6, 0, tzinfo=UTC)
_LAST = datetime(2026, 10, 31, 23, 59, tzinfo=UTC)
_SIGMA = 0.9
_HOURS_SCALE = 1.75
_OVERSIZED_AT_MOST = 3
_CSV_DEFECTS = ("field_count", "empty_body", "no_usable_date", "oversized_cell")
_JSON_DEFECTS = ("broken_json", "empty_body", "no_usable_date")

Kind = Literal["base", "exact", "near", "malformed"]


class _Ticket(msgspec.Struct, frozen=True, kw_only=True):
    """A ticket before it is written to a file: raw texts, true times, gold row."""

    gold: GoldRow
    customer: Customer
    question: Question
    reply: Reply
    created: datetime
    closed: datetime
    channel: str
    subject: str
    description: str
    reply_text: str


class _Part:
    """What one file's tickets share: pool, customers seen so far, tickets so far."""

    def __init__(self, pool: Pool, seed: int, first_ticket: int, first_customer: int) -> None:
        self.pool: Pool = pool
        self.seed = seed
        self.first_ticket = first_ticket
        self.next_customer = first_customer
        self.known: list[int] = []
        self.texts: set[str] = set()
        self.base: list[_Ticket] = []
        self.tickets: list[_Ticket] = []

    def draw_customer(self, rng: Random) -> int:
        """The index of a returning customer or of the next one whose name suits the pool."""
        if self.known and rng.random() < 0.35:
            return rng.choice(self.known)
        while not self._suits(self.next_customer):
            self.next_customer += 1
        self.known.append(self.next_customer)
        self.next_customer += 1
        return self.known[-1]

    def _suits(self, index: int) -> bool:
        """Whether this customer may write here: each name belongs to one pool only."""
        is_newcomer = crc32(customer_at(index, self.seed).name.encode()) % 10 == 0
        return is_newcomer == (self.pool == "held_out")


def _plan(rows: int, rng: Random) -> list[Kind]:
    """The kind of each row: about 4 % exact and 5 % near duplicates, 1 % malformed."""
    exact, near = round(rows * 0.04), round(rows * 0.05)
    malformed = max(round(rows * 0.01), 1 if rows >= 20 else 0)
    kinds: list[Kind] = ["base"] * (rows - exact - near - malformed)
    kinds.extend(["exact"] * exact)
    kinds.extend(["near"] * near)
    kinds.extend(["malformed"] * malformed)
    rng.shuffle(kinds)
    first = kinds.index("base") if rows else 0
    return kinds[first:] + kinds[:first]


def _times(count: int, start: datetime, end: datetime, rng: Random) -> list[datetime]:
    """Sorted moments, whole minutes, mostly by day and thinner at week-ends."""
    found: list[datetime] = []
    minutes = int((end - start).total_seconds() // 60)
    while len(found) < count:
        moment = start + timedelta(minutes=rng.randrange(minutes))
        night = moment.hour < 6 or moment.hour > 21
        if rng.random() < (0.15 if night else 1.0) * (0.5 if moment.weekday() > 4 else 1.0):
            found.append(moment)
    return sorted(found)


def _closed(intent: str, created: datetime, rng: Random) -> datetime:
    mean = intent_specs()[intent].resolution_hours * _HOURS_SCALE
    hours = rng.lognormvariate(log(mean) - _SIGMA**2 / 2, _SIGMA)
    return min(created + timedelta(minutes=max(3, round(hours * 60))), _LAST)


def _subject(question: Question, pool: Pool, rng: Random) -> tuple[str, tuple[PlantedSpan, ...]]:
    choices = pieces(pool).subjects or intent_specs()[question.intents[0]].subjects
    template = expand(rng.choice(choices), rng)
    roll = rng.random()
    if roll < 0.1 and "{order}" not in template:
        template += " - {order}"
    prefix = rng.choice(("Re: ", "RE: ", "Fwd: ")) if roll > 0.9 else ""
    subject, spans = fill(prefix + template, question.values, "subject")
    return subject, spans


def _description(
    text: str, customer: Customer, channel: str, created: datetime, rng: Random
) -> tuple[str, tuple[PlantedSpan, ...]]:
    """The raw body as it came in over the channel, and the strings planted around the text."""
    spans: tuple[PlantedSpan, ...] = ()
    if channel == "email" and rng.random() < 0.45:
        block, more = mess.customer_signature(customer, rng)
        text, spans = f"{text}\n\n{block}", spans + more
    if channel == "email" and rng.random() < 0.25:
        block, more = mess.quoted_reply(customer, created, rng)
        text, spans = f"{text}\n\n{block}", spans + more
    if channel == "email" and rng.random() < 0.45:
        text = mess.as_html(text, rng)
    return (mess.mojibake(text) if rng.random() < 0.06 else text), spans


def _reply_text(reply: Reply, rng: Random) -> tuple[str, tuple[PlantedSpan, ...]]:
    """The raw reply with sign-off and signature, and the agent's name in the latter."""
    text = f"{reply.text}\n\n{reply.sign_off}\n{reply.agent.signature}"
    named = reply.agent.name in text
    spans = (PlantedSpan("reply_signature", "name", reply.agent.name),) if named else ()
    if rng.random() < 0.4:
        text = mess.as_html(text, rng)
    return (mess.mojibake(text) if rng.random() < 0.06 else text), spans


def _iso(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def _base_ticket(part: _Part, created: datetime, rng: Random) -> _Ticket:
    ticket_id = f"T-{part.first_ticket + len(part.tickets)}"
    conversation = f"CONV-{part.first_ticket + len(part.tickets) - 90_000:06d}"
    index = part.draw_customer(rng)
    if part.base and rng.random() < 0.06:  # the customer asks something else in the same thread
        earlier = rng.choice(part.base[-80:]).gold
        conversation = earlier.conversation
        index = int(earlier.customer_id[2:]) - 1
    question = compose(scene(part.pool, index, part.seed, rng), draw_intents(rng, 0.08), rng)
    while question.text.casefold() in part.texts:
        question = compose(scene(part.pool, index, part.seed, rng), draw_intents(rng, 0.08), rng)
    part.texts.add(question.text.casefold())
    customer = customer_at(index, part.seed)
    reply = write_reply(question, rng)
    channel = rng.choice(("email", "email", "email", "web form", "chat", "social"))
    subject, in_subject = _subject(question, part.pool, rng)
    description, around = _description(question.text, customer, channel, created, rng)
    reply_text, in_signature = _reply_text(reply, rng)
    closed = _closed(question.intents[0], created, rng)
    gold = GoldRow(
        ticket_id=ticket_id,
        customer_id=customer.customer_id,
        conversation=conversation,
        intent=question.intents[0],
        intents=question.intents,
        documents=question.documents,
        facts=question.facts,
        question=question.text,
        answer=reference_answer(question),
        spans=in_subject + question.spans + around + reply.spans + in_signature,
        duplicate_of=None,
        duplicate_kind=None,
        malformed=None,
        pool=part.pool,
        wrong_reply=reply.wrong,
        created_at=_iso(created),
        closed_at=_iso(closed),
    )
    return _Ticket(
        gold=gold,
        customer=customer,
        question=question,
        reply=reply,
        created=created,
        closed=closed,
        channel=channel,
        subject=subject,
        description=description,
        reply_text=reply_text,
    )


def _nearly(text: str, rng: Random) -> str:
    """The text as somebody sends it again: a few words more, a typing error, forwarded."""
    match rng.randrange(4):
        case 0:
            return misspell(text, 2, rng)
        case 1:
            return f"{text} {rng.choice(('Anyone?', 'Please reply.', 'Sent again, sorry.'))}"
        case 2:
            return f"{rng.choice(('Second try:', 'Resending this:', 'Again:'))} {text}"
        case _:
            return f"---------- Forwarded message ----------\n\n{text}"


def _duplicate(part: _Part, kind: Kind, created: datetime, rng: Random) -> _Ticket:
    number = part.first_ticket + len(part.tickets)
    original = rng.choice(part.base[-60:])
    closed = _closed(original.gold.intent, created, rng)
    gold = replace(
        original.gold,
        ticket_id=f"T-{number}",
        conversation=f"CONV-{number - 90_000:06d}",
        duplicate_of=original.gold.ticket_id,
        duplicate_kind="exact" if kind == "exact" else "near",
        created_at=_iso(created),
        closed_at=_iso(closed),
    )
    copy = replace(original, gold=gold, created=created, closed=closed)
    if kind == "exact":
        return copy
    text = _nearly(original.question.text, rng)
    description, around = _description(text, original.customer, original.channel, created, rng)
    kept = tuple(
        s for s in gold.spans if s.field not in ("description_signature", "description_quoted")
    )
    question = text.removeprefix("---------- Forwarded message ----------").strip()
    gold = replace(gold, question=question, spans=kept + around)
    return replace(copy, gold=gold, description=description)


def _tickets(part: _Part, times: list[datetime], defects: tuple[str, ...], rng: Random) -> None:
    broken = 0
    for kind, created in zip(_plan(len(times), rng), times, strict=True):
        if kind in ("exact", "near"):
            ticket = _duplicate(part, kind, created, rng)
        else:
            ticket = _base_ticket(part, created, rng)
        if kind == "malformed":
            defect = defects[broken % len(defects)]
            if defect == "oversized_cell" and broken >= _OVERSIZED_AT_MOST * len(defects):
                defect = defects[0]
            broken += 1
            ticket = replace(ticket, gold=replace(ticket.gold, malformed=defect, spans=()))
        elif kind == "base":
            part.base.append(ticket)
        part.tickets.append(ticket)


def _csat(wrong: bool, rng: Random) -> int | None:
    if rng.random() > 0.35:
        return None
    return rng.choices((1, 2, 3, 4, 5), (45, 25, 15, 9, 6) if wrong else (4, 5, 10, 26, 55))[0]


def _reopened(wrong: bool, rng: Random) -> bool:
    return rng.random() < (0.35 if wrong else 0.066)


def _handling(ticket: _Ticket, rng: Random) -> int:
    mean = sum(intent_specs()[name].handling_minutes for name in ticket.gold.intents)
    return max(1, round(rng.lognormvariate(log(mean) - 0.125, 0.5)))


def _cells(ticket: _Ticket, rng: Random) -> list[str]:
    customer, gold = ticket.customer, ticket.gold
    csat = _csat(gold.wrong_reply, rng)
    name = mess.name_variant(customer.name, rng)
    spec = intent_specs()[gold.intent]
    return [
        gold.ticket_id,
        mess.raw_date(ticket.created, rng),
        mess.raw_date(ticket.closed, rng) if rng.random() > 0.015 else mess.missing(rng),
        ticket.channel if rng.random() > 0.02 else mess.missing(rng),
        mess.missing(rng) if rng.random() < 0.04 else name,
        mess.missing(rng) if rng.random() < 0.03 else customer.email,
        mess.missing(rng) if rng.random() < 0.4 else customer.phone,
        ticket.subject if rng.random() > 0.03 else mess.missing(rng),
        ticket.description,
        ticket.reply.agent.name,
        ticket.reply_text,
        spec.group if rng.random() < 0.5 else rng.choice(("", "", "todo", "vip", "N/A")),
        str(_handling(ticket, rng)) if rng.random() > 0.05 else mess.missing(rng),
        str(csat) if csat else mess.missing(rng),
        "yes" if _reopened(gold.wrong_reply, rng) else "no",
        gold.conversation,
        f"ZD-{rng.getrandbits(40):010x}",
    ]


def _spoil_cells(cells: list[str], defect: str, rng: Random) -> list[str]:
    body = COLUMNS.index("Description")
    match defect:
        case "field_count":
            return cells[:-4] if rng.random() < 0.5 else [*cells, "", "copy of row"]
        case "empty_body":
            return [*cells[:body], rng.choice(("", "<p>&nbsp;</p>", "   ")), *cells[body + 1 :]]
        case "no_usable_date":
            return [cells[0], rng.choice(("yesterday", "31/31/2026", "#REF!")), "", *cells[3:]]
        case _:
            noise = f"{cells[body]}\nDEBUG {cells[-1]} retry "
            huge = (noise * (200_000 // len(noise) + 1))[:200_000]
            return [*cells[:body], huge, *cells[body + 1 :]]


def _record(cells: list[str]) -> str:
    buffer = io.StringIO()
    csv.writer(buffer, lineterminator="\r\n").writerow(cells)
    return buffer.getvalue()


def _encoded(record: str, rng: Random) -> bytes:
    """The record in UTF-8, or now and then in cp1252, as when two systems wrote one file."""
    if rng.random() < 0.05 and not record.isascii():
        try:
            return record.encode("cp1252")
        except UnicodeEncodeError:
            pass
    return record.encode("utf-8")


def _csv_file(tickets: list[_Ticket], rng: Random) -> bytes:
    rows = [_record(list(COLUMNS)).encode()]
    for ticket in tickets:
        cells = _cells(ticket, rng)
        if ticket.gold.malformed:
            cells = _spoil_cells(cells, ticket.gold.malformed, rng)
        rows.append(_encoded(_record(cells), rng))
    return b"".join(rows)


def _json_line(ticket: _Ticket, rng: Random) -> str:
    gold, customer, defect = ticket.gold, ticket.customer, ticket.gold.malformed
    usable = defect != "no_usable_date"
    messages = [
        {"from": "customer", "text": ticket.description},
        {"from": "agent", "name": ticket.reply.agent.name, "text": ticket.reply_text},
    ]
    record = {
        "id": gold.ticket_id,
        "created_at": mess.raw_date(ticket.created, rng) if usable else "n.d.",
        "resolved_at": mess.raw_date(ticket.closed, rng) if usable else None,
        "channel": ticket.channel,
        "customer": {
            "name": mess.name_variant(customer.name, rng),
            "email": customer.email,
            "phone": customer.phone if rng.random() > 0.4 else None,
        },
        "subject": ticket.subject,
        "messages": [] if defect == "empty_body" else messages,
        "handling_minutes": _handling(ticket, rng),
        "csat": _csat(gold.wrong_reply, rng),
        "reopened": _reopened(gold.wrong_reply, rng),
        "conversation": gold.conversation,
    }
    line = json.dumps(record, ensure_ascii=False)
    return line[: len(line) * 2 // 3] if defect == "broken_json" else line


def generate_export(rows: int, seed: int) -> Export:
    """An export of `rows` data rows over both files, malformed ones included.

    About 92 % are in `tickets_csv` (phrasings of the train pool), the newest 8 % in
    `recent_jsonl` (phrasings of the held-out pool, customers who appear nowhere else). The
    customers are those of `customers(…, seed)`, their orders those of `orders(…, seed)`.
    """
    rng = Random(f"{seed}/export/{rows}")
    recent_rows = round(rows * 0.08)
    old = _Part("train", seed, 100_001, 0)
    _tickets(old, _times(rows - recent_rows, _START, _RECENT, rng), _CSV_DEFECTS, rng)
    recent = _Part("held_out", seed, 100_001 + rows - recent_rows, old.next_customer)
    _tickets(recent, _times(recent_rows, _RECENT, _END, rng), _JSON_DEFECTS, rng)
    lines = [_json_line(ticket, rng) + "\n" for ticket in recent.tickets]
    return Export(
        tickets_csv=_csv_file(old.tickets, rng),
        recent_jsonl="".join(lines).encode("utf-8"),
        gold=tuple(ticket.gold for ticket in old.tickets + recent.tickets),
    )
