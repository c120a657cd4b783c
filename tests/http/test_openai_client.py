"""The official client, unchanged, against a real server."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from later import openai
from northloop.app.keys import WantedKey, unkept
from scripted_service import ScriptedService

Serve = Callable[..., str]
QUESTION = [{"role": "user", "content": "How long can I return a tent?"}]


@pytest.fixture
def ai(serve: Serve) -> Iterator[openai.OpenAI]:
    with openai.OpenAI(base_url=f"{serve()}/v1", api_key="none", max_retries=0) as client:
        yield client


def test_plain(ai: openai.OpenAI, service: ScriptedService) -> None:
    raw = ai.chat.completions.with_raw_response.create(
        model="northloop", messages=QUESTION, temperature=0.7, user="ada", max_tokens=96
    )
    done = raw.parse()
    assert done.choices[0].message.content == "Forty-five days, café."
    assert done.choices[0].finish_reason == "stop"
    assert done.choices[0].message.role == "assistant"
    assert done.model == "northloop"
    assert done.usage is not None
    assert done.usage.completion_tokens == 7
    assert done.usage.total_tokens == done.usage.prompt_tokens + 7
    kept = next(iter(service.kept.values()))
    assert raw.headers["x-northloop-interaction"] == kept.interaction_id
    assert raw.headers["x-northloop-source"] == "generated"
    assert done.northloop["citations"] == ["returns#1"]
    assert done.northloop["handoff"] is None
    assert kept.customer_id == service.workspace.opaque("ada")
    assert kept.conversation_id == kept.interaction_id


def test_streaming(ai: openai.OpenAI, service: ScriptedService) -> None:
    name = ai.models.list().data[1].id
    chunks = list(
        ai.chat.completions.create(
            model=name,
            messages=QUESTION,
            stream=True,
            stream_options={"include_usage": True},
            extra_body={"conversation_id": "c7"},
        )
    )
    assert chunks[0].choices[0].delta.role == "assistant"
    texts = [c.choices[0].delta.content for c in chunks if c.choices]
    assert texts == ["", "Forty-five", " days", ", café.", None]
    reasons = [c.choices[0].finish_reason for c in chunks if c.choices]
    assert reasons == [None, None, None, None, "stop"]
    assert chunks[-2].northloop["conversation_id"] == "c7"
    assert chunks[-1].choices == []
    assert chunks[-1].usage is not None
    assert chunks[-1].usage.completion_tokens == 7
    assert {c.id for c in chunks} == {f"chatcmpl-{next(iter(service.kept))}"}
    assert {c.model for c in chunks} == {name}


def test_the_accumulating_stream_helper(ai: openai.OpenAI) -> None:
    with ai.chat.completions.stream(model="northloop", messages=QUESTION) as stream:
        for _ in stream:
            pass
        done = stream.get_final_completion()
    assert done.choices[0].message.content == "Forty-five days, café."


def test_models(ai: openai.OpenAI) -> None:
    live, short = (model.id for model in ai.models.list())
    assert (live, len(short)) == ("northloop", 8)
    assert ai.models.retrieve("northloop").owned_by == "northloop"
    with pytest.raises(openai.NotFoundError, match=f"use one of: northloop, {short}"):
        ai.models.retrieve("gpt/4")
    with pytest.raises(openai.NotFoundError, match="gpt-9: there is no such model"):
        ai.chat.completions.create(model="gpt-9", messages=QUESTION)


def test_errors_have_the_clients_own_types(ai: openai.OpenAI) -> None:
    with pytest.raises(openai.BadRequestError) as caught:
        ai.chat.completions.create(model="northloop", messages=QUESTION, n=2)
    assert caught.value.param == "n"
    with pytest.raises(openai.APIStatusError) as down:
        ai.chat.completions.create(
            model="northloop", messages=[{"role": "user", "content": "down"}]
        )
    assert down.value.status_code == 503
    assert down.value.code == "remote_unavailable"


def test_an_error_after_the_first_text_reaches_the_client(ai: openai.OpenAI) -> None:
    stream = ai.chat.completions.create(
        model="northloop", messages=[{"role": "user", "content": "it breaks"}], stream=True
    )
    said = []
    with pytest.raises(openai.APIError, match="something that the server depends on"):
        said.extend(chunk.choices[0].delta.content for chunk in stream)
    assert said == ["", "Forty-five"]


def test_keys(serve: Serve) -> None:
    made = unkept(WantedKey())
    base_url = f"{serve(keys=(made.key,))}/v1"
    with openai.OpenAI(base_url=base_url, api_key=made.secret) as client:
        assert client.models.list().data
    with (
        openai.OpenAI(base_url=base_url, api_key="nl_wrong") as client,
        pytest.raises(openai.AuthenticationError, match="not known"),
    ):
        client.models.list()
