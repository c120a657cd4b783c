"""Zoho Desk: tickets with their threads and comments, of the API.

Read are tickets with `conversations`, `threads` or `comments` in them, as lists or pages, and both
beside each other. A thread is the customer's where its `direction` is `in`; drafts and what was
forwarded are private. A comment is public only where `isPublic` says so. Of a thread that has but a
`summary`, which is cut, nothing is learnt.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from northloop.core.conversation import RawConversation, RawMessage, Role, Visibility
from northloop.core.interaction import Gone
from northloop.stages.data.sources.shapes.apart import Kinds, together
from northloop.stages.data.sources.shapes.cases import (
    Case,
    in_order,
    own_fields,
    same_words,
    unique,
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
from northloop.stages.data.sources.shapes.shape import Record, Refused, Shape, Values

_SAID = ("conversations", "threads", "comments")
_THREAD_KEYS = ("fromEmailAddress", "isDescriptionThread", "isForward", "canReply", "hasAttach",
                "contentType", "summary", "plainText", "author", "responderId")  # fmt: skip
_COMMENT_KEYS = ("commenter", "commenterId", "commentedTime", "contentType")
_TICKET_KEYS = ("statusType", "ticketNumber", "webUrl", "assigneeId", "departmentId", "closedTime",
                "threadCount", "commentCount", "createdTime", "layoutId")  # fmt: skip
_CUSTOMERS, _AGENTS = ("end_user", "contact", "customer"), ("agent", "staff")
_CUT = "its threads have but a summary, which is cut: fetch each thread with its content"


# --- records -----------------------------------------------------------------------------------


def _is_thread(record: Fields) -> bool:
    directed = text(record, "direction").lower() in ("in", "out")
    return directed and has(record, *_THREAD_KEYS) > 2


def _is_comment(record: Fields) -> bool:
    return has(record, "isPublic", "content") == 2 and has(record, *_COMMENT_KEYS) > 0


def _is_said(record: Fields) -> bool:
    return _is_thread(record) or _is_comment(record)


def _is_ticket(record: Fields) -> bool:
    if _is_said(record):
        return False
    written = any(map(_is_said, _said(record)))
    return written or (has(record, "ticketNumber") > 0 and has(record, *_TICKET_KEYS) > 3)


def _said(ticket: Fields) -> list[Fields]:
    return [one for key in _SAID for one in items(ticket, key, f"{key}.data")]


_KINDS = Kinds(
    is_case=_is_ticket,
    is_message=_is_said,
    case_of=lambda one: text(one, "ticketId"),
    wrappers=("ticket",),
    is_other=lambda record: found(record, "data") == [],
)


def _fits(records: Values) -> str:
    return _KINDS.fitting(
        records, "its threads have a 'direction', and comments say whether 'isPublic'"
    )


def _read(records: Iterable[Record]) -> Iterator[RawConversation | Refused]:
    return together(records, _KINDS, _case, _SAID[0])


# --- a ticket ----------------------------------------------------------------------------------


def _case(row: int, ticket: Fields, more: list[Fields]) -> Case | Refused:
    number, said = text(ticket, "ticketNumber", "id"), unique([*_said(ticket), *more])
    if told(ticket, "isSpam") or told(ticket, "isDeleted") or told(ticket, "isTrashed"):
        gone = Gone.SPAM if told(ticket, "isSpam") else Gone.DELETED
        reason = "the ticket is spam or deleted"
        return Refused(row, reason, {"id": number}, ticket_id=number, gone=gone)
    threads = [one for one in said if _is_thread(one)]
    if threads and not any(map(_body, threads)):
        return Refused(row, _CUT, {"id": number})
    contact = inner(ticket, "contact")
    return Case(
        conversation=RawConversation(
            row=row,
            messages=in_order(_messages(ticket, said)),
            ticket_id=number,
            subject=text(ticket, "subject"),
            customer_id=text(ticket, "contactId", "contact.id", "email"),
            customer_name=full_name(contact),
            created_at=text(ticket, "createdTime"),
            closed_at=_closed_at(ticket),
            channel=text(ticket, "channel").lower(),
            agent=full_name(inner(ticket, "assignee")),
        ),
        columns=own_fields({"category": found(ticket, "category")})
        | own_fields(found(ticket, "cf", "customFields")),
    )


def _messages(ticket: Fields, said: list[Fields]) -> Iterator[RawMessage]:
    described = text(ticket, "description")
    if described and not any(same_words(described, _body(one)) for one in said):
        yield RawMessage(
            role=Role.CUSTOMER,
            text=described,
            author=full_name(inner(ticket, "contact")),
            at=text(ticket, "createdTime"),
        )
    customer = addresses(found(ticket, "email"), found(ticket, "contact.email"))
    for one in said:
        yield _thread(one, customer) if _is_thread(one) else _comment(one)


def _thread(thread: Fields, customer: set[str]) -> RawMessage:
    incoming = text(thread, "direction").lower() == "in"
    by_bot = text(thread, "author.type").lower() in ("bot", "system")
    readers = addresses(found(thread, "to"), found(thread, "cc"), found(thread, "bcc"))
    apart = not incoming and bool(customer and readers) and not customer & readers
    return RawMessage(
        role=Role.CUSTOMER if incoming else Role.BOT if by_bot else Role.AGENT,
        text=_body(thread),
        author=full_name(inner(thread, "author")),
        at=text(thread, "createdTime"),
        visibility=Visibility.PRIVATE if apart or _is_kept(thread) else Visibility.PUBLIC,
    )


def _is_kept(thread: Fields) -> bool:
    """Whether a thread is a draft, was forwarded or is not for the customer to see."""
    draft = text(thread, "status").lower() in ("draft", "failed", "pending")
    shown = text(thread, "visibility").lower() in ("", "public")
    return draft or not shown or bool(told(thread, "isForward"))


def _comment(comment: Fields) -> RawMessage:
    kind = text(comment, "commenter.type").lower()
    role = Role.CUSTOMER if kind in _CUSTOMERS else Role.AGENT if kind in _AGENTS else None
    public = told(comment, "isPublic") is True and role is not None
    return RawMessage(
        role=role or Role.SYSTEM,
        text=_body(comment),
        author=full_name(inner(comment, "commenter")),
        at=text(comment, "commentedTime", "createdTime"),
        visibility=Visibility.PUBLIC if public else Visibility.PRIVATE,
    )


def _body(one: Fields) -> str:
    return text(one, "plainText", "content")


def _closed_at(ticket: Fields) -> str:
    kind = text(ticket, "statusType", "status").lower()
    return text(ticket, "closedTime") if kind in ("closed", "") else ""


ZOHO_DESK = Shape(
    name="Zoho Desk tickets",
    documented="https://desk.zoho.com/DeskAPIDocument#Threads",
    fits=_fits,
    read=_read,
    part=_KINDS.part,
)
