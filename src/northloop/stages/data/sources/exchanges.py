"""From a conversation to its exchanges: what the customer said, and what was answered to it.

Here private notes end: what follows, the cleaning first, never sees one.
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from northloop.core.conversation import RawConversation, RawMessage, RawTicket, Role, Visibility

_OF_THE_CASE = ("closed_at", "handling_minutes", "csat", "reopened", "intent", "subject")
"""Noted of the whole case: its first exchange carries it."""


class _Exchange(msgspec.Struct, frozen=True):
    """A stretch of messages: from a customer's first word to the last before the next question."""

    begins: int
    asked: Sequence[RawMessage]
    answered: Sequence[RawMessage]
    """By agents. What a bot says is context of what follows, and teaches nothing."""


def exchanges(conversation: RawConversation, source: str) -> list[RawTicket]:
    """Return a conversation's exchanges, oldest first; the last may lack a reply.

    The customer's messages up to an agent's answer are one question, the agent's messages up to
    the customer's next one reply. What was said before, an agent's greeting too, is context. One
    without any word of a customer has one exchange without a question: the case counts, and nothing
    is learnt of it. Private notes and what the help desk itself wrote are left out.
    """
    spoken = [m for m in conversation.messages if _is_spoken(m)]
    found = _divided(spoken) or [_Exchange(0, (), ())]
    return [
        _ticket(conversation, source, turn, exchange, tuple(spoken[: exchange.begins]))
        for turn, exchange in enumerate(found, 1)
    ]


def _is_spoken(message: RawMessage) -> bool:
    said = message.visibility is Visibility.PUBLIC and message.role is not Role.SYSTEM
    return said and bool(message.text.strip())


def _divided(spoken: Sequence[RawMessage]) -> list[_Exchange]:
    found: list[_Exchange] = []
    begins, asked, answered = 0, list[RawMessage](), list[RawMessage]()
    for position, message in enumerate(spoken):
        if message.role is Role.CUSTOMER:
            if answered:
                found.append(_Exchange(begins, asked, answered))
                asked, answered = [], []
            if not asked:
                begins = position
            asked.append(message)
        elif message.role is Role.AGENT and asked:
            answered.append(message)
    return [*found, _Exchange(begins, asked, answered)] if asked else found


def _ticket(
    conversation: RawConversation,
    source: str,
    turn: int,
    exchange: _Exchange,
    context: tuple[RawMessage, ...],
) -> RawTicket:
    case = {
        field: getattr(conversation, field)
        for field in RawTicket.__struct_fields__
        if hasattr(conversation, field) and (turn == 1 or field not in _OF_THE_CASE)
    }
    asked_at = exchange.asked[0].at if exchange.asked else ""
    authors = [m.author for m in exchange.answered if m.author]
    own = {
        "source": source,
        "ticket_id": conversation.ticket_id or f"{source}:{conversation.row}",
        "conversation_id": conversation.conversation_id
        or conversation.ticket_id
        or f"{source}:{conversation.row}",
        "question": _joined(exchange.asked),
        "reply": _joined(exchange.answered),
        "created_at": (conversation.created_at if turn == 1 else "") or asked_at,
        "agent": authors[0] if authors else conversation.agent,
        "context": context,
        "turn": turn,
    }
    return RawTicket(**(case | own))


def _joined(messages: Sequence[RawMessage]) -> str:
    return "\n\n".join(m.text.strip() for m in messages)
