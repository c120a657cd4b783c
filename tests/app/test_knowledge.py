"""The use cases of the knowledge base."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

from northloop.app import articles, knowledge
from northloop.core.actor import Actor, Role, team
from northloop.core.errors import InputError, NotAllowed, NotFound, Overtaken
from northloop.core.interaction import ApprovedAnswer
from northloop.core.question import words_of
from northloop.loop import knowledge as loop_knowledge
from northloop.workspace import Workspace
from scripted_workspace import ScriptedWorkspace, with_release


@pytest.fixture
def workspace(tmp_path: Path) -> ScriptedWorkspace:
    return with_release(tmp_path / "shop")


def edit(workspace: Workspace) -> Path:
    file = next(iter(sorted(workspace.documents_folder.glob("*.md"))))
    file.write_text(file.read_text("utf-8") + "\n\nSince May we ask for 17 days.\n", "utf-8")
    return file


def test_only_people_of_the_team_may(workspace: ScriptedWorkspace) -> None:
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


def test_a_link_out_of_the_folder_is_no_document_to_be_edited(
    workspace: ScriptedWorkspace, tmp_path: Path
) -> None:
    (tmp_path / "secret.md").write_text("The password is swordfish.", "utf-8")
    (workspace.documents_folder / "shared.markdown").symlink_to(tmp_path / "secret.md")
    (workspace.documents_folder / "shared.md").write_text("# Shared\n\nWe share.", "utf-8")
    with pytest.raises(NotFound):
        articles.written(workspace, team(), "shared.markdown")
    found = {one.document.document_id: one.file for one in articles.articles(workspace, team())}
    assert found["shared"] == "shared.md"


def test_more_than_half_goes_only_if_it_is_meant(workspace: ScriptedWorkspace) -> None:
    for file in sorted(workspace.documents_folder.glob("*.md"))[1:]:
        file.unlink()
    with pytest.raises(InputError, match="documents are gone"):
        knowledge.update(workspace, team())
    made = knowledge.update(workspace, team(), lose=True)
    assert made.edit.passages_lost > 0


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
    both, seen = threading.Barrier(2), workspace.live.pair().knowledge
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
            found.append(getattr(knowledge, case)(workspace, team(case), "a", *text, seen))
        except Overtaken as error:
            found.append(error)

    threads = [threading.Thread(target=decide, args=(case,)) for case in ("confirm", second)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(isinstance(one, Overtaken) for one in found) == [False, True]
