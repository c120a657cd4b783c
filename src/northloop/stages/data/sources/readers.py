"""Whom messages were sent to, where they name them: the customer, others, or the house alone."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence, Set

import msgspec

from northloop.core.conversation import RawMessage, Role, Visibility
from northloop.stages.data.sources.correspondents import Correspondents, addresses_in
from northloop.stages.data.sources.json_rows import Json, as_text
from northloop.stages.data.sources.keys import Keys, Message
from northloop.stages.data.sources.paths import at_steps
from northloop.stages.data.sources.roles import words_of
from northloop.stages.data.sources.sides import is_customers
from northloop.stages.data.wording import words

RECIPIENTS = frozenset(words_of(name) for name in (
    "to", "cc", "bcc", "recipient", "recipients", "to recipients", "cc recipients",
    "to email", "to emails", "to address",
    "to addresses", "email to", "cc emails", "sent to", "an", "empfänger", "destinataire",
    "destinataires", "à", "destinatario", "destinatarios", "destinatari", "para", "destinatário",
    "emailed to", "mailed to", "delivered to",
    "aan", "ontvanger", "odbiorca", "do", "mottagare", "till", "宛先", "收件人",
))  # fmt: skip
_WRITING = words("from sender author writer absender von expéditeur de remitente mittente da "
                 "remetente afzender van nadawca od avsändare från 差出人 发件人")  # fmt: skip
_READERS = frozenset(words_of(name) for name in (
    "audience", "readers", "viewers", "reader", "viewer", "addressed to", "addressee", "addressees",
    "shared with", "visible to", "delivered to", "notified", "publikum", "leser", "destinés à",
    "lecteurs", "lectores", "audiencia", "lettori", "participants", "members",
))  # fmt: skip
_NAMES = ("name", "email", "address", "email address", "full name", "display name", "username")
_BETWEEN = re.compile("[,;]")
LEAST_REACHED = 0.5
"""Of what agents sent, so much goes to customers where addresses tell who read."""
LEAST_NAMED = 0.6
"""Of what agents wrote for others than the house, so much names a customer where names tell it."""


def sent_to(items: Sequence[Message], keys: Keys) -> tuple[str, ...]:
    """Return the fields with the addresses that messages were sent to, () where they do not tell
    who read: where most of what agents sent does not go to addresses that customers wrote from.
    """
    named = dict.fromkeys(n for i in items for n in i if words_of(n) in RECIPIENTS)
    paths = tuple(n for n in named if any("@" in as_text(i.get(n)) for i in items))
    if not paths:
        return ()
    asked = [i for i in items if not keys.role or is_customers(i, keys)]
    customers = set[str]().union(*(_writers(i, keys) for i in asked))
    answers = [i for i in items if not (keys.role and is_customers(i, keys))]
    read = [readers for i in answers if (readers := _at_paths(i, paths))]
    reached = sum(not readers.isdisjoint(customers) for readers in read)
    return paths if reached > len(read) * LEAST_REACHED else ()


def _writers(item: Message, keys: Keys) -> set[str]:
    """Return the addresses that a message is signed with."""
    return _at_paths(item, [p for p in keys.who if not _WRITING.isdisjoint(words_of(p).split())])


def _at_paths(item: Message, paths: Iterable[str]) -> set[str]:
    return {one for path in paths for one in addresses_in(as_text(at_steps(item, path)))}


def as_sent(message: RawMessage, item: Message, keys: Keys, people: Correspondents) -> RawMessage:
    """Return a message, private if it was sent to others than the customer, or came from them."""
    if message.visibility is not Visibility.PUBLIC:
        return message
    public = (
        people.is_from_customer(_writers(item, keys))
        if message.role is Role.CUSTOMER
        else people.is_to_customer(_at_paths(item, keys.to))
    )
    return message if public else _as_private(message)


def with_readers(keys: Keys, asked: Sequence[Message], others: Sequence[Message]) -> Keys:
    """Return fields with those that name who is to read a message, and who of those are the house:
    who writes what no customer wrote, and to whom customers write. None where most of what the
    house wrote is for the house alone: then they tell something else.
    """
    named = dict.fromkeys(n for i in others for n in i if words_of(n) in RECIPIENTS | _READERS)
    paths = tuple(named)
    if not (asked and paths):
        return keys
    customers = {who for item in asked for who in _signed(item, keys)}
    house = {who for item in others for who in _signed(item, keys)}
    house |= {who for item in asked for who in _readers(item, paths)}
    domains = {f"@{who.rpartition('@')[2]}" for who in house if "@" in who}
    outside = {who for item in others for who in _readers(item, paths)} - house
    domains -= {f"@{who.rpartition('@')[2]}" for who in customers if "@" in who}
    house = (house | domains) - customers
    read = [readers for item in others if (readers := _readers(item, paths))]
    reached = [readers for readers in read if not _is_house(readers, house)]
    if not outside or len(reached) < LEAST_REACHED * len(read):
        return keys
    naming = sum(not readers.isdisjoint(customers) for readers in reached)
    return msgspec.structs.replace(
        keys,
        readers=paths,
        house=frozenset(house),
        names_customers=naming > LEAST_NAMED * len(reached),
    )


def is_read_by_house(item: Message, keys: Keys) -> bool:
    """Whether all whom a message names as its readers are the house."""
    readers = _readers(item, keys.readers) if keys.any_private else set()
    return bool(readers) and _is_house(readers, keys.house)


def without_asides(
    said: Sequence[tuple[RawMessage, Message]], keys: Keys
) -> list[tuple[RawMessage, Message]]:
    """Return the messages of a conversation, those private that name as their readers others than
    its customers, where messages name these.
    """
    asked = {who for m, item in said if m.role is Role.CUSTOMER for who in _signed(item, keys)}
    if not (keys.names_customers and asked):
        return list(said)
    return [
        (_as_private(message), item)
        if message.role is not Role.CUSTOMER
        and (readers := _readers(item, keys.readers))
        and readers.isdisjoint(asked)
        else (message, item)
        for message, item in said
    ]


def _as_private(message: RawMessage) -> RawMessage:
    return msgspec.structs.replace(message, visibility=Visibility.PRIVATE)


def _is_house(readers: set[str], house: Set[str]) -> bool:
    return all(who in house or f"@{who.rpartition('@')[2]}" in house for who in readers)


def _signed(item: Message, keys: Keys) -> set[str]:
    """Return who wrote a message, as names and addresses."""
    paths = [p for p in dict.fromkeys((keys.author, *keys.who)) if p and p != keys.role]
    return {who for path in paths if words_of(path) not in RECIPIENTS
            for who in _people(at_steps(item, path))}  # fmt: skip


def _readers(item: Message, paths: Iterable[str]) -> set[str]:
    return {who for path in paths for who in _people(at_steps(item, path))}


def _people(value: Json) -> set[str]:
    """Return whom a field names, in lower case: addresses where it has some, else names."""
    several = value if isinstance(value, list) else [value]
    found = set[str]()
    for one in several:
        named = (
            [v for k, v in one.items() if words_of(k) in _NAMES] if isinstance(one, Mapping) else []
        )
        for text in map(as_text, named or ([] if isinstance(one, Mapping) else [one])):
            found |= addresses_in(text) or {n.strip().lower() for n in _BETWEEN.split(text)}
    return found - {""}
