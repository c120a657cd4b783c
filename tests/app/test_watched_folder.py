"""The folder of documents that is watched."""

from __future__ import annotations

import logging
import time
from pathlib import Path

import msgspec
import pytest

from northloop.app import knowledge, watched_folder
from northloop.core.actor import team
from northloop.core.deployment import Pair
from northloop.core.errors import NotReady
from northloop.core.ids import Hash
from northloop.loop.knowledge import make_knowledge
from northloop.loop.promote import put_in_force
from northloop.workspace import Workspace
from scripted_workspace import ScriptedWorkspace, with_release


@pytest.fixture
def workspace(tmp_path: Path) -> ScriptedWorkspace:
    return with_release(tmp_path / "shop")


def edit(workspace: Workspace) -> None:
    file = next(iter(sorted(workspace.documents_folder.glob("*.md"))))
    file.write_text(file.read_text("utf-8") + "\n\nSince May we ask for 17 days.\n", "utf-8")


def test_the_folder_is_watched_until_it_ends(
    workspace: ScriptedWorkspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watched_folder, "LOOK_EVERY_S", 0.05)
    before = workspace.live.pair()
    with watched_folder.watched(lambda: workspace):
        edit(workspace)
        until = time.monotonic() + 20
        while workspace.live.pair() == before and time.monotonic() < until:
            time.sleep(0.02)
    after = workspace.live.pair()
    assert (after.release, after.knowledge != before.knowledge) == (before.release, True)
    edit(workspace)
    time.sleep(0.3)
    assert workspace.live.pair() == after, "nobody looks any more"


def test_what_is_half_written_waits_and_what_is_refused_is_said_once(
    workspace: ScriptedWorkspace, caplog: pytest.LogCaptureFixture
) -> None:
    watch = watched_folder.Watch(lambda: workspace)
    assert watch.look() is None, "it may be half written"
    assert watch.look() is not None
    files = sorted(workspace.documents_folder.glob("*.md"))
    kept = {file: file.read_bytes() for file in files}
    for file in files[1:]:
        file.unlink()
    with caplog.at_level(logging.WARNING, "northloop.knowledge"):
        assert [watch.look() for _ in range(4)] == [None] * 4
    assert sum("--lose" in record.getMessage() for record in caplog.records) == 1
    for file, content in kept.items():
        file.write_bytes(content)
    watch.look()
    found = watch.look()
    assert found is not None and found.deployment is None, "it is as it was"


def test_nothing_is_watched_where_it_is_switched_off_or_not_ready(tmp_path: Path) -> None:
    quiet = with_release(tmp_path / "shop", {"serving.watch_documents": "false"})
    before = quiet.live.pair()
    watch = watched_folder.Watch(lambda: quiet)
    edit(quiet)
    assert [watch.look() for _ in range(3)] == [None] * 3
    assert quiet.live.pair() == before

    def nothing_yet() -> Workspace:
        raise NotReady("no workspace", where="", action="")

    with watched_folder.watched(nothing_yet):
        time.sleep(0.05)


def test_a_watcher_that_was_overtaken_looks_again(
    workspace: ScriptedWorkspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    watch = watched_folder.Watch(lambda: workspace)
    edit(workspace)
    prepare, stale = workspace.prepare, other(workspace)

    def overtaken(pair: Pair) -> None:
        monkeypatch.setattr(workspace, "prepare", prepare)
        put_in_force(workspace.records, workspace.live.pair(), stale, "ben")

    monkeypatch.setattr(workspace, "prepare", overtaken)
    assert [watch.look() for _ in range(2)] == [None, None]
    assert knowledge.in_force(workspace, team()).knowledge == stale
    made = watch.look()
    assert made is not None and made.deployment is not None
    assert not knowledge.status(workspace, team()).edit, "what the folder says is in force"


def test_what_others_put_in_force_stays_until_the_folder_changes(
    workspace: ScriptedWorkspace,
) -> None:
    watch = watched_folder.Watch(lambda: workspace)
    assert [watch.look() is None for _ in range(3)] == [True, False, True]
    before = workspace.live.pair()
    put_in_force(workspace.records, before, other(workspace), "ben")
    assert [watch.look() for _ in range(3)] == [None, None, None]
    assert workspace.live.pair() != before


def other(workspace: Workspace) -> Hash:
    """Return a knowledge that the folder does not say."""
    first, *more = workspace.reading().documents
    changed = msgspec.structs.replace(first, text=first.text + "\n\nNo more than 3 days.")
    return make_knowledge(workspace.parts, [changed, *more]).hash


def test_a_link_that_leads_round_stops_nobody(workspace: ScriptedWorkspace) -> None:
    watch = watched_folder.Watch(lambda: workspace)
    round_ = workspace.documents_folder / "round.md"
    round_.symlink_to(round_)
    edit(workspace)
    assert knowledge.status(workspace, team()).edit.changed
    watch.look()
    made = watch.look()
    assert made is not None and made.deployment is not None
