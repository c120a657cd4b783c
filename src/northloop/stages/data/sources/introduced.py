"""Who is who in a record that names its people once, and in its messages by their ids alone.

`{"participants": [{"id": 7, "purpose": "customer"}], "messages": [{"participantId": 7, …}]}`: each
message is given what is said of whom it names. What this module does not know is which list is
read.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from northloop.core.conversation import Role
from northloop.stages.data.sources.headers import IDS
from northloop.stages.data.sources.json_rows import Json, as_text
from northloop.stages.data.sources.paths import items_of
from northloop.stages.data.sources.roles import role_of, words_of
from northloop.stages.data.sources.sides import names_somebody
from northloop.stages.data.wording import words

LEAST_NAMED = 0.5
"""Of the messages that name somebody, so many name one of those who are introduced."""
_SIDES = words("role type purpose kind side")
_TOLD = _SIDES | words("name email address")
"""What is told of somebody: no more than who and what they are."""
_BOTH = (Role.CUSTOMER, Role.AGENT)

Fields = Mapping[str, Json]


def introduced(record: Fields) -> Fields:
    """Return a record, the items of its lists with what another of its lists says of whom they name
    by an id, as `participant purpose`; as it is where none does.
    """
    held = {name: items for name, value in record.items() if (items := items_of(value))}
    found = dict(record)
    for people, known in ((n, known) for n in held for known in _known(held[n])):
        for name in (n for n in held if n != people):
            items = items_of(found[name])
            if key := _naming(items, known):
                met = [known.get(_id(item, key), {}) for item in items]
                found[name] = [
                    {**{f"{people.removesuffix('s')} {k}": v for k, v in told.items()}, **item}
                    for item, told in zip(items, met, strict=True)
                ]
    return found


def _known(people: Sequence[Fields]) -> Iterator[dict[str, Fields]]:
    """Yield by each of their ids what a list tells of people, where it tells customers from
    agents.
    """
    told = [{k: v for k, v in one.items() if _is_told(k, v)} for one in people]
    sides = {role_of(as_text(v)) for one in told for k, v in one.items() if _last(k) in _SIDES}
    if not sides.issuperset(_BOTH):
        return
    for key in people[0]:
        ids = [_id(one, key) for one in people]
        if _last(key) in IDS and all(ids) and len({*ids}) == len(ids):
            yield dict(zip(ids, told, strict=True))


def _naming(items: Sequence[Fields], known: Mapping[str, Fields]) -> str:
    """Return the field by which items name those who are known, "" for none."""
    for key in dict.fromkeys(key for item in items for key in item if names_somebody(key)):
        named = [named for item in items if (named := _id(item, key))]
        if named and sum(one in known for one in named) >= LEAST_NAMED * len(named):
            return key
    return ""


def _is_told(key: str, value: Json) -> bool:
    return _last(key) in _TOLD and isinstance(value, str)


def _last(key: str) -> str:
    return words_of(key).rpartition(" ")[2]


def _id(item: Fields, key: str) -> str:
    value = item.get(key)
    return as_text(value) if isinstance(value, str | int) else ""
