"""Chatwoot: conversations with their messages, of the application's API, its webhooks and tables.

Read are conversations with `messages` in them, pages of messages, and both beside each other, in
one file or several of an archive. Who wrote a message is told by `message_type`: 0 came in, 1 went
out, 2 notes what happened, 3 is a template; bots send as `AgentBot`. What went out and does not say
that it is not private is taken for private, and so is what was not delivered.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from northloop.core.conversation import RawConversation, RawMessage, Role, Visibility
from northloop.stages.data.sources.shapes.apart import Kinds, together
from northloop.stages.data.sources.shapes.cases import Case, in_order, own_fields, tags, unique
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

_INCOMING, _OUTGOING, _ACTIVITY = ("0", "incoming"), ("1", "outgoing"), ("2", "activity")
_TEMPLATE = ("3", "template")
_MESSAGE_KEYS = ("content", "private", "content_type", "sender_type", "inbox_id", "source_id",
                 "content_attributes", "conversation_id")  # fmt: skip
_CONVERSATION_KEYS = ("inbox_id", "account_id", "can_reply", "contact_inbox", "snoozed_until",
                      "contact_last_seen_at", "agent_last_seen_at", "display_id",
                      "contact_id")  # fmt: skip
_BOTS = ("agentbot", "agent_bot", "captain::assistant", "captain_assistant", "bot")
_CHANNELS = {"webwidget": "chat", "twiliosms": "sms", "facebookpage": "facebook",
             "twitterprofile": "twitter"}  # fmt: skip
_RESOLVED = re.compile(
    r"resolved|gelöst|résolu|resuelt|resolvid|risolt|opgelost|rozwiąz|löst|解決|解决", re.I
)
_STATUS_RESOLVED = ("1", "resolved")


# --- records -----------------------------------------------------------------------------------


def _is_message(record: Fields) -> bool:
    kind = text(record, "message_type").lower()
    typed = kind in (*_INCOMING, *_OUTGOING, *_ACTIVITY, *_TEMPLATE)
    return typed and has(record, *_MESSAGE_KEYS) > 3


def _is_conversation(record: Fields) -> bool:
    if _is_message(record):
        return False
    placed = has(record, *_CONVERSATION_KEYS) > 2 and has(record, "status") > 0
    return placed or any(map(_is_message, items(record, "messages")))


_KINDS = Kinds(
    is_case=_is_conversation,
    is_message=_is_message,
    case_of=lambda message: text(message, "conversation_id", "conversation.id"),
    wrappers=("conversation",),
    is_other=lambda record: found(record, "payload", "data.payload") == [],
)


def _fits(records: Values) -> str:
    return _KINDS.fitting(records, "its messages have a 'message_type' and say whether 'private'")


def _read(records: Iterable[Record]) -> Iterator[RawConversation | Refused]:
    return together(records, _KINDS, _case)


# --- a conversation ----------------------------------------------------------------------------


def _case(row: int, conversation: Fields, more: list[Fields]) -> Case:
    messages = unique([*items(conversation, "messages"), *more])
    sender = inner(conversation, "meta.sender", "contact")
    return Case(
        conversation=RawConversation(
            row=row,
            messages=in_order(map(_message, messages)),
            ticket_id=text(conversation, "display_id", "id"),
            subject=text(conversation, "additional_attributes.mail_subject"),
            customer_id=text(sender, "id") or text(conversation, "contact_id"),
            customer_name=full_name(sender) or _asker(messages),
            created_at=text(conversation, "created_at"),
            closed_at=_closed_at(conversation, messages),
            channel=_channel(conversation),
            agent=full_name(inner(conversation, "meta.assignee", "assignee")),
            csat=_rating(messages),
            first_touch_at=text(conversation, "first_reply_created_at"),
            csat_asked=_asked(messages),
        ),
        columns=own_fields(found(conversation, "custom_attributes"))
        | tags(found(conversation, "labels") or _labels(conversation)),
    )


def _labels(conversation: Fields) -> list[str]:
    """Return the labels as its table keeps them, by commas."""
    labels = text(conversation, "cached_label_list").split(",")
    return [label.strip() for label in labels if label.strip()]


def _message(message: Fields) -> RawMessage:
    role = _role(message)
    return RawMessage(
        role=role or Role.SYSTEM,
        text=text(message, "content"),
        author=full_name(inner(message, "sender")),
        at=text(message, "created_at"),
        visibility=Visibility.PUBLIC if role and _is_public(message, role) else Visibility.PRIVATE,
    )


def _role(message: Fields) -> Role | None:
    """Return who wrote a message, None if nothing tells it."""
    kind = text(message, "message_type").lower()
    sender = text(message, "sender_type", "sender.type").lower()
    gone = told(message, "content_attributes.deleted")
    if kind in _ACTIVITY or gone:
        return Role.SYSTEM
    if kind in _TEMPLATE or (kind in _OUTGOING and sender in _BOTS):
        return Role.BOT
    if kind in _INCOMING:
        return Role.CUSTOMER
    return Role.AGENT if kind in _OUTGOING else None


def _is_public(message: Fields, role: Role) -> bool:
    private = told(message, "private")
    if private or text(message, "status").lower() == "failed":
        return False
    return private is False or role is Role.CUSTOMER


def _asker(messages: list[Fields]) -> str:
    asked = (m for m in messages if _role(m) is Role.CUSTOMER)
    return next(filter(None, (full_name(inner(m, "sender")) for m in asked)), "")


def _closed_at(conversation: Fields, messages: list[Fields]) -> str:
    """Return when one that is resolved was last marked so, as far as its messages note it."""
    if text(conversation, "status").lower() not in _STATUS_RESOLVED:
        return ""
    noted = [text(m, "created_at") for m in messages if _notes_resolution(m)]
    return noted[-1] if noted else ""


def _notes_resolution(message: Fields) -> bool:
    activity = text(message, "message_type").lower() in _ACTIVITY
    return activity and bool(_RESOLVED.search(text(message, "content")))


def _rating(messages: list[Fields]) -> str:
    path = "content_attributes.submitted_values.csat_survey_response.rating"
    return next(filter(None, (text(m, path) for m in reversed(messages))), "")


def _asked(messages: list[Fields]) -> str:
    asking = any(text(message, "content_type") == "input_csat" for message in messages)
    return "yes" if asking else ""


def _channel(conversation: Fields) -> str:
    kind = text(conversation, "meta.channel", "channel").rpartition(":")[2].lower()
    return _CHANNELS.get(kind, kind)


CHATWOOT = Shape(
    name="Chatwoot conversations",
    documented="https://developers.chatwoot.com/api-reference/messages/get-messages",
    fits=_fits,
    read=_read,
    part=_KINDS.part,
)
