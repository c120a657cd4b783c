"""Opening what is live before a customer asks, whichever door it came to be live by."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager

from northloop.app.watching import watching
from northloop.core.errors import NorthloopError, NotReady
from northloop.core.tenants import DEFAULT_TENANT
from northloop.workspace import Workspace

LOOK_EVERY_S = 0.5


def opening_ahead(opened: Callable[[], Workspace]) -> AbstractContextManager[None]:
    """For as long as the body runs, read the documents of what is live and hear what people have
    said since, so that no customer waits for it; `opened` returns the workspace, or raises NotReady
    while there is none."""

    told: set[str] = set()

    def look() -> None:
        try:
            opened().live.open_ahead(DEFAULT_TENANT)
        except NotReady:
            return
        except NorthloopError as error:
            if str(error) not in told:  # else it is said twice a second
                told.add(str(error))
                raise

    return watching("what is live", LOOK_EVERY_S, look)
