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


class Health(msgspec.Struct, frozen=True, kw_only=True):
    """Whether questions can be answered now, and why not."""

    ready: bool
    detail: str = ""
    release: str = ""
    """Hash of the live release."""


class Service(Protocol):
    """A workspace, as seen from the API."""

    def answer(self, question: Question) -> Iterator[str | Interaction]:
        """Yield the answer's text and at last the Interaction, kept before the last text goes out.

        An interaction id that is kept already is played again. Closing the iterator stops the
        generation.
        """
        ...

    def interaction(self, interaction_id: str) -> Interaction:
        """Return a kept interaction; NotFound."""
        ...

    def models(self) -> Sequence[Model]:
        """Return what can be asked, the live release first."""
        ...

    def add_feedback(self, feedback: Feedback) -> None:
        """Keep feedback, its comment redacted, once per id; NotFound for its interaction."""
        ...

    def add_outcome(self, outcome: Outcome) -> None:
        """Keep how a conversation ended, once per id."""
        ...

    def health(self) -> Health:
        """Return whether questions can be answered; quick."""
        ...
