"""What a caller reads of what went wrong behind the API, and what the log keeps of it."""

from __future__ import annotations

import re
from collections.abc import Callable

import httpx
import pytest

from northloop.core.errors import (
    ConfigurationError,
    CorruptArtefact,
    MissingComponent,
    NorthloopError,
    NotFound,
    RemoteUnavailable,
)
from northloop.workspace import Workspace
from scripted_service import ScriptedService

Serve = Callable[..., str]
REQUEST_ID = re.compile(r"request [0-9a-f]{16}")
INSIDE = ("/srv", "postgres", "10.0.0.7", "5432", "SELECT", "northloop_records", "s3cret", "admin")
ERRORS = [
    RemoteUnavailable(
        "PostgreSQL does not answer: connection to 10.0.0.7:5432 failed",
        where="postgresql://admin:s3cret@10.0.0.7:5432/northloop",
        action="start postgresql on 10.0.0.7:5432",
    ),
    ConfigurationError(
        "the database cannot be used: SELECT body FROM northloop_records",
        where="/srv/shop/.northloop/records.sqlite",
        action="look into /srv/shop/.northloop",
    ),
    CorruptArtefact("damaged", where="/srv/shop/.northloop/artefacts/release/abc/release.json"),
    MissingComponent("no driver", where="/srv/venv", action="install into /srv/venv/bin"),
    NorthloopError("SELECT failed at 10.0.0.7:5432"),
]


def _broken(error: NorthloopError) -> Callable[[], Workspace]:
    """Return what opens a workspace whose store does not answer."""

    def raising() -> Workspace:
        raise error

    return raising


@pytest.mark.parametrize("error", ERRORS, ids=lambda error: error.code)
def test_no_answer_shows_the_inside_and_the_log_shows_all(
    serve: Serve,
    error: NorthloopError,
    caplog: pytest.LogCaptureFixture,
) -> None:
    messages = [{"role": "user", "content": "Hello?"}]
    with httpx.Client(base_url=serve(opened=_broken(error))) as client:
        for response in (
            client.get("/readyz"),
            client.get("/v1/models"),
            client.get("/v1/interactions/x"),
            client.post("/v1/feedback", json={"interaction_id": "x", "rating": 1}),
            client.post("/v1/conversations/x/outcome", json={"resolved": True}),
            client.post("/v1/chat/completions", json={"messages": messages}),
            client.post("/v1/chat/completions", json={"messages": messages, "stream": True}),
        ):
            assert response.status_code == error.http_status
            told = REQUEST_ID.sub("", response.text)  # may hold any digits
            assert not [word for word in INSIDE if word in told], response.text
            told = response.json()["error"]
            assert told["code"] == error.code
            name = response.headers["x-request-id"]
            assert name in told["message"]
            logged = [r.message for r in caplog.records if name in r.message]
            assert len(logged) == 1
            assert error.where.rpartition("@")[2] in logged[0]
            assert "s3cret" not in logged[0]


def test_an_error_in_the_midst_of_a_stream_shows_no_more(
    serve: Serve, service: ScriptedService, caplog: pytest.LogCaptureFixture
) -> None:
    def breaking(*_: object) -> object:
        yield "Forty"
        raise ERRORS[0]

    service.live.answer = breaking
    asked = {"messages": [{"role": "user", "content": "Hello?"}], "stream": True}
    response = httpx.post(f"{serve()}/v1/chat/completions", json=asked)
    assert '"code":"remote_unavailable"' in response.text
    assert not [word for word in INSIDE if word in response.text]
    assert response.headers["x-request-id"] in caplog.text


def test_a_callers_own_mistake_is_told_in_full_but_for_places(serve: Serve) -> None:
    opened = _broken(NotFound("no such thing", where="/srv/shop/thing", action="use another"))
    said = httpx.get(f"{serve(opened=opened)}/v1/models").json()["error"]["message"]
    assert said == "…: no such thing → use another"


def test_every_request_has_an_id_of_its_own(client: httpx.Client) -> None:
    names = {client.get("/healthz").headers["x-request-id"] for _ in range(5)}
    assert len(names) == 5
