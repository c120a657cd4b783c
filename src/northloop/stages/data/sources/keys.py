"""The fields of a message: where its text, its author and its time lie."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec

from northloop.stages.data.sources.json_rows import Json
from northloop.stages.data.sources.paths import columns

Message = Mapping[str, Json]


class Keys(msgspec.Struct, frozen=True, kw_only=True):
    """The fields of a message: paths into it."""

    text: str
    role: str = ""
    author: str = ""
    at: str = ""
    private: str = ""
    sequence: str = ""
    """Numbers messages where no time does."""
    answering: str = ""
    """What a customer is called elsewhere, and here the agent: a user who is no contact."""
    who: tuple[str, ...] = ()
    """All that name somebody: what agents are told by."""
    shown: Mapping[str, frozenset[str]] = {}
    """Fields that say by codes who may read a message → those that customers' messages have."""
    apart: Mapping[str, frozenset[str]] = {}
    """Fields of many values → those that messages among agents have."""
    of_case: frozenset[str] = frozenset()
    """Fields that call something private in customers' messages as well: the case, not a note."""
    to: tuple[str, ...] = ()
    """Where messages name by address whom they were sent to."""
    any_private: bool = True
    """Whether whatever says so makes a message a note. Where the user said that nothing does, only
    a flag of that very name still does."""


def values_of(items: Sequence[Message]) -> dict[str, list[str]]:
    """Return what stands in messages, by path."""
    values: dict[str, list[str]] = {}
    for item in items:
        for name, text in columns(item):
            values.setdefault(name, []).append(text)
    return values
