"""Treatments that answer without generating: what they learn, and how they are asked."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Protocol

from northloop.core.conversation import Example, Message, Passage
from northloop.core.treatment import Candidate


class Treating(Protocol):
    """A treatment as it is asked: read only, safe for threads, quick."""

    def answer(self, messages: Sequence[Message]) -> Candidate | None:
        """Return its answer to a redacted conversation, None if it has none."""
        ...

    def candidates(self, messages: Sequence[Message]) -> Iterator[Candidate]:
        """Yield that answer, and what it would say instead, the likeliest first."""
        ...


class Learner(Protocol):
    """Learns a treatment and opens what was learnt."""

    @property
    def name(self) -> str:
        """Names all that it follows from besides what it is taught."""
        ...

    def learn(
        self, rows: Sequence[Example], passages: Sequence[Passage], dates: Mapping[str, str], /
    ) -> dict[str, bytes]:
        """Return as files what training rows and passages teach; the same give the same bytes.

        `dates` says when a row's reply was given, UTC, ISO 8601, by its id, where that is known.
        """
        ...

    def load(
        self,
        folder: Path,
        passages: Sequence[Passage],
        stale: Collection[str],
        earlier: Sequence[Passage],
        /,
    ) -> Treating:
        """Return the treatment of a folder that holds the files `learn` made.

        `passages` are those in force, which may be others: what was learnt of a passage applies as
        long as it says the same. `stale` names the rows whose reply rests on what is said no more:
        nothing is said from them. `earlier` are the passages it was learnt with, () where they
        are those in force, or not known. CorruptArtefact, ConfigurationError.
        """
        ...
