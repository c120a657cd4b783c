"""A release that passed the gate and waits until people's decisions let out as much of it."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from console.client import Visitor
from northloop.app import comparisons, releases, waiting
from northloop.app import waiting as module
from northloop.core.actor import Actor, Role, team
from northloop.core.errors import GateNotMet, NotAllowed
from northloop.core.ids import Hash
from northloop.core.side_by_side import PairChoice
from northloop.loop import promote
from northloop.workspace import Workspace
from on_trial import OnTrial
from scripted_workspace import with_release
from waiting_shop import QUESTIONS, SAID, SAYS, asked, waiting_shop

ANA = team("ana")


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Workspace]:
    made = waiting_shop(tmp_path / "shop")
    yield made
    made.close()


def test_it_says_how_much_of_it_would_be_sent_and_what_there_is_to_judge(shop: Workspace) -> None:
    [found] = waiting.waiting(shop, ANA)
    assert found.reach.asked == QUESTIONS
    assert found.reach.live == QUESTIONS and found.reach.candidate < QUESTIONS
    assert found.words.startswith("it waits, for customers would be sent less")
    assert [pair.interaction_id for pair in found.to_judge][:2] == ["i59", "i58"], "surest first"
    with pytest.raises(GateNotMet, match="customers would be sent less"):
        releases.promote(shop, ANA, found.proposal.release)


def test_once_people_have_found_it_right_it_may_go_live(shop: Workspace) -> None:
    for pair in comparisons.waiting(shop, team()):
        comparisons.choose(shop, team(), pair.pair_id, PairChoice.BOTH)
    [found] = waiting.waiting(shop, ANA)
    assert found.to_judge == () and comparisons.waiting(shop, ANA) == []
    assert found.reach.waits == "" and found.words.startswith("customers would not be sent less")
    assert releases.promote(shop, ANA, found.proposal.release).release == found.proposal.release
    assert waiting.waiting(shop, ANA) == []


def test_what_people_find_wrong_keeps_it_waiting(shop: Workspace) -> None:
    for pair in comparisons.waiting(shop, team()):
        comparisons.choose(shop, team(), pair.pair_id, PairChoice.NEITHER)
    [found] = waiting.waiting(shop, ANA)
    assert found.to_judge == () and found.reach.waits


def test_a_serving_process_asks_it_again_as_decisions_come(
    shop: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard: list[Hash] = []
    monkeypatch.setattr(module, "carry_over", lambda _, release: heard.append(release))
    monkeypatch.setattr(module, "LOOK_EVERY_S", 0.01)
    live = promote.live(shop.records)
    assert live
    with waiting.asking_again(lambda: shop):
        _until(heard, 1)
        for number in range(QUESTIONS, QUESTIONS + module.MORE):
            asked(shop, number, live, "another")
        _until(heard, 2)
    assert len(heard) == 2, "no oftener than something new was decided"


def _until(heard: list[Hash], count: int) -> None:
    for _ in range(500):
        if len(heard) >= count:
            break
        time.sleep(0.01)
    time.sleep(0.05)
    assert len(heard) == count


@pytest.mark.parametrize("mode", ["open", "draft"])
def test_where_certificates_decide_nothing_nothing_waits_for_them(
    tmp_path: Path, mode: str
) -> None:
    made = with_release(tmp_path / "shop", {"serving.mode": mode}, kind=OnTrial)
    assert waiting.waiting(made, ANA) == []
    made.close()


def test_a_customer_sees_nothing_of_it(shop: Workspace) -> None:
    with pytest.raises(NotAllowed):
        waiting.waiting(shop, Actor(name="", roles=(Role.ANSWER,), tenant="default"))


# --- through the console -----------------------------------------------------------------------


def test_the_console_says_why_it_waits_and_has_it_judged(shop: Workspace) -> None:
    with Visitor(shop) as visitor:
        for page in ("/", "/loop", "/loop/pairs"):
            assert "customers would be sent less" in visitor.get(page).text.lower(), page
        assert "Judge 12 pairs" in visitor.get("/").text
        page = visitor.get("/loop/pairs").text
        assert SAID in page and SAYS in page and "how much may be sent" in page
