"""What answers without generating."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from northloop.core.conversation import Message
from northloop.core.treatment import Candidate


class Treating(Protocol):
    """A treatment as it is asked: read only, safe for threads, quick."""

    def answer(self, messages: Sequence[Message]) -> Candidate | None:
        """Return its answer to a redacted conversation, None if it has none."""
        ...
