"""Words of a question beside those of the documents, with an embedder whose words are known."""

from __future__ import annotations

import threading

import numpy as np
import pytest

from northloop.core.conversation import Passage
from northloop.ports.models import WordByWord
from northloop.stages.serving.quote import clues
from northloop.stages.serving.quote.clues import Clues
from northloop.stages.serving.quote.late import Late
from northloop.stages.serving.quote.library import Library
from northloop.stages.serving.quote.parts import Names
from northloop.stages.serving.quote.sentences import sentences
from northloop.testing.models import HashEmbedder
from stages.serving.quote.by_word import ByWord

PASSAGES = [
    Passage("flat#1", "flat", "Repairs", "Bring a bicycle with a flat tyre. We mend it at once."),
    Passage("hire#1", "hire", "Hire", "A bicycle costs 9 a day. The day ends at six."),
    Passage("post#1", "post", "Parcels", "We send parcels every day. " + "And on and on. " * 12),
]


@pytest.fixture
def embedder() -> ByWord:
    return ByWord()


@pytest.fixture
def late(embedder: ByWord) -> Late:
    return Late(embedder, PASSAGES, sentences(PASSAGES))


def test_words_that_mean_the_same_are_near_however_they_are_spelt(late: Late) -> None:
    near = late.passages(late.said("bike puncture"), 0, 3)
    assert near[0] == pytest.approx(1 - 0.6)
    assert near.argmax() == 0 and near[1] > near[2]


def test_rare_words_count_for_more(late: Late) -> None:
    near = late.passages(late.said("a day flat"), 0, 3)
    assert near[0] > near[1]  # "flat" in one passage alone, "day" in two


def test_words_that_no_passage_has_take_away_and_are_known_by_no_passage(late: Late) -> None:
    said = late.said("bike zeppelin")
    assert said.weights[1] > said.weights[0] and said.weights.sum() == pytest.approx(1.0)
    assert (late.passages(said, 0, 3) < late.passages(late.said("bike"), 0, 3)).tolist() == [
        True,
        True,
        False,
    ]


def test_each_sentence_is_held_against_its_own_words(late: Late) -> None:
    quoted = sentences(PASSAGES)
    near = late.sentences(late.said("mend"), 0, 2)
    assert quoted[int(np.argmax(near))].text == "We mend it at once."


def test_a_row_is_held_against_what_its_columns_are_called_too(embedder: ByWord) -> None:
    table = "| Plan | Requests a day | |---|---| | Team | 300 | | Firm | 900 |"
    known = [Passage("api#1", "api", "Limits", f"A firm has a key.\n{table}")]
    quoted = sentences(known)
    late = Late(embedder, known, quoted)
    near = late.sentences(late.said("requests firm"), 0, len(quoted))
    assert quoted[int(np.argmax(near))].text == "| Firm | 900 |"


def test_a_sentence_beyond_what_was_read_is_as_near_as_its_passage(late: Late) -> None:
    quoted = [n for n, one in enumerate(sentences(PASSAGES)) if one.passage == 2]
    near = late.sentences(late.said("parcels"), quoted[0], quoted[-1] + 1)
    whole = late.passages(late.said("parcels"), 2, 3)
    assert near[0] == near[-1] == whole[0] and near[1] < near[0]


def test_a_question_without_words_is_near_to_nothing(late: Late) -> None:
    assert (late.passages(late.said(""), 0, 3) == np.float32(-0.6)).all()


def test_many_threads_may_ask(late: Late) -> None:
    texts = [f"bike {n}" for n in range(50)]
    expected = [late.passages(late.said(text), 0, 3).tolist() for text in texts]
    found: list[list[list[float]]] = []

    def ask() -> None:
        found.append([late.passages(late.said(text), 0, 3).tolist() for text in texts])

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [expected] * 4


def test_only_embedders_that_read_words_and_the_language_are_asked(embedder: ByWord) -> None:
    class OfEnglish(ByWord):
        english_alone = True

    text = "Was Ihnen nicht gefällt, schicken Sie binnen 30 Tagen zurück; den Preis erstatten wir. "
    german = [Passage("d#1", "d", "Rückgabe", text * 20)]
    assert isinstance(embedder, WordByWord) and not isinstance(HashEmbedder(), WordByWord)
    assert Library(PASSAGES, embedder, Names([])).late is not None
    assert Library(PASSAGES, HashEmbedder(), Names([])).late is None
    assert Library(german, OfEnglish(), Names([])).late is None
    assert Library([], embedder, Names([])).late is None


def test_documents_that_nothing_speaks_for_are_no_nearer_than_those_that_are_looked_at(
    embedder: ByWord, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = clues.TEXT.index("late")
    every = Clues(Library(PASSAGES, embedder, Names([]))).text("bike puncture")[:, place]
    monkeypatch.setattr(clues, "MOST", 2)
    some = Clues(Library(PASSAGES, embedder, Names([]))).text("bike puncture")[:, place]
    assert some[:2].tolist() == every[:2].tolist() and some[2] == every[:2].min()
