"""LiveChat: chats with their threads and events, of the Agent Chat API, and of its version 2.

Each thread is a conversation. Who wrote an event is told by the chat's users, by `author_id`; a bot
is an agent without an address. An event is public where its `visibility` (`recipients` in older
versions) is `all`. Of version 2, `user_type` tells who wrote, and supervisors whisper.
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
    tags,
)
from northloop.stages.data.sources.shapes.fields import (
    Fields,
    by_id,
    found,
    full_name,
    has,
    inner,
    items,
    text,
    told,
)
from northloop.stages.data.sources.shapes.shape import Record, Refused, Shape, Values

_EVENT_KEYS = ("author_id", "visibility", "recipients")
_SIDES = {"visitor": Role.CUSTOMER, "customer": Role.CUSTOMER, "agent": Role.AGENT}
_RATED = {"1": "good", "0": "bad", "rated_good": "good", "rated_bad": "bad"}


def _fits(records: Values) -> str:
    return fitting(
        records, _threads, "its chats have threads of events with an 'author_id' and a 'visibility'"
    )


def _read(records: Iterable[Record]) -> Iterator[RawConversation | Refused]:
    return cases(records, _threads, _case)


# --- records -----------------------------------------------------------------------------------


def _threads(record: Fields) -> Sequence[Fields] | None:
    """Return the threads of a record, each with the chat's users; None if it is no such record."""
    chats = [record] if _is_chat(record) else []
    chats = chats or [inner(record, "chat")] if _is_chat(inner(record, "chat")) else chats
    chats = chats or held(record, _is_chat)[1]
    ends = has(record, "found_chats", "chats") > 1 or has(record, "next_page_id", "chats") > 1
    return [thread for chat in chats for thread in _of(chat)] if chats or ends else None


def _is_chat(record: Fields) -> bool:
    if any(_is_event(e) for thread in _listed(record) for e in items(thread, "events")):
        return True
    return has(record, "visitor") > 0 and any(map(_is_old_event, _old_events(record)))


def _listed(chat: Fields) -> list[Fields]:
    single = inner(chat, "thread")
    return [single] if single else items(chat, "threads")


def _is_event(event: Fields) -> bool:
    typed = text(event, "type") in ("message", "system_message", "filled_form", "rich_message")
    return typed and has(event, *_EVENT_KEYS) > 0 and has(event, "created_at", "text", "fields") > 0


def _old_events(chat: Fields) -> list[Fields]:
    return items(chat, "events") or items(chat, "messages")


def _is_old_event(event: Fields) -> bool:
    return has(event, "user_type", "author_name") == 2


def _of(chat: Fields) -> list[Fields]:
    """Return the threads of a chat with its users; one of version 2 as its only thread."""
    if not _listed(chat):
        return [chat]
    return [{**thread, "users": found(chat, "users")} for thread in _listed(chat)]


# --- a thread ----------------------------------------------------------------------------------


def _case(row: int, thread: Fields) -> Case:
    users = by_id(items(thread, "users"))
    events = items(thread, "events") or _old_events(thread)
    customer = next((u for u in users.values() if text(u, "type") == "customer"), {})
    customer = customer or inner(thread, "visitor")
    ended = told(thread, "active") is False and events
    return Case(
        conversation=RawConversation(
            row=row,
            messages=in_order(_message(event, users) for event in events),
            ticket_id=text(thread, "id"),
            customer_id=text(customer, "id"),
            customer_name=full_name(customer),
            created_at=text(thread, "created_at", "started_timestamp", "started"),
            closed_at=text(thread, "ended_timestamp", "ended")
            or (text(events[-1], "created_at") if ended else ""),
            channel="chat",
            csat=_RATED.get(text(thread, "properties.rating.score.value", "rate"), ""),
        ),
        columns=tags(found(thread, "tags")),
    )


def _message(event: Fields, users: dict[str, Fields]) -> RawMessage:
    role = _old_role(event) if _is_old_event(event) else _role(event, users)
    shown = _is_old_event(event) or text(event, "visibility", "recipients").lower() == "all"
    user = users.get(text(event, "author_id"), {})
    return RawMessage(
        role=role or Role.SYSTEM,
        text=text(event, "text"),
        author=text(event, "author_name") or full_name(user),
        at=text(event, "created_at", "timestamp", "date"),
        visibility=Visibility.PUBLIC if shown and role else Visibility.PRIVATE,
    )


def _role(event: Fields, users: dict[str, Fields]) -> Role | None:
    """Return who wrote an event, None if nothing tells it."""
    author = text(event, "author_id")
    user = users.get(author, {})
    if text(event, "type") != "message":
        return Role.SYSTEM
    side = _SIDES.get(text(user, "type").lower())
    by_bot = side is Role.AGENT and "@" not in author + text(user, "email")
    return Role.BOT if by_bot else side


def _old_role(event: Fields) -> Role | None:
    if text(event, "type") not in ("", "message"):
        return Role.SYSTEM
    return Role.BOT if told(event, "welcome_message") else _SIDES.get(text(event, "user_type"))


LIVECHAT = Shape(
    name="LiveChat chats",
    documented="https://platform.text.com/docs/messaging/agent-chat-api/data-structures",
    fits=_fits,
    read=_read,
)
