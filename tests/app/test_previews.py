"""What an edit changes, found out in the background."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from northloop.app import answers, background, knowledge, previews
from northloop.app.articles import written
from northloop.app.jobs import Job
from northloop.app.knowledge import EditPreview
from northloop.app.previews import Text
from northloop.core.errors import InputError
from northloop.workspace import Workspace
from scripted_workspace import ScriptedWorkspace
from sending_shop import RETURNS, TEAM, ask, edit, sending_shop

FILE = "returns-policy.md"


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[ScriptedWorkspace]:
    opened = sending_shop(tmp_path / "shop")
    ask(opened, RETURNS, "q1", customer=opened.opaque("eve"))
    yield opened
    opened.close()


def ended(job: Job[EditPreview]) -> EditPreview:
    found = job.wait(60).result
    assert found is not None, job.error
    return found


def changed(found: EditPreview) -> list[str]:
    return [one.question for one in found.changed]


def mine(workspace: Workspace, old: str, new: str) -> Text:
    now = written(workspace, TEAM, FILE)
    return Text(file=FILE, text=now.text.replace(old, new), seen=now.seen)


def test_the_folder_comes_first_and_else_the_last_change(shop: ScriptedWorkspace) -> None:
    assert previews.going_on(shop, TEAM) is None
    job = previews.begin(shop, TEAM).job
    assert job.wait(60).error is not None and "never changed" in str(job.error)
    edit(shop, "returns-policy", "45 days", "30 days")
    assert RETURNS in changed(ended(previews.begin(shop, TEAM).job))
    begun = previews.going_on(shop, TEAM)
    assert begun is not None and begun.is_of_now and not begun.wanted.last
    knowledge.update(shop, TEAM)
    begun = previews.going_on(shop, TEAM)
    assert begun is not None and not begun.is_of_now
    assert RETURNS in changed(ended(previews.begin(shop, TEAM).job))
    begun = previews.going_on(shop, TEAM)
    assert begun is not None and begun.is_of_now and begun.wanted.last


def test_a_text_is_looked_at_before_it_is_saved(shop: ScriptedWorkspace) -> None:
    before = (shop.documents_folder / FILE).read_bytes()
    text = mine(shop, "45 days", "30 days")
    found = ended(previews.begin(shop, TEAM, text).job)
    assert found.edit.changed == ("returns-policy",) and RETURNS in changed(found)
    assert (shop.documents_folder / FILE).read_bytes() == before
    assert not knowledge.status(shop, TEAM).edit
    assert not [*(shop.state / "work" / "drafts").iterdir()]
    assert text.document == "returns-policy"


@pytest.mark.parametrize("file", ["nowhere.md", "../northloop.toml", "/etc/passwd"])
def test_only_documents_are_looked_at(shop: ScriptedWorkspace, file: str) -> None:
    job = previews.begin(shop, TEAM, Text(file=file, text="# Other\n\nText.", seen="")).job
    assert job.wait(60).error is not None and "no such document" in str(job.error)
    assert not [*(shop.state / "work" / "drafts").iterdir()]


def test_a_text_without_words_is_refused(shop: ScriptedWorkspace) -> None:
    with pytest.raises(InputError, match="has a text"):
        previews.begin(shop, TEAM, Text(file=FILE, text=" \n", seen=""))


def test_two_who_begin_the_same_share_it_and_another_edit_takes_its_place(
    shop: ScriptedWorkspace,
) -> None:
    edit(shop, "returns-policy", "45 days", "30 days")
    first = previews.begin(shop, TEAM).job
    assert previews.begin(shop, TEAM).job is first
    edit(shop, "returns-policy", "30 days", "20 days")
    second = previews.begin(shop, TEAM).job
    assert second is not first
    assert "20 days" in ended(second).came[0].text
    assert first.wait(60).result is None or not first.going_on
    again = previews.begin(shop, TEAM).job
    assert again is not second, "what people have judged since counts"
    ended(again)


def test_who_is_forgotten_is_not_told_of_any_more(shop: ScriptedWorkspace) -> None:
    edit(shop, "returns-policy", "45 days", "30 days")
    assert RETURNS in changed(ended(previews.begin(shop, TEAM).job))
    answers.forget(shop, TEAM, "default", "eve")
    assert previews.going_on(shop, TEAM) is None
    jobs = background.of(shop).jobs
    assert jobs.find(background.PREVIEW) is None, "nothing of it stays in memory"
    assert RETURNS not in changed(ended(previews.begin(shop, TEAM).job))
