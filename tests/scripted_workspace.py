"""A real workspace (SQLite, files, index) whose engine says what it is told to."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from northloop.adapters.embedded.hybrid_index import HybridIndexer
from northloop.demo.company import make_workspace
from northloop.loop import promote, steps
from northloop.ports.models import Engine
from northloop.ports.retrieval import Indexer
from northloop.testing.models import HashEmbedder, ScriptedEngine
from northloop.workspace import Workspace

SAID = "Please have a look at our page on returns."


class ScriptedWorkspace(Workspace):
    """See the module."""

    @property
    def indexer(self) -> Indexer:
        return HybridIndexer(HashEmbedder())

    def base_file(self, name: str) -> Path:
        file = self.folder / "base.gguf"
        if not file.exists():
            file.write_bytes(b"no model at all")
        return file

    def engine(self, base: Path, adapters: Mapping[str, Path], beside: int = 1) -> Engine:
        return ScriptedEngine(lambda prompt, adapter: SAID)


def with_release(folder: Path, flags: Mapping[str, str] = {}, rows: int = 60) -> ScriptedWorkspace:
    """Return an open workspace in which a release of the untuned base is live."""
    make_workspace(folder, rows, 1)
    workspace = ScriptedWorkspace.open(folder, flags)
    assert isinstance(workspace, ScriptedWorkspace)
    parts, spec = workspace.parts, workspace.turn_spec()
    dataset = steps.make_dataset(parts, spec.prepare, spec.sources, [], None).hash
    index = steps.make_index(parts, spec.documents, dataset).hash
    material = steps.Material(dataset, index)
    base = steps.make_release(parts, spec.recipe, material, None, spec.measure).hash
    promote.promote_release(parts.artefacts, parts.records, base)
    return workspace
