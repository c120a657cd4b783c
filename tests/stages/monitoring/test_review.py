from __future__ import annotations

import itertools
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from northloop.adapters.embedded.sqlite_records import SqliteRecords
from northloop.core.conversation import Split
from northloop.core.errors import InputError, NotFound
from northloop.core.grounds import Grounds, Vouched
from northloop.core.interaction import (
    ApprovedAnswer,
    Claim,
    HandoffReason,
    Interaction,
    ReviewItem,
    SkipReason,
    Source,
    Verdict,
    VerdictKind,
)
from northloop.ports.stores import Records
from northloop.stages.monitoring.queue import LOOKED_IN, Open, Reviewing, claim, queue, take
from northloop.stages.monitoring.review import (
    Judgement,
    drawn_for_the_test,
    reworded_from,
    submit,
    taught,
    undo,
)
from usual import usual_interaction

AT = "2026-02-01T09:00:00Z"


@pytest.fixture
def records(tmp_path: Path) -> Iterator[Records]:
    store = SqliteRecords(tmp_path / "records.sqlite")
    for number, question in enumerate(["May I return a tent?", "Where is [ORDER]?", "Shops?"]):
        interaction = usual_interaction(
            interaction_id=f"i{number}",
            conversation_id=f"c{number}",
            at=f"2026-01-0{number + 1}T00:00:00Z",
            question=question,
            answer="No.",
            confidence=0.6,
            intent="guessed",
            review_probability=0.1,
        )
        store.add(interaction)
        item = ReviewItem(
            review_id=f"r{number}",
            interaction_id=f"i{number}",
            at=interaction.at,
            probability=0.1,
            uniform=True,
        )
        store.add(item)
    yield store
    store.close()


def wrong(number: int, correction: str = "", reviewer: str = "ana") -> Judgement:
    return Judgement(
        review_id=f"r{number}",
        kind=VerdictKind.INCORRECT,
        correction=correction,
        reviewer=reviewer,
    )


def test_the_queue_holds_what_has_no_verdict_newest_first(records: Records) -> None:
    assert [o.item.review_id for o in queue(records)] == ["r2", "r1", "r0"]
    submit(records, wrong(1), AT)
    assert [o.interaction.interaction_id for o in queue(records)] == ["i2", "i0"]


def test_a_correction_teaches_and_takes_effect_at_once(records: Records) -> None:
    verdict = submit(records, wrong(0, "  Within 30 days.  "), AT)
    approved = records.query(ApprovedAnswer).rows
    assert [(a.question, a.answer) for a in approved] == [
        ("May I return a tent?", "Within 30 days.")
    ]
    (example,) = taught(records, [verdict])
    assert (example.reply, example.split) == ("Within 30 days.", Split.TRAIN)
    assert example.origin == (f"verdict:{verdict.verdict_id}",)
    assert example.intent == ""


def test_half_of_what_was_drawn_alike_is_for_the_test(records: Records) -> None:
    verdicts = [submit(records, wrong(n, "Within 30 days."), AT) for n in range(3)]
    found = {e.question: e.split for e in taught(records, verdicts)}
    plain = ["May I return a tent?", "Shops?"]
    wanted = {q: Split.TEST if drawn_for_the_test(q) else Split.TRAIN for q in plain}
    assert found == {**wanted, "Where is [ORDER]?": Split.TRAIN}, "the memory does not hear of that"
    asked = [f"How many days has month number {n}?" for n in range(400)]
    held = [text for text in asked if drawn_for_the_test(text)]
    assert 160 < len(held) < 240
    assert drawn_for_the_test(f"  {held[0].upper()} "), "the same for all who ask it"
    for number, verdict in enumerate(verdicts):
        item = records.get(ReviewItem, verdict.review_id)
        records.replace(msgspec.structs.replace(item, uniform=False))
        assert {e.split for e in taught(records, verdicts[: number + 1])} == {Split.TRAIN}


def test_what_it_is_about_is_taught_where_the_reviewer_names_it(records: Records) -> None:
    named = msgspec.structs.replace(wrong(0, "Within 30 days."), intent=" returns ")
    verdict = submit(records, named, AT)
    (example,) = taught(records, [verdict])
    assert example.intent == verdict.intent == "returns"
    later = msgspec.structs.replace(named, intent="x" * 300)
    assert len(submit(records, later, AT).intent) == 60
    assert len(records.query(ApprovedAnswer).rows) == 1


def test_a_rephrasing_needs_the_better_phrase(records: Records) -> None:
    bare = Judgement(review_id="r0", kind=VerdictKind.NEEDS_REPHRASING, correction=" ")
    with pytest.raises(InputError, match="needs the better phrase"):
        submit(records, bare, AT)
    assert records.count(Verdict) == 0
    full = Judgement(review_id="r0", kind=VerdictKind.NEEDS_REPHRASING, correction="Yes, you may.")
    assert taught(records, [submit(records, full, AT)])[0].reply == "Yes, you may."


@pytest.mark.parametrize(
    "judgement",
    [
        Judgement(review_id="r0", kind=VerdictKind.CORRECT, correction="No!"),
        Judgement(review_id="r0", kind=VerdictKind.INCORRECT),
        Judgement(
            review_id="r0", kind=VerdictKind.INCORRECT, correction="x", skip=SkipReason.OTHER
        ),
        Judgement(review_id="r0", kind=VerdictKind.NEEDS_REPHRASING, skip=SkipReason.OTHER),
    ],
)
def test_what_brings_no_better_answer_teaches_nothing(
    records: Records, judgement: Judgement
) -> None:
    verdict = submit(records, judgement, AT)
    assert taught(records, [verdict]) == []
    assert records.count(ApprovedAnswer) == 0


def test_an_answer_about_one_person_s_order_is_not_served_to_others(records: Records) -> None:
    verdict = submit(records, wrong(1, "It is on its way."), AT)
    assert records.count(ApprovedAnswer) == 0
    assert len(taught(records, [verdict])) == 1
    submit(records, wrong(2, "[NAME] can tell you."), AT)
    assert records.count(ApprovedAnswer) == 0


def test_the_correction_of_a_follow_up_is_evidence_alone(records: Records) -> None:
    asked = records.get(Interaction, "i0")
    records.replace(msgspec.structs.replace(asked, turn=2))
    verdict = submit(records, wrong(0, "Three hundred euros."), AT)
    assert records.count(ApprovedAnswer) == 0
    assert taught(records, [verdict]) == []


def test_what_was_done_for_one_customer_is_approved_for_nobody_else(records: Records) -> None:
    submit(records, wrong(0, "I have cancelled your order."), AT)
    assert records.count(ApprovedAnswer) == 0
    submit(records, wrong(0, "Orders are cancelled on the page of the order."), AT)
    assert records.count(ApprovedAnswer) == 1


def right(number: int, reviewer: str = "ana") -> Judgement:
    return Judgement(review_id=f"r{number}", kind=VerdictKind.CORRECT, reviewer=reviewer)


def test_what_was_right_teaches_and_is_not_served_word_for_word(records: Records) -> None:
    verdicts = [submit(records, right(number), AT) for number in (0, 1)]
    assert [(e.question, e.reply, e.intent) for e in taught(records, verdicts)] == [
        ("May I return a tent?", "No.", ""),
        ("Where is [ORDER]?", "No.", ""),
    ]
    assert [e.origin for e in taught(records, verdicts)] == [
        (f"confirmed:{verdict.verdict_id}",) for verdict in verdicts
    ]
    assert records.count(ApprovedAnswer) == 0


@pytest.mark.parametrize(
    "changes",
    [
        {"source": Source.HANDOFF, "handoff": HandoffReason.NOT_CONFIDENT},
        {"source": Source.APPROVED},
        {"source": Source.ASKED_BACK},
        {"answer": ""},
        {"turn": 2},
        {"asked": "0" * 64},
    ],
)
def test_what_the_model_did_not_say_by_itself_is_not_rehearsed(
    records: Records, changes: dict[str, Any]
) -> None:
    asked = records.get(Interaction, "i0")
    records.replace(msgspec.structs.replace(asked, **changes))
    assert taught(records, [submit(records, right(0), AT)]) == []


def test_what_somebody_else_found_wrong_is_not_rehearsed(records: Records) -> None:
    verdict = submit(records, right(0), AT)
    assert len(taught(records, [verdict])) == 1
    submit(records, msgspec.structs.replace(wrong(0, reviewer="ben"), skip=SkipReason.OTHER), AT)
    assert len(taught(records, [verdict])) == 1
    submit(records, wrong(0, reviewer="ben"), AT)
    assert taught(records, [verdict]) == []


def test_the_same_answer_found_wrong_elsewhere_is_not_rehearsed(records: Records) -> None:
    again = msgspec.structs.replace(records.get(Interaction, "i0"), interaction_id="i2")
    records.replace(again)
    verdict = submit(records, right(0), AT)
    submit(records, wrong(2), AT)
    assert taught(records, [verdict]) == []


def test_a_correction_stands_before_a_confirmation(records: Records) -> None:
    again = msgspec.structs.replace(
        records.get(Interaction, "i0"), interaction_id="i2", answer="Yes."
    )
    records.replace(again)
    verdicts = [submit(records, wrong(0, "Within 30 days."), AT), submit(records, right(2), AT)]
    assert [e.reply for e in taught(records, verdicts)] == ["Within 30 days."]


def test_the_same_judgement_again_changes_nothing(records: Records) -> None:
    first = submit(records, wrong(0, "Yes."), AT)
    assert submit(records, wrong(0, "Yes."), "2026-03-01T00:00:00Z") == first
    assert (records.count(Verdict), records.count(ApprovedAnswer)) == (1, 1)


def test_a_verdict_can_be_taken_back(records: Records) -> None:
    verdict = submit(records, wrong(0, "Yes."), AT)
    assert undo(records, verdict.verdict_id) == verdict
    assert (records.count(Verdict), records.count(ApprovedAnswer)) == (0, 0)
    assert len(queue(records)) == 3


def test_the_last_word_of_a_reviewer_stands(records: Records) -> None:
    submit(records, wrong(0, "Yes."), AT)
    right = Judgement(review_id="r0", kind=VerdictKind.CORRECT, reviewer="ana")
    verdict = submit(records, right, AT)
    assert records.query(Verdict).rows == [verdict]
    assert records.count(ApprovedAnswer) == 0


def test_two_people_may_judge_the_same_answer(records: Records) -> None:
    submit(records, wrong(0, "Yes."), AT)
    submit(records, wrong(0, "Within 30 days.", reviewer="ben"), AT)
    assert records.count(Verdict) == 2


def test_the_last_correction_of_a_question_stands(records: Records) -> None:
    verdicts = [
        submit(records, wrong(0, "Yes."), AT),
        submit(records, wrong(0, "Within 30 days.", reviewer="ben"), AT),
    ]
    assert [e.reply for e in taught(records, verdicts)] == ["Within 30 days."]


def test_an_unknown_review_or_verdict_is_not_found(records: Records) -> None:
    with pytest.raises(NotFound):
        submit(records, wrong(9), AT)
    with pytest.raises(NotFound):
        undo(records, "nobody")


def test_a_correction_that_says_what_it_judges_wrong_is_refused(records: Records) -> None:
    with pytest.raises(InputError, match="the correction is the answer that it judges wrong"):
        submit(records, wrong(0, " no "), AT)
    assert records.count(Verdict) == 0


def test_what_rested_on_a_verdict_goes_with_it(records: Records) -> None:
    def confirmed_and_reworded() -> Verdict:
        verdict = submit(records, wrong(0, "Yes."), AT)
        [first] = records.query(ApprovedAnswer).rows
        names = [first.approved_id, "second", "third"]
        for before, name in itertools.pairwise(names):
            made = {"approved_id": name, "origin": reworded_from(before)}
            records.add(msgspec.structs.replace(first, **made))
        for name in names:
            grounds = Grounds("k", ("p",))
            records.add(Vouched(vouched_id=name, approved_id=name, at=AT, grounds=grounds))
        return verdict

    undo(records, confirmed_and_reworded().verdict_id)
    assert (records.count(ApprovedAnswer), records.count(Vouched)) == (0, 0)
    confirmed_and_reworded()
    submit(records, wrong(0, "Within 30 days."), AT)
    assert [a.answer for a in records.query(ApprovedAnswer).rows] == ["Within 30 days."]
    assert records.count(Vouched) == 0, "nobody has vouched for the new correction"


# --- several reviewers at once ------------------------------------------------------------------


def names(found: list[Open]) -> list[str]:
    return [one.item.review_id for one in found]


def ana(at: str = AT) -> Reviewing:
    return Reviewing(by="ana", name="ana", at=at)


def ben(at: str = AT) -> Reviewing:
    return Reviewing(by="ben", name="ben", at=at)


def test_two_reviewers_never_have_the_same_before_them(records: Records) -> None:
    assert names(take(records, ana(), 2)) == ["r2", "r1"]
    assert names(take(records, ben(), 2)) == ["r0"]
    assert names(take(records, ana(), 2)) == ["r2", "r1"], "she looks again"
    assert names(take(records, ana(), 1, without=["r2"])) == ["r1"]
    assert take(records, Reviewing(by="c", at=AT), 2) == []
    assert not claim(records, ana(), "r0")


def test_a_verdict_makes_room_and_an_undone_one_comes_back(records: Records) -> None:
    take(records, ana(), 2)
    verdict = submit(records, wrong(2), AT)
    assert records.find(Claim, "r2") is None
    assert names(take(records, ana(), 2)) == ["r1", "r0"]
    undo(records, verdict.verdict_id)
    assert claim(records, ana(), "r2")
    assert not claim(records, ben(), "r2")
    assert take(records, ben(), 2) == []
    submit(records, wrong(2), AT)
    assert claim(records, ana(), "r2")
    assert records.find(Claim, "r2") is None, "it waits no more"
    assert claim(records, ana(), "nothing")
    assert records.find(Claim, "nothing") is None


def test_what_somebody_leaves_comes_to_the_others(records: Records) -> None:
    take(records, ana("2026-02-01T09:00:00Z"), 3)
    assert take(records, ben("2026-02-01T09:09:59Z"), 3) == []
    assert claim(records, ana("2026-02-01T09:09:59Z"), "r2"), "it is on her screen still"
    assert names(take(records, ben("2026-02-01T09:10:01Z"), 3)) == ["r1", "r0"]
    assert {c.review_id: c.by for c in records.query(Claim).rows} == {
        "r2": "ana",
        "r1": "ben",
        "r0": "ben",
    }


def test_what_came_since_does_not_push_away_what_is_before_one(records: Records) -> None:
    assert names(take(records, ana(), 1)) == ["r2"]
    newer = msgspec.structs.replace(
        records.get(ReviewItem, "r0"), review_id="r9", at="2026-01-09T00:00:00Z"
    )
    records.add(newer)
    assert names(take(records, ana(), 2)) == ["r2", "r9"]


def test_who_only_looks_in_has_it_for_a_minute(records: Records) -> None:
    passing = Reviewing(by="a watch", at="2026-02-01T09:00:00Z", lasting=LOOKED_IN)
    take(records, passing, 3)
    assert take(records, ana("2026-02-01T09:00:59Z"), 3) == []
    assert names(take(records, ana("2026-02-01T09:01:01Z"), 3)) == ["r2", "r1", "r0"]
