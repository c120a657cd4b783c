"""Judging side by side: the same through every door, by whoever is of the house."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from console.client import Visitor
from northloop.app import background, comparisons, overview, turns
from northloop.app.comparisons import PairChoice, SkipReason
from northloop.core.actor import Actor, Role, team
from northloop.core.errors import InputError, NotAllowed, NotFound
from northloop.core.interaction import Proposal, ProposalState
from northloop.core.side_by_side import SideBySide
from seeded import SeededWorkspace, opened
from undecided import looked_ahead, told_apart, undecided

TEAM = team()


def bounded(shop: SeededWorkspace) -> SeededWorkspace:
    """Have people judge 40 pairs at most."""
    gate = msgspec.structs.replace(shop.settings.gate, pairs=40)
    shop.settings = msgspec.structs.replace(shop.settings, gate=gate)
    return shop


@pytest.fixture(scope="module")
def open_folder(seeded_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("open") / seeded_folder.name
    shutil.copytree(seeded_folder, folder)
    shop = bounded(opened(folder))
    undecided(shop)
    told_apart(shop, 60)
    looked_ahead(shop)
    shop.close()
    return folder


@pytest.fixture
def visitor(open_shop: SeededWorkspace) -> Iterator[Visitor]:
    with Visitor(open_shop) as visitor:
        yield visitor


@pytest.fixture
def open_shop(open_folder: Path, tmp_path: Path) -> Iterator[SeededWorkspace]:
    """A workspace with an undecided release, of which some pairs wait."""
    shutil.copytree(open_folder, tmp_path / open_folder.name)
    shop = bounded(opened(tmp_path / open_folder.name))
    yield shop
    shop.close()


def test_what_is_undecided_says_how_far_it_is_and_not_how_it_stands(
    open_shop: SeededWorkspace,
) -> None:
    (found,) = comparisons.undecided(open_shop, TEAM)
    assert (found.judged, found.expected, found.most) == (0, 12, 40)
    assert found.waiting == len(comparisons.waiting(open_shop, TEAM)) > 1
    told = msgspec.to_builtins(found)
    assert told.keys() == {
        *("proposal", "release", "against"),
        *("judged", "skipped", "expected", "most", "waiting"),
    }
    before = overview.standing(open_shop, TEAM).decisions_waiting
    turns.reject(open_shop, TEAM, found.proposal.proposal_id)
    assert comparisons.undecided(open_shop, TEAM) == []
    assert overview.standing(open_shop, TEAM).decisions_waiting == before - 1


def test_a_choice_is_kept_with_who_made_it_and_the_next_pair_comes(
    open_shop: SeededWorkspace,
) -> None:
    first, second = comparisons.waiting(open_shop, TEAM)[:2]
    chosen = comparisons.choose(open_shop, team("Ana"), first.pair_id, PairChoice.NEITHER)
    assert (chosen.pair.choice, chosen.pair.by) == (PairChoice.NEITHER, "Ana")
    assert chosen.proposal.state is ProposalState.UNDECIDED
    assert open_shop.records.get(SideBySide, first.pair_id) == chosen.pair
    assert comparisons.waiting(open_shop, TEAM)[0] == second
    assert comparisons.undecided(open_shop, TEAM)[0].judged == 1


def test_two_people_begin_at_different_pairs(open_shop: SeededWorkspace) -> None:
    everybody = {pair.pair_id for pair in comparisons.waiting(open_shop, TEAM)}
    shown = [comparisons.waiting(open_shop, team(name)) for name in ("Ana", "Ben", "Cy", "Di")]
    assert all({pair.pair_id for pair in pairs} == everybody for pairs in shown)
    assert len({pairs[0].pair_id for pairs in shown}) > 1


def test_a_pair_that_is_left_to_others_comes_last(open_shop: SeededWorkspace) -> None:
    before = [pair.pair_id for pair in comparisons.waiting(open_shop, team("Ana"))]
    came = comparisons.skip(open_shop, team("Ana"), before[0], SkipReason.NEEDS_COLLEAGUE)
    assert not came.decided
    assert [p.pair_id for p in comparisons.waiting(open_shop, team("Ana"))][-1] == before[0]
    ben = [pair.pair_id for pair in comparisons.waiting(open_shop, team("Ben"))]
    assert sorted(ben) == sorted(before)
    (found,) = comparisons.undecided(open_shop, TEAM)
    assert (found.judged, found.skipped, found.waiting) == (0, 0, len(before))


def test_a_skip_is_counted_and_taken_back(open_shop: SeededWorkspace) -> None:
    (before,) = comparisons.undecided(open_shop, TEAM)
    pair = comparisons.waiting(open_shop, team("Ana"))[0]
    comparisons.skip(open_shop, team("Ana"), pair.pair_id, SkipReason.CANNOT_TELL)
    (found,) = comparisons.undecided(open_shop, TEAM)
    assert (found.judged, found.skipped, found.waiting) == (0, 1, before.waiting - 1)
    assert comparisons.undo(open_shop, team("Ana"), pair.pair_id) == pair
    assert comparisons.undecided(open_shop, TEAM) == [before]


def test_as_many_choices_as_are_allowed_end_it(
    open_shop: SeededWorkspace, visitor: Visitor
) -> None:
    (found,) = comparisons.undecided(open_shop, TEAM)
    few = msgspec.structs.replace(open_shop.settings.gate, pairs=3)
    open_shop.settings = msgspec.structs.replace(open_shop.settings, gate=few)
    states = []
    for pair in comparisons.waiting(open_shop, TEAM)[:3]:
        states.append(
            comparisons.choose(open_shop, TEAM, pair.pair_id, PairChoice.NEITHER).proposal
        )
    assert [p.state for p in states[:2]] == [ProposalState.UNDECIDED] * 2
    assert states[2].state is ProposalState.REFUSED
    assert states[2].decision != found.proposal.decision
    assert open_shop.records.get(Proposal, found.proposal.proposal_id) == states[2]
    with pytest.raises(NotFound, match="no release is undecided"):
        comparisons.prepare(open_shop, TEAM)
    page = visitor.get(f"/releases/{found.release}").text
    assert "people judged" in page


def test_a_serving_process_looks_ahead(shop: SeededWorkspace) -> None:
    undecided(bounded(shop))
    told_apart(shop, 60)
    assert comparisons.waiting(shop, TEAM) == []
    before, background.LOOK_EVERY_S = background.LOOK_EVERY_S, 0.05
    try:
        with background.comparing(lambda: shop):
            for _ in range(400):
                if comparisons.waiting(shop, TEAM):
                    break
                background.threading.Event().wait(0.05)
    finally:
        background.LOOK_EVERY_S = before
    assert comparisons.waiting(shop, TEAM)


def test_a_customer_judges_nothing(open_shop: SeededWorkspace) -> None:
    customer = Actor(name="", roles=(Role.ANSWER,), tenant="default")
    pair = comparisons.waiting(open_shop, TEAM)[0].pair_id
    for act in (
        lambda: comparisons.undecided(open_shop, customer),
        lambda: comparisons.waiting(open_shop, customer),
        lambda: comparisons.prepare(open_shop, customer),
        lambda: comparisons.choose(open_shop, customer, pair, PairChoice.BOTH),
        lambda: comparisons.skip(open_shop, customer, pair, SkipReason.OTHER),
        lambda: comparisons.undo(open_shop, customer, pair),
    ):
        with pytest.raises(NotAllowed):
            act()


# --- through the console -----------------------------------------------------------------------


def test_the_page_shows_two_answers_and_not_whose_they_are(
    open_shop: SeededWorkspace, visitor: Visitor
) -> None:
    pair = comparisons.waiting(open_shop, TEAM)[0]
    page = visitor.get("/loop/pairs")
    assert page.status_code == 200
    assert pair.pair_id in page.text
    assert "0 pairs judged of about 12, 40 at most" in page.text
    body = page.text.partition('class="pair"')[2]
    assert pair.interaction_id not in body
    assert "candidate" not in body.lower()
    assert "is undecided" in visitor.get("/loop").text


def test_a_choice_on_the_page_is_the_same_choice(
    open_shop: SeededWorkspace, visitor: Visitor
) -> None:
    pair = comparisons.waiting(open_shop, TEAM)[0]
    done = visitor.post(f"/loop/pairs/{pair.pair_id}", {"right": "both"})
    assert done.status_code == 303
    assert "/loop/pairs?note=pair-chosen&undo=" in done.headers["location"]
    assert open_shop.records.get(SideBySide, pair.pair_id).choice is PairChoice.BOTH
    assert visitor.post(f"/loop/pairs/{pair.pair_id}", {"right": "mine"}).status_code == 422
    assert visitor.post("/loop/pairs/nothing", {"right": "both"}).status_code == 404


def test_a_skip_on_the_page_is_the_same_skip_and_is_undone_there(
    open_shop: SeededWorkspace, visitor: Visitor
) -> None:
    pair = comparisons.waiting(open_shop, TEAM)[1]
    at = f"/loop/pairs/{pair.pair_id}"
    assert visitor.post(at, {"skip": "mood"}).status_code == 422
    done = visitor.post(at, {"skip": "cannot_tell"})
    assert done.headers["location"].endswith(f"?note=pair-skipped&undo={pair.pair_id}")
    assert open_shop.records.get(SideBySide, pair.pair_id).skip is SkipReason.CANNOT_TELL
    page = visitor.get(f"/loop/pairs?undo={pair.pair_id}").text
    assert f"{at}/undo" in page
    assert "1 passed over of about" in page
    undone = visitor.post(f"{at}/undo", {})
    assert undone.headers["location"].endswith(f"?note=pair-undone&pair={pair.pair_id}")
    assert pair.question in visitor.get(f"/loop/pairs?pair={pair.pair_id}").text
    assert visitor.post(f"{at}/undo", {}).status_code == 422
    left = visitor.post(at, {"skip": "needs_colleague"})
    assert "note=pair-left" in left.headers["location"]
    assert "1 person has left it to others" not in visitor.get("/loop/pairs").text
    assert "1 person has left it to others" in visitor.get(f"/loop/pairs?pair={pair.pair_id}").text
    for odd in ("../../keys", "%22%3E%3Cb", "a/b"):
        assert visitor.get(f"/loop/pairs?undo={odd}&pair={odd}").status_code == 200


def test_without_an_undecided_release_the_page_says_so(shop: SeededWorkspace) -> None:
    with Visitor(shop) as visitor:
        assert "No release is undecided" in visitor.get("/loop/pairs").text
    left = SideBySide(
        pair_id="left",
        proposal_id=shop.records.query(Proposal).rows[0].proposal_id,
        interaction_id="asked",
        at="",
        question="May I?",
        candidate="Yes.",
        current="No.",
    )
    shop.records.add(left)
    with pytest.raises(InputError, match="already"):
        comparisons.choose(shop, TEAM, "left", PairChoice.BOTH)
