"""No route of the API or the console makes the event loop wait for a disk, a database or an engine.

The whole application over a real workspace; whatever touches one of them says in which thread.
"""

from __future__ import annotations

import asyncio
import sys
import threading
import traceback
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
import sqlalchemy as sa
from starlette.applications import Starlette
from starlette.routing import BaseRoute, Mount, Route

from northloop.app.lazy_workspace import LazyWorkspace
from northloop.cli.serving import application, bound
from northloop.core.artefacts import Kind
from northloop.core.interaction import Interaction, ReviewItem
from northloop.http.origin import KnownHosts
from northloop.http.server import Patience, Server
from northloop.ports.models import EXACT, Engine, Use
from northloop.workspace import Workspace
from scripted_workspace import ScriptedWorkspace, with_release

FOUND: list[str] = []
"""What the event loop was made to wait for."""
SEEN: set[str] = set()
"""What was touched at all, so that the test would notice if it looked at nothing."""
WATCHED: list[str] = []


def touched(what: str) -> None:
    SEEN.add(what.partition(" ")[0])
    if asyncio._get_running_loop() is not None:
        FOUND.append(f"{what}\n{''.join(traceback.format_stack(limit=14)[:-2])}")


def _audit(event: str, arguments: tuple[object, ...]) -> None:
    if WATCHED and event in ("open", "sqlite3.connect") and WATCHED[0] in str(arguments[0]):
        touched(f"{event} {arguments[0]}")


sys.addaudithook(_audit)


class WatchedWorkspace(ScriptedWorkspace):
    def engine(self, base: str, adapters: Mapping[str, Path], use: Use = EXACT) -> Engine:
        touched("engine opened")
        return super().engine(base, adapters, use)


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    with_release(tmp_path / "shop").close()
    opened = WatchedWorkspace.open(tmp_path / "shop")

    def connected(*_: object) -> None:
        touched("sql")

    FOUND.clear()
    SEEN.clear()
    sa.event.listen(sa.Pool, "checkout", connected)
    WATCHED.append(str(tmp_path))
    yield opened
    WATCHED.clear()
    sa.event.remove(sa.Pool, "checkout", connected)
    opened.close()


@contextmanager
def served(workspace: Workspace) -> Iterator[httpx.Client]:
    app = application(LazyWorkspace.of(workspace))
    with bound("127.0.0.1", 0) as listening:
        server = Server(app, Patience())
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        try:
            url = f"http://127.0.0.1:{listening.getsockname()[1]}"
            with httpx.Client(base_url=url, timeout=60) as client:
                yield client
        finally:
            server.should_exit = True
            thread.join(timeout=20)
            assert not thread.is_alive()


def routes(found: list[BaseRoute], prefix: str = "") -> Iterator[tuple[str, str, str]]:
    """Yield method, path and name of every route."""
    for route in found:
        if isinstance(route, Mount):
            inner = route.app
            while not isinstance(inner, Starlette) and hasattr(inner, "app"):
                inner = inner.app
            if isinstance(inner, Starlette) or route.routes:
                yield from routes(route.routes or inner.routes, prefix + route.path)
        elif isinstance(route, Route):
            for method in (route.methods or set()) - {"HEAD"}:
                yield (
                    method,
                    prefix + route.path.replace(":path", "").replace(":int", ""),
                    route.name,
                )


def test_no_route_makes_the_event_loop_wait(workspace: Workspace) -> None:
    with served(workspace) as client:
        app = application(LazyWorkspace.of(workspace))
        assert isinstance(app, KnownHosts) and isinstance(app.app, Starlette)
        all_routes = [*routes(app.app.routes)]
        assert len(all_routes) > 40
        _ask_the_api(client)
        parameters = _parameters(workspace)
        for method, path, _ in all_routes:
            if method == "GET":
                got = client.get(path.format_map(parameters))
                assert got.status_code < 500, (path, got.text)
        fields = {
            "token": client.cookies["northloop_token"],
            **{"question": "Where is my parcel?", "rating": "1", "name": "Ada"},
            **{"kind": "incorrect", "correction": "Within 30 days.", "choice": "0"},
        }
        for method, path, name in all_routes:
            if method == "POST" and "/v1/" not in path:
                for partial in ({}, {"HX-Request": "true"}):
                    done = client.post(
                        path.format_map(parameters),
                        data=fields,
                        headers={"sec-fetch-site": "same-origin", **partial},
                    )
                    assert done.status_code < 500, (name, done.text)
        assert client.get("/no/such/page").status_code == 404
    assert {"sql", "open", "sqlite3.connect", "engine"} <= SEEN
    assert FOUND == [], FOUND[0]


def _ask_the_api(client: httpx.Client) -> None:
    for stream in (True, False):
        asked = {
            "model": "northloop",
            "messages": [{"role": "user", "content": f"How long is the warranty, {stream}?"}],
            "stream": stream,
            "max_tokens": 1_000,
            "conversation_id": "c-1",
        }
        answered = client.post("/v1/chat/completions", json=asked)
        assert answered.status_code == 200, answered.text
    name = answered.headers["x-northloop-interaction"]
    for path, body in (
        ("/v1/feedback", {"interaction_id": name, "rating": 1}),
        ("/v1/conversations/c-1/outcome", {"resolved": True}),
    ):
        assert client.post(path, json=body).status_code == 201
    refused = client.post("/v1/chat/completions", json={**asked, "model": "gpt-9"})
    assert refused.status_code == 404


class _Parameters(dict[str, str]):
    def __missing__(self, name: str) -> str:
        return "none"


def _parameters(workspace: Workspace) -> _Parameters:
    """Real names for the parameters of the paths."""
    records = workspace.records
    kept = records.query(Interaction).rows[0]
    item = ReviewItem(
        review_id="r1",
        interaction_id=kept.interaction_id,
        at=kept.at,
        probability=0.1,
        uniform=True,
    )
    records.add(item)
    return _Parameters(
        interaction=kept.interaction_id,
        interaction_id=kept.interaction_id,
        release=kept.release,
        dataset=workspace.artefacts.list(Kind.DATASET)[0].hash,
        split="train",
        review="r1",
        item="r1",
        model_id="northloop",
        window="1",
    )
