"""Every parameter of a chat completion, by the table in docs/api.md: honoured, refused or named."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple, get_type_hints

import httpx
import pytest

from later import openai, openai_parameters
from northloop.http import parameters
from northloop.http.app import HttpSettings
from scripted_service import ScriptedService

Serve = Callable[..., str]
QUESTION = [{"role": "user", "content": "How long can I return a tent?"}]
TOOL = {"type": "function", "function": {"name": "f", "parameters": {}}}
SYSTEM = [{"role": "system", "content": "Answer in French."}, *QUESTION]


@pytest.fixture
def ai(usual: str) -> Iterator[openai.OpenAI]:
    with openai.OpenAI(base_url=f"{usual}/v1", api_key="none", max_retries=0) as client:
        yield client


class Row(NamedTuple):
    """A row of the table in docs/api.md."""

    parameter: str
    value: object
    fate: str
    """"honoured", "ignored" or a status."""
    named: str
    """What the answer calls it."""
    why: str


DOC = Path(__file__).parents[2] / "docs" / "api.md"
_ROW = re.compile(
    r"\| `(?P<name>\w+)` \| `(?P<value>.+)` "
    r"\| (?P<fate>honoured|ignored|\d{3})(?:: `(?P<named>[^`]+)`)? \| (?P<why>.+) \|"
)


def rows() -> list[Row]:
    """Return the table that is in the documentation, in order."""
    found = [_ROW.fullmatch(line) for line in DOC.read_text("utf-8").splitlines()]
    return [
        Row(m["name"], json.loads(m["value"]), m["fate"], m["named"] or m["name"], m["why"])
        for m in found
        if m
    ]


TABLE = rows()


def ignored_in(answered: httpx.Response) -> list[str]:
    """Return what an answer, whole or streamed, names as ignored."""
    if answered.headers["content-type"] == "application/json":
        return list(answered.json()["northloop"]["ignored"])
    last = [line for line in answered.text.splitlines() if "northloop" in line][-1]
    return list(json.loads(last.removeprefix("data: "))["northloop"]["ignored"])


@pytest.mark.parametrize("row", TABLE, ids=[f"{r.fate} {r.parameter} {r.named}" for r in TABLE])
def test_what_the_table_says_happens(
    client: httpx.Client, service: ScriptedService, row: Row
) -> None:
    sent = {"model": "northloop", "messages": QUESTION, row.parameter: row.value}
    answered = client.post("/v1/chat/completions", json=sent)
    assert row.why.strip()
    if row.fate.isdecimal():
        assert answered.status_code == int(row.fate)
        error = answered.json()["error"]
        assert error["param"] == (row.named if row.fate == "400" else None)
        assert "→" in error["message"], "it says what to do"
        assert service.asked == []
        return
    assert answered.status_code == 200
    names = [row.named] if row.fate == "ignored" else []
    assert ignored_in(answered) == names
    assert answered.headers.get("x-northloop-ignored", "") == ", ".join(names)


def test_the_table_has_every_parameter_that_the_client_knows() -> None:
    """A parameter that is new in the client shall get its row."""
    typed = {*get_type_hints(openai_parameters.CompletionCreateParamsNonStreaming)}
    typed |= {*get_type_hints(openai_parameters.CompletionCreateParamsStreaming)}
    assert len(typed) > 30
    assert typed - {row.parameter for row in TABLE} == set()
    decided = {*parameters.REFUSED, *parameters.WITHOUT_EFFECT, *parameters.WHY, "messages"}
    assert typed - decided == set()


@pytest.mark.parametrize(
    ("fate", "names"),
    [
        ("400", parameters.REFUSED),
        ("ignored", parameters.WITHOUT_EFFECT),
        ("honoured", parameters.WHY),
    ],
)
def test_the_table_and_the_code_name_the_same(fate: str, names: Mapping[str, str]) -> None:
    shown = {row.parameter for row in TABLE if row.fate == fate}
    assert set(names) <= shown
    assert {row.parameter for row in TABLE} <= {
        *("messages", *parameters.REFUSED, *parameters.WITHOUT_EFFECT, *parameters.WHY)
    }


NOTHING = [
    {"frequency_penalty": 0, "presence_penalty": 0.0},
    {"logit_bias": {}, "logprobs": False, "stop": [], "tools": [], "functions": []},
    {"stop": None, "temperature": None, "max_tokens": None, "tools": None},
    {"tools": [TOOL], "tool_choice": "none"},
    {"functions": [{"name": "f"}], "function_call": "none"},
    {"parallel_tool_calls": False},
    {"seed": 7.0, "max_tokens": 96.0, "n": 1.0},
]


@pytest.mark.parametrize("given", NOTHING)
def test_what_asks_for_nothing_is_taken(ai: openai.OpenAI, given: dict[str, object]) -> None:
    done = asked(ai, given)
    assert done.choices[0].message.content == "Forty-five days, café."
    assert done.northloop["ignored"] == []


def asked(ai: openai.OpenAI, given: dict[str, object]) -> openai.types.chat.ChatCompletion:
    return ai.chat.completions.create(**{"model": "northloop", "messages": QUESTION, **given})


def test_the_client_sees_what_is_refused_and_what_is_ignored(ai: openai.OpenAI) -> None:
    with pytest.raises(openai.BadRequestError) as caught:
        asked(ai, {"stop": ["x", "y"]})
    assert caught.value.param == "stop"
    wanted = {"model": "northloop", "messages": QUESTION, "extra_body": {"top_k": 40}}
    raw = ai.chat.completions.with_raw_response.create(**wanted)
    assert raw.headers["x-northloop-ignored"] == "top_k"
    assert raw.parse().northloop["ignored"] == ["top_k"]


@pytest.mark.parametrize("role", ["system", "developer"])
def test_instructions_are_context(
    client: httpx.Client, service: ScriptedService, role: str
) -> None:
    messages = [{"role": role, "content": "Be brief."}, *QUESTION]
    answered = client.post("/v1/chat/completions", json={"messages": messages})
    assert answered.status_code == 200
    assert [m.role for m in service.asked[0].messages] == ["system", "user"]


def test_instructions_are_refused_where_the_server_says_so(
    serve: Serve, service: ScriptedService
) -> None:
    url = serve(HttpSettings(system_messages="refuse"))
    with openai.OpenAI(base_url=f"{url}/v1", api_key="none") as ai:
        with pytest.raises(openai.BadRequestError) as caught:
            asked(ai, {"messages": SYSTEM})
        assert caught.value.param == "messages[0]"
    assert service.asked == []


def test_instructions_are_ignored_where_the_server_says_so(serve: Serve) -> None:
    url = serve(HttpSettings(system_messages="ignore"))
    with openai.OpenAI(base_url=f"{url}/v1", api_key="none") as ai:
        assert asked(ai, {"messages": SYSTEM}).northloop["ignored"] == ["messages[0]"]
        empty = [{"role": "system", "content": ""}, *QUESTION]
        assert asked(ai, {"messages": empty}).northloop["ignored"] == []


def test_a_limit_counts_without_a_models_name_too(client: httpx.Client) -> None:
    refused = client.post("/v1/chat/completions", json={"messages": QUESTION, "max_tokens": 5})
    assert (refused.status_code, refused.json()["error"]["param"]) == (400, "max_tokens")


def test_what_stands_deeper_is_named_too(client: httpx.Client) -> None:
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
    done = client.post("/v1/chat/completions", json=sent)
    assert done.status_code == 200
    assert done.json()["northloop"]["ignored"] == [
        "top_p",
        "stream_options.include_obfuscation",
        "messages[0].audio",
        "messages[1].content[0].cache_control",
    ]


def test_no_name_gets_into_the_headers_as_it_likes(client: httpx.Client) -> None:
    body = {"messages": QUESTION, "a\r\nset-cookie: x": 1, "ü": 1, "b" * 100: 1, "fine": 1}
    done = client.post("/v1/chat/completions", json=body)
    assert done.headers["x-northloop-ignored"] == f"{'b' * 64}, fine"
    assert "set-cookie" not in done.headers
    assert len(done.json()["northloop"]["ignored"]) == 4
