"""What the answer path comes to: an answer, or a hand-off with what it holds back."""

from __future__ import annotations

import msgspec

from northloop.core.ids import Hash
from northloop.core.interaction import HandoffReason, Near, Source
from northloop.core.treatment import Candidate, Mode
from northloop.stages.serving.trace import Trace


class Reply(msgspec.Struct, frozen=True, kw_only=True):
    """What the path came to, in redacted text."""

    text: str
    source: Source
    citations: tuple[str, ...] = ()
    evidence: tuple[Hash, ...] = ()
    """Content hashes of the passages it rests on."""
    score: float = 0.0
    """How well the best passage fitted."""
    confidence: float = 0.0
    handoff: HandoffReason | None = None
    draft: str = ""
    """What a hand-off holds back."""
    treatment: str = ""
    sure: float = 0.0
    """Of the treatment that made the answer or the draft, see `Interaction`."""
    near: Near | None = None
    """What the semantic cache had."""


def reply_of(candidate: Candidate) -> Reply:
    """Return what a treatment says as it is sent."""
    return Reply(
        text=candidate.text,
        source=Source(candidate.treatment.value),
        citations=candidate.citations,
        evidence=candidate.evidence,
        confidence=candidate.confidence,
        treatment=candidate.treatment.value,
        sure=candidate.confidence,
    )


def lacking(reason: HandoffReason, mode: Mode) -> HandoffReason:
    """Return what an answer lacked: sureness of its own, or decisions by people on such answers."""
    is_unsure = reason is HandoffReason.NOT_CONFIDENT
    return HandoffReason.NOT_CERTIFIED if is_unsure and mode is not Mode.OPEN else reason


def handed_off(reason: HandoffReason, trace: Trace, score: float = 0.0) -> Reply:
    """Return the hand-off of what no answer was found to, marked in the trace."""
    trace.add("hand_off", reason.value)
    return Reply(text="", source=Source.HANDOFF, handoff=reason, score=score)


def left_to_who_answers(reply: Reply, trace: Trace) -> Reply:
    """Return what would be said as a draft, if it could be sent, for the person who answers the
    conversation; who asks for a person, or is held out, stays so."""
    if reply.handoff in (HandoffReason.ASKED_FOR_HUMAN, HandoffReason.HELD_OUT):
        return reply
    said = reply.text
    if reply.handoff is not None:
        unsure = reply.handoff in (HandoffReason.NOT_CONFIDENT, HandoffReason.NOT_CERTIFIED)
        said = reply.draft if unsure else ""
    return held_back(msgspec.structs.replace(reply, text=said), HandoffReason.TAKEN_OVER, trace)


def held_back(reply: Reply, reason: HandoffReason, trace: Trace) -> Reply:
    """Return the hand-off that keeps an answer as a draft, with what it rests on."""
    trace.add("hand_off", reason.value)
    return msgspec.structs.replace(
        reply,
        text="",
        source=Source.HANDOFF,
        handoff=reason,
        draft=reply.text,
        confidence=0.0,
    )
