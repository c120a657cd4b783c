"""Freshdesk: tickets with their conversations, of the account's export and of the API.

Read are the API's tickets with `conversations` in them, and the export of an account, which wraps
each ticket as `helpdesk_ticket` with its `notes`. In an archive, users, contacts, agents and
conversations may be files of their own; a conversation names its ticket by `ticket_id`. It is the
customer's where `incoming` says so. A note is public only where it says that it is not private;
what was forwarded is private.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice

import msgspec

from northloop.core.conversation import RawConversation, RawMessage, Role, Visibility
from northloop.core.interaction import Gone
from northloop.stages.data.clean import minutes, number
from northloop.stages.data.sources.json_rows import Json
from northloop.stages.data.sources.shapes.cases import (
    Beside,
    Case,
    beside,
    cases,
    fitting,
    held,
    in_order,
    own_fields,
    tags,
)
from northloop.stages.data.sources.shapes.fields import (
    Fields,
    addresses,
    found,
    full_name,
    has,
    inner,
    items,
    text,
    told,
)
from northloop.stages.data.sources.shapes.shape import Part, Record, Refused, Shape, Values

_CHANNELS = {
    "1": "email",
    "2": "portal",
    "3": "phone",
    "4": "forum",
    "5": "twitter",
    "6": "facebook",
    "7": "chat",
    "8": "mobile app",
    "9": "feedback widget",
    "10": "outbound email",
}
_OUTBOUND = "10"
"""A ticket that an agent began, by writing to the customer."""
_REPLY, _SURVEY, _FORWARDED = "0", "6", "8"
"""Sources of a conversation. Others (note, tweet, post, call) say nothing of its visibility."""
_OPEN = ("2", "3", "open", "pending")
_RATED = {"103": 7, "102": 6, "101": 5, "100": 4, "-101": 3, "-102": 2, "-103": 1}
"""From extremely happy to extremely unhappy."""
_RATED_IN_WORDS = {
    "happy": "good",
    "extremely happy": "5",
    "very happy": "great",
    "neutral": "neutral",
    "unhappy": "bad",
    "very unhappy": "very bad",
    "extremely unhappy": "very bad",
}
_KINDS = ("question", "incident", "problem", "feature request")
"""The types that every account begins with: they say what a ticket is, not what about."""
_TICKET_KEYS = (
    "responder_id",
    "description_text",
    "description_html",
    "display_id",
    "ticket_type",
    "fr_escalated",
    "fr_due_by",
    "is_escalated",
    "isescalated",
    "cc_emails",
    "fwd_emails",
    "reply_cc_emails",
    "email_config_id",
    "stats",
)
_STATES = ("stats", "ticket_states")
_LISTS = ("conversations", "satisfaction_ratings", "time_entries")
"""What may stand beside tickets."""
_MESSAGES = ("conversations", "notes", "helpdesk_notes")


def _fits(records: Values) -> str:
    return fitting(
        records,
        _tickets,
        "its tickets name their 'responder_id', and notes say 'incoming' and 'private'",
    )


def _read(records: Iterable[Record]) -> Iterator[RawConversation | Refused]:
    apart = _Apart({}, {}, {})
    if any(record.file for record in islice(records, 1)):
        _gather(records, apart)
    yield from cases(records, lambda record: _whole(record, apart), _case)
    for ticket_id, notes in apart.notes.items():
        yield Refused(notes[0][0], "the ticket of its messages is not in the file",
                      {"ticket_id": ticket_id})  # fmt: skip


class _Apart(msgspec.Struct, frozen=True):
    """What stands in other files of an archive than the tickets."""

    agents: dict[str, Json]
    """Id → name."""
    contacts: dict[str, Json]
    notes: dict[str, list[tuple[int, Fields]]]
    """Id of a ticket → conversations, each with the row of its record."""


def _gather(records: Iterable[Record], apart: _Apart) -> None:
    for record in records:
        if person := _person(record.value):
            agent = told(person, "helpdesk_agent") or has(person, "contact", "ticket_scope") > 0
            named = _names([person])
            (apart.agents if agent else apart.contacts).update(named)
        for note in _lone_notes(record.value):
            apart.notes.setdefault(text(note, "ticket_id"), []).append((record.row, note))


def _whole(record: Fields, apart: _Apart) -> Sequence[Fields] | None:
    """Return the tickets of a record with what other files tell of them, None for no such one."""
    tickets = _tickets(record)
    if tickets is None:
        return [] if _person(record) or _lone_notes(record) else None
    return [_with_apart(ticket, apart) for ticket in tickets]


def _with_apart(ticket: Fields, apart: _Apart) -> Fields:
    notes = [note for _, note in apart.notes.pop(text(ticket, "id"), ())]
    return {
        **ticket,
        "agents": {**apart.agents, **inner(ticket, "agents")},
        "contacts": {**apart.contacts, **inner(ticket, "contacts")},
        "conversations": [*_notes(ticket), *notes],
    }


def _part(record: Record) -> Part | None:
    """Return what a file of an archive holds: tickets, or their conversations and people."""
    if _tickets(record.value):
        return Part.CASES
    return Part.BESIDE if _person(record.value) or _lone_notes(record.value) else None


def _person(record: Fields) -> Fields:
    """Return the user that a record is or wraps, an empty object for none."""
    person = inner(record, "user", "contact", "agent") if len(record) == 1 else record
    marks = ("helpdesk_agent", "view_all_tickets", "ticket_scope", "occasional", "other_emails",
             "unique_external_id", "customer_id", "user_role", "twitter_id")  # fmt: skip
    named = has(person, "id", "name", "contact") > 1 and not has(person, "subject", "incoming")
    return person if named and has(person, *marks) > 1 else {}


def _lone_notes(record: Fields) -> list[Fields]:
    """Return the conversations of a record that names no ticket but by id."""
    listed = items(record, "conversations") if not _tickets(record) else []
    return [
        note
        for note in (listed or [record])
        if text(note, "ticket_id") and has(note, "incoming", "private") == 2
    ]


# --- records -----------------------------------------------------------------------------------


def _tickets(record: Fields) -> Sequence[Fields] | None:
    """Return the tickets of a record with what stands beside them, None if it is no such record."""
    page, tickets = record, [_unwrapped(record)]
    if not _is_ticket(tickets[0]):
        page, listed = held(record, lambda item: _is_ticket(_unwrapped(item)))
        tickets = [_unwrapped(item) for item in listed]
    if not tickets:
        return None
    people = {key: _names(items(page, key)) for key in ("agents", "contacts")}
    lists = beside(page, _LISTS, tickets) if page is not tickets[0] else Beside({}, True)
    return [{**people, **_joined(ticket, lists)} for ticket in tickets]


def _unwrapped(record: Fields) -> Fields:
    return inner(record, "helpdesk_ticket", "ticket") or record


def _is_ticket(record: Fields) -> bool:
    if has(record, "comments", "submitter_id", "assignee_id"):
        return False
    noted = any(has(note, "incoming", "private") == 2 for note in _notes(record))
    asked = has(record, "requester_id", "requester")
    return bool(asked and (noted or has(record, *_TICKET_KEYS) > 1)) or (
        noted and has(record, "subject", "description", "description_text") > 0
    )


def _notes(ticket: Fields) -> list[Fields]:
    listed = (items(ticket, key) for key in _MESSAGES)
    wrapped = next(filter(None, listed), [])
    return [inner(n, "note", "helpdesk_note", "conversation") or n for n in wrapped]


def _joined(ticket: Fields, page: Beside) -> dict[str, Json]:
    """Return a ticket with its conversations, ratings and time entries that stand beside it."""
    apart = {key: page.of(key, text(ticket, "id")) for key in _LISTS}
    told_of = {key: value for key, value in ticket.items() if value not in (None, [])}
    return {**{key: value for key, value in apart.items() if value}, **told_of}


def _names(people: Sequence[Fields]) -> dict[str, Json]:
    """Return the names of people by their id; an agent's is that of a contact in it."""
    return {text(p, "id"): full_name(inner(p, "contact")) or full_name(p) for p in people}


# --- a ticket ----------------------------------------------------------------------------------


def _case(row: int, ticket: Fields) -> Case | Refused:
    ticket_id = text(ticket, "display_id", "id")
    for gone in (Gone.SPAM, Gone.DELETED):
        if told(ticket, gone):
            reason = f"the ticket is {gone}"
            return Refused(row, reason, {"id": ticket_id}, ticket_id=ticket_id, gone=gone)
    return Case(
        conversation=RawConversation(
            row=row,
            messages=in_order(_messages(ticket)),
            ticket_id=ticket_id,
            subject=text(ticket, "subject"),
            customer_id=text(ticket, "requester_id", "requester.id"),
            customer_name=_customer(ticket),
            created_at=text(ticket, "created_at"),
            closed_at=_closed_at(ticket),
            channel=_channel(ticket),
            agent=_agent(ticket, text(ticket, "responder_id", "responder.id")),
            handling_minutes=_time_spent(ticket),
            csat=_rating(ticket),
            reopened=_reopened(ticket),
            first_touch_at=text(ticket, *(f"{state}.first_responded_at" for state in _STATES)),
        ),
        columns={"category": _kind(ticket) or text(ticket, "category")}
        | own_fields(found(ticket, "custom_fields", "custom_field"))
        | tags(found(ticket, "tags")),
    )


def _messages(ticket: Fields) -> Iterator[RawMessage]:
    outbound = text(ticket, "source") == _OUTBOUND
    yield RawMessage(
        role=Role.AGENT if outbound else Role.CUSTOMER,
        text=text(ticket, "description", "description_html", "description_text"),
        author=_agent(ticket, text(ticket, "responder_id")) if outbound else _customer(ticket),
        at=text(ticket, "created_at"),
    )
    for note in _notes(ticket):
        yield _message(ticket, note)


def _message(ticket: Fields, note: Fields) -> RawMessage:
    role = _role(ticket, note)
    public = role is not None and _is_public(note, role) and not _is_apart(ticket, note, role)
    return RawMessage(
        role=role or Role.SYSTEM,
        text=text(note, "body", "body_html", "body_text"),
        author=_customer(ticket) if role is Role.CUSTOMER else _agent(ticket, _author(note)),
        at=text(note, "created_at"),
        visibility=Visibility.PUBLIC if public else Visibility.PRIVATE,
    )


def _role(ticket: Fields, note: Fields) -> Role | None:
    """Return who wrote a note, None if nothing tells it."""
    if text(note, "source") == _SURVEY or told(note, "auto_response"):
        return Role.SYSTEM
    incoming = told(note, "incoming")
    if incoming is not None:
        return Role.CUSTOMER if incoming else Role.AGENT
    by_author = {
        text(ticket, "responder_id", "responder.id"): Role.AGENT,
        text(ticket, "requester_id", "requester.id"): Role.CUSTOMER,
        "": None,
    }
    return by_author.get(_author(note))


def _is_public(note: Fields, role: Role) -> bool:
    """Whether the customer saw a note. Where none says so, those of a customer and mails were."""
    private, source = told(note, "private"), text(note, "source")
    if private or source == _FORWARDED or told(note, "deleted"):
        return False
    return private is False or role is Role.CUSTOMER or source == _REPLY


def _is_apart(ticket: Fields, note: Fields, role: Role) -> bool:
    """Whether a mail went to others than the customer, as far as addresses tell."""
    customer = addresses(found(ticket, "requester.email"), found(ticket, "email"))
    readers = addresses(*(found(note, f"{to}_emails") for to in ("to", "cc", "bcc")))
    return role is Role.AGENT and bool(customer and readers) and not customer & readers


def _author(note: Fields) -> str:
    return text(note, "user_id", "user.id")


def _customer(ticket: Fields) -> str:
    named = full_name(inner(ticket, "requester")) or text(ticket, "requester_name")
    return named or text(inner(ticket, "contacts"), text(ticket, "requester_id"))


def _agent(ticket: Fields, agent_id: str) -> str:
    """Return an agent's name, as far as the ticket or a list of agents tells it."""
    known = text(inner(ticket, "agents"), agent_id)
    if known or agent_id != text(ticket, "responder_id", "responder.id"):
        return known
    name = full_name(inner(ticket, "responder")) or text(ticket, "responder_name")
    return "" if name == "No Agent" else name


def _closed_at(ticket: Fields) -> str:
    if text(ticket, "status_name", "status").lower() in _OPEN:
        return ""
    paths = [f"{state}.{end}" for end in ("closed_at", "resolved_at") for state in _STATES]
    return text(ticket, *paths, "closed_at", "resolved_at")


def _reopened(ticket: Fields) -> str:
    if text(ticket, "stats.reopened_at", "ticket_states.reopened_at"):
        return "yes"
    return "no" if has(inner(ticket, "stats", "ticket_states"), "reopened_at") else ""


def _channel(ticket: Fields) -> str:
    source = text(ticket, "source")
    named = text(ticket, "source_name") or ("" if source.isdecimal() else source)
    return _CHANNELS.get(source, named.lower())


def _kind(ticket: Fields) -> str:
    kind = text(ticket, "type", "ticket_type")
    return "" if kind.lower() in _KINDS else kind


def _time_spent(ticket: Fields) -> str:
    """Return the minutes of a ticket's time entries, "" for none."""
    entries = items(ticket, "time_entries", "time_sheets")
    spent = [_minutes(inner(entry, "time_entry", "time_sheet") or entry) for entry in entries]
    worked = [m for m in spent if m is not None]
    return f"{sum(worked):.2f}" if worked else ""


def _minutes(entry: Fields) -> float | None:
    """Return the minutes of a time entry: of hours and minutes, of hours in the older API."""
    spent = text(entry, "time_spent")
    hours = None if ":" in spent else number(spent)
    return minutes(spent) if hours is None else 60 * hours


def _rating(ticket: Fields) -> str:
    """Return the last rating on 1 to 5, or in a word, "" for none."""
    listed = items(ticket, "satisfaction_ratings", "surveys")
    ratings: list[Json] = [*listed, found(ticket, "satisfaction_rating")]
    told_of = (_rated(rating) for rating in reversed(ratings))
    return next(filter(None, told_of), "")


def _rated(rating: Json) -> str:
    given = text(rating, "ratings.default_question", "rating") or (
        "" if isinstance(rating, Mapping) or rating is None else str(rating)
    )
    if rank := _RATED.get(given):
        return f"{1 + 4 * (rank - 1) / 6:.2f}"
    return _RATED_IN_WORDS.get(given.lower(), "")


FRESHDESK = Shape(
    name="Freshdesk tickets",
    documented="https://developers.freshdesk.com/api/#tickets",
    fits=_fits,
    read=_read,
    part=_part,
)
