"""tawk.to: chats with their messages, of the webhook for transcripts and of an account's export.

Who wrote a message is told by its sender: `v` the visitor, `a` an agent, `s` the system. Files and
calls say nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from northloop.core.conversation import RawConversation, RawMessage, Role
from northloop.stages.data.sources.shapes.cases import Case, cases, fitting, held, in_order, tags
from northloop.stages.data.sources.shapes.fields import (
    Fields,
    found,
    full_name,
    inner,
    items,
    text,
)
from northloop.stages.data.sources.shapes.shape import Record, Refused, Shape, Values

_SIDES = {
    "v": Role.CUSTOMER,
    "visitor": Role.CUSTOMER,
    "a": Role.AGENT,
    "agent": Role.AGENT,
    "b": Role.BOT,
}


def _fits(records: Values) -> str:
    return fitting(records, _chats, "its messages have a sender 'v' or 'a' and a 'msg'")


def _read(records: Iterable[Record]) -> Iterator[RawConversation | Refused]:
    return cases(records, _chats, _case)


def _chats(record: Fields) -> Sequence[Fields] | None:
    """Return the chats of a record, None if it holds none."""
    for one in (record, inner(record, "chat"), inner(record, "data")):
        if _is_chat(one):
            return [one]
    return held(record, _is_chat)[1] or None


def _is_chat(record: Fields) -> bool:
    messages = items(record, "messages")
    return any(text(m, "sender.t") and found(m, "msg") is not None for m in messages)


def _case(row: int, chat: Fields) -> Case:
    messages = items(chat, "messages")
    visitor = inner(chat, "visitor")
    return Case(
        conversation=RawConversation(
            row=row,
            messages=in_order(map(_message, messages)),
            ticket_id=text(chat, "id", "chatId"),
            customer_id=text(visitor, "id", "email"),
            customer_name=full_name(visitor),
            created_at=text(chat, "startedOn", "createdOn") or text(messages[0], "time"),
            closed_at=text(chat, "endedOn"),
            channel="chat",
        ),
        columns=tags(found(chat, "tags")),
    )


def _message(message: Fields) -> RawMessage:
    spoken = text(message, "type").lower() in ("msg", "")
    return RawMessage(
        role=_SIDES.get(text(message, "sender.t").lower(), Role.SYSTEM),
        text=text(message, "msg") if spoken else "",
        author=text(message, "sender.n"),
        at=text(message, "time"),
    )


TAWK = Shape(
    name="tawk.to chats",
    documented="https://developer.tawk.to/webhooks/",
    fits=_fits,
    read=_read,
)
