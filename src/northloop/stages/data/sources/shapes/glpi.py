"""GLPI: tickets with their followups, solutions and tasks, of its REST API or as its tables.

The ticket's requester asks: as `Ticket_User` has it, else whoever recorded the ticket. Who is
assigned, solves, works on tasks or writes private followups answers, and so does who writes in
several other people's tickets. Followups that say that they are not private are public, and so are
solutions; tasks are left out, and what belongs to problems and changes.
"""

from __future__ import annotations

import html
from collections.abc import Callable, Iterable, Iterator, Mapping

import msgspec

from northloop.core.conversation import RawConversation, RawMessage, Role, Visibility
from northloop.stages.data.sources.answering import who_answers_others
from northloop.stages.data.sources.paths import lists
from northloop.stages.data.sources.shapes.apart import Kinds, together
from northloop.stages.data.sources.shapes.cases import Case, in_order
from northloop.stages.data.sources.shapes.fields import (
    Fields,
    full_name,
    has,
    items,
    text,
    told,
)
from northloop.stages.data.sources.shapes.shape import Record, Refused, Shape, Values

_TICKET_KEYS = ("closedate", "solvedate", "itilcategories_id", "urgency", "requesttypes_id")
_REQUESTER, _ASSIGNED = "1", "2"
_NO_TICKET = "what was said stands in the file, and the ticket that it belongs to does not"


def _is_ticket(record: Fields) -> bool:
    named = has(record, "name", "content", "users_id_recipient") == 3
    return named and has(record, *_TICKET_KEYS) > 1


def _is_left(record: Fields) -> bool:
    """Whether a record holds what was said in a ticket that is not in the file."""
    return any(map(_is_said, items(record, "messages")))


def _is_said(record: Fields) -> bool:
    return has(record, "itemtype", "items_id", "content", "users_id") == 4 or _is_task(record)


def _is_task(record: Fields) -> bool:
    return has(record, "tickets_id", "content", "users_id", "actiontime") == 4


def _is_part_taken(record: Fields) -> bool:
    return has(record, "tickets_id", "users_id", "type") == 3 and not has(record, "content")


def _is_rating(record: Fields) -> bool:
    return has(record, "tickets_id", "satisfaction") == 2


def _is_user(record: Fields) -> bool:
    return has(record, "id", "name", "realname", "firstname") == 4


def _is_other(record: Fields) -> bool:
    return any(known(record) for known in (_is_part_taken, _is_rating, _is_user))


def _ticket_of(said: Fields) -> str:
    kind = text(said, "itemtype") or "Ticket"
    number = text(said, "tickets_id", "items_id")
    return number if kind == "Ticket" else f"{kind} {number}"


_KINDS = Kinds(
    is_case=lambda record: _is_ticket(record) or _is_left(record),
    is_message=_is_said,
    case_of=_ticket_of,
    is_other=_is_other,
)


def _fits(records: Values) -> str:
    why = "its tickets name 'users_id_recipient', and followups 'items_id' and 'is_private'"
    return _KINDS.fitting(records, why)


class _Known(msgspec.Struct, frozen=True):
    """What a file tells of people and tickets besides the tickets."""

    names: Mapping[str, str]
    asking: Mapping[str, set[str]]
    """Id of a ticket → who asks in it."""
    agents: frozenset[str]
    ratings: Mapping[str, str]


def _read(records: Iterable[Record]) -> Iterator[RawConversation | Refused]:
    known = _known(records)

    def read(row: int, ticket: Fields, more: list[Fields]) -> Case | Refused:
        if not _is_ticket(ticket):
            return Refused(row, _NO_TICKET, {"id": text(ticket, "id")})
        return _case(row, ticket, more, known)

    return together(records, _KINDS, read)


def _all(records: Iterable[Record], wanted: Callable[[Fields], bool]) -> Iterator[Fields]:
    """Yield what is wanted of a file: records, and objects in their lists."""
    for record in records:
        held = (item for _, listed in lists(record.value) for item in listed)
        yield from filter(wanted, (record.value, *held))


def _known(records: Iterable[Record]) -> _Known:
    parts = list(_all(records, _is_part_taken))
    asking: dict[str, set[str]] = {}
    for part in (p for p in parts if text(p, "type") == _REQUESTER):
        asking.setdefault(text(part, "tickets_id"), set()).add(text(part, "users_id"))
    for ticket in _all(records, _is_ticket):
        asking.setdefault(text(ticket, "id"), {text(ticket, "users_id_recipient")})
    agents = {text(part, "users_id") for part in parts if text(part, "type") == _ASSIGNED}
    watching = {(text(p, "tickets_id"), text(p, "users_id")) for p in parts}
    wrote: dict[str, set[str]] = {}
    for said in _all(records, _is_said):
        number, author = _ticket_of(said), text(said, "users_id")
        if _is_task(said) or has(said, "solutiontypes_id") or told(said, "is_private"):
            agents.add(author)
        elif (number, author) not in watching:
            wrote.setdefault(number, set()).add(author)
    talks = [
        (asker, frozenset(wrote.get(number, set()) - askers))
        for number, askers in asking.items()
        for asker in askers
    ]
    users = {text(user, "id"): _shown(user) for user in _all(records, _is_user)}
    rated = {text(r, "tickets_id"): text(r, "satisfaction") for r in _all(records, _is_rating)}
    return _Known(users, asking, frozenset(agents | who_answers_others(talks)) - {"", "0"}, rated)


def _shown(user: Fields) -> str:
    parts = {"first_name": text(user, "firstname"), "last_name": text(user, "realname")}
    return full_name(parts) or text(user, "name")


def _case(row: int, ticket: Fields, more: list[Fields], known: _Known) -> Case:
    number = text(ticket, "id")
    asking = known.asking.get(number, set())
    customer = min(asking, default="")
    opening = RawMessage(
        role=Role.CUSTOMER,
        text=_content(ticket),
        author=known.names.get(customer, ""),
        at=text(ticket, "date", "date_creation"),
    )
    said = (_message(one, asking, known) for one in more)
    return Case(
        conversation=RawConversation(
            row=row,
            messages=in_order([opening, *said]),
            ticket_id=number,
            subject=text(ticket, "name"),
            customer_id=customer,
            customer_name=known.names.get(customer, ""),
            created_at=text(ticket, "date", "date_creation"),
            closed_at=text(ticket, "solvedate", "closedate"),
            csat=known.ratings.get(number, ""),
            csat_asked="yes" if number in known.ratings else "",
        )
    )


def _message(said: Fields, asking: set[str], known: _Known) -> RawMessage:
    author = text(said, "users_id")
    role = Role.CUSTOMER if author in asking else None
    role = role or (Role.AGENT if author in known.agents else None)
    shown = bool(has(said, "solutiontypes_id")) or told(said, "is_private") is False
    public = shown and role is not None and not _is_task(said)
    return RawMessage(
        role=role or Role.SYSTEM,
        text=_content(said),
        author=known.names.get(author, ""),
        at=text(said, "date", "date_creation"),
        visibility=Visibility.PUBLIC if public else Visibility.PRIVATE,
    )


def _content(record: Fields) -> str:
    """Return a text, whose markup may be kept with its brackets as entities."""
    said = text(record, "content")
    return said if "<" in said else html.unescape(said)


GLPI = Shape(
    name="GLPI tickets",
    documented="https://github.com/glpi-project/glpi/blob/main/apirest.md",
    fits=_fits,
    read=_read,
    part=_KINDS.part,
    apart="pack it with the table of tickets (glpi_tickets) into one ZIP archive and import that",
)
