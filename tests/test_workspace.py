"""What a workspace makes of its settings."""

from __future__ import annotations

from pathlib import Path

from northloop.demo.company import make_workspace
from northloop.workspace import Workspace


def test_without_passages_nothing_is_read_or_asked_of_documents(tmp_path: Path) -> None:
    make_workspace(tmp_path, 20, 1)
    with_documents = Workspace.open(tmp_path).turn_spec()
    without = Workspace.open(tmp_path, {"serving.passages": "0"}).turn_spec()
    assert with_documents.documents
    assert not without.documents
    rails = [rail.metric for rail in with_documents.gate.guardrails]
    assert [rail.metric for rail in without.gate.guardrails] == [
        metric for metric in rails if metric != "groundedness"
    ]
    assert "groundedness" in rails
