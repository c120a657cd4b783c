"""Intercom: conversations and tickets with their parts.

Read are single conversations, lists and pages of them, and the older model (`conversation_message`,
`user`). What customers and teammates exchange are the source and the parts of type `comment`, and
what was said on closing or opening; notes are private, and so is what an assignment says. Words of
Fin, of the operator and of campaigns are a bot's. A part of a kind, or an author of a type, that is
not known is taken for private.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from northloop.core.conversation import RawConversation, RawMessage, Role, Visibility
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
    one_of,
    text,
    told,
)
from northloop.stages.data.sources.shapes.shape import Record, Refused, Shape, Values

_ROLES = {
    "user": Role.CUSTOMER,
    "lead": Role.CUSTOMER,
    "contact": Role.CUSTOMER,
    "visitor": Role.CUSTOMER,
    "admin": Role.AGENT,
    "team": Role.AGENT,
    "teammate": Role.AGENT,
    "bot": Role.BOT,
    "operator": Role.BOT,
    "fin": Role.BOT,
    "ai_agent": Role.BOT,
}
_SPOKEN = ("comment", "close", "open", "quick_reply", "conversation")
"""Types of parts that the customer sees."""
_SENT_BY_NOBODY = ("operator_initiated", "automated", "campaigns_initiated")
_OPERATOR = ("operator+",)
"""How the address of the bot begins that writes as an admin."""
_CHANNELS = {"conversation": "chat", "phone_call": "phone", "phone_switch": "phone"}


def _fits(records: Values) -> str:
    return fitting(
        records,
        _conversations,
        "its conversations have parts with a 'part_type' and a type of author",
    )


def _read(records: Iterable[Record]) -> Iterator[RawConversation | Refused]:
    return cases(records, _conversations, _case)


# --- records -----------------------------------------------------------------------------------


def _conversations(record: Fields) -> Sequence[Fields] | None:
    """Return the conversations of a record, None if it is no such record."""
    if _is_conversation(record):
        return [record]
    single = inner(record, "conversation", "ticket", "data.item")
    if _is_conversation(single):
        return [single]
    _, conversations = held(record, _is_conversation)
    ends = text(record, "type").endswith(".list") or has(record, "pages", "scroll_param")
    empty = ends and any(found(record, key) == [] for key in ("conversations", "data", "tickets"))
    return conversations if conversations or empty else None


def _is_conversation(record: Fields) -> bool:
    parts = _parts(record)
    if any(has(part, "part_type") for part in parts):
        return True
    named = text(record, "type").lower() in ("conversation", "ticket")
    begun = inner(record, "source.author", "conversation_message.author")
    wrapped = inner(record, "conversation_parts", "ticket_parts")
    return bool(named and (begun or wrapped))


def _parts(record: Fields) -> list[Fields]:
    return items(
        record,
        "conversation_parts.conversation_parts",
        "conversation_parts",
        "ticket_parts.ticket_parts",
        "ticket_parts",
        "conversation_parts.data",
    )


# --- a conversation ----------------------------------------------------------------------------


def _case(row: int, record: Fields) -> Case:
    contact = _contact(record)
    topics = one_of(found(record, "topics.topics", "topics"))
    return Case(
        conversation=RawConversation(
            row=row,
            messages=in_order(_messages(record)),
            ticket_id=text(record, "id"),
            subject=_subject(record),
            customer_id=text(contact, "id"),
            customer_name=full_name(contact) or _asker(record),
            created_at=text(record, "created_at"),
            closed_at=_closed_at(record),
            channel=_channel(record),
            agent=full_name(inner(record, "assignee", "admin_assignee")),
            handling_minutes=_handled(record),
            csat=_rating(record),
            reopened=text(record, "statistics.count_reopens"),
            first_touch_at=text(record, "statistics.first_admin_reply_at"),
            csat_asked=text(record, *_RATING_REQUESTED),
        ),
        columns={"topic": topics[0] if len(topics) == 1 else ""}
        | own_fields(found(record, "custom_attributes"))
        | own_fields(found(record, "ticket_attributes"))
        | tags(found(record, "tags.tags", "tags")),
    )


def _messages(record: Fields) -> Iterator[RawMessage]:
    source = inner(record, "source", "conversation_message")
    if text(source, "body"):
        yield _begun(record, source)
    asked = text(record, "ticket_attributes._default_description_")
    if asked and not source:
        at = text(record, "created_at")
        yield RawMessage(role=Role.CUSTOMER, text=asked, author=_asker(record), at=at)
    for part in _parts(record):
        yield _message(part)


def _begun(record: Fields, source: Fields) -> RawMessage:
    author = inner(source, "author")
    role = _role(author, source)
    if role is Role.AGENT and text(source, "delivered_as") in _SENT_BY_NOBODY:
        role = Role.BOT
    return RawMessage(
        role=role or Role.SYSTEM,
        text="" if told(source, "redacted") else text(source, "body"),
        author=full_name(author),
        at=text(source, "created_at") or text(record, "created_at"),
        visibility=Visibility.PRIVATE if role is None else Visibility.PUBLIC,
    )


def _message(part: Fields) -> RawMessage:
    author = inner(part, "author")
    role = _role(author, part)
    public = role is not None and text(part, "part_type").lower() in _SPOKEN
    return RawMessage(
        role=role or Role.SYSTEM,
        text="" if told(part, "redacted") else text(part, "body"),
        author=full_name(author),
        at=text(part, "created_at"),
        visibility=Visibility.PUBLIC if public else Visibility.PRIVATE,
    )


def _role(author: Fields, part: Fields) -> Role | None:
    """Return who an author is, None if its type is not known."""
    marks = (told(one, key) for one in (author, part) for key in ("from_ai_agent", "is_ai_answer"))
    if any(marks) or text(author, "email").startswith(_OPERATOR):
        return Role.BOT
    return _ROLES.get(text(author, "type").lower())


def _contact(record: Fields) -> Fields:
    listed = items(record, "contacts.contacts", "contacts", "customers")
    author = inner(record, "source.author", "conversation_message.author")
    asked = author if _ROLES.get(text(author, "type").lower()) is Role.CUSTOMER else {}
    return next(iter(listed), {}) or inner(record, "user") or asked


def _asker(record: Fields) -> str:
    """Return the name that the first customer wrote under."""
    begun = inner(record, "source.author", "conversation_message.author")
    authors = [begun, *(inner(part, "author") for part in _parts(record))]
    customers = (a for a in authors if _ROLES.get(text(a, "type").lower()) is Role.CUSTOMER)
    return next(filter(None, map(full_name, customers)), "")


def _subject(record: Fields) -> str:
    return text(
        record,
        "title",
        "source.subject",
        "conversation_message.subject",
        "ticket_attributes._default_title_",
    )


def _closed_at(record: Fields) -> str:
    """Return when a conversation that is closed was last closed."""
    state = text(record, "state", "ticket_state").lower()
    is_open = told(record, "open")
    if is_open or (is_open is None and state not in ("", "closed", "resolved")):
        return ""
    closing = [text(part, "created_at") for part in _parts(record) if _closes(part)]
    noted = text(record, "statistics.last_close_at") or next(iter(closing[::-1]), "")
    return noted or text(record, "statistics.first_close_at")


def _closes(part: Fields) -> bool:
    return text(part, "part_type") == "close" or text(part, "ticket_state") == "resolved"


def _handled(record: Fields) -> str:
    """Return the time that teammates worked on it, which Intercom counts in seconds."""
    seconds = text(record, "statistics.adjusted_handling_time", "statistics.handling_time")
    return f"{seconds} s" if seconds else ""


_RATING_REQUESTED = ("conversation_rating.requested_at", "conversation_rating.created_at")
"""When the customer was asked for a rating, given or not."""


def _rating(record: Fields) -> str:
    return text(record, "conversation_rating.rating", "conversation_rating.score")


def _channel(record: Fields) -> str:
    kind = text(record, "source.type", "channel").lower()
    return _CHANNELS.get(kind, kind.replace("_", " "))


INTERCOM = Shape(
    name="Intercom conversations",
    documented="https://developers.intercom.com/docs/references/rest-api/api.intercom.io"
    "/conversations/conversation",
    fits=_fits,
    read=_read,
)
