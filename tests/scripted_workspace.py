"""A real workspace (SQLite, files, index) whose engine says what it is told to."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TypeVar

from northloop.adapters.embedded.hybrid_index import HybridIndexer
from northloop.demo.company import make_workspace
from northloop.loop import promote, steps
from northloop.loop.knowledge import make_material
from northloop.ports.models import EXACT, Engine, Use
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

    def engine(self, base: str, adapters: Mapping[str, Path], use: Use = EXACT) -> Engine:
        return ScriptedEngine(lambda prompt, adapter: SAID)


W = TypeVar("W", bound=ScriptedWorkspace)


def with_release(
    folder: Path,
    flags: Mapping[str, str] = {},
    rows: int = 60,
    kind: type[W] = ScriptedWorkspace,  # type: ignore[assignment]
) -> W:
    """Return an open workspace in which a release of the untuned base is live."""
    make_workspace(folder, rows, 1)
    workspace = kind.open(folder, flags)
    assert isinstance(workspace, kind)
    parts, spec = workspace.parts, workspace.turn_spec()
    dataset = steps.make_dataset(parts, spec.prepare, spec.sources, [], None).hash
    material = make_material(parts, spec.documents, dataset)
    base = steps.make_release(parts, spec.recipe, material, None, spec.measure).hash
    promote.promote_release(parts.artefacts, parts.records, base)
    return workspace
