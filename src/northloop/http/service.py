"""What the HTTP API needs from the workspace. Every method is called from worker threads."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Protocol

import msgspec

from northloop.core.interaction import Feedback, Interaction, Outcome, Question


class Model(msgspec.Struct, frozen=True, kw_only=True):
    """One model as `/v1/models` lists it."""

    id: str
    created: int
    """Unix time, seconds."""
    owned_by: str = "northloop"
    max_answer_tokens: int = 0
    """So many tokens at most does it generate."""


class Health(msgspec.Struct, frozen=True, kw_only=True):
    """Whether questions can be answered now, and why not."""

    ready: bool
    detail: str = ""
    release: str = ""
    """Hash of the live release."""
    cache: str = "answers"
    """"unavailable" while the answer cache is down: questions are answered without it."""


class Service(Protocol):
    """A workspace, as seen from the API."""

    def answer(self, question: Question) -> Iterator[str | Interaction]:
        """Yield the answer's text and at last the Interaction, kept before the last text goes out.

        An interaction id that is kept already is played again. The first piece is WORKING if the
        answer has to be generated: what comes after it takes long and should wait for a turn.
        Closing the iterator stops the generation.
        """
        ...

    def interaction(self, interaction_id: str, tenant: str) -> Interaction:
        """Return a kept interaction of a tenant; NotFound, also for another tenant's."""
        ...

    def models(self) -> Sequence[Model]:
        """Return what can be asked, the live release first."""
        ...

    def add_feedback(self, feedback: Feedback, tenant: str) -> None:
        """Keep feedback, its comment redacted, once per id; NotFound for its interaction."""
        ...

    def add_outcome(self, outcome: Outcome) -> None:
        """Keep how a conversation ended, once per id; NotFound if its tenant has none such."""
        ...

    def health(self) -> Health:
        """Return whether questions can be answered; quick."""
        ...
