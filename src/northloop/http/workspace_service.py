"""The API's view of a workspace. Implements `http.service.Service`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

import msgspec

from northloop.core.artefacts import Artefact
from northloop.core.errors import NotFound
from northloop.core.ids import Hash
from northloop.core.interaction import Feedback, Interaction, Outcome, Question
from northloop.http.keys import sees
from northloop.http.service import Health, Model
from northloop.loop.pairs import load_release
from northloop.loop.promote import live
from northloop.ports.stores import not_kept
from northloop.workspace import Workspace

LIVE_MODEL = "northloop"
"""The model's name that always means the live release."""


class WorkspaceService:
    """Answers under the live release of one workspace."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._known: tuple[Hash, Sequence[Model]] = ("", ())
        """The live release, which every request names, and what it is listed as."""

    def answer(self, question: Question) -> Iterator[str | Interaction]:
        """Answer with ids that say nothing of the person: many callers send an e-mail address."""
        return self._workspace.live.answer(
            msgspec.structs.replace(
                question,
                customer_id=self._workspace.opaque(question.customer_id),
                conversation_id=self._workspace.opaque(question.conversation_id),
            )
        )

    def interaction(self, interaction_id: str, tenant: str) -> Interaction:
        found = self._workspace.records.get(Interaction, interaction_id)
        if not sees(tenant, found.tenant):
            raise _no_interaction(interaction_id)
        # Whoever asks for customers gets what customers get; drafts are the team's.
        return msgspec.structs.replace(found, draft="")

    def models(self) -> Sequence[Model]:
        current = live(self._workspace.records)
        if current is None:
            return ()
        release, models = self._known
        if release != current:
            models = self._models_of(current)
            self._known = current, models
        return models

    def _models_of(self, release: Hash) -> Sequence[Model]:
        artefact: Artefact = self._workspace.artefacts.get(release)
        created = int(datetime.fromisoformat(artefact.created_at).timestamp())
        limit = load_release(self._workspace.artefacts, release).max_answer_tokens
        return [
            Model(id=name, created=created, max_answer_tokens=limit)
            for name in (LIVE_MODEL, release[:8])
        ]

    def add_feedback(self, feedback: Feedback, tenant: str) -> None:
        self.interaction(feedback.interaction_id, tenant)
        self._workspace.live.add_feedback(feedback)

    def add_outcome(self, outcome: Outcome) -> None:
        conversation = self._workspace.opaque(outcome.conversation_id)
        said = self._workspace.records.list(Interaction, subject=conversation)
        if not any(sees(outcome.tenant, interaction.tenant) for interaction in said):
            raise NotFound(
                "there is no such conversation",
                where=outcome.conversation_id,
                action="name the conversation as its questions did",
            )
        self._workspace.live.add_outcome(
            msgspec.structs.replace(outcome, conversation_id=conversation)
        )

    def health(self) -> Health:
        current = live(self._workspace.records)
        if current is None:
            return Health(ready=False, detail="no release is live: northloop loop run")
        down = self._workspace.cache_trouble
        return Health(ready=True, release=current, cache="unavailable" if down else "answers")


def _no_interaction(interaction_id: str) -> NotFound:
    # The words of the records: whether another tenant has it must not show.
    return not_kept(Interaction, interaction_id)
