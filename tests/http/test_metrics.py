"""What is counted and measured, as Prometheus reads it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families

from northloop.app.keys import WantedKey, unkept
from northloop.core.actor import Role
from northloop.core.costs import Prices
from northloop.core.errors import NotReady
from northloop.core.interaction import ReviewItem
from northloop.http.app import HttpSettings
from northloop.loop.promote import live_pair
from northloop.workspace import Workspace
from scripted_service import ScriptedService

Serve = Callable[..., str]
Samples = dict[tuple[str, tuple[str, ...]], float]
CHAT = "/v1/chat/completions"


@pytest.fixture
def client(serve: Serve) -> Iterator[httpx.Client]:
    """A client of a server that has counted nothing yet."""
    with httpx.Client(base_url=serve(), timeout=20) as client:
        yield client


def body(text: str, **more: object) -> dict[str, object]:
    return {"messages": [{"role": "user", "content": text}], **more}


def scraped(client: httpx.Client) -> Samples:
    """Return the samples of a scrape by name and label values, these in order of their names."""
    response = client.get("/metrics")
    assert response.status_code == 200
    assert response.headers["content-type"].startswith("text/plain; version=")
    return {
        (sample.name, tuple(sample.labels[name] for name in sorted(sample.labels))): sample.value
        for family in text_string_to_metric_families(response.text)
        for sample in family.samples
    }


def of(samples: Samples, name: str, *labels: str) -> float:
    return samples.get((f"northloop_{name}", labels), 0.0)


def test_requests_are_counted_by_address_and_status(client: httpx.Client) -> None:
    client.post(CHAT, json=body("known"))
    client.post(CHAT, json=body("known", n=2))
    client.get("/v1/models/northloop")
    client.get("/v1/models/gpt-9")
    client.get("/nothing/of/ours")
    client.get(CHAT)
    samples = scraped(client)
    counted = {
        labels: value
        for (name, labels), value in samples.items()
        if name == "northloop_http_requests_total"
    }
    assert counted == {
        (CHAT, "200"): 1,
        (CHAT, "400"): 1,
        (CHAT, "405"): 1,
        ("/v1/models/{model_id:path}", "200"): 1,
        ("/v1/models/{model_id:path}", "404"): 1,
        ("", "404"): 1,
    }
    assert of(samples, "http_request_seconds_count", CHAT) == 3
    assert 0 < of(samples, "http_request_seconds_sum", CHAT) < 20
    assert of(scraped(client), "http_requests_total", "/metrics", "200") == 1


@pytest.mark.parametrize("stream", [False, True])
def test_answers_are_counted_by_where_they_come_from(client: httpx.Client, stream: bool) -> None:
    for text in ("How long?", "a human"):
        client.post(CHAT, json=body(text, stream=stream)).read()
    samples = scraped(client)
    # Labels in the order of their names: arm, handoff, source, treatment.
    assert of(samples, "answers_total", "", "", "generated", "") == 1
    assert of(samples, "answers_total", "", "asked_for_human", "handoff", "") == 1
    assert of(samples, "answer_seconds_count", "", "generated") == 1
    assert of(samples, "answer_seconds_sum", "", "generated") == pytest.approx(0.012)


def test_who_generates_or_waits_for_it_is_told(
    client: httpx.Client, service: ScriptedService
) -> None:
    with ThreadPoolExecutor(2) as pool:
        inside = [pool.submit(client.post, CHAT, json=body(f"wait {n}")) for n in range(2)]
        until(lambda: len(service.asked) == 2)
        assert of(scraped(client), "generations_waiting") == 2
        service.gate.set()
        assert {done.result().status_code for done in inside} == {200}
    until(lambda: of(scraped(client), "generations_waiting") == 0)


def until(holds: Callable[[], bool]) -> None:
    ends_s = time.monotonic() + 10
    while not holds():
        assert time.monotonic() < ends_s
        time.sleep(0.01)


def test_what_lies_in_the_records_is_read_from_there(
    client: httpx.Client, service: ScriptedService
) -> None:
    client.post(CHAT, json=body("How long?"))
    name = next(iter(service.kept))
    records = service.workspace.records
    drawn = records.count(ReviewItem)
    item = ReviewItem(review_id="r1", interaction_id=name, at="", probability=1.0, uniform=True)
    records.add(item)
    samples = scraped(client)
    pair = live_pair(service.workspace.artefacts, records)
    assert pair is not None
    assert of(samples, "live_info", pair.knowledge, pair.release) == 1
    assert of(samples, "ready") == 1
    assert of(samples, "answers_kept") == 1
    assert of(samples, "reviews_waiting") == drawn + 1
    assert of(samples, "answers_reviewed") == 0


def test_a_scrape_tells_also_where_nothing_can_be_answered(serve: Serve) -> None:
    def nowhere() -> Workspace:
        raise NotReady("there is no workspace")

    with httpx.Client(base_url=serve(opened=nowhere)) as client:
        assert client.post(CHAT, json=body("How long?")).status_code == 503
        samples = scraped(client)
    assert of(samples, "ready") == 0
    assert of(samples, "http_requests_total", CHAT, "503") == 1
    assert not any(name == "northloop_live_info" for name, _ in samples)


def test_openmetrics_is_spoken_too(client: httpx.Client) -> None:
    accept = {"accept": "application/openmetrics-text; version=1.0.0"}
    response = client.get("/metrics", headers=accept)
    assert response.headers["content-type"].startswith("application/openmetrics-text")
    assert response.text.endswith("# EOF\n")


@pytest.fixture
def keyed(serve: Serve) -> Iterator[Callable[[WantedKey], httpx.Client]]:
    clients: list[httpx.Client] = []

    def client(wanted: WantedKey) -> httpx.Client:
        made = unkept(wanted)
        headers = {"authorization": f"Bearer {made.secret}"}
        clients.append(httpx.Client(base_url=serve(keys=(made.key,)), headers=headers))
        return clients[-1]

    yield client
    for one in clients:
        one.close()


def test_metrics_tell_of_all_tenants_so_a_key_needs_their_scope(
    keyed: Callable[[WantedKey], httpx.Client],
) -> None:
    usual = keyed(WantedKey()).get("/metrics")
    assert usual.status_code == 403
    assert "metrics" in usual.json()["error"]["message"]
    watcher = keyed(WantedKey(roles=(Role.METRICS,)))
    assert watcher.get("/metrics").status_code == 200
    assert watcher.get("/v1/models").status_code == 403


def test_no_text_of_a_caller_is_in_the_metrics(client: httpx.Client) -> None:
    client.post(CHAT, json=body("the secret word", user="ada", conversation_id="c-ada"))
    client.get("/v1/models/secret")
    client.get("/secret")
    text = client.get("/metrics").text
    assert "secret" not in text
    assert "ada" not in text


def test_what_answers_cost_is_told_where_a_price_is_set_alone(serve: Serve) -> None:
    url = serve(HttpSettings(prices=Prices(million_out=1_000_000.0)))
    with httpx.Client(base_url=url, timeout=20) as priced:
        for _ in range(3):
            priced.post(CHAT, json=body("known"))
        samples = scraped(priced)
    assert of(samples, "tokens_total", "out") == 21
    assert of(samples, "cost_total", "generated") == 21


def test_what_is_only_said_again_costs_nothing_again(client: httpx.Client) -> None:
    for _ in range(3):
        client.post(CHAT, json=body("known"), headers={"Idempotency-Key": "once"})
        time.sleep(0.002)  # a time is kept in milliseconds
    samples = scraped(client)
    assert of(samples, "tokens_total", "out") == 7


def test_without_a_price_there_is_no_cost(client: httpx.Client) -> None:
    client.post(CHAT, json=body("known"))
    samples = scraped(client)
    assert of(samples, "tokens_total", "out") == 7
    assert not [name for name, _ in samples if name.startswith("northloop_cost")]
