"""An answer cache that may be down: a question is then answered as if nothing were cached."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Mapping

from northloop.core.errors import RemoteUnavailable
from northloop.core.interaction import CachedAnswer
from northloop.ports.cache import AnswerCache

RETRY_S = 2.0
_MOST_TO_REMOVE = 10_000
_log = logging.getLogger("northloop.cache")
_PROBE = "northloop-probe"
_NOTHING = CachedAnswer(answer="", citations=(), confidence=0.0, intent="", interaction_id="")


class DegradingCache:
    """Implements `ports.cache.AnswerCache` over one that can be out of reach; safe for threads.

    After the first failure nobody waits for the cache any more: every answer is a miss and nothing
    is kept, until a thread in the background, which tries every `retry_s`, has written and read an
    entry. What was to be forgotten meanwhile is forgotten first. Going down and coming back are
    logged, once each.
    """

    def __init__(self, cache: AnswerCache, retry_s: float = RETRY_S) -> None:
        self._inner = cache
        self._retry_s = retry_s
        self._lock = threading.Lock()
        self._trouble = ""
        self._to_remove: set[str] = set()
        self._closed = threading.Event()

    @property
    def trouble(self) -> str:
        """Why the cache is not asked now; "" if it is."""
        return self._trouble

    def get(self, key: str) -> CachedAnswer | None:
        if self._trouble:
            return None
        try:
            found: CachedAnswer | None = self._inner.get(key)
        except RemoteUnavailable as error:
            self._went_down(error)
            return None
        return found

    def put(self, key: str, answer: CachedAnswer, ttl_s: int) -> None:
        self._tell(lambda: self._inner.put(key, answer, ttl_s))

    def refresh(self, key: str, answer: CachedAnswer) -> None:
        self._tell(lambda: self._inner.refresh(key, answer))

    def _tell(self, told: Callable[[], None]) -> None:
        if self._trouble:
            return
        try:
            told()
        except RemoteUnavailable as error:
            self._went_down(error)

    def remove(self, key: str) -> None:
        """Forget an answer; if the cache is down, before it is asked again."""
        if not self._trouble:
            try:
                self._inner.remove(key)
                return
            except RemoteUnavailable as error:
                self._went_down(error)
        with self._lock:
            if len(self._to_remove) < _MOST_TO_REMOVE:
                self._to_remove.add(key)

    def held(self) -> Mapping[str, CachedAnswer]:
        found: Mapping[str, CachedAnswer] = self._inner.held()
        return found

    def close(self) -> None:
        """Close the connections and stop trying; the next use opens new ones."""
        with self._lock:
            self._closed.set()
            self._closed = threading.Event()
            self._trouble = ""
        self._inner.close()

    def _went_down(self, error: RemoteUnavailable) -> None:
        with self._lock:
            if self._trouble:
                return
            self._trouble = str(error)
            watch = threading.Thread(
                target=self._come_back, args=(self._closed,), name="cache watch", daemon=True
            )
            watch.start()
        _log.warning("the answer cache is unavailable, answers are made without it: %s", error)

    def _come_back(self, closed: threading.Event) -> None:
        """Try until the cache answers again, or nobody wants it any more."""
        while not closed.wait(self._retry_s):
            try:
                self._inner.put(_PROBE, _NOTHING, 1)
                self._inner.get(_PROBE)
                self._remove_what_is_left()
            except RemoteUnavailable:
                continue
            with self._lock:
                if closed.is_set() or self._to_remove:
                    continue
                self._trouble = ""
            _log.warning("the answer cache answers again")
            return

    def _remove_what_is_left(self) -> None:
        with self._lock:
            keys = tuple(self._to_remove)
        for key in keys:
            self._inner.remove(key)
            with self._lock:
                self._to_remove.discard(key)
