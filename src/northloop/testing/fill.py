"""Plausible traffic, however much: for benchmarks, and tests of what grows.

journal.keep_all(fill.interactions(fill.Stream(answers=1_000_000)))
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import msgspec
import numpy as np

from northloop.core.ids import derived_id
from northloop.core.interaction import HandoffReason, Interaction, Source, Step
from northloop.core.question import words_of

_BEGIN = datetime(2026, 1, 1, tzinfo=UTC)
_REPLY = "You can return any tent within six weeks of delivery, unused and in its bag. "
_STEPS = ("redact", "asked_for_human", "approved", "cache", "retrieve", "generate", "check")
_EVIDENCE: dict[str, str | float | tuple[str, ...]] = {
    "passages": ("returns#1", "returns#2"),
    "scores": ("0.912", "0.801"),
    "key": "a" * 64,
}
_TRACE = tuple(Step(name=n, ms=1.0, decision="found", evidence=_EVIDENCE) for n in _STEPS)


class Stream(msgspec.Struct, frozen=True, kw_only=True):
    """What kind of traffic, and how much."""

    answers: int
    seed: int = 1
    handed_off: float = 0.15
    """Share of hand-offs."""
    customers: int = 20_000
    wordings: int = 5_000
    """Different questions."""
    seconds: float = 2.0
    """Between two of them."""
    tenant: str = "default"
    release: str = "0" * 64


def interactions(stream: Stream) -> Iterator[Interaction]:
    """Yield that many interactions as an answer path hands them to the journal, oldest first.

    Two follow each other in a conversation. The same stream, the same interactions.
    """
    rng = np.random.default_rng(stream.seed)
    confidence = rng.beta(5, 1.5, stream.answers)
    hand_offs = rng.random(stream.answers) < stream.handed_off
    questions = [
        f"Question {n}: may I return tent number {n % 977} after {n % 50} days?"
        for n in range(stream.wordings)
    ]
    names = [words_of(question) for question in questions]
    seed = str(stream.seed)
    for number in range(stream.answers):
        wording = number * 7919 % stream.wordings
        handed_off = bool(hand_offs[number])
        at = _BEGIN + timedelta(seconds=number * stream.seconds)
        yield Interaction(
            interaction_id=derived_id("filled", stream.tenant, seed, str(number)),
            conversation_id=derived_id("conversation", stream.tenant, seed, str(number // 2)),
            customer_id=f"customer {number // 2 % stream.customers}",
            tenant=stream.tenant,
            release=stream.release,
            at=at.isoformat(timespec="milliseconds"),
            question=questions[wording],
            answer="" if handed_off else _REPLY * 2,
            source=Source.HANDOFF if handed_off else Source.GENERATED,
            citations=("returns#1",),
            confidence=0.0 if handed_off else float(confidence[number]),
            handoff=HandoffReason.NOT_CONFIDENT if handed_off else None,
            intent="returns",
            latency_ms=400.0,
            trace=_TRACE,
            asked=names[wording],
            turn=1,
        )
