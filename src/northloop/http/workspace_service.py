"""The API's view of a workspace. Implements `http.service.Service`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

import msgspec

from northloop.core.artefacts import Artefact
from northloop.core.interaction import Feedback, Interaction, Outcome, Question
from northloop.http.service import Health, Model
from northloop.loop.promote import live
from northloop.workspace import Workspace

LIVE_MODEL = "northloop"
"""The model's name that always means the live release."""


class WorkspaceService:
    """Answers under the live release of one workspace."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace

    def answer(self, question: Question) -> Iterator[str | Interaction]:
        """Answer with ids that say nothing of the person: many callers send an e-mail address."""
        return self._workspace.live.answer(
            msgspec.structs.replace(
                question,
                customer_id=self._workspace.opaque(question.customer_id),
                conversation_id=self._workspace.opaque(question.conversation_id),
            )
        )

    def interaction(self, interaction_id: str) -> Interaction:
        return self._workspace.records.get(Interaction, interaction_id)

    def models(self) -> Sequence[Model]:
        current = live(self._workspace.records)
        if current is None:
            return ()
        artefact: Artefact = self._workspace.artefacts.get(current)
        created = int(datetime.fromisoformat(artefact.created_at).timestamp())
        return [Model(id=LIVE_MODEL, created=created), Model(id=current[:8], created=created)]

    def add_feedback(self, feedback: Feedback) -> None:
        self._workspace.live.add_feedback(feedback)

    def add_outcome(self, outcome: Outcome) -> None:
        conversation = self._workspace.opaque(outcome.conversation_id)
        self._workspace.live.add_outcome(
            msgspec.structs.replace(outcome, conversation_id=conversation)
        )

    def health(self) -> Health:
        current = live(self._workspace.records)
        if current is None:
            return Health(ready=False, detail="no release is live: northloop loop run")
        return Health(ready=True, release=current)
