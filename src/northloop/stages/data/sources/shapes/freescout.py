"""FreeScout: conversations with their threads, as its database keeps them.

Read are the tables `conversations` and `threads`, of a dump or of an archive, as rows that name one
another. Who wrote a thread, and whether customers read it, is told by two numbers: its `type` (1 a
customer's, 2 what was sent, 3 a note, 4 what changed, 8 a chat) and its `state` (1 a draft, 2
published, 3 hidden). What answers over its interface is written as Help Scout's is.

Programs made after it count otherwise: threads are read so where those of customers have the number
1, and no others do.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from northloop.core.conversation import RawConversation, RawMessage, Role, Visibility
from northloop.core.interaction import Gone
from northloop.stages.data.missing import is_missing
from northloop.stages.data.sources.shapes.apart import Kinds, together
from northloop.stages.data.sources.shapes.cases import Case, in_order, unique
from northloop.stages.data.sources.shapes.fields import Fields, has, text
from northloop.stages.data.sources.shapes.shape import Record, Refused, Shape, Values

_CUSTOMER, _MESSAGE, _NOTE, _CHANGE, _CHAT = "1", "2", "3", "4", "8"
_TYPES = (_CUSTOMER, _MESSAGE, _NOTE, _CHANGE, _CHAT)
_PUBLISHED = "2"
_CLOSED, _SPAM = "3", "4"
"""Values of `status` of a conversation."""
_DELETED = "3"
"""Value of `state` of a conversation."""
_ASKED_BY, _TOLD_BY = "created_by_customer_id", "created_by_user_id"
_THREAD_KEYS = ("body", "state", "source_via", "source_type", _ASKED_BY, _TOLD_BY)
_CONVERSATION_KEYS = ("number", "threads_count", "folder_id", "mailbox_id", "source_via",
                      "customer_email", _ASKED_BY)  # fmt: skip
_CHANNELS = {"1": "email", "2": "phone", "3": "chat"}


# --- records -----------------------------------------------------------------------------------


def _is_thread(record: Fields) -> bool:
    named = not is_missing(text(record, "conversation_id")) and text(record, "type") in _TYPES
    return named and has(record, *_THREAD_KEYS) == len(_THREAD_KEYS)


def _is_conversation(record: Fields) -> bool:
    return has(record, "subject", "status") > 1 and has(record, *_CONVERSATION_KEYS) > 5


_KINDS = Kinds(
    is_case=_is_conversation,
    is_message=_is_thread,
    case_of=lambda thread: text(thread, "conversation_id"),
    is_other=lambda _: False,
)


def _fits(records: Values) -> str:
    threads = [thread for record in records for thread in _KINDS.messages(record)]
    if not all(map(_is_counted_so, threads)):
        return ""
    return _KINDS.fitting(records, "its threads have a 'type' and say which customer made them")


def _read(records: Iterable[Record]) -> Iterator[RawConversation | Refused]:
    return together(records, _KINDS, _case)


# --- a conversation ----------------------------------------------------------------------------


def _case(row: int, conversation: Fields, threads: list[Fields]) -> Case | Refused:
    number = text(conversation, "number", "id")
    status, state = text(conversation, "status"), text(conversation, "state")
    gone = Gone.SPAM if status == _SPAM else Gone.DELETED if state == _DELETED else None
    if gone:
        reason = f"the conversation is {gone.value}"
        return Refused(row, reason, {"number": number}, ticket_id=number, gone=gone)
    return Case(
        conversation=RawConversation(
            row=row,
            messages=in_order(map(_message, unique(threads))),
            ticket_id=number,
            subject=text(conversation, "subject"),
            customer_id=text(conversation, "customer_id", _ASKED_BY, "customer_email"),
            created_at=text(conversation, "created_at"),
            closed_at=text(conversation, "closed_at") if status == _CLOSED else "",
            updated_at=text(conversation, "updated_at"),
            channel=_CHANNELS.get(text(conversation, "type"), ""),
        ),
        columns={},
    )


def _message(thread: Fields) -> RawMessage:
    kind, role = text(thread, "type"), _role(thread)
    is_sent = kind in (_CUSTOMER, _MESSAGE, _CHAT) and text(thread, "state") == _PUBLISHED
    return RawMessage(
        role=role,
        text="" if kind == _CHANGE else text(thread, "body"),
        author=text(thread, _ASKED_BY) or text(thread, _TOLD_BY),
        at=text(thread, "created_at"),
        visibility=Visibility.PUBLIC if is_sent and _is_counted_so(thread) else Visibility.PRIVATE,
    )


def _role(thread: Fields) -> Role:
    """Return who wrote a thread; a program's mails have nobody who made them."""
    if text(thread, "type") == _CHANGE or not _is_counted_so(thread):
        return Role.SYSTEM
    if _is_asked(thread):
        return Role.CUSTOMER
    return Role.BOT if is_missing(text(thread, _TOLD_BY)) else Role.AGENT


def _is_counted_so(thread: Fields) -> bool:
    """Whether the number of a thread and who made it say the same of its side."""
    return text(thread, "type") == _CHAT or _is_asked(thread) is _is_customers(thread)


def _is_customers(thread: Fields) -> bool:
    return text(thread, "type") == _CUSTOMER


def _is_asked(thread: Fields) -> bool:
    return not is_missing(text(thread, _ASKED_BY))


FREESCOUT = Shape(
    name="FreeScout conversations",
    documented="https://github.com/freescout-help-desk/freescout/tree/dist/database/migrations",
    fits=_fits,
    read=_read,
    part=_KINDS.part,
    in_tables=True,
)
