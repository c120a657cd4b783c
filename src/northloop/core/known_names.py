"""The dotted names that nested structs know, and which of them was meant by one that none knows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache

import msgspec


def unknown_names(
    table: Mapping[str, object], struct: type, path: str = ""
) -> Iterator[tuple[str, object]]:
    """Yield the dotted names in nested tables that no field of nested structs has, each below
    `path` and with its value."""
    types = _types(struct)
    for name, value in table.items():
        if name not in types:
            yield f"{path}{name}", value
        elif (section := _section(types[name])) is not None:
            for inner in value if isinstance(value, list) else [value]:
                if isinstance(inner, dict):
                    yield from unknown_names(inner, section, f"{path}{name}.")


@lru_cache
def _types(struct: type) -> Mapping[str, object]:
    return {field.encode_name: field.type for field in msgspec.structs.fields(struct)}


def nearest_name(said: str, struct: type, *, is_section: bool) -> tuple[str, bool]:
    """Return the known field whose dotted name is most like what was said, and whether it is near;
    a section where that is one.

    One in a wrong section, or without one, is found by its own name.
    """
    known = dict(_known(struct, ""))
    names = [name for name, holds in known.items() if holds or not is_section]
    text = said.lower()
    own = [name for name in names if name.rpartition(".")[2] == text.rpartition(".")[2]]
    slips, near = len(text) + max(map(len, names)), ""
    for fewest, name in sorted((_fewest(text, name), name) for name in own or names):
        if fewest > slips:
            break
        slips, near = min((slips, near), (_slips(text, name), name))
    return near, bool(own) or slips <= len(text) / 3


def _fewest(one: str, other: str) -> int:
    """Return how many slips there are at least, by the letters that only one of both has."""
    shared = sum(min(one.count(letter), other.count(letter)) for letter in set(one))
    return max(len(one), len(other)) - shared


def _slips(one: str, other: str) -> int:
    """Return how many letters were left out, put in, changed or swapped with the next one.

    (Optimal string alignment. difflib, which knows no swapping, reads "prot" as "prompt".)
    """
    rows: list[list[int]] = [[*range(len(other) + 1)]]
    for i, a in enumerate(one, 1):
        row = [i]
        for j, b in enumerate(other, 1):
            least = min(rows[-1][j] + 1, row[-1] + 1, rows[-1][j - 1] + (a != b))
            if i > 1 and j > 1 and (a, b) == (other[j - 2], one[i - 2]):
                least = min(least, rows[-2][j - 2] + 1)
            row.append(least)
        rows.append(row)
    return rows[-1][-1]


def _known(struct: type, path: str) -> Iterator[tuple[str, bool]]:
    """Yield every field's dotted name, and whether fields stand below it."""
    for own, type_ in _types(struct).items():
        name = f"{path}{own}"
        section = _section(type_)
        yield name, section is not None
        if section is not None:
            yield from _known(section, f"{name}.")


def _section(type_: object) -> type | None:
    """The struct behind a field's type: itself, or what an optional or a tuple holds."""
    if isinstance(type_, type) and issubclass(type_, msgspec.Struct):
        return type_
    options = [t for t in getattr(type_, "__args__", ()) if isinstance(t, type)]
    structs = [t for t in options if issubclass(t, msgspec.Struct)]
    return structs[0] if structs else None
