"""Typed JSON and MessagePack, read by several threads.

What msgspec finds out about a type when it first meets it, it may find out in one thread at a time
only: two that meet a struct together end the process (seen with msgspec 0.22, segmentation fault).
So decoders are made one after another, once for each type.
"""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any, TypeVar

import msgspec

T = TypeVar("T")

_meeting = threading.Lock()
_known: dict[object, msgspec.json.Decoder[Any]] = {}
_unpacking: dict[object, msgspec.msgpack.Decoder[Any]] = {}


def content_of(file: Path | bytes) -> bytes:
    """Return what a file of an artefact holds: on disk, or in memory before it is kept; OSError."""
    return file if isinstance(file, bytes) else file.read_bytes()


def decoder(type_: type[T]) -> msgspec.json.Decoder[T]:
    """Return the decoder of a type; safe for threads that meet the type for the first time."""
    known = _known.get(type_)
    if known is None:
        with _meeting:
            known = _known.setdefault(type_, msgspec.json.Decoder(type_))
    return known


def decoded(body: bytes | str, type_: type[T]) -> T:
    """Return what JSON says, as a type; msgspec.DecodeError, msgspec.ValidationError."""
    return decoder(type_).decode(body)


def converted(value: object, type_: type[T], *, strict: bool = True) -> T:
    """Return plain values as a type; msgspec.ValidationError."""
    decoder(type_)
    return msgspec.convert(value, type_, strict=strict)


def unpacked(body: bytes, type_: type[T]) -> T:
    """Return what MessagePack says, as a type; msgspec.DecodeError, msgspec.ValidationError."""
    known = _unpacking.get(type_)
    if known is None:
        with _meeting:
            known = _unpacking.setdefault(type_, msgspec.msgpack.Decoder(type_))
    found: T = known.decode(body)
    return found
