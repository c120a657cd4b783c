"""Finding the passages that answer a question."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Protocol

import msgspec

from northloop.core.conversation import Passage
from northloop.core.ids import Hash


class Hit(msgspec.Struct, frozen=True, kw_only=True):
    """A passage and why it was found."""

    passage: Passage
    score: float
    """Fused, 0..1, comparable between questions."""
    bm25: float
    cosine: float


class Index(Protocol):
    """A searchable set of passages."""

    def search(self, query: str, k: int) -> list[Hit]:
        """Return at most `k` hits, best first; [] for a query without a searchable word."""
        ...

    def passages(self, ids: Sequence[str]) -> list[Passage]:
        """Return passages by their ids, in that order; unknown ids are left out."""
        ...


class Indexer(Protocol):
    """Builds indexes, and opens them with what was asked before."""

    @property
    def name(self) -> str:
        """Names all that an index follows from besides its passages."""
        ...

    def build(self, passages: Sequence[Passage], before: Path | None = None) -> dict[str, bytes]:
        """Return the index as files; the same passages give the same bytes.

        `before` is the folder of an earlier index: what it knows is taken over, and only what
        changed is embedded.
        """
        ...

    def learn(self, asked: Mapping[Hash, Sequence[str]]) -> dict[str, bytes]:
        """Return as files what redacted questions teach about the passages that answered them.

        `asked` maps content hashes of passages to the questions; the same give the same bytes.
        """
        ...

    def load(self, folder: Path, asked: Path | None = None) -> Index:
        """Return the index from a folder that holds the files `build` made.

        `asked` is a folder of what `learn` made: each passage that still stands is found by the
        like of the questions that it has answered, too.
        """
        ...
