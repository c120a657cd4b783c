"""Two servers on one store, each with its own documents: one folder counts, the other says so."""

from __future__ import annotations

import logging
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from console.client import Visitor
from northloop import setup
from northloop.app import knowledge
from northloop.app.doctor import examine
from northloop.app.watched_folder import Watch
from northloop.core.actor import team
from northloop.loop import folders
from northloop.stages.data.documents import Reading
from northloop.workspace import STATE
from scripted_workspace import ScriptedWorkspace, with_release


class Two(NamedTuple):
    """Two machines' workspaces: records and artefacts are one, the documents are not."""

    one: ScriptedWorkspace
    other: ScriptedWorkspace


@pytest.fixture
def two(tmp_path: Path, postgres_url: str) -> Iterator[Two]:
    with_release(tmp_path / "one", {"storage.records": postgres_url}).close()
    setup.write_settings(tmp_path / "one", {"storage.records": postgres_url})
    shutil.copytree(tmp_path / "one", tmp_path / "other")
    artefacts = tmp_path / "other" / STATE / "artefacts"
    shutil.rmtree(artefacts)
    artefacts.symlink_to(tmp_path / "one" / STATE / "artefacts")
    opened = [ScriptedWorkspace.open(tmp_path / name) for name in ("one", "other")]
    yield Two(*opened)
    for workspace in opened:
        workspace.close()


def edit(workspace: ScriptedWorkspace, note: str) -> None:
    file = min(workspace.documents_folder.glob("*.md"))
    file.write_text(f"{file.read_text('utf-8')}\n\n{note}\n", "utf-8")


def looks(watch: Watch) -> list[bool]:
    """Return at which of three looks something was put in force."""
    found = [watch.look() for _ in range(3)]
    return [made is not None and made.deployment is not None for made in found]


def in_force(workspace: ScriptedWorkspace) -> str:
    return workspace.live.pair().knowledge


def test_the_second_folder_says_so_and_changes_nothing(
    two: Two, caplog: pytest.LogCaptureFixture
) -> None:
    first, second = Watch(lambda: two.one), Watch(lambda: two.other)
    edit(two.one, "Now in 17 days.")
    assert looks(first) == [False, True, False]
    before = in_force(two.one)
    edit(two.other, "Now in 18 days.")
    with caplog.at_level(logging.WARNING, "northloop.knowledge"):
        assert looks(second) == looks(second) == [False] * 3
    assert in_force(two.one) == in_force(two.other) == before
    said = [record.getMessage() for record in caplog.records if "are not put" in record.message]
    assert len(said) == 1 and str(two.one.documents_folder) in said[0]
    waits = knowledge.status(two.other, team()).elsewhere
    assert waits is not None and str(two.one.documents_folder) in waits.place
    assert knowledge.status(two.one, team()).elsewhere is None
    edit(two.one, "Now in 19 days.")
    assert looks(first) == [False, True, False], "the one that counts goes on"
    assert looks(second) == looks(Watch(lambda: two.other)) == [False] * 3, "a restart neither"


def test_a_person_lets_the_other_folder_count(two: Two) -> None:
    assert looks(Watch(lambda: two.one)) == [False] * 3, "it counts, and says what is in force"
    edit(two.other, "Now in 18 days.")
    assert looks(Watch(lambda: two.other)) == [False] * 3
    made = knowledge.update(two.other, team("ben"))
    assert made.deployment is not None and in_force(two.one) == made.knowledge
    edit(two.one, "Now in 17 days.")
    assert looks(Watch(lambda: two.one)) == [False] * 3
    waits = knowledge.elsewhere(two.one, team())
    assert waits is not None and waits.by == "ben"
    edit(two.other, "And on Sundays.")
    assert looks(Watch(lambda: two.other)) == [False, True, False]


def test_folders_that_say_the_same_are_no_matter(two: Two) -> None:
    first, second = Watch(lambda: two.one), Watch(lambda: two.other)
    for workspace in two:
        edit(workspace, "Now in 17 days.")
    assert looks(first) == [False, True, False]
    assert looks(second) == [False] * 3
    assert knowledge.elsewhere(two.other, team()) is None


def test_doctor_and_the_page_say_it(two: Two) -> None:
    looks(Watch(lambda: two.one))
    edit(two.other, "Now in 18 days.")
    background = looks(Watch(lambda: two.other))
    assert background == [False] * 3
    (found,) = [c for c in examine(two.other.folder, team()) if c.name == "documents"]
    assert not found.ok and not found.needed and "northloop knowledge update" in found.mend
    (fine,) = [c for c in examine(two.one.folder, team()) if c.name == "documents"]
    assert fine.ok
    with Visitor(two.other) as visitor:
        page = visitor.get("/documents").text
        assert "read from another folder" in page and str(two.one.documents_folder) in page
        assert "It goes in force by itself" not in page
        assert visitor.post("/documents/update").status_code == 303
        assert "read from another folder" not in visitor.get("/documents").text
    with Visitor(two.one) as visitor:
        assert "read from another folder" in visitor.get("/documents").text


def test_a_workspace_that_is_copied_with_its_records_is_no_second_folder(tmp_path: Path) -> None:
    with_release(tmp_path / "here").close()
    here = ScriptedWorkspace.open(tmp_path / "here")
    looks(Watch(lambda: here))
    here.close()
    shutil.copytree(tmp_path / "here", tmp_path / "there")
    there = ScriptedWorkspace.open(tmp_path / "there")
    edit(there, "Now in 17 days.")
    assert looks(Watch(lambda: there)) == [False, True, False]
    there.close()


def test_which_folder_counts_is_written_with_what_goes_in_force_or_not_at_all(
    two: Two, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert looks(Watch(lambda: two.one)) == [False] * 3
    edit(two.other, "Now in 18 days.")
    before, counts = in_force(two.one), folders.counting(two.one.records)

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched, pytest.raises(KeyboardInterrupt):
        patched.setattr(folders, "let_count", killed)
        knowledge.update(two.other, team("ben"))
    assert in_force(two.one) == before and folders.counting(two.one.records) == counts
    assert knowledge.update(two.other, team("ben")).deployment is not None


def test_a_watcher_does_not_undo_what_a_person_puts_in_force_meanwhile(
    two: Two, monkeypatch: pytest.MonkeyPatch
) -> None:
    watch = Watch(lambda: two.one)
    looks(watch)
    edit(two.other, "Now in 18 days.")
    edit(two.one, "Now in 17 days.")
    read = two.one.reading

    def slowly() -> Reading:
        monkeypatch.undo()
        knowledge.update(two.other, team("ben"))
        return read()

    assert watch.look() is None
    monkeypatch.setattr(two.one, "reading", slowly)
    assert looks(watch) == [False] * 3
    counts = folders.counting(two.one.records)
    assert counts is not None and counts.by == "ben"
    assert in_force(two.one) == knowledge.status(two.other, team()).knowledge
    assert not knowledge.status(two.other, team()).edit, "what ben's folder says is in force"
