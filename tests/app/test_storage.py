"""Artefacts are moved to another store: copied, read there, and only then named."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import obstore
import pytest

from killing import killed_after
from northloop.app import answers, storage
from northloop.core.actor import team
from northloop.core.artefacts import Artefact, Kind
from northloop.core.errors import ConfigurationError, CorruptArtefact, InputError, NotAllowed
from northloop.core.interaction import Proposal, ProposalState
from northloop.core.keys import caller
from northloop.loop import turning
from northloop.settings import FILE_NAME
from northloop.testing.servers import S3Server
from scripted_workspace import SAID, ScriptedWorkspace, with_release

TEAM = team("ada")
_MOVING = """
import sys
from pathlib import Path
from northloop.app import storage
from northloop.core.actor import team
from scripted_workspace import ScriptedWorkspace
said = lambda *what: print(*what, flush=True)
workspace = ScriptedWorkspace.open(Path(sys.argv[1]), progress=said)
storage.move(workspace, team(), sys.argv[2])
sys.stdin.read()
"""


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[ScriptedWorkspace]:
    opened = with_release(tmp_path / "shop")
    for number in range(20):
        opened.artefacts.put(Kind.REPORT, {"a": bytes([number]) * 50_000})
    yield opened
    opened.close()


@pytest.fixture
def url(s3: S3Server, tmp_path: Path) -> str:
    return s3.url(f"{tmp_path.parent.name}/{tmp_path.name}")


def kept(workspace: ScriptedWorkspace) -> list[Artefact]:
    return [artefact for kind in Kind for artefact in workspace.artefacts.list(kind)]


def again(workspace: ScriptedWorkspace) -> ScriptedWorkspace:
    """Return the workspace as another process opens it."""
    opened = ScriptedWorkspace.open(workspace.folder)
    assert isinstance(opened, ScriptedWorkspace)
    return opened


def test_there_and_back_nothing_is_lost(workspace: ScriptedWorkspace, url: str) -> None:
    before = kept(workspace)
    moved = storage.move(workspace, TEAM, url)
    assert (moved.artefacts, moved.copied, moved.switched) == (len(before), len(before), True)
    other = again(workspace)
    assert other.settings.storage.artefacts == url
    assert kept(other) == before, "hashes, times and parents are as they were"
    (workspace.state / "artefacts").rename(workspace.state / "away")
    asked = answers.answer(other, caller("shop", "north"), answers.question("How are returns?"))
    assert SAID in f"{asked.answer} {asked.draft}", "it answers from there"
    back = storage.move(other, TEAM, "")
    assert (back.artefacts, back.copied, back.switched) == (len(before), len(before), True)
    home = again(other)
    assert kept(home) == before and home.artefacts.check().damaged == ()
    other.close()
    home.close()


def test_a_move_that_is_killed_goes_on(
    workspace: ScriptedWorkspace, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, settings = kept(workspace), (workspace.folder / FILE_NAME).read_bytes()
    root = Path(__file__).parents[2]
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join((str(root / "src"), str(root / "tests"))))
    lines = killed_after(5, _MOVING, str(workspace.folder), url)
    assert 5 <= len(lines) < len(before)
    assert (workspace.folder / FILE_NAME).read_bytes() == settings, "the old store is in force"
    assert kept(again(workspace)) == before
    moved = storage.move(workspace, TEAM, url)
    assert moved.artefacts == len(before)
    assert 0 < moved.copied <= len(before) - 5 + 1, "what was copied is not copied again"
    assert kept(again(workspace)) == before


def test_what_was_made_meanwhile_comes_after(workspace: ScriptedWorkspace, url: str) -> None:
    storage.move(workspace, TEAM, url)
    late = workspace.artefacts.put(Kind.REPORT, {"late": b"made by a server of before"})
    other = again(workspace)
    assert late not in kept(other)
    moved = storage.move(other, TEAM, url, source="")
    assert (moved.copied, moved.switched) == (1, False)
    assert late in kept(other)
    other.close()


def test_what_is_damaged_is_not_moved(workspace: ScriptedWorkspace, url: str) -> None:
    made = workspace.artefacts.list(Kind.REPORT)[3]
    file = workspace.state / "artefacts" / "report" / made.hash / "files" / "a"
    file.write_bytes(b"evil")
    with pytest.raises(CorruptArtefact):
        storage.move(workspace, TEAM, url)
    assert again(workspace).settings.storage.artefacts == ""


def test_what_was_damaged_on_the_way_is_copied_once_more(
    workspace: ScriptedWorkspace, url: str, s3: S3Server
) -> None:
    storage.move(workspace, TEAM, url)
    made = workspace.artefacts.list(Kind.REPORT)[3]
    prefix = url.partition("?")[0].partition("/northloop/")[2]
    obstore.put(s3.store(prefix), f"files/{made.manifest.files['a']}", b"evil")
    other = again(workspace)
    assert storage.move(other, TEAM, url, source="").copied == 0
    assert other.artefacts.check(deep=True).damaged == ()
    other.close()


def test_what_cannot_hold_is_refused_before_anything_is_copied(
    workspace: ScriptedWorkspace, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(NotAllowed):
        storage.move(workspace, caller(), url)
    with pytest.raises(ConfigurationError):
        storage.move(workspace, TEAM, "ftp://nowhere")
    proposal = Proposal(proposal_id="p", at="", reason="", state=ProposalState.RUNNING)
    workspace.records.add(proposal)
    work = workspace.parts.work
    work.mkdir(exist_ok=True)
    with turning.held(workspace.records, work, "p"), pytest.raises(InputError, match="turn goes"):
        storage.move(workspace, TEAM, url)
    monkeypatch.setenv("NORTHLOOP_STORAGE__ARTEFACTS", "")
    said = again(workspace)
    with pytest.raises(InputError, match="environment"):
        storage.move(said, TEAM, url)
    monkeypatch.delenv("NORTHLOOP_STORAGE__ARTEFACTS")
    assert storage.move(workspace, TEAM, url).switched
