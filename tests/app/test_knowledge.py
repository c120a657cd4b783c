"""The use cases of the knowledge base, and the folder that is watched."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import msgspec
import pytest

from northloop.app import knowledge
from northloop.core.actor import Actor, Role, team
from northloop.core.deployment import Pair
from northloop.core.errors import InputError, NotAllowed, NotReady, Overtaken
from northloop.core.ids import Hash
from northloop.core.interaction import ApprovedAnswer
from northloop.core.question import words_of
from northloop.loop import knowledge as loop_knowledge
from northloop.loop.knowledge import make_knowledge
from northloop.loop.promote import put_in_force
from northloop.workspace import Workspace
from scripted_workspace import ScriptedWorkspace, with_release


@pytest.fixture
def workspace(tmp_path: Path) -> ScriptedWorkspace:
    return with_release(tmp_path / "shop")


def edit(workspace: Workspace) -> Path:
    file = next(iter(sorted(workspace.documents_folder.glob("*.md"))))
    file.write_text(file.read_text("utf-8") + "\n\nSince May we ask for 17 days.\n", "utf-8")
    return file


def test_only_people_of_the_house_may(workspace: ScriptedWorkspace) -> None:
    caller = Actor(name="k", roles=(Role.ANSWER,), tenant="acme", declared=False)
    for case in (knowledge.update, knowledge.status, knowledge.documents, knowledge.in_doubt):
        with pytest.raises(NotAllowed):
            case(workspace, caller)


def test_status_says_what_an_update_would_change(workspace: ScriptedWorkspace) -> None:
    before = knowledge.status(workspace, team())
    assert not before.edit and before.knowledge and before.since
    file = edit(workspace)
    (workspace.documents_folder / "broken.pdf").write_bytes(b"no")
    found = knowledge.status(workspace, team())
    assert found.edit.changed == (file.stem,)
    assert [p.partition(":")[0] for p in found.problems] == ["broken.pdf"]
    assert found.knowledge == before.knowledge, "nothing is changed by looking"
    made = knowledge.update(workspace, team("ada"))
    after = knowledge.status(workspace, team())
    assert (after.knowledge, bool(after.edit)) == (made.knowledge, False)
    assert made.deployment is not None and made.deployment.actor == "ada"


def test_an_emptied_file_is_gone_and_one_that_cannot_be_read_is_not(
    workspace: ScriptedWorkspace,
) -> None:
    file = edit(workspace)
    knowledge.update(workspace, team())
    file.write_bytes(b" \n")
    found = knowledge.update(workspace, team())
    assert found.edit.vanished == (file.stem,)
    assert any(p.startswith(f"{file.name}: it is empty") for p in found.problems)
    assert file.stem not in {d.document_id for d in knowledge.documents(workspace, team())}


def test_the_folder_is_watched_until_it_ends(
    workspace: ScriptedWorkspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(knowledge, "LOOK_EVERY_S", 0.05)
    before = workspace.live.pair()
    with knowledge.watched(lambda: workspace):
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
    watch = knowledge.Watch(lambda: workspace)
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
    watch = knowledge.Watch(lambda: quiet)
    edit(quiet)
    assert [watch.look() for _ in range(3)] == [None] * 3
    assert quiet.live.pair() == before

    def nothing_yet() -> Workspace:
        raise NotReady("no workspace", where="", action="")

    with knowledge.watched(nothing_yet):
        time.sleep(0.05)


def test_more_than_half_goes_only_if_it_is_meant(workspace: ScriptedWorkspace) -> None:
    for file in sorted(workspace.documents_folder.glob("*.md"))[1:]:
        file.unlink()
    with pytest.raises(InputError, match="documents are gone"):
        knowledge.update(workspace, team())
    made = knowledge.update(workspace, team(), lose=True)
    assert made.edit.passages_lost > 0


def test_a_watcher_that_was_overtaken_looks_again(
    workspace: ScriptedWorkspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    watch = knowledge.Watch(lambda: workspace)
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
    watch = knowledge.Watch(lambda: workspace)
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
    watch = knowledge.Watch(lambda: workspace)
    round_ = workspace.documents_folder / "round.md"
    round_.symlink_to(round_)
    edit(workspace)
    assert knowledge.status(workspace, team()).edit.changed
    watch.look()
    made = watch.look()
    assert made is not None and made.deployment is not None


@pytest.mark.parametrize("second", ["confirm", "reword"])
def test_of_two_who_decide_on_an_answer_at_once_the_second_is_told(
    workspace: ScriptedWorkspace, monkeypatch: pytest.MonkeyPatch, second: str
) -> None:
    doubtful = ApprovedAnswer(
        approved_id="a",
        question="How long do returns take?",
        answer="Ten days.",
        origin="imported",
        at="2026-05-01",
        words=words_of("How long do returns take?"),
    )
    workspace.records.add(doubtful)
    assert [d.answer for d in knowledge.in_doubt(workspace, team())] == [doubtful]
    both = threading.Barrier(2)
    decided = {name: getattr(loop_knowledge, name) for name in ("vouch", "reword")}
    found: list[object] = []

    def at_once(name: str) -> Callable[..., object]:
        def wait(*given: object) -> object:
            with suppress(threading.BrokenBarrierError):
                both.wait(1)  # unless the other has to wait for this one
            return decided[name](*given)

        return wait

    for name in decided:
        monkeypatch.setattr(loop_knowledge, name, at_once(name))

    def decide(case: str) -> None:
        text = ("Three days.",) if case == "reword" else ()
        try:
            found.append(getattr(knowledge, case)(workspace, team(case), "a", *text))
        except Overtaken as error:
            found.append(error)

    threads = [threading.Thread(target=decide, args=(case,)) for case in ("confirm", second)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(isinstance(one, Overtaken) for one in found) == [False, True]
