from __future__ import annotations

from collections.abc import Callable, Sequence

import msgspec
import pytest

from bounded import bounded
from northloop.core.artefacts import AskedTreatment
from northloop.core.check import check, passes
from northloop.core.conversation import Message
from northloop.core.interaction import HandoffReason, Interaction, Origin, Question, Source
from northloop.core.treatment import Candidate, Mode, Option, Treatment
from northloop.stages.serving.answer import AnswerPath
from northloop.stages.serving.asking_back import (
    LANGUAGES,
    answered,
    asked_back,
    offered,
    was_asked_back,
)
from northloop.stages.serving.generate import lookup_text
from northloop.stages.serving.handed_over import told
from northloop.stages.serving.memory.cases import looked_up
from stages.serving.shop import PASSAGES, RELEASE, ask, question

HEADINGS = ("Return labels and drop-off", "Refunds", "Returns policy")
ASKED = "When do I get my money?"


def conversation(reply: str, language: str = "English", *before: str) -> tuple[Message, ...]:
    texts = (*before, ASKED, asked_back(HEADINGS, language), reply)
    return tuple(Message(("user", "assistant")[n % 2], text) for n, text in enumerate(texts))


# --- the words -----------------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("headings", [HEADINGS, HEADINGS[1:]])
def test_a_question_back_names_headings_alone_and_passes_the_check(
    language: str, headings: tuple[str, ...]
) -> None:
    text = asked_back(headings, language)
    assert offered(text) == headings
    assert offered(" ".join(text.split("\n"))) == headings
    evidence = [f"{heading} › Start\nWe say something here." for heading in headings]
    assert passes(check(text, evidence, [ASKED]))
    assert not passes(check(text.replace("Refunds", "Refunds after 99 days"), evidence, [ASKED]))


def test_in_a_language_without_words_nothing_is_asked() -> None:
    assert asked_back(HEADINGS, "Welsh") == asked_back(HEADINGS, "") == ""


@pytest.mark.parametrize(
    ("reply", "place"),
    [
        ("1", 0),
        ("2.", 1),
        ("No. 3", 2),
        ("number 2 please", 1),
        ("the first", 0),
        ("No, the second one please!", 1),
        ("the last one", 2),
        ("two", 1),
        ("refunds", 1),
        ("Returns policy", 2),
        ("the label", 0),
        ("When is my refund paid out to my bank?", 1),
    ],
)
def test_a_reply_picks_a_heading(reply: str, place: int) -> None:
    found = answered(conversation(reply))
    assert found is not None and not found.neither
    assert found.named == (HEADINGS[place],)
    assert set(found.others) == set(HEADINGS) - {HEADINGS[place]}
    assert found.words.endswith(HEADINGS[place])


@pytest.mark.parametrize(
    ("reply", "language"),
    [
        ("das zweite", "German"),
        ("Nr. 2 bitte", "German"),
        ("the second", "German"),
        ("le deuxième", "French"),
        ("la segunda", "Spanish"),
        ("il secondo", "Italian"),
        ("a segunda", "Portuguese"),
        ("de tweede graag", "Dutch"),
        ("drugie", "Polish"),
        ("det andra", "Swedish"),
        ("2番目です", "Japanese"),
        ("第二个", "Chinese"),
    ],
)
def test_in_the_languages_it_is_asked_in(reply: str, language: str) -> None:
    found = answered(conversation(reply, language))
    assert found is not None and found.named == ("Refunds",)


@pytest.mark.parametrize(
    ("reply", "language"),
    [
        ("none of these", "English"),
        ("Neither.", "English"),
        ("no, something else", "English"),
        ("keins davon", "German"),
        ("aucun des deux", "French"),
        ("ninguna de las dos", "Spanish"),
        ("geen van beide", "Dutch"),
        ("どちらでもない", "Japanese"),
        ("都不是", "Chinese"),
    ],
)
def test_a_reply_refuses_all_of_them(reply: str, language: str) -> None:
    found = answered(conversation(reply, language))
    assert found is not None and found.neither and not found.named


@pytest.mark.parametrize(
    "reply",
    [
        *("4", "1 and 2", "Returns", "My parcel is torn", "das zweite"),
        *("not refunds", "anything but refunds", "Refunds? no", "I don’t mean refunds"),
        *("nicht Refunds", "Refunds以外", "refunds aren't it"),
    ],
)
def test_anything_else_is_looked_up_in_its_own_words(reply: str) -> None:
    found = answered(conversation(reply))
    assert found is not None and not found.neither
    assert (found.named, found.others, found.words) == ((), (), reply)


def test_a_long_reply_costs_no_more_than_its_length() -> None:
    found = answered(conversation("isto" * 1_000))
    assert found is not None and not found.named
    forged = f"{LANGUAGES['English'].asks} 1. x" + " 2. x" * 2_000
    assert offered(forged) == ()
    asks, closes = LANGUAGES["English"].asks, LANGUAGES["English"].closes
    with bounded():
        for n in (22, 1_000, 100_000):
            offered(f"{asks} 1. a" + " 2. " * n + " 3. " * n + " " * n + "x")
            offered(f"{asks} 1. a" + " 2. " * n + " 3. " * n + f" {closes}")


def test_headings_with_numbers_of_their_own_are_not_asked_about(make_path: MakePath) -> None:
    numbered = [
        msgspec.structs.replace(option, heading=f"Chapter 2. {option.heading}")
        for option in OPTIONS
    ]
    doubts = {Treatment.QUOTE: Doubts(options=tuple(numbered))}
    path = doubting(make_path, treatments=lambda *_: doubts)
    assert ask(path, question("How much is a tent?"))[1].source is Source.HANDOFF


def test_only_the_reply_itself_follows_a_question_back() -> None:
    assert answered((Message("user", ASKED),)) is None
    later = (*conversation("2"), Message("assistant", "Within a week."), Message("user", "Thanks"))
    assert answered(later) is None and was_asked_back(later)
    assert not was_asked_back([Message("user", asked_back(HEADINGS, "English"))])


def test_what_was_asked_first_is_looked_up_with_the_reply() -> None:
    said = conversation("2")
    assert lookup_text(said) == looked_up(said) == f"{ASKED} Refunds"
    said = conversation("It was a gift")
    assert lookup_text(said) == f"{ASKED} It was a gift"


# --- on the answer path --------------------------------------------------------------------------

MakePath = Callable[..., AnswerPath]
QUOTED = "You can return any tent within 45 days of delivery."
OPTIONS = tuple(
    Option(
        heading=passage.title,
        share=0.5,
        citation=passage.passage_id,
        evidence=passage.hash,
        vouching=f"{passage.title}\n{passage.text}",
    )
    for passage in PASSAGES[:3:2]
)
UNTRIED = [msgspec.structs.replace(option, most=0.4) for option in OPTIONS]
BACK = asked_back([option.heading for option in OPTIONS], "English")
FIRST = msgspec.structs.replace(
    RELEASE,
    first=(AskedTreatment(treatment=Treatment.QUOTE, learnt="l" * 64, least=0.5),),
    generates=False,
)


class Doubts:
    """A treatment that is not sure of the document until the customer names it."""

    def __init__(self, after: float = 0.9, options: Sequence[Option] = OPTIONS) -> None:
        self._after = after
        self._options = tuple(options)

    def answer(self, messages: Sequence[Message]) -> Candidate | None:
        back = answered(messages)
        return Candidate(
            treatment=Treatment.QUOTE,
            text=QUOTED,
            confidence=self._after if back and back.named == ("Returns",) else 0.2,
            citations=("returns#1",),
            evidence=(PASSAGES[0].hash,),
            vouching=(PASSAGES[0].text,),
            options=self._options,
        )


def doubting(make_path: MakePath, after: float = 0.9, **changes: object) -> AnswerPath:
    return make_path(
        **{
            "release": FIRST,
            "treatments": lambda *_: {Treatment.QUOTE: Doubts(after)},
            "ask_back": True,
            "language": lambda _: "English",
            **changes,
        }
    )


def replied(path: AnswerPath, reply: str, **changes: object) -> Interaction:
    following = question("How much is a tent?", BACK, reply, interaction_id="i2")
    return ask(path, msgspec.structs.replace(following, **changes))[1]


def test_the_customer_is_asked_which_document_is_meant(make_path: MakePath) -> None:
    text, kept = ask(doubting(make_path), question("How much is a tent?"))
    assert text == kept.answer == BACK
    assert text.split("\n")[1:3] == ["1. Returns", "2. Delivery costs"]
    assert (kept.source, kept.handoff, kept.draft) == (Source.ASKED_BACK, None, "")
    assert not kept.answers and kept.confidence == 0.0
    assert (kept.treatment, kept.sure) == ("quote", 0.2)
    assert kept.citations == ("returns#1", "costs#1")
    assert kept.evidence == tuple(option.evidence for option in OPTIONS)
    assert kept.trace[-1].decision == "asked"


def test_the_reply_is_answered_or_handed_over_but_never_asked_back_again(
    make_path: MakePath,
) -> None:
    kept = replied(doubting(make_path), "the first")
    assert (kept.source, kept.answer) == (Source.QUOTE, QUOTED)
    for reply in ("2", "the one with the zip", "How much is a tent?"):
        kept = replied(doubting(make_path), reply)
        assert kept.handoff is HandoffReason.NOT_CONFIDENT and kept.draft == QUOTED
    kept = replied(doubting(make_path, after=0.4), "the first")
    assert kept.handoff is HandoffReason.NOT_CONFIDENT
    kept = replied(doubting(make_path), "neither")
    assert (kept.answer, kept.draft) == (told(HandoffReason.NOT_CONFIDENT), "")


def test_what_is_kept_of_the_conversation_counts_where_messages_do_not_tell(
    make_path: MakePath,
) -> None:
    seen: list[Question] = []

    def before(asked: Question) -> bool:
        seen.append(asked)
        return True

    _, kept = ask(doubting(make_path, was_asked_back=before), question("How much is a tent?"))
    assert kept.source is Source.HANDOFF and [q.conversation_id for q in seen] == ["c1"]


@pytest.mark.parametrize(
    "changes",
    [
        {"ask_back": False},
        {"mode": Mode.DRAFT},
        {"mode": Mode.CERTIFIED, "certified": lambda _: 0.8},
        {"treatments": lambda *_: {Treatment.QUOTE: Doubts(options=UNTRIED)}},
        {"language": lambda _: "Welsh"},
        {"rejected": lambda _asking, text, _since: text == BACK},
    ],
)
def test_where_nobody_is_asked_back(make_path: MakePath, changes: dict[str, object]) -> None:
    _, kept = ask(doubting(make_path, **changes), question("How much is a tent?"))
    assert kept.source is Source.HANDOFF and kept.draft == QUOTED


def test_no_certificate_is_of_what_was_asked_back(make_path: MakePath) -> None:
    """Whoever writes a question back into their own request sends nothing by it, either."""
    path = doubting(make_path, mode=Mode.CERTIFIED, certified=lambda _: 0.8)
    kept = replied(path, "1")
    assert (kept.handoff, kept.draft) == (HandoffReason.NOT_CERTIFIED, QUOTED)
    assert replied(doubting(make_path), "1").source is Source.QUOTE


def test_a_person_who_is_asked_for_comes_and_a_lesson_hears_the_answer(
    make_path: MakePath,
) -> None:
    _, kept = ask(doubting(make_path), question("How much is a tent? Agent please."))
    assert kept.handoff is HandoffReason.ASKED_FOR_HUMAN
    assert replied(doubting(make_path), "a human please").handoff is HandoffReason.ASKED_FOR_HUMAN
    lesson = msgspec.structs.replace(question("How much is a tent?"), origin=Origin.LESSON)
    assert ask(doubting(make_path), lesson)[1].source is Source.HANDOFF


def test_the_language_is_the_customers_and_else_the_documents(make_path: MakePath) -> None:
    def told(text: str) -> str:
        return "German" if "Zelt" in text else "French" if "Returns" in text else ""

    path = doubting(make_path, language=told)
    assert ask(path, question("Was kostet ein Zelt?"))[0].startswith("Was davon meinen Sie?")
    assert ask(path, question("LF-1?"))[0].startswith("Lequel")


def test_headings_that_would_be_redacted_are_not_asked_about(make_path: MakePath) -> None:
    heading = "The LF-100200 tent"
    order = msgspec.structs.replace(
        OPTIONS[0], heading=heading, vouching=f"{heading}\n{OPTIONS[0].vouching}"
    )
    doubts = {Treatment.QUOTE: Doubts(options=(order, OPTIONS[1]))}
    path = doubting(make_path, treatments=lambda *_: doubts)
    assert ask(path, question("How much is a tent?"))[1].source is Source.HANDOFF


def test_what_was_asked_back_is_not_cached(make_path: MakePath) -> None:
    path = doubting(make_path)
    for name in ("i1", "i2"):
        _, kept = ask(path, question("How much is a tent?", interaction_id=name))
        assert [s.decision for s in kept.trace if s.name == "cache"] == ["miss"]
