from __future__ import annotations

import pytest

from northloop.core.conversation import Message
from northloop.core.question import (
    MAX_CONVERSATION_CHARS,
    MAX_CONVERSATION_TURNS,
    OMITTED,
    asked_before,
    hangs_on_more,
    in_view,
    name_of,
    newest_turns,
    normalised,
    pared,
    reads_two_ways,
)


def test_normalising_twice_changes_nothing() -> None:
    for text in ("  Straße?? ", "don’t…", "ﬁne !"):
        assert normalised(normalised(text)) == normalised(text)


def test_the_name_knows_every_turn_and_who_said_it() -> None:
    alone = name_of([Message("user", "And boots?")])
    assert alone == name_of([Message("user", " and  BOOTS ")])
    assert alone != name_of([Message("assistant", "And boots?")])
    assert alone != name_of([Message("user", "Tents?"), Message("user", "And boots?")])


def said(*turns: str) -> list[str]:
    """Return what is left of a conversation in which customer and assistant take turns."""
    roles = ("user", "assistant")
    return [m.content for m in pared([Message(roles[n % 2], t) for n, t in enumerate(turns)])]


def test_greetings_and_repetitions_are_pared_away() -> None:
    assert said("Boots?") == ["Boots?"]
    assert said("", "Welcome!", "Boots?") == ["Boots?"]
    assert said("Hello", "Hi, how can I help?", "Boots?") == ["Boots?"]
    for greeting in ("Hi there!", "Guten Tag,", "¡Hola!", "Bonjour 🙂", "你好"):
        assert said(greeting, "Hello!", "Boots?") == ["Boots?"]
    assert said("Boots?", "No.", "boots") == ["boots"]
    assert said("Tents?", "Yes.", "Boots?", "No.", "Boots?") == ["Tents?", "Yes.", "Boots?"]


def test_what_a_question_may_depend_on_stays() -> None:
    for turns in (
        ("Tents?", "Yes.", "And boots?"),
        ("LF-1", "Yes?", "Where is it?"),
        ("Tents?", "Do you mean shelters?", "Yes"),
        ("TV?", "Yes?", "How much?"),
        ("退款", "请讲", "多少天"),
        ("Hello, do you sell tents?", "We do.", "How much?"),
    ):
        assert said(*turns) == [*turns]


def test_old_turns_make_room_for_new_ones() -> None:
    turns = [Message("user", letter * (MAX_CONVERSATION_CHARS // 2)) for letter in "abc"]
    assert newest_turns(turns) == tuple(turns[1:])
    giant = Message("user", "d" * (2 * MAX_CONVERSATION_CHARS))
    assert newest_turns([*turns, giant]) == (giant,)


def test_a_few_words_after_a_question_answer_that_question() -> None:
    asked = ("Cancel it", "The tent?", "Yes", "And the boots?", "Yes")
    assert said(*asked) == [*asked]
    again = ("Tents?", "Yes.", "Where is my order?", "Which one?", "Where is my order 17 now?")
    assert said(*again) == [*again]


def test_a_long_conversation_is_seen_from_its_end_and_says_that_it_began_before() -> None:
    turns = [Message(("user", "assistant")[n % 2], f"turn {n}") for n in range(10_001)]
    seen = in_view(turns)
    assert len(seen) == MAX_CONVERSATION_TURNS
    assert (seen[0], seen[1:]) == (OMITTED, tuple(turns[1 - MAX_CONVERSATION_TURNS :]))
    assert newest_turns(seen) == seen, "who looks again sees the same"
    assert in_view(turns[: MAX_CONVERSATION_TURNS - 1]) == tuple(
        turns[: MAX_CONVERSATION_TURNS - 1]
    )


def test_only_the_customer_answers_what_was_asked_before() -> None:
    turns = [
        Message("user", "I want my money back."),
        Message("assistant", "What is your name?"),
        Message("user", "rossi"),
        Message("user", "and hurry"),
    ]
    assert asked_before(turns) == ["", "", "What is your name?", ""]


@pytest.mark.parametrize(
    ("text", "hangs"),
    [("and for boots?", True), ("那靴子呢？", True), ("我可以在多少天之内退回帐篷？", False)],
)
def test_how_short_a_question_is_does_not_hang_on_spaces(text: str, hangs: bool) -> None:
    assert hangs_on_more(text) is hangs


@pytest.mark.parametrize(
    ("before", "text", "two"),
    [
        ("Within 30 days.", "Where is my parcel?", True),
        ("Within 30 days.", "Do I pay shipping?", True),
        ("Within 30 days.", "Is it free?", False),
        ("Within 30 days.", "And for boots?", False),
        ("Within 30 days.", "What does it cost to send a parcel to Norway?", False),
        ("What is your name?", "Is Rossi enough?", False),
    ],
)
def test_a_few_words_may_be_read_in_two_ways(before: str, text: str, two: bool) -> None:
    turns = [Message("user", "Can I return a tent?"), Message("assistant", before)]
    assert reads_two_ways([*turns, Message("user", text)]) is two
