"""An answer as spans: one for the whole, one below it for each step of the answer path.

Names and attributes are those of OpenTelemetry's semantic conventions for generative AI, v0.1.0
(open-telemetry/semantic-conventions-genai, the first release apart from the general ones, after
their v1.41): the answer is an `invoke_agent` of `northloop`, a search a `retrieval`, a generation a
`chat` with the model. What they have no name for begins with `northloop.`.

No text of a customer, an agent or a document is in a span unless `content` asks for it, and then it
is the redacted text that is kept. Of customers there is nothing, of conversations the id that says
nothing of them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from itertools import pairwise

import msgspec

from northloop.core.interaction import Interaction, Step
from northloop.core.tracing import Attribute, Span

AGENT = "northloop"
_LOCAL = "llama.cpp"
_REMOTE = "openai"
"""The protocol that the server of a remote model speaks; whose model it is, nobody says."""
_TOLD = frozenset({"treatment"})
"""Evidence that is a word of ours; other words may be somebody's."""


class Served(msgspec.Struct, frozen=True, kw_only=True):
    """What generates."""

    model: str = ""
    host: str = ""
    """Of the server that runs it; "" on this machine."""
    port: int = 0


class When(msgspec.Struct, frozen=True, kw_only=True):
    """When an answer was asked for and given, in nanoseconds since 1970."""

    began_ns: int
    ended_ns: int
    again: bool = False
    """It had been given before, and is played again."""


def of_answer(kept: Interaction, when: When, served: Served, *, content: bool) -> Span:
    """Return the spans of an answer that is kept."""
    return Span(
        name=f"invoke_agent {AGENT}",
        began_ns=when.began_ns,
        ended_ns=when.ended_ns,
        attributes={**_of_all(kept, when), **(_said(kept) if content else {})},
        children=() if when.again else tuple(_steps(kept, when, served, content)),
    )


def of_failure(error: str, interaction_id: str, when: When) -> Span:
    """Return the span of a question that got no answer; `error` is the kind of what went wrong."""
    return Span(
        name=f"invoke_agent {AGENT}",
        began_ns=when.began_ns,
        ended_ns=when.ended_ns,
        attributes={**_invoked(interaction_id), "error.type": error},
        failed=True,
    )


def of_step(name: str, turn: str, when: When, error: str = "") -> Span:
    """Return the span of a step of a turn; `turn` is its proposal's id."""
    return Span(
        name=f"turn {name}",
        began_ns=when.began_ns,
        ended_ns=when.ended_ns,
        attributes={"northloop.turn": turn, **({"error.type": error} if error else {})},
        failed=bool(error),
    )


def _invoked(interaction_id: str) -> dict[str, Attribute]:
    return {
        "gen_ai.operation.name": "invoke_agent",
        "gen_ai.agent.name": AGENT,
        "northloop.interaction": interaction_id,
    }


def _of_all(kept: Interaction, when: When) -> dict[str, Attribute]:
    told: dict[str, Attribute] = {
        "gen_ai.agent.version": kept.release,
        "gen_ai.conversation.id": kept.conversation_id,
        "gen_ai.data_source.id": kept.knowledge,
        "northloop.source": kept.source.value,
        "northloop.origin": kept.origin.value,
        "northloop.treatment": kept.treatment,
        "northloop.handoff": kept.handoff.value if kept.handoff else "",
        "northloop.canary.arm": kept.canary.arm,
        "northloop.channel": kept.channel,
        "northloop.language": kept.language,
    }
    shown = {name: value for name, value in told.items() if value != ""}
    shown |= {"northloop.confidence": kept.confidence, **_tokens(kept)}
    return {**_invoked(kept.interaction_id), **shown, "northloop.replayed": when.again}


def _tokens(kept: Interaction) -> dict[str, Attribute]:
    for step in kept.trace:
        counted = step.evidence.get("tokens")
        if step.name == "generate" and isinstance(counted, int | float):
            return {"gen_ai.usage.output_tokens": int(counted)}
    return {}


def _said(kept: Interaction) -> dict[str, Attribute]:
    """Return what was said, redacted, as the conventions write it in an attribute."""
    asked = {"role": "user", "parts": [{"type": "text", "content": kept.question}]}
    told = {
        "role": "assistant",
        "parts": [{"type": "text", "content": kept.answer}],
        "finish_reason": "stop",
    }
    return {
        "gen_ai.input.messages": msgspec.json.encode([asked]).decode(),
        "gen_ai.output.messages": msgspec.json.encode([told]).decode(),
        **({"northloop.intent": kept.intent} if kept.intent else {}),
    }


def _steps(kept: Interaction, when: When, served: Served, content: bool) -> Iterator[Span]:
    """Yield the steps one after the other, from when the trace began, within the whole."""
    began_ns = int(datetime.fromisoformat(kept.at).timestamp() * 1_000) * 1_000_000
    ends = [began_ns]
    for step in kept.trace:
        ends.append(ends[-1] + round(step.ms * 1e6))
    within = [min(max(end, when.began_ns), when.ended_ns) for end in ends]
    for step, (began, ended) in zip(kept.trace, pairwise(within), strict=True):
        yield Span(
            name=_name(step, served),
            began_ns=began,
            ended_ns=ended,
            attributes={
                "northloop.decision": step.decision,
                **_particulars(step, kept, served),
                **dict(_evidence(step.evidence, content)),
            },
            calls=step.name == "generate" and bool(served.host),
        )


def _name(step: Step, served: Served) -> str:
    match step.name:
        case "retrieve":
            return "retrieval"
        case "generate":
            return f"chat {served.model}".strip()
        case name:
            return f"northloop {name}"


def _particulars(step: Step, kept: Interaction, served: Served) -> dict[str, Attribute]:
    match step.name:
        case "retrieve":
            source = {"gen_ai.data_source.id": kept.knowledge} if kept.knowledge else {}
            return {"gen_ai.operation.name": "retrieval", **source}
        case "generate":
            return {**_generated(step, served), **_tokens(kept)}
        case _:
            return {}


def _generated(step: Step, served: Served) -> dict[str, Attribute]:
    told: dict[str, Attribute] = {
        "gen_ai.operation.name": "chat",
        "gen_ai.provider.name": _REMOTE if served.host else _LOCAL,
        "gen_ai.response.finish_reasons": ("length" if step.decision == "truncated" else "stop",),
        "gen_ai.request.stream": True,
    }
    first_ms = step.evidence.get("first_text_ms")
    if isinstance(first_ms, float) and first_ms:
        told["gen_ai.response.time_to_first_chunk"] = first_ms / 1e3
    if served.model:
        told["gen_ai.request.model"] = served.model
    if served.host:
        told |= {"server.address": served.host, "server.port": served.port}
    return told


def _evidence(
    evidence: Mapping[str, str | float | tuple[str, ...]], content: bool
) -> Iterator[tuple[str, Attribute]]:
    """Yield the numbers that a step went by; its words where content is asked for."""
    for name, value in evidence.items():
        if content or isinstance(value, int | float) or name in _TOLD:
            yield f"northloop.{name}", value
