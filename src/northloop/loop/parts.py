"""The ports that a turn of the loop works with."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import msgspec

from northloop.core.artefacts import Release
from northloop.core.base_model import remote_identity, remote_model
from northloop.core.conversation import Passage
from northloop.core.decoding import decoded
from northloop.core.errors import CorruptArtefact, InputError
from northloop.core.ids import Hash, known_file_hash
from northloop.core.prompt import CHATML, Template
from northloop.core.treatment import Treatment
from northloop.loop.bundles import read_one
from northloop.ports.heads import Heads
from northloop.ports.jobs import Runner
from northloop.ports.models import EXACT, Embedder, Engine, Use
from northloop.ports.progress import Progress
from northloop.ports.retrieval import Index, Indexer
from northloop.ports.spans import Spans
from northloop.ports.stores import Artefacts, Records
from northloop.ports.trainer import Trainer
from northloop.ports.treatments import Learner
from northloop.ports.workers import Done, DoneHere, Workers, here
from northloop.stages.data.reading import Resources


@dataclass(frozen=True)
class Parts:
    """What the workspace chose. Costly parts are made when they are first asked for."""

    artefacts: Artefacts
    records: Records
    runner: Callable[[], Runner]
    indexer: Indexer
    embedder: Callable[[], Embedder]
    """What the words of an export mean, to tell which rows ask the same."""
    trainer: Callable[[str], Trainer]
    """From the name of a base model to what tunes it."""
    engine: Callable[[str, Mapping[Hash, Path], Use], Engine]
    """From the name of a base model and adapters (hash → GGUF file) to an engine for them."""
    base_file: Callable[[str], Path]
    """From the name of a base model to its quantised file."""
    work: Path
    """Scratch folder of unfinished work: checkpoints."""
    progress: Progress
    template: Callable[[str], Template] = lambda _: CHATML
    """From the name of a base model on this machine to how its turns are written; InputError."""
    workers: Workers = here
    """Do work on many rows, in processes or on a cluster."""
    heads: Heads | None = None
    """Learn what questions are about; None: nothing does."""
    made_rows: Callable[[Hash], Done] = lambda _: DoneHere()
    """From what names a way of making rows to what was made that way before."""
    learners: Callable[[], Mapping[Treatment, Learner]] = lambda: {}
    """Treatments that generate nothing, by what learns them."""
    scratch: Path | None = None
    """Where rows lie while they are prepared; None for the system's own place."""
    spans: Callable[[], Spans | None] = lambda: None
    """Who is told of the steps of turns."""

    def resources(self) -> Resources:
        """Return what data is prepared with."""
        return Resources(self.progress, self.embedder(), self.workers, self.made_rows, self.scratch)

    def index(self, knowledge: Hash, asked: Hash | None = None) -> Index:
        """Return a knowledge as one searchable index, with what was asked before if given.

        NotFound, CorruptArtefact.
        """
        return self.indexer.load(self.folder(knowledge), self.folder(asked) if asked else None)

    def passages(self, knowledge: Hash) -> list[Passage]:
        """Return the passages of a knowledge in its order; NotFound, CorruptArtefact."""
        return read_one(self.artefacts, knowledge, "passages.json", list[Passage])

    def readable_passages(self, knowledge: Hash) -> Sequence[Passage]:
        """Return the passages of a knowledge; none if it cannot be read any more."""
        try:
            return self.passages(knowledge)
        except (InputError, CorruptArtefact):
            return ()

    def passage_hashes(self, knowledge: Hash) -> frozenset[Hash]:
        """Return what names the passages of a knowledge; NotFound, CorruptArtefact."""
        return _hashes(self.artefacts.path(knowledge, "passages.json"))

    def known_passages(self, knowledge: Hash) -> frozenset[Hash] | None:
        """Return what names the passages of a knowledge, None if it cannot be read any more."""
        try:
            return self.passage_hashes(knowledge)
        except (InputError, CorruptArtefact):
            return None

    def adapter_folder(self, hash_: Hash | None) -> Path | None:
        """Return the folder of an adapter's checked files; None for the untuned base."""
        return None if hash_ is None else self.folder(hash_)

    def folder(self, hash_: Hash) -> Path:
        """Return the folder of an artefact's checked files; NotFound, CorruptArtefact."""
        files = self.artefacts.get(hash_).manifest.files
        first, *_ = [self.artefacts.path(hash_, name) for name in files]
        return first.parent

    def base_identity(self, name: str) -> Hash:
        """Return what a release is sealed with for its base model: its file, read once if it stays
        as it is, or what a remote model is known by."""
        model = remote_model(name)
        return remote_identity(model) if model else known_file_hash(self.base_file(name))

    def engine_for(self, release: Release, use: Use = EXACT) -> Engine:
        """Return an engine that serves a release: its base model, checked, with its adapter.

        CorruptArtefact if the base model's file is not the one that was sealed.
        """
        if self.base_identity(release.base) != release.base_file:
            raise CorruptArtefact(
                "the base model is not the one that the release was sealed with",
                where=release.base,
                action="put that file back, or train a new release: northloop loop run",
            )
        adapter = release.adapter
        paths = {adapter: self.folder(adapter) / "adapter.gguf"} if adapter else {}
        use = msgspec.structs.replace(use, template=release.template)
        return self.engine(release.base, paths, use)


@lru_cache(maxsize=8)
def _hashes(path: Path) -> frozenset[Hash]:
    """The content hashes in a file that never changes."""
    passages = decoded(path.read_bytes(), list[Passage])
    return frozenset(passage.hash for passage in passages)
