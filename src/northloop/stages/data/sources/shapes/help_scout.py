"""Help Scout: conversations with their threads, of the Mailbox API, its webhooks, and API 1.

What the customer sees are the published threads of the types `customer`, `message`, `reply` and
`chat`. Notes, drafts, hidden threads, those under review and what was forwarded are private, and so
is the log of a call, which an agent writes; a thread of another type, or in another state, is taken
for private. Threads come newest first and are put in their order.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from northloop.core.conversation import RawConversation, RawMessage, Role, Visibility
from northloop.core.interaction import Gone
from northloop.stages.data.sources.shapes.cases import (
    Case,
    cases,
    fitting,
    held,
    in_order,
    own_fields,
    tags,
)
from northloop.stages.data.sources.shapes.fields import (
    Fields,
    found,
    full_name,
    has,
    inner,
    items,
    text,
)
from northloop.stages.data.sources.shapes.shape import Record, Refused, Shape, Values

_SAID_BY = {
    "customer": Role.CUSTOMER,
    "message": Role.AGENT,
    "reply": Role.AGENT,
}
"""Type of a thread → whose it is."""
_CHATTED = ("chat", "beaconchat")
"""Types of which the author tells whose they are."""
_AUTHORS = {
    "customer": Role.CUSTOMER,
    "user": Role.AGENT,
    "system_user": Role.BOT,
    "ai": Role.BOT,
    "bot": Role.BOT,
}
_WRITTEN_BY_RULES = ("workflow", "workflows", "notification", "autoreply")
_KINDS = (*_SAID_BY, *_CHATTED, "note", "phone", "lineitem", "forwardparent", "forwardchild")
_LINK = re.compile(r"/conversations/(\d+)")


def _fits(records: Values) -> str:
    return fitting(
        records,
        _conversations,
        "its conversations have threads of types as 'customer', 'message' and 'note'",
    )


def _read(records: Iterable[Record]) -> Iterator[RawConversation | Refused]:
    return cases(records, _conversations, _case)


# --- records -----------------------------------------------------------------------------------


def _conversations(record: Fields) -> Sequence[Fields] | None:
    """Return the conversations of a record, None if it is no such record."""
    if apart := _with_threads(record):
        return apart
    single = inner(record, "item", "conversation")
    if single and _threads(record):
        single = {**single, "_embedded": {"threads": _threads(record)}}
    for one in (single, record):
        if _is_conversation(one):
            return [one]
    _, conversations = held(record, _is_conversation)
    empty = has(inner(record, "_embedded"), "conversations") and has(record, "page")
    return conversations if conversations or empty else None


def _with_threads(page: Fields) -> list[Fields]:
    """Return the conversations of a page that the threads and ratings beside them name, each with
    its own, where the threads are of several; [] for any other record.
    """
    beside = {key: _by_conversation(items(page, key)) for key in ("threads", "ratings")}
    if len(beside["threads"]) < 2:
        return []
    listed = {_number(one): one for one in items(page, "conversations")}
    return [
        {"id": number, **listed.get(number, {})}
        | {key: found[number] for key, found in beside.items() if number in found}
        for number in dict.fromkeys((*listed, *beside["threads"]))
    ]


def _by_conversation(listed: list[Fields]) -> dict[str, list[Fields]]:
    found: dict[str, list[Fields]] = {}
    for one in listed:
        if number := text(one, "conversation_id"):
            found.setdefault(number, []).append(one)
    return found


def _is_conversation(record: Fields) -> bool:
    threads = _threads(record)
    typed = [t for t in threads if text(t, "type") in _KINDS]
    if typed and any(has(t, "created_by", "state", "source") > 1 for t in typed):
        return True
    marks = ("primary_customer", "mailbox_id", "folder_id", "customer_waiting_since")
    return not threads and has(record, *marks) > 1 and has(record, "status", "subject") > 1


def _threads(record: Fields) -> list[Fields]:
    return items(record, "_embedded.threads", "threads")


# --- a conversation ----------------------------------------------------------------------------


def _case(row: int, record: Fields) -> Case | Refused:
    number, customer = _number(record), _customer(record)
    for field, gone in (("status", Gone.SPAM), ("state", Gone.DELETED)):
        if text(record, field) == gone:
            reason = f"the conversation is {gone}"
            return Refused(row, reason, {"id": number}, ticket_id=number, gone=gone)
    return Case(
        conversation=RawConversation(
            row=row,
            messages=in_order(map(_message, _threads(record))),
            ticket_id=number,
            subject=text(record, "subject"),
            customer_id=text(customer, "id") or text(customer, "email"),
            customer_name=full_name(customer),
            created_at=text(record, "created_at"),
            closed_at=_closed_at(record),
            channel=_channel(record),
            agent=full_name(inner(record, "assignee", "owner")),
            csat=_rating(record),
        ),
        columns=own_fields(found(record, "custom_fields"))
        | tags(found(record, "tags", "_embedded.tags")),
    )


def _message(thread: Fields) -> RawMessage:
    role = _role(thread)
    public = role is not None and text(thread, "state").lower() in ("published", "")
    return RawMessage(
        role=role or Role.SYSTEM,
        text=text(thread, "body", "text"),
        author=full_name(inner(thread, "created_by")),
        at=text(thread, "created_at"),
        visibility=Visibility.PUBLIC if public else Visibility.PRIVATE,
    )


def _role(thread: Fields) -> Role | None:
    """Return whose a thread is, None if it is not for the customer or nothing tells it."""
    kind = text(thread, "type").lower()
    author = _AUTHORS.get(text(thread, "created_by.type").lower())
    said_by = _SAID_BY.get(kind)
    by_rule = text(thread, "source.type").lower() in _WRITTEN_BY_RULES
    if kind == "lineitem" or (said_by is Role.AGENT and by_rule):
        return Role.SYSTEM
    if kind in _CHATTED or (kind == "phone" and author is Role.CUSTOMER):
        return author
    return Role.BOT if said_by is Role.AGENT and author is Role.BOT else said_by


def _number(record: Fields) -> str:
    linked = _LINK.search(text(record, "_links.self.href"))
    return text(record, "id", "number") or (linked[1] if linked else "")


def _customer(record: Fields) -> Fields:
    customers = (inner(thread, "customer") for thread in _threads(record))
    author = inner(record, "created_by")
    asked = author if text(author, "type") == "customer" else {}
    named = inner(record, "primary_customer", "customer")
    return named or asked or next(filter(None, customers), {})


def _closed_at(record: Fields) -> str:
    return text(record, "closed_at") if text(record, "status") in ("closed", "") else ""


def _channel(record: Fields) -> str:
    return text(record, "type", "source.type").lower()


def _rating(record: Fields) -> str:
    """Return the last rating (Great, Okay, Bad) of a conversation, "" for none."""
    rated = [record, *reversed(items(record, "ratings")), *_threads(record)]
    given = (text(r, "rating.rating", "rating") for r in rated)
    return next(filter(None, given), "").lower()


HELP_SCOUT = Shape(
    name="Help Scout conversations",
    documented="https://developer.helpscout.com/mailbox-api/endpoints/conversations/threads/list/",
    fits=_fits,
    read=_read,
)
