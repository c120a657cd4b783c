"""Request Tracker: tickets with their history, of REST 2.0, and of REST 1.0 written as JSON.

What was said are the transactions `Create` and `Correspond`, the requestor's or an agent's by their
creator; comments, and records of the mails that RT sent, are private, and so is every other kind.
Days of 1970 stand for none. A ticket's queue is taken for what it is about where the file has
several of them.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterable, Iterator, Mapping

from northloop.core.conversation import RawConversation, RawMessage, Role, Visibility
from northloop.core.interaction import Gone
from northloop.stages.data.dates import is_placeholder
from northloop.stages.data.sources.json_rows import Json, as_text
from northloop.stages.data.sources.shapes.apart import Kinds, together
from northloop.stages.data.sources.shapes.cases import Case, in_order, own_fields
from northloop.stages.data.sources.shapes.fields import Fields, found, has, items, text, told
from northloop.stages.data.sources.shapes.shape import Record, Refused, Shape, Values

_SPOKEN = ("create", "correspond")
_KINDS_OF = (*_SPOKEN, "comment", "commentemailrecord", "emailrecord", "status", "set", "take",
             "give", "steal", "addwatcher", "delwatcher", "customfield", "addlink",
             "deletelink", "told", "untake", "force", "addreminder", "setwatcher")  # fmt: skip
"""Types of transactions."""
_TICKET_KEYS = ("TimeWorked", "TimeLeft", "TimeEstimated", "EffectiveId", "FinalPriority",
                "InitialPriority", "AdminCc", "Requestor", "Requestors", "Told")  # fmt: skip
_HISTORY = ("history.items", "history", "transactions.items", "transactions", "_history")
_NOBODY = ("nobody", "rt_system")
_CLOSED = ("resolved", "rejected", "closed", "")
_GENERAL = ("general", "support", "helpdesk", "help desk", "incoming", "inbox", "default")
"""Queues for all that comes: they say nothing of what a ticket is about."""
_OLD_DATE = re.compile(r"\w{3} (\w{3}) +(\d+) (\d\d:\d\d:\d\d) (\d{4})$")
_MINUTES = re.compile(r"(\d+) min")
_PREFIX = re.compile(r"^ticket/")
_OWN = re.compile(r"^CF[.-]\{(.+)\}$", re.I)
_BASE64 = re.compile(r"[A-Za-z0-9+/\s]{8,}={0,2}\s*$")


# --- records -----------------------------------------------------------------------------------


def _is_transaction(record: Fields) -> bool:
    kind = text(record, "Type").lower()
    made = has(record, "Creator", "Created", "Content", "OldValue", "NewValue") > 1
    return kind in _KINDS_OF and made and not has(record, "Queue")


def _is_ticket(record: Fields) -> bool:
    written = any(_is_transaction(one) for one in _history(record))
    placed = has(record, "Queue", "Subject") == 2 and has(record, *_TICKET_KEYS) > 1
    return placed or bool(written and has(record, "Queue", "Subject", "Status", "id"))


def _history(ticket: Fields) -> list[Fields]:
    return items(ticket, *_HISTORY)


def _ticket_of(transaction: Fields) -> str:
    return _PREFIX.sub("", text(transaction, "Object.id", "ObjectId", "Ticket", "Object"))


_KINDS = Kinds(
    id_of=lambda ticket: _number(ticket),
    is_case=_is_ticket,
    is_message=_is_transaction,
    case_of=_ticket_of,
    wrappers=("ticket",),
    is_other=lambda record: found(record, "items") == [] and has(record, "per_page", "page") > 0,
)


def _fits(records: Values) -> str:
    return _KINDS.fitting(
        records, "its tickets have a queue and requestors, or transactions as 'Correspond'"
    )


def _read(records: Iterable[Record]) -> Iterator[RawConversation | Refused]:
    listed = (ticket for record in records for ticket in _KINDS.cases(record.value) or ())
    sorts = len({_queue(ticket) for ticket in listed} - {""}) > 1

    def read(row: int, ticket: Fields, more: list[Fields]) -> Case | Refused:
        return _case(row, ticket, more, queue_sorts=sorts)

    return together(records, _KINDS, read, "history")


# --- a ticket ----------------------------------------------------------------------------------


def _case(row: int, ticket: Fields, more: list[Fields], *, queue_sorts: bool) -> Case | Refused:
    number, status = _number(ticket), text(ticket, "Status").lower()
    if status == "deleted":
        reason = "the ticket is deleted"
        return Refused(row, reason, {"id": number}, ticket_id=number, gone=Gone.DELETED)
    transactions = [*_history(ticket), *more]
    people = _Watchers(ticket, transactions)
    return Case(
        conversation=RawConversation(
            row=row,
            messages=in_order(_message(one, people) for one in transactions),
            ticket_id=number,
            subject=text(ticket, "Subject"),
            customer_id=people.customer_id,
            customer_name=people.customer_name,
            created_at=_date(text(ticket, "Created")),
            closed_at=_date(text(ticket, "Resolved")) if status in _CLOSED else "",
            agent=_owner(ticket),
            handling_minutes=_worked(ticket),
            reopened=_reopened(transactions),
        ),
        columns={"queue": _queue(ticket) if queue_sorts else ""} | _own(ticket),
    )


class _Watchers:
    """Whom a ticket names, and on which side they are."""

    def __init__(self, ticket: Fields, transactions: list[Fields]) -> None:
        named = _people(ticket, "Requestor") or _people(ticket, "Requestors")
        if not named and not has(ticket, "Requestor", "Requestors"):
            opened = (t for t in transactions if text(t, "Type").lower() == "create")
            named = _people(ticket, "Creator") or _people(next(opened, {}), "Creator")
        self.customer_id = next(iter(_names(named[0])), "") if named else ""
        self.customer_name = _shown(named[0]) if named else ""
        self._customers = {name for one in named for name in _names(one)}
        self._others = {name for one in _people(ticket, "Cc") for name in _names(one)}

    def role(self, transaction: Fields) -> Role | None:
        """Return whose a transaction is, None if nothing tells it."""
        writers = [name for one in _people(transaction, "Creator") for name in _names(one)]
        if any(name in _NOBODY for name in writers):
            return Role.SYSTEM
        if self._customers.intersection(writers):
            return Role.CUSTOMER
        outside = told(transaction, "Creator.Privileged") is False
        known = bool(writers and self._customers)
        return Role.AGENT if known and not outside and not self._others & {*writers} else None


def _people(record: Fields, key: str) -> list[Fields]:
    """Return those whom a field names: an object, a list of them, or names in a text."""
    value = found(record, key)
    if isinstance(value, Mapping):
        return [value]
    if isinstance(value, list):
        return [one if isinstance(one, Mapping) else {"id": one} for one in value if one]
    return [{"id": name.strip()} for name in as_text(value).split(",") if name.strip()]


def _names(person: Fields) -> list[str]:
    told_of = (text(person, key).lower() for key in ("id", "EmailAddress", "Name"))
    return [name for name in told_of if name and name != "0"]


def _shown(person: Fields) -> str:
    name = text(person, "RealName") or text(person, "Name")
    return "" if "@" in name else name


def _message(transaction: Fields, people: _Watchers) -> RawMessage:
    kind, role = text(transaction, "Type").lower(), people.role(transaction)
    public = kind in _SPOKEN and role is not None
    return RawMessage(
        role=role or Role.SYSTEM,
        text=_content(transaction),
        author=next((_shown(one) for one in _people(transaction, "Creator")), ""),
        at=_date(text(transaction, "Created")),
        visibility=Visibility.PUBLIC if public else Visibility.PRIVATE,
    )


def _content(transaction: Fields) -> str:
    """Return what was written: the content itself, or that of the first attachment with text."""
    said = text(transaction, "Content")
    if said and not said.startswith("This transaction appears to have no content"):
        return said
    parts = items(transaction, "Attachments", "Attachments.items")
    for kind in ("text/plain", "text/html"):
        for part in parts:
            named = text(part, "ContentType").lower().startswith(kind)
            if named and not text(part, "Filename") and (written := text(part, "Content")):
                return _decoded(written)
    return ""


def _decoded(content: str) -> str:
    """Return a text that may be in Base64, as REST 2.0 has the contents of attachments."""
    if not _BASE64.match(content):
        return content
    try:
        plain = base64.b64decode("".join(content.split()), validate=True).decode("utf-8")
    except (binascii.Error, ValueError):
        return content
    return plain if all(c.isprintable() or c.isspace() for c in plain) else content


# --- fields of a ticket ------------------------------------------------------------------------


def _number(ticket: Fields) -> str:
    return _PREFIX.sub("", text(ticket, "id", "EffectiveId.id", "EffectiveId"))


def _queue(ticket: Fields) -> str:
    name = text(ticket, "Queue.Name", "QueueName", "Queue")
    return "" if name.isdecimal() or name.lower() in _GENERAL else name


def _owner(ticket: Fields) -> str:
    owners = _people(ticket, "Owner")
    named = text(owners[0], "RealName", "Name", "id") if owners else ""
    return "" if named.lower() in _NOBODY else named


def _date(at: str) -> str:
    """Return a date, "" for the ways that RT writes none; that of REST 1.0 in another order."""
    if not any(c.isdigit() for c in at) or is_placeholder(at):
        return ""
    old = _OLD_DATE.match(at)
    return f"{old[1]} {old[2]} {old[4]} {old[3]}" if old else at


def _worked(ticket: Fields) -> str:
    """Return the minutes worked on a ticket: RT counts them, and REST 1.0 says so in words."""
    spent = text(ticket, "TimeWorked")
    in_words = _MINUTES.search(spent)
    return in_words[1] if in_words else "" if spent == "0" else spent


def _reopened(transactions: list[Fields]) -> str:
    changes = [t for t in transactions if text(t, "Type").lower() in ("status", "set")]
    back = (
        text(c, "OldValue").lower() == "resolved" and text(c, "NewValue").lower() in ("open", "new")
        for c in changes
    )
    return "yes" if any(back) else "no" if changes else ""


def _own(ticket: Fields) -> dict[str, str]:
    """Return a ticket's custom fields, those with one value."""
    fields = found(ticket, "CustomFields")
    flat = {named[1]: value for key, value in ticket.items() if (named := _OWN.match(key))}
    if isinstance(fields, Mapping):
        named_by: dict[str, Json] = {key: _one(value) for key, value in fields.items()}
    else:
        listed = items(ticket, "CustomFields")
        named_by = {text(f, "name"): _one(found(f, "values", "value")) for f in listed}
    return own_fields({**named_by, **{key: _one(value) for key, value in flat.items()}})


def _one(value: Json) -> str:
    if isinstance(value, list):
        return as_text(value[0]) if len(value) == 1 else ""
    return "" if isinstance(value, Mapping) else as_text(value)


REQUEST_TRACKER = Shape(
    name="Request Tracker tickets",
    documented="https://docs.bestpractical.com/rt/latest/RT/REST2.html",
    fits=_fits,
    read=_read,
    part=_KINDS.part,
)
