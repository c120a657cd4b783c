"""What a reviewer is offered for a correction, and that it tells nothing it must not."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec
import pytest

from northloop.app import answers, desk, quality, reviews
from northloop.app.reviews import Judgement
from northloop.core.actor import Actor, team
from northloop.core.conversation import Message
from northloop.core.errors import NotFound
from northloop.core.interaction import (
    HandoffReason,
    Interaction,
    Question,
    ReviewItem,
    VerdictKind,
)
from northloop.core.keys import API_ROLES
from northloop.core.question import normalised
from northloop.stages.monitoring import second_reads
from northloop.stages.monitoring.sampling import review_id_of
from northloop.workspace import Workspace
from scripted_workspace import with_release

ANA, BEN, CEM = team("ana"), team("ben"), team("cem")
NORTH, SOUTH = (
    Actor(name=n, roles=API_ROLES, tenant=n, declared=False) for n in ("north", "south")
)
WRONG = VerdictKind.INCORRECT
_numbers = iter(range(10_000))


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    """A workspace that quotes its documents and remembers its tickets."""
    flags = {"serving.mode": "draft", "serving.memory": "true", "serving.quotes": "true"}
    opened = with_release(tmp_path_factory.mktemp("offers") / "shop", flags, 200, at_once=True)
    yield opened
    opened.close()


def drawn(workspace: Workspace, text: str, actor: Actor = NORTH) -> Interaction:
    """Ask a question, and have the answer drawn for review."""
    name = f"review{next(_numbers)}"
    kept = answers.answer(
        workspace,
        actor,
        Question(
            interaction_id=name,
            messages=(Message("user", text),),
            conversation_id=name,
            customer_id=name,
        ),
    )
    _draw(workspace, kept)
    return kept


def _draw(workspace: Workspace, kept: Interaction) -> None:
    item = ReviewItem(
        review_id=review_id_of(kept),
        interaction_id=kept.interaction_id,
        at=kept.at,
        probability=0.5,
        uniform=True,
        chance=0.5,
    )
    if workspace.records.find(ReviewItem, item.review_id) is None:
        workspace.records.add(item)


def judge(
    workspace: Workspace, kept: Interaction, actor: Actor, correction: str, intent: str = ""
) -> reviews.Judged:
    given = Judgement(
        review_id=review_id_of(kept), kind=WRONG, correction=correction, intent=intent
    )
    return reviews.judge(workspace, actor, given)


def offered(workspace: Workspace, kept: Interaction) -> list[str]:
    return [*reviews.alternatives(workspace, BEN, review_id_of(kept))]


def test_what_else_is_known_is_offered_and_not_what_was_judged(shop: Workspace) -> None:
    kept = drawn(shop, "Until when can I return a tent, and is it free?")
    found = offered(shop, kept)
    assert len(found) == 2
    assert len({normalised(text) for text in (kept.judged, *found)}) == 3
    beside = {one.text for one in desk.alternatives(shop, ANA, kept.interaction_id)}
    assert {*found} == beside, "the same as an agent is offered"


def test_the_order_says_nothing_of_who_is_surer(shop: Workspace) -> None:
    same = 0
    for number in range(24):
        kept = drawn(shop, f"Until when can I return a tent of size {number}, and is it free?")
        listed = [one.text for one in desk.alternatives(shop, ANA, kept.interaction_id)]
        found = offered(shop, kept)
        assert sorted(found) == sorted(listed) and len(found) == 2
        assert found == offered(shop, kept), "whenever it is asked"
        same += found == listed
    assert 4 <= same <= 20


def test_what_was_judged_wrong_for_the_question_is_not_offered(shop: Workspace) -> None:
    question = "What must I pay to have a zip mended?"
    first = drawn(shop, question)
    wrong = offered(shop, first)
    judge(shop, first, ANA, "A zip is mended for nothing.")
    second = drawn(shop, question)
    assert first.judged not in (second.judged, *offered(shop, second))
    for text in wrong:
        other = msgspec.structs.replace(
            second,
            interaction_id=f"judged {next(_numbers)}",
            draft=text,
            conversation_id=f"judged {next(_numbers)}",
        )
        with shop.records.transaction():
            shop.records.add(other)
        _draw(shop, other)
        judge(shop, other, ANA, "")
    assert not {*wrong, first.judged} & {*offered(shop, second)}


@pytest.mark.parametrize("intent", ["", "returns"])
def test_a_second_reader_is_offered_what_the_first_was(
    shop: Workspace, monkeypatch: pytest.MonkeyPatch, intent: str
) -> None:
    """Drawn for a second read, so that the correction is in the memory at once."""
    monkeypatch.setattr(second_reads, "SHARE", 1.0)
    question = f"Is there a fee when I send my stove back to you{', please' if intent else ''}?"
    kept = drawn(shop, question)
    before = offered(shop, kept)
    marked = "Stoves go back for the price of three marbles."
    judge(shop, kept, ANA, marked, intent)
    given = reviews.take(shop, BEN, "ben", 50)
    assert kept.interaction_id in [one.interaction.interaction_id for one in given]
    assert offered(shop, kept) == before
    like = drawn(shop, question.replace("send my", "post my"))
    assert marked in (like.judged, *offered(shop, like)), "others hear of it, as they should"


def test_nor_what_the_first_said_of_the_same_answer_elsewhere(shop: Workspace) -> None:
    question = "May I bring back a rope that was used once?"
    kept, again = drawn(shop, question), drawn(shop, question)
    assert kept.judged == again.judged
    before = offered(shop, again)
    judge(shop, kept, ANA, "Ropes go back for four marbles.")
    assert offered(shop, again) == before
    assert sorted(offered(shop, kept)) == sorted(before)


def test_nor_what_an_operator_ruled(shop: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is gold from then on: whoever gets it is not to see that, either."""
    monkeypatch.setattr(second_reads, "SHARE", 1.0)
    kept = drawn(shop, "May I bring back a mat that was used once?")
    before = offered(shop, kept)
    review = review_id_of(kept)
    judge(shop, kept, ANA, "Mats go back for five marbles.")
    right = Judgement(review_id=review, kind=VerdictKind.CORRECT)
    reviews.judge(shop, BEN, right)
    ruling = Judgement(review_id=review, kind=WRONG, correction="Mats go back for six marbles.")
    ruled = quality.rule(shop, CEM, ruling).verdict
    assert offered(shop, kept) == before
    reviews.undo(shop, CEM, ruled.verdict_id)
    assert offered(shop, kept) == before


def test_what_was_said_in_another_tenant_stays_there(shop: Workspace) -> None:
    kept = drawn(shop, "May I bring back a lamp that was used once?")
    judge(shop, kept, ANA, "Lamps go back for seven marbles.")
    south = drawn(shop, "May I bring back a lamp that was used just once?", SOUTH)
    assert not [text for text in offered(shop, south) if "marbles" in text]


def test_nothing_is_offered_for_whom_people_alone_answer(shop: Workspace) -> None:
    person = drawn(shop, "Let me speak to a human, please.")
    assert person.handoff is HandoffReason.ASKED_FOR_HUMAN
    assert offered(shop, person) == []
    kept = drawn(shop, "Until when can I return a lamp?")
    assert offered(shop, kept)
    with shop.records.transaction():
        shop.records.replace(msgspec.structs.replace(kept, handoff=HandoffReason.HELD_OUT))
    assert offered(shop, kept) == []
    with pytest.raises(NotFound):
        reviews.alternatives(shop, BEN, "nobody's")


def test_where_nothing_was_held_back_three_are_offered(shop: Workspace) -> None:
    kept = drawn(shop, "Until when can I return a kayak, and is it free?")
    bare = msgspec.structs.replace(kept, draft="")
    with shop.records.transaction():
        shop.records.replace(bare)
    assert len(offered(shop, bare)) == 3
