"""Gorgias: tickets with their messages, pages of them, and messages that stand apart.

`from_agent` tells whose a message is, `public` whether the customer saw it. A message of the
channel `internal-note`, one that failed to be sent, and an agent's that does not say that it is
public are private; what a rule sent is a bot's.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from northloop.core.conversation import RawConversation, RawMessage, Role, Visibility
from northloop.core.interaction import Gone
from northloop.stages.data.sources.shapes.apart import Kinds, together
from northloop.stages.data.sources.shapes.cases import Case, in_order, own_fields, tags, unique
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

_MESSAGE_KEYS = (
    "from_agent",
    "public",
    "body_text",
    "body_html",
    "stripped_text",
    "stripped_html",
    "sent_datetime",
    "created_datetime",
    "rule_id",
    "ticket_id",
    "via",
)
_TICKET_KEYS = (
    "closed_datetime",
    "opened_datetime",
    "created_datetime",
    "trashed_datetime",
    "snooze_datetime",
    "assignee_user",
    "assignee_user_id",
    "assignee_team",
    "satisfaction_survey",
    "is_unread",
    "last_received_message_datetime",
    "messages_count",
)
_NOTE = ("internal-note", "internal_note", "note")
_BY_RULES = ("rule", "automation", "bot", "autoresponder", "self_service", "ai-agent", "ai_agent")


def _is_message(record: Fields) -> bool:
    if has(record, "customer", "messages", "messages_count"):
        return False
    return has(record, "from_agent") > 0 and has(record, *_MESSAGE_KEYS) > 2


def _is_ticket(record: Fields) -> bool:
    asked = has(record, "customer", "requester", "customer_id") > 0
    written = any(_is_message(message) for message in items(record, "messages"))
    return written or bool(asked and has(record, *_TICKET_KEYS) > 2)


_KINDS = Kinds(
    is_case=_is_ticket,
    is_message=_is_message,
    case_of=lambda message: text(message, "ticket_id"),
    wrappers=("ticket", "data", "object", "message"),
    is_other=lambda record: found(record, "data") == [] and has(record, "meta") > 0,
)


def _fits(records: Values) -> str:
    return _KINDS.fitting(records, "its tickets have messages that say 'from_agent' and 'public'")


def _read(records: Iterable[Record]) -> Iterator[RawConversation | Refused]:
    return together(records, _KINDS, _case)


def _case(row: int, ticket: Fields, more: list[Fields]) -> Case | Refused:
    ticket_id = text(ticket, "id")
    is_deleted = text(ticket, "trashed_datetime", "deleted_datetime")
    if gone := Gone.SPAM if told(ticket, "spam") else Gone.DELETED if is_deleted else None:
        reason = f"the ticket is {gone}"
        return Refused(row, reason, {"id": ticket_id}, ticket_id=ticket_id, gone=gone)
    messages = unique([*items(ticket, "messages"), *more])
    customer = _customer(ticket, messages)
    return Case(
        conversation=RawConversation(
            row=row,
            messages=in_order(map(_message, messages)),
            ticket_id=ticket_id,
            subject=text(ticket, "subject"),
            customer_id=text(customer, "id", "email"),
            customer_name=full_name(customer),
            created_at=text(ticket, "created_datetime"),
            closed_at=_closed_at(ticket),
            channel=_channel(ticket, messages),
            agent=full_name(inner(ticket, "assignee_user")),
            csat=_score(ticket),
            csat_asked=_sent(ticket),
        ),
        columns=_intent(messages) | _own(ticket) | tags(found(ticket, "tags")),
    )


def _message(message: Fields) -> RawMessage:
    role = _role(message)
    public = role is not None and _is_public(message, role)
    return RawMessage(
        role=role or Role.SYSTEM,
        text=text(message, "stripped_text", "body_text", "stripped_html", "body_html"),
        author=full_name(inner(message, "sender")),
        at=text(message, "created_datetime", "sent_datetime"),
        visibility=Visibility.PUBLIC if public else Visibility.PRIVATE,
    )


def _role(message: Fields) -> Role | None:
    """Return who wrote a message, None if nothing tells it."""
    from_agent = told(message, "from_agent")
    if from_agent is None:
        return None
    by_rule = text(message, "rule_id") or text(message, "via").lower() in _BY_RULES
    if from_agent and (by_rule or told(message, "sender.is_bot")):
        return Role.BOT
    return Role.AGENT if from_agent else Role.CUSTOMER


def _is_public(message: Fields, role: Role) -> bool:
    kinds = (text(message, path).lower() for path in ("channel", "source.type", "via"))
    failed = text(message, "failed_datetime", "deleted_datetime")
    if failed or any(kind in _NOTE for kind in kinds):
        return False
    public = told(message, "public")
    return role is Role.CUSTOMER if public is None else public


def _channel(ticket: Fields, messages: list[Fields]) -> str:
    """Return how a ticket came; of one that only its messages tell of, how the first was sent."""
    asked = (text(m, "channel") for m in messages if told(m, "from_agent") is False)
    return (text(ticket, "channel") or next(asked, "")).lower().replace("-", " ")


def _customer(ticket: Fields, messages: list[Fields]) -> Fields:
    senders = (inner(m, "sender") for m in messages if told(m, "from_agent") is False)
    named = inner(ticket, "customer", "requester")
    stated = text(ticket, "customer_id", "requester_id")
    return named or ({"id": stated} if stated else {}) or next(filter(None, senders), {})


def _closed_at(ticket: Fields) -> str:
    closed = text(ticket, "status").lower() in ("closed", "")
    return text(ticket, "closed_datetime") if closed else ""


def _score(ticket: Fields) -> str:
    """Return the last score from 1 to 5 of the ticket's surveys, "" for none."""
    scores = (text(survey, "score") for survey in _surveys(ticket))
    return next(filter(None, scores), "") or text(ticket, "score")


def _sent(ticket: Fields) -> str:
    """Return when a survey was sent, "" for none: one may be but planned."""
    times = (text(survey, "sent_datetime") for survey in _surveys(ticket))
    return next(filter(None, times), "")


def _surveys(ticket: Fields) -> list[Fields]:
    """Return the surveys of a ticket, the last one first."""
    listed = [*items(ticket, "satisfaction_surveys"), inner(ticket, "satisfaction_survey")]
    return listed[::-1]


def _intent(messages: list[Fields]) -> dict[str, str]:
    """Return what Gorgias took the customer's first message for, where that is one intent."""
    asked = (m for m in messages if told(m, "from_agent") is False)
    named = one_of(found(next(asked, {}), "intents"))
    return {"intent": named[0] if len(named) == 1 else ""}


def _own(ticket: Fields) -> dict[str, str]:
    """Return the ticket's fields that the account made, where they say what they are called."""
    fields = found(ticket, "custom_fields")
    listed = list(fields.values()) if isinstance(fields, dict) else items(ticket, "custom_fields")
    return own_fields(
        [
            {
                "name": text(field, "label", "name", "custom_field.label"),
                "value": found(field, "value"),
            }
            for field in listed
            if isinstance(field, dict)
        ]
    )


GORGIAS = Shape(
    name="Gorgias tickets",
    documented="https://developers.gorgias.com/reference/ticket-messages",
    fits=_fits,
    read=_read,
    part=_KINDS.part,
)
