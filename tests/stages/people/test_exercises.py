"""Each exercise with what passes it and with each thing that does not."""

from __future__ import annotations

import msgspec
import pytest

from northloop.core.interaction import HandoffReason, Interaction, Source, Step, VerdictKind
from northloop.stages.people.exercises import Result, Submission, check
from northloop.stages.people.lessons import all_lessons, lesson
from usual import usual_interaction

ANSWER = "You can return your boots within 30 days of delivery."


def interaction(**fields: object) -> Interaction:
    usual = usual_interaction(
        interaction_id="i1",
        conversation_id="c1",
        release="0" * 64,
        at="2026-11-25T10:00:00+00:00",
        question="How long do I have to send back boots?",
        answer=ANSWER,
        citations=("returns-policy#1",),
        confidence=0.9,
        intent="return",
        latency_ms=120.0,
        trace=(Step(name="retrieve", ms=1.0, decision="2 passages", evidence={"best": 0.9}),),
    )
    return msgspec.structs.replace(usual, **fields)


def handed_off(reason: HandoffReason) -> Interaction:
    return interaction(source=Source.HANDOFF, handoff=reason, citations=(), confidence=0.0)


def searched(
    source: Source = Source.HANDOFF,
    handoff: HandoffReason | None = HandoffReason.NOTHING_RETRIEVED,
    **evidence: tuple[str, ...],
) -> Interaction:
    step = Step(name="retrieve", ms=1.0, decision="too weak", evidence=dict(evidence))
    return interaction(source=source, handoff=handoff, citations=(), trace=(step,))


def result(lesson_id: str, text: str, made: Interaction, **fields: object) -> Result:
    submission = msgspec.structs.replace(Submission(text=text), **fields)
    return check(lesson(lesson_id).exercise, submission, made)


def test_every_exercise_can_be_checked() -> None:
    for found in all_lessons():
        outcome = check(found.exercise, Submission(text="Hm."), interaction())
        assert not outcome.passed
        assert outcome.feedback


# --- lesson 1 ----------------------------------------------------------------------------------


def test_an_answer_with_a_source_passes() -> None:
    outcome = result("basic-use", "How long do I have to send back boots?", interaction())
    assert outcome.passed
    assert "one source" in outcome.feedback
    cached = interaction(source=Source.CACHE, citations=("a#1", "b#2"))
    assert "2 sources" in result("basic-use", "How long is a return?", cached).feedback


@pytest.mark.parametrize(
    ("text", "made", "says"),
    [
        ("Boots?", interaction(), "whole sentence"),
        ("How long do I have?", interaction(citations=()), "without naming a source"),
        ("How long do I have?", interaction(source=Source.APPROVED, citations=()), "approved"),
        (
            "Give me a person please",
            handed_off(HandoffReason.ASKED_FOR_HUMAN),
            "asked for a person",
        ),
        ("How far is the moon?", handed_off(HandoffReason.NOTHING_RETRIEVED), "No document"),
        ("How far is the moon?", searched(bm25=("0.00", "0.00"), passages=("a#1",)), "their own"),
        ("What is it about?", searched(passages=()), "No document"),
    ],
)
def test_answers_without_a_source_do_not_pass(text: str, made: Interaction, says: str) -> None:
    outcome = result("basic-use", text, made)
    assert not outcome.passed
    assert says in outcome.feedback


@pytest.mark.parametrize(
    ("made", "says"),
    [
        (handed_off(HandoffReason.NOT_CONFIDENT), "not sure enough"),
        (handed_off(HandoffReason.NOT_GROUNDED), "did not stand"),
        (searched(bm25=("0.00", "1.25"), passages=("a#1", "b#2")), "one may be missing"),
        (searched(passages=()), "one may be missing"),
        (searched(source=Source.GENERATED, handoff=None, passages=()), "no document"),
    ],
)
def test_whatever_the_release_does_with_a_good_question_it_passes(
    made: Interaction, says: str
) -> None:
    outcome = result("basic-use", "How long do I have to send back boots?", made)
    assert outcome.passed
    assert says in outcome.feedback


# --- lesson 2 ----------------------------------------------------------------------------------

ASKED = (
    "A pole section of a tent bought in March broke in the wind. How can it be repaired before a "
    "trip in three weeks, and what does the repair cost?"
)


DRAFTED = interaction(
    source=Source.HANDOFF,
    handoff=HandoffReason.NOT_CERTIFIED,
    answer="A colleague will reply.",
    draft=ANSWER,
    confidence=0.0,
)
"""As every answer is until people have decided on enough of them."""


def test_a_draft_with_a_source_passes_as_an_answer_does() -> None:
    outcome = result("basic-use", "How long do I have to send back boots?", DRAFTED)
    assert outcome.passed
    assert "drafted an answer from one source, which waits for a person" in outcome.feedback


def test_a_correction_is_held_against_the_draft() -> None:
    submission = Submission(
        text=ANSWER, verdict=VerdictKind.INCORRECT, reason="30 days instead of 45"
    )
    again = check(lesson("giving-feedback").exercise, submission, DRAFTED, ())
    assert "says the same as the answer, word for word" in again.feedback


@pytest.mark.parametrize("reason", [*HandoffReason])
def test_whatever_the_reason_of_a_hand_off_it_is_told(reason: HandoffReason) -> None:
    assert result("basic-use", "How long do I have for boots?", handed_off(reason)).feedback


def test_a_whole_question_passes_whatever_the_documents_hold() -> None:
    assert result("advanced-prompting", ASKED, interaction()).passed
    outcome = result("advanced-prompting", ASKED, handed_off(HandoffReason.NOTHING_RETRIEVED))
    assert outcome.passed
    assert "no document answers it" in outcome.feedback


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("It broke!! What now?", ["10 to 70 words", "“tent”", "“pole”", "“repair”", "“week”"]),
        (ASKED.replace("?", "."), ["exactly one question"]),
        (ASKED + " And what if it rains?", ["there are 2 question marks"]),
        (ASKED.replace("pole section", "part"), ["“pole”"]),
        (ASKED.replace("three weeks", "a while").replace("trip", "tour"), ["“week”"]),
        ("Ines asks: " + ASKED, ["name does not help"]),
        (ASKED + " word" * 60, ["10 to 70 words"]),
    ],
)
def test_what_a_question_lacks_is_said(text: str, says: list[str]) -> None:
    outcome = result("advanced-prompting", text, interaction())
    assert not outcome.passed
    for part in says:
        assert part in outcome.feedback


def test_the_example_in_the_lesson_does_not_pass_its_exercise() -> None:
    found = lesson("advanced-prompting")
    quoted = " ".join(line[2:] for line in found.body.splitlines() if line.startswith("> "))
    assert quoted.count("?") == 1
    assert not check(found.exercise, Submission(text=quoted), interaction()).passed


# --- lesson 3 ----------------------------------------------------------------------------------

WRITTEN = (
    "I am writing from ines.halloran@example.com, call me on +44 20 7946 0018: where is my refund?"
)
STORED = "I am writing from [EMAIL], call me on [PHONE]: where is my refund?"


@pytest.mark.parametrize(
    "stored", [STORED, STORED.replace("[EMAIL]", "[EMAIL:3f2a91]").replace("PHONE", "PHONE:0a1b2c")]
)
def test_placeholders_in_the_store_pass(stored: str) -> None:
    outcome = result("ethics-and-privacy", WRITTEN, interaction(question=stored))
    assert outcome.passed
    assert stored in outcome.feedback


@pytest.mark.parametrize(
    "made",
    [
        interaction(question=STORED.replace("[EMAIL]", "ines.halloran@example.com")),
        interaction(question=STORED.replace("[PHONE]", "+44 (20) 7946-0018")),
        interaction(question=STORED, answer="We wrote to ines.halloran@example.com."),
        interaction(
            question=STORED,
            trace=(Step(name="redact", ms=0.1, decision="done", evidence={"text": WRITTEN}),),
        ),
        interaction(
            question=STORED,
            trace=(Step(name="redact", ms=0.1, decision="x", evidence={"found": (WRITTEN,)}),),
        ),
    ],
)
def test_anything_left_anywhere_fails_and_is_not_the_learners_fault(made: Interaction) -> None:
    outcome = result("ethics-and-privacy", WRITTEN, made)
    assert not outcome.passed
    assert "not your mistake" in outcome.feedback
    assert "i1" in outcome.feedback


def test_the_invented_data_must_be_in_the_question() -> None:
    outcome = result("ethics-and-privacy", "Where is my refund?", interaction(question=STORED))
    assert "ines.halloran@example.com and 7946 0018" in outcome.feedback
    other = result("ethics-and-privacy", WRITTEN, interaction(question="Where is my refund?"))
    assert not other.passed
    assert "not the one you wrote" in other.feedback


# --- lesson 4 ----------------------------------------------------------------------------------

CORRECTION = (
    "You can send the boots back within 45 days of delivery if they were not worn outdoors. As you "
    "walked in them, please ask our shop about a deduction first."
)


def judged(text: str, verdict: VerdictKind | None, reason: str = "30 days instead of 45") -> Result:
    return result("giving-feedback", text, interaction(), verdict=verdict, reason=reason)


def test_a_usable_correction_passes() -> None:
    assert judged(CORRECTION, VerdictKind.INCORRECT).passed
    kinder = "Of course you can: just send your boots back to us within 30 days of delivery."
    assert judged(kinder, VerdictKind.NEEDS_REPHRASING, "too short and cold").passed


@pytest.mark.parametrize(
    ("text", "verdict", "reason", "says"),
    [
        (CORRECTION, None, "30 days instead of 45", ["Choose a verdict"]),
        (CORRECTION, VerdictKind.CORRECT, "", ["something harder"]),
        (CORRECTION, VerdictKind.INCORRECT, "wrong", ["at least 3 words"]),
        (CORRECTION, VerdictKind.NEEDS_REPHRASING, "a bit too short", ["(45)", "“incorrect”"]),
        ("45 days.", VerdictKind.INCORRECT, "30 days instead of 45", ["there are 2"]),
        ("word " * 130, VerdictKind.INCORRECT, "30 days instead of 45", ["there are 130"]),
        (ANSWER.upper(), VerdictKind.INCORRECT, "30 days instead of 45", ["word for word"]),
        (
            "The answer should say that boots can be returned within 45 days.",
            VerdictKind.INCORRECT,
            "30 days instead of 45",
            ["Write to the customer"],
        ),
        (
            "Please write to ines@example.com and we will extend it to 45 days.",
            VerdictKind.INCORRECT,
            "30 days instead of 45",
            ["strangers"],
        ),
        ("", None, "", ["Choose a verdict", "3 words", "there are 0"]),
    ],
)
def test_what_a_correction_lacks_is_said(
    text: str, verdict: VerdictKind | None, reason: str, says: list[str]
) -> None:
    outcome = judged(text, verdict, reason)
    assert not outcome.passed
    for part in says:
        assert part in outcome.feedback


SOURCE = (
    "Returns policy › How long you have\n"
    "You can send back boots within 45 days of delivery, if they were not worn outdoors and still "
    "carry their tags. The 45 days count from the delivery scan."
)
WRONG = "30 days instead of 45"


def mended(text: str, verdict: VerdictKind, reason: str = WRONG, answer: str = ANSWER) -> Result:
    submission = Submission(text=text, verdict=verdict, reason=reason)
    made = interaction(answer=answer)
    return check(lesson("giving-feedback").exercise, submission, made, [SOURCE])


@pytest.mark.parametrize(
    ("text", "verdict", "reason"),
    [
        (CORRECTION, VerdictKind.INCORRECT, WRONG),
        ("You can return your boots within 45 days of delivery.", VerdictKind.INCORRECT, WRONG),
        (
            "You can send them back within 60 days of delivery, unworn and with their tags.",
            VerdictKind.INCORRECT,
            "the document is out of date",
        ),
    ],
)
def test_a_correction_from_the_source_passes(text: str, verdict: VerdictKind, reason: str) -> None:
    assert mended(text, verdict, reason).passed


def test_a_kinder_answer_of_the_same_facts_passes() -> None:
    answer = "Boots: 45 days of delivery, unworn outdoors, tags on."
    kinder = "Of course: send your boots back within 45 days of delivery, with their tags, please."
    assert mended(kinder, VerdictKind.NEEDS_REPHRASING, "too short and cold", answer).passed


@pytest.mark.parametrize(
    ("text", "verdict", "says"),
    [
        ("Bananas are yellow fruit, and they grow in warm countries.", "incorrect", "was asked"),
        ("Bananas are yellow and take 45 days from harvest to delivery.", "incorrect", "no source"),
        (
            "Lorem ipsum dolor sit amet consectetur adipiscing elit sed do.",
            "incorrect",
            "was asked",
        ),
        ("How long do I have to send back boots, please?", "incorrect", "than the question"),
        ("You can return your boots within 31 days of delivery.", "incorrect", "not have 31"),
        ("You may return your boots within 30 days of delivery.", "incorrect", "not have 30"),
        ("You can return your shoes within 30 days of delivery.", "incorrect", "not have 30"),
        (
            "boots outdoors unworn tags carry delivery scan count send",
            "incorrect",
            "whole sentences",
        ),
        ("You could return your boots within 30 days of delivery.", "needs_rephrasing", "two"),
    ],
)
def test_a_correction_that_mends_nothing_is_told_what_is_missing(
    text: str, verdict: str, says: str
) -> None:
    outcome = mended(text, VerdictKind(verdict))
    assert not outcome.passed
    assert says in outcome.feedback


def test_one_changed_word_mends_nothing() -> None:
    answer = "You can send back boots within 45 days of delivery."
    for text in (
        "You can send back tags within 45 days of delivery.",
        "You cannot send back boots within 45 days of delivery.",
        "You can send back bananas within 45 days of delivery.",
    ):
        outcome = mended(text, VerdictKind.INCORRECT, "it is simply wrong", answer)
        assert not outcome.passed
        assert "the number or the condition" in outcome.feedback


@pytest.mark.parametrize("reason", [WRONG, "the document is wrong"])
def test_without_a_source_a_correction_must_still_answer(reason: str) -> None:
    off = "Bananas are yellow fruit, and they grow in warm countries."
    assert "was asked" in judged(off, VerdictKind.INCORRECT, reason).feedback
    assert "was asked" in mended(off, VerdictKind.INCORRECT, reason).feedback
    assert "nobody has checked" in judged(CORRECTION, VerdictKind.INCORRECT).feedback
