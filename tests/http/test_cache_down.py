"""Questions while the Redis of the answer cache is down or hangs."""

from __future__ import annotations

import json
import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from redis import Redis
from starlette.testclient import TestClient

from northloop.app.doctor import examine
from northloop.app.lazy_workspace import LazyWorkspace
from northloop.cli.serving import application
from northloop.core.actor import team
from northloop.setup import write_settings
from northloop.testing.servers import free_port, redis_server
from scripted_workspace import SAID, with_release

CHAT = "/v1/chat/completions"
ASKED = {"messages": [{"role": "user", "content": "How long can I return a tent?"}]}


@contextmanager
def client_of(folder: Path, url: str) -> Iterator[TestClient]:
    workspace = with_release(folder, {"storage.cache": url})
    try:
        yield TestClient(application(LazyWorkspace.of(workspace)), base_url="http://127.0.0.1")
    finally:
        workspace.close()


def _cache_steps(client: TestClient, name: str) -> list[str]:
    trace = client.get(f"/v1/interactions/{name}").json()["trace"]
    return [step["decision"] for step in trace if step["name"].startswith("cache")]


@pytest.mark.parametrize("stream", [False, True])
def test_without_its_cache_every_question_is_answered_anew(tmp_path: Path, stream: bool) -> None:
    with client_of(tmp_path / "shop", f"redis://127.0.0.1:{free_port()}/0") as client:
        for _ in range(3):
            done = client.post(CHAT, json={**ASKED, "stream": stream})
            assert done.status_code == 200
            said = _text(done.text) if stream else done.json()["choices"][0]["message"]["content"]
            assert said == SAID
            steps = _cache_steps(client, done.headers["x-northloop-interaction"])
            assert steps == ["miss", "unavailable"]
        ready = client.get("/readyz")
        assert (ready.status_code, ready.json()["cache"]) == (200, "unavailable")
        assert "redis" not in ready.text


def test_a_hanging_cache_adds_no_seconds_and_comes_back(tmp_path: Path) -> None:
    with redis_server(tmp_path) as url, client_of(tmp_path / "shop", url) as client:
        assert client.post(CHAT, json=ASKED).headers["x-northloop-source"] == "generated"
        assert client.post(CHAT, json=ASKED).headers["x-northloop-source"] == "cache"
        assert client.get("/readyz").json()["cache"] == "answers"
        with Redis.from_url(url) as redis:
            pid = redis.info("server")["process_id"]
        os.kill(pid, signal.SIGSTOP)
        try:
            began_s = time.monotonic()
            for _ in range(10):
                done = client.post(CHAT, json=ASKED)
                assert (done.status_code, done.headers["x-northloop-source"]) == (200, "generated")
            assert time.monotonic() - began_s < 4
        finally:
            os.kill(pid, signal.SIGCONT)
        ends_s = time.monotonic() + 20
        while client.post(CHAT, json=ASKED).headers["x-northloop-source"] != "cache":
            assert time.monotonic() < ends_s
            time.sleep(0.1)


def test_the_doctor_says_it(tmp_path: Path) -> None:
    folder = tmp_path / "shop"
    with_release(folder).close()
    write_settings(folder, {"storage.cache": f"redis://127.0.0.1:{free_port()}/0"})
    (cache,) = [check for check in examine(folder, team()) if check.name == "cache"]
    assert (cache.ok, cache.needed) == (False, False)
    assert "made anew" in cache.found
    assert "start the server" in cache.mend


def _text(stream: str) -> str:
    events = [line.removeprefix("data: ") for line in stream.splitlines() if line]
    chunks = [json.loads(event) for event in events if event != "[DONE]"]
    return "".join(
        choice["delta"].get("content", "") for chunk in chunks for choice in chunk["choices"]
    )
