"""Finding the passages that answer a question."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Protocol

import msgspec

from northloop.core.conversation import Passage


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
    """Builds and loads indexes."""

    def build(
        self, passages: Sequence[Passage], asked: Mapping[str, Sequence[str]] = {}
    ) -> dict[str, bytes]:
        """Return the index as files; the same arguments give the same bytes.

        `asked` maps passage ids to redacted questions that the passage has answered before: it
        is to be found by the like of them too.
        """
        ...

    def load(self, folder: Path) -> Index:
        """Return the index from a folder that holds the files `build` made."""
        ...
