"""The words of a completion: an answer at once, or in chunks."""

from __future__ import annotations

import time
from typing import NamedTuple

import msgspec

from northloop.app.answers import Evidence
from northloop.core.conversation import Message
from northloop.core.interaction import HandoffReason, Interaction, Source
from northloop.http.wire import ChatRequest

COMPLETION = "chatcmpl-"
"""What an interaction's id has in front where it names a completion."""
_CHARS_PER_TOKEN = 4


class Given(NamedTuple):
    """An answer as it was kept, with what it rests on."""

    interaction: Interaction
    evidence: tuple[Evidence, ...] = ()


class Provenance(msgspec.Struct, frozen=True, kw_only=True):
    """The `northloop` object: where the answer comes from."""

    interaction_id: str
    conversation_id: str
    release: str
    source: Source
    citations: tuple[str, ...]
    evidence: tuple[Evidence, ...]
    """What it rests on, and how old that is."""
    handoff: HandoffReason | None
    confidence: float
    intent: str
    latency_ms: float
    ignored: tuple[str, ...]
    """What the request asked for without effect, by parameter; see `parameters`."""


class Usage(msgspec.Struct, frozen=True):
    """Tokens: those generated as the engine counted them, the rest estimated from the length."""

    prompt_tokens: int
    completion_tokens: int
    total_tokens: int


class Delta(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What a chunk adds."""

    role: str | None = None
    content: str | None = None


class ChunkChoice(msgspec.Struct, frozen=True, kw_only=True):
    """The one choice of a chunk."""

    index: int = 0
    delta: Delta
    finish_reason: str | None = None


class Chunk(msgspec.Struct, frozen=True, kw_only=True):
    """One event of a stream."""

    id: str
    object: str = "chat.completion.chunk"
    created: int
    model: str
    choices: tuple[ChunkChoice, ...]
    usage: Usage | msgspec.UnsetType | None = msgspec.UNSET
    northloop: Provenance | msgspec.UnsetType = msgspec.UNSET


class AssistantMessage(msgspec.Struct, frozen=True):
    """The answer."""

    content: str
    role: str = "assistant"
    refusal: str | None = None


class Choice(msgspec.Struct, frozen=True, kw_only=True):
    """The one choice of a completion."""

    index: int = 0
    message: AssistantMessage
    finish_reason: str
    logprobs: None = None


class Completion(msgspec.Struct, frozen=True, kw_only=True):
    """A whole answer."""

    id: str
    object: str = "chat.completion"
    created: int
    model: str
    choices: tuple[Choice, ...]
    usage: Usage
    northloop: Provenance


class Speaker(msgspec.Struct, frozen=True, kw_only=True):
    """What all parts of one completion have in common."""

    interaction_id: str
    model: str
    created: int
    include_usage: bool
    ignored: tuple[str, ...] = ()
    """Parameters of the request that have no effect."""

    def chunk(self, delta: Delta) -> Chunk:
        """Return a chunk that adds something."""
        return self._chunk((ChunkChoice(delta=delta),))

    def last_chunk(self, given: Given) -> Chunk:
        """Return the chunk that says how the answer ended and where it comes from."""
        choice = ChunkChoice(delta=Delta(), finish_reason=finish_reason(given.interaction))
        chunk = self._chunk((choice,))
        return msgspec.structs.replace(chunk, northloop=provenance(given, self.ignored))

    def usage_chunk(self, used: Usage) -> Chunk:
        """Return the chunk that holds nothing but the usage."""
        return msgspec.structs.replace(self._chunk(()), usage=used)

    def completion(self, text: str, given: Given, used: Usage) -> Completion:
        """Return the whole answer at once."""
        ended = finish_reason(given.interaction)
        return Completion(
            id=f"{COMPLETION}{self.interaction_id}",
            created=self.created,
            model=self.model,
            choices=(Choice(message=AssistantMessage(text), finish_reason=ended),),
            usage=used,
            northloop=provenance(given, self.ignored),
        )

    def _chunk(self, choices: tuple[ChunkChoice, ...]) -> Chunk:
        return Chunk(
            id=f"{COMPLETION}{self.interaction_id}",
            created=self.created,
            model=self.model,
            choices=choices,
            usage=None if self.include_usage else msgspec.UNSET,
        )


def speaker(request: ChatRequest, interaction_id: str, ignored: tuple[str, ...]) -> Speaker:
    """Return what the parts of the completion of a request have in common."""
    return Speaker(
        interaction_id=interaction_id,
        model=request.model or "northloop",
        created=int(time.time()),
        include_usage=bool(request.stream_options and request.stream_options.include_usage),
        ignored=ignored,
    )


def provenance(given: Given, ignored: tuple[str, ...]) -> Provenance:
    """Return where an answer comes from."""
    interaction = given.interaction
    return Provenance(
        interaction_id=interaction.interaction_id,
        conversation_id=interaction.conversation_id,
        release=interaction.release,
        source=interaction.source,
        citations=interaction.citations,
        evidence=given.evidence,
        handoff=interaction.handoff,
        confidence=interaction.confidence,
        intent=interaction.intent,
        latency_ms=interaction.latency_ms,
        ignored=ignored,
    )


def finish_reason(interaction: Interaction) -> str:
    """Return "length" for an answer that hit its limit, else "stop"."""
    cut = any(s.name == "generate" and s.decision == "truncated" for s in interaction.trace)
    return "length" if cut and interaction.source is Source.GENERATED else "stop"


def usage(messages: tuple[Message, ...], text: str, interaction: Interaction) -> Usage:
    """Return the usage of a completion."""
    counted = [
        step.evidence["tokens"]
        for step in interaction.trace
        if step.name == "generate" and "tokens" in step.evidence
    ]
    made = counted[0] if counted else None
    completion = int(made) if isinstance(made, int | float) else _estimated(text)
    prompt = sum(_estimated(message.content) for message in messages)
    return Usage(prompt, completion, prompt + completion)


def _estimated(text: str) -> int:
    return -(-len(text) // _CHARS_PER_TOKEN)
