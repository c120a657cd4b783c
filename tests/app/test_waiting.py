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
from northloop.core.artefacts import Kind
from northloop.core.errors import GateNotMet, NotAllowed
from northloop.core.ids import Hash
from northloop.core.interaction import Proposal, ProposalState
from northloop.core.side_by_side import Choice, SideBySide, pair_id_of
from northloop.loop import promote
from northloop.stages.monitoring.decided import Asked, Carried, Decided, carried_id_of, text_of
from northloop.workspace import Workspace
from on_trial import OnTrial, passed
from scripted_workspace import with_release

ANA = team("ana")
QUESTIONS, OTHERWISE = 60, 12
SAID, SAYS = "Sixty days.", "Thirty days."


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Workspace]:
    """A shop whose release is certified, and the next one passed; it says a fifth otherwise."""
    made = with_release(tmp_path / "shop", {"serving.mode": "certified"}, kind=OnTrial)
    live = promote.live(made.records)
    assert live
    candidate = passed(made)
    turn = Proposal(
        proposal_id="turn",
        at="2026-11-01T00:00:00Z",
        reason="Enough corrections.",
        state=ProposalState.READY,
        decision=made.artefacts.list(Kind.DECISION)[0].hash,
        release=candidate,
        against=live,
    )
    made.records.add(turn)
    for number in range(QUESTIONS):
        asked(made, number, live, candidate)
    yield made
    made.close()


def asked(shop: Workspace, number: int, live: Hash, candidate: Hash) -> None:
    """Decide on an answer of what is live, right, and have the candidate say what it says."""
    name, at = f"i{number:02}", f"2026-11-01T00:00:{number:02}Z"
    common = {"treatment": "quote", "sure": number / QUESTIONS, "distinct": f"q{number}"}
    otherwise = number >= QUESTIONS - OTHERWISE
    shop.records.add(
        Decided(interaction_id=name, release=live, at=at, right=True, said=text_of(SAID), **common)  # type: ignore[arg-type]
    )
    shop.records.add(
        Carried(
            carried_id=carried_id_of(name, candidate),
            interaction_id=name,
            release=candidate,
            at=at,
            asked=Asked.ANEW,
            text=text_of(SAYS if otherwise else SAID),
            **common,  # type: ignore[arg-type]
        )
    )
    if otherwise:
        shop.records.add(
            SideBySide(
                pair_id=pair_id_of("turn", name),
                proposal_id="turn",
                interaction_id=name,
                at=at,
                question=f"How long is return {number}?",
                candidate=SAYS,
                current=SAID,
            )
        )


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
        comparisons.choose(shop, team(), pair.pair_id, Choice.BOTH)
    [found] = waiting.waiting(shop, ANA)
    assert found.to_judge == () and comparisons.waiting(shop, ANA) == []
    assert found.reach.waits == "" and found.words.startswith("customers would not be sent less")
    assert releases.promote(shop, ANA, found.proposal.release).release == found.proposal.release
    assert waiting.waiting(shop, ANA) == []


def test_what_people_find_wrong_keeps_it_waiting(shop: Workspace) -> None:
    for pair in comparisons.waiting(shop, team()):
        comparisons.choose(shop, team(), pair.pair_id, Choice.NEITHER)
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
