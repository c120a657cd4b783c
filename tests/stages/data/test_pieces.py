"""Lines that are joined of pieces are those that would be written anew."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from northloop.core.conversation import Example, Message, Split, Ticket, place
from northloop.core.ids import canonical
from northloop.stages.data.pieces import (
    Learnt,
    example_line,
    history_line,
    origin,
    packed,
    question_of,
    ticket_of,
)

_TEXT = st.text(max_size=30) | st.sampled_from(['"', "\\", "\n\0\x1f", "你好 😀 ß", "%b %d {}", ""])
_TEXTS = (
    "source",
    "ticket_id",
    "question",
    "reply",
    "customer_id",
    "conversation_id",
    "channel",
    "intent",
)
_TICKETS = st.builds(
    Ticket,
    **dict.fromkeys(_TEXTS, _TEXT),
    row=st.integers(1, 10**9),
    turn=st.integers(1, 50),
    created_at=st.none() | st.just("2025-01-01T00:00:00Z"),
    closed_at=st.none() | _TEXT,
    first_touch_at=st.none() | _TEXT,
    handling_minutes=st.none() | st.floats(0, 1e6),
    csat=st.none() | st.floats(1, 5),
    reopened=st.none() | st.booleans(),
    context=st.lists(st.builds(Message, st.sampled_from(["user", "assistant"]), _TEXT), max_size=3)
    .map(tuple),
)  # fmt: skip


@given(_TICKETS)
def test_a_row_comes_back_and_its_line_is_the_canonical_one(ticket: Ticket) -> None:
    body, intent = packed(ticket), canonical(ticket.intent)
    at = canonical(ticket.source), ticket.row, ticket.turn
    named = ticket.ticket_id or place(ticket.source, ticket.row)
    ticket = msgspec.structs.replace(ticket, ticket_id=named)
    assert question_of(body) == ticket.question
    assert ticket_of(body, intent, at) == ticket
    alone = msgspec.structs.replace(ticket, context=())
    assert history_line(body, intent, at) == canonical(alone) + b"\n"


@given(_TICKETS, st.lists(st.tuples(_TEXT, st.integers(1, 99), st.integers(1, 9)), min_size=1))
def test_so_is_that_of_an_example(ticket: Ticket, rows: list[tuple[str, int, int]]) -> None:
    example = Example(
        example_id="0" * 24, question=ticket.question, reply=ticket.reply, intent=ticket.intent,
        split=Split.TEST, group="f" * 24, count=len(rows), origin=tuple(place(*at) for at in rows),
        context=ticket.context,
    )  # fmt: skip
    origins = [origin(canonical(source), row, turn) for source, row, turn in rows]
    learnt = Learnt(b"0" * 24, b"f" * 24, b"test", canonical(ticket.intent), origins)
    assert example_line(packed(ticket), learnt, packed(ticket)) == canonical(example) + b"\n"


@pytest.mark.parametrize("kind", [Ticket, Example])
def test_no_field_is_forgotten(kind: type[Ticket | Example]) -> None:
    """A field that is added has to be put into the pieces, too."""
    known = {Ticket: 17, Example: 9}
    assert len(kind.__struct_fields__) == known[kind]
