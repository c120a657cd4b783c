"""Questions about things that neither documents nor earlier questions know."""

from __future__ import annotations

import numpy as np
import pytest

from northloop.core.conversation import Message, Passage
from northloop.stages.serving import quote
from northloop.stages.serving.quote import unheard
from northloop.stages.serving.quote.library import Library
from northloop.stages.serving.quote.parts import Names, telling
from northloop.stages.serving.quote.unheard import Unheard
from northloop.testing.models import HashEmbedder
from stages.serving.quote.by_word import ByWord

PASSAGES = [
    Passage("flat#1", "flat", "Repairs", "Bring a bicycle with a flat tyre. We mend it at once."),
    Passage("hire#1", "hire", "Hire", "A bicycle costs 9 a day. The day ends at six."),
    Passage(
        "bags#1",
        "bags",
        "Bags",
        "In rain the Nook 300 is light. In frost the Nook 500 is warm. Until December 24 it is 9.",
    ),
]
FLAT, HIRE, BAGS = 1, 2, 0


def told(
    question: str,
    document: int = HIRE,
    heard: str = "",
    embedder: HashEmbedder | None = None,
    asks: float = 1.0,
) -> bool:
    names = Names.of([f"{passage.title}. {passage.text}" for passage in PASSAGES])
    library = Library(PASSAGES, embedder or ByWord(), names)
    known = Unheard(library, {*heard.split(",")} - {""})
    return known.is_asked_of([question], np.array([asks]), [document])


def test_a_thing_that_nobody_has_named_is_unheard_of() -> None:
    assert told("How much is a zeppelin a day?")
    assert not told("How much is a bicycle a day?")


def test_other_words_for_what_the_document_says_are_not() -> None:
    assert not told("How much is a bike a day?")
    assert not told("Do you mend a puncture?", FLAT)


def test_nor_is_what_others_have_asked_or_another_document_says() -> None:
    assert not told("How much is a zeppelin a day?", heard="zeppel")
    assert not told("How much is a tyre a day?")


def test_where_no_spaces_part_words_only_names_are_told_apart() -> None:
    assert not told("飛行船は一日いくらですか")


def test_much_of_what_is_asked_has_to_hang_on_it() -> None:
    long = "bicycle day costs ends six mend bring flat light warm frost rain bicycle tyre once"
    assert not told(f"How much is a zeppelin {long}?")


def test_what_asks_for_nothing_does_not_count() -> None:
    library = Library(PASSAGES, ByWord(), Names(()))
    known = Unheard(library, frozenset())
    texts = ["We came by zeppelin.", "How much is a bicycle a day?"]
    assert known.is_asked_of(texts, np.array([1.0, 1.0]), [HIRE])
    assert not known.is_asked_of(texts, np.array([0.05, 1.0]), [HIRE])


@pytest.mark.parametrize("question", ["", "?", "[ORDER]", "is it so"])
def test_a_question_without_words_is_about_nothing_unheard_of(question: str) -> None:
    assert not told(question)


def test_where_each_word_has_one_vector_more_has_to_hang_on_it() -> None:
    class Apart(HashEmbedder):
        of_words = True

    assert told("How much is a zeppelin a day?", embedder=Apart())
    assert not told("How much is a bicycle a day?", embedder=Apart())
    assert told("zeppelin bicycle costs ends mend bring frost warm")
    assert not told("zeppelin bicycle costs ends mend bring frost warm", embedder=Apart())


def test_words_in_a_language_that_an_embedder_does_not_understand_are_not_told_apart() -> None:
    class OfEnglish(HashEmbedder):
        of_words = english_alone = True

    text = "Ein Fahrrad kostet 9 Euro am Tag. Der Tag endet um sechs, und nicht später. " * 20
    known = [Passage("hire#1", "hire", "Verleih", text)]
    library = Library(known, OfEnglish(), Names(()))
    asked = ["Was kostet ein Zeppelin am Tag?"]
    assert not Unheard(library, frozenset()).is_asked_of(asked, np.array([1.0]), [0])


def test_an_embedder_of_whole_texts_tells_no_words_apart() -> None:
    assert not told("How much is a zeppelin a day?", embedder=HashEmbedder())


@pytest.mark.parametrize("question", ["How warm is the Nook 800?", "is a nook-800 warm in frost"])
def test_a_name_with_another_number_is_unheard_of_whatever_the_embedder(question: str) -> None:
    assert told(question, BAGS, embedder=HashEmbedder())


@pytest.mark.parametrize(
    "question",
    [
        "How warm is the Nook 500?",
        "the nook 300 in rain",
        "Is it 9 until December 12?",
        "I pay 800 for the Nook",
        "Nook 800.50 is much",
        "the Nook 80% off",
    ],
)
def test_other_numbers_are_not(question: str) -> None:
    assert not told(question, BAGS, embedder=HashEmbedder())


def test_nor_is_a_number_that_others_have_asked_about() -> None:
    assert not told("the Nook 800", BAGS, heard="nook 800", embedder=HashEmbedder())


@pytest.mark.parametrize(
    ("question", "unheard_of"),
    [
        ("Was kostet Glasfaser 250?", True),
        ("Was kostet Glasfaser 500?", False),
        ("Gilt die Kündigung alle Monate 4 Wochen?", False),
        ("Wie weit ist es in Raum 9?", False),
    ],
)
def test_a_noun_with_several_numbers_is_a_name_where_every_noun_has_a_capital(
    question: str, unheard_of: bool
) -> None:
    text = (
        "Der Tarif Glasfaser 100 kostet 29 Euro im Monat. Wer den Tarif Glasfaser 500 hat, zahlt "
        "49 Euro. Die Kündigung ist alle Monate 3 Tage und alle Monate 5 Tage lang möglich. Der "
        "Schalter ist in Raum 7 auf der linken Seite des Ganges und nicht in der Halle."
    )
    passages = [Passage("tarif#1", "tarif", "Tarife", text)]
    names = Names.of([text])
    assert not names.capitals
    known = Unheard(Library(passages, HashEmbedder(), names), set())
    assert known.is_asked_of([question], np.array([1.0]), [0]) == unheard_of


def test_a_quote_for_it_is_half_as_sure(monkeypatch: pytest.MonkeyPatch) -> None:
    treatment = quote.load(quote.learn((), PASSAGES, ByWord()), PASSAGES, ByWord())

    def sure(question: str) -> float:
        found = treatment.answer([Message("user", question)])
        assert found is not None
        return found.confidence

    of_it, of_others = sure("How much is a zeppelin a day?"), sure("How much is a bike a day?")
    monkeypatch.setattr(unheard, "FACTOR", 1.0)
    assert of_it == pytest.approx(sure("How much is a zeppelin a day?") / 2)
    assert of_others == sure("How much is a bike a day?")


def test_a_word_is_looked_up_as_questions_are_cut() -> None:
    assert telling("zeppelins") == ["zeppel"]
