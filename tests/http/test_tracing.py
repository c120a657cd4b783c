"""Answers in the traces of their callers: taken over, kept, found again, and told of."""

from __future__ import annotations

import socket
from collections.abc import Callable

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families

from northloop.app import keys
from northloop.app.keys import WantedKey
from northloop.core.actor import team
from northloop.http.app import HttpSettings
from receivers import Receiver
from scripted_service import ScriptedService
from spans_received import Told, told

Serve = Callable[..., str]
CHAT = "/v1/chat/completions"
TRACE, CALLER = "4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7"
HEADER = {"traceparent": f"00-{TRACE}-{CALLER}-01"}


def body(text: str, **more: object) -> dict[str, object]:
    return {"messages": [{"role": "user", "content": text}], **more}


def traced(receiver: Receiver, monkeypatch: pytest.MonkeyPatch) -> ScriptedService:
    monkeypatch.setenv(
        "NORTHLOOP_TELEMETRY__OTLP", f"http://127.0.0.1:{receiver.server.server_port}"
    )
    return ScriptedService()


def spans(service: ScriptedService, receiver: Receiver) -> list[Told]:
    """Return what the receiver was told until the workspace was closed."""
    service.close()
    return told(receiver.got)


def counted(client: httpx.Client) -> dict[str, float]:
    families = text_string_to_metric_families(client.get("/metrics").text)
    return {
        sample.labels["outcome"]: sample.value
        for family in families
        for sample in family.samples
        if sample.name == "northloop_spans_total"
    }


@pytest.mark.parametrize("stream", [False, True])
def test_an_answer_is_below_its_callers_span_and_found_by_the_trace(
    serve: Serve, receiver: Receiver, monkeypatch: pytest.MonkeyPatch, stream: bool
) -> None:
    service = traced(receiver, monkeypatch)
    url = serve(HttpSettings(traced=True), opened=service)
    with httpx.Client(base_url=url, timeout=20) as client:
        answered = client.post(CHAT, json=body("How long?", stream=stream), headers=HEADER)
        assert answered.headers["x-northloop-trace"] == TRACE
        name = answered.headers["x-northloop-interaction"]
        found = client.get(f"/v1/interactions/{TRACE}").json()
        assert (found["interaction_id"], found["trace_id"]) == (name, TRACE)
        assert client.get(f"/v1/interactions/{'a' * 32}").status_code == 404
    whole, *steps = sorted(spans(service, receiver), key=lambda s: s.parent_id != CALLER)
    assert (whole.trace_id, whole.parent_id) == (TRACE, CALLER)
    assert whole.name == "invoke_agent northloop"
    assert whole.attributes["northloop.interaction"] == name
    assert [step.name for step in steps] == ["chat"]


def test_a_trace_begins_here_where_the_caller_has_none(
    serve: Serve, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    service = traced(receiver, monkeypatch)
    url = serve(HttpSettings(traced=True), opened=service)
    with httpx.Client(base_url=url, timeout=20) as client:
        names = [
            client.post(CHAT, json=body("How long?")).headers["x-northloop-trace"] for _ in range(2)
        ]
    assert len({*names}) == 2
    found = [span.trace_id for span in spans(service, receiver) if span.name != "chat"]
    assert found == names


def test_what_goes_wrong_is_told_by_its_kind_alone(
    serve: Serve, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    service = traced(receiver, monkeypatch)
    url = serve(HttpSettings(traced=True), opened=service)
    with httpx.Client(base_url=url, timeout=20) as client:
        assert client.post(CHAT, json=body("down"), headers=HEADER).status_code == 503
        assert client.post(CHAT, json=body("a bug"), headers=HEADER).status_code == 500
    found = spans(service, receiver)
    assert [span.attributes["error.type"] for span in found] == ["RemoteUnavailable", "ValueError"]
    assert all(span.failed and span.trace_id == TRACE for span in found)
    assert b"secret words" not in b"".join(data for _, data in receiver.got)


def test_who_leaves_is_told_of_too(
    serve: Serve, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    service = traced(receiver, monkeypatch)
    url = serve(HttpSettings(traced=True), opened=service)
    with (
        httpx.Client(base_url=url, timeout=20) as client,
        client.stream("POST", CHAT, json=body("endless", stream=True)) as answer,
    ):
        next(answer.iter_lines())
    assert service.live.stopped.wait(20)
    (span,) = spans(service, receiver)
    assert span.attributes["error.type"] == "client_gone"


def test_the_callers_trace_is_kept_where_nobody_is_told_of_spans(client: httpx.Client) -> None:
    answered = client.post(CHAT, json=body("How long?"), headers=HEADER)
    assert answered.headers["x-northloop-trace"] == TRACE
    assert client.get(f"/v1/interactions/{TRACE}").status_code == 200
    assert "x-northloop-trace" not in client.post(CHAT, json=body("How long?")).headers
    broken = client.post(CHAT, json=body("How long?"), headers={"traceparent": "00-x"})
    assert broken.status_code == 200
    assert "x-northloop-trace" not in broken.headers
    assert counted(client) == {}


def test_a_trace_of_another_tenant_does_not_exist(service: ScriptedService, serve: Serve) -> None:
    secrets = [
        keys.create(service.workspace, team(), WantedKey(tenant=name)).secret
        for name in ("north", "south")
    ]
    made = keys.known(service.workspace)
    with httpx.Client(base_url=serve(keys=made), timeout=20) as client:
        north, south = ({"authorization": f"Bearer {secret}"} for secret in secrets)
        client.post(CHAT, json=body("How long?"), headers=HEADER | north)
        assert client.get(f"/v1/interactions/{TRACE}", headers=north).status_code == 200
        assert client.get(f"/v1/interactions/{TRACE}", headers=south).status_code == 404
        client.post(CHAT, json=body("How long?"), headers=HEADER | south)
        seen = client.get(f"/v1/interactions/{TRACE}", headers=north).json()
        assert seen["tenant"] == "north"


def test_a_receiver_that_is_away_costs_no_answer_and_is_seen_in_the_metrics(
    serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        away = f"http://127.0.0.1:{free.getsockname()[1]}"
    monkeypatch.setenv("NORTHLOOP_TELEMETRY__OTLP", away)
    monkeypatch.setenv("OTEL_BSP_MAX_QUEUE_SIZE", "2")
    monkeypatch.setenv("OTEL_BSP_SCHEDULE_DELAY", "600000")
    service = ScriptedService()
    url = serve(HttpSettings(traced=True), opened=service)
    with httpx.Client(base_url=url, timeout=20) as client:
        for _ in range(8):
            assert client.post(CHAT, json=body("known")).status_code == 200
        lost = counted(client)
    assert lost["exported"] == 0
    assert lost["dropped"] >= 4
    service.close()
