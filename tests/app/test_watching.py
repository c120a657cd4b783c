"""Looking again and again."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable

import pytest

from northloop.app import background, watching
from northloop.core.errors import InputError, NotReady
from northloop.workspace import Workspace

TROUBLE = (
    InputError("the file is bad", where="x", action="y"),
    NotReady("no workspace yet"),
    OSError("the disk is gone"),
    RuntimeError("the database hung up"),
)


def until(what: Callable[[], bool]) -> None:
    end = time.monotonic() + 10
    while not what() and time.monotonic() < end:
        time.sleep(0.01)
    assert what()


@pytest.mark.parametrize("trouble", TROUBLE, ids=lambda e: type(e).__name__)
def test_whatever_one_look_raises_the_next_one_comes(
    trouble: Exception, caplog: pytest.LogCaptureFixture
) -> None:
    looks: list[float] = []

    def look() -> None:
        looks.append(time.monotonic())
        if len(looks) == 1:
            raise trouble

    with watching.watching("things", 0.02, look):
        until(lambda: len(looks) > 2)
    ended = len(looks)
    time.sleep(0.1)
    assert len(looks) == ended, "nobody looks any more"
    said = [r.getMessage() for r in caplog.records if r.name == "northloop.watching"]
    assert said == ([] if isinstance(trouble, NotReady) else said[:1])
    assert isinstance(trouble, NotReady) or said[0].startswith("things cannot be looked at")


def test_a_look_that_goes_on_is_waited_for() -> None:
    begun, done = threading.Event(), threading.Event()

    def look() -> None:
        begun.set()
        time.sleep(0.1)
        done.set()

    with watching.watching("things", 0.05, look):
        begun.wait(10)
    assert done.is_set()


def test_turns_are_looked_for_again_after_anything_broke(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(background, "LOOK_EVERY_S", 0.02)
    asked: list[int] = []

    def opened() -> Workspace:
        asked.append(1)
        raise OSError("the network folder is away")

    with caplog.at_level(logging.ERROR), background.serving_turns(opened):
        until(lambda: len(asked) > 2)
