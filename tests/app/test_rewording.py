"""What an agent made of a draft counts as the draft only where it says the same."""

from __future__ import annotations

import runpy
from pathlib import Path

import pytest

from northloop.core.facts import facts
from northloop.loop.rewording import bare, says_the_same

LISTS = runpy.run_path(str(Path(__file__).parent / "worded_otherwise.py"))


@pytest.mark.parametrize(("draft", "text"), LISTS["SAME"])
def test_trifles_leave_a_draft_right(draft: str, text: str) -> None:
    assert says_the_same(text, draft)


@pytest.mark.parametrize(("draft", "text"), LISTS["OTHER"])
def test_what_says_something_else_is_no_trifle(draft: str, text: str) -> None:
    assert not says_the_same(text, draft)
    assert not says_the_same(draft, text)


@pytest.mark.parametrize("draft", sorted({draft for draft, _ in LISTS["SAME"]}))
def test_no_word_of_a_draft_can_be_left_out_but_little_ones(draft: str) -> None:
    words = draft.split()
    for at, word in enumerate(words):
        left = " ".join(words[:at] + words[at + 1 :])
        little = word.strip(".,").casefold() in ("a", "the", "please")
        assert says_the_same(left, draft) <= little, word
        assert facts(left) == facts(draft) or not says_the_same(left, draft)


@pytest.mark.parametrize(
    "word",
    ["not", "only", "never", "must", "may", "from", "except", "if", "14", "nicht", "nur", "sauf"],
)
@pytest.mark.parametrize("draft", [LISTS["TENT"], LISTS["ZELT"], LISTS["TENTE"]])
def test_no_word_that_tells_can_be_put_in(draft: str, word: str) -> None:
    words = draft.split()
    for at in range(len(words) + 1):
        assert not says_the_same(" ".join([*words[:at], word, *words[at:]]), draft), at


def test_a_text_of_courtesies_alone_is_left_whole() -> None:
    assert bare("Hello! Thank you for your message.") == "Thank you for your message."
    assert bare("You're welcome!") == "You're welcome!"


@pytest.mark.parametrize(
    ("draft", "text"),
    [
        ("Open Monday - Friday from 9.", "Open Monday, Friday from 9."),
        ("Es gibt die Größen M–XL.", "Es gibt die Größen M, XL."),
        ("When it blinks twice, press reset.", "When it blinks, twice press reset."),
        ("Guests, who booked online, pay nothing.", "Guests who booked online pay nothing."),
        ("The shipping is free here.", "The shopping is free here."),
    ],
)
def test_dashes_moved_commas_and_other_words_are_no_trifles(draft: str, text: str) -> None:
    assert not says_the_same(text, draft)


@pytest.mark.parametrize("text", [":)", "🙂", "...", "!!!"])
def test_a_text_of_marks_alone_can_be_compared(text: str) -> None:
    assert not says_the_same(text, "You can return a tent within 30 days.")
