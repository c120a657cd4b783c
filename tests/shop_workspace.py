"""A real workspace folder of the small shop (SQLite, files, journal), whose models are scripted."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from loop.world import DOCUMENTS, FakeTrainer, answer_to, skill_of, write_exports
from northloop import setup
from northloop.adapters.embedded.hybrid_index import HybridIndexer
from northloop.core.artefacts import Guardrail, Objective
from northloop.core.conversation import Split
from northloop.ports.models import EXACT, Engine, Use
from northloop.ports.retrieval import Indexer
from northloop.ports.trainer import Trainer
from northloop.testing.models import HashEmbedder, ScriptedEngine
from northloop.workspace import Workspace

OBJECTIVE = Objective(
    metric="resolution_time_minutes",
    statement="Reduce average query resolution time by 30 % within six months.",
    change=-0.3,
    deadline="2027-05-25",
    window_days=30,
    guardrails=(Guardrail("reopen_rate", 0.02),),
)
SETTINGS: dict[str, object] = {
    "training.base": "smollm2-135m-instruct",
    "data.prepare.key": "c21hbGwgc2hvcCBzbWFsbCBzaG9wIHNtYWxsIHNob3A=",
    "data.prepare.test_share": 0.0,
    "data.prepare.validation_share": 0.0,
    "serving.prompt": "You help customers of a shop.",
    "serving.max_answer_tokens": 30,
    "evaluation.test_items": 24,
    "evaluation.validation_items": 6,
    "evaluation.golden_items": 2,
    "gate.guardrails": [{"metric": m, "margin": 0.15} for m in ("right", "wrong")],
    "gate.success": ["right"],
    "gate.resampling.draws": 400,
    "review.share": 0.1,
    "loop.verdicts_per_turn": 3,
}


class ShopWorkspace(Workspace):
    """See the module."""

    @property
    def indexer(self) -> Indexer:
        return HybridIndexer(HashEmbedder())

    def base_file(self, name: str) -> Path:
        return self.folder / "base.gguf"

    def trainer(self, name: str) -> Trainer:
        return FakeTrainer()

    def engine(self, base: str, adapters: Mapping[str, Path], use: Use = EXACT) -> Engine:
        return ScriptedEngine(
            lambda prompt, adapter: answer_to(
                prompt, skill_of(adapters[adapter] if adapter else None)
            )
        )


def make_shop(folder: Path) -> None:
    """Make the folder of a workspace: objective, settings, three exports, documents."""
    setup.create(folder, "support", OBJECTIVE)
    write_exports(folder)
    (folder / "base.gguf").write_bytes(b"base model")
    for document in DOCUMENTS:
        (folder / "documents" / f"{document.document_id}.md").write_text(document.text, "utf-8")
    pins = {"old.csv": None, "new.csv": Split.TEST, "mid.csv": Split.VALIDATION}
    for file, pin in pins.items():
        setup.add_source(folder, folder / file, pin, "invented")
    setup.write_settings(folder, SETTINGS)
