"""The fields of a message: where its text, its author and its time lie."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec

from northloop.stages.data.sources.json_rows import Json, as_text
from northloop.stages.data.sources.paths import at_steps, columns

Message = Mapping[str, Json]
ANY = "*"
"""Stands for whatever a field says."""


class Keys(msgspec.Struct, frozen=True, kw_only=True):
    """The fields of a message: paths into it."""

    text: str
    role: str = ""
    author: str = ""
    at: str = ""
    clock: str = ""
    """Where the hour stands, if `at` holds the day alone."""
    private: str = ""
    note: str = ""
    """What `private` says of notes, where the user says that."""
    sequence: str = ""
    """Numbers messages where no time does."""
    answering: str = ""
    """What a customer is called elsewhere, and here the agent: a user who is no contact."""
    who: tuple[str, ...] = ()
    """All that name somebody: what agents are told by."""
    shown: Mapping[str, frozenset[str]] = {}
    """Fields that say by codes who may read a message → those that customers' messages have."""
    apart: Mapping[str, frozenset[str]] = {}
    """Fields → values, also in lists, that messages among agents alone have."""
    guessed: Mapping[str, frozenset[str]] = {}
    """Fields → values that may mark notes though nothing calls them so: "" for nothing said, ANY
    for anything; of the text how it begins."""
    kinds: Mapping[str, frozenset[str]] = {}
    """Fields of kinds of messages → those that the sample has: of another one is no answer that is
    not called so."""
    of_case: Mapping[str, frozenset[str]] = {}
    """Fields that call something private in customers' messages as well, the case and not a note →
    those of their values that do so in others' messages only."""
    of_asked: frozenset[str] = frozenset()
    """Fields that call nearly all customers' messages private: they tell nothing of theirs."""
    to: tuple[str, ...] = ()
    """Where messages name by address whom they were sent to."""
    readers: tuple[str, ...] = ()
    """Where they name those who are to read them, where that tells messages among agents."""
    house: frozenset[str] = frozenset()
    """Who of these, by name, address or `@shop.example`, are the house."""
    names_customers: bool = False
    """Whether nearly all that the house wrote names the customer among its readers."""
    any_private: bool = True
    """Whether whatever says so makes a message a note. Where the user said that nothing does, only
    a flag of that very name still does, and what a text calls itself."""


def time_of(item: Message, keys: Keys) -> str:
    """Return when a message was written, as it says it; "" for nowhere."""
    told = (as_text(at_steps(item, path)).strip() for path in (keys.at, keys.clock) if path)
    return " ".join(filter(None, told))


def values_of(items: Sequence[Message]) -> dict[str, list[str]]:
    """Return what stands in messages, by path."""
    values: dict[str, list[str]] = {}
    for item in items:
        for name, text in columns(item):
            values.setdefault(name, []).append(text)
    return values
