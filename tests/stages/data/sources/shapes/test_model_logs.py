"""Logs of language models: as observability tools, gateways and chains write a call."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pytest

from northloop.core.conversation import Role
from northloop.stages.data.sources import SourceFile, layout, read
from northloop.stages.data.sources.layouts.known import shaped
from northloop.stages.data.sources.shapes import named
from northloop.stages.data.sources.shapes.shape import Refused
from stages.data.sources.shapes.exported import lines, raws, refused, shape_of, written

ASKED, ANSWERED = "Where is my parcel now?", "It left our house this morning."
NAME = "Logs of a language model"
MESSAGES = [{"role": "system", "content": "You are kind."}, {"role": "user", "content": ASKED}]
REPLY = {"role": "assistant", "content": ANSWERED}
CHOICES = {"id": "c-1", "object": "chat.completion", "choices": [{"index": 0, "message": REPLY}]}

CALLS: dict[str, dict[str, Any]] = {
    "langfuse trace": {"id": "t1", "sessionId": "", "userId": "u1", "input": {"messages": MESSAGES},
                       "output": REPLY, "timestamp": "2026-11-02T10:00:00Z", "tags": []},
    "langfuse question": {"id": "t1", "input": {"question": ASKED}, "output": {"answer": ANSWERED}},
    "langfuse list": {"id": "t1", "input": MESSAGES, "output": ANSWERED},
    "tensorzero": {"id": "i1", "episode_id": "e1", "function_name": "support", "input": {
        "system": "You are kind.", "messages": [
            {"role": "user", "content": [{"type": "text", "text": ASKED}]}]},
        "output": [{"type": "text", "text": ANSWERED}]},
    "litellm": {"request_id": "r1", "end_user": "u1", "messages": MESSAGES, "response": CHOICES},
    "openpipe": {"requestedAt": "2026-11-02T10:00:00Z",
                 "reqPayload": {"model": "m", "messages": MESSAGES}, "respPayload": CHOICES},
    "helicone": {"request_body": {"messages": MESSAGES}, "response_body": CHOICES,
                 "request_created_at": "2026-11-02T10:00:00Z"},
    "anthropic": {"request": {"system": "You are kind.", "messages": MESSAGES[1:]}, "response": {
        "type": "message", "role": "assistant", "content": [
            {"type": "thinking", "thinking": "Look it up."}, {"type": "text", "text": ANSWERED}]}},
    "responses": {"request": {"instructions": "Be kind.", "input": ASKED}, "response": {
        "output": [{"type": "reasoning", "summary": []}, {"type": "message", "role": "assistant",
                    "content": [{"type": "output_text", "text": ANSWERED}]}]}},
    "gemini": {"request": {"contents": [{"role": "user", "parts": [{"text": ASKED}]}]}, "response":
        {"candidates": [{"content": {"role": "model", "parts": [{"text": ANSWERED}]}}]}},
    "langsmith": {"id": "r1", "run_type": "llm", "start_time": "2026-11-02T10:00:00Z", "inputs": {
        "messages": [[{"lc": 1, "type": "constructor", "id": ["m", "SystemMessage"],
                       "kwargs": {"content": "You are kind.", "type": "system"}},
                      {"lc": 1, "type": "constructor", "id": ["m", "HumanMessage"],
                       "kwargs": {"content": ASKED, "type": "human"}}]]},
        "outputs": {"generations": [[{"text": ANSWERED, "type": "ChatGeneration", "message": {
            "lc": 1, "type": "constructor", "kwargs": {"content": ANSWERED, "type": "ai"}}}]]}},
    "a chain": {"inputs": {"input": ASKED, "chat_history": []}, "outputs": {"output": ANSWERED}},
    "litellm's proxy": {"messages": {}, "proxy_server_request": {"messages": MESSAGES},
                        "response": CHOICES},
    "dialogflow cx": {"conversation_name": "projects/p/sessions/s1", "turn_position": 1,
        "request": {"queryInput": {"text": {"text": ASKED}, "languageCode": "en"}},
        "response": {"queryResult": {"text": ASKED, "responseMessages": [
            {"text": {"text": [ANSWERED]}}, {"endInteraction": {}}]}}},
    "openinference, flat": {"name": "llm", "attributes": {
        "openinference.span.kind": "LLM", "input.value": "{}", "session.id": "s1",
        "llm.input_messages.0.message.role": "system",
        "llm.input_messages.0.message.content": "You are kind.",
        "llm.input_messages.1.message.role": "user",
        "llm.input_messages.1.message.contents.0.message_content.type": "text",
        "llm.input_messages.1.message.contents.0.message_content.text": ASKED,
        "llm.output_messages.0.message.role": "assistant",
        "llm.output_messages.0.message.content": ANSWERED}},
    "openinference, a table": {"span_kind": "LLM", "attributes.session.id": "s1",
        "attributes.llm.input_messages": str(
            [{"message.role": "user", "message.content": ASKED}]),
        "attributes.llm.output_messages": json.dumps(
            [{"message.role": "assistant", "message.content": ANSWERED}])},
    "openinference, a chain": {"attributes": {"input": {"value": ASKED, "mime_type": "text/plain"},
        "output": {"value": ANSWERED}, "openinference": {"span": {"kind": "CHAIN"}}}},
    "otlp": {"resourceSpans": [{"scopeSpans": [{"spans": [{"traceId": "t1", "attributes": [
        {"key": "input.value", "value": {"stringValue": ASKED}},
        {"key": "output.value", "value": {"stringValue": ANSWERED}}]}]}]}]},
    "ai sdk": {"name": "ai.generateText", "attributes": {
        "ai.prompt": json.dumps({"system": "You are kind.", "messages": MESSAGES[1:]}),
        "ai.response.text": ANSWERED}},
    "a graph": {"inputs": {"messages": [{"type": "human", "content": ASKED}]}, "outputs": {
        "messages": [{"type": "human", "content": ASKED}, {"type": "ai", "content": ANSWERED}]}},
}  # fmt: skip


@pytest.mark.parametrize("name", [*CALLS])
def test_a_call_is_one_question_and_its_answer(name: str, tmp_path: Path) -> None:
    file = lines(tmp_path, [CALLS[name]] * 1)
    assert shape_of(file) == NAME
    assert [(row.question, row.reply) for row in raws(file)] == [(ASKED, ANSWERED)]


def test_a_page_of_an_api_is_its_calls(tmp_path: Path) -> None:
    page = {"data": [CALLS["langfuse trace"], CALLS["langfuse trace"] | {"id": "t2"}], "meta": {}}
    file = written(tmp_path, page)
    assert shape_of(file) == NAME
    assert [row.question for row in raws(file)] == [ASKED, ASKED]
    assert raws(file)[0].created_at == "2026-11-02T10:00:00Z"


def test_cells_of_a_table_are_read_as_the_json_that_they_are(tmp_path: Path) -> None:
    """As Langfuse exports traces: question and reply were learnt as JSON, brackets and all."""
    file = tmp_path / "traces.csv"
    with file.open("w", newline="", encoding="utf-8") as stream:
        table = csv.writer(stream)
        table.writerow(["id", "timestamp", "name", "userId", "input", "output"])
        for number in range(3):
            row = [f"t{number}", "2026-11-02T10:00:00Z", "chat", "u1"]
            table.writerow([*row, json.dumps({"messages": MESSAGES}), json.dumps(REPLY)])
    assert layout(SourceFile(file)).shape == NAME
    assert {(row.question, row.reply) for row in raws(file)} == {(ASKED, ANSWERED)}


def test_two_columns_of_plain_texts_are_a_table_like_any_other(tmp_path: Path) -> None:
    file = lines(tmp_path, [{"input": ASKED, "output": ANSWERED}] * 3)
    assert shape_of(file) == ""
    assert [row.reply for row in raws(file)] == [ANSWERED] * 3


# --- sessions ------------------------------------------------------------------------------------


def call(history: list[tuple[str, str]], question: str, answer: str, at: int) -> dict[str, Any]:
    said = [m for asked, told in history for m in (_of("user", asked), _of("assistant", told))]
    return {"session_id": "s1", "timestamp": f"2026-11-02T10:{at:02}:00Z",
            "input": [_of("system", "Be kind."), *said, _of("user", question)],
            "output": _of("assistant", answer)}  # fmt: skip


def _of(role: str, content: str) -> dict[str, str]:
    return {"role": role, "content": content}


def said(file: Path) -> list[tuple[str, str]]:
    found = list(shaped(SourceFile(file), named(NAME)))
    assert len(found) == 1
    assert not isinstance(found[0], Refused)
    return [(m.role.value, m.text) for m in found[0].messages if m.role is not Role.SYSTEM]


WHOLE = [("customer", "q1"), ("agent", "a1"), ("customer", "q2"), ("agent", "a2"),
         ("customer", "q3"), ("agent", "a3")]  # fmt: skip


@pytest.mark.parametrize(
    "calls",
    [
        [([], "q1", "a1"), ([("q1", "a1")], "q2", "a2"),
         ([("q1", "a1"), ("q2", "a2")], "q3", "a3")],
        [([], "q1", "a1"), ([], "q2", "a2"), ([], "q3", "a3")],
        [([], "q1", "a1"), ([("q1", "a1")], "q2", "a2"), ([("q2", "a2")], "q3", "a3")],
        [([], "q1", "a1"), ([("q1", "a1"), ("q2", "a2")], "q3", "a3")],
        [([], "q1", "a1"), ([], "q1", "a1"), ([("q1", "a1")], "q2", "a2"), ([], "q3", "a3")],
        [([("q1", "a1")], "q2", "a2"), ([("q1", "edited"), ("q2", "edited")], "q3", "a3")],
    ],
    ids=["histories", "none", "the last turns", "a call is missing", "logged twice", "edited"],
)  # fmt: skip
def test_the_calls_of_a_session_are_one_conversation(
    calls: list[tuple[list[tuple[str, str]], str, str]], tmp_path: Path
) -> None:
    file = lines(tmp_path, [call(*one, at) for at, one in enumerate(calls)][::-1])
    assert said(file) == WHOLE


def test_a_call_without_words_is_refused_and_others_are_not(tmp_path: Path) -> None:
    tool = {"role": "assistant", "content": None, "tool_calls": [{"id": "x", "type": "function"}]}
    bare = CALLS["langfuse list"]
    file = lines(tmp_path, [bare, bare, bare | {"output": tool}])
    assert len(raws(file)) == 2
    [gone] = refused(file)
    assert "an answer in words" in gone.reason


def test_a_broken_record_is_refused(tmp_path: Path) -> None:
    file = lines(tmp_path, [CALLS["litellm"]] * 3)
    file.write_text(file.read_text() + '{"messages": [\n')
    assert [len(raws(file)), len(refused(file))] == [3, 1]


def test_a_system_prompt_is_never_learnt(tmp_path: Path) -> None:
    file = lines(tmp_path, [CALLS["tensorzero"], CALLS["litellm"]])
    rows = list(read(SourceFile(file)))
    assert "You are kind" not in repr(rows)


# --- what a call is made of ----------------------------------------------------------------------

PROMPT = "Use the following context to answer.\n\nContext: margins are secret.\n\nQuestion: "


def recorded(number: int, asked: str, answered: str, **names: str) -> list[dict[str, Any]]:
    """Return what a chain records: itself, what it looked up, a tool, and the model's call."""
    root, ids = f"r{number}", {"id": "id", "above": "parent_run_id", "kind": "run_type"} | names
    steps = [
        ("chain", "", {"input": asked}, {"output": answered}),
        ("retriever", root, {"query": asked}, {"documents": [{"page_content": "Secret."}]}),
        ("tool", root, {"input": "order 5"}, {"output": "shipped"}),
        ("llm", root, {"messages": [_of("user", PROMPT + asked)]}, {"content": answered}),
    ]
    return [
        {ids["id"]: f"{root}{place or ''}", ids["above"]: above, ids["kind"]: kind,
         "inputs": given, "outputs": made, "session_id": "shop",
         "start_time": f"2026-11-02T10:{number:02}:0{place}Z",
         "extra": {"metadata": {"thread_id": f"thread {number // 2}", "user_id": "ada"}}}
        for place, (kind, above, given, made) in enumerate(steps)
    ]  # fmt: skip


def test_a_call_that_answers_another_is_a_part_of_it_and_a_project_is_no_session(
    tmp_path: Path,
) -> None:
    """LangSmith's `session_id` names the project: all were one conversation, and each question had
    the answer to another."""
    asked = [(f"Where is parcel {n}?", f"It is in town {n}.") for n in range(4)]
    runs = [run for n, one in enumerate(asked) for run in recorded(n, *one)]
    file = lines(tmp_path, runs)
    assert shape_of(file) == NAME
    assert [(row.question, row.reply) for row in raws(file)] == asked
    threads = [row.conversation_id.rpartition(" ")[0] for row in raws(file)]
    assert threads == ["thread 0"] * 2 + ["thread 1"] * 2
    assert {row.customer_id for row in raws(file)} == {"ada"}
    assert refused(file) == []
    rows = list(read(SourceFile(file)))
    assert "margins" not in repr(rows) and "Secret" not in repr(rows)


def test_a_model_that_a_tool_asks_is_a_part_of_the_call_too(tmp_path: Path) -> None:
    chain, _, tool, model = recorded(0, ASKED, ANSWERED)
    file = lines(tmp_path, [chain, tool, model | {"parent_run_id": tool["id"]}])
    assert [(row.question, row.reply) for row in raws(file)] == [(ASKED, ANSWERED)]


def test_a_bulk_export_names_the_trace(tmp_path: Path) -> None:
    runs = [
        {**run, "parent_run_id": None, "parent_run_ids": [], "trace_id": f"r{n}"}
        for n in range(3)
        for run in recorded(n, f"Where is parcel {n}?", ANSWERED)
    ]
    file = lines(tmp_path, runs[::-1])
    assert sorted(row.question for row in raws(file)) == [f"Where is parcel {n}?" for n in range(3)]


def test_of_a_trace_and_what_was_recorded_in_it_the_trace_is_read(tmp_path: Path) -> None:
    steps = recorded(0, ASKED, ANSWERED, above="parentObservationId", kind="type")
    page = {"trace": CALLS["langfuse trace"], "observations": steps, "scores": []}
    assert [row.question for row in raws(written(tmp_path, page))] == [ASKED]


def test_calls_of_every_list_of_a_file_are_read(tmp_path: Path) -> None:
    call = CALLS["dialogflow cx"]
    talks = {"conversations": [{"name": f"c{n}", "interactions": [
        call | {"conversation_name": f"c{n}"}]} for n in range(3)]}  # fmt: skip
    found = [row.conversation_id.partition(" ")[0] for row in raws(written(tmp_path, talks))]
    assert found == ["c0", "c1", "c2"]


def test_prompts_that_questions_were_written_into_are_refused(tmp_path: Path) -> None:
    def one(asked: str) -> dict[str, Any]:
        return {"input": [_of("user", asked)], "output": _of("assistant", "It is in town.")}

    bare = [one(f"{PROMPT}where is parcel {n}?") for n in range(12)]
    asked = [one(f"Where is {n}?") for n in range(5)]
    file = lines(tmp_path, [*bare, *asked])
    assert [row.question for row in raws(file)] == [f"Where is {n}?" for n in range(5)]
    assert {row.reason.partition(" (")[0] for row in refused(file)} == {
        "its question stands in a prompt, as in others here"
    }
    few = lines(tmp_path, bare[:9])
    assert len(raws(few)) == 9, "nine may begin alike"


def test_a_prompt_of_another_use_is_refused_beside_what_customers_asked(tmp_path: Path) -> None:
    title = "Write a title of at most five words for this conversation:\n\nUser: "

    def one(asked: str) -> dict[str, Any]:
        return {"input": [_of("user", asked)], "output": _of("assistant", "It is in town.")}

    customers = [f"Where is {n}?" for n in range(30)]
    asked = [one(each) for each in customers]
    file = lines(tmp_path, [*(one(title + each) for each in customers[:10]), *asked])
    assert [row.question for row in raws(file)] == customers
    assert len(refused(file)) == 10
    few = lines(tmp_path, [*(one(title + each) for each in customers[:9]), *asked])
    assert len(raws(few)) == 39, "nine may begin so"


def test_a_tool_that_was_called_first_is_no_answer_and_no_loss(tmp_path: Path) -> None:
    """Half of an agent's calls have no words: what the others answered was not learnt."""
    calls = []
    for n in range(4):
        asked = [*MESSAGES[:1], _of("user", f"Where is parcel {n}?")]
        tool = {"role": "assistant", "content": None, "tool_calls": [{"id": "1"}]}
        found = {"role": "tool", "tool_call_id": "1", "content": "Secret."}
        for messages, said_ in ((asked, tool), ([*asked, tool, found], REPLY)):
            choices = {"choices": [{"message": said_}]}
            calls.append({"session_id": f"s{n}", "messages": messages, "response": choices})
    file = lines(tmp_path, calls)
    assert shape_of(file) == NAME
    assert [row.question for row in raws(file)] == [f"Where is parcel {n}?" for n in range(4)]
    assert {row.reply for row in raws(file)} == {ANSWERED}
    assert refused(file) == []
    unanswered = lines(tmp_path, [*calls, calls[0] | {"session_id": "other"}])
    assert len(refused(unanswered)) == 1


def test_a_query_that_was_not_answered_is_not_its_own_answer(tmp_path: Path) -> None:
    call = CALLS["dialogflow cx"]
    silent = {"queryResult": {"text": ASKED, "responseMessages": [{"payload": {"x": 1}}]}}
    other = call | {"conversation_name": "projects/p/sessions/s2"}
    third = call | {"conversation_name": "projects/p/sessions/s3", "response": silent}
    file = lines(tmp_path, [call, other, third])
    assert len(raws(file)) == 2 and len(refused(file)) == 1


def test_what_was_said_before_is_not_taken_for_the_question(tmp_path: Path) -> None:
    """The question of a chain stands beside its history; the last one of that had the answer."""
    said = (("human", "Hi there"), ("ai", "Hello."), ("human", "Hm."))
    history = [
        {"lc": 1, "type": "constructor", "kwargs": {"content": text, "type": kind}}
        for kind, text in said
    ]
    for before in (history, history[:2]):
        call = {"run_type": "chain", "inputs": {"input": ASKED, "chat_history": before},
                "outputs": {"output": ANSWERED}}  # fmt: skip
        assert raws(lines(tmp_path, [call]))[-1].reply == ANSWERED
        assert raws(lines(tmp_path, [call]))[-1].question.endswith(ASKED)


@pytest.mark.parametrize("session", ["request_properties.Helicone-Session-Id", "tags.x", ""])
def test_who_asked_and_in_which_session_is_looked_up_where_each_keeps_it(
    session: str, tmp_path: Path
) -> None:
    above, _, name = session.partition(".")
    call = CALLS["helicone"] | {
        "request_user_id": "ada",
        **({above: {name: "s1"}} if above else {}),
    }
    row = raws(lines(tmp_path, [call]))[0]
    assert (row.customer_id, row.created_at) == ("ada", "2026-11-02T10:00:00Z")
    assert row.conversation_id.startswith("s1 ") == session.startswith("request")
