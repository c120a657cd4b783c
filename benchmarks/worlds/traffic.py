"""Plausible traffic, however much: for benchmarks, and tests of what grows.

journal.keep_all(traffic.interactions(traffic.Stream(answers=1_000_000)))
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import msgspec
import numpy as np

from northloop.core.clock import stamp
from northloop.core.ids import derived_id
from northloop.core.interaction import HandoffReason, Interaction, Source, Step
from northloop.core.question import words_of

_BEGIN = datetime(2026, 1, 1, tzinfo=UTC)
_ASKED = (
    "May I return the {thing} {name} after {days} days?",
    "How long does delivery of a {thing} to {place} take?",
    "The {thing} {name} arrived damaged, what shall I do now?",
    "Where do I find the invoice for my {thing}?",
    "Is the {thing} {name} waterproof, and can it be repaired?",
    "Which size of {thing} fits somebody of {days} years from {place}?",
    "I was charged twice for one {thing}. Why?",
    "Can you change the address of my order of {days} {thing}s to {place}?",
)
_ANSWERED = (
    "You can return the {thing} within {days} days of delivery, unused and in its bag.",
    "Express delivery to {place} takes two working days, standard delivery five.",
    "We are sorry to hear that. Please send us a photograph of the {thing} {name}.",
    "Download the invoice from your account under purchases.",
    "The seams of the {thing} {name} are taped; our workshop repairs it within a fortnight.",
    "Choose the {thing} one size above your usual one.",
    "The second amount is only reserved, and your bank releases it by itself.",
    "As long as the parcel has not left {place}, support changes the address for you.",
)
_THINGS = (
    "tent lantern rucksack jacket stove boot mattress kettle compass hammock headlamp bottle "
    "tarpaulin crampon harness poncho snorkel paddle canoe sledge "
)
_SYLLABLES = "bar den fil gor hus kel lun mar nev oss pir quo rud sam tov ulm vik wen yor zet "
_STEPS = ("redact", "asked_for_human", "approved", "cache", "retrieve", "generate", "check")
_EVIDENCE: dict[str, str | float | tuple[str, ...]] = {
    "passages": ("returns#1", "returns#2"),
    "scores": ("0.912", "0.801"),
    "key": "a" * 64,
}
_TRACE = tuple(Step(name=n, ms=1.0, decision="found", evidence=_EVIDENCE) for n in _STEPS)
_REASONS = (
    HandoffReason.NOT_CONFIDENT,
    HandoffReason.NOT_GROUNDED,
    HandoffReason.ASKED_FOR_HUMAN,
)
_SOURCES = (Source.GENERATED, Source.GENERATED, Source.CACHE, Source.GENERATED, Source.APPROVED)


class Stream(msgspec.Struct, frozen=True, kw_only=True):
    """What kind of traffic, and how much."""

    answers: int
    seed: int = 1
    handed_off: float = 0.15
    """Share of hand-offs."""
    customers: int = 20_000
    wordings: int = 5_000
    """Different questions, each with its answer."""
    seconds: float = 2.0
    """Between two of them."""
    begin_s: float = 0.0
    """After the beginning of the year."""
    tenant: str = "default"
    release: str = "0" * 64


def interactions(stream: Stream) -> Iterator[Interaction]:
    """Yield that many interactions as an answer path hands them to the journal, oldest first.

    Two follow each other in a conversation. The same stream, the same interactions.
    """
    rng = np.random.default_rng(stream.seed)
    confidence = rng.beta(5, 1.5, stream.answers)
    hand_offs = rng.random(stream.answers) < stream.handed_off
    said = [_said(rng, number) for number in range(stream.wordings)]
    names = [words_of(question) for question, _ in said]
    seed = str(stream.seed)
    for number in range(stream.answers):
        wording = number * 7919 % stream.wordings
        question, answer = said[wording]
        reason = _REASONS[number % len(_REASONS)] if hand_offs[number] else None
        held_back = reason is HandoffReason.NOT_GROUNDED
        at = _BEGIN + timedelta(seconds=stream.begin_s + number * stream.seconds)
        yield Interaction(
            interaction_id=derived_id("filled", stream.tenant, seed, str(number)),
            conversation_id=derived_id("conversation", stream.tenant, seed, str(number // 2)),
            customer_id=f"customer {number // 2 % stream.customers}",
            tenant=stream.tenant,
            release=stream.release,
            at=stamp(at),
            question=question,
            answer="" if reason else answer,
            source=Source.HANDOFF if reason else _SOURCES[number % len(_SOURCES)],
            citations=("returns#1",),
            confidence=0.0 if reason else float(confidence[number]),
            handoff=reason,
            intent="returns",
            latency_ms=400.0,
            trace=_TRACE,
            draft=answer if held_back else "",
            asked=names[wording],
            turn=1,
        )


def _said(rng: np.random.Generator, number: int) -> tuple[str, str]:
    """A question and its answer, of a product with a name of its own."""
    syllables = _SYLLABLES.split()
    name, place = ("".join(rng.choice(syllables, 3)).capitalize() for _ in range(2))
    form = number % len(_ASKED)
    words = {
        "thing": str(rng.choice(_THINGS.split())),
        "name": name,
        "place": place,
        "days": int(rng.integers(2, 99)),
    }
    second = _ANSWERED[int(rng.integers(len(_ANSWERED)))]
    return _ASKED[form].format(**words), f"{_ANSWERED[form]} {second}".format(**words)
