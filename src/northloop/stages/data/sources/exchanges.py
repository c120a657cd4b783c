"""From a conversation to its exchanges: what the customer said, and what was answered to it.

Here private notes end: what follows, the cleaning first, never sees one.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import dropwhile

import msgspec

from northloop.core.conversation import RawConversation, RawMessage, RawTicket, Role, Visibility
from northloop.core.ids import content_hash
from northloop.core.question import MAX_CONVERSATION_TURNS, is_greeting
from northloop.stages.data.correspondence import only_opens
from northloop.stages.data.missing import is_missing
from northloop.stages.data.sources.automatic import is_automatic_text

_OF_THE_CASE = (
    *("closed_at", "handling_minutes", "csat", "reopened"),
    *("first_touch_at", "first_touch_minutes", "csat_asked", "status", "updated_at"),
)
"""Noted of the whole case: its first exchange carries it."""
_OF_THE_MATTER = ("intent", "subject")
"""What the case is about: the first exchange that says more than hello carries it."""


class _Exchange(msgspec.Struct, frozen=True):
    """A stretch of messages: from a customer's first word to the last before the next question."""

    begins: int
    asked: Sequence[RawMessage]
    answered: Sequence[RawMessage]
    """Agents' messages. What a bot says is context of what follows, and teaches nothing."""


class _Told(msgspec.Struct, frozen=True):
    """What a whole conversation tells its exchanges."""

    source: str
    case: RawConversation
    conversation_id: str
    people: tuple[str, ...]
    counts: dict[str, int]
    touched: tuple[str, str]
    """When a person first answered, or how long after the opening; each "" if not told so."""


def exchanges(conversation: RawConversation, source: str) -> list[RawTicket]:
    """Return a conversation's exchanges, oldest first; the last may lack a reply.

    The customer's messages up to an agent's answer are one question, the agent's messages up to
    the customer's next one reply. What was said before, an agent's greeting too, is context: the
    newest MAX_CONVERSATION_TURNS of it. So is what a help desk sends by itself, a receipt or an
    invitation to rate. "How may I help you?" to a customer who has asked already is no answer. One
    without any word of a customer has one exchange without a question: the case is counted among
    the rows, and nothing is learnt of it. Private notes and what the help desk itself noted are
    left out.
    """
    spoken = [_as_sent(m) for m in conversation.messages if _is_spoken(m)]
    told = _told(conversation, source, spoken)
    found = _divided(spoken) or [_Exchange(0, (), ())]
    runs, starts = _runs(spoken)
    opens = next((i for i, e in enumerate(found) if not is_greeting(_joined(e.asked))), 0)
    tickets = []
    for number, exchange in enumerate(found):
        end = starts.get(exchange.begins, 0)
        before = tuple(runs[max(0, end - MAX_CONVERSATION_TURNS) : end])
        ticket = _ticket(told, exchange, before, number + 1)
        tickets.append(_with_matter(ticket, conversation) if number == opens else ticket)
    return tickets


def _is_spoken(message: RawMessage) -> bool:
    said = message.visibility is Visibility.PUBLIC and message.role is not Role.SYSTEM
    return said and bool(message.text.strip())


def _as_sent(message: RawMessage) -> RawMessage:
    """Return a message, a bot's where its words are those that a help desk sends by itself, whoever
    signs them.
    """
    if not is_automatic_text(message.text):
        return message
    return msgspec.structs.replace(message, role=Role.BOT)


def _told(case: RawConversation, source: str, spoken: Sequence[RawMessage]) -> _Told:
    of_people = (m for m in case.messages if m.role in (Role.CUSTOMER, Role.AGENT))
    return _Told(
        source=source,
        case=case,
        conversation_id=case.conversation_id or _own_id(case, source, spoken),
        people=tuple(dict.fromkeys(m.author for m in of_people if m.author)),
        counts=_counts(case),
        touched=_touched(case, spoken),
    )


def _touched(case: RawConversation, spoken: Sequence[RawMessage]) -> tuple[str, str]:
    """Return when a person first answered, and how long after the opening: as the case says them,
    else an agent's first message to the customer. What an agent began with answers nobody.

    A help desk counts a text that was sent by itself under an agent's name as an answer; so where
    there is one, the messages say it, if they are dated.
    """
    since_asked = [*dropwhile(lambda message: not _is_customer(message), spoken)]
    at = next((m.at for m in since_asked if m.role is Role.AGENT), "")
    public = (m for m in case.messages if m.role is Role.AGENT and _is_spoken(m))
    acknowledged = any(m.at and is_automatic_text(m.text) for m in public)
    noted = case.first_touch_at, case.first_touch_minutes
    return (at, "") if acknowledged or all(map(is_missing, noted)) else noted


def _counts(case: RawConversation) -> dict[str, int]:
    """Return how many messages say something, and how many of them teach nothing, and why."""
    said = [message for message in case.messages if message.text.strip()]
    public = [message for message in said if message.visibility is Visibility.PUBLIC]
    return {
        "messages": len(said),
        "private_notes": len(said) - len(public),
        "others": sum(message.role in (Role.SYSTEM, Role.BOT) for message in public),
    }


def _own_id(case: RawConversation, source: str, spoken: Sequence[RawMessage]) -> str:
    """Return what names a conversation wherever it is exported again, grown perhaps.

    Its number and how it opens: two help desks count from 1, both.
    """
    if not case.ticket_id:
        return f"{source}:{case.row}"
    opening = content_hash([spoken[0].role, spoken[0].text.strip()]) if spoken else ""
    return f"{case.ticket_id} {opening}".rstrip()


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
        elif (
            message.role is Role.AGENT
            and asked
            and (answered or answers(message.text, _joined(asked)))
        ):
            answered.append(message)
    return [*found, _Exchange(begins, asked, answered)] if asked else found


def answers(reply: str, question: str) -> bool:
    """Whether an agent's message is more than the opening of a talk, or what was said is hello."""
    return not only_opens(reply) or is_greeting(question)


def _runs(spoken: Sequence[RawMessage]) -> tuple[list[RawMessage], dict[int, int]]:
    """Return the messages of each side in a row joined, and at which place which run begins."""
    runs: list[list[RawMessage]] = []
    starts: dict[int, int] = {}
    for place, message in enumerate(spoken):
        if not runs or _is_customer(runs[-1][0]) is not _is_customer(message):
            starts[place] = len(runs)
            runs.append([])
        runs[-1].append(message)
    return [_run(messages) for messages in runs], starts


def _run(messages: Sequence[RawMessage]) -> RawMessage:
    return RawMessage(
        role=next((m.role for m in messages if m.role is Role.AGENT), messages[0].role),
        text=_joined(messages),
        parts=_parts(messages),
        author=_author(messages),
        at=messages[0].at,
    )


def _is_customer(message: RawMessage) -> bool:
    return message.role is Role.CUSTOMER


def _ticket(
    told: _Told, exchange: _Exchange, before: tuple[RawMessage, ...], turn: int
) -> RawTicket:
    case, first = told.case, turn == 1
    left_out = () if first else _OF_THE_CASE
    of_it = {
        field: getattr(case, field)
        for field in RawTicket.__struct_fields__
        if hasattr(case, field) and field not in (*left_out, *_OF_THE_MATTER)
    }
    asked_at = exchange.asked[0].at if exchange.asked else ""
    own = {
        "source": told.source,
        "ticket_id": case.ticket_id or f"{told.source}:{case.row}",
        "conversation_id": told.conversation_id,
        "question": _joined(exchange.asked),
        "reply": _joined(exchange.answered),
        "asked": _parts(exchange.asked),
        "answered": _parts(exchange.answered),
        "created_at": (case.created_at if first else "") or asked_at,
        "first_touch_at": told.touched[0] if first else "",
        "first_touch_minutes": told.touched[1] if first else "",
        "agent": _author(exchange.answered) or case.agent,
        "context": before,
        "turn": turn,
        "people": told.people,
    }
    return RawTicket(**(of_it | own | (told.counts if first else dict.fromkeys(told.counts, 0))))


def _with_matter(ticket: RawTicket, case: RawConversation) -> RawTicket:
    return msgspec.structs.replace(ticket, **{f: getattr(case, f) for f in _OF_THE_MATTER})


def _author(messages: Sequence[RawMessage]) -> str:
    return next((m.author for m in messages if m.author), "")


def _joined(messages: Sequence[RawMessage]) -> str:
    return "\n\n".join(m.text.strip() for m in messages)


def _parts(messages: Sequence[RawMessage]) -> tuple[str, ...]:
    return tuple(m.text for m in messages) if len(messages) > 1 else ()
