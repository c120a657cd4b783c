"""Answer caches that may be down: a question is then answered as if nothing were cached."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

import numpy as np

from northloop.adapters.distributed.degrading import RETRY_S, Degrading
from northloop.core.check import sense
from northloop.core.ids import content_hash
from northloop.core.interaction import Asking, CachedAnswer
from northloop.ports.cache import AnswerCache
from northloop.ports.semantic_cache import Entry, Neighbour, SemanticCache, Vector

_PROBE = "northloop-probe"
_NOTHING = CachedAnswer(answer="", citations=(), confidence=0.0, intent="", interaction_id="")
_SOMEWHERE = np.ones(1, np.float32)
_ANYTHING = Entry(
    entry_id=_PROBE,
    space=content_hash(_PROBE),
    asking=Asking("", ""),
    sense=sense(""),
    says=content_hash(""),
    answer=_NOTHING,
)


class DegradingCache:
    """Implements `ports.cache.AnswerCache` over one that can be out of reach; safe for threads.

    While it is (see `Degrading`), every answer is a miss and nothing is kept.
    """

    def __init__(self, cache: AnswerCache, retry_s: float = RETRY_S) -> None:
        self._inner = cache
        self._state = Degrading("answer cache", self._probe, cache.remove, retry_s)

    @property
    def trouble(self) -> str:
        """Why the cache is not asked now; "" if it is."""
        return self._state.trouble

    def get(self, key: str) -> CachedAnswer | None:
        return self._state.asked(lambda: self._inner.get(key), None)

    def put(self, key: str, answer: CachedAnswer, ttl_s: int) -> None:
        self._state.asked(lambda: self._inner.put(key, answer, ttl_s), None)

    def refresh(self, key: str, answer: CachedAnswer) -> None:
        self._state.asked(lambda: self._inner.refresh(key, answer), None)

    def remove(self, key: str) -> None:
        """Forget an answer; if the cache is down, before it is asked again."""
        self._state.forget(key)

    def held(self) -> Mapping[str, CachedAnswer]:
        return self._inner.held()

    def close(self) -> None:
        """Close the connections and stop trying; the next use opens new ones."""
        self._state.stop()
        self._inner.close()

    def _probe(self) -> None:
        self._inner.put(_PROBE, _NOTHING, 1)
        self._inner.get(_PROBE)


class DegradingSemanticCache:
    """Implements `ports.semantic_cache.SemanticCache` likewise: while it is down, nothing is near.

    What rests on passages that went while it was down is not dropped by it: whoever serves looks at
    the passages of what is found.
    """

    def __init__(self, cache: SemanticCache, retry_s: float = RETRY_S) -> None:
        self._inner = cache
        self._state = Degrading("semantic cache", self._probe, cache.remove, retry_s)

    @property
    def trouble(self) -> str:
        """Why the cache is not asked now; "" if it is."""
        return self._state.trouble

    def near(
        self, space: str, vector: Vector, count: int, least: float = 0.0
    ) -> Sequence[Neighbour]:
        return self._state.asked(lambda: self._inner.near(space, vector, count, least), ())

    def put(self, entry: Entry, vector: Vector, ttl_s: int) -> None:
        self._state.asked(lambda: self._inner.put(entry, vector, ttl_s), None)

    def refresh(self, entry: Entry) -> None:
        self._state.asked(lambda: self._inner.refresh(entry), None)

    def remove(self, entry_id: str) -> None:
        """Forget an entry; if the cache is down, before it is asked again."""
        self._state.forget(entry_id)

    def drop(self, passages: Collection[str]) -> None:
        self._state.asked(lambda: self._inner.drop(passages), None)

    def held(self) -> Mapping[str, Entry]:
        return self._inner.held()

    def count(self) -> int:
        return self._state.asked(self._inner.count, 0)

    def close(self) -> None:
        """Close the connections and stop trying; the next use opens new ones."""
        self._state.stop()
        self._inner.close()

    def _probe(self) -> None:
        # One that can be read and not written to is no cache.
        self._inner.put(_ANYTHING, _SOMEWHERE, 1)
        self._inner.remove(_PROBE)
