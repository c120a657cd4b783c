"""Before anything is trained: what history and documents say answers, in drafts for people."""

from __future__ import annotations

from pathlib import Path

import pytest

from northloop.app import answers, desk, first_day, intake, releases, turns
from northloop.core.actor import Actor, Role, team
from northloop.core.artefacts import Kind
from northloop.core.conversation import Message
from northloop.core.errors import NotReady
from northloop.core.interaction import Interaction, Question, Source
from northloop.core.tenants import DEFAULT_TENANT
from northloop.core.treatment import Treatment
from northloop.demo.company import make_workspace
from northloop.loop.pairs import dataset_of, load_release
from northloop.sample import documents
from northloop.stages.objective.contract import ObjectiveInput
from scripted_workspace import ScriptedWorkspace

ANA = team("ana")
CUSTOMER = Actor(name="", roles=(Role.ANSWER,), tenant=DEFAULT_TENANT)
ASKED = "Can I pay with PayPal?"
WISH = "Reduce average query resolution time by 30 % within six months."


@pytest.fixture(autouse=True)
def as_shipped(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("MEMORY", "QUOTES", "MODE"):
        monkeypatch.delenv(f"NORTHLOOP_SERVING__{name}")


def asked(shop: ScriptedWorkspace, text: str, name: str) -> Interaction:
    question = Question(interaction_id=name, messages=(Message("user", text),))
    *_, kept = answers.ask(shop, CUSTOMER, question)
    assert isinstance(kept, Interaction)
    return kept


def test_history_and_documents_answer_in_drafts_and_a_correction_is_given_again(
    tmp_path: Path,
) -> None:
    make_workspace(tmp_path / "shop", 200, 1)
    shop = ScriptedWorkspace.open(tmp_path / "shop")
    began = releases.begin_at_once(shop, ANA)
    sealed = load_release(shop.artefacts, began.release)
    assert {choice.treatment for choice in sealed.first} == {Treatment.MEMORY, Treatment.QUOTE}
    assert sealed.adapter is None and not sealed.generates
    assert dataset_of(shop.artefacts, began.release)
    assert [one.number for one in releases.releases(shop, ANA)] == [1]

    first = asked(shop, ASKED, "first")
    assert first.handoff and "PayPal" in (first.draft or "")
    desk.edit(shop, ANA, "first", "Yes, with PayPal and by card.")
    again = asked(shop, ASKED, "again")
    assert (again.source, again.answer) == (
        Source.APPROVED,
        "Yes, with PayPal and by card.",
    )

    # To begin once more changes nothing, and the first turn is held against it.
    assert releases.begin_at_once(shop, ANA) == began
    assert len(shop.artefacts.list(Kind.RELEASE)) == 1
    assert turns.propose(shop, ANA).proposal_id
    shop.close()


def test_documents_alone_are_quoted(tmp_path: Path) -> None:
    folder = tmp_path / "shop"
    intake.start(folder, ANA, "support", ObjectiveInput(statement=WISH))
    shop = ScriptedWorkspace.open(folder)
    with pytest.raises(NotReady):
        first_day.begin_at_once(shop, ANA)
    for document in documents():
        (folder / "documents" / f"{document.id}.md").write_text(document.text, "utf-8")
    releases.begin_at_once(shop, ANA)
    kept = asked(shop, ASKED, "first")
    assert kept.handoff and "PayPal" in (kept.draft or "")
    shop.close()


def test_a_workspace_without_either_begins_with_the_base(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("MEMORY", "QUOTES"):
        monkeypatch.setenv(f"NORTHLOOP_SERVING__{name}", "false")
    make_workspace(tmp_path / "shop", 200, 1)
    shop = ScriptedWorkspace.open(tmp_path / "shop")
    began = releases.begin_at_once(shop, ANA)
    assert shop.artefacts.get(began.release).manifest.meta["kind"] == "base"
    assert [one.number for one in releases.releases(shop, ANA)] == [0]
    shop.close()
