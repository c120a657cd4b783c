"""The ports that a turn of the loop works with."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from northloop.core.ids import Hash
from northloop.ports.jobs import Runner
from northloop.ports.models import Engine
from northloop.ports.progress import Progress
from northloop.ports.retrieval import Index, Indexer
from northloop.ports.stores import Artefacts, Records
from northloop.ports.trainer import Trainer


@dataclass(frozen=True)
class Parts:
    """What the workspace chose. Costly parts are made when they are first asked for."""

    artefacts: Artefacts
    records: Records
    runner: Callable[[], Runner]
    indexer: Indexer
    trainer: Callable[[], Trainer]
    engine: Callable[[Mapping[Hash, Path], int], Engine]
    """From adapters (hash → GGUF file) to an engine that can serve each of them, and that leaves
    room for so many like it, itself included."""
    base_file: Callable[[], Path]
    """The quantised base model."""
    work: Path
    """Scratch folder of unfinished work: checkpoints."""
    progress: Progress

    def index(self, hash_: Hash) -> Index:
        """Return a built index; NotFound, CorruptArtefact."""
        files = self.artefacts.get(hash_).manifest.files
        paths = [self.artefacts.path(hash_, name) for name in files]
        return self.indexer.load(paths[0].parent)

    def adapter_folder(self, hash_: Hash | None) -> Path | None:
        """Return the folder of an adapter's checked files; None for the untuned base."""
        if hash_ is None:
            return None
        files = self.artefacts.get(hash_).manifest.files
        return next(iter([self.artefacts.path(hash_, name) for name in files])).parent

    def engine_for(self, adapter: Hash | None, beside: int = 1) -> Engine:
        """Return an engine that serves the base model and an adapter.

        It takes the whole machine, or the share of one of `beside` engines.
        """
        path = {} if adapter is None else {adapter: self.artefacts.path(adapter, "adapter.gguf")}
        return self.engine(path, beside)
