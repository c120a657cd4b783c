"""The answer cache."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from northloop.core.interaction import CachedAnswer


class AnswerCache(Protocol):
    """Answers under opaque keys, each with a time to live."""

    def get(self, key: str) -> CachedAnswer | None:
        """Return the answer kept under a key, None if there is none or its time is up."""
        ...

    def put(self, key: str, answer: CachedAnswer, ttl_s: int) -> None:
        """Keep an answer for `ttl_s` seconds."""
        ...

    def refresh(self, key: str, answer: CachedAnswer) -> None:
        """Put an answer in place of the one kept under a key, for as long as that would be kept.

        Nothing happens if there is none.
        """
        ...

    def remove(self, key: str) -> None:
        """Forget the answer kept under a key; nothing happens if there is none."""
        ...

    def held(self) -> Mapping[str, CachedAnswer]:
        """Return what is kept in this process's own memory, which no other process can remove.

        Empty for a cache that processes share: what one removes is gone for all.
        """
        ...

    def close(self) -> None:
        """Close the connections; the next use opens new ones."""
        ...
