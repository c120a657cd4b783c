"""What the shapes of help desks have in common: messages in their order, and fields of one's own.

A help desk exports fields that its users made: what such a field means is judged over the whole
file, by the rules that hold for the columns of a table. So are tags: they are noted for many
purposes, and sort the cases only where hardly a case has none.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import chain, islice

import msgspec

from northloop.core.conversation import RawConversation, RawMessage, Visibility
from northloop.stages.data.dates import DateOrder, to_utc
from northloop.stages.data.languages import is_called_a_language
from northloop.stages.data.sources import mapping
from northloop.stages.data.sources.json_rows import Json, as_text
from northloop.stages.data.sources.paths import lists
from northloop.stages.data.sources.shapes.fields import (
    Fields,
    found,
    grouped,
    has,
    inner,
    items,
    one_of,
    text,
)
from northloop.stages.data.sources.shapes.shape import Record, Refused, Values

SAMPLE_CASES = 200
"""So many cases tell what a field of one's own, and a tag, stands for."""
MOST_RECORDS = 0.5
"""Of a file's first records, so many have the shape that the file is taken for; of the others
nothing is learnt. Were such a file read as any other, its private notes would be learnt."""
_TOLD = ("intent", "csat", "reopened", "first_touch_at", "csat_asked")
_OWN = (*_TOLD, *mapping.UNITS)
_MARKUP = re.compile(r"<[^<>]*>|&#?\w+;|[\W_]")
_OWN_PREFIX, _OWN_SUFFIX = re.compile(r"^cf[_ ]"), re.compile(r"__c$|_\d{4,}$")
"""How Freshdesk and Salesforce mark fields that their users made."""


class Case(msgspec.Struct, frozen=True, kw_only=True):
    """A conversation with the fields that its help desk's users made."""

    conversation: RawConversation
    columns: Mapping[str, str] = {}
    """Name of the field → its value; it counts where the vendor's own field says nothing."""


class Beside(msgspec.Struct, frozen=True):
    """What stands beside the cases of a page, in lists of its own."""

    groups: Mapping[str, Mapping[str, list[Fields]]]
    """Name of the list → id of a case → what names it."""
    is_of_one: bool
    """The page holds but one case: what names none is of that."""

    def of(self, key: str, case_id: str) -> list[Fields]:
        """Return what a list has of a case."""
        groups = self.groups.get(key, {})
        return groups.get(case_id) or (groups.get("", []) if self.is_of_one else [])


def beside(page: Fields, keys: Sequence[str], cases: Sequence[Fields]) -> Beside:
    """Return what a page's lists have of its cases, which they name by `ticket_id`."""
    groups = {key: grouped(items(page, key), "ticket_id") for key in keys if has(page, key)}
    return Beside(groups, len(cases) == 1)


def held(record: Fields, known: Callable[[Fields], bool]) -> tuple[Fields, list[Fields]]:
    """Return the first list of cases in a record, wherever it stands, with the page it is on."""
    for path, listed in lists(record):
        if found_cases := [item for item in listed if known(item)]:
            above = path.rpartition(".")[0]
            return (inner(record, above) if above else record), found_cases
    return {}, []


def cases(
    records: Iterable[Record],
    inside: Callable[[Fields], Sequence[Fields] | None],
    read: Callable[[int, Fields], Case | Refused],
) -> Iterator[RawConversation | Refused]:
    """Yield the conversations of an export, one after another.

    `inside` returns the cases that a record holds (itself, a page of them), None where it is
    something else; `read` makes a conversation of one and its number in the file.
    """
    return with_own_fields(_read(records, inside, read))


def with_own_fields(
    read: Iterator[Case | Refused],
) -> Iterator[RawConversation | Refused]:
    """Yield conversations with what the fields of the users' own tell of them."""
    first = list(islice(read, SAMPLE_CASES))
    columns: dict[str, list[str]] = {}
    sampled = [case for case in first if isinstance(case, Case)]
    for name in dict.fromkeys(name for case in sampled for name in case.columns):
        columns[name] = [case.columns.get(name, "") for case in sampled]
    filled = {name: values for name, values in columns.items() if any(values)}
    means = {f: c for f, c in mapping.from_columns(filled).items() if f in _OWN}
    for case in chain(first, read):
        yield _completed(case, means) if isinstance(case, Case) else case


def own_fields(fields: Json) -> dict[str, str]:
    """Return fields that users made as columns: of an object, or a list of names with values."""
    if isinstance(fields, Mapping):
        named = list(fields.items())
    else:
        listed = fields if isinstance(fields, Sequence) and not isinstance(fields, str) else ()
        named = [(as_text(found(f, "title", "name")), found(f, "text", "value")) for f in listed]
    return {_own_name(name): _own_value(value) for name, value in named if name}


def tags(value: Json) -> dict[str, str]:
    """Return a case's tags as a column: one tag is told, of several none is. Which language a case
    is in is no tag."""
    told = [value] if isinstance(value, str) and value.strip() else one_of(value)
    told = [tag for tag in map(as_text, told) if not is_called_a_language(tag)]
    return {"tags": told[0] if len(told) == 1 else ""}


def in_order(messages: Iterable[RawMessage]) -> tuple[RawMessage, ...]:
    """Return messages oldest first: by their times where all have one, else as they stand."""
    listed = list(messages)
    times = [to_utc(message.at, DateOrder.ISO) or "" for message in listed]
    if not all(times):
        return tuple(listed)
    numbered = list(zip(times, listed, strict=True))
    if times and times[0] > times[-1]:
        numbered.reverse()
    return tuple(message for _, message in sorted(numbered, key=lambda pair: pair[0]))


def unique(messages: Iterable[Fields]) -> list[Fields]:
    """Return messages once each, by their id, those without one as they stand."""
    seen: dict[str, Fields] = {}
    for position, message in enumerate(messages):
        seen.setdefault(text(message, "id") or f"#{position}", message)
    return list(seen.values())


def same_words(one: str, other: str) -> bool:
    """Whether two texts, with or without markup, say the same or one holds the other."""
    first, second = (_MARKUP.sub("", t).casefold() for t in (one, other))
    return bool(first and second) and (first in second or second in first)


def fitting(records: Values, listed: Callable[[Fields], Sequence[Fields] | None], why: str) -> str:
    """Return `why` if the first records of a file are of a shape, but for a few, and hold any.

    `listed` returns what a record holds of it, None if it is no such record.
    """
    known = are_mostly(records, lambda record: listed(record) is not None)
    return why if known and any(map(listed, records)) else ""


def are_mostly(records: Values, known: Callable[[Fields], bool]) -> bool:
    """Whether the first records of a file are of a kind, but for a few."""
    most_others = len(records) - MOST_RECORDS * len(records)
    others = 0
    for record in records:
        others += not known(record)
        if others > most_others:
            return False
    return bool(records)


def _read(
    records: Iterable[Record],
    inside: Callable[[Fields], Sequence[Fields] | None],
    read: Callable[[int, Fields], Case | Refused],
) -> Iterator[Case | Refused]:
    number = 0
    for record in records:
        held = inside(record.value)
        if held is None:
            number = max(number + 1, record.row)
            yield Refused(number, "it holds no conversation", sorted(record.value))
        for case in held or ():
            number = max(number + 1, record.row)
            yield read(number, case)


def _completed(case: Case, means: Mapping[str, str]) -> RawConversation:
    told = {field: case.columns.get(column, "") for field, column in means.items()}
    noted = {f: told.get(f, "") for f in _TOLD} | mapping.spans(told)
    missing = {f: v for f, v in noted.items() if v and not getattr(case.conversation, f)}
    if _is_internal(case.conversation):
        missing["subject"] = ""
    return msgspec.structs.replace(case.conversation, **missing)


def _is_internal(conversation: RawConversation) -> bool:
    """Whether all that was written is private: then its subject is too."""
    shown = (m.visibility is Visibility.PUBLIC for m in conversation.messages)
    return bool(conversation.messages) and not any(shown)


def _own_name(name: str) -> str:
    return _OWN_SUFFIX.sub("", _OWN_PREFIX.sub("", name))


def _own_value(value: Json) -> str:
    return "" if isinstance(value, Mapping | list) else as_text(value).strip()
