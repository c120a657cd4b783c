"""What stays is not gone through again and again, and what ends is let go all the same."""

from __future__ import annotations

import gc
import time
import weakref
from collections.abc import Callable

import pytest

from northloop.app import garbage


class Kept:
    """One of many objects that stay."""

    def __init__(self) -> None:
        self.itself = self


def until(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 20
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_what_stays_is_put_aside(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(garbage, "LOOK_EVERY_S", 0.01)
    many = [Kept() for _ in range(60_000)]
    gc.collect()
    with garbage.sparing_answers():
        until(lambda: len(gc.get_objects(generation=2)) < len(many))
    assert len(gc.get_objects(generation=2)) > len(many)


def test_what_ended_is_let_go_in_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(garbage, "LOOK_EVERY_S", 0.01)
    monkeypatch.setattr(garbage, "AFRESH_EVERY_S", 0.2)
    many = [Kept() for _ in range(60_000)]
    ended = weakref.ref(many[0])
    gc.collect()
    with garbage.sparing_answers():
        until(lambda: len(gc.get_objects(generation=2)) < len(many))
        many.clear()
        until(lambda: ended() is None)
