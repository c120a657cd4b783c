"""Passages found for a question, without an answer made of them."""

from __future__ import annotations

from pathlib import Path

import pytest

from northloop.app import intake, knowledge, releases, retrieval
from northloop.app.intake import ObjectiveInput
from northloop.core.actor import team
from northloop.core.errors import NotFound, NotReady
from northloop.workspace import Workspace
from scripted_workspace import ScriptedWorkspace, with_release

ADA = team("ada")
ASKED = "How long can I return a tent?"


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return with_release(tmp_path / "shop")


def test_the_best_passages_come_first(workspace: Workspace) -> None:
    found = retrieval.find(workspace, ADA, ASKED, 3)
    assert len(found) == 3
    assert [hit.score for hit in found] == sorted((hit.score for hit in found), reverse=True)
    assert retrieval.find(workspace, ADA, "?!") == []


def test_what_the_documents_say_now_is_found(workspace: Workspace) -> None:
    before = retrieval.find(workspace, ADA, "zeppelin moorings", 1)
    (workspace.documents_folder / "zeppelin.md").write_text("# Zeppelin\n\nZeppelin moorings.\n")
    assert retrieval.find(workspace, ADA, "zeppelin moorings", 1) == before, "not in force yet"
    knowledge.update(workspace, ADA)
    assert retrieval.find(workspace, ADA, "zeppelin moorings", 1)[0].passage.title == "Zeppelin"


def test_a_release_can_be_named(workspace: Workspace) -> None:
    live = releases.releases(workspace, ADA)[0].artefact.hash
    named = retrieval.find(workspace, ADA, ASKED, 2, live[:8])
    assert named == retrieval.find(workspace, ADA, ASKED, 2)
    with pytest.raises(NotFound):
        retrieval.find(workspace, ADA, ASKED, 2, "0123456789")


def test_nothing_is_live_and_none_is_named(tmp_path: Path) -> None:
    wish = ObjectiveInput(statement="Reduce resolution time by 30 % within six months")
    intake.start(tmp_path, ADA, "support", wish)
    with pytest.raises(NotReady, match="no release is live"):
        retrieval.find(ScriptedWorkspace.open(tmp_path), ADA, ASKED)
