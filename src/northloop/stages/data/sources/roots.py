"""Which objects of a JSON file that is one object are its rows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from northloop.core.conversation import Role
from northloop.stages.data.sources import json_rows, mapping
from northloop.stages.data.sources.answering import is_agent, is_nobody, who_answers
from northloop.stages.data.sources.divided import undivided
from northloop.stages.data.sources.headers import names_a_case
from northloop.stages.data.sources.joining import Table, joined, rows
from northloop.stages.data.sources.json_rows import Item, Json
from northloop.stages.data.sources.keys import values_of
from northloop.stages.data.sources.legends import legends_in, spelled
from northloop.stages.data.sources.messages import Speakers, fields_of, in_columns, in_order
from northloop.stages.data.sources.paths import CROSSING, columns, items_of, lists
from northloop.stages.data.sources.readers import RECIPIENTS
from northloop.stages.data.sources.roles import words_of

Objects = Sequence[Mapping[str, Json]]

MAX_DEPTH = 3
SAMPLE = 50
JOINED_SAMPLE = 200
FEWEST_KEYED = 2
"""An object of at least so many objects with the same fields is a list of them by key."""
MOST_SAME = 0.5
_FROM = ("from", "sender", "from number", "from address", "from email")
_MOST_OF_ONE_TALK = 2
"""In one conversation so many are written to who write: the customer and the house."""
MOST_OF_ONE = 0.8
"""Of files that are a conversation each, one customer writes in so many."""


def record_items(whole: Mapping[str, Json]) -> list[Item]:
    """Return the rows that an object holds: the list of objects in it with the conversations, else
    its lists brought together where they name one another by ids, else that with questions and
    replies, else the first; itself where it is one conversation. What a legend beside them says of
    their codes stands in their place.
    """
    legends = legends_in(_beside(whole))
    rest = {key: value for key, value in whole.items() if not legends_in([(key, value)])}
    spelled_ = spelled(rest, legends) if legends else whole
    return _record_items(spelled_ if isinstance(spelled_, Mapping) else whole)


def _beside(value: Mapping[str, Json], depth: int = 0) -> Iterator[tuple[str, Json]]:
    for key, inner in value.items():
        yield key, inner
        if isinstance(inner, Mapping) and depth < MAX_DEPTH:
            yield from _beside(inner, depth + 1)


def _record_items(whole: Mapping[str, Json]) -> list[Item]:
    listed = list(_candidates(whole))
    found = [objects for _, objects in listed]
    if not found:
        return [Item(whole, "", json_rows.as_text(whole))]
    ranked = [(-_worth(objects), place) for place, objects in enumerate(found)]
    worth, place = min(ranked)
    if -worth < _TALKS and (join := joined(undivided([_table(*one) for one in listed]))):
        return [Item(row, "", "") for row in rows(join)]
    is_own = any(found[place] == items_of(own) for own in whole.values())
    if -worth == _MESSAGES and is_own and not _are_of_several(found[place]):
        return [Item(whole, "", json_rows.as_text(whole))]
    return [Item(value, "", json_rows.as_text(value)) for value in found[place]]


_TALKS, _MESSAGES, _PAIRS, _QUESTIONS, _OTHER = 5, 4, 3, 2, 1


def list_of_one(whole: Mapping[str, Json]) -> str:
    """Return the path to the messages of the one conversation that an object is; "" for none."""
    for path, items in lists(whole):
        found = fields_of(items[:SAMPLE]) if CROSSING not in path else None
        told = found and (found.keys.role or found.keys.author)
        if told and not _are_of_several(items):
            return path
    return ""


def are_talks(listed: Sequence[Objects], *, are_told: bool) -> bool:
    """Whether lists, each of a file of its own, are conversations: the same few people answer one
    customer in each; or, where objects that hold a list each tell that they are (`are_told`), a
    field says which side wrote their messages.
    """
    found = fields_of([item for items in listed for item in items[:SAMPLE]])
    is_several = any(_are_of_several(items) or _hold_messages(items) for items in listed)
    if found is None or is_several:
        return False
    if found.keys.role and are_told:
        return True
    speakers = Speakers(keys=found.keys, sides=found.sides)
    said = [in_order(items, speakers) for items in listed]
    if found.keys.role:
        customers = [{m.author for m in talk if m.role is Role.CUSTOMER} for talk in said]
    else:
        named = [{m.author for m in talk if not is_nobody(m.author)} for talk in said]
        agents, _ = who_answers([m.author for m in talk] for talk in said)
        customers = [{name for name in names if not is_agent(name, agents)} for names in named]
        if not agents:
            return False
    alone = sum(len(names) == 1 and names != {""} for names in customers)
    return alone >= MOST_OF_ONE * len(listed)


def _worth(objects: Objects) -> int:
    """Return how likely objects are the rows."""
    sample = objects[:SAMPLE]
    if _hold_messages(sample):
        return _TALKS
    if _are_messages(sample):
        return _MESSAGES
    values: dict[str, list[str]] = {}
    for value in sample:
        for name, text in columns(value):
            values.setdefault(name, []).append(text)
    guessed = mapping.from_columns(values)
    if "question" in guessed:
        return _PAIRS if "reply" in guessed else _QUESTIONS
    return _OTHER


def _hold_messages(objects: Objects) -> bool:
    listed = [items for value in objects for _, items in lists(value)]
    return any(_are_messages(items) or in_columns(items[:SAMPLE]) for items in listed)


def _are_messages(items: Objects) -> bool:
    found = fields_of(items[:SAMPLE])
    return bool(found and found.keys.role)


def _are_of_several(messages: Objects) -> bool:
    """Whether messages name more than one conversation that they are of."""
    seen: dict[str, set[str]] = {}
    for message in messages:
        for name, text in columns(message):
            if text and (names_a_case(name) or mapping.named_as("conversation_id", [name])):
                seen.setdefault(name, set()).add(text)
    return any(len(values) > 1 for values in seen.values()) or _are_sent_to_several(messages)


def _are_sent_to_several(messages: Objects) -> bool:
    """Whether messages went to more than one of those who wrote some, beside the house: a log."""
    values = values_of(messages)
    wrote = {v for name in values if words_of(name) in _FROM for v in values[name]} - {""}
    to = (values[name] for name in values if words_of(name) in RECIPIENTS)
    return any(len(wrote & {*read}) > _MOST_OF_ONE_TALK for read in to)


def _candidates(
    value: Mapping[str, Json], depth: int = 0, name: str = ""
) -> Iterator[tuple[str, Objects]]:
    """Yield by name the lists of objects in an object, and those in objects in it."""
    if _is_keyed(value):
        yield name, [inner for inner in value.values() if isinstance(inner, Mapping)]
        return
    for key, inner in value.items():
        if isinstance(inner, Mapping) and depth < MAX_DEPTH:
            yield from _candidates(inner, depth + 1, key)
        elif isinstance(inner, Sequence) and (items := items_of(inner)):
            yield key, items


def _table(name: str, objects: Objects) -> Table:
    return Table(name, objects[:JOINED_SAMPLE], lambda: iter(objects))


def _is_keyed(value: Mapping[str, Json]) -> bool:
    inner = [v for v in value.values() if isinstance(v, Mapping)]
    if len(inner) < FEWEST_KEYED or len(inner) < len(value):
        return False
    common = set.intersection(*(set(v) for v in inner[:SAMPLE]))
    return bool(common) and len(common) >= MOST_SAME * max(len(v) for v in inner[:SAMPLE])
