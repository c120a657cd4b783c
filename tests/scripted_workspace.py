"""A real workspace (SQLite, files, index) whose engine says what it is told to."""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import TypeVar

from northloop.adapters.embedded.hybrid_index import HybridIndexer
from northloop.app import releases
from northloop.core.actor import team
from northloop.core.ids import content_hash
from northloop.demo.company import make_workspace
from northloop.loop import promote, steps
from northloop.loop.knowledge import make_material
from northloop.ports.models import EXACT, Engine, Use
from northloop.ports.retrieval import Indexer
from northloop.testing.models import HashEmbedder, ScriptedEngine
from northloop.workspace import Workspace

MADE_ONCE = "NORTHLOOPTESTS_MADE_ONCE"
"""Names the folder of what is made once for a test run."""
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
    *,
    at_once: bool = False,
) -> W:
    """Return an open workspace in which a release of the untuned base is live or, `at_once`, what
    history and documents say.

    It is made once for a test run and copied, but where its stores are somewhere else.
    """
    if any(name.startswith("storage.") for name in flags):
        return _made(folder, flags, rows, kind, at_once)
    set_by_environment = sorted((k, v) for k, v in os.environ.items() if k.startswith("NORTHLOOP_"))
    name = content_hash([sorted(flags.items()), rows, set_by_environment, kind.__name__, at_once])
    made, draft = (Path(os.environ[MADE_ONCE]) / where / name for where in ("made", "draft"))
    made.parent.mkdir(parents=True, exist_ok=True)
    with made.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not made.exists():
            _made(draft, flags, rows, kind, at_once).close()
            draft.rename(made)
    shutil.copytree(made, folder, dirs_exist_ok=True)
    return _opened(folder, flags, kind)


def _made(folder: Path, flags: Mapping[str, str], rows: int, kind: type[W], at_once: bool) -> W:
    make_workspace(folder, rows, 1)
    workspace = _opened(folder, flags, kind)
    if at_once:
        releases.begin_at_once(workspace, team())
        return workspace
    parts, spec = workspace.parts, workspace.turn_spec()
    dataset = steps.make_dataset(parts, spec.prepare, spec.sources, [], None).hash
    material = make_material(parts, spec.documents, dataset)
    base = steps.make_release(parts, spec.recipe, material, None, spec.measure).hash
    promote.promote_release(parts.artefacts, parts.records, base)
    return workspace


def _opened(folder: Path, flags: Mapping[str, str], kind: type[W]) -> W:
    workspace = kind.open(folder, flags)
    assert isinstance(workspace, kind)
    return workspace
