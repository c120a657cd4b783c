"""Every parameter of a chat completion, with the official client: honoured, refused or named."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import httpx
import openai
import pytest
from openai.types.chat.completion_create_params import CompletionCreateParamsNonStreaming

from northloop.http.app import HttpSettings
from scripted_service import ScriptedService

Serve = Callable[..., str]
QUESTION = [{"role": "user", "content": "How long can I return a tent?"}]
TOOL = {"type": "function", "function": {"name": "f", "parameters": {}}}
SYSTEM = [{"role": "system", "content": "Answer in French."}, *QUESTION]


@pytest.fixture
def ai(serve: Serve) -> Iterator[openai.OpenAI]:
    with openai.OpenAI(base_url=f"{serve()}/v1", api_key="none", max_retries=0) as client:
        yield client


HONOURED = [
    {"temperature": 0},
    {"top_p": 1},
    {"n": 1},
    {"seed": 7},
    {"max_tokens": 96},
    {"max_tokens": 1024},
    {"max_completion_tokens": 1024},
    {"frequency_penalty": 0, "presence_penalty": 0.0},
    {"logit_bias": {}, "logprobs": False, "stop": [], "tools": [], "functions": []},
    {"stop": None, "temperature": None, "max_tokens": None, "tools": None},
    {"tools": [TOOL], "tool_choice": "none"},
    {"functions": [{"name": "f"}], "function_call": "none"},
    {"tool_choice": "auto"},
    {"parallel_tool_calls": True},
    {"parallel_tool_calls": False},
    {"response_format": {"type": "text"}},
    {"modalities": ["text"]},
    {"store": True},
    {"service_tier": "auto"},
    {"user": "ada", "safety_identifier": "ada"},
]
REFUSED = [
    ("stop", {"stop": "\n"}),
    ("stop", {"stop": ["x", "y"]}),
    ("n", {"n": 2}),
    ("n", {"n": 0}),
    ("logprobs", {"logprobs": True}),
    ("top_logprobs", {"top_logprobs": 3}),
    ("logit_bias", {"logit_bias": {"50256": -100}}),
    ("tools", {"tools": [TOOL]}),
    ("tools", {"tools": [TOOL], "tool_choice": "auto"}),
    ("tool_choice", {"tool_choice": "required"}),
    ("tool_choice", {"tool_choice": {"type": "function", "function": {"name": "f"}}}),
    ("functions", {"functions": [{"name": "f"}]}),
    ("function_call", {"function_call": {"name": "f"}}),
    ("response_format", {"response_format": {"type": "json_object"}}),
    ("response_format", {"response_format": {"type": "json_schema", "json_schema": {"name": "s"}}}),
    ("modalities", {"modalities": ["text", "audio"]}),
    ("audio", {"audio": {"voice": "alloy", "format": "wav"}}),
    ("web_search_options", {"web_search_options": {"search_context_size": "low"}}),
    ("max_tokens", {"max_tokens": 95}),
    ("max_tokens", {"max_tokens": 1}),
    ("max_completion_tokens", {"max_completion_tokens": 5}),
    ("temperature", {"temperature": 3}),
    ("messages[0]", {"messages": SYSTEM}),
    ("messages[0]", {"messages": [{"role": "developer", "content": "Be brief."}, *QUESTION]}),
    (
        "messages[1].tool_calls",
        {
            "messages": [
                QUESTION[0],
                {"role": "assistant", "tool_calls": [{"id": "c", **TOOL}]},
                {"role": "tool", "tool_call_id": "c", "content": "42"},
                QUESTION[0],
            ]
        },
    ),
    (
        "messages[0].role",
        {"messages": [{"role": "tool", "tool_call_id": "c", "content": "42"}, *QUESTION]},
    ),
    (
        "messages[0].role",
        {"messages": [{"role": "function", "name": "f", "content": "42"}, *QUESTION]},
    ),
]
NAMED = [
    ("temperature", {"temperature": 0.7}),
    ("temperature", {"temperature": 1}),
    ("top_p", {"top_p": 0.9}),
    ("frequency_penalty", {"frequency_penalty": 0.5}),
    ("presence_penalty", {"presence_penalty": -1}),
    ("reasoning_effort", {"reasoning_effort": "low"}),
    ("verbosity", {"verbosity": "low"}),
    ("service_tier", {"service_tier": "flex"}),
    ("store", {"store": False}),
    ("metadata", {"metadata": {"a": "b"}}),
    ("prediction", {"prediction": {"type": "content", "content": "x"}}),
    ("prompt_cache_key", {"prompt_cache_key": "k"}),
    ("top_k", {"extra_body": {"top_k": 40}}),
    ("messages[0].name", {"messages": [{**QUESTION[0], "name": "ada"}]}),
]


def asked(ai: openai.OpenAI, given: dict[str, object]) -> openai.types.chat.ChatCompletion:
    return ai.chat.completions.create(**{"model": "northloop", "messages": QUESTION, **given})


@pytest.mark.parametrize("given", HONOURED)
def test_honoured(ai: openai.OpenAI, given: dict[str, object]) -> None:
    done = asked(ai, given)
    assert done.choices[0].message.content == "Forty-five days, café."
    assert done.northloop["ignored"] == []


@pytest.mark.parametrize(("param", "given"), REFUSED)
def test_refused(
    ai: openai.OpenAI, service: ScriptedService, param: str, given: dict[str, object]
) -> None:
    with pytest.raises(openai.BadRequestError) as caught:
        asked(ai, given)
    assert caught.value.param == param
    assert "→" in caught.value.message, "it says what to do"
    assert service.asked == []


@pytest.mark.parametrize(("name", "given"), NAMED)
def test_named_as_ignored(ai: openai.OpenAI, name: str, given: dict[str, object]) -> None:
    wanted = {"model": "northloop", "messages": QUESTION, **given}
    raw = ai.chat.completions.with_raw_response.create(**wanted)
    assert raw.headers["x-northloop-ignored"] == name
    assert raw.parse().northloop["ignored"] == [name]
    with ai.chat.completions.with_streaming_response.create(**wanted, stream=True) as streamed:
        assert streamed.headers["x-northloop-ignored"] == name
        chunks = list(streamed.parse())
    assert chunks[-1].northloop["ignored"] == [name]


def test_instructions_are_ignored_where_the_server_says_so(serve: Serve) -> None:
    url = serve(HttpSettings(system_messages="ignore"))
    with openai.OpenAI(base_url=f"{url}/v1", api_key="none") as ai:
        assert asked(ai, {"messages": SYSTEM}).northloop["ignored"] == ["messages[0]"]
        empty = [{"role": "system", "content": ""}, *QUESTION]
        assert asked(ai, {"messages": empty}).northloop["ignored"] == []


def test_a_limit_counts_without_a_models_name_too(serve: Serve) -> None:
    refused = httpx.post(
        f"{serve()}/v1/chat/completions", json={"messages": QUESTION, "max_tokens": 5}
    )
    assert (refused.status_code, refused.json()["error"]["param"]) == (400, "max_tokens")


def test_what_stands_deeper_is_named_too(serve: Serve) -> None:
    part = {"type": "text", "text": "How long?", "cache_control": {"type": "ephemeral"}}
    refused = {"type": "refusal", "refusal": "I cannot say."}
    sent = {
        "messages": [
            {"role": "assistant", "content": [refused], "audio": {"id": "a"}},
            {"role": "user", "content": [part]},
        ],
        "stream_options": {"include_obfuscation": True},
        "top_p": 0,
        "model": None,
        "stream": None,
        "user": None,
    }
    done = httpx.post(f"{serve()}/v1/chat/completions", json=sent)
    assert done.status_code == 200
    assert done.json()["northloop"]["ignored"] == [
        "top_p",
        "stream_options.include_obfuscation",
        "messages[0].audio",
        "messages[1].content[0].cache_control",
    ]


def test_no_name_gets_into_the_headers_as_it_likes(serve: Serve) -> None:
    body = {"messages": QUESTION, "a\r\nset-cookie: x": 1, "ü": 1, "b" * 100: 1, "fine": 1}
    done = httpx.post(f"{serve()}/v1/chat/completions", json=body)
    assert done.headers["x-northloop-ignored"] == f"{'b' * 64}, fine"
    assert "set-cookie" not in done.headers
    assert len(done.json()["northloop"]["ignored"]) == 4


def test_nothing_that_the_client_can_send_was_forgotten() -> None:
    """A parameter that is new in the client shall get its row here and in docs/api.md."""
    known = {name for given in HONOURED for name in given}
    known |= {name for _, given in REFUSED for name in given} | {name for name, _ in NAMED}
    known |= {"model", "stream", "stream_options", "prompt_cache_retention"}
    known |= {"prompt_cache_options", "moderation"}
    sent = {*CompletionCreateParamsNonStreaming.__annotations__}
    sent |= {
        name
        for base in CompletionCreateParamsNonStreaming.__orig_bases__
        for name in getattr(base, "__annotations__", ())
    }
    assert len(sent) > 30
    assert sent <= known
