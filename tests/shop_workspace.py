"""A real workspace folder of the small shop (SQLite, files, journal), whose models are scripted."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from loop.world import FakeTrainer, answer_to, skill_of
from northloop.adapters.embedded.hybrid_index import HybridIndexer
from northloop.ports.models import Engine
from northloop.ports.retrieval import Indexer
from northloop.ports.trainer import Trainer
from northloop.testing.models import HashEmbedder, ScriptedEngine
from northloop.workspace import Workspace


class ShopWorkspace(Workspace):
    """See the module."""

    @property
    def indexer(self) -> Indexer:
        return HybridIndexer(HashEmbedder())

    def base_file(self, name: str) -> Path:
        return self.folder / "base.gguf"

    def trainer(self, name: str) -> Trainer:
        return FakeTrainer()

    def engine(self, base: Path, adapters: Mapping[str, Path], beside: int = 1) -> Engine:
        return ScriptedEngine(
            lambda prompt, adapter: answer_to(
                prompt, skill_of(adapters[adapter] if adapter else None)
            )
        )
