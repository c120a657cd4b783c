"""Telling another program that something has happened."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol


class Webhook(Protocol):
    """One receiver."""

    def tell(self, delivery_id: str, at: datetime, body: bytes) -> None:
        """Return once the receiver has taken a body (UTF-8); RemoteUnavailable if it has not.

        `delivery_id` is the same however often it is told; `at` is now, with its zone.
        """
        ...

    def close(self) -> None:
        """Close the connection."""
        ...
