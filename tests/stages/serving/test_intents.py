from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pytest
from numpy.typing import NDArray

from northloop.stages.serving.intents import LEAST, MOST_BORDERS, about, parted

LABELS = ("refund", "return", "size")


class Told:
    """Implements `ports.heads.Head`: probabilities by the words that stand in a text."""

    labels = LABELS

    def __init__(self, sure: Mapping[str, Sequence[float]]) -> None:
        self._sure = sure
        self.asked: list[str] = []

    def probabilities(self, texts: Sequence[str]) -> NDArray[np.float64]:
        self.asked += texts
        found = [
            next((said for word, said in self._sure.items() if word in text), [1 / 3] * 3)
            for text in texts
        ]
        return np.array(found, np.float64).reshape(len(texts), 3)


BOTH = "How long may I send it back? And where is my money?"


def test_the_likeliest_label_counts() -> None:
    found = about(Told({"money": [0.8, 0.1, 0.1]}), "Where is my money")
    assert found.labels == ("refund",)
    assert found.probability == 0.8


def test_what_nothing_speaks_for_is_about_nothing() -> None:
    few = Told({"poem": [0.38, 0.32, 0.3]})
    assert about(few, "Write a poem").labels == () == about(few, "and what nobody knows").labels

    class Many(Told):
        labels = tuple(map(str, range(20)))

        def probabilities(self, texts: Sequence[str]) -> NDArray[np.float64]:
            rest = (1 - LEAST + 0.01) / 19
            return np.array([[LEAST - 0.01, *[rest] * 19]] * len(texts)).reshape(-1, 20)

    assert about(Many({}), "Write a poem").labels == ()


def test_two_requests_are_told_in_their_order() -> None:
    head = Told({BOTH: [0.5, 0.45, 0.05], "send it back": [0.1, 0.9, 0], "money": [0.95, 0.05, 0]})
    found = about(head, BOTH)
    assert found.labels == ("return", "refund")
    assert found.probability == pytest.approx(0.9)


def test_a_side_that_is_unsure_is_no_request() -> None:
    head = Told({BOTH: [0.5, 0.45, 0.05], "send it back": [0.3, 0.6, 0.1], "money": [1, 0, 0]})
    assert about(head, BOTH).labels == ("refund",)


def test_a_label_that_the_whole_knows_nothing_of_is_no_request() -> None:
    head = Told({BOTH: [0.97, 0.02, 0.01], "send it back": [0.1, 0.9, 0], "money": [1, 0, 0]})
    assert about(head, BOTH).labels == ("refund",)
    assert head.asked == [BOTH]


def test_greetings_and_thanks_are_no_parts() -> None:
    assert parted("Hi there. Where is my parcel? Thanks!") == []


@pytest.mark.parametrize("text", ["", "   ", "?!", "\n\n\n", "a" * 100_000, "…" * 5000])
def test_hardly_a_text_has_no_parts(text: str) -> None:
    assert parted(text) == []


def test_other_scripts_part_too() -> None:
    assert parted("订单什么时候到？我想退货可以吗？") == [("订单什么时候到？", "我想退货可以吗？")]


def test_a_long_text_is_tried_at_few_places() -> None:
    assert len(parted("Where is my parcel now? " * 500)) == MOST_BORDERS
