from __future__ import annotations

import contextlib
import json
import logging
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import anyio
import httpx
import pytest
from starlette.responses import PlainTextResponse
from starlette.routing import Mount

from full_disk import full
from northloop.app.keys import WantedKey, unkept
from northloop.app.lazy_workspace import LazyWorkspace
from northloop.core.actor import Role
from northloop.core.interaction import Gone
from northloop.http.app import HttpSettings, create_app
from northloop.loop import promote
from northloop.settings import FILE_NAME
from scripted_service import ScriptedService

Serve = Callable[..., str]
CHAT = "/v1/chat/completions"


def body(text: str = "How long?", **more: object) -> dict[str, object]:
    return {"model": "northloop", "messages": [{"role": "user", "content": text}], **more}


def events(response: httpx.Response) -> list[str]:
    assert response.headers["content-type"] == "text/event-stream; charset=utf-8"
    *blocks, rest = response.text.split("\n\n")
    assert rest == ""
    assert all(block.startswith("data: ") and "\n" not in block for block in blocks)
    return [block.removeprefix("data: ") for block in blocks]


def error(response: httpx.Response) -> dict[str, object]:
    inner = response.json()["error"]
    assert set(inner) == {"message", "type", "param", "code"}
    assert isinstance(inner["message"], str)
    return dict(inner)


# --- streams -----------------------------------------------------------------------------------


def test_a_stream_is_well_formed_server_sent_events(client: httpx.Client) -> None:
    response = client.post(CHAT, json=body(stream=True))
    *chunks, done = events(response)
    assert done == "[DONE]"
    decoded = [json.loads(chunk) for chunk in chunks]
    assert all(chunk["object"] == "chat.completion.chunk" for chunk in decoded)
    assert all("usage" not in chunk for chunk in decoded)
    assert decoded[0]["choices"][0]["delta"] == {"role": "assistant", "content": ""}
    assert decoded[-1]["choices"][0] == {"index": 0, "delta": {}, "finish_reason": "stop"}
    assert decoded[-1]["northloop"]["interaction_id"] == response.headers["x-northloop-interaction"]


def test_text_goes_out_while_the_rest_is_still_being_made(
    client: httpx.Client, service: ScriptedService
) -> None:
    with client.stream("POST", CHAT, json=body("wait", stream=True)) as response:
        lines = (line for line in response.iter_lines() if line)
        first = [json.loads(next(lines).removeprefix("data: ")) for _ in range(2)]
        assert first[1]["choices"][0]["delta"] == {"content": "Forty-five"}
        assert service.kept == {}
        service.gate.set()
        assert list(lines)[-1] == "data: [DONE]"


def test_an_error_before_the_first_text_is_an_ordinary_response(client: httpx.Client) -> None:
    response = client.post(CHAT, json=body("unreadable", stream=True))
    assert response.status_code == 422
    assert error(response)["code"] == "input"


def test_a_client_that_hangs_up_on_a_stream_stops_the_generation(
    client: httpx.Client, service: ScriptedService
) -> None:
    with client.stream("POST", CHAT, json=body("endless", stream=True)) as response:
        lines = response.iter_lines()
        assert sum(1 for _, line in zip(range(20), lines, strict=False) if line) == 10
    assert service.stopped.wait(10)
    assert client.post(CHAT, json=body()).status_code == 200


def test_a_client_that_gives_up_waiting_stops_the_generation(
    client: httpx.Client, service: ScriptedService
) -> None:
    with pytest.raises(httpx.ReadTimeout):
        client.post(CHAT, json=body("endless"), timeout=0.3)
    assert service.stopped.wait(10)
    assert client.post(CHAT, json=body()).status_code == 200


def test_an_answer_that_hit_its_limit_says_so(client: httpx.Client) -> None:
    assert client.post(CHAT, json=body("limit")).json()["choices"][0]["finish_reason"] == "length"


# --- requests ----------------------------------------------------------------------------------


def test_who_asks_and_in_which_conversation(client: httpx.Client, service: ScriptedService) -> None:
    headers = {"x-customer-id": "ada", "x-conversation-id": "c9"}
    client.post(CHAT, json=body(user="bob"), headers=headers)
    client.post(CHAT, json=body(safety_identifier="eve", conversation_id="c8"))
    opaque = service.workspace.opaque
    assert [(q.customer_id, q.conversation_id) for q in service.asked] == [
        (opaque("ada"), opaque("c9")),
        (opaque("eve"), opaque("c8")),
    ]


def test_a_name_is_the_same_in_a_header_and_in_the_body(
    client: httpx.Client, service: ScriptedService
) -> None:
    client.post(CHAT, json=body(user="josé"))
    client.post(CHAT, json=body(), headers={b"x-customer-id": "josé".encode()})
    client.post(CHAT, json=body(), headers={b"x-customer-id": "josé".encode("latin-1")})
    assert {q.customer_id for q in service.asked} == {service.workspace.opaque("josé")}


def test_content_may_come_in_parts(client: httpx.Client, service: ScriptedService) -> None:
    parts = [{"type": "text", "text": "How"}, {"type": "text", "text": "long?"}]
    messages = [
        {"role": "user", "content": "Hello"},
        {"role": "assistant", "content": None, "tool_calls": []},
        {"role": "user", "content": parts},
    ]
    assert client.post(CHAT, json={"messages": messages}).status_code == 200
    assert [m.content for m in service.asked[0].messages] == ["Hello", "", "How\nlong?"]


@pytest.mark.parametrize(
    ("sent", "param"),
    [
        (b"{", "body"),
        (b"[]", "body"),
        (b"\xff", "body"),
        (b"{}", "body"),
        ({"messages": []}, "messages"),
        ({"messages": "hello"}, "messages"),
        ({"messages": [{"role": "user", "content": 3}]}, "messages[0].content"),
        ({"messages": [{"content": "hello"}]}, "messages[0]"),
        ({"messages": [{"role": "wizard", "content": "hello"}]}, "messages[0].role"),
        ({"messages": [{"role": "system", "content": "hello"}]}, "messages"),
        ({"messages": [{"role": "user", "content": " "}]}, "messages"),
        (
            {"messages": [{"role": "user", "content": [{"type": "image_url", "image_url": {}}]}]},
            "messages[0].content[0].type",
        ),
        (body(stream="yes"), "stream"),
        (body(n=2), "n"),
        (body(logprobs=True), "logprobs"),
        (body(tool_choice="required"), "tool_choice"),
        (body(response_format={"type": "json_object"}), "response_format"),
        (body(modalities=["audio"]), "modalities"),
        (body(temperature="hot"), "temperature"),
        (body(temperature=2.1), "temperature"),
        (body(max_tokens=0), "max_tokens"),
        (body(user="u" * 201), "user"),
        (body(conversation_id=7), "conversation_id"),
    ],
)
def test_what_cannot_be_answered_is_refused_by_name(
    client: httpx.Client, service: ScriptedService, sent: object, param: str
) -> None:
    content = sent if isinstance(sent, bytes) else json.dumps(sent).encode()
    response = client.post(CHAT, content=content)
    assert response.status_code == 400
    assert error(response)["param"] == param
    assert error(response)["type"] == "invalid_request_error"
    assert service.asked == []


def test_too_large_a_body_is_refused(client: httpx.Client, service: ScriptedService) -> None:
    def chunks() -> object:
        yield b'{"messages": [{"role": "user", "content": "'
        for _ in range(40):
            yield b"a" * 10_000
        yield b'"}]}'

    for response in (
        client.post(CHAT, json=body("a" * 300_000)),
        client.post(CHAT, content=chunks()),
    ):
        assert response.status_code == 413
        assert error(response)["code"] == "request_too_large"
    assert service.asked == []


def test_unknown_addresses_and_methods_have_the_same_shape(client: httpx.Client) -> None:
    assert error(client.get("/v1/nothing"))["code"] == "unknown_url"
    assert error(client.get(CHAT))["code"] == "method_not_allowed"


def test_what_is_served_beside_the_api_does_not_hide_its_errors() -> None:
    anyio.run(_beside_the_api)


async def _beside_the_api() -> None:
    beside = Mount("/", app=PlainTextResponse("console"))
    app = create_app(ScriptedService(), routes=[beside])
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
        assert (await client.get("/anything")).text == "console"
        assert error(await client.get("/v1/nothing"))["code"] == "unknown_url"
        assert error(await client.get(CHAT))["code"] == "method_not_allowed"


# --- once only ---------------------------------------------------------------------------------


@pytest.mark.parametrize("header", ["Idempotency-Key", "X-Request-Id"])
def test_a_repeated_request_is_not_answered_twice(
    client: httpx.Client, service: ScriptedService, header: str
) -> None:
    first = client.post(CHAT, json=body(), headers={header: "r1"})
    again = client.post(CHAT, json=body(stream=True), headers={header: "r1"})
    assert len(service.asked) == 1
    assert again.headers["x-northloop-interaction"] == first.headers["x-northloop-interaction"]
    assert (
        json.loads(events(again)[1])["choices"][0]["delta"]["content"] == "Forty-five days, café."
    )
    client.post(CHAT, json=body("another"), headers={header: "r1"})
    client.post(CHAT, json=body(), headers={header: "r2"})
    client.post(CHAT, json=body())
    assert len(service.asked) == 4


def test_the_same_request_at_the_same_time_is_told_to_wait(
    client: httpx.Client, service: ScriptedService
) -> None:
    headers = {"Idempotency-Key": "r1"}
    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(client.post, CHAT, json=body("wait"), headers=headers)
        while not service.asked:
            time.sleep(0.01)
        second = client.post(CHAT, json=body("wait"), headers=headers)
        service.gate.set()
        assert first.result().status_code == 200
    assert (second.status_code, second.headers["retry-after"]) == (409, "1")
    assert error(second)["code"] == "being_answered"
    assert len(service.asked) == 1


# --- load --------------------------------------------------------------------------------------


def test_a_full_waiting_room_says_when_to_come_back(serve: Serve, service: ScriptedService) -> None:
    url = serve(HttpSettings(running=1, places=1))
    with httpx.Client(base_url=url, timeout=20) as client, ThreadPoolExecutor(1) as pool:
        inside = pool.submit(client.post, CHAT, json=body("wait"))
        while not service.asked:
            time.sleep(0.01)
        for stream in (True, False):
            refused = client.post(CHAT, json=body("another", stream=stream))
            assert refused.status_code == 429
            assert int(refused.headers["retry-after"]) >= 1
            assert error(refused)["type"] == "rate_limit_error"
        assert client.get("/healthz").status_code == 200
        assert client.get("/v1/models").status_code == 200
        service.gate.set()
        assert inside.result().status_code == 200
        # The place is free a moment after the answer has gone out.
        ends_s = time.monotonic() + 5
        while client.post(CHAT, json=body("another")).status_code != 200:
            assert time.monotonic() < ends_s
            time.sleep(0.01)


@pytest.mark.parametrize("stream", [False, True])
def test_who_leaves_holds_a_place_until_the_work_has_stopped(
    serve: Serve, service: ScriptedService, stream: bool
) -> None:
    url = serve(HttpSettings(running=1, places=2))
    with httpx.Client(base_url=url, timeout=20) as client:
        for number in range(4):
            with contextlib.suppress(httpx.TimeoutException):
                said = client.post(CHAT, json=body(f"wait {number}", stream=stream), timeout=0.3)
                assert said.status_code == 429
        assert len(service.asked) == 1, "no thread works for those who came after"
        service.gate.set()
        while client.post(CHAT, json=body("another")).status_code == 429:
            time.sleep(0.01)


def test_an_answer_is_found_by_its_completions_id_too(client: httpx.Client) -> None:
    name = client.post(CHAT, json=body("hello")).json()["id"]
    assert name.startswith("chatcmpl-")
    assert client.get(f"/v1/interactions/{name}").status_code == 200
    rated = client.post("/v1/feedback", json={"interaction_id": name, "rating": 1})
    assert rated.status_code == 201


def test_bodies_that_are_no_json_are_said_to_be_so(client: httpx.Client) -> None:
    asked = b'{"messages": [{"role": "user", "content": "%s"}], "tools": %s}'
    deep = b"[" * 5_000 + b"]" * 5_000
    for content in (asked % (b"\xff", b"[]"), asked % (b"hello", deep), b"\xff\xfe"):
        refused = client.post(CHAT, content=content)
        assert (refused.status_code, error(refused)["param"]) == (400, "body")


def test_another_sites_page_may_not_call_an_open_api(client: httpx.Client) -> None:
    for headers in ({"sec-fetch-site": "cross-site"}, {"origin": "https://evil.example"}):
        refused = client.post(CHAT, json=body("hello"), headers=headers)
        assert refused.status_code == 401
        assert "another site" in error(refused)["message"]
    own = {"sec-fetch-site": "same-origin", "origin": str(client.base_url).rstrip("/")}
    assert client.post(CHAT, json=body("hello"), headers=own).status_code == 200


# --- keys --------------------------------------------------------------------------------------


def test_scopes_and_tenants(serve: Serve, service: ScriptedService) -> None:
    made = unkept(WantedKey(tenant="north", roles=(Role.ANSWER,)))
    url = serve(keys=(unkept(WantedKey()).key, made.key))
    with httpx.Client(base_url=url) as client:
        assert client.get("/healthz").status_code == 200
        missing = client.get("/v1/models")
        assert (missing.status_code, missing.headers["www-authenticate"]) == (401, "Bearer")
        assert error(missing)["type"] == "authentication_error"
        assert (
            client.get("/v1/models", headers={"authorization": f"Basic {made.secret}"}).status_code
            == 401
        )
        client.headers["authorization"] = f"Bearer {made.secret}"
        assert client.post(CHAT, json=body()).status_code == 200
        assert service.asked[0].tenant == "north"
        lacking = client.post("/v1/feedback", json={"interaction_id": "x", "rating": 1})
        assert (lacking.status_code, error(lacking)["type"]) == (403, "permission_error")
        assert "www-authenticate" not in lacking.headers
        assert "feedback" in str(error(lacking)["message"])


# --- feedback, outcomes, interactions ----------------------------------------------------------


def test_feedback_is_kept_once(client: httpx.Client, service: ScriptedService) -> None:
    asked = client.post(CHAT, json=body()).headers["x-northloop-interaction"]
    given = {"interaction_id": asked, "rating": -1, "comment": "wrong"}
    first, again = (client.post("/v1/feedback", json=given) for _ in range(2))
    assert first.status_code == again.status_code == 201
    assert first.json() == again.json()
    (kept,) = service.feedback
    assert (kept.rating, kept.comment, kept.feedback_id) == (-1, "wrong", first.json()["id"])


@pytest.mark.parametrize(
    ("given", "status", "param"),
    [
        ({"interaction_id": "nobody", "rating": 1}, 404, None),
        ({"interaction_id": "x", "rating": 0}, 400, "rating"),
        ({"interaction_id": "x", "rating": 5}, 400, "rating"),
        ({"interaction_id": "x", "rating": 1, "stars": 5}, 400, "body"),
        ({"rating": 1}, 400, "body"),
    ],
)
def test_feedback_that_does_not_fit_is_refused(
    client: httpx.Client, given: dict[str, object], status: int, param: str | None
) -> None:
    response = client.post("/v1/feedback", json=given)
    assert response.status_code == status
    assert error(response)["param"] == param


def test_outcomes(client: httpx.Client, service: ScriptedService) -> None:
    path = "/v1/conversations/c9/outcome"
    client.post(CHAT, json=body(conversation_id="c9"))
    given = {"resolved": True, "resolution_minutes": 12.5, "csat": 4}
    assert client.post(path, json=given).status_code == 201
    assert client.post(path, json=given).status_code == 201
    (kept,) = service.outcomes
    assert (kept.conversation_id, kept.resolved, kept.resolution_minutes, kept.csat) == (
        service.workspace.opaque("c9"),
        True,
        12.5,
        4.0,
    )
    assert error(client.post(path, json={"resolved": 1}))["param"] == "resolved"
    assert error(client.post(path, json={"resolved": True, "csat": 6}))["param"] == "csat"


def test_an_outcome_says_when_and_how_long(client: httpx.Client, service: ScriptedService) -> None:
    path = "/v1/conversations/c8/outcome"
    client.post(CHAT, json=body(conversation_id="c8"))
    said = {
        **{"resolved": True, "closed_at": "2026-11-02T10:00:00+02:00", "handling_minutes": 12.5},
        **{"first_touch_at": "2026-11-02T07:30:00Z", "csat": 4, "csat_asked": True},
    }
    assert client.post(path, json=said).status_code == 201
    kept = service.outcomes[-1]
    assert kept.closed_at == "2026-11-02T08:00:00.000+00:00"
    assert kept.first_touch_at == "2026-11-02T07:30:00.000+00:00"
    assert (kept.handling_minutes, kept.csat, kept.csat_asked) == (12.5, 4.0, True)


@pytest.mark.parametrize("why", [*Gone])
def test_an_outcome_says_that_a_ticket_is_none_any_more(
    client: httpx.Client, service: ScriptedService, why: Gone
) -> None:
    path = "/v1/conversations/c6/outcome"
    client.post(CHAT, json=body(conversation_id="c6"))
    for said in ({"gone": why}, {"resolved": False, "gone": why}):
        assert client.post(path, json=said).status_code == 201
    (kept,) = service.outcomes
    assert (kept.gone, kept.resolved) == (why, False)
    for wrong in ({"resolved": True, "gone": why}, {}, {"csat": 3}, {"gone": "lost"}):
        refused = client.post(path, json=wrong)
        assert refused.status_code == 400
        assert "gone" in refused.text


def test_a_time_of_no_year_of_ours_is_the_nearest(
    client: httpx.Client, service: ScriptedService
) -> None:
    client.post(CHAT, json=body(conversation_id="c7"))
    for at, year in (("0001-01-01T00:00:00+14:00", "1990"), ("9999-12-31T23:59:59-12:00", "2100")):
        said = {"resolved": True, "closed_at": at}
        assert client.post("/v1/conversations/c7/outcome", json=said).status_code == 201
        assert service.outcomes[-1].closed_at.startswith(year)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("closed_at", "2026-11-02T10:00:00"),
        ("closed_at", "yesterday"),
        ("first_touch_at", 12),
        ("handling_minutes", -1),
        ("handling_minutes", 1e308),
        ("resolution_minutes", 1e12),
        ("csat_asked", "yes"),
    ],
)
def test_a_bad_outcome_is_refused(client: httpx.Client, field: str, value: object) -> None:
    said = {"resolved": True, field: value}
    refused = client.post("/v1/conversations/c8/outcome", json=said)
    assert refused.status_code == 400
    assert error(refused)["param"] == field


def test_an_interaction_can_be_read_with_its_trace(client: httpx.Client) -> None:
    asked = client.post(CHAT, json=body()).headers["x-northloop-interaction"]
    found = client.get(f"/v1/interactions/{asked}").json()
    assert found["trace"][0]["name"] == "generate"
    assert client.get("/v1/interactions/none").status_code == 404


# --- health and the unforeseen -----------------------------------------------------------------


def test_readiness(client: httpx.Client, service: ScriptedService) -> None:
    ready = client.get("/readyz")
    assert (ready.status_code, ready.json()["release"]) == (
        200,
        promote.live(service.workspace.records),
    )
    assert client.get("/healthz").json() == {"status": "ok"}


def test_without_space_it_is_not_ready_until_there_is_some(
    client: httpx.Client, service: ScriptedService
) -> None:
    client.post(CHAT, json=body())
    with full(service.workspace.state / "records.sqlite-wal"):
        assert client.get("/readyz").status_code == 200, "nothing has failed yet"
        refused = client.post(CHAT, json=body("another"))
        assert (refused.status_code, error(refused)["code"]) == (503, "disk_full")
        ready = client.get("/readyz")
        assert (ready.status_code, ready.json()["ready"]) == (503, False)
        assert "free some space" in ready.json()["detail"]
        assert str(service.workspace.state) not in ready.text
    assert client.get("/readyz").status_code == 200
    assert client.post(CHAT, json=body("another")).status_code == 200


def test_before_anything_is_live_questions_get_503_with_the_reason(serve: Serve) -> None:
    nothing_live = ScriptedService(is_live=False)
    with httpx.Client(base_url=serve(opened=nothing_live)) as client:
        ready = client.get("/readyz")
        assert (ready.status_code, ready.json()["ready"]) == (503, False)
        assert "no release is live" in ready.json()["detail"]
        for more in ({}, {"stream": True}, {"model": None}, {"model": None, "max_tokens": 5}):
            refused = client.post(CHAT, json=body(**more))
            assert (refused.status_code, error(refused)["code"]) == (503, "not_ready")
            assert "no release is live" in str(error(refused)["message"])
        assert client.get("/v1/models").json()["data"] == []
        assert client.get("/healthz").status_code == 200
    nothing_live.close()


def test_in_a_folder_without_a_workspace_too(serve: Serve, tmp_path: Path) -> None:
    lazy = LazyWorkspace(tmp_path)
    with httpx.Client(base_url=serve(opened=lazy.workspace)) as client:
        for response in (
            client.post(CHAT, json=body()),
            client.get("/v1/models"),
            client.get("/v1/interactions/x"),
        ):
            assert (response.status_code, error(response)["code"]) == (503, "not_ready")
            assert "no workspace here yet" in str(error(response)["message"])
            assert str(tmp_path) not in response.text
        assert "no workspace here yet" in client.get("/readyz").json()["detail"]
        assert client.get("/healthz").status_code == 200
        assert [*tmp_path.iterdir()] == []
        (tmp_path / FILE_NAME).write_text("# as it comes\n")
        assert "no release is live" in client.get("/readyz").json()["detail"]
    lazy.close()


@pytest.mark.parametrize("stream", [True, False])
def test_a_bug_is_a_plain_500_and_logs_no_words_of_the_customer(
    client: httpx.Client, caplog: pytest.LogCaptureFixture, stream: bool
) -> None:
    with caplog.at_level(logging.DEBUG):
        response = client.post(CHAT, json=body("bug: my card is 4111", stream=stream))
    assert response.status_code == 500
    assert error(response)["code"] == "internal_error"
    assert "4111" not in response.text
    assert "4111" not in caplog.text
    assert "unforeseen ValueError" in caplog.text
