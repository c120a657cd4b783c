"""Asks a release many questions at once, offline, with the answers it would give alone.

Requests that share a batch may differ in the last digit of a sum, and a greedy answer with them.
So several engines work side by side, each on one question at a time: the processor is busy, and
the answers are those of a single engine.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from queue import SimpleQueue
from typing import TypeVar

import msgspec

from northloop.core.artefacts import Release
from northloop.core.conversation import Example
from northloop.core.errors import TooLong
from northloop.core.interaction import HandoffReason
from northloop.core.treatment import Candidate, Treatment
from northloop.loop.parts import Parts
from northloop.ports.models import Capabilities, Use
from northloop.ports.retrieval import Index
from northloop.ports.treatments import Treating
from northloop.stages.evaluation.suite import Answered
from northloop.stages.serving.generate import Answerer, Generated, evidence, generate_answer
from northloop.stages.serving.policy import choose, prefers_models

T = TypeVar("T")
DRAFTS = "drafts"
"""In the metadata of what is by drafts, see `Report.drafts`."""
ENGINES = 2
"""Side by side; each takes its share of the processors."""


class EnginePool:
    """A release and a knowledge behind several engines."""

    def __init__(self, parts: Parts, release: Release, index: Index) -> None:
        self._progress = parts.progress
        self._engines = [parts.engine_for(release, Use(engines=ENGINES)) for _ in range(ENGINES)]
        self._free: SimpleQueue[Answerer] = SimpleQueue()
        for engine in self._engines:
            self._free.put(Answerer(release=release, engine=engine, index=index))

    @property
    def capabilities(self) -> Capabilities:
        """What its engines can do."""
        return self._engines[0].capabilities

    def close(self) -> None:
        """Free the engines."""
        for engine in self._engines:
            engine.close()

    def ask(
        self, task: str, work: Callable[[Answerer, Example], T], examples: Sequence[Example]
    ) -> list[T]:
        """Return what `work` makes of each example, in their order."""
        results: list[T] = []
        with ThreadPoolExecutor(ENGINES) as pool:
            for result in pool.map(lambda example: self._one(work, example), examples):
                results.append(result)
                self._progress(task, len(results), len(examples))
        return results

    def _one(self, work: Callable[[Answerer, Example], T], example: Example) -> T:
        answerer = self._free.get()
        try:
            return work(answerer, example)
        finally:
            self._free.put(answerer)


def generated(answerer: Answerer, example: Example) -> Generated | None:
    """Return the answer, None to a conversation that is too long for the model: handed off."""
    try:
        return generate_answer(answerer, example.asked)
    except TooLong:
        return None


def received(
    release: Release,
    treatments: Mapping[Treatment, Treating],
    examples: Sequence[Example],
    made: Sequence[Generated | None],
    *,
    drafts: bool,
) -> list[Answered]:
    """Return what comes of each question, given what the model says: what a customer would receive,
    or with `drafts` what people decide on."""
    says = _drafted if drafts else _served
    return [says(release, treatments, *one) for one in zip(examples, made, strict=True)]


def _served(
    release: Release,
    treatments: Mapping[Treatment, Treating],
    example: Example,
    made: Generated | None,
) -> Answered:
    """Return what a customer of a release would receive, given what its model says."""
    began_s = time.perf_counter()
    chosen = choose(release.first, treatments, example.asked)
    ms = (time.perf_counter() - began_s) * 1e3
    if chosen.sent is not None:
        return said(chosen.sent, sent=True, ms=ms)
    by_model = answered(made) if release.generates else Answered(text="", handed_off=True)
    reason = made.handoff if made is not None else None
    if by_model.handed_off and not prefers_models(chosen, reason, by_model.text):
        return said(chosen.held, sent=False, ms=ms + by_model.ms)
    return msgspec.structs.replace(by_model, ms=ms + by_model.ms)


def _drafted(
    release: Release,
    treatments: Mapping[Treatment, Treating],
    example: Example,
    made: Generated | None,
) -> Answered:
    """Return what people of a release decide on, or what their decisions certify: its draft,
    however sure it is. Handed off is what has none that passes the check."""
    began_s = time.perf_counter()
    chosen = choose(release.first, treatments, example.asked, certified=True)
    ms = (time.perf_counter() - began_s) * 1e3
    held = chosen.sent or chosen.held
    passed = chosen.sent is not None or chosen.reason is HandoffReason.NOT_CONFIDENT
    if held is not None and not chosen.lost:
        return said(held, sent=passed, ms=ms)
    # A model is asked where nothing that won has a draft, as by the answer path.
    by_model = answered(made) if release.generates else Answered(text="")
    is_draft = made is not None and made.handoff in (None, HandoffReason.NOT_CONFIDENT)
    if by_model.text and is_draft:
        return msgspec.structs.replace(by_model, handed_off=False, ms=ms + by_model.ms)
    return said(held, sent=passed, ms=ms + by_model.ms)


def said(candidate: Candidate | None, *, sent: bool, ms: float = 0.0) -> Answered:
    """Return what a treatment says, as it is scored."""
    if candidate is None:
        return Answered(text="", handed_off=True, ms=ms)
    return Answered(text=candidate.text, evidence=candidate.vouching, handed_off=not sent, ms=ms)


def answered(made: Generated | None) -> Answered:
    """Return what came back for a question, as it is scored."""
    if made is None:
        return Answered(text="", handed_off=True)
    return Answered(
        text=made.answer,
        evidence=evidence(made.hits),
        handed_off=made.handoff is not None,
        ms=made.generation_ms,
    )
