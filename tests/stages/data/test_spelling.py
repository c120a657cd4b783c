"""Misspellings, and words that only look like them."""

from __future__ import annotations

import pytest

from northloop.stages.data.spelling import Spelling, one_keystroke_apart


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("order", "oder"),
        ("order", "orrder"),
        ("order", "odrer"),
        ("receipt", "reciept"),
        ("refund", "refumd"),
    ],
)
def test_one_slip_of_the_finger(a: str, b: str) -> None:
    assert one_keystroke_apart(a, b)
    assert one_keystroke_apart(b, a)


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("hat", "mat"),
        ("tent", "rent"),
        ("order", "border2"),
        ("_order_", "_orde_"),
        ("1234", "1235"),
        ("怎么退货给你们", "怎么换货给你们"),
        ("可以退货", "不可以退货"),
        ("返品できますか", "返品できません"),
    ],
)
def test_another_word(a: str, b: str) -> None:
    assert not one_keystroke_apart(a, b)


def test_words_that_people_use_are_words_of_their_own() -> None:
    spelling = Spelling.of(["jacket please"] * 6 + ["packet please"] * 6 + ["jakcet please"])
    assert not spelling.same("jacket", "packet")
    assert spelling.same("jacket", "jakcet")
