"""Looking into the records of an export, whose keys may be missing, null or cased in another way.

A field is named by a path of keys (`metric_set.solved_at`). `created_at`, `createdAt` and
`CreatedAt` are one key, and of several names the first that holds something is taken. Objects are
`dict` and lists are `list`, as they come of JSON.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache

from northloop.stages.data.clean import flag
from northloop.stages.data.sources.correspondents import addresses_in
from northloop.stages.data.sources.json_rows import Json, as_text

Fields = Mapping[str, Json]


def found(record: Json, *paths: str) -> Json:
    """Return what stands at the first of the paths that holds more than null, None for none."""
    return next(each(record, paths), None)


def each(record: Json, paths: Iterable[str]) -> Iterator[Json]:
    """Yield what stands at each of the paths that holds more than null."""
    if not isinstance(record, dict):
        return
    spellings: Mapping[str, str] = {}
    for path in paths:
        first, inner_keys = _keys(path)
        if first in record:
            value = record[first]
        else:
            spellings = spellings or _spellings(tuple(record))
            spelled = spellings.get(_plain(first))
            if spelled is None:
                continue
            value = record[spelled]
        for key in inner_keys:
            value = _at(value, key)
        if value is not None:
            yield value


def _at(value: Json, key: str) -> Json:
    if not isinstance(value, dict):
        return None
    spelled = key if key in value else _spellings(tuple(value)).get(_plain(key))
    held: Json = None if spelled is None else value[spelled]
    return held


def text(record: Json, *paths: str) -> str:
    """Return the first text, number or truth value at the paths, "" for none."""
    for value in each(record, paths):
        if not isinstance(value, dict | list) and (leaf := as_text(value).strip()):
            return leaf
    return ""


def inner(record: Json, *paths: str) -> Fields:
    """Return the object at the first of the paths that holds one, an empty one for none."""
    return next((value for value in each(record, paths) if isinstance(value, dict)), {})


def items(record: Json, *paths: str) -> list[Fields]:
    """Return the objects of the first list of objects at the paths, [] for none."""
    for value in each(record, paths):
        if isinstance(value, list):
            return [item for item in value if isinstance(item, dict)]
    return []


def told(record: Json, *paths: str) -> bool | None:
    """Return a yes or no however it is written, None where nothing is said."""
    return flag(text(record, *paths))


def has(record: Json, *keys: str) -> int:
    """Return how many of the keys a record has, null or not."""
    if not isinstance(record, dict):
        return 0
    spellings = _spellings(tuple(record))
    return sum(key in record or _plain(key) in spellings for key in keys)


def by_id(objects: Iterable[Fields], key: str = "id") -> dict[str, Fields]:
    """Return objects by the text of their id."""
    return {text(item, key): item for item in objects if text(item, key)}


def grouped(objects: Iterable[Fields], key: str) -> dict[str, list[Fields]]:
    """Return objects by the text of what they name at a key, "" for those that name nothing."""
    groups: dict[str, list[Fields]] = {}
    for item in objects:
        groups.setdefault(text(item, key), []).append(item)
    return groups


def full_name(person: Json) -> str:
    """Return a person's name, from its parts where it comes in parts, "" for none."""
    parts = (text(person, "first_name", "first"), text(person, "last_name", "last"))
    return text(person, "name", "display_name") or " ".join(filter(None, parts))


def one_of(value: Json) -> list[str]:
    """Return the texts of a list, those of its objects by their name: `["a", {"name": "b"}]`."""
    if not isinstance(value, list):
        return []
    texts = (text(v, "name", "tag") if isinstance(v, dict) else as_text(v) for v in value)
    return [t for t in texts if t]


def addresses(*values: Json) -> set[str]:
    """Return the e-mail addresses in texts and lists of texts, in lower case."""
    return {address for value in values for address in addresses_in(as_text(value))}


@lru_cache(maxsize=4096)
def _spellings(keys: tuple[str, ...]) -> dict[str, str]:
    return {_plain(key): key for key in reversed(keys)}


@lru_cache(maxsize=4096)
def _plain(key: str) -> str:
    return key.replace("_", "").replace("-", "").replace(" ", "").lower()


@lru_cache(maxsize=4096)
def _keys(path: str) -> tuple[str, tuple[str, ...]]:
    """Return the first key of a path, and the others."""
    first, *others = path.split(".")
    return first, tuple(others)
