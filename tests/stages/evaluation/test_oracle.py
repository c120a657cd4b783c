from __future__ import annotations

from collections.abc import Sequence

import pytest

from northloop.core.artefacts import ItemResult
from northloop.stages.evaluation.oracle import right

REFERENCES = {
    "Can I return a tent?": "You can return any tent within 45 days if it was not used outdoors.",
    "Where is my parcel?": "Please give me your order number, so that I can look up the parcel.",
    "How do I get an invoice?": "Download the invoice from your account under purchases.",
    "Is there a table for two at 7?": "Yes, there is a free table for two people at 7 pm.",
    "What is my balance?": "Your balance is 120.50 dollars.",
    "I want to open an account.": "Could I get your full name, please?",
    "My code is 4711.": "Thank you, the code 4711 is right.",
    "Can I speak to the doctor?": "The doctor is available at that time.",
}


def judged(question: str, answer: str, evidence: Sequence[str] = ()) -> bool:
    """Judge one answer among the references of all questions."""
    asked = list(REFERENCES)
    results = [
        ItemResult(q, q, q, REFERENCES[q], answer if q == question else REFERENCES[q], "", "")
        for q in asked
    ]
    texts = [evidence if q == question else () for q in asked]
    return right(results, texts)[asked.index(question)]


def test_what_the_agent_said_is_right() -> None:
    assert all(judged(question, reply) for question, reply in REFERENCES.items())


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("Can I return a tent?", "A tent can be returned within 45 days if not used outdoors."),
        ("Where is my parcel?", "To look up your parcel, please give me the number of the order."),
        ("I want to open an account.", "May I have your full name, please?"),
        ("My code is 4711.", "Thank you, the code is right."),
    ],
)  # fmt: skip
def test_other_words_for_the_same_are_right(question: str, answer: str) -> None:
    assert judged(question, answer)


@pytest.mark.parametrize("question", REFERENCES)
def test_a_fluent_answer_to_another_question_is_wrong(question: str) -> None:
    others = [reply for q, reply in REFERENCES.items() if q != question]
    assert not any(judged(question, reply) for reply in others)


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("Can I return a tent?", "You can return any tent within 30 days if not used outdoors."),
        ("Can I return a tent?", "You can return any tent if it was not used outdoors."),
        ("Can I return a tent?", "You cannot return any tent within 45 days if it was not used."),
        ("Can I speak to the doctor?", "The doctor is not available at that time."),
        ("What is my balance?", "Your balance is 150.50 dollars."),
        ("How do I get an invoice?", "Download the invoice from your account, call 555123."),
        ("How do I get an invoice?", "I'm happy to help you with anything you need today!"),
        ("How do I get an invoice?", ""),
        ("How do I get an invoice?", "…"),
    ],
)  # fmt: skip
def test_wrong_values_denials_and_small_talk_are_wrong(question: str, answer: str) -> None:
    assert not judged(question, answer)


def test_a_number_that_the_evidence_gives_is_not_made_up() -> None:
    said = "Download the invoice from your account under purchases, it is kept for 90 days."
    assert not judged("How do I get an invoice?", said)
    assert judged("How do I get an invoice?", said, ["Invoices are kept for 90 days."])


def test_what_a_placeholder_stands_for_is_not_compared() -> None:
    answer = "Hello [NAME], download the invoice from your account under purchases."
    assert judged("How do I get an invoice?", answer)


def test_scripts_without_spaces_are_read() -> None:
    replies = {
        "退貨": "您可以在四十五天內退回帳篷。",
        "發票": "請在帳戶的購買記錄中下載發票。",
        "包裹": "請告訴我您的訂單號碼。",
    }
    for given in replies.values():
        results = [ItemResult(q, q, q, r, given, "", "") for q, r in replies.items()]
        assert right(results, [[]] * 3) == [reply == given for reply in replies.values()]
    said = "帳篷可以在四十五天內退回。"
    assert right([ItemResult(q, q, q, r, said, "", "") for q, r in replies.items()], [[]] * 3) == [
        True,
        False,
        False,
    ]


def test_one_question_alone_can_be_judged() -> None:
    one = ItemResult("1", "1", "Where?", "In the shop on Main Street.", "On Main Street.", "", "")
    assert right([one], [[]]) == [True]
    assert right([], []) == []


def test_the_reply_to_somebody_who_asked_the_same_is_none_to_another_question() -> None:
    """Two agents word it differently: who repeats the other one is right, if people call both
    questions the same, and they do not call everything so."""
    first = "You can return any tent within 45 days if it was not used outdoors."
    other = "Sure, a tent that was never outdoors can come back to us, any day of the first 45."
    asked = {first: "Can I return a tent?", other: "May I send my tent back?"}
    rest = {reply: question for question, reply in REFERENCES.items() if reply != first}

    def is_right(answer: str, intent: str, general: str) -> bool:
        called = dict.fromkeys(asked, intent) | dict.fromkeys(rest, general)
        results = [
            ItemResult(q, q, q, ref, answer if ref == first else ref, called[ref], "")
            for ref, q in (asked | rest).items()
        ]
        return right(results, [()] * len(results))[0]

    assert is_right(other, "returns", "other")
    assert is_right(other, "returns", "")
    assert not is_right(other, "", "")
    assert not is_right(other, "general", "general"), "what is called like all else is no matter"
    assert not any(is_right(reply, "returns", "other") for reply in rest)
