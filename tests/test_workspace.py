"""What a workspace makes of its settings."""

from __future__ import annotations

from pathlib import Path

from northloop.demo.company import make_workspace
from northloop.workspace import Workspace


def test_without_passages_nothing_is_read_of_documents(tmp_path: Path) -> None:
    make_workspace(tmp_path, 20, 1)
    with_documents = Workspace.open(tmp_path).turn_spec()
    without = Workspace.open(tmp_path, {"serving.passages": "0"}).turn_spec()
    assert with_documents.documents
    assert not without.documents


def test_ids_of_people_and_the_draw_follow_from_the_secret(tmp_path: Path) -> None:
    make_workspace(tmp_path, 20, 1)
    ours = Workspace.open(tmp_path)
    theirs = Workspace.open(tmp_path, {"data.prepare.key": "c2VjcmV0"})
    assert ours.opaque("C-1001") == theirs.opaque("C-1001") == "C-1001"
    assert ours.opaque("ada@mail.example") == ours.opaque("Ada@mail.example")
    assert ours.opaque("ada@mail.example") != theirs.opaque("ada@mail.example")
    ours.close()
    theirs.close()
