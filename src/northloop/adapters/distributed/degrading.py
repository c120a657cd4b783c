"""A cache that may be down: a question is then answered as if nothing were cached."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from typing import TypeVar

from northloop.core.errors import ConfigurationError, RemoteUnavailable

T = TypeVar("T")
RETRY_S = 2.0
_MOST_TO_REMOVE = 10_000
_FAILURES = (RemoteUnavailable, ConfigurationError)
_log = logging.getLogger("northloop.cache")


class Degrading:
    """Asks what can be out of reach, or cannot do what is wanted; safe for threads.

    After the first failure nobody waits for it any more, until a thread in the background, which
    tries every `retry_s`, has seen it work (`probe`). What was to be forgotten meanwhile is
    forgotten first, by `remove`. Going down and coming back are logged, once each, under `name`.
    """

    def __init__(
        self,
        name: str,
        probe: Callable[[], object],
        remove: Callable[[str], None],
        retry_s: float = RETRY_S,
    ) -> None:
        self._name = name
        self._probe = probe
        self._remove = remove
        self._retry_s = retry_s
        self._lock = threading.Lock()
        self._trouble = ""
        self._to_remove: set[str] = set()
        self._closed = threading.Event()

    @property
    def trouble(self) -> str:
        """Why it is not asked now; "" if it is."""
        return self._trouble

    def asked(self, ask: Callable[[], T], otherwise: T) -> T:
        """Return what it says, or something else while it is down."""
        if self._trouble:
            return otherwise
        try:
            return ask()
        except _FAILURES as error:
            self._went_down(error)
            return otherwise

    def forget(self, key: str) -> None:
        """Remove something; if it is down, before it is asked again."""
        if not self._trouble:
            try:
                self._remove(key)
                return
            except _FAILURES as error:
                self._went_down(error)
        with self._lock:
            if len(self._to_remove) < _MOST_TO_REMOVE:
                self._to_remove.add(key)

    def stop(self) -> None:
        """Stop trying; the next use begins anew."""
        with self._lock:
            self._closed.set()
            self._closed = threading.Event()
            self._trouble = ""

    def _went_down(self, error: Exception) -> None:
        with self._lock:
            if self._trouble:
                return
            self._trouble = str(error)
            watch = threading.Thread(
                target=self._come_back,
                args=(self._closed,),
                name=f"{self._name} watch",
                daemon=True,
            )
            watch.start()
        _log.warning("the %s is unavailable, answers are made without it: %s", self._name, error)

    def _come_back(self, closed: threading.Event) -> None:
        """Try until it answers again, or nobody wants it any more."""
        while not closed.wait(self._retry_s):
            try:
                self._probe()
                self._remove_what_is_left()
            except _FAILURES:
                continue
            except (OSError, ValueError):
                if closed.is_set():  # its connection was closed while it asked
                    return
                raise
            with self._lock:
                if closed.is_set() or self._to_remove:
                    continue
                self._trouble = ""
            _log.warning("the %s answers again", self._name)
            return

    def _remove_what_is_left(self) -> None:
        with self._lock:
            keys = tuple(self._to_remove)
        for key in keys:
            self._remove(key)
            with self._lock:
                self._to_remove.discard(key)
