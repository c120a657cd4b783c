from __future__ import annotations

import numpy as np
import pytest

from northloop.stages.serving.quote import asking
from northloop.stages.serving.quote.library import Library
from northloop.stages.serving.quote.parts import Names
from stages.serving.quote.library_town import EMBEDDER, PASSAGES

LIBRARY = Library(PASSAGES, EMBEDDER, Names.of([]))
ASKS = ("What is the fee?", "May I book a room?", "How do I get a card?", "When do you open?")
SAYS = ("My name is [NAME].", "We were on holiday.", "Thank you so much.", "I live at [ADDRESS].")
MESSAGES = [(says, asks) if n % 2 else (asks, says) for n, says in enumerate(SAYS) for asks in ASKS]


def laid_out() -> tuple[list[asking.Floats], list[asking.Floats]]:
    rows = [asking.features(LIBRARY, texts) for texts in MESSAGES]
    return rows, [np.array([float(text in ASKS) for text in texts]) for texts in MESSAGES]


def test_parts_that_ask_are_told_from_what_is_said_besides() -> None:
    rows, led = laid_out()
    weights = asking.fit(rows, led)
    new = asking.features(LIBRARY, ("I come with [NAME].", "How far ahead may I book?"))
    says, asks = asking.asks(new, weights)
    assert asks > 0.6 > 0.4 > says


def test_of_messages_of_which_nothing_is_known_nothing_is_learnt() -> None:
    rows, led = laid_out()
    nothing = [np.array([]) for _ in led]
    assert not len(asking.fit(rows, nothing))
    assert not len(asking.fit([], []))
    assert (asking.asks(rows[0], np.zeros(0)) == 1.0).all()
    half = [one if n % 2 else np.array([]) for n, one in enumerate(led)]
    assert all(len(found) == 2 for found in asking.crossed(rows, half))


def test_what_a_message_itself_teaches_is_not_said_of_it() -> None:
    """One message of each fold is told wrongly: it does not learn that from itself."""
    rows, led = laid_out()
    turned = [1 - one if n == 3 else one for n, one in enumerate(led)]
    assert asking.crossed(rows, turned)[3] == pytest.approx(asking.crossed(rows, led)[3])


@pytest.mark.parametrize(
    ("asked", "of_parts", "chosen", "expected"),
    [
        ((1.0, 1.0), ((0.9, 0.05, 0.05), (0.9, 0.05, 0.05)), [0], 0.1),
        ((1.0, 1.0), ((0.9, 0.05, 0.05), (0.1, 0.8, 0.1)), [0], 0.9),
        ((1.0, 1.0), ((0.9, 0.05, 0.05), (0.1, 0.8, 0.1)), [0, 1], 0.1),
        ((1.0, 0.1), ((0.9, 0.05, 0.05), (0.1, 0.8, 0.1)), [0], 0.1),
    ],
)
def test_a_part_that_asks_for_another_document_is_unanswered(
    asked: tuple[float, ...],
    of_parts: tuple[tuple[float, ...], ...],
    chosen: list[int],
    expected: float,
) -> None:
    found = asking.unanswered(np.array(asked), np.log(np.array(of_parts)), chosen)
    assert found == pytest.approx(expected)
