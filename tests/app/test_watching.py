"""Looking again and again."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable

import pytest

from northloop.app import background, watching
from northloop.core.errors import InputError, NotReady, RemoteUnavailable
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
    if isinstance(trouble, NotReady):
        assert said == []
    else:
        assert said[0].startswith("things cannot be looked at")
        assert said[1:] == ["things can be looked at again"]


def test_an_outage_is_said_once_and_when_it_changes_and_when_it_is_over(
    caplog: pytest.LogCaptureFixture,
) -> None:
    looks: list[int] = []

    def look() -> None:
        looks.append(1)
        if len(looks) < 10:
            raise RemoteUnavailable("no answer")
        if len(looks) < 20:
            raise OSError("the disk is gone")

    with watching.watching("things", 0.005, look):
        until(lambda: len(looks) > 25)
    assert [r.getMessage() for r in caplog.records if r.name == "northloop.watching"] == [
        "things cannot be looked at: no answer",
        "things cannot be looked at",
        "things can be looked at again",
    ]


def test_an_outage_that_lasts_is_said_again(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(watching, "_AGAIN_S", 0.05)
    looks: list[int] = []

    def look() -> None:
        looks.append(1)
        raise RemoteUnavailable("no answer")

    def said() -> int:
        return sum(r.name == "northloop.watching" for r in caplog.records)

    with watching.watching("things", 0.002, look):
        until(lambda: said() > 2)
    assert said() < len(looks)


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
