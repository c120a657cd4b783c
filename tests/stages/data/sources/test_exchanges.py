from __future__ import annotations

from bounded import bounded
from northloop.core.conversation import RawConversation, RawMessage, RawTicket, Role, Visibility
from northloop.core.question import MAX_CONVERSATION_TURNS
from northloop.stages.data.sources.exchanges import exchanges

C, A, B, S = Role.CUSTOMER, Role.AGENT, Role.BOT, Role.SYSTEM


def spoken(*said: tuple[Role, str], **case: str) -> list[RawTicket]:
    messages = tuple(RawMessage(role=role, text=text) for role, text in said)
    return exchanges(RawConversation(row=1, messages=messages, **case), "desk.json")  # type: ignore[arg-type]


def before(ticket: RawTicket) -> list[tuple[Role, str]]:
    return [(m.role, m.text) for m in ticket.context]


def test_every_exchange_knows_what_was_said_before_it() -> None:
    first, second, third = spoken(
        *((C, "My tent leaks."), (C, "Order 17."), (A, "Where?"), (C, "At the seam.")),
        *((A, "We send tape."), (A, "It is free."), (C, "Thanks")),
    )
    assert (first.question, first.reply) == ("My tent leaks.\n\nOrder 17.", "Where?")
    assert before(first) == []
    assert (second.question, second.reply) == ("At the seam.", "We send tape.\n\nIt is free.")
    assert before(second) == [(C, first.question), (A, first.reply)]
    assert (third.question, third.reply) == ("Thanks", "")
    assert before(third)[2:] == [(C, second.question), (A, second.reply)]
    assert [t.turn for t in (first, second, third)] == [1, 2, 3]


def test_what_is_noted_of_the_case_is_told_once_and_its_matter_where_it_is_said() -> None:
    hello, matter, later = spoken(
        *((C, "Hello"), (A, "Hi, how can I help?"), (C, "Refund, please"), (A, "Of what?")),
        *((C, "The tent"), (A, "Done.")),
        closed_at="2025-01-02", csat="5", intent="refund", subject="Refund",
    )  # fmt: skip
    assert [t.closed_at for t in (hello, matter, later)] == ["2025-01-02", "", ""]
    assert [t.csat for t in (hello, matter, later)] == ["5", "", ""]
    assert [t.intent for t in (hello, matter, later)] == ["", "refund", ""]
    assert [t.messages for t in (hello, matter, later)] == [6, 0, 0]


def test_an_agent_who_speaks_first_and_a_bot_are_context_and_teach_nothing() -> None:
    (only,) = spoken((A, "Welcome!"), (C, "Do you sell tents?"), (B, "I look."), (A, "We do."))
    assert (only.question, only.reply) == ("Do you sell tents?", "We do.")
    assert before(only) == [(A, "Welcome!")]
    (bot,) = spoken((C, "Do you sell tents?"), (B, "Yes, we do."))
    assert (bot.question, bot.reply) == ("Do you sell tents?", "")
    (silent,) = spoken((B, "Are you there?"), (A, "Hello?"))
    assert (silent.question, silent.reply, silent.messages) == ("", "", 2)


def test_an_agent_who_asks_how_to_help_has_answered_nothing() -> None:
    opening = "Thank you for contacting Tent Co support, my name is Ann, how may I help you?"
    (only,) = spoken((C, "My tent leaks."), (A, opening), (C, "At the seam."), (A, "We send tape."))
    assert (only.question, only.reply) == ("My tent leaks.\n\nAt the seam.", "We send tape.")
    (alone,) = spoken((C, "My tent leaks."), (A, opening))
    assert (alone.question, alone.reply) == ("My tent leaks.", "")
    (both,) = spoken((C, "My tent leaks."), (A, "We send tape."), (A, "How can I help you?"))
    assert both.reply == "We send tape.\n\nHow can I help you?"


def test_nobody_hears_a_private_note_or_the_desk_itself() -> None:
    note = RawMessage(role=A, text="do not tell", author="Ann Lee", visibility=Visibility.PRIVATE)
    said = (RawMessage(role=C, text="Why?"), note, RawMessage(role=S, text="state: open"))
    asked, end = exchanges(
        RawConversation(
            row=3, messages=(*said, RawMessage(role=A, text="Because."), *said), ticket_id="9"
        ),
        "desk.json",
    )
    assert (asked.question, asked.reply, end.question) == ("Why?", "Because.", "Why?")
    assert (asked.messages, asked.private_notes, asked.others) == (7, 2, 2)
    assert "do not tell" not in repr((asked, end)), "and who wrote it may be named elsewhere:"
    assert asked.people == ("Ann Lee",)
    (empty,) = exchanges(RawConversation(row=1, messages=(note,)), "desk.json")
    assert (empty.question, empty.context, empty.private_notes) == ("", (), 1)


def test_two_desks_that_count_from_one_have_no_conversation_in_common() -> None:
    tent = spoken((C, "My tent leaks."), (A, "Where?"), ticket_id="1")
    boots = spoken((C, "My boots squeak."), (A, "Grease them."), ticket_id="1")
    grown = spoken((C, "My tent leaks."), (A, "Where?"), (C, "At the seam"), ticket_id="1")
    assert tent[0].conversation_id != boots[0].conversation_id
    assert {t.conversation_id for t in grown} == {tent[0].conversation_id}, "exported again"
    assert "tent" not in tent[0].conversation_id
    assert spoken((C, "Hm."), ticket_id="1", conversation_id="c7")[0].conversation_id == "c7"


def test_ten_thousand_messages_take_no_more_than_ten_thousand_times_one() -> None:
    said = [((C, A)[n % 2], f"turn {n}") for n in range(10_000)]
    with bounded():
        found = spoken(*said)
    assert len(found) == 5_000
    assert max(len(t.context) for t in found) == MAX_CONVERSATION_TURNS
    assert before(found[-1])[-1] == (A, "turn 9997")


def touched(*said: RawMessage, **case: str) -> str:
    conversation = RawConversation(row=1, messages=said, **case)  # type: ignore[arg-type]
    return exchanges(conversation, "desk.json")[0].first_touch_at


def at(hour: int, role: Role, text: str = "Well?", **more: Visibility) -> RawMessage:
    return RawMessage(role=role, text=text, at=f"2025-01-02T{hour:02}:00:00Z", **more)


def test_the_first_touch_is_an_agent_s_first_message_that_the_customer_can_read() -> None:
    note = at(10, A, "Who knows her?", visibility=Visibility.PRIVATE)
    receipt = at(11, A, "We have received your request and will get back to you.")
    asked, seen = at(9, C, "Where is my tent?"), at(14, A, "On its way.")
    before = (at(8, A, "Welcome!"), asked, note, receipt, at(12, B), at(13, S))
    assert touched(*before, seen, at(15, C, "When?"), at(16, A)) == seen.at
    assert touched(*before) == ""
    assert touched(at(8, A, "Did it come?"), asked) == ""
    assert touched(asked, RawMessage(role=A, text="On its way."), seen) == "", "its time is unknown"


def test_what_a_case_says_of_its_first_touch_counts_before_its_messages() -> None:
    said = (at(9, C, "Where is my tent?"), at(14, A, "On its way."))
    assert touched(*said, first_touch_at="2025-01-02T10:00:00Z") == "2025-01-02T10:00:00Z"
    assert touched(*said, first_touch_at="N/A") == said[1].at
    assert touched(*said, first_touch_minutes="60") == ""
    assert touched(*said, first_touch_minutes="-") == said[1].at


def test_the_first_touch_is_told_once() -> None:
    said = (at(9, C), at(10, A, "On its way."), at(11, C, "When?"), at(12, A, "Today."))
    told = exchanges(RawConversation(row=1, messages=said, csat_asked="yes"), "desk.json")
    assert [t.first_touch_at for t in told] == [said[1].at, ""]
    assert [t.csat_asked for t in told] == ["yes", ""]


def test_an_automatic_acknowledgement_that_the_case_counts_is_no_first_touch() -> None:
    receipt = at(9, A, "We have received your request and will get back to you.")
    said = (at(9, C, "Where is my tent?"), receipt, at(14, A, "On its way."))
    assert touched(*said, first_touch_at=receipt.at) == said[2].at
    assert touched(*said[:2], first_touch_at=receipt.at) == ""
    minutes = RawConversation(row=1, messages=said, first_touch_minutes="1")
    told = exchanges(minutes, "desk.json")[0]
    assert (told.first_touch_at, told.first_touch_minutes) == (said[2].at, "")
