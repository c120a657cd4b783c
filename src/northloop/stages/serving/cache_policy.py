"""Which answers may be kept for whom.

The exact cache answers only what was asked before in the same words, by the same tenant, under
the same release. It knows nothing of meaning: that is the semantic cache's business. The knowledge
is no part of the key: an entry says what it rests on, and is held against what the documents say
when it is asked for, whoever put it there and whenever.
"""

from __future__ import annotations

from collections.abc import Mapping

from northloop.core.ids import Hash, content_hash
from northloop.core.interaction import CachedAnswer


class NoCache:
    """Implements `ports.cache.AnswerCache` and keeps nothing."""

    def get(self, key: str) -> CachedAnswer | None:
        return self.held().get(key)

    def put(self, key: str, answer: CachedAnswer, ttl_s: int) -> None:
        """Nothing is kept."""

    def refresh(self, key: str, answer: CachedAnswer) -> None:
        """Nothing is kept."""

    def remove(self, key: str) -> None:
        """Nothing is kept."""

    def held(self) -> Mapping[str, CachedAnswer]:
        return {}

    def close(self) -> None:
        """There is nothing to close."""


def cache_key(tenant: str, release: Hash, asked: Hash, background: str = "") -> Hash:
    """Return the key of what was asked (`question.name_of`): a tenant and a release of its own.

    What was made with a `background` is for who asks with the same.
    """
    return content_hash([tenant, release, asked, *([background] if background else [])])
