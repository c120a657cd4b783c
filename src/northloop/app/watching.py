"""Looking again and again for what there is to do, for as long as a process serves."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from northloop.core.errors import NorthloopError, NotReady

_LAST_LOOK = 10
"""So many intervals a look that goes on at the end is waited for."""
_log = logging.getLogger("northloop.watching")


@contextmanager
def watching(what: str, every_s: float, look: Callable[[], object]) -> Iterator[None]:
    """Look in a thread of its own for as long as the body runs, each time after `every_s` seconds.

    Whatever one look raises, the next one comes; NotReady says that there is nothing to look at.
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
    while not ended.wait(every_s):
        try:
            look()
        except NotReady:
            continue
        except NorthloopError as error:
            _log.warning("%s cannot be looked at: %s", what, error)
        except Exception:  # noqa: BLE001 (whatever it is, the server goes on)
            _log.exception("%s cannot be looked at", what)
