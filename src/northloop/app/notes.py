"""Notes that lie beside files which a workspace holds: one JSON file each, whole or not there."""

from __future__ import annotations

import uuid
from pathlib import Path
from typing import TypeVar

import msgspec

from northloop.core.decoding import decoded

T = TypeVar("T")


def write_note(file: Path, note: msgspec.Struct) -> None:
    """Put a note in place, or another in its place, at once; OSError."""
    draft = file.with_name(f"{file.name}.{uuid.uuid4().hex[:8]}.new")
    try:
        draft.write_bytes(msgspec.json.encode(note))
        draft.replace(file)
    finally:
        draft.unlink(missing_ok=True)


def read_note(file: Path, type_: type[T]) -> T | None:
    """Return what a note says; None if it is gone, damaged or of another version."""
    try:
        return decoded(file.read_bytes(), type_)
    except (OSError, msgspec.DecodeError):
        return None
