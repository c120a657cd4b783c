"""What customers say behind an answer, and how sure what is said to it can be."""

from __future__ import annotations

import pytest

from northloop.core.conversation import Message, Passage
from northloop.stages.serving import quote
from northloop.stages.serving.memory import learn, load
from northloop.stages.serving.memory.memory import LEARNT
from northloop.stages.serving.quote.followed import FACTOR, sureness
from northloop.testing.models import HashEmbedder
from stages.serving.memory import desk

ASKED, ANSWERED = "Can I hire a tent?", "Yes, for 3 to 21 days. The deposit is 120 euros."


def factor(last: str, answer: str = "", before: str = ANSWERED) -> float:
    turns = (Message("user", ASKED), Message("assistant", before), Message("user", last))
    return sureness(turns, answer)


@pytest.mark.parametrize(
    "last",
    [
        "is that per item or per order?", "and who pays the postage?", "why?", "yes please", "cool",
        "that didn't work", "I'm on my phone", "for how many people is that?", "and after that?",
        "Ist das pro Person?", "und wer zahlt das Porto?",
        "¿Y eso es por persona?", "C'est combien ça ?", "are you sure?", "what about skis?",
    ],
)  # fmt: skip
def test_what_hangs_on_an_answer_is_answered_half_as_surely(last: str) -> None:
    assert factor(last, "The post office is open from nine to five.") == FACTOR


@pytest.mark.parametrize(
    "last",
    [
        "How long may I keep what I ordered from you?", "Where is my parcel?", "I lost my card",
        "Haben Sie einen Laden in Leeds und wann ist offen?", "Do you ship to Norway?",
        "I would like to know whether you can send a parcel to Norway and what it would cost me, "
        "since that is where we spend the summer.",
    ],
)  # fmt: skip
def test_what_stands_for_itself_is_not(last: str) -> None:
    assert factor(last) == 1.0


@pytest.mark.parametrize("last", ["and skis?", "what about your skis?", "And the skis, please?"])
def test_nor_is_the_same_of_another_thing_that_the_answer_names(last: str) -> None:
    assert factor(last, "Skis are for hire, too.") == 1.0
    assert factor(last, "Boats are for hire, too.") == FACTOR


def test_where_nothing_new_is_named_the_answer_cannot_name_it() -> None:
    assert factor("and the tent?", "A tent is for hire, too.") == FACTOR


def test_words_that_point_back_are_of_no_other_thing() -> None:
    assert factor("and skis with that?", "Skis are for hire, too.") == FACTOR


@pytest.mark.parametrize(
    "turns",
    [
        (),
        (Message("assistant", ANSWERED),),
        (Message("user", "why?"),),
        (Message("user", "why?"), Message("assistant", ANSWERED)),
        (Message("user", ASKED), Message("user", "why?")),
        (Message("user", ASKED), Message("assistant", ""), Message("user", "why?")),
    ],
)
def test_without_an_answer_before_nothing_hangs_on_one(turns: tuple[Message, ...]) -> None:
    assert sureness(turns, "") == 1.0


def test_what_is_rare_counts_for_more() -> None:
    turns = (Message("user", ASKED), Message("assistant", ANSWERED))
    asked = (*turns, Message("user", "how would our deposit work for you on Sundays?"))
    assert sureness(asked, "", lambda word: 9.0 if word == "deposi" else 1.0) == FACTOR
    assert sureness(asked, "", lambda word: 0.1 if word == "deposi" else 1.0) == 1.0


PASSAGES = [
    Passage("hire#1", "hire", "Hire", "You can hire a tent for 3 to 21 days. Bring an ID along."),
    Passage("post#1", "post", "Postage", "We pay the postage of a return. It comes as a label."),
]


def test_a_quote_can_be_no_surer_than_that() -> None:
    treatment = quote.load(quote.learn((), PASSAGES, HashEmbedder()), PASSAGES, HashEmbedder())
    first = treatment.answer([Message("user", ASKED)])
    assert first is not None
    assert first.most == 1.0
    turns = [Message("user", ASKED), Message("assistant", first.text), Message("user", "why?")]
    found = treatment.answer(turns)
    assert found is not None
    assert (found.most, found.confidence <= FACTOR) == (FACTOR, True)
    turns[-1] = Message("user", "Who pays the postage of a return to your shop?")
    found = treatment.answer(turns)
    assert found is not None
    assert found.most == 1.0


def test_a_remembered_reply_is_half_as_sure_unless_many_were_given_behind_an_answer() -> None:
    rows = desk.history()
    context = (Message("user", "Hi there"), Message("assistant", "How can I help you?"))
    turns = [Message("user", ASKED), Message("assistant", ANSWERED), Message("user", "is that so?")]

    def sure(share: float, last: str) -> float:
        many = int(share * len(rows))
        told = [
            desk.row(row.example_id, row.question, row.reply, row.intent, context=context)
            if number < many
            else row
            for number, row in enumerate(rows)
        ]
        files = learn(told, HashEmbedder())
        assert (b'"follows_on":true' in files[LEARNT]) is (share >= 0.2)
        turns[-1] = Message("user", last)
        found = load(files, HashEmbedder(), None).answer(turns)
        alone = load(files, HashEmbedder(), None).answer(turns[-1:])
        assert found is not None and alone is not None
        return found.confidence / alone.confidence

    hangs, stands = "Does that shop open on a Saturday?", "Until what time is the shop open?"
    assert sure(0.0, hangs) == pytest.approx(FACTOR)
    assert sure(0.5, hangs) == pytest.approx(1.0)
    assert sure(0.0, stands) == pytest.approx(1.0)
