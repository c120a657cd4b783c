from __future__ import annotations

from datetime import UTC, datetime, timedelta

import msgspec

from northloop.core.clock import stamp
from northloop.core.contact import Contact, End, Ended, Lot
from northloop.core.desk import ActKind, DeskAct
from northloop.core.ids import Hash
from northloop.core.interaction import (
    Feedback,
    Gone,
    HandoffReason,
    Interaction,
    Origin,
    Outcome,
    Source,
)
from northloop.loop.journal import InteractionJournal
from northloop.stages.monitoring import tally
from northloop.stages.monitoring.forget import Forgetting, forget
from northloop.stages.monitoring.ledger import ended
from northloop.stages.monitoring.sampling import ReviewBudget
from northloop.testing.records import MemoryRecords
from usual import usual_interaction

MONDAY = datetime(2026, 11, 2, 9, tzinfo=UTC)
LATER = MONDAY + timedelta(days=30)
RELEASE = Hash("r" * 64)


def after(**time: float) -> str:
    return stamp(MONDAY + timedelta(**time))


def asked(name: str, at: str, **changes: object) -> Interaction:
    kept = usual_interaction(
        interaction_id=name,
        conversation_id=f"c-{name}",
        customer_id="ada",
        tenant="north",
        release=RELEASE,
        at=at,
        question=f"Where is parcel {name}?",
        answer="On its way.",
        source=Source.QUOTE,
        confidence=0.9,
        held_out=0.1,
    )
    return msgspec.structs.replace(kept, **changes)


def handed(name: str, at: str, **changes: object) -> Interaction:
    to_a_person = {"source": Source.HANDOFF, "handoff": HandoffReason.NOT_CONFIDENT}
    return asked(name, at, **{**to_a_person, **changes})


def held_out(name: str, at: str, **changes: object) -> Interaction:
    return handed(name, at, **{"handoff": HandoffReason.HELD_OUT, **changes})


def outcome(of: str, at: str, **changes: object) -> Outcome:
    said = Outcome(
        outcome_id=f"o-{of}-{at}", conversation_id=f"c-{of}", at=at, resolved=True, tenant="north"
    )
    return msgspec.structs.replace(said, **changes)


def did(
    of: str, at: str, kind: ActKind = ActKind.WRITTEN, conversation_id: str | None = None
) -> DeskAct:
    return DeskAct(
        act_id=f"a-{of}",
        tenant="north",
        conversation_id=f"c-{of}" if conversation_id is None else conversation_id,
        interaction_id=of,
        at=at,
        since=at,
        kind=kind,
        text="",
    )


def ends(*records: msgspec.Struct, now: datetime = LATER) -> list[Ended]:
    store = MemoryRecords()
    journal = InteractionJournal(store, ReviewBudget(share=0.1))
    for record in records:
        if isinstance(record, Interaction):
            journal.keep(record)
    store.add_all([r for r in records if not isinstance(r, Interaction)])
    return ended(store, now)


def test_a_conversation_is_one_contact_however_long_it_gets() -> None:
    first = asked("1", after(hours=0))
    second = handed("2", after(hours=1), conversation_id="c-1")
    (found,) = ends(first, second)
    assert found.contact.opened_at == first.at
    assert found.contact.last_at == second.at
    assert found.contact.handed
    assert not found.contact.answered


def test_what_was_drawn_for_its_customer_is_kept_with_its_probability() -> None:
    of = {
        one.contact.customer_id: (one.contact.lot, one.contact.held_out)
        for one in ends(
            asked("1", after(), customer_id="ada"),
            held_out("2", after(), customer_id="ben"),
            asked("3", after(), customer_id="", held_out=0.0),
        )
    }
    assert of == {
        "ada": (Lot.ASSISTED, 0.1),
        "ben": (Lot.HELD_OUT, 0.1),
        "": (Lot.OUTSIDE, 0.0),
    }


def test_what_the_team_asks_is_no_contact() -> None:
    assert ends(asked("1", after(), origin=Origin.PLAYGROUND)) == []


def test_an_answer_after_which_nothing_comes_settles() -> None:
    (found,) = ends(asked("1", after(hours=2)))
    assert (found.end, found.at) == (End.SETTLED, MONDAY + timedelta(hours=2))
    assert found.handling_minutes == 0.0
    assert found.reopened is False


def test_silence_settles_nothing_before_its_time() -> None:
    (found,) = ends(asked("1", after()), now=MONDAY + timedelta(days=6))
    assert (found.end, found.at) == (End.UNKNOWN, None)


def test_silence_after_a_question_back_or_a_hand_off_settles_nothing() -> None:
    back = asked("1", after(), source=Source.ASKED_BACK)
    assert [one.end for one in ends(back, handed("2", after(), customer_id="ben"))] == [
        End.UNKNOWN,
        End.UNKNOWN,
    ]


def test_who_called_the_answer_bad_was_not_helped() -> None:
    bad = Feedback(feedback_id="f", interaction_id="1", at=after(minutes=1), rating=-1)
    (found,) = ends(asked("1", after()), bad)
    assert found.end is End.UNKNOWN


def test_who_comes_back_soon_was_not_helped_before() -> None:
    first, second = ends(asked("1", after()), asked("2", after(days=3)))
    assert (first.end, first.at) == (End.SETTLED, MONDAY + timedelta(days=3))
    assert first.reopened is True
    assert second.reopened is False


def test_who_comes_back_to_a_person_of_whom_nothing_is_known_is_not_known() -> None:
    first, _ = ends(asked("1", after()), handed("2", after(days=3)))
    assert first.end is End.UNKNOWN


def test_who_comes_back_was_not_helped_though_that_ticket_was_merged() -> None:
    """What was spam or deleted is no coming back."""
    back = asked("1", after()), handed("2", after(days=1))
    for why, end in ((Gone.MERGED, End.UNKNOWN), (Gone.SPAM, End.SETTLED)):
        first, second = ends(
            *back, outcome("2", after(days=3), resolved=False, ticket="2", gone=why)
        )
        assert (first.end, first.reopened) == (end, why is Gone.MERGED)
        assert (second.end, second.gone) == (End.GONE, why)


def test_another_customer_does_not_come_back() -> None:
    first, _ = ends(asked("1", after()), asked("2", after(days=3), tenant="south"))
    assert first.reopened is False


def test_an_agents_reply_resolves() -> None:
    (found,) = ends(handed("1", after()), did("1", after(hours=5)))
    assert (found.end, found.at) == (End.RESOLVED, MONDAY + timedelta(hours=5))
    assert found.touched_at == found.at
    assert found.handling_minutes is None


def test_a_question_after_the_reply_is_open_again() -> None:
    again = handed("2", after(hours=6), conversation_id="c-1")
    (found,) = ends(handed("1", after()), again, did("1", after(hours=5)))
    assert found.end is End.UNKNOWN


def test_closing_without_a_reply_says_nothing_of_the_end() -> None:
    (found,) = ends(handed("1", after()), did("1", after(hours=5), ActKind.CLOSED))
    assert found.end is End.UNKNOWN
    assert found.touched_at is not None


def test_a_report_counts_before_what_was_seen() -> None:
    reported = outcome("1", after(days=2), closed_at=after(hours=30), handling_minutes=12.0)
    (found,) = ends(handed("1", after()), did("1", after(hours=5)), reported)
    assert (found.end, found.at) == (End.RESOLVED, MONDAY + timedelta(hours=30))
    assert found.handling_minutes == 12.0


def test_of_several_reports_the_newest_counts() -> None:
    open_ = outcome("1", after(days=1), resolved=False)
    closed = outcome("1", after(days=2), resolution_minutes=90.0, csat=4.0, csat_asked=True)
    (found,) = ends(handed("1", after()), closed, open_)
    assert (found.end, found.at) == (End.RESOLVED, MONDAY + timedelta(minutes=90))
    assert (found.csat_asked, found.csat) == (True, 4.0)
    (found,) = ends(handed("1", after()), closed, outcome("1", after(days=3), resolved=False))
    assert (found.end, found.at) == (End.OPEN, None)
    assert found.csat == 4.0


def test_of_several_tickets_each_counts_as_it_was_told_last() -> None:
    def told(ticket: str, day: int, **changes: object) -> Outcome:
        at = after(days=day)
        return outcome("1", at, outcome_id=f"o-{ticket}-{day}", ticket=ticket, **changes)

    first = told("a", 1, closed_at=after(hours=40), handling_minutes=20.0, csat=1.0)
    second = told("b", 2, closed_at=after(hours=30), handling_minutes=9.0, csat=5.0)
    (found,) = ends(handed("1", after()), first, second)
    assert (found.end, found.at) == (End.RESOLVED, MONDAY + timedelta(hours=40))
    assert (found.handling_minutes, found.csat) == (29.0, 1.0), "the rating of what ended last"
    (found,) = ends(handed("1", after()), first, told("b", 2, resolved=False), second)
    assert found.end is End.RESOLVED
    (found,) = ends(handed("1", after()), told("a", 2, resolved=False), second)
    assert (found.end, found.handling_minutes) == (End.OPEN, None), "of one they are not known"
    whole = outcome("1", after(days=3), resolution_minutes=60.0, handling_minutes=7.0)
    (found,) = ends(handed("1", after()), told("a", 2, resolved=False), second, whole)
    assert (found.at, found.handling_minutes) == (MONDAY + timedelta(hours=1), 7.0)
    (found,) = ends(handed("1", after()), outcome("1", after(), resolved=False), first)
    assert found.end is End.RESOLVED, "what was said of the whole before says nothing more"


def test_a_ticket_closed_before_another_was_may_have_been_at_any_time() -> None:
    def told(ticket: str, **said: object) -> Outcome:
        report = outcome("1", after(days=6), **said)
        return msgspec.structs.replace(report, outcome_id=ticket, ticket=ticket)

    silent = told("a", untimed=True, told_at=after(days=2))
    (found,) = ends(handed("1", after()), silent, told("b", closed_at=after(days=3)))
    assert (found.end, found.at) == (End.RESOLVED, MONDAY + timedelta(days=3))
    (found,) = ends(handed("1", after()), silent, told("b", closed_at=after(days=1)))
    assert (found.end, found.untimed) == (End.UNKNOWN, True)


def test_a_contact_that_was_reopened_once_is_reopened() -> None:
    again = outcome("1", after(days=2), closed_at=after(days=2), reopened=True)
    (found,) = ends(handed("1", after()), outcome("1", after(days=1)), again)
    assert found.reopened is True


def test_a_report_of_another_tenant_says_nothing() -> None:
    (found,) = ends(handed("1", after()), outcome("1", after(days=1), tenant="south"))
    assert found.end is End.UNKNOWN


def test_nothing_ends_before_it_began() -> None:
    (found,) = ends(handed("1", after()), outcome("1", after(days=1), closed_at=after(days=-9)))
    assert (found.end, found.at) == (End.UNKNOWN, None)
    soon = outcome("1", after(days=1), closed_at=after(minutes=-10))
    (found,) = ends(handed("1", after()), soon)
    assert (found.end, found.at) == (End.RESOLVED, MONDAY)


def test_who_writes_after_the_case_was_closed_has_not_been_helped() -> None:
    closed = outcome("1", after(days=1), closed_at=after(hours=4))
    again = handed("2", after(days=2), conversation_id="c-1")
    (found,) = ends(handed("1", after()), again, closed)
    assert (found.end, found.going_on) == (End.UNKNOWN, MONDAY + timedelta(days=2))
    assert found.wrote_again
    answered = asked("2", after(days=2), conversation_id="c-1")
    (found,) = ends(handed("1", after()), answered, closed)
    assert (found.end, found.at) == (End.RESOLVED, MONDAY + timedelta(days=2))
    assert not found.wrote_again


def test_a_contact_that_ends_as_a_later_one_is_not_known_for_its_reason() -> None:
    later = handed("2", after(days=2), conversation_id="c-2")
    again = handed("3", after(days=5), conversation_id="c-2")
    first = outcome("1", after(days=1), closed_at=after(hours=4))
    second = msgspec.structs.replace(
        outcome("2", after(days=4), closed_at=after(days=3)), conversation_id="c-2"
    )
    found, other = ends(handed("1", after()), later, again, first, second)
    assert (other.end, other.wrote_again) == (End.UNKNOWN, True)
    assert (found.end, found.wrote_again) == (End.UNKNOWN, True)


def test_who_says_thanks_after_the_end_has_been_helped() -> None:
    closed = outcome("1", after(days=1), closed_at=after(hours=4))
    for kind in (handed, held_out):
        thanks = kind("2", after(hours=9), conversation_id="c-1", question="Thanks, that helped!")
        (found,) = ends(kind("1", after()), thanks, closed)
        assert (found.end, found.at) == (End.RESOLVED, MONDAY + timedelta(hours=4))
        assert not found.wrote_again
    thanks = handed("2", after(hours=9), conversation_id="c-1", question="Thank you!")
    (found,) = ends(asked("1", after()), thanks)
    assert (found.end, found.at) == (End.SETTLED, MONDAY)
    but = handed("2", after(hours=9), conversation_id="c-1", question="Thanks, but it is broken.")
    (found,) = ends(handed("1", after()), but, closed)
    assert (found.end, found.wrote_again) == (End.UNKNOWN, True)


def test_held_out_customers_come_back_as_others_do() -> None:
    """What one arm's returns count for, the other's do."""
    both = []
    for kind, more in ((asked, ()), (held_out, ("1", "2"))):
        reports = [outcome(n, after(days=9), closed_at=after(days=3 * (int(n) - 1))) for n in more]
        both.append(ends(kind("1", after()), kind("2", after(days=3)), *reports))
    for first, second in both:
        assert first.at == second.at == MONDAY + timedelta(days=3)
        assert (first.reopened, second.reopened) == (True, False)


def test_what_was_open_beside_it_is_no_coming_back() -> None:
    """One was handed over, another asked meanwhile; then an agent replied to the first."""
    first, second = ends(handed("1", after()), asked("2", after(days=1)), did("1", after(days=5)))
    assert (first.at, first.reopened) == (MONDAY + timedelta(days=5), False)
    assert second.at == MONDAY + timedelta(days=1)


def test_a_question_that_follows_goes_on_with_the_newest_contact() -> None:
    """The OpenAI way: the conversation is sent along, and has no id."""
    found = ends(
        asked("1", after(), conversation_id=""),
        asked("2", after(minutes=1), conversation_id="", turn=2),
        handed("3", after(minutes=2), conversation_id="", turn=3),
        did("3", after(hours=2), conversation_id=""),
        asked("4", after(minutes=1), conversation_id="", customer_id="ben", turn=1),
    )
    assert [one.contact.customer_id for one in found] == ["ada", "ben"]
    assert (found[0].end, found[0].at) == (End.RESOLVED, MONDAY + timedelta(hours=2))


def test_a_slow_answer_that_is_kept_late_does_not_turn_back_the_clock() -> None:
    quick = handed("2", after(minutes=1), conversation_id="c-1")
    (found,) = ends(quick, asked("1", after()))
    assert found.contact.opened_at == after()
    assert found.contact.last_id == "2"
    assert not found.contact.answered


def test_held_out_customers_enter_no_scorecard_and_no_review() -> None:
    store = MemoryRecords()
    journal = InteractionJournal(store, ReviewBudget(share=0.1))
    journal.keep(held_out("1", after()))
    assert tally.totals(store, RELEASE).everything == 0
    assert store.get(Interaction, "1").review_probability == 0.0


def test_a_forgotten_customer_leaves_no_contact() -> None:
    store = MemoryRecords()
    journal = InteractionJournal(store, ReviewBudget(share=0.1))
    journal.keep_all([asked("1", after()), asked("2", after(), customer_id="ben")])
    forget(store, "north", "ada")
    assert [contact.customer_id for contact in store.query(Contact).rows] == ["ben"]


def test_what_is_said_to_be_removed_is_removed_though_no_answer_is_left() -> None:
    store = MemoryRecords()
    journal = InteractionJournal(store, ReviewBudget(share=0.1))
    journal.keep(asked("1", after()))
    store.remove(Interaction, "1")
    before = store.changes(Forgetting)
    assert forget(store, "north", "ada") == {"Contact": 1}
    assert store.count(Contact) == 0
    assert store.changes(Forgetting) == before + 1
    assert forget(store, "north", "ada") == {}
    assert store.changes(Forgetting) == before + 1


def test_what_was_done_in_a_ticket_before_the_contact_is_no_touch_of_it() -> None:
    """The ticket was there before its customer asked the assistant under its id."""
    earlier = outcome("1", after(days=1), first_touch_at=after(days=-9))
    assert ends(handed("1", after()), earlier)[0].touched_at is None
    (found,) = ends(handed("1", after()), earlier, did("1", after(hours=5)))
    assert found.touched_at == MONDAY + timedelta(hours=5)
    clocks = outcome("1", after(days=1), first_touch_at=after(minutes=-2))
    assert ends(handed("1", after()), clocks)[0].touched_at == MONDAY


def test_a_first_response_is_an_answer_whoever_sends_it() -> None:
    (found,) = ends(asked("1", after()))
    assert found.responded_at is not None
    assert found.responded_at - found.opened < timedelta(minutes=1)
    (waiting,) = ends(handed("1", after()))
    assert (waiting.responded_at, waiting.unanswered) == (None, False), "a draft is not sent"
    (sent,) = ends(handed("1", after()), did("1", after(hours=5)))
    assert sent.responded_at == MONDAY + timedelta(hours=5)
    told = outcome("1", after(days=1), first_touch_at=after(hours=3))
    assert ends(handed("1", after()), told)[0].responded_at == MONDAY + timedelta(hours=3)
    (silent,) = ends(handed("1", after()), outcome("1", after(days=1), unanswered=True))
    assert (silent.responded_at, silent.unanswered) == (None, True)
