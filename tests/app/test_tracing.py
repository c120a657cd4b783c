"""What a tracing system is told of answers: redacted, and only where it is asked for."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from northloop.app import answers
from northloop.core.actor import Actor, team
from northloop.core.conversation import Message
from northloop.core.errors import InputError
from northloop.core.interaction import Interaction, Question
from northloop.core.keys import API_ROLES
from northloop.core.tracing import TraceContext
from northloop.registry import SPANS
from northloop.workspace import Workspace, tells_spans
from receivers import Receiver
from scripted_workspace import with_release
from spans_received import Told, told

SHOP = Actor(name="shop", roles=API_ROLES, tenant="shop", declared=False)
PRIVATE = ("Henrietta", "Blumenthal", "henrietta", "blumenthal.example", "DE89370400440532013000")
ASKED = (
    "My name is Henrietta Blumenthal, henrietta@blumenthal.example, IBAN DE89370400440532013000. "
    "How long can I return a tent?"
)
WRITTEN = ("a tent", "How long", "have a look", "Blumenstrasse", "VIP")


@pytest.fixture
def workspace(tmp_path: Path, receiver: Receiver) -> Iterator[Workspace]:
    opened = with_release(tmp_path / "shop")
    opened.spans = SPANS.open(f"http://127.0.0.1:{receiver.server.server_port}", opened.state)
    yield opened
    opened.close()


def ask(workspace: Workspace, name: str, *said: Message) -> Interaction:
    question = Question(
        interaction_id=name,
        messages=said,
        conversation_id="talk of Henrietta",
        customer_id="henrietta@blumenthal.example",
        trace=TraceContext(trace_id="a" * 32, parent_id="b" * 16),
    )
    return answers.answer(workspace, SHOP, question)


def sent(workspace: Workspace, receiver: Receiver) -> tuple[list[Told], str]:
    """Return the spans, and all that went over the wire as text."""
    workspace.close()
    wire = b"".join(repr(headers).encode() + body for headers, body in receiver.got)
    return told(receiver.got), wire.decode("utf-8", "replace")


def converse(workspace: Workspace) -> Interaction:
    system = Message("system", "A VIP of Blumenstrasse 9, Henrietta Blumenthal.")
    first = ask(workspace, "one", system, Message("user", ASKED))
    ask(workspace, "two", Message("user", "I want a human. Yours, Henrietta Blumenthal"))
    with pytest.raises(InputError):
        ask(workspace, "three", Message("user", ASKED * 50))
    ask(workspace, "one", system, Message("user", ASKED))
    return first


def test_without_content_nobodys_words_leave(workspace: Workspace, receiver: Receiver) -> None:
    kept = converse(workspace)
    assert any(step.name == "generate" for step in kept.trace)
    _, wire = sent(workspace, receiver)
    for word in (*PRIVATE, *WRITTEN):
        assert word not in wire
    for passage in kept.citations:
        assert passage not in wire
    assert kept.conversation_id in wire
    assert kept.customer_id not in wire


def test_with_content_redacted_words_leave_and_no_real_name(
    workspace: Workspace, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NORTHLOOP_TELEMETRY__CONTENT", "true")
    workspace.reload()
    kept = converse(workspace)
    spans, wire = sent(workspace, receiver)
    for word in (*PRIVATE, "VIP", "Blumenstrasse"):
        assert word not in wire
    whole = next(span for span in spans if "gen_ai.input.messages" in span.attributes)
    (asked,) = json.loads(str(whole.attributes["gen_ai.input.messages"]))
    assert asked["parts"][0]["content"] == kept.question
    assert "tent" in kept.question


def test_the_steps_are_below_the_answer_and_a_repeat_has_none(
    workspace: Workspace, receiver: Receiver
) -> None:
    kept = converse(workspace)
    spans, _ = sent(workspace, receiver)
    wholes = [span for span in spans if span.parent_id == "b" * 16]
    assert [whole.attributes["northloop.interaction"] for whole in wholes] == [
        *("one", "two", "three", "one")
    ]
    below = [[s.name for s in spans if s.parent_id == whole.span_id] for whole in wholes]
    names = {"retrieve": "retrieval", "generate": "chat smollm2-135m-instruct"}
    assert below[0] == [names.get(s.name, f"northloop {s.name}") for s in kept.trace]
    assert below[1] and not below[2] and not below[3]
    assert [whole.attributes.get("northloop.replayed") for whole in wholes] == [
        *(False, False, None, True)
    ]
    assert wholes[2].attributes["error.type"] == "InputError"
    for whole in wholes:
        for step in (s for s in spans if s.parent_id == whole.span_id):
            assert whole.began_ns <= step.began_ns <= step.ended_ns <= whole.ended_ns


def test_an_answer_is_found_by_its_trace(workspace: Workspace) -> None:
    kept = converse(workspace)
    found = answers.trace(workspace, team(), "a" * 32)
    assert found.interaction.interaction_id == "two"
    assert found.lineage is not None
    assert answers.interaction(workspace, SHOP, kept.interaction_id).trace_id == "a" * 32


@pytest.mark.parametrize(
    ("url", "variables", "told_of"),
    [
        ("", {}, False),
        ("http://here:4318", {}, True),
        ("", {"OTEL_EXPORTER_OTLP_ENDPOINT": "http://there:4318"}, True),
        ("http://here:4318", {"OTEL_SDK_DISABLED": "true"}, False),
        (
            "",
            {
                "OTEL_EXPORTER_OTLP_ENDPOINT": "http://there:4317",
                "OTEL_EXPORTER_OTLP_PROTOCOL": "grpc",
            },
            False,
        ),
        ("http://here:4318", {"OTEL_EXPORTER_OTLP_PROTOCOL": "grpc"}, True),
    ],
)
def test_who_is_told(url: str, variables: dict[str, str], told_of: bool) -> None:
    assert tells_spans(url, variables) is told_of


def test_variables_that_cannot_be_read_cost_no_answer(
    tmp_path: Path, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    there = f"http://127.0.0.1:{receiver.server.server_port}"
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", there)
    monkeypatch.setenv("OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT", "many")
    opened = with_release(tmp_path / "misread")
    assert opened.spans is None
    assert ask(opened, "a1", Message("user", "How long can I return a tent?")).answer
    opened.close()
