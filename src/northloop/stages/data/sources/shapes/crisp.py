"""Crisp: conversations with their messages, of the REST API.

Read are conversations with `messages` in them, pages of messages, and both beside each other,
joined by `session_id`. Who wrote a message is told by `from`: the user, or an operator; what was
automated is a bot's. A message of the type `note`, and one in stealth, is private; of other types
than text nothing is said.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from northloop.core.conversation import RawConversation, RawMessage, Role, Visibility
from northloop.stages.data.sources.shapes.apart import Kinds, together
from northloop.stages.data.sources.shapes.cases import Case, in_order, own_fields, tags
from northloop.stages.data.sources.shapes.fields import Fields, found, has, items, text, told
from northloop.stages.data.sources.shapes.shape import Record, Refused, Shape, Values

_MESSAGE_KEYS = ("session_id", "website_id", "fingerprint", "origin", "stamped", "timestamp",
                 "user", "delivered", "read")  # fmt: skip
_CONVERSATION_KEYS = ("meta", "people_id", "website_id", "availability", "active", "state",
                      "unread", "is_verified", "is_blocked")  # fmt: skip
_RESOLVED = "state:resolved"


# --- records -----------------------------------------------------------------------------------


def _is_message(record: Fields) -> bool:
    sided = text(record, "from").lower() in ("user", "operator") and has(record, "type", "content")
    return bool(sided) and has(record, *_MESSAGE_KEYS) > 3


def _is_conversation(record: Fields) -> bool:
    if has(record, "from"):
        return False
    named = has(record, "session_id") > 0 and has(record, *_CONVERSATION_KEYS) > 2
    return named or any(map(_is_message, items(record, "messages")))


_KINDS = Kinds(
    is_case=_is_conversation,
    is_message=_is_message,
    case_of=lambda message: text(message, "session_id"),
    id_of=lambda conversation: text(conversation, "session_id", "id"),
    wrappers=("data", "conversation"),
    is_other=lambda record: found(record, "data") == [] and has(record, "reason") > 0,
)


def _fits(records: Values) -> str:
    return _KINDS.fitting(
        records, "its messages are 'from' a user or an operator and name a 'session_id'"
    )


def _read(records: Iterable[Record]) -> Iterator[RawConversation | Refused]:
    return together(records, _KINDS, _case)


# --- a conversation ----------------------------------------------------------------------------


def _case(row: int, conversation: Fields, more: list[Fields]) -> Case:
    messages = _unique([*items(conversation, "messages"), *more])
    return Case(
        conversation=RawConversation(
            row=row,
            messages=in_order(map(_message, messages)),
            ticket_id=text(conversation, "session_id", "id"),
            subject=text(conversation, "meta.subject"),
            customer_id=text(conversation, "people_id", "meta.email"),
            customer_name=text(conversation, "meta.nickname"),
            created_at=text(conversation, "created_at"),
            closed_at=_closed_at(conversation, messages),
            channel=_channel(messages),
            csat=text(conversation, "meta.rating.stars", "rating.stars"),
        ),
        columns=own_fields(found(conversation, "meta.data"))
        | tags(found(conversation, "meta.segments")),
    )


def _unique(messages: list[Fields]) -> list[Fields]:
    """Return messages once each: by their fingerprint, which numbers them in a conversation."""
    numbered = enumerate(messages)
    return list({text(m, "fingerprint") or f"#{n}": m for n, m in numbered}.values())


def _message(message: Fields) -> RawMessage:
    kind, role = text(message, "type").lower(), _role(message)
    public = kind != "note" and not told(message, "stealth")
    return RawMessage(
        role=role,
        text=text(message, "content") if kind in ("text", "note") else "",
        author=text(message, "user.nickname"),
        at=text(message, "timestamp"),
        visibility=Visibility.PUBLIC if public else Visibility.PRIVATE,
    )


def _role(message: Fields) -> Role:
    if text(message, "type").lower() == "event":
        return Role.SYSTEM
    if text(message, "from").lower() == "user":
        return Role.CUSTOMER
    by_bot = text(message, "user.type").lower() == "bot" or ":hugo" in text(message, "origin")
    return Role.BOT if by_bot or told(message, "automated") else Role.AGENT


def _closed_at(conversation: Fields, messages: list[Fields]) -> str:
    """Return when one that is resolved was last marked so."""
    if text(conversation, "state").lower() not in ("resolved", ""):
        return ""
    events = (m for m in reversed(messages) if text(m, "content.namespace") == _RESOLVED)
    return text(next(events, {}), "timestamp")


def _channel(messages: list[Fields]) -> str:
    origins = (text(m, "origin") for m in messages if text(m, "from").lower() == "user")
    origin = next(filter(None, origins), "")
    return origin.removeprefix("urn:").partition(":")[0].lower()


CRISP = Shape(
    name="Crisp conversations",
    documented="https://docs.crisp.chat/references/rest-api/v1/#get-messages-in-conversation",
    fits=_fits,
    read=_read,
    part=_KINDS.part,
)
