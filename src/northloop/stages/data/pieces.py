"""A row's canonical JSON in pieces: the lines of a dataset are joined of them, not written anew.

What of a line follows from the row alone is written once, when the row is made; where the row
stands, its intent and its place in the dataset are put between the pieces. The lines are those that
`core.ids.canonical` writes of a `Ticket` and of an `Example`.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from typing import NamedTuple

from northloop.core.conversation import Ticket
from northloop.core.decoding import decoded
from northloop.core.ids import canonical

_HEAD = (
    "channel",
    "closed_at",
    "conversation_id",
    "created_at",
    "csat",
    "customer_id",
    "handling_minutes",
)
_SIZES = struct.Struct("<6I")


def packed(ticket: Ticket) -> bytes:
    """Return the pieces of a row; its source, row, turn and intent are no part of them."""
    head = {field: getattr(ticket, field) for field in _HEAD}
    if ticket.first_touch_at is not None:
        head["first_touch_at"] = ticket.first_touch_at
    pieces = (
        canonical(head)[1:-1],
        canonical(ticket.question),
        canonical(ticket.reopened),
        canonical(ticket.reply),
        canonical(ticket.context) if ticket.context else b"",
        canonical(ticket.ticket_id) if ticket.ticket_id else b"",
    )
    return _SIZES.pack(*map(len, pieces)) + b"".join(pieces)


def question_of(body: bytes) -> str:
    """Return the question of a row by its pieces."""
    head, question, *_ = _SIZES.unpack_from(body)
    start = _SIZES.size + head
    return decoded(body[start : start + question], str)


def ticket_of(body: bytes, intent: bytes, at: tuple[bytes, int, int]) -> Ticket:
    """Return a row whole; see `history_line`."""
    line = history_line(body, intent, at)
    context = _pieces(body)[4]
    return decoded(line[:-2] + b',"context":' + context + b"}" if context else line, Ticket)


def history_line(body: bytes, intent: bytes, at: tuple[bytes, int, int]) -> bytes:
    """Return the line of a row in the history, without what was said before it.

    `intent` is JSON; `at` says where the row stands: its source, as JSON, its row and its turn.
    """
    source, row, turn = at
    head, question, reopened, reply, _, id_ = _pieces(body)
    return b'{%b,"intent":%b,"question":%b,"reopened":%b,"reply":%b,"row":%d,"source":%b,' % (
        *(head, intent, question, reopened, reply, row, source),
    ) + b'"ticket_id":%b%b}\n' % (
        id_ or b'%b:%d"' % (source[:-1], row),
        b',"turn":%d' % turn if turn != 1 else b"",
    )


class Learnt(NamedTuple):
    """What an example's line says besides the row that stands for it."""

    example_id: bytes
    group: bytes
    split: bytes
    intent: bytes
    """As JSON."""
    origin: Sequence[bytes]
    """Where its rows stand, as JSON."""


def example_line(body: bytes, learnt: Learnt, replied: bytes) -> bytes:
    """Return the line of the example that a row stands for, with the reply of another row."""
    _, question, _, reply, context, _ = _pieces(body)
    if replied is not body:
        reply = _pieces(replied)[3]
    before = b'"context":%b,' % context if context else b""
    return b'{%b"count":%d,"example_id":"%b","group":"%b","intent":%b,"origin":[%b],' % (
        *(before, len(learnt.origin), learnt.example_id, learnt.group, learnt.intent),
        b",".join(learnt.origin),
    ) + b'"question":%b,"reply":%b,"split":"%b"}\n' % (question, reply, learnt.split)


def _pieces(body: bytes) -> tuple[bytes, bytes, bytes, bytes, bytes, bytes]:
    # Every line of a dataset is joined of them: a loop takes twice as long.
    head, question, reopened, reply, context, _ = _SIZES.unpack_from(body)
    a = _SIZES.size + head
    b = a + question
    c = b + reopened
    d = c + reply
    e = d + context
    return body[_SIZES.size : a], body[a:b], body[b:c], body[c:d], body[d:e], body[e:]


def origin(source: bytes, row: int, turn: int) -> bytes:
    """Return, as JSON, what names a row for people; `source` is JSON."""
    return b'%b:%d#%d"' % (source[:-1], row, turn) if turn > 1 else b'%b:%d"' % (source[:-1], row)
