"""The shadow: a candidate answers what customers asked, after they have got their answer.

It is done in the background by one thread, while nobody waits for an answer of this process; what
it cannot come to is dropped. Nothing of it is sent or cached.
"""

from __future__ import annotations

import logging
import queue
import threading
from collections.abc import Callable, Generator, Iterator
from contextlib import closing, contextmanager
from typing import NamedTuple

from northloop.core.canary import ShadowAnswer, shadow_id_of
from northloop.core.deployment import Arm, Deployment, Purpose
from northloop.core.errors import NorthloopError
from northloop.core.ids import uniform
from northloop.core.interaction import Interaction, Origin, Question
from northloop.core.question import normalised
from northloop.core.side_by_side import SideBySide, pair_id_of
from northloop.loop.promote import newest_deployment
from northloop.loop.side_by_side import AHEAD, seen, waiting
from northloop.ports.stores import Records
from northloop.stages.monitoring.sampling import reviewable

_MOST_WAITING = 16
"""Questions that wait for the candidate; one more is dropped."""
_MOST_TRIES = 3
_LAST_ANSWER_S = 10.0
_log = logging.getLogger("northloop.shadow")
Answering = Callable[[Arm, Question], Generator[str | Interaction, None, None]]


def shadowing(newest: Deployment, question: Question) -> Arm | None:
    """Return the candidate that is to answer a question, too; None if none is."""
    arm = newest.candidate
    if arm is None or arm.part is not Purpose.SHADOW or question.origin is not Origin.CUSTOMER:
        return None
    drawn = uniform("shadow", arm.trial_id, question.interaction_id) < arm.share
    return arm if drawn else None


class Shadows:
    """Answers questions again, one after another, while nobody is being answered."""

    def __init__(self, records: Records, answering: Answering) -> None:
        self._records = records
        self._answering = answering
        self._waiting: queue.Queue[_Asked | None] = queue.Queue(_MOST_WAITING)
        self._quiet = threading.Condition()
        self._answers = 0
        """Being made for customers now."""
        self._closed = False
        self._thread: threading.Thread | None = None

    @contextmanager
    def answering(self) -> Iterator[None]:
        """Keep the candidate quiet while the body answers somebody."""
        with self._quiet:
            self._answers += 1
        try:
            yield
        finally:
            with self._quiet:
                self._answers -= 1
                self._quiet.notify_all()

    def offer(self, arm: Arm, question: Question, kept: Interaction) -> None:
        """Have the candidate answer what was answered just now, later; returns at once."""
        if not reviewable(kept) or self._closed:
            return
        with self._quiet:
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="shadow", daemon=True)
                self._thread.start()
        try:
            self._waiting.put_nowait(_Asked(arm, question, kept))
        except queue.Full:
            _log.info("the shadow of %s was dropped: others wait", kept.interaction_id)

    def settle(self) -> None:
        """Return when everything that was offered is answered or given up."""
        self._waiting.join()

    def close(self) -> None:
        """Give up what waits."""
        with self._quiet:
            self._closed = True
            self._quiet.notify_all()
            thread = self._thread
        if thread is not None:
            self._wake()
            thread.join(_LAST_ANSWER_S)

    def _wake(self) -> None:
        try:
            self._waiting.put_nowait(None)
        except queue.Full:
            return  # It has something to wake up for.

    def _run(self) -> None:
        while not self._closed:
            asked = self._waiting.get()
            try:
                if asked is not None:
                    self._answer(asked)
            except NorthloopError as error:
                _log.warning("no shadow of %s: %s", asked and asked.kept.interaction_id, error)
            except Exception:  # noqa: BLE001 (whatever it is, customers are answered)
                _log.exception("no shadow of %s", asked and asked.kept.interaction_id)
            finally:
                self._waiting.task_done()

    def _answer(self, asked: _Asked) -> None:
        """Answer a question; begun anew, a few times, where somebody asks meanwhile.

        To pause would be to hold a place in an engine that whoever asks may wait for.
        """
        for _ in range(_MOST_TRIES):
            if not self._is_quiet() or not _is_wanted(self._records, asked):
                return
            with closing(self._answering(asked.arm, asked.question)) as pieces:
                for piece in pieces:
                    if isinstance(piece, Interaction):
                        _keep(self._records, asked.arm.trial_id, asked.kept, piece)
                        return
                    if self._answers or self._closed:
                        break
        _log.info("the shadow of %s was dropped: others asked", asked.kept.interaction_id)

    def _is_quiet(self) -> bool:
        """Wait until nobody is being answered; False if the shadow is closed meanwhile."""
        with self._quiet:
            self._quiet.wait_for(lambda: self._closed or not self._answers)
            return not self._closed


class _Asked(NamedTuple):
    arm: Arm
    question: Question
    kept: Interaction


def _is_wanted(records: Records, asked: _Asked) -> bool:
    """Whether the trial goes on, its customer was not forgotten, and no server was quicker."""
    newest, trial_id = newest_deployment(records), asked.arm.trial_id
    if newest is None or newest.candidate is None or newest.candidate.trial_id != trial_id:
        return False
    name = asked.kept.interaction_id
    known = records.find(ShadowAnswer, shadow_id_of(trial_id, name))
    return known is None and records.find(Interaction, name) is not None


def _keep(records: Records, trial_id: str, kept: Interaction, made: Interaction) -> None:
    """Keep what the candidate said, unless the customer was forgotten meanwhile; put some before
    people, beside what was answered."""
    said, current = (i.answer if i.handoff is None else "" for i in (made, kept))
    shadow = ShadowAnswer(
        shadow_id=shadow_id_of(trial_id, kept.interaction_id),
        trial_id=trial_id,
        interaction_id=kept.interaction_id,
        at=made.at,
        release=made.release,
        knowledge=made.knowledge,
        answer=said,
        draft=made.draft,
        source=made.source.value,
        confidence=made.confidence,
        latency_ms=made.latency_ms,
        alike=normalised(said) == normalised(current),
    )
    with records.transaction():
        if records.find(Interaction, kept.interaction_id) is None or not records.add(shadow):
            return
        if kept.turn > 1 or shadow.alike or waiting(records, trial_id) >= AHEAD:
            return
        question = normalised(kept.question)
        if any(normalised(pair.question) == question for pair in seen(records, trial_id)):
            return
        records.add(
            SideBySide(
                pair_id=pair_id_of(trial_id, kept.interaction_id),
                proposal_id=trial_id,
                interaction_id=kept.interaction_id,
                at=kept.at,
                question=kept.question,
                candidate=said,
                current=current,
            )
        )
