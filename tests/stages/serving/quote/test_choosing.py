from __future__ import annotations

import numpy as np
import pytest

from northloop.stages.serving.quote import choosing, clues
from northloop.stages.serving.quote.choosing import Choice, Weights, chosen, log_softmax, texts_of
from northloop.stages.serving.quote.clues import Clues, Past
from northloop.stages.serving.quote.library import Library
from northloop.stages.serving.quote.parts import Names
from stages.serving.quote.library_town import EMBEDDER, PASSAGES

LIBRARY = Library(PASSAGES, EMBEDDER, Names(()))
WEIGHTS = Weights(clues.prior(), choosing.two_prior())


def choice(question: str, *gone: str) -> Choice:
    texts = texts_of(question)
    count = len(LIBRARY.ids)
    past = Past(np.zeros(count + 1), np.zeros(count, bool))
    out = [LIBRARY.ids.index(document) for document in gone]
    return chosen(Clues(LIBRARY), WEIGHTS, texts, [past] * len(texts), out)


def documents(found: Choice) -> list[str]:
    return [LIBRARY.ids[request.document] for request in found.requests]


def test_logs_of_shares_add_up() -> None:
    logs = log_softmax(np.array([[1.0, 2.0], [1e4, -1e6]]))
    np.testing.assert_allclose(np.exp(logs).sum(axis=1), 1.0)


def test_one_question_has_one_document() -> None:
    found = choice("How do I book a study room?")
    assert documents(found) == ["rooms"] and found.two == 0.0 and not found.cued
    assert found.requests[0].text == "How do I book a study room?"


def test_two_questions_have_two_documents_in_the_order_they_were_asked() -> None:
    found = choice("How are study rooms booked? Another question: what is the fee for late books?")
    assert found.cued
    assert found.two > choice("How are study rooms booked? Can study rooms be booked?").two
    if len(found.requests) == 2:
        assert documents(found) == ["rooms", "fines"]
        assert "late books" in found.requests[1].text


def test_a_document_that_is_gone_is_not_chosen() -> None:
    found = choice("How do I book a study room?", "rooms")
    assert documents(found) != ["rooms"]
    assert found.joint[LIBRARY.ids.index("rooms")] < -100


@pytest.mark.parametrize("text", ["", "hm", "?"])
def test_there_is_always_a_choice(text: str) -> None:
    assert len(choice(text).requests) == 1


def test_a_second_question_may_begin_with_oh_and() -> None:
    assert choice("How are study rooms booked? Oh, and what is the fee for late books?").cued == 1
    assert not choice("How are study rooms booked? And what is the fee for late books?").cued
