"""Typed JSON inside artefacts: one object a file, or one a line.

What an earlier version wrote is brought to the present form on reading (`core.formats`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TypeVar

import msgspec

from northloop.core import formats
from northloop.core.decoding import converted, decoder
from northloop.core.errors import CorruptArtefact
from northloop.core.ids import Hash, canonical, short
from northloop.ports.stores import Artefacts

T = TypeVar("T")


def lines(rows: Iterable[object]) -> bytes:
    """Return canonical JSON lines."""
    return b"".join(canonical(row) + b"\n" for row in rows)


def read_one(artefacts: Artefacts, hash_: Hash, name: str, type_: type[T]) -> T:
    """Return the object in one JSON file of an artefact.

    NotFound, CorruptArtefact; ConfigurationError if a newer version made it.
    """
    return _read(artefacts, hash_, name, type_, lambda path, decode: decode(path.read_bytes()))


def read_lines(artefacts: Artefacts, hash_: Hash, name: str, type_: type[T]) -> list[T]:
    """Return the objects of a JSON-lines file of an artefact.

    A type with fewer fields than were written reads as many. NotFound, CorruptArtefact;
    ConfigurationError if a newer version made it.
    """
    return fold_lines(artefacts, hash_, name, type_, list)


R = TypeVar("R")


def fold_lines(
    artefacts: Artefacts, hash_: Hash, name: str, type_: type[T], of: Callable[[Iterator[T]], R]
) -> R:
    """Return what `of` makes of these objects, which are read one after another."""

    def each(path: Path, decode: Callable[[bytes], T]) -> R:
        with path.open("rb") as file:
            return of(map(decode, file))

    return _read(artefacts, hash_, name, type_, each)


def _read(
    artefacts: Artefacts,
    hash_: Hash,
    name: str,
    type_: type[T],
    read: Callable[[Path, Callable[[bytes], T]], R],
) -> R:
    path = artefacts.path(hash_, name)
    upgrade = formats.upgrade(artefacts.get(hash_).manifest, name)
    try:
        return read(path, _decoding(type_, upgrade))
    except (msgspec.MsgspecError, KeyError, TypeError) as error:
        raise CorruptArtefact(
            f"not what its kind promises: {error}",
            where=f"{short(hash_)}/{name}",
            action="it was written by another version of northloop; make it again",
        ) from error


def _decoding(
    type_: type[T], upgrade: Callable[[formats.Plain], formats.Plain] | None
) -> Callable[[bytes], T]:
    if upgrade is None:
        return decoder(type_).decode
    plain = decoder(dict)
    return lambda body: converted(upgrade(plain.decode(body)), type_)
