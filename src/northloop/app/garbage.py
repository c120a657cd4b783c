"""Keeping Python's collector of cyclic garbage off what stays.

A server holds an index, cases and classes in some hundred thousand objects. A full collection goes
through all of them and finds next to nothing, while every answer waits: 80 ms on two quick cores.
"""

from __future__ import annotations

import gc
import time
from collections.abc import Iterator
from contextlib import contextmanager

from northloop.app.watching import watching

LOOK_EVERY_S = 5.0
AFRESH_EVERY_S = 3_600.0
"""So often what was put aside is gone through after all: a release that is served no longer."""
_MANY = 50_000
"""Objects that take a full collection some 10 ms."""


@contextmanager
def sparing_answers() -> Iterator[None]:
    """Put aside, for as long as the body runs, what has survived: no answer waits for it."""
    afresh = time.monotonic() + AFRESH_EVERY_S

    def look() -> None:
        nonlocal afresh
        if time.monotonic() > afresh:
            afresh = time.monotonic() + AFRESH_EVERY_S
            gc.unfreeze()
            gc.collect()
        if len(gc.get_objects(generation=2)) > _MANY:
            gc.freeze()

    try:
        with watching("garbage", LOOK_EVERY_S, look):
            yield
    finally:
        gc.unfreeze()
