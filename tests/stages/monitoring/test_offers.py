"""What agents send of what they are offered, told by its words and counted by release."""

from __future__ import annotations

import threading

import msgspec
import pytest

from northloop.core.desk import ActKind, DeskAct, Taken, Took
from northloop.core.errors import Overtaken
from northloop.core.ids import Hash
from northloop.core.interaction import HandoffReason, Interaction, Source
from northloop.core.question import words_of
from northloop.core.tally import ClusterSums
from northloop.core.treatment import Treatment
from northloop.loop.journal import InteractionJournal
from northloop.ports.stores import Records
from northloop.stages.monitoring import offers, scorecard
from northloop.stages.monitoring.desk import Wanted, act
from northloop.stages.monitoring.filled_in import says_the_same
from northloop.stages.monitoring.forget import forget
from northloop.stages.monitoring.offers import Offer, Offered
from northloop.stages.monitoring.sampling import ReviewBudget
from northloop.stages.serving.policy import OFFERED
from usual import usual_interaction

AT = "2026-11-02T00:00:00Z"
RELEASE = Hash("r" * 64)
DRAFT = "You can return the tent within 45 days of delivery. The label is free."
FIRST = "Sale items can be exchanged in the shop only. Bring the bill with you."
SECOND = "Hello [NAME], a colleague has replied to your order [ORDER] by mail."
SHOWN = (
    Offer(text=FIRST, treatment=Treatment.QUOTE, place=1),
    Offer(text=SECOND, treatment=Treatment.MEMORY, place=2),
)


def handed(number: int, **changes: object) -> Interaction:
    asked = f"How long can I return tent {number}?"
    kept = usual_interaction(
        interaction_id=f"i{number}",
        conversation_id=f"c{number}",
        customer_id=f"ada{number}",
        tenant="north",
        release=RELEASE,
        at=f"2026-11-01T00:00:{number:02}Z",
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


def waits(records: Records, number: int, **changes: object) -> Interaction:
    kept = handed(number, **changes)
    InteractionJournal(records, ReviewBudget()).keep(kept)
    return kept


def show(records: Records, kept: Interaction, *shown: Offer) -> None:
    offers.show(records, kept, shown)


def do(records: Records, number: int, kind: ActKind, text: str = "", **more: object) -> Taken:
    wanted = Wanted(interaction_id=f"i{number}", kind=kind, text=text, agent="ana")
    done = act(records, msgspec.structs.replace(wanted, **more), AT, tell=False)
    assert done.act.taken is not None
    return done.act.taken


@pytest.mark.parametrize(
    ("kind", "text", "what", "place"),
    [
        (ActKind.SENT, "", Took.DRAFT, 0),
        (ActKind.EDITED, f"  {DRAFT.upper()}", Took.DRAFT, 0),
        (ActKind.EDITED, FIRST, Took.OFFER_1, 1),
        (ActKind.WRITTEN, FIRST.replace(". ", ".\n\n"), Took.OFFER_1, 1),
        (
            ActKind.EDITED,
            "Hello Ada, a colleague has replied to your order 1234 by mail.",
            Took.OFFER_2,
            2,
        ),
        (ActKind.EDITED, f"{FIRST} Do you want a label?", Took.EDITED_OFFER, 1),
        (ActKind.WRITTEN, f"{DRAFT} Do you want it?", Took.EDITED_DRAFT, 0),
        (ActKind.EDITED, "I call you at noon.", Took.OWN, 0),
        (ActKind.WRITTEN, "I call you at noon.", Took.OWN, 0),
        (ActKind.CLOSED, "", Took.NOTHING, 0),
    ],
)
def test_the_words_tell_what_was_taken(
    records: Records, kind: ActKind, text: str, what: Took, place: int
) -> None:
    show(records, waits(records, 1), *SHOWN)
    found = do(records, 1, kind, text)
    treatment = SHOWN[place - 1].treatment.value if place else ""
    wanted = Taken(what=what, drafted=True, offered=2, place=place, treatment=treatment)
    assert found == wanted
    assert records.query(DeskAct).rows[0].taken == wanted
    assert records.count(Offered) == 0, "it is kept for as long as it is needed"


def test_every_place_has_a_name() -> None:
    for place in range(1, OFFERED + 1):
        shown = [Offer(text=FIRST, treatment=Treatment.QUOTE, place=place)]
        assert offers.told(shown, "", [FIRST], says_the_same).what.value == f"offer {place}"


def test_a_greeting_round_it_changes_nothing(records: Records) -> None:
    show(records, waits(records, 1), *SHOWN)
    text = f"Hello Ms Ng,\n\n{FIRST}\n\nKind regards,\nAna"
    assert do(records, 1, ActKind.EDITED, text, bare=FIRST).what is Took.OFFER_1


def test_who_words_a_right_draft_anew_sends_the_draft_edited(records: Records) -> None:
    show(records, waits(records, 1), *SHOWN)
    text = "Sure, you have 45 days, nothing to pay."
    assert do(records, 1, ActKind.EDITED, text, was_right=True).what is Took.EDITED_DRAFT


def test_what_nobody_was_shown_is_not_taken(records: Records) -> None:
    waits(records, 1)
    assert do(records, 1, ActKind.EDITED, FIRST) == Taken(what=Took.OWN, drafted=True)


def test_what_was_shown_counts_whatever_is_offered_later(records: Records) -> None:
    kept = waits(records, 1)
    newer = Offer(text="Ask in the shop.", treatment=Treatment.QUOTE, place=1)
    moved = msgspec.structs.replace(SHOWN[0], place=2)
    show(records, kept, *SHOWN)
    show(records, kept, newer, moved)
    (found,) = records.query(Offered).rows
    assert found.offers == (SHOWN[1], newer, moved), "each as it stood last"
    assert do(records, 1, ActKind.EDITED, FIRST) == Taken(
        what=Took.OFFER_2, drafted=True, offered=3, place=2, treatment="quote"
    )


def test_a_look_that_shows_the_same_writes_nothing(records: Records) -> None:
    kept = waits(records, 1)
    show(records, kept, *SHOWN)
    before = records.changes(Offered)
    show(records, kept, *SHOWN)
    show(records, kept)
    assert records.changes(Offered) == before


def test_what_was_shown_lapses_with_the_draft(records: Records) -> None:
    first = waits(records, 1)
    show(records, first, *SHOWN)
    then = waits(records, 2, conversation_id="c1")
    assert do(records, 2, ActKind.EDITED, FIRST) == Taken(what=Took.OWN, drafted=True)
    show(records, first, *SHOWN)
    show(records, then, *SHOWN)
    assert records.count(Offered) == 0, "nothing waits any more"


def test_shares_are_of_conversations_with_something_to_choose(records: Records) -> None:
    def card() -> dict[str, int]:
        found = scorecard.scorecard(records, RELEASE).desk
        assert found is not None
        assert sum(part.count for part in found.sent) == found.decided
        for part in found.sent:
            assert part.share.value == part.count / found.decided
            assert part.share.low < part.share.value <= part.share.high
        return {
            **{part.what.value: part.count for part in found.sent},
            "offered": found.offered,
            "bare": found.bare,
        }

    assert scorecard.scorecard(records, RELEASE).desk is None
    for number in range(1, 5):
        show(records, waits(records, number), *(SHOWN if number < 4 else ()))
    waits(records, 5, draft="", handoff=HandoffReason.ASKED_FOR_HUMAN)
    show(records, waits(records, 6, draft=""), *SHOWN)
    waits(records, 7, draft="", handoff=HandoffReason.HELD_OUT)
    do(records, 1, ActKind.SENT)
    do(records, 2, ActKind.EDITED, FIRST)
    do(records, 2, ActKind.EDITED, FIRST)
    do(records, 3, ActKind.CLOSED)
    do(records, 4, ActKind.SENT)
    do(records, 5, ActKind.WRITTEN, "Here I am.")
    do(records, 6, ActKind.WRITTEN, FIRST)
    do(records, 7, ActKind.WRITTEN, "Here I am.")
    assert card() == {"draft": 2, "offer 1": 2, "nothing": 1, "offered": 4, "bare": 1}
    assert offers.every(records)[Took.OFFER_1] == 2
    forget(records, "north", "ada2")
    forget(records, "north", "ada5")
    assert card() == {"draft": 2, "offer 1": 1, "nothing": 1, "offered": 3, "bare": 0}
    for number in (1, 3, 4, 6, 7):
        forget(records, "north", f"ada{number}")
    assert scorecard.scorecard(records, RELEASE).desk is None
    assert records.count(ClusterSums) == 0, "no sum of anybody is left"


def test_of_many_who_send_at_once_one_is_counted(records: Records) -> None:
    show(records, waits(records, 1), *SHOWN)
    begin, late = threading.Barrier(6), list[str]()

    def try_it(agent: str) -> None:
        begin.wait()
        wanted = Wanted(interaction_id="i1", kind=ActKind.EDITED, text=FIRST, agent=agent)
        try:
            act(records, wanted, AT, tell=False)
        except Overtaken:
            late.append(agent)

    threads = [threading.Thread(target=try_it, args=(name,)) for name in "abcdef"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(late) == 5
    assert offers.every(records)[Took.OFFER_1] == sum(offers.every(records).values()) == 1


def test_who_is_forgotten_while_they_wait_takes_what_was_shown(records: Records) -> None:
    show(records, waits(records, 1), *SHOWN)
    assert forget(records, "north", "ada1")["Offered"] == 1
    assert records.count(Offered) == 0


def test_one_question_of_many_tells_no_more_than_one(records: Records) -> None:
    same = {"question": "How long can I return a tent?"}
    for number in range(20):
        waits(records, number, **(same if number < 10 else {}))
        do(records, number, ActKind.SENT if number < 10 else ActKind.CLOSED)
    found = scorecard.scorecard(records, RELEASE).desk
    assert found is not None
    share = found.sent[0].share
    assert share.value == 0.5
    assert share.low < 0.10 and share.high > 0.90, "20² / (10² + 10) = 3.6 are independent"


def test_an_act_of_before_is_read_and_takes_nothing_out_of_the_sums(records: Records) -> None:
    waits(records, 1)
    do(records, 1, ActKind.SENT)
    (kept,) = records.query(DeskAct).rows
    old = {k: v for k, v in msgspec.to_builtins(kept).items() if k != "taken"}
    assert msgspec.convert(old, DeskAct).taken is None
    with records.transaction():
        records.replace(msgspec.convert(old, DeskAct))
    forget(records, "north", "ada1")
    found = scorecard.scorecard(records, RELEASE).desk
    assert found is not None and found.decided == 1, "what was not told is not taken out"


def test_a_long_reply_is_told_in_no_time(records: Records) -> None:
    long = Offer(text="the tent and the stove " * 800, treatment=Treatment.QUOTE, place=1)
    show(records, waits(records, 1), long)
    assert do(records, 1, ActKind.EDITED, "the stove " * 1_900).what is Took.EDITED_OFFER
