"""Typed JSON inside artefacts: one object a file, or one a line."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeVar

import msgspec

from northloop.core.errors import CorruptArtefact
from northloop.core.ids import Hash, canonical, short
from northloop.ports.stores import Artefacts

T = TypeVar("T")


def lines(rows: Iterable[object]) -> bytes:
    """Return canonical JSON lines."""
    return b"".join(canonical(row) + b"\n" for row in rows)


def read_one(artefacts: Artefacts, hash_: Hash, name: str, type_: type[T]) -> T:
    """Return the object in one JSON file of an artefact; NotFound, CorruptArtefact."""
    path = artefacts.path(hash_, name)
    try:
        return msgspec.json.decode(path.read_bytes(), type=type_)
    except msgspec.MsgspecError as error:
        raise _not_of_this_kind(hash_, name, error) from error


def read_lines(artefacts: Artefacts, hash_: Hash, name: str, type_: type[T]) -> list[T]:
    """Return the objects of a JSON-lines file of an artefact; NotFound, CorruptArtefact."""
    path = artefacts.path(hash_, name)
    decoder = msgspec.json.Decoder(type_)
    try:
        return [decoder.decode(line) for line in path.read_bytes().splitlines()]
    except msgspec.MsgspecError as error:
        raise _not_of_this_kind(hash_, name, error) from error


def _not_of_this_kind(hash_: Hash, name: str, error: Exception) -> CorruptArtefact:
    return CorruptArtefact(
        f"not what its kind promises: {error}",
        where=f"{short(hash_)}/{name}",
        action="it was written by another version of northloop; make it again",
    )
