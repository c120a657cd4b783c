from __future__ import annotations

import threading
from typing import Any

import msgspec
import pytest

from northloop.core.desk import ActKind, Case, CaseState, Delivery, DeskAct
from northloop.core.errors import InputError, NorthloopError, NotFound, Overtaken
from northloop.core.ids import Hash
from northloop.core.interaction import (
    ApprovedAnswer,
    HandoffReason,
    Interaction,
    Origin,
    Rejection,
    ReviewItem,
    Source,
    Verdict,
    VerdictKind,
)
from northloop.core.question import words_of
from northloop.loop.journal import InteractionJournal
from northloop.ports.stores import Records
from northloop.stages.monitoring import desk
from northloop.stages.monitoring.decided import Decided
from northloop.stages.monitoring.desk import Wanted, act
from northloop.stages.monitoring.forget import forget
from northloop.stages.monitoring.sampling import ReviewBudget
from northloop.testing.records import MemoryRecords
from usual import usual_interaction

AT = "2026-11-02T00:00:00Z"
DRAFT = "Within 45 days."


def handed(number: int, conversation: str, **changes: object) -> Interaction:
    asked = f"How long can I return tent {number}?"
    kept = usual_interaction(
        interaction_id=f"i{number}",
        conversation_id=conversation,
        customer_id="ada",
        tenant="north",
        release=Hash("r" * 64),
        at=f"2026-11-01T00:{number:02}:00Z",
        question=asked,
        answer="A colleague will reply.",
        source=Source.HANDOFF,
        confidence=0.0,
        handoff=HandoffReason.NOT_CERTIFIED,
        draft=DRAFT,
        asked=words_of(asked),
        turn=1,
        treatment="quote",
        sure=0.9,
    )
    return msgspec.structs.replace(kept, **changes)


def answered(number: int, conversation: str) -> Interaction:
    return handed(number, conversation, source=Source.APPROVED, handoff=None, draft="")


def keep(records: Records, *interactions: Interaction) -> None:
    journal = InteractionJournal(records, ReviewBudget())
    for interaction in interactions:
        journal.keep(interaction)


def do(records: Records, name: str, kind: ActKind, text: str = "", **more: Any) -> desk.Done:
    wanted = Wanted(interaction_id=name, kind=kind, text=text, **more)
    return act(records, wanted, AT, tell=False)


def test_conversations_wait_in_the_order_they_were_handed_over(records: Records) -> None:
    keep(records, answered(1, "a"), handed(2, "b"), handed(3, "a"), handed(4, "b"), handed(5, "c"))
    page = desk.queue(records, limit=2)
    assert [(c.conversation_id, c.since[-6:-4]) for c in page.rows] == [("b", "02"), ("a", "03")]
    assert [c.interaction_id for c in page.rows] == ["i4", "i3"], "b waits with its newest"
    assert [c.interaction_id for c in desk.queue(records, page.last, 2).rows] == ["i5"]
    assert desk.left(records) == 3
    do(records, "i4", ActKind.SENT)
    keep(records, handed(6, "b"))
    assert [c.interaction_id for c in desk.queue(records).rows] == ["i3", "i5", "i6"]


def test_what_is_kept_together_waits_as_what_is_kept_one_by_one(records: Records) -> None:
    first = [handed(1, "a"), handed(2, "b"), handed(3, "c")]
    then = [
        *(answered(4, "a"), handed(5, "d"), answered(6, "b"), answered(7, "d"), answered(8, "e")),
        *(handed(9, "b"), handed(10, "c"), handed(11, "d"), handed(12, "f"), answered(13, "f")),
    ]
    other = MemoryRecords()
    for store in (records, other):
        keep(store, *first)
        do(store, "i2", ActKind.SENT)
    keep(records, *then)
    InteractionJournal(other, ReviewBudget()).keep_all(then)
    assert other.query(Case).rows == records.query(Case).rows
    order = [case.conversation_id for case in desk.queue(records).rows]
    assert order == ["a", "c", "d", "b", "f"]
    assert [case.interaction_id for case in desk.queue(other).rows] == [
        *("i4", "i10", "i11", "i9", "i13")
    ]


def test_what_the_team_tries_waits_for_nobody(records: Records) -> None:
    keep(records, handed(1, "a", origin=Origin.PLAYGROUND), answered(2, "b"))
    assert desk.left(records) == 0
    with pytest.raises(NotFound):
        do(records, "i2", ActKind.CLOSED)


def test_the_same_name_under_another_tenant_is_another_conversation(records: Records) -> None:
    keep(records, handed(1, "a"), handed(2, "a", tenant="south"))
    do(records, "i1", ActKind.SENT)
    assert [c.tenant for c in desk.queue(records).rows] == ["south"]


def test_a_draft_that_is_sent_was_right(records: Records) -> None:
    keep(records, handed(1, "a"))
    done = do(records, "i1", ActKind.SENT, agent="ana")
    assert (done.act.text, done.act.agent, done.act.since) == (DRAFT, "ana", handed(1, "").at)
    assert done.verdict is not None
    assert (done.verdict.kind, done.verdict.reviewer) == (VerdictKind.CORRECT, "ana")
    assert [a.answer for a in records.query(ApprovedAnswer).rows] == [DRAFT]
    assert [d.right for d in records.query(Decided).rows] == [True]
    assert records.query(ReviewItem, {"judged": 0}).rows == []
    (case,) = records.query(Case).rows
    assert (case.state, case.since, case.touched_at) == (CaseState.ANSWERED, AT, AT)


def test_a_draft_that_is_edited_was_wrong_and_the_edit_is_served(records: Records) -> None:
    keep(records, handed(1, "a"))
    text = "Dear Ada, within 30 days."
    done = do(records, "i1", ActKind.EDITED, text, correction="Dear [NAME], within 30 days.")
    assert done.act.text == text, "the customer reads it as it was written"
    (verdict,) = records.query(Verdict).rows
    assert (verdict.kind, verdict.correction) == (
        VerdictKind.INCORRECT,
        "Dear [NAME], within 30 days.",
    )
    assert records.count(ApprovedAnswer) == 0, "it speaks of somebody"
    assert [r.answer for r in records.query(Rejection).rows] == [DRAFT]
    keep(records, handed(2, "b"))
    do(records, "i2", ActKind.EDITED, "Within 30 days.", correction="Within 30 days.")
    assert [a.answer for a in records.query(ApprovedAnswer).rows] == ["Within 30 days."]


def test_what_leaves_out_a_figure_is_no_rewording(records: Records) -> None:
    keep(records, handed(1, "a", draft="Within 45 days, to [ORDER]."))
    right = {"was_right": True}
    with pytest.raises(InputError, match="the draft says 45 and your text does not"):
        do(records, "i1", ActKind.EDITED, "Of course, you can.", **right)
    done = do(records, "i1", ActKind.EDITED, "Of course, you have 45 days for it.", **right)
    assert done.verdict is not None and done.verdict.kind is VerdictKind.CORRECT


def test_an_edit_that_changes_nothing_that_counts_was_right(records: Records) -> None:
    keep(records, handed(1, "a"))
    done = do(records, "i1", ActKind.EDITED, "within  45 days!", correction="within  45 days!")
    assert done.act.text == "within  45 days!"
    assert done.verdict is not None and done.verdict.kind is VerdictKind.CORRECT


FILLED = "Hello [NAME:3f2a91], your order [ORDER] leaves today. Track [ORDER] here: [URL]"


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        (
            "Hello Ada Grün, your order 123-456 leaves today. Track 123-456 here: a.eu/t?x=1",
            VerdictKind.CORRECT,
        ),
        (
            "hello Dr. Grün de la Cruz, your order “A1234” leaves  today. Track A1234 here: a.eu/t",
            VerdictKind.CORRECT,
        ),
        (
            "Hello Ada, your order 123456 leaves tomorrow. Track 123456 here: a.eu/t",
            VerdictKind.INCORRECT,
        ),
        (
            "Hello Ada, your order 123456 leaves today. Track 654321 here: a.eu/t",
            VerdictKind.INCORRECT,
        ),
        ("Hello Ada. Not yet. Your order 1 leaves today.", VerdictKind.INCORRECT),
        (
            "Hello Ada. I am sorry, your order 123456 leaves today. Track 123456 here: a.eu/t",
            VerdictKind.INCORRECT,
        ),
        (
            "Hello Ada, your order 123456 leaves today. Track 123456 here: a.eu/t. Or by May.",
            VerdictKind.INCORRECT,
        ),
        (
            "Hello Ada, your order never 123456 leaves today. Track 123456 here: a.eu/t",
            VerdictKind.INCORRECT,
        ),
        (
            "Hello Ada, your orders 123456 leaves today. Track 123456 here: a.eu/t",
            VerdictKind.INCORRECT,
        ),
    ],
)
def test_to_put_in_what_was_redacted_changes_nothing(
    records: Records, text: str, kind: VerdictKind
) -> None:
    keep(records, handed(1, "a", draft=FILLED))
    done = do(records, "i1", ActKind.EDITED, text, correction="as redacted")
    assert done.act.text == text
    assert done.verdict is not None and done.verdict.kind is kind
    assert bool(done.verdict.correction) is (kind is VerdictKind.INCORRECT)


@pytest.mark.parametrize(
    ("draft", "text"),
    [
        ("Your balance is [AMOUNT].", "Your balance is not 20."),
        ("Your balance is [AMOUNT].", "Your balance is NOT 20."),
        ("The refund is [AMOUNT].", "The refund isn't 20 euros."),
        ("We shipped it to [ADDRESS]", "We shipped it to you on Monday but it was sent back to us"),
        ("You can return [ITEM] within 30 days", "You can return shoes, not worn, within 30 days"),
        ("re[ORDER]", "reordered 12"),
    ],
)
def test_a_draft_that_says_something_else_now_was_wrong(
    records: Records, draft: str, text: str
) -> None:
    keep(records, handed(1, "a", draft=draft))
    done = do(records, "i1", ActKind.EDITED, text, correction="as redacted")
    assert done.verdict is not None and done.verdict.kind is VerdictKind.INCORRECT


def test_an_edit_that_never_fits_is_told_in_no_time(records: Records) -> None:
    draft = " ".join(f"[NAME:{n:02}] and [ORDER:{n:02}] go" for n in range(60))
    keep(records, handed(1, "a", draft=draft))
    done = do(records, "i1", ActKind.EDITED, "x and y go " * 300 + "nowhere", correction="x")
    assert done.verdict is not None and done.verdict.kind is VerdictKind.INCORRECT


@pytest.mark.parametrize(
    ("kind", "text", "correction", "approved", "state"),
    [
        (ActKind.CLOSED, "", "", [], CaseState.CLOSED),
        (ActKind.WRITTEN, "I have sent you a label.", "", [], CaseState.ANSWERED),
        (ActKind.WRITTEN, "By May.", "By May.", ["By May."], CaseState.ANSWERED),
    ],
)
def test_a_draft_that_is_discarded_was_wrong(
    records: Records,
    kind: ActKind,
    text: str,
    correction: str,
    approved: list[str],
    state: CaseState,
) -> None:
    keep(records, handed(1, "a"))
    done = do(records, "i1", kind, text, correction=correction)
    assert done.act.text == text
    assert done.verdict is not None and done.verdict.kind is VerdictKind.INCORRECT
    assert [a.answer for a in records.query(ApprovedAnswer).rows] == approved
    assert [r.answer for r in records.query(Rejection).rows] == [DRAFT]
    assert records.query(Case).rows[0].state is state


def test_what_was_not_drawn_teaches_without_a_made_up_probability(records: Records) -> None:
    failed = {"handoff": HandoffReason.NOT_GROUNDED}
    keep(records, handed(1, "a", **failed), handed(2, "b", draft="", **failed))
    drawn = records.query(ReviewItem).rows
    do(records, "i1", ActKind.EDITED, "By May.", correction="By May.")
    do(records, "i2", ActKind.WRITTEN, "By June.", correction="By June.")
    assert {a.answer for a in records.query(ApprovedAnswer).rows} == {"By May.", "By June."}
    assert [r.answer for r in records.query(Rejection).rows] == [DRAFT]
    assert records.query(ReviewItem).rows == drawn == []
    assert records.count(Decided) == 0, "what the check refused decides nothing of what is sent"


def test_a_plain_hand_off_is_judged_only_by_who_says_what_was_missing(records: Records) -> None:
    human = {"handoff": HandoffReason.ASKED_FOR_HUMAN, "draft": ""}
    keep(records, handed(1, "a", draft=""), handed(2, "b", **human))
    assert do(records, "i1", ActKind.WRITTEN, "I look into it.").verdict is None
    assert do(records, "i2", ActKind.WRITTEN, "Here I am.", correction="Here I am.").verdict is None
    assert records.count(Verdict) == 0


@pytest.mark.parametrize("later", [handed(2, "a", draft=""), answered(2, "a")])
def test_a_draft_lapses_when_the_customer_writes_again(
    records: Records, later: Interaction
) -> None:
    keep(records, handed(1, "a"), later)
    for kind in (ActKind.SENT, ActKind.EDITED, ActKind.WRITTEN, ActKind.CLOSED):
        with pytest.raises(Overtaken, match=r"written again.*waits with i2"):
            do(records, "i1", kind, "By May.")
    with pytest.raises(InputError, match="no draft"):
        do(records, "i2", ActKind.SENT)
    assert records.count(DeskAct) == records.count(Verdict) == 0
    assert do(records, "i2", ActKind.WRITTEN, "By May.").act.text == "By May."
    still = [item.interaction_id for item in records.query(ReviewItem, {"judged": 0}).rows]
    assert still == ["i1"], "its review waits as it was drawn"


def test_the_second_agent_is_told_and_nothing_is_sent_twice(records: Records) -> None:
    keep(records, handed(1, "a"))
    begin, errors = threading.Barrier(6), list[NorthloopError]()

    def try_it(agent: str) -> None:
        begin.wait()
        try:
            wanted = Wanted(interaction_id="i1", kind=ActKind.SENT, agent=agent)
            act(records, wanted, AT, tell=True)
        except NorthloopError as error:
            errors.append(error)

    threads = [threading.Thread(target=try_it, args=(name,)) for name in "abcdef"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    (only,) = records.query(DeskAct).rows
    assert len(errors) == 5 and {type(error) for error in errors} == {Overtaken}
    assert f"{only.agent} has sent the draft already" in str(errors[0])
    assert records.count(Delivery) == records.count(Verdict) == 1


def test_what_cannot_be_sent_changes_nothing(records: Records) -> None:
    keep(records, handed(1, "a", draft="Your order [ORDER:0a1b] is on its way."))
    for kind, text in (
        (ActKind.SENT, ""),
        (ActKind.EDITED, "Dear [NAME], soon."),
        (ActKind.EDITED, "  "),
        (ActKind.WRITTEN, ""),
    ):
        with pytest.raises(InputError):
            do(records, "i1", kind, text)
    assert records.count(DeskAct) == records.count(Verdict) == 0
    assert desk.left(records) == 1


def test_a_correction_that_cannot_be_kept_keeps_the_reply_back_too(
    records: Records, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep(records, handed(1, "a"))

    def broken(*_: object) -> None:
        raise InputError("the disk is full")

    monkeypatch.setattr("northloop.stages.monitoring.desk.submit", broken)
    with pytest.raises(InputError):
        do(records, "i1", ActKind.SENT)
    assert records.count(DeskAct) == 0 and desk.left(records) == 1


def test_a_conversation_is_told_with_what_agents_sent(records: Records) -> None:
    keep(records, handed(1, "a"), answered(2, "a"))
    do(records, "i2", ActKind.WRITTEN, "By May.", agent="ana")
    said = desk.conversation(records.query(Interaction).rows, records.query(DeskAct).rows)
    assert [(s.role, s.by, s.content) for s in said] == [
        ("user", "customer", handed(1, "").question),
        ("assistant", "northloop", "A colleague will reply."),
        ("user", "customer", handed(2, "").question),
        ("assistant", "northloop", "A colleague will reply."),
        ("assistant", "agent", "By May."),
    ]


def test_a_question_back_is_told_as_one_and_waits_for_nobody(records: Records) -> None:
    back = msgspec.structs.replace(handed(1, "a"), source=Source.ASKED_BACK, handoff=None, draft="")
    keep(records, back)
    assert desk.left(records) == 0
    said = desk.conversation(records.query(Interaction).rows, [])
    assert [(s.by, s.asked_back) for s in said] == [("customer", False), ("northloop", True)]


def test_the_first_touch_of_a_conversation_stays(records: Records) -> None:
    keep(records, handed(1, "a"))
    do(records, "i1", ActKind.SENT)
    keep(records, handed(2, "a"))
    act(records, Wanted(interaction_id="i2", kind=ActKind.CLOSED), "2026-11-03", tell=False)
    (case,) = records.query(Case).rows
    assert (case.touched_at, case.since, case.state) == (AT, "2026-11-03", CaseState.CLOSED)
    assert [a.since for a in records.query(DeskAct).rows] == [handed(n, "").at for n in (1, 2)]


def test_whoever_is_forgotten_leaves_nothing_at_the_desk(records: Records) -> None:
    keep(records, handed(1, "a"), handed(2, "b", customer_id="ben"), handed(3, "c"))
    for name in ("i1", "i2"):
        act(records, Wanted(interaction_id=name, kind=ActKind.SENT), AT, tell=True)
    removed = forget(records, "north", "ada")
    assert (removed["Case"], removed["DeskAct"], removed["Delivery"]) == (2, 1, 1)
    assert [case.conversation_id for case in records.query(Case).rows] == ["b"]
    assert records.count(DeskAct) == records.count(Delivery) == 1


def test_what_was_asked_without_a_name_in_their_conversation_goes_too(records: Records) -> None:
    keep(records, handed(1, "a"), handed(2, "a", customer_id=""))
    keep(records, handed(3, "b"), handed(4, "b", customer_id=""), handed(5, "b", customer_id="ben"))
    act(records, Wanted(interaction_id="i2", kind=ActKind.SENT), AT, tell=True)
    removed = forget(records, "north", "ada")
    assert removed["Interaction"] == 3
    assert [i.interaction_id for i in records.query(Interaction).rows] == ["i4", "i5"]
    assert records.count(DeskAct) == records.count(Delivery) == 0
    assert [case.conversation_id for case in records.query(Case).rows] == ["b"]


def test_a_conversation_whose_answer_is_not_given_again_waits(records: Records) -> None:
    said = msgspec.structs.replace(handed(1, "a"), handoff=None, source=Source.QUOTE, draft="")
    keep(records, said)
    assert records.count(Case) == 0
    again = msgspec.structs.replace(said, handoff=HandoffReason.REJECTED, source=Source.HANDOFF)
    for at in ("2026-11-03", "2026-11-04"):
        desk.wait_again(records, again, at)
        (case,) = records.query(Case).rows
        assert (case.state, case.since) == (CaseState.WAITING, "2026-11-03")
    act(records, Wanted(interaction_id="i1", kind=ActKind.WRITTEN, text="No."), AT, tell=False)
    (case,) = records.query(Case).rows
    assert case.state is CaseState.ANSWERED
