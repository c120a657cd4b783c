"""The one JSON document that `--json` puts on stdout: what came of it, or the error."""

from __future__ import annotations

import sys

import msgspec


class Failure(msgspec.Struct, frozen=True, kw_only=True):
    """An error as programs read it; the exit code says the same more shortly."""

    code: str
    """As in core/errors.py; "usage", "system", "interrupted" or "internal" for others."""
    message: str
    where: str = ""
    action: str = ""


class _Stdout:
    written = False


def begin() -> None:
    """Say that nothing has been written yet."""
    _Stdout.written = False


def write(value: object) -> None:
    """Write a value as the document."""
    sys.stdout.write(msgspec.json.format(msgspec.json.encode(value), indent=2).decode() + "\n")
    sys.stdout.flush()
    _Stdout.written = True


def write_failure(failure: Failure) -> None:
    """Write an error as the document, unless there is one already (a turn, then its refusal)."""
    if not _Stdout.written:
        write({"error": failure})
