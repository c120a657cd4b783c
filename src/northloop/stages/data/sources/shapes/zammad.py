"""Zammad: tickets and their articles, of the REST API, expanded or not.

Read are articles alone, tickets with `articles` in them, both beside each other in one file or
several of an archive, and what `all=true` answers: `assets` with objects by id. Who wrote an
article is told by `sender_id` (1 an agent, 2 the customer, 3 the system) or by `sender`. What is
`internal`, does not say that it is not, notes what an agent said on the phone, or was sent to
somebody else than the customer is private, and so is what that somebody answered.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import msgspec

from northloop.core.conversation import RawConversation, RawMessage, Role, Visibility
from northloop.stages.data.dates import DateOrder, to_utc
from northloop.stages.data.sources.correspondents import Correspondents
from northloop.stages.data.sources.shapes.apart import Kinds, together
from northloop.stages.data.sources.shapes.cases import Case, in_order, own_fields, tags, unique
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
from northloop.stages.data.sources.shapes.shape import Part, Record, Refused, Shape, Values

_SENDERS = {
    "1": Role.AGENT,
    "agent": Role.AGENT,
    "2": Role.CUSTOMER,
    "customer": Role.CUSTOMER,
    "3": Role.BOT,
    "system": Role.BOT,
}
_PHONE = ("5", "phone")
_CHANNELS = {"1": "email", "2": "sms", "3": "chat", "5": "phone", "11": "web"}
"""What `type_id` means in every installation."""
_ARTICLE_KEYS = ("ticket_id", "content_type", "type_id", "type", "in_reply_to", "reply_to",
                 "message_id", "origin_by_id", "created_by_id")  # fmt: skip
_TICKET_KEYS = ("group_id", "group", "priority_id", "priority", "state_id", "state", "owner_id",
                "owner", "customer_id", "customer", "article_count", "close_at",
                "first_response_at", "pending_time")  # fmt: skip
_ASSETS = (("Ticket", "tickets"), ("TicketArticle", "articles"), ("User", "users"))
_USER_KEYS = ("login", "firstname", "lastname", "role_ids", "roles", "organization_id")


# --- records -----------------------------------------------------------------------------------


def _is_article(record: Fields) -> bool:
    signed = has(record, "sender_id", "sender") > 0
    return signed and has(record, "body", "internal") > 1 and has(record, *_ARTICLE_KEYS) > 3


def _is_ticket(record: Fields) -> bool:
    placed = has(record, "number", "title") > 1 and has(record, *_TICKET_KEYS) > 5
    return placed or any(map(_is_article, _articles(record)))


def _is_user(record: Fields) -> bool:
    return has(record, *_USER_KEYS) > 4


_KINDS = Kinds(
    is_case=_is_ticket,
    is_message=_is_article,
    case_of=lambda article: text(article, "ticket_id"),
    wrappers=("ticket",),
    is_other=_is_user,
)


def _unfolded(record: Fields) -> Fields:
    """Return an answer with `assets` as lists of tickets, articles and users."""
    assets = inner(record, "assets")
    if not assets:
        return record
    listed = {name: list(inner(assets, kind).values()) for kind, name in _ASSETS}
    return {**{k: v for k, v in record.items() if k != "assets"}, **listed}


class _Unfolded(msgspec.Struct, frozen=True):
    records: Iterable[Record]

    def __iter__(self) -> Iterator[Record]:
        for record in self.records:
            yield msgspec.structs.replace(record, value=_unfolded(record.value))


def _fits(records: Values) -> str:
    why = "its articles have a 'sender_id' or 'sender', and say whether 'internal'"
    unfolded = list(map(_unfolded, records))
    articles = any(_KINDS.messages(r) or _hold_articles(_KINDS.cases(r) or ()) for r in unfolded)
    return _KINDS.fitting(unfolded, why) if articles else ""


def _hold_articles(tickets: Sequence[Fields]) -> bool:
    return any(map(_is_article, (a for ticket in tickets for a in _articles(ticket))))


def _articles(ticket: Fields) -> list[Fields]:
    return items(ticket, "articles", "article")


def _part(record: Record) -> Part | None:
    return _KINDS.part(msgspec.structs.replace(record, value=_unfolded(record.value)))


def _read(records: Iterable[Record]) -> Iterator[RawConversation | Refused]:
    unfolded = _Unfolded(records)
    people = {
        text(user, "id"): user
        for record in unfolded
        for user in (record.value, *items(record.value, "users"))
        if _is_user(user)
    }

    def read_one(row: int, ticket: Fields, more: list[Fields]) -> Case:
        return _case(row, ticket, more, people)

    return together(unfolded, _KINDS, read_one, "articles")


# --- a ticket ----------------------------------------------------------------------------------


def _case(row: int, ticket: Fields, more: list[Fields], people: dict[str, Fields]) -> Case:
    articles = unique([*_articles(ticket), *more])
    customer = people.get(text(ticket, "customer_id"), {})
    asked = [a for a in articles if _role(a) is Role.CUSTOMER]
    return Case(
        conversation=RawConversation(
            row=row,
            messages=in_order(_messages(articles, customer)),
            ticket_id=text(ticket, "number", "id"),
            subject=text(ticket, "title"),
            customer_id=text(ticket, "customer_id", "customer")
            or next((text(a, "created_by_id") for a in asked), ""),
            customer_name=_name(customer),
            created_at=text(ticket, "created_at"),
            closed_at=text(ticket, "close_at"),
            status=text(ticket, "state", "state.name"),
            updated_at=text(ticket, "updated_at"),
            first_touch_at=text(ticket, "first_response_at"),
            channel=_channel(articles),
            agent=_name(people.get(text(ticket, "owner_id"), {})),
        ),
        columns=own_fields(ticket) | tags(found(ticket, "tags")),
    )


def _messages(articles: Sequence[Fields], customer: Fields) -> Iterator[RawMessage]:
    people = Correspondents([text(customer, "email")])
    house = {one for a in articles if _role(a) is Role.CUSTOMER for one in addresses(text(a, "to"))}
    for article in sorted(articles, key=_moment):
        yield _message(article, people, house)


def _moment(article: Fields) -> str:
    return to_utc(text(article, "created_at"), DateOrder.ISO) or ""


def _message(article: Fields, people: Correspondents, house: set[str]) -> RawMessage:
    role = _role(article)
    public = (
        role is not None and _is_public(article, role) and _is_between(article, role, people, house)
    )
    return RawMessage(
        role=role or Role.SYSTEM,
        text=text(article, "body"),
        author=text(article, "from").partition(" <")[0].strip('" '),
        at=text(article, "created_at"),
        visibility=Visibility.PUBLIC if public else Visibility.PRIVATE,
    )


def _role(article: Fields) -> Role | None:
    """Return who wrote an article, None if nothing tells it."""
    return _SENDERS.get(text(article, "sender_id", "sender").lower())


def _is_public(article: Fields, role: Role) -> bool:
    called = role is Role.AGENT and text(article, "type_id", "type").lower() in _PHONE
    return told(article, "internal") is False and not called


def _is_between(article: Fields, role: Role, people: Correspondents, house: set[str]) -> bool:
    """Whether the customer wrote an article or was sent it, as far as addresses tell; those that
    customers write to are the help desk's own.
    """
    if role is Role.CUSTOMER:
        return people.is_from_customer(addresses(text(article, "from")))
    return people.is_to_customer(addresses(text(article, "to"), text(article, "cc")) - house)


def _channel(articles: list[Fields]) -> str:
    kind = next((text(a, "type", "type_id") for a in articles), "")
    return _CHANNELS.get(kind, "" if kind.isdigit() else kind)


def _name(person: Fields) -> str:
    parts = (text(person, "firstname"), text(person, "lastname"))
    return full_name(person) or " ".join(filter(None, parts))


ZAMMAD = Shape(
    name="Zammad tickets",
    documented="https://docs.zammad.org/en/latest/api/ticket/articles.html",
    fits=_fits,
    read=_read,
    part=_part,
)
