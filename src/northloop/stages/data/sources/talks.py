"""Conversations out of rows that no shape is known of: a list of messages in each, or one row each.

What a conversation is told by (subject, rating, when it was closed) is taken from its own record,
or from the first of its rows that says it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice

import msgspec

from northloop.core.conversation import RawConversation, RawMessage, Role, Visibility
from northloop.stages.data.missing import is_missing
from northloop.stages.data.sources import messages
from northloop.stages.data.sources.answering import is_agent, is_automaton, is_named_nobody
from northloop.stages.data.sources.automatic import is_automatic_text
from northloop.stages.data.sources.closing import closed_at
from northloop.stages.data.sources.formats import Row
from northloop.stages.data.sources.joining import ASKING
from northloop.stages.data.sources.json_rows import Json
from northloop.stages.data.sources.keys import Keys
from northloop.stages.data.sources.mapping import UNITS, spans, topic_in
from northloop.stages.data.sources.messages import LIST, Speakers
from northloop.stages.data.sources.notes import is_private_thread
from northloop.stages.data.sources.paths import (
    CROSSING,
    GATHERED,
    at_path,
    at_steps,
    gathered,
    items_of,
)
from northloop.stages.data.sources.roles import steps_of, words_of
from northloop.stages.data.sources.shapes import Refused
from northloop.stages.data.sources.sides import EITHER, is_customers
from northloop.stages.data.sources.transcripts import Reader

NO_ROW = "0"
"""What a row names that answers none, as WordPress writes it."""
WITHHELD = "[withheld: it may hold a private note]"
"""What is quarantined of a row of messages that cannot be read."""
_OF_A_CASE = (
    "ticket_id", "subject", "customer_id", "customer_name", "conversation_id", "created_at",
    "closed_at", "channel", "agent", "intent", "csat", "reopened", "first_touch_at", "csat_asked",
    "status", "updated_at", *UNITS,
)  # fmt: skip
_MOMENTS = ("created_at", "closed_at")
"""Where Odoo writes `False` for none."""
_OF_CUSTOMERS = ("customer_id", "customer_name")


class Talks(msgspec.Struct, frozen=True, kw_only=True):
    """How rows are read as conversations."""

    mapping: Mapping[str, str]
    """Fields of the case → columns; LIST → where the messages of a row lie, if they lie in one."""
    speakers: Speakers
    opening: str = ""
    """The column with the customer's first message, where the lists begin with the answer to it."""
    opened_by: str | None = None
    """Where the record that holds a list has its first message as an object of the same fields, ""
    where it is one itself; None for nowhere."""
    asker: str = ""
    """Where a record names who asked, if no field of messages says which side wrote them."""
    asker_in: str = ""
    """Where its messages name the same."""
    ids: str = ""
    """The column with the id of a row, where `conversation_id` names the row that it answers."""
    is_carried: bool = False
    """Whether `conversation_id` stands in the first row of each conversation alone."""
    is_closed_by_events: bool = False
    """Whether events among the messages say when a conversation was closed."""
    transcripts: Reader | None = None
    """How the messages of a row are read where they are one text; None where they are a list."""


def listed_talks(row: Mapping[str, Json], path: str) -> Iterator[tuple[Mapping[str, Json], Json]]:
    """Yield the conversations of a row: what each is told by, and its list of messages.

    `tickets[].comments` are as many as there are tickets, `groups[*].messages` one. What holds but
    one of them tells of it too: `transcripts[].phrases` of a call.
    """
    if GATHERED in path:
        yield row, gathered(row, path)
        return
    outer, crossing, inner = path.partition(CROSSING)
    if not crossing:
        yield row, at_steps(row, path)
        return
    parts = items_of(at_steps(row, outer))
    above = {k: v for k, v in row.items() if k != outer} if len(parts) == 1 else {}
    for item in parts:
        hidden = {"private": True} if CROSSING in inner and is_private_thread(item) else {}
        for record, items in listed_talks(item, inner.removeprefix(".")):
            yield {**above, **record, **hidden}, items


def of_lists(rows: Iterable[Row], talks: Talks) -> Iterator[RawConversation | Refused]:
    """Yield the conversations of rows that hold their messages in a list."""
    for number, row in enumerate(rows, 1):
        if row.problem:
            yield Refused(number, row.problem, WITHHELD)
            continue
        found = list(listed_talks(row.value, talks.mapping[LIST]))
        if not found:
            yield Refused(number, f"it has no {talks.mapping[LIST]!r}", "")
        for record, items in found:
            yield _of_list(number, record, _written(record, items, talks), talks)


def _written(record: Mapping[str, Json], items: Json, talks: Talks) -> Json:
    """Return the messages of a conversation, those of a transcript too."""
    if talks.transcripts is None:
        return items
    return talks.transcripts.messages(record, talks.mapping[LIST])


def _of_list(
    number: int, record: Mapping[str, Json], items: Json, talks: Talks
) -> RawConversation | Refused:
    talks = _in_case(record, items, talks)
    said = messages.in_order(with_opening(record, items, talks), talks.speakers)
    case = {f: at_path(record, column) for f, column in talks.mapping.items() if f in _OF_A_CASE}
    case["intent"] = topic_in(talks.mapping.get("intent", ""), case.get("intent", ""))
    if talks.is_closed_by_events:
        case["closed_at"] = closed_at(items_of(items), talks.speakers.keys)
    if first := _opening(record, said, talks):
        said.insert(0, msgspec.structs.replace(first, at=case.get("created_at", "")))
    if not said:
        return Refused(number, "it has no message", "")
    if CROSSING in talks.mapping[LIST] and is_private_thread(record):
        private = Visibility.PRIVATE
        said = [msgspec.structs.replace(message, visibility=private) for message in said]
    return _conversation(number, said, case)


def names_asker(path: str) -> bool:
    """Whether a field is called after who asks: `requester.email`, `callerId`."""
    return any(not ASKING.isdisjoint(words_of(part).split()) for part in steps_of(path))


def _in_case(record: Mapping[str, Json], items: Json, talks: Talks) -> Talks:
    """Return how a conversation is read: who asked in it is a customer there, though they answer in
    others, where those who write besides are agents, or send receipts.
    """
    agents = talks.speakers.agents
    asker = at_path(record, talks.asker).strip().lower() if names_asker(talks.asker) else ""
    if asker not in agents:  # or who opened a case, as agents open one among themselves
        return talks
    text = talks.speakers.keys.text
    said = [(at_path(i, talks.asker_in).strip().lower(), i) for i in items_of(items)]
    receipts = {name for name, item in said if is_automatic_text(at_path(item, text))}
    others = {name for name, _ in said if not is_named_nobody(name)} - (receipts - agents) - {asker}
    if not others or not others <= agents:
        return talks
    speakers = msgspec.structs.replace(talks.speakers, agents=agents - {asker})
    return msgspec.structs.replace(talks, speakers=speakers)


def _opening(
    record: Mapping[str, Json], said: Iterable[RawMessage], talks: Talks
) -> RawMessage | None:
    """Return the first message where it stands in a column, None for none, or where the list has
    it too."""
    opening = at_path(record, talks.opening) if talks.opening else ""
    if not opening.strip() or any(m.text.strip() == opening.strip() for m in said):
        return None
    by_agent = is_agent(at_path(record, talks.asker), talks.speakers.agents)
    role = Role.AGENT if talks.asker and by_agent else Role.CUSTOMER
    return RawMessage(role=role, text=opening)


def with_opening(
    record: Mapping[str, Json], items: Json, talks: Talks
) -> Sequence[Mapping[str, Json]]:
    """Return the messages of a conversation, with the record that holds them where it is one."""
    listed = items_of(items)
    if talks.opened_by is None:
        return listed
    if talks.opened_by:
        return [*items_of([record.get(talks.opened_by)]), *listed]
    holds = talks.mapping[LIST].rpartition(CROSSING)[2].removeprefix(".").partition(".")[0]
    holds = holds.partition(GATHERED)[0]
    return [{key: value for key, value in record.items() if key != holds}, *listed]


def of_rows(rows: Iterable[Row], talks: Talks) -> Iterator[RawConversation | Refused]:
    """Yield the conversations of rows that are a message each, in the order they begin.

    Rows of one conversation need not follow one another. All messages are held until the last row.
    """
    for name, numbered in _grouped(rows, talks):
        if isinstance(numbered, Refused):
            yield numbered
            continue
        said = messages.in_order([value for _, value in numbered], talks.speakers)
        case = _case(numbered, talks) | {"conversation_id": name}
        if talks.is_closed_by_events:
            case["closed_at"] = closed_at([value for _, value in numbered], talks.speakers.keys)
        if said:
            yield _conversation(numbered[0][0], said, case)
        else:
            yield Refused(numbered[0][0], "the conversation has no message", "")


def _grouped(
    rows: Iterable[Row], talks: Talks
) -> Iterator[tuple[str, list[tuple[int, Mapping[str, Json]]] | Refused]]:
    """Yield what each conversation is called with its rows and their numbers; first what cannot be
    read.
    """
    column = talks.mapping["conversation_id"]
    named: list[tuple[str, int, Mapping[str, Json]]] = []
    answered: dict[str, str] = {}
    for number, row in enumerate(rows, 1):
        if row.problem:
            yield "", Refused(number, row.problem, WITHHELD)
            continue
        name = bare_id(case_of(row.value, column, talks.speakers.keys))
        if talks.is_carried and is_missing(name) and named:
            name = named[-1][0]
        if talks.ids:
            own = bare_id(at_path(row.value, talks.ids))
            answered[own] = "" if is_missing(name) else name
            name = own
        if is_missing(name):
            yield "", Refused(number, f"the row names no conversation ({column!r} is empty)", "")
            continue
        named.append((name, number, row.value))
    grouped: dict[str, list[tuple[int, Mapping[str, Json]]]] = {}
    for name, number, value in named:
        grouped.setdefault(_first_of(name, answered), []).append((number, value))
    for name in list(grouped):
        yield name, grouped.pop(name)


BOTH = " & "
"""Between the columns of whom a message came from and went to, where both tell conversations."""


def case_of(row: Mapping[str, Json], column: str, keys: Keys) -> str:
    """Return what a row names as its conversation: where two columns do, `from | to`, whom a
    customer's message came from, and whom another went to; by `from & to` both.
    """
    one, both, other = column.partition(BOTH)
    if both and column not in row:
        return BOTH.join(sorted((at_path(row, one).strip(), at_path(row, other).strip())))
    asked, either, answered = column.partition(EITHER)
    if not either or column in row:
        return at_path(row, column)
    return at_path(row, asked if is_customers(row, keys) else answered)


def bare_id(cell: str) -> str:
    """Return an id as it is; of one that a program wrote as a fraction, `3.0`, the number."""
    said = cell.strip()
    return said.removesuffix(".0") if said.endswith(".0") and said[:-2].isdigit() else said


def _first_of(row: str, answered: Mapping[str, str]) -> str:
    """Return the row that a chain of answers begins with, also where it is not in the file."""
    seen = {row}
    while (before := answered.get(row)) and before not in seen and _is_row(before, answered):
        seen.add(before)
        row = before
    return row


def _is_row(name: str, answered: Mapping[str, str]) -> bool:
    return name != NO_ROW or NO_ROW in answered


def _case(numbered: Sequence[tuple[int, Mapping[str, Json]]], talks: Talks) -> dict[str, str]:
    """Return what the first row that says it says of the case; of the customer, of theirs."""
    asked = [row for _, row in numbered if _is_asked(row, talks.speakers)]
    every = [row for _, row in numbered]
    found: dict[str, str] = {}
    for field, column in talks.mapping.items():
        if field in _OF_A_CASE:
            cells = (at_path(r, column) for r in (asked if field in _OF_CUSTOMERS else every))
            found[field] = next((cell for cell in cells if not is_missing(cell)), "")
    found["intent"] = topic_in(talks.mapping.get("intent", ""), found.get("intent", ""))
    return found


def _is_asked(row: Mapping[str, Json], speakers: Speakers) -> bool:
    said = messages.in_order([row], speakers)
    return any(m.role is Role.CUSTOMER and m.visibility is Visibility.PUBLIC for m in said)


def _conversation(
    number: int, said: Sequence[RawMessage], case: Mapping[str, str]
) -> RawConversation:
    fields = {f: text.strip() for f, text in case.items() if f not in UNITS}
    fields |= {f: "" for f in _MOMENTS if fields.get(f, "").lower() == "false"}
    return RawConversation(row=number, messages=tuple(said), **(fields | spans(case)))


def asked_and_written(rows: Iterable[Row], talks: Talks) -> Iterator[tuple[str, Sequence[str]]]:
    """Yield who asked in each conversation, as its record names them, and who wrote its messages,
    notes too, but for automata.
    """
    author = talks.speakers.keys.author
    for row in rows:
        for record, items in listed_talks(row.value, talks.mapping[LIST]):
            people = (i for i in items_of(items) if not is_automaton(at_path(i, author)))
            wrote = (at_path(item, talks.asker_in) for item in people)
            yield at_path(record, talks.asker), [n for n in wrote if not is_named_nobody(n)]


def first_messages(
    rows: Iterable[Row], talks: Talks, most: int
) -> Iterator[Sequence[tuple[RawMessage, Mapping[str, Json]]]]:
    """Yield the messages of the first conversations of an export with what each was read from, in
    order: of rows that hold a list until there are `most`, else of so many rows.
    """
    path = talks.mapping.get(LIST)
    if path is None:
        for _, numbered in _grouped(islice(rows, most), talks):
            if not isinstance(numbered, Refused):
                yield messages.with_items([value for _, value in numbered], talks.speakers)
        return
    seen = 0
    for record, items in (one for row in rows for one in listed_talks(row.value, path)):
        in_case = _in_case(record, items, talks)
        written = with_opening(record, _written(record, items, talks), talks)
        said = messages.with_items(written, in_case.speakers)
        first = _opening(record, (message for message, _ in said), in_case)
        yield [(first, {}), *said] if first else said
        seen += len(written)
        if seen >= most:
            return


def authors_and_noting(
    rows: Iterable[Row], talks: Talks
) -> Iterator[tuple[Sequence[str], Sequence[str]]]:
    """Yield who spoke in each conversation, in the order they did, and who wrote its notes."""
    inner = of_lists if LIST in talks.mapping else of_rows
    for found in inner(rows, talks):
        if isinstance(found, RawConversation):
            public = [m.author for m in found.messages if m.visibility is Visibility.PUBLIC]
            private = [m.author for m in found.messages if m.visibility is Visibility.PRIVATE]
            yield public, private
