"""Gold answers come blind among the rest, and change nothing but what is known of reviewers."""

from __future__ import annotations

import msgspec
import pytest

from northloop.core.errors import ConfigurationError, NotFound
from northloop.core.interaction import (
    ApprovedAnswer,
    Claim,
    Interaction,
    Rejection,
    ReviewItem,
    SkipReason,
    Verdict,
    VerdictKind,
)
from northloop.stages.monitoring import gold, queue, reviewers
from northloop.stages.monitoring.forget import forget
from northloop.stages.monitoring.gold import Gold, GoldRead, GoldSpec
from northloop.stages.monitoring.queue import Open, Reviewing
from northloop.stages.monitoring.review import Judgement, verdict_of
from northloop.testing.records import MemoryRecords
from stages.monitoring.test_second_reads import AT, judge, world


def shop(waiting: int = 400, known: int = 20) -> MemoryRecords:
    """Answers that wait, and others that somebody has marked: right ones and wrong ones."""
    records = world(waiting + known)
    for number in range(waiting, waiting + known):
        judge(records, f"r{number}", "dora", right=bool(number % 2))
        kind = VerdictKind.CORRECT if number % 2 else VerdictKind.INCORRECT
        gold.mark(records, Gold(interaction_id=f"i{number}", kind=kind, at=AT, by="dora"))
    return records


def take(records: MemoryRecords, name: str, limit: int = 500, **spec: object) -> list[Open]:
    mixed_in = GoldSpec(**{"share": 0.05, **spec})  # type: ignore[arg-type]
    who = Reviewing(by=name or "nobody", name=name, at=AT, gold=mixed_in)
    return queue.take(records, who, limit)


def golds(found: list[Open]) -> list[Open]:
    """Those that come under another id than their own."""
    return [one for one in found if one.item.review_id != f"r{one.interaction.interaction_id[1:]}"]


def say(records: MemoryRecords, one: Open, reviewer: str, kind: VerdictKind, **more: object) -> str:
    said = Judgement(review_id=one.item.review_id, kind=kind, reviewer=reviewer, **more)  # type: ignore[arg-type]
    return gold.keep(records, verdict_of(said, one.interaction, AT)).verdict_id


def test_a_small_share_is_gold_under_ids_like_any_other_and_each_once() -> None:
    records = shop()
    found = take(records, "ana")
    mine = golds(found)
    assert 8 <= len(mine) <= 20
    assert len({one.interaction.interaction_id for one in mine}) == len(mine)
    assert len({one.item.review_id for one in found}) == len(found)
    assert {o.item.review_id for o in take(records, "ana")} == {o.item.review_id for o in found}
    assert golds(take(records, "", 500)) == golds(take(records, "ben", share=0.0)) == []


def test_nobody_is_given_what_they_have_marked_or_judged() -> None:
    records = shop()
    for number in range(400, 410):
        judge(records, f"r{number}", "ben")
    names = {one.interaction.interaction_id for one in golds(take(records, "ben"))}
    assert names
    assert not names & {f"i{number}" for number in range(400, 410)}
    assert golds(take(records, "dora")) == []


def test_right_and_wrong_ones_are_read_equally_often() -> None:
    records = shop()
    kinds = {g.interaction_id: g.right for g in records.query(Gold).rows}
    right = [kinds[one.interaction.interaction_id] for one in golds(take(records, "ana"))]
    assert abs(right.count(True) - right.count(False)) <= 1


def test_what_is_said_of_gold_leaves_everything_else_as_it_was() -> None:
    records = shop()
    one = golds(take(records, "ana"))[0]
    kinds = (Verdict, Interaction, ReviewItem, ApprovedAnswer, Rejection)
    before = {kind: records.query(kind).rows for kind in kinds}
    said = say(records, one, "ana", VerdictKind.INCORRECT, correction="Something else.")
    assert {kind: records.query(kind).rows for kind in kinds} == before
    assert one.item.review_id not in {o.item.review_id for o in take(records, "ana")}
    again = gold.take_back(records, said)
    assert again is not None
    assert again.review_id == one.item.review_id
    assert one.item.review_id in {o.item.review_id for o in take(records, "ana")}


def test_the_rates_come_of_what_was_said_and_a_skip_says_nothing() -> None:
    records = shop()
    kinds = {g.interaction_id: g.kind for g in records.query(Gold).rows}
    mine = golds(take(records, "ana"))
    for place, one in enumerate(mine):
        truth = kinds[one.interaction.interaction_id]
        wrong = VerdictKind.INCORRECT if truth is VerdictKind.CORRECT else VerdictKind.CORRECT
        if place < 2:
            say(records, one, "ana", truth, skip=SkipReason.CANNOT_TELL)
        else:
            say(records, one, "ana", wrong if place == 2 else truth)
    found = reviewers.reads(records)
    assert found.right + found.wrong == len(mine) - 2
    assert found.right_found + found.wrong_found == len(mine) - 3
    error = reviewers.error(records)
    assert error.sensitivity is error.specificity is None
    assert error.lacking == (15 - found.right, 15 - found.wrong)
    gold.unmark(records, mine[3].interaction.interaction_id)
    after = reviewers.reads(records)
    assert after.right + after.wrong == len(mine) - 3


def test_what_the_documents_no_longer_say_is_no_gold() -> None:
    records = shop(waiting=400, known=20)
    for row in records.query(Interaction).rows:
        if int(row.interaction_id[1:]) >= 400:
            records.replace(msgspec.structs.replace(row, evidence=("p1",)))
    assert golds(take(records, "ana", passages=lambda: {"p2"})) == []
    assert golds(take(records, "ben", passages=lambda: {"p1"}))


def test_a_forgotten_customer_leaves_no_gold() -> None:
    records = shop()
    one = golds(take(records, "ana"))[0]
    say(records, one, "ana", VerdictKind.CORRECT)
    forget(records, "default", one.interaction.customer_id)
    assert records.find(Gold, one.interaction.interaction_id) is None
    left = [r.interaction_id for r in records.query(GoldRead).rows]
    assert one.interaction.interaction_id not in left


def test_a_forgotten_customer_leaves_nothing_of_what_is_no_gold_any_more() -> None:
    records = shop()
    one = golds(take(records, "ana"))[0]
    say(records, one, "ana", VerdictKind.INCORRECT, correction="What they had asked, and more.")
    gold.unmark(records, one.interaction.interaction_id)
    forget(records, "default", one.interaction.customer_id)
    assert [r for r in records.query(GoldRead).rows if r.said is not None] == []


def test_gold_that_nobody_has_before_them_any_more_is_not_waited_for() -> None:
    records = shop()
    given = golds(take(records, "ana"))
    assert gold.left(records) == len(given)
    for claim in records.query(Claim).rows:
        records.remove(Claim, claim.review_id)
    assert gold.left(records) == 0


def test_more_than_a_twentieth_is_refused_and_so_is_what_is_no_answer() -> None:
    with pytest.raises(ConfigurationError, match=r"0\.06 is not between 0 and 0\.05"):
        GoldSpec(share=0.06)
    with pytest.raises(NotFound, match="no such interaction"):
        gold.mark(world(1), Gold(interaction_id="x", kind=VerdictKind.CORRECT, at=AT))
    with pytest.raises(NotFound, match="no such gold"):
        gold.unmark(world(1), "i0")
