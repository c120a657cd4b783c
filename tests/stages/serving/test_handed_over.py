"""A hand-off is told in the customer's own language, whole, and alike for all reasons."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from northloop.core.conversation import Message
from northloop.core.interaction import HandoffReason, Question
from northloop.core.treatment import Mode
from northloop.stages.data.languages import language_of
from northloop.stages.serving.answer import AnswerPath
from northloop.stages.serving.handed_over import LANGUAGES, told
from stages.serving.shop import ask, question

MakePath = Callable[..., AnswerPath]

ASKED = {
    "English": "How long can I return the boots that I bought last week?",
    "German": "Wie lange kann ich die Stiefel zurückgeben, die ich letzte Woche gekauft habe?",
    "French": "Pendant combien de temps puis-je rendre les bottes achetées la semaine dernière ?",
    "Spanish": "¿Durante cuánto tiempo puedo devolver las botas que compré la semana pasada?",
    "Italian": "Per quanto tempo posso restituire gli stivali comprati la settimana scorsa?",
    "Portuguese": "Durante quanto tempo posso devolver as botas que comprei na semana passada?",
    "Dutch": "Hoe lang kan ik de laarzen terugsturen die ik vorige week heb gekocht?",
    "Polish": "Jak długo mogę zwrócić buty, które kupiłem w zeszłym tygodniu?",
    "Swedish": "Hur länge kan jag lämna tillbaka kängorna som jag köpte förra veckan?",
    "Japanese": "先週買ったブーツはいつまで返品できますか？",
    "Chinese": "我上周买的靴子多久之内可以退货？",
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_reason_is_told_in_every_language_that_is_read(language: str) -> None:
    said = {reason: told(reason, language) for reason in HandoffReason}
    assert all(text and "  " not in text for text in said.values())
    assert {language_of(text) for text in said.values()} == {language}
    unexplained = {HandoffReason.NOT_CERTIFIED, HandoffReason.HELD_OUT}
    assert len({*said.values()}) == len(said) - len(unexplained) + 1
    assert language_of(ASKED[language]) == language


def test_who_writes_in_another_language_is_told_in_english() -> None:
    english = told(HandoffReason.NOT_CONFIDENT)
    assert told(HandoffReason.NOT_CONFIDENT, "Finnish") == english
    assert told(HandoffReason.NOT_CONFIDENT, "English") == english


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_customer_reads_it_in_the_language_of_the_question_and_again_when_it_is_asked_again(
    make_path: MakePath, language: str
) -> None:
    path = make_path(mode=Mode.DRAFT, language=language_of)
    asked = question(ASKED[language])
    text, kept = ask(path, asked)
    assert kept.handoff is not None
    assert text == kept.answer == told(kept.handoff, language)
    assert next(iter(path.replay(kept, asked))) == text


def test_a_message_without_words_is_in_the_language_of_those_before_it(make_path: MakePath) -> None:
    path = make_path(mode=Mode.DRAFT, language=language_of)
    said = ((ASKED["German"], "user"), ("45 Tage.", "assistant"), ("OK?", "user"))
    asked = Question(
        interaction_id="i1", messages=tuple(Message(role, content) for content, role in said)
    )
    text, kept = ask(path, asked)
    assert kept.handoff is not None and text == told(kept.handoff, "German")


OWN = {"English": "We reply within the hour.", "Finnish": "Vastaamme tunnin kuluessa."}


@pytest.mark.parametrize(
    ("reason", "language", "said"),
    [
        (HandoffReason.NOT_CERTIFIED, "English", "We reply within the hour."),
        (HandoffReason.ASKED_FOR_HUMAN, "English", "We reply within the hour."),
        (
            HandoffReason.TOO_LONG,
            "English",
            "This is more than I can read at once. We reply within the hour.",
        ),
        (HandoffReason.TOO_LONG, "Finnish", "Vastaamme tunnin kuluessa."),
        (HandoffReason.NOT_CERTIFIED, "Danish", "We reply within the hour."),
        (HandoffReason.NOT_CERTIFIED, "", "We reply within the hour."),
    ],
)
def test_a_team_has_its_own_words(reason: HandoffReason, language: str, said: str) -> None:
    assert told(reason, language, OWN) == said
    assert told(reason, "German", OWN) == told(reason, "German")


def test_own_words_are_told_from_the_next_answer_on(make_path: MakePath) -> None:
    words: dict[str, str] = {}
    path = make_path(mode=Mode.DRAFT, language=language_of, own_words=lambda: words)
    asked = question(ASKED["German"])
    before, kept = ask(path, asked)
    words["German"] = "Wir antworten binnen einer Stunde."
    assert before == told(kept.handoff or HandoffReason.HELD_OUT, "German")
    assert next(iter(path.replay(kept, asked))).endswith(words["German"])
    later = question(f"{ASKED['German']} Danke!")
    assert ask(path, later)[0].endswith(words["German"])
