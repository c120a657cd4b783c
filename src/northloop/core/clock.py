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
