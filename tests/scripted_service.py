"""A real workspace whose live service says what the question's words tell it to.

Records, artefacts and use cases are the real ones; only the making of an answer is scripted, so
that a test of the HTTP shell can have an answer wait, break or go on for ever.
"""

from __future__ import annotations

import atexit
import shutil
import tempfile
import threading
import time
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from northloop.core.artefacts import Kind, Release, Thresholds
from northloop.core.clock import stamp
from northloop.core.errors import InputError, RemoteUnavailable
from northloop.core.ids import Hash, canonical
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
from northloop.loop import promote
from northloop.loop.knowledge import make_knowledge
from northloop.loop.live import LiveService, ServingParts
from northloop.loop.parts import Parts
from northloop.settings import FILE_NAME
from northloop.stages.monitoring.sampling import ReviewBudget
from northloop.workspace import Workspace, made_once


class ScriptedLive(LiveService):
    """What it does depends on the question's words; see `answer`.

    A question with "known" in it needs no generation.
    """

    def __init__(self, parts: Parts, serving: ServingParts) -> None:
        super().__init__(parts, serving)
        self.asked: list[Question] = []
        self.obeys = True
        """False: it answers the same whatever is asked."""
        self.gate = threading.Event()
        self.stopped = threading.Event()

    def answer(
        self, question: Question, release: Hash | None = None
    ) -> Iterator[str | Interaction]:
        if release is None:
            self.release()
        return self._said(question)

    def _said(self, question: Question) -> Iterator[str | Interaction]:
        kept = self.journal.find(question.interaction_id)
        if kept is not None:
            yield kept.answer
            yield kept
            return
        text = question.text if self.obeys else ""
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
        yield self.journal.keep(_interaction(question, "".join(pieces)))

    def _endless(self) -> Iterator[str]:
        try:
            while True:
                time.sleep(0.01)
                yield " more"
        finally:
            self.stopped.set()


def _interaction(question: Question, answer: str) -> Interaction:
    human = "human" in question.text
    cut = "truncated" if "limit" in question.text else "complete"
    return Interaction(
        interaction_id=question.interaction_id,
        conversation_id=question.conversation_id,
        customer_id=question.customer_id,
        tenant=question.tenant,
        release="f" * 64,
        at=stamp(),
        question=question.text,
        answer=answer,
        source=Source.HANDOFF if human else Source.GENERATED,
        citations=("returns#1",),
        confidence=0.8,
        handoff=HandoffReason.ASKED_FOR_HUMAN if human else None,
        intent="returns",
        latency_ms=12.0,
        trace=(Step(name="generate", ms=11.0, decision=cut, evidence={"tokens": 7.0}),),
        trace_id=question.trace.trace_id,
    )


class _Workspace(Workspace):
    @made_once
    def live(self) -> ScriptedLive:
        budget = ReviewBudget(share=0.08, seed="scripted")
        serving = ServingParts(
            cache=self.cache, redact=self.redact, intent=self.intent, budget=budget
        )
        return ScriptedLive(self.parts, serving)


class ScriptedService:
    """Opens its workspace when it is called, as `create_app` asks for."""

    def __init__(self, *, is_live: bool = True) -> None:
        self._folder = _folder()
        shutil.copytree(_made(is_live=is_live), self._folder, dirs_exist_ok=True)
        self.workspace = _Workspace.open(self._folder)
        # Made now, so that no request waits for it.
        assert isinstance(self.workspace.live, ScriptedLive)

    def __call__(self) -> Workspace:
        return self.workspace

    @property
    def live(self) -> ScriptedLive:
        assert isinstance(self.workspace.live, ScriptedLive)
        return self.workspace.live

    @property
    def asked(self) -> list[Question]:
        return self.live.asked

    @property
    def gate(self) -> threading.Event:
        return self.live.gate

    @property
    def stopped(self) -> threading.Event:
        return self.live.stopped

    @property
    def kept(self) -> dict[str, Interaction]:
        return {i.interaction_id: i for i in self.workspace.records.query(Interaction).rows}

    @property
    def feedback(self) -> list[Feedback]:
        return self.workspace.records.query(Feedback).rows

    @property
    def outcomes(self) -> list[Outcome]:
        return self.workspace.records.query(Outcome).rows

    def close(self) -> None:
        self.workspace.close()
        shutil.rmtree(self._folder)


def _folder() -> Path:
    folder = Path(tempfile.mkdtemp(prefix="northloop-scripted-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


@cache
def _made(*, is_live: bool) -> Path:
    """Return the folder of a workspace, to be copied: made once for all services of a process."""
    folder = _folder()
    (folder / FILE_NAME).write_text("# as it comes\n")
    workspace = _Workspace.open(folder)
    if is_live:
        _promote(workspace)
    workspace.close()
    return folder


def _promote(workspace: Workspace) -> None:
    """Make a release live that nobody has to train: it is only looked at."""
    release = Release(
        base="smollm2-135m-instruct", base_file="b" * 64, adapter=None,
        prompt="You answer.", passages=2, max_answer_tokens=96, cache_ttl_s=60,
        thresholds=Thresholds(retrieval=0.0, confidence=0.0),
    )  # fmt: skip
    files = {"release.json": canonical(release)}
    made = workspace.artefacts.put(Kind.RELEASE, files, meta={"kind": "base"})
    make_knowledge(workspace.parts, [])
    promote.promote_release(workspace.artefacts, workspace.records, made.hash)
