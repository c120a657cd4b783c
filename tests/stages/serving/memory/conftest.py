"""A memory of a small help desk, learnt once."""

from __future__ import annotations

from typing import NamedTuple

import pytest

from northloop.adapters.embedded.linear_heads import LinearHeads
from northloop.adapters.embedded.word_embedder import WordEmbedder
from northloop.ports.heads import Head
from northloop.stages.serving.memory import Memory, learn, load
from stages.serving.memory import desk


class Desk(NamedTuple):
    files: dict[str, bytes]
    embedder: WordEmbedder
    heads: LinearHeads
    head: Head

    @property
    def memory(self) -> Memory:
        return load(self.files, self.embedder, self.head)


@pytest.fixture(scope="session")
def shop() -> Desk:
    embedder = WordEmbedder()
    heads, rows = LinearHeads(embedder), desk.history()
    head = heads.load(heads.fit([r.question for r in rows], [r.intent for r in rows]))
    return Desk(learn(rows, embedder, heads), embedder, heads, head)
