"""Requests for a person with a wrong key in them, and words that are none."""

from __future__ import annotations

import pytest

from northloop.stages.serving.handoff import asked_for_human
from northloop.stages.serving.misspelt import respelt


@pytest.mark.parametrize(
    "text",
    [
        "spek to a humen plz",
        "need help to speak with someody",
        "how can i talk with an opertaor",
        "I want assistance seaking with someone",
        "transfr me to an agnet",
        "mit nem menschn sprechn bitte",
        "je veux parler a un humian",
    ],
)
def test_one_wrong_key_a_word_is_heard(text: str) -> None:
    assert asked_for_human(text)


@pytest.mark.parametrize(
    "text",
    [
        "She speaks to persons in Hunan at the peak of the season",
        "Can I manage my order? The manger is broken",
        "Ich habe mit niemandem gesprochen",
        "J'ai parlé hier à un conseiller qui m'a dit que le remboursement prend une semaine",
        "How many peopel fit in the tent?",
        "I don't want to speak to a humen, just tell me when it comes",
        "A prson called me yesterday about the parcel",
    ],
)
def test_other_words_and_who_only_mentions_one_are_not(text: str) -> None:
    assert not asked_for_human(text)


def test_what_is_spelt_right_stays() -> None:
    text = "human agent someone speak talking manage employer taking"
    assert respelt(text) == text
    assert respelt("humna agetn smoeone") == "human agent someone"
