from __future__ import annotations

from typing import Any

import pytest

from northloop.adapters.embedded.sqlite_records import SqliteRecords
from northloop.core.conversation import Message
from northloop.core.errors import NotFound
from northloop.core.interaction import (
    ApprovedAnswer,
    Asking,
    HandoffReason,
    Rejection,
    ReviewItem,
    SkipReason,
    Source,
    VerdictKind,
    Withdrawal,
)
from northloop.core.question import name_of, words_of
from northloop.ports.stores import ALL, Page, Records
from northloop.stages.monitoring import rulings
from northloop.stages.monitoring.approvals import (
    ApprovalState,
    Rejections,
    approvals_page,
    disagreements,
    in_force,
    rejected,
    restore,
    withdraw,
)
from northloop.stages.monitoring.review import Judgement, submit, undo
from usual import usual_interaction

QUESTION = "May I return a tent?"
ASKED = Asking(words_of(QUESTION), QUESTION)
LATER = Asking(name_of([Message("user", "Tents?"), Message("user", QUESTION)]), QUESTION)
OTHER = Asking(name_of([Message("user", "Boots?"), Message("user", QUESTION)]), QUESTION)


def answered(records: Records, name: str, answer: str = "No.", **changed: object) -> str:
    """Keep an answer and its review item; return the item's id."""
    fields: dict[str, object] = {
        "interaction_id": name,
        "conversation_id": name,
        "question": QUESTION,
        "answer": answer,
        "confidence": 0.6,
        "asked": ASKED.asked,
    }
    records.add(usual_interaction(**{**fields, **changed}))
    item = ReviewItem(
        review_id=f"review {name}", interaction_id=name, at="", probability=0.1, uniform=True
    )
    records.add(item)
    return item.review_id


def judge(
    records: Records, review_id: str, kind: VerdictKind, correction: str = "", by: str = "ana"
) -> str:
    """Return the verdict's id; each verdict is given a minute after the one before."""
    given = Judgement(review_id=review_id, kind=kind, correction=correction, reviewer=by)
    minute = records.count(Rejection) + records.count(ApprovedAnswer)
    return submit(records, given, f"2026-02-01T09:{minute:02}:00Z").verdict_id


def states(records: Records) -> dict[str, ApprovalState]:
    return {a.answer.answer: a.state for a in approvals_page(records).rows}


@pytest.mark.parametrize("kind", [VerdictKind.INCORRECT, VerdictKind.NEEDS_REPHRASING])
def test_what_was_not_judged_correct_is_rejected(records: Records, kind: VerdictKind) -> None:
    verdict = judge(records, answered(records, "a"), kind, "Within 30 days.")
    assert rejected(records, ASKED, "no")
    assert not rejected(records, ASKED, "Not at all.")
    assert not rejected(records, Asking(words_of("Shops?"), "Shops?"), "No.")
    undo(records, verdict)
    assert not rejected(records, ASKED, "No.")


def test_who_asks_it_of_every_answer_asks_the_store_about_few(
    records: Records, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[object] = []
    query = SqliteRecords.query

    def noting(self: SqliteRecords, type_: type, where: Any = ALL, **more: Any) -> Page[Any]:
        asked.extend(where.values())
        return query(self, type_, where, **more)

    monkeypatch.setattr(SqliteRecords, "query", noting)
    follows = Rejections(records)
    assert not follows(ASKED, "No.", "")
    verdict = judge(records, answered(records, "a"), VerdictKind.INCORRECT, "Within 30 days.")
    for _ in range(2):
        assert follows(ASKED, "no", "")
        assert follows(LATER, "No.", "")
        assert not follows(ASKED, "No.", "2027-01-01")
        assert not follows(ASKED, "Not at all.", "")
        follows.let_go()
    asked.clear()
    assert not follows(Asking(words_of("Shops?"), "Shops?"), "No.", "")
    assert asked == [], "nobody judged an answer to this"
    others = [answered(records, f"b{n}", question=f"Shops {n}?") for n in range(3)]
    for other in others:
        judge(records, other, VerdictKind.INCORRECT)
    assert follows(Asking(words_of("Shops 2?"), "Shops 2?"), "No.", "")
    undo(records, verdict)
    assert not follows(ASKED, "No.", "")


def test_who_forgets_meanwhile_takes_no_rejection_along(records: Records) -> None:
    """Each look goes on from what it has read itself."""
    judge(records, answered(records, "a"), VerdictKind.INCORRECT)
    follows = Rejections(records)
    assert follows(ASKED, "No.", "")

    judge(records, answered(records, "b", question="Shops?"), VerdictKind.INCORRECT)
    as_it_is = records.query

    def query(*given: Any, **more: Any) -> Page[Any]:
        page = as_it_is(*given, **more)
        follows.let_go()
        return page

    records.query = query  # type: ignore[method-assign]
    assert follows(Asking(words_of("Shops?"), "Shops?"), "No.", "")
    records.query = as_it_is  # type: ignore[method-assign]
    assert follows(ASKED, "No.", "")


def test_correct_answers_skips_and_hand_offs_reject_nothing(records: Records) -> None:
    judge(records, answered(records, "a"), VerdictKind.CORRECT)
    handed = answered(records, "b", "A colleague replies.", source=Source.HANDOFF)
    judge(records, handed, VerdictKind.INCORRECT)
    skip = Judgement(
        review_id=answered(records, "c"),
        kind=VerdictKind.INCORRECT,
        reviewer="ana",
        skip=SkipReason.OTHER,
    )
    submit(records, skip, "2026-02-01T09:00:00Z")
    assert records.count(Rejection) == 0


def test_an_older_record_of_a_first_question_is_rejected_too(records: Records) -> None:
    judge(records, answered(records, "old", asked=""), VerdictKind.INCORRECT)
    assert rejected(records, ASKED, "No.")


def test_a_withdrawn_answer_is_listed_and_can_be_served_again(records: Records) -> None:
    judge(records, answered(records, "a"), VerdictKind.INCORRECT, "Within 30 days.")
    (approved,) = in_force(records)
    assert states(records) == {"Within 30 days.": ApprovalState.SERVED}
    for _ in range(2):
        assert withdraw(records, approved.approved_id, "ben", "2026-02-02") == approved
    assert in_force(records) == []
    (listed,) = approvals_page(records).rows
    assert (listed.state, listed.withdrawn_by, listed.reviewer) == ("withdrawn", "ben", "ana")
    restore(records, approved.approved_id)
    assert in_force(records) == [approved]
    for act in (lambda: withdraw(records, "x", "", ""), lambda: restore(records, "x")):
        with pytest.raises(NotFound):
            act()


def test_a_new_correction_is_not_withdrawn_with_the_old_one(records: Records) -> None:
    review = answered(records, "a")
    judge(records, review, VerdictKind.INCORRECT, "Within 30 days.")
    withdraw(records, in_force(records)[0].approved_id, "ben", "2026-02-02")
    judge(records, review, VerdictKind.INCORRECT, "Within 30 days.")
    assert in_force(records) == [], "the same judgement again is no new word"
    judge(records, review, VerdictKind.INCORRECT, "Within 45 days.")
    assert [a.answer for a in in_force(records)] == ["Within 45 days."]
    assert records.count(Withdrawal) == 0


def test_two_reviewers_corrections_stand_beside_each_other(records: Records) -> None:
    review = answered(records, "a")
    judge(records, review, VerdictKind.INCORRECT, "Within 30 days.", by="ana")
    judge(records, review, VerdictKind.INCORRECT, "Within 45 days.", by="ben")
    newest, older = approvals_page(records).rows
    assert (newest.state, newest.rivals) == (ApprovalState.SERVED, ("Within 30 days.",))
    assert (older.state, older.rivals) == (ApprovalState.REPLACED, ("Within 45 days.",))
    withdraw(records, newest.answer.approved_id, "", "2026-02-02")
    assert states(records)["Within 30 days."] is ApprovalState.SERVED
    assert all(a.rivals == () for a in approvals_page(records).rows)


def test_an_approved_answer_that_was_judged_wrong_is_served_no_more(records: Records) -> None:
    judge(records, answered(records, "a"), VerdictKind.INCORRECT, "Within 30 days.")
    served = answered(records, "b", "Within 30 days.", source=Source.APPROVED)
    judge(records, served, VerdictKind.INCORRECT, by="ben")
    assert states(records) == {"Within 30 days.": ApprovalState.REJECTED}
    again = answered(records, "c", "Never.")
    judge(records, again, VerdictKind.INCORRECT, "Within 30 days.", by="eva")
    assert approvals_page(records).rows[0].state is ApprovalState.SERVED, (
        "approved anew, after that"
    )


def test_reviewers_who_disagree_are_shown(records: Records) -> None:
    same = answered(records, "a")
    judge(records, same, VerdictKind.INCORRECT, by="ana")
    judge(records, same, VerdictKind.INCORRECT, "Yes.", by="ben")
    assert disagreements(records) == []
    other = answered(records, "b", "Perhaps.")
    judge(records, other, VerdictKind.CORRECT, by="ana")
    verdict = judge(records, other, VerdictKind.INCORRECT, by="ben")
    (found,) = disagreements(records)
    assert found.interaction.interaction_id == "b"
    assert [v.reviewer for v in found.verdicts] == ["ana", "ben"]
    undo(records, verdict)
    assert disagreements(records) == []


def test_words_that_were_answered_wrong_first_are_answered_wrong_in_any_conversation(
    records: Records,
) -> None:
    judge(records, answered(records, "a"), VerdictKind.INCORRECT)
    assert rejected(records, LATER, "No.")
    assert rejected(records, OTHER, "No.")


def test_what_was_wrong_in_one_conversation_may_be_right_in_another(records: Records) -> None:
    judge(records, answered(records, "a", asked=LATER.asked), VerdictKind.INCORRECT)
    assert rejected(records, LATER, "No.")
    assert rejected(records, ASKED, "No."), "alone the words mean no more than there"
    assert not rejected(records, OTHER, "No.")


def test_what_was_held_back_and_judged_wrong_is_rejected(records: Records) -> None:
    held = {"source": Source.HANDOFF, "handoff": HandoffReason.NOT_CONFIDENT}
    wrong = answered(records, "a", "A colleague replies.", draft="Never.", **held)
    judge(records, wrong, VerdictKind.INCORRECT, "Within 45 days.")
    assert rejected(records, ASKED, "Never.")
    assert not rejected(records, ASKED, "A colleague replies.")
    right = answered(records, "b", "A colleague replies.", draft="Within 30 days.", **held)
    judge(records, right, VerdictKind.INCORRECT, "Within 30 days.")
    assert not rejected(records, ASKED, "Within 30 days."), "it should have been sent"


def test_another_reason_brings_nothing_back(records: Records) -> None:
    review = answered(records, "a")
    judge(records, review, VerdictKind.INCORRECT, "Within 30 days.")
    (approved,) = in_force(records)
    withdraw(records, approved.approved_id, "ben", "2026-02-02")
    given = Judgement(
        review_id=review,
        kind=VerdictKind.INCORRECT,
        correction="Within 30 days.",
        reason="45 is outdated",
        reviewer="ana",
    )
    assert submit(records, given, "2026-03-01T00:00:00Z").reason == "45 is outdated"
    assert in_force(records) == []
    assert records.query(ApprovedAnswer).rows == [approved]


def test_reviewers_of_the_same_answer_given_twice_disagree_too(records: Records) -> None:
    judge(records, answered(records, "a"), VerdictKind.CORRECT, by="ana")
    judge(records, answered(records, "b"), VerdictKind.INCORRECT, by="ben")
    (found,) = disagreements(records)
    assert [v.reviewer for v in found.verdicts] == ["ana", "ben"]


def test_a_draft_that_somebody_found_wrong_is_not_approved_by_who_sends_it(
    records: Records,
) -> None:
    draft = {"source": Source.HANDOFF, "handoff": HandoffReason.NOT_CERTIFIED, "draft": "No."}
    first, second = (answered(records, name, "Wait.", **draft) for name in ("a", "b"))
    wrong = judge(records, first, VerdictKind.INCORRECT, "Within 30 days.")
    judge(records, second, VerdictKind.CORRECT, by="ben")
    assert states(records) == {"Within 30 days.": ApprovalState.SERVED}
    assert len(disagreements(records)) == 1
    right = Judgement(review_id=first, kind=VerdictKind.CORRECT, reviewer="dora")
    ruling = rulings.rule(records, right, "2026-02-02T09:00:00Z")
    assert {*states(records)} == {"No."}
    rulings.take_back(records, ruling.verdict_id)
    assert states(records) == {"Within 30 days.": ApprovalState.SERVED}
    undo(records, wrong)
    assert states(records) == {"No.": ApprovalState.SERVED}
