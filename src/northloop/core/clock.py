"""What time it is, and how times are written: in UTC, in ISO 8601."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Literal


def now() -> datetime:
    """Return this moment, in UTC."""
    return datetime.now(UTC)


def stamp(
    at: datetime | None = None, unit: Literal["milliseconds", "microseconds"] = "milliseconds"
) -> str:
    """Return a moment (None: this one) as it is kept; equally long texts, which sort as times do.

    `at` has a time zone.
    """
    return (at or now()).astimezone(UTC).isoformat(timespec=unit)


def moment(at: str) -> datetime:
    """Return the moment that a text in ISO 8601 names, in UTC where it names no zone; ValueError
    for another text."""
    named = datetime.fromisoformat(at)
    return named if named.tzinfo else named.replace(tzinfo=UTC)
