"""Front: conversations with their messages and comments, messages that stand apart, and events.

`is_inbound` tells whose a message is. Comments and drafts are private, and so are messages that
could not be sent, and what was written to, and answered by, others than the customer; what a rule
sent is a bot's. Messages alone are brought together by the conversation they name or link to. Of
events the last that archived a conversation closed it, unless one opened it again.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from northloop.core.conversation import RawConversation, RawMessage, Role, Visibility
from northloop.core.interaction import Gone
from northloop.stages.data.dates import DateOrder, to_utc
from northloop.stages.data.sources.correspondents import Correspondents
from northloop.stages.data.sources.roles import is_automatic
from northloop.stages.data.sources.shapes.apart import Kinds, together
from northloop.stages.data.sources.shapes.cases import Case, in_order, own_fields, tags
from northloop.stages.data.sources.shapes.fields import (
    Fields,
    found,
    full_name,
    has,
    inner,
    items,
    text,
    told,
)
from northloop.stages.data.sources.shapes.shape import Record, Refused, Shape, Values

_GONE = {"deleted": Gone.DELETED, "spam": Gone.SPAM, "trashed": Gone.DELETED}
_CONVERSATION_KEYS = ("recipient", "assignee", "is_private", "scheduled_reminders", "links",
                      "last_message", "status_category", "waiting_since", "_links")  # fmt: skip
_MESSAGE_KEYS = ("is_draft", "draft_mode", "blurb", "author", "recipients", "created_at", "body",
                 "text", "type", "error_type")  # fmt: skip
_AUTOMATA = ("rule", "bot", "api", "sequence", "chatbot", "autoreply", "ai", "workflow")
_CLOSING, _REOPENING = ("archive", "resolve"), ("reopen", "restore", "unarchive")
_LINK = re.compile(r"/conversations/(\w+)")
_CHANNELS = {"front_chat": "chat", "smooch": "chat"}


def _is_message(record: Fields) -> bool:
    sent = has(record, "is_inbound") > 0 and has(record, *_MESSAGE_KEYS) > 3
    return sent or _is_comment(record) or _is_turn(record)


def _is_turn(record: Fields) -> bool:
    """Whether a record is an event that closes a conversation or opens it again."""
    is_event = text(record, "id").startswith("evt_") and has(record, "emitted_at") > 0
    return is_event and text(record, "type") in (*_CLOSING, *_REOPENING)


def _is_comment(record: Fields) -> bool:
    return text(record, "id").startswith("com_") and has(record, "body", "author") > 0


def _is_conversation(record: Fields) -> bool:
    if any(has(m, "is_inbound") for m in _messages(record)):
        return True
    named = text(record, "id").startswith("cnv_")
    return named and has(record, "status", "subject") > 1 and has(record, *_CONVERSATION_KEYS) > 0


def _messages(record: Fields) -> list[Fields]:
    return items(record, "messages._results", "messages", "_embedded.messages")


def _comments(record: Fields) -> list[Fields]:
    listed = items(record, "comments._results", "comments", "_embedded.comments")
    return [{"id": "com_", **comment} for comment in listed]


def _conversation_of(message: Fields) -> str:
    linked = _LINK.search(text(message, "_links.related.conversation", "_links.self"))
    named = text(message, "conversation_id", "conversation.id", "conversation")
    return named or (linked[1] if linked else "")


_KINDS = Kinds(
    is_case=_is_conversation,
    is_message=_is_message,
    case_of=_conversation_of,
    wrappers=("conversation", "target.data", "payload.conversation"),
    is_other=lambda record: found(record, "_results") == [] and has(record, "_pagination") > 0,
)


def _fits(records: Values) -> str:
    events = [event for record in records for event in _events(record)]
    return _KINDS.fitting(events, "its messages say 'is_inbound', and ids begin as Front's")


def _read(records: Iterable[Record]) -> Iterator[RawConversation | Refused]:
    return together([*_apart(records)], _KINDS, _case)


def _apart(records: Iterable[Record]) -> Iterator[Record]:
    for record in records:
        for event in _events(record.value):
            yield Record(record.row, event, record.file)


def _events(record: Fields) -> list[Fields]:
    """Return the events of a page, any other record as it is."""
    listed = items(record, "_results")
    return listed if any(text(one, "id").startswith("evt_") for one in listed) else [record]


def _case(row: int, conversation: Fields, more: list[Fields]) -> Case | Refused:
    number, status = text(conversation, "id"), text(conversation, "status").lower()
    if status in _GONE:
        reason, gone = f"the conversation is {status}", _GONE[status]
        return Refused(row, reason, {"id": number}, ticket_id=number, gone=gone)
    everything = [*_messages(conversation), *_comments(conversation), *more]
    turns = [m for m in everything if _is_turn(m)]
    said = [m for m in everything if m not in turns]
    messages = sorted((m for m in said if not _is_comment(m)), key=_moment)
    comments = [m for m in said if _is_comment(m)]
    asker = _asker(conversation, messages)
    return Case(
        conversation=RawConversation(
            row=row,
            messages=in_order([*_sent(conversation, messages), *map(_comment, comments)]),
            ticket_id=number,
            subject=text(conversation, "subject") or text(next(iter(messages), {}), "subject"),
            customer_id=text(asker, "handle", "contact.id", "id"),
            customer_name=full_name(asker),
            created_at=text(conversation, "created_at"),
            closed_at=_archived_at(turns) or _closed_at(conversation, status),
            channel=_channel(messages),
            agent=full_name(inner(conversation, "assignee")),
        ),
        columns=own_fields(found(conversation, "custom_fields"))
        | tags(found(conversation, "tags._results") or found(conversation, "tags")),
    )


def _moment(message: Fields) -> str:
    return to_utc(text(message, "created_at"), DateOrder.ISO) or ""


def _sent(conversation: Fields, messages: list[Fields]) -> Iterator[RawMessage]:
    people = Correspondents([text(conversation, "recipient.handle")])
    for message in messages:
        yield _message(message, people)


def _message(message: Fields, people: Correspondents) -> RawMessage:
    role = _role(message)
    public = role is not None and not _is_kept(message) and _is_between(message, role, people)
    return RawMessage(
        role=role or Role.SYSTEM,
        text=text(message, "text", "body"),
        author=full_name(inner(message, "author")) or text(_writer(message), "name"),
        at=text(message, "created_at"),
        visibility=Visibility.PUBLIC if public else Visibility.PRIVATE,
    )


def _comment(comment: Fields) -> RawMessage:
    return RawMessage(
        role=Role.AGENT,
        text=text(comment, "body"),
        author=full_name(inner(comment, "author")),
        at=text(comment, "posted_at", "created_at"),
        visibility=Visibility.PRIVATE,
    )


def _role(message: Fields) -> Role | None:
    """Return who wrote a message, None if nothing tells it, or a call's log."""
    inbound = told(message, "is_inbound")
    if inbound is None or text(message, "type").lower() == "call":
        return None
    if inbound:
        return Role.CUSTOMER
    kinds = (text(message, path).lower() for path in ("author.type", "source.type", "author.role"))
    is_bot = any(kind in _AUTOMATA for kind in kinds) or is_automatic(message)
    return Role.BOT if is_bot else Role.AGENT


def _is_kept(message: Fields) -> bool:
    """Whether a message never reached the other side."""
    draft = told(message, "is_draft") or text(message, "draft_mode")
    return bool(draft or text(message, "error_type") or told(message, "is_private"))


def _is_between(message: Fields, role: Role, people: Correspondents) -> bool:
    if role is Role.CUSTOMER:
        return people.is_from_customer(_handles(message, "from"))
    return people.is_to_customer(_handles(message, "to", "cc", "bcc"))


def _handles(message: Fields, *roles: str) -> set[str]:
    recipients = items(message, "recipients")
    named = (text(r, "handle").lower() for r in recipients if text(r, "role").lower() in roles)
    return {handle for handle in named if handle}


def _writer(message: Fields) -> Fields:
    recipients = items(message, "recipients")
    return next((r for r in recipients if text(r, "role").lower() == "from"), {})


def _asker(conversation: Fields, messages: list[Fields]) -> Fields:
    writers = (_writer(m) for m in messages if told(m, "is_inbound"))
    return inner(conversation, "recipient") or next(filter(None, writers), {})


def _archived_at(turns: list[Fields]) -> str:
    """Return when the last event of a log archived a conversation, "" where it opened it again."""
    last = max(turns, key=lambda one: float(text(one, "emitted_at") or 0), default={})
    return text(last, "emitted_at") if text(last, "type") in _CLOSING else ""


def _closed_at(conversation: Fields, status: str) -> str:
    """Return when a conversation was archived last, as far as the export tells it."""
    if status not in ("archived", "resolved", "closed", "done", ""):
        return ""
    events = items(conversation, "events._results", "events")
    closing = [text(e, "emitted_at") for e in events if text(e, "type") in ("archive", "resolve")]
    return next(iter(sorted(closing)[::-1]), "") or text(
        conversation, "archived_at", "closed_at", "resolved_at", "status_updated_at"
    )


def _channel(messages: list[Fields]) -> str:
    kind = text(next(iter(messages), {}), "type").lower()
    return _CHANNELS.get(kind, kind.replace("_", " "))


FRONT = Shape(
    name="Front conversations",
    documented="https://dev.frontapp.com/reference/messages-1",
    fits=_fits,
    read=_read,
    part=_KINDS.part,
)
