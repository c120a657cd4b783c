"""Answers that need no generation, while every place for generations is taken."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest

from loop.world import TOPICS, World, question
from northloop.core.interaction import SEARCHING, WORKING, Interaction, Question, Source
from northloop.http.app import HttpSettings
from scripted_service import ScriptedService

Serve = Callable[..., str]
CHAT = "/v1/chat/completions"


def body(text: str, **more: object) -> dict[str, object]:
    return {"messages": [{"role": "user", "content": text}], **more}


@contextlib.contextmanager
def full(url: str, service: ScriptedService, places: int) -> Iterator[httpx.Client]:
    """Take every place for the time of the block."""
    with httpx.Client(base_url=url, timeout=20) as client, ThreadPoolExecutor(places) as pool:
        inside = [pool.submit(client.post, CHAT, json=body(f"wait {n}")) for n in range(places)]
        while len(service.asked) < places:
            time.sleep(0.01)
        try:
            yield client
        finally:
            service.gate.set()
            assert {done.result().status_code for done in inside} == {200}


@pytest.mark.parametrize("stream", [False, True])
def test_a_known_answer_neither_waits_nor_is_refused(
    serve: Serve, service: ScriptedService, stream: bool
) -> None:
    with full(serve(HttpSettings(running=2, places=2)), service, 2) as client:
        for number in range(20):
            known = client.post(CHAT, json=body(f"known {number}", stream=stream), timeout=5)
            assert known.status_code == 200
            assert "Forty-five" in known.text
            assert client.post(CHAT, json=body("made", stream=stream)).status_code == 429


@pytest.mark.parametrize("stream", [False, True])
def test_who_waits_for_a_turn_and_leaves_was_never_answered(
    serve: Serve, service: ScriptedService, stream: bool
) -> None:
    url = serve(HttpSettings(running=1, places=3))
    with httpx.Client(base_url=url, timeout=20) as client, ThreadPoolExecutor(1) as pool:
        inside = pool.submit(client.post, CHAT, json=body("wait 0"))
        while not service.asked:
            time.sleep(0.01)
        for number in range(6):
            with pytest.raises(httpx.ReadTimeout):
                client.post(CHAT, json=body(f"wait {number}", stream=stream), timeout=0.3)
        service.gate.set()
        assert inside.result().status_code == 200
        assert client.post(CHAT, json=body("another")).status_code == 200
    assert [asked.text for asked in service.asked] == ["wait 0", "another"]


def test_only_what_has_to_be_generated_says_working_first(tmp_path: Path) -> None:
    turned = World(tmp_path / "workspace")
    turned.first_turn()
    live = turned.live()
    live.prepare(live.pair())
    asked = question("Need quick information: jacket repairs.", "made")
    begun = live.answer(asked)
    assert next(begun) is SEARCHING
    assert next(begun) is WORKING
    assert turned.records.count(Interaction) == 0
    *_, kept = live.answer(asked)
    assert isinstance(kept, Interaction)
    assert kept.source is Source.GENERATED
    known = (question(asked.text, "again"), question("I want to talk to a human.", "person"), asked)
    for each in known:
        assert all(piece is not WORKING for piece in live.answer(each))


def test_who_waited_for_a_turn_gets_what_was_generated_meanwhile(tmp_path: Path) -> None:
    turned = World(tmp_path / "workspace")
    turned.first_turn()
    live = turned.live()
    text = "Need quick information: jacket repairs."
    waiting = live.answer(question(text, "waits"))
    while next(waiting) is not WORKING:
        pass
    list(live.answer(question(text, "first")))
    *_, kept = waiting
    assert isinstance(kept, Interaction)
    assert (kept.source, kept.answer) == (Source.CACHE, TOPICS["repairs"][1])


def test_finding_the_path_is_no_work_of_the_event_loop(
    serve: Serve, service: ScriptedService
) -> None:
    """An engine may be opened before the iterator is returned."""
    threads: list[str] = []
    answer = service.live.answer

    def opening(asked: Question, _: str | None) -> Iterator[str | Interaction]:
        threads.append(threading.current_thread().name)
        return answer(asked)

    service.live.answer = opening
    url = serve()
    for stream in (False, True):
        assert httpx.post(f"{url}{CHAT}", json=body("a", stream=stream)).status_code == 200
    assert threads
    assert threading.main_thread().name not in threads
    assert all(name.startswith("answers") for name in threads)
