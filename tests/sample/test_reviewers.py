"""The simulated reviewer accepts right answers, in paraphrase too, and nothing else."""

from __future__ import annotations

from random import Random

import pytest

from northloop.sample import LiveQuestion, intents, live_questions, review
from northloop.sample.library import intent_specs
from northloop.sample.wording import fill

SPECIAL = ("out_of_scope", "talk_to_human")


def asked(intent: str) -> LiveQuestion:
    return next(q for q in live_questions(1500, 2) if q.intent == intent)


def plain_question(intent: str, facts: tuple[str, ...], answer: str) -> LiveQuestion:
    return LiveQuestion(
        id="Q",
        customer_id="C",
        text="?",
        intent=intent,
        document="d",
        facts=facts,
        answer=answer,
        asks_human=False,
        in_scope=True,
        spans=(),
    )


@pytest.mark.parametrize("name", [n for n in intents() if n not in SPECIAL])
def test_right_variants_pass_and_outdated_ones_do_not(name: str) -> None:
    spec = intent_specs()[name]
    slots = {"product": "Skarn 2 tent", "country": "Norway", "customs_country": "Norway"}
    for case in spec.cases:
        values = {**slots, **case}
        facts = tuple(fill(f, values, "")[0] for f in spec.facts)
        answers = [fill(a, values, "")[0] for a in spec.answers]
        question = plain_question(name, facts, answers[0])
        for answer in answers:
            verdict = review(question, answer, False)
            assert verdict.verdict == "correct", (answer, verdict.reason)
        for old in spec.outdated:
            verdict = review(question, fill(old, values, "")[0], False)
            assert verdict.verdict == "incorrect" and verdict.correction == answers[0]


@pytest.mark.parametrize(
    "answer",
    [
        "You have 45 days after delivery.",
        "Our 45-day return period starts with the delivery.",
    ],
)
def test_paraphrases_pass(answer: str) -> None:
    question = plain_question("return_window", ("45 days",), "You have 45 days.")
    assert review(question, answer, False).verdict == "correct"


def test_money_in_another_notation_passes() -> None:
    question = plain_question("return_label", ("€3.90",), "It costs €3.90.")
    assert review(question, "We deduct 3.90 euros for the label.", False).verdict == "correct"
    assert review(question, "We deduct €13.90 for the label.", False).verdict == "incorrect"


@pytest.mark.parametrize(
    ("answer", "verdict"),
    [
        ("You have 45 days after delivery, or 60 days for members.", "incorrect"),
        ("You have 30 days after delivery.", "incorrect"),
        ("", "incorrect"),
        ("You have 45 days after the delivery of the", "needs_rephrasing"),
        ("<p>You have 45 days.</p>", "needs_rephrasing"),
        ("You have 45 days after delivery. " * 3, "needs_rephrasing"),
    ],
)
def test_faults(answer: str, verdict: str) -> None:
    question = plain_question("return_window", ("45 days",), "You have 45 days.")
    found = review(question, answer, False)
    assert found.verdict == verdict and found.correction == question.answer


def test_hand_off_is_right_only_where_no_document_answers() -> None:
    for name in SPECIAL:
        assert review(asked(name), "", True).verdict == "correct"
        assert review(asked(name), "Yes, of course.", False).verdict == "incorrect"
    assert review(asked("return_window"), "", True).verdict == "incorrect"


def test_reference_answers_pass_and_answers_to_other_questions_fail() -> None:
    questions = [q for q in live_questions(400, 9) if q.in_scope]
    others = questions[:]
    Random(3).shuffle(others)
    for question, other in zip(questions, others, strict=True):
        assert review(question, question.answer, False).verdict == "correct", question
        if other.intent != question.intent and other.facts != question.facts:
            assert review(question, other.answer, False).verdict == "incorrect", other.answer
