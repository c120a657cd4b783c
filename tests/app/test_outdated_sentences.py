"""Practice changes before the documents do: a shop whose people write 40 days where they say 45."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from northloop.app import knowledge, overview
from northloop.core.actor import Actor, Role
from northloop.core.errors import NotAllowed
from northloop.core.interaction import Interaction, VerdictKind
from scripted_workspace import ScriptedWorkspace
from sending_shop import RETURNS, TEAM, ask, edit, judge, sending_shop

ELSEWHERE = "How long do I have to send something back?"
OLD, NOW = "45 days", "40 days"


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[ScriptedWorkspace]:
    """It sends what it is sure of; one answer was sent and corrected."""
    opened = sending_shop(tmp_path / "shop")
    asked = ask(opened, RETURNS, "q1")
    assert asked.answers and OLD in asked.answer
    assert OLD in ask(opened, ELSEWHERE, "q2").answer, "the same goes out to other words"
    judge(opened, asked, VerdictKind.INCORRECT, asked.answer.replace(OLD, NOW, 1))
    yield opened
    opened.close()


def test_what_people_replaced_goes_out_to_no_question(shop: ScriptedWorkspace) -> None:
    found = ask(shop, ELSEWHERE, "q3")

    assert OLD not in found.answer
    assert found.answers is (NOW in found.answer), "what was written instead may be sent"


def test_agents_are_offered_what_was_written_instead(shop: ScriptedWorkspace) -> None:
    found = ask(shop, "How many days are there to send something back?", "q7")

    assert NOW in (found.answer if found.answers else found.draft)


def test_the_operator_is_told_which_document_still_has_it(shop: ScriptedWorkspace) -> None:
    (one,) = knowledge.outdated(shop, TEAM)

    assert one.document_id == "returns-policy"
    assert OLD in one.sentence and NOW in one.instead
    assert (one.by, one.times) == (TEAM.name, 1)
    assert overview.standing(shop, TEAM).sentences_outdated == 1
    assert knowledge.status(shop, TEAM).outdated == (one,)


def test_once_the_document_says_so_it_goes_out_again(shop: ScriptedWorkspace) -> None:
    edit(shop, "returns-policy", OLD, NOW)
    knowledge.update(shop, TEAM)

    assert not knowledge.outdated(shop, TEAM)
    assert NOW in ask(shop, ELSEWHERE, "q4").answer


def test_who_finds_it_right_all_the_same_puts_it_back(shop: ScriptedWorkspace) -> None:
    given = shop.records.get(Interaction, "q1")
    again = msgspec.structs.replace(given, interaction_id="q5", question="And until when?")
    shop.records.add(again)
    judge(shop, again, VerdictKind.CORRECT)

    assert not knowledge.outdated(shop, TEAM)


def test_it_is_the_houses_business(shop: ScriptedWorkspace) -> None:
    caller = Actor(name="k", roles=(Role.ANSWER,), tenant="acme", declared=False)

    with pytest.raises(NotAllowed):
        knowledge.outdated(shop, caller)
