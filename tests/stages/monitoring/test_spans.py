"""An answer as spans."""

from __future__ import annotations

from itertools import pairwise

import msgspec

from northloop.core.interaction import HandoffReason, Step
from northloop.core.tracing import Span
from northloop.stages.monitoring.spans import Served, When, of_answer, of_failure, of_step
from usual import usual_interaction

BEGAN_NS = 1_767_225_600_000_000_000
"""2026-01-01, UTC."""
WHEN = When(began_ns=BEGAN_NS, ended_ns=BEGAN_NS + 40_000_000)
LOCAL = Served(model="smollm2-135m-instruct")
KEPT = usual_interaction(
    interaction_id="a" * 24,
    conversation_id="[CONVERSATION:1]",
    customer_id="[CUSTOMER:1]",
    release="f" * 64,
    at="2026-01-01T00:00:00.002+00:00",
    question="Where is the tent of [NAME]?",
    answer="It left the warehouse, [NAME].",
    citations=("shipping#1",),
    intent="shipping",
    latency_ms=30.0,
    trace=(
        Step(name="redact", ms=1.5, decision="redacted", evidence={"turns": 1, "changed": 1}),
        Step(name="cache", ms=0.5, decision="miss", evidence={"key": "words"}),
        Step(
            name="retrieve",
            ms=4.0,
            decision="found",
            evidence={"passages": ("shipping#1",), "best": 0.7},
        ),
        Step(
            name="generate",
            ms=20.0,
            decision="complete",
            evidence={"tokens": 12, "first_text_ms": 5.5},
        ),
        Step(name="check", ms=4.0, decision="passed", evidence={"refused": ("It left.",)}),
    ),
    knowledge="e" * 64,
    treatment="generated",
    channel="email",
)


def told(span: Span) -> str:
    return msgspec.json.encode(span).decode()


def test_the_whole_is_an_agents_invocation_and_each_step_lies_within_it() -> None:
    span = of_answer(KEPT, WHEN, LOCAL, content=False)
    assert span.name == "invoke_agent northloop"
    assert (span.began_ns, span.ended_ns) == (WHEN.began_ns, WHEN.ended_ns)
    assert span.attributes == {
        "gen_ai.operation.name": "invoke_agent",
        "gen_ai.agent.name": "northloop",
        "gen_ai.agent.version": "f" * 64,
        "gen_ai.conversation.id": "[CONVERSATION:1]",
        "gen_ai.data_source.id": "e" * 64,
        "gen_ai.usage.output_tokens": 12,
        "northloop.interaction": "a" * 24,
        "northloop.source": "generated",
        "northloop.origin": "customer",
        "northloop.treatment": "generated",
        "northloop.channel": "email",
        "northloop.confidence": 0.8,
        "northloop.replayed": False,
    }
    assert [child.name for child in span.children] == [
        "northloop redact",
        "northloop cache",
        "retrieval",
        "chat smollm2-135m-instruct",
        "northloop check",
    ]
    assert span.count == 6
    # One after the other, from the trace's beginning on, each as long as it took.
    assert span.children[0].began_ns == BEGAN_NS + 2_000_000
    lengths = [(c.ended_ns - c.began_ns) / 1e6 for c in span.children]
    assert lengths == [step.ms for step in KEPT.trace]
    assert all(a.ended_ns == b.began_ns for a, b in pairwise(span.children))


def test_no_step_begins_before_the_whole_or_ends_after_it() -> None:
    """Moments are kept in milliseconds, and clocks are set."""
    tight = When(began_ns=BEGAN_NS + 3_000_000, ended_ns=BEGAN_NS + 20_000_000)
    span = of_answer(KEPT, tight, LOCAL, content=False)
    for child in span.children:
        assert tight.began_ns <= child.began_ns <= child.ended_ns <= tight.ended_ns


def test_a_generation_is_told_as_the_conventions_have_it() -> None:
    chat = of_answer(KEPT, WHEN, LOCAL, content=False).children[3]
    assert chat.attributes == {
        "gen_ai.operation.name": "chat",
        "gen_ai.provider.name": "llama.cpp",
        "gen_ai.request.model": "smollm2-135m-instruct",
        "gen_ai.request.stream": True,
        "gen_ai.response.finish_reasons": ("stop",),
        "gen_ai.response.time_to_first_chunk": 0.0055,
        "gen_ai.usage.output_tokens": 12,
        "northloop.decision": "complete",
        "northloop.tokens": 12,
        "northloop.first_text_ms": 5.5,
    }
    assert not chat.calls
    remote = Served(model="qwen", host="models.example", port=8443)
    called = of_answer(KEPT, WHEN, remote, content=False).children[3]
    assert called.calls
    assert called.name == "chat qwen"
    assert called.attributes["gen_ai.provider.name"] == "openai"
    assert called.attributes["server.address"] == "models.example"
    assert called.attributes["server.port"] == 8443


def test_without_content_no_word_that_somebody_wrote_is_in_a_span() -> None:
    held = msgspec.structs.replace(
        KEPT, handoff=HandoffReason.NOT_GROUNDED, draft="A draft about the tent.", intent="tents"
    )
    for kept in (KEPT, held):
        said = told(of_answer(kept, WHEN, LOCAL, content=False))
        for word in ("tent", "warehouse", "left", "NAME", "words", "shipping", "CUSTOMER"):
            assert word not in said


def test_with_content_the_redacted_texts_are_in_it_and_no_draft() -> None:
    held = msgspec.structs.replace(KEPT, draft="A draft about it.")
    span = of_answer(held, WHEN, LOCAL, content=True)
    asked = msgspec.json.decode(str(span.attributes["gen_ai.input.messages"]))
    assert asked == [{"role": "user", "parts": [{"type": "text", "content": KEPT.question}]}]
    (answered,) = msgspec.json.decode(str(span.attributes["gen_ai.output.messages"]))
    assert answered["parts"] == [{"type": "text", "content": KEPT.answer}]
    assert span.attributes["northloop.intent"] == "shipping"
    assert span.children[2].attributes["northloop.passages"] == ("shipping#1",)
    assert "CUSTOMER" not in told(span)
    assert "draft" not in told(span)


def test_an_answer_that_is_played_again_has_no_steps() -> None:
    again = msgspec.structs.replace(WHEN, again=True)
    span = of_answer(KEPT, again, LOCAL, content=False)
    assert span.children == ()
    assert span.attributes["northloop.replayed"] is True


def test_a_failure_says_its_kind_and_nothing_else() -> None:
    span = of_failure("RemoteUnavailable", "a" * 24, WHEN)
    assert span.failed
    assert span.attributes["error.type"] == "RemoteUnavailable"
    step = of_step("adapter", "p1", WHEN, "MissingComponent")
    assert (step.name, step.failed) == ("turn adapter", True)
    assert step.attributes == {"northloop.turn": "p1", "error.type": "MissingComponent"}
    assert not of_step("adapter", "p1", WHEN).failed
