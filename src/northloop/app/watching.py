"""Looking again and again for what there is to do, for as long as a process serves."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from northloop.core.errors import NorthloopError, NotReady

_LAST_LOOK = 10
"""So many intervals a look that goes on at the end is waited for."""
_AGAIN_S = 60.0
"""What goes on is said again after so many seconds."""
_log = logging.getLogger("northloop.watching")


@contextmanager
def watching(what: str, every_s: float, look: Callable[[], object]) -> Iterator[None]:
    """Look in a thread of its own for as long as the body runs, each time after `every_s` seconds.

    Whatever one look raises, the next one comes; NotReady says that there is nothing to look at.
    The log has it once, again when it is another or after a minute, and once that it is over.
    """
    ended = threading.Event()
    given = what, every_s, look, ended
    thread = threading.Thread(target=_watch, args=given, name=what, daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join(_LAST_LOOK * every_s)


def _watch(what: str, every_s: float, look: Callable[[], object], ended: threading.Event) -> None:
    trouble = _Trouble(what)
    while not ended.wait(every_s):
        try:
            look()
        except NotReady:
            continue
        except NorthloopError as error:
            if trouble.is_news(str(error)):
                _log.warning("%s cannot be looked at: %s", what, error)
        except Exception as error:  # noqa: BLE001 (whatever it is, the server goes on)
            if trouble.is_news(f"{type(error).__name__}: {error}"):
                _log.exception("%s cannot be looked at", what)
        else:
            trouble.over()


class _Trouble:
    """What the log was told of one watcher, and when."""

    def __init__(self, what: str) -> None:
        self._what = what
        self._told = ""
        self._told_s = 0.0

    def is_news(self, trouble: str) -> bool:
        """Return whether the log is to be told, and note that it was."""
        now_s = time.monotonic()
        if trouble == self._told and now_s < self._told_s + _AGAIN_S:
            return False
        self._told, self._told_s = trouble, now_s
        return True

    def over(self) -> None:
        """Say that all is well again, if the log was told otherwise."""
        if self._told:
            _log.warning("%s can be looked at again", self._what)
        self._told = ""
