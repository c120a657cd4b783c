"""A service that says what it is told to, for tests of the HTTP shell alone."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Sequence

from northloop.core.errors import InputError, NotFound, RemoteUnavailable
from northloop.core.interaction import (
    WORKING,
    Feedback,
    HandoffReason,
    Interaction,
    Outcome,
    Question,
    Source,
    Step,
)
from northloop.http.service import Health, Model


class ScriptedService:
    """Implements `Service`. What it does depends on the question's words; see `answer`.

    A question with "known" in it needs no generation.
    """

    def __init__(self) -> None:
        self.kept: dict[str, Interaction] = {}
        self.asked: list[Question] = []
        self.feedback: dict[str, Feedback] = {}
        self.outcomes: dict[str, Outcome] = {}
        self.ready = True
        self.gate = threading.Event()
        self.stopped = threading.Event()

    def answer(self, question: Question) -> Iterator[str | Interaction]:
        kept = self.kept.get(question.interaction_id)
        if kept is not None:
            yield kept.answer
            yield kept
            return
        text = question.text
        if "known" not in text:
            yield WORKING
        self.asked.append(question)
        if "unreadable" in text:
            raise InputError("the question is too long", where="messages", action="shorten it")
        if "down" in text:
            raise RemoteUnavailable("the engine is down", where="engine", action="start it")
        if "bug" in text:
            raise ValueError(f"secret words: {text}")
        pieces = ["Forty-five", " days", ", café."]
        yield pieces[0]
        if "wait" in text:
            assert self.gate.wait(20)
        if "breaks" in text:
            raise RemoteUnavailable("the engine went away", where="engine", action="start it")
        if "endless" in text:
            yield from self._endless()
        yield from pieces[1:]
        interaction = self.interaction_of(question, "".join(pieces))
        self.kept[question.interaction_id] = interaction
        yield interaction

    def _endless(self) -> Iterator[str]:
        try:
            while True:
                time.sleep(0.01)
                yield " more"
        finally:
            self.stopped.set()

    def interaction_of(self, question: Question, answer: str) -> Interaction:
        human = "human" in question.text
        cut = "truncated" if "limit" in question.text else "complete"
        return Interaction(
            interaction_id=question.interaction_id,
            conversation_id=question.conversation_id,
            customer_id=question.customer_id,
            tenant=question.tenant,
            release="f" * 64,
            at="2026-01-01T00:00:00.000+00:00",
            question=question.text,
            answer=answer,
            source=Source.HANDOFF if human else Source.GENERATED,
            citations=("returns#1",),
            confidence=0.8,
            handoff=HandoffReason.ASKED_FOR_HUMAN if human else None,
            intent="returns",
            latency_ms=12.0,
            trace=(Step(name="generate", ms=11.0, decision=cut, evidence={"tokens": 7.0}),),
        )

    def interaction(self, interaction_id: str, tenant: str) -> Interaction:
        if interaction_id not in self.kept or self.kept[interaction_id].tenant != tenant:
            raise NotFound("no such interaction", where=interaction_id, action="check the id")
        return self.kept[interaction_id]

    def models(self) -> Sequence[Model]:
        return [
            Model(id=name, created=1, max_answer_tokens=96) for name in ("northloop", "ffffffff")
        ]

    def add_feedback(self, feedback: Feedback, tenant: str) -> None:
        self.interaction(feedback.interaction_id, tenant)
        self.feedback[feedback.feedback_id] = feedback

    def add_outcome(self, outcome: Outcome) -> None:
        kept = self.kept.values()
        if (outcome.conversation_id, outcome.tenant) not in {
            (i.conversation_id, i.tenant) for i in kept
        }:
            raise NotFound("there is no such conversation", where=outcome.conversation_id)
        self.outcomes[outcome.outcome_id] = outcome

    def health(self) -> Health:
        return Health(ready=self.ready, detail="" if self.ready else "no release yet")
