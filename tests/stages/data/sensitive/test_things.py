"""Products, venues and towns with capitals, which are nobody."""

from __future__ import annotations

import math

import pytest

from northloop.stages.data.sensitive import Sensitive, Span, detect
from northloop.stages.data.sensitive.things import (
    DOUBT_NATS,
    OFFER_NATS,
    PAIR_NATS,
    PLACE_NATS,
    SMALL_NATS,
    SPOKEN_TO_NATS,
    odds_needed,
)


def _needed(marked: str) -> float:
    """Return what the stretch between the marks needs."""
    before, name, after = marked.replace("<", "|").replace(">", "|").split("|")
    span = Span(len(before), len(before) + len(name), Sensitive.NAME, name)
    return odds_needed(before + name + after, span)


@pytest.mark.parametrize(
    "marked",
    [
        "the zip of my <Vandell> 22 backpack is torn",
        "Is the <Vandell> zip-off trousers set back?",
        "We ate at the <Vandell> Restaurant",
        "Do you still make <Vandell> boots?",
        "<Vandell> 2.1 crashes",
        "Mi chaqueta <Vandell> no llega",
        "I stayed in Hotel <Vandell>.",
        "fetch <vandell>.org/x/net",
        "os.detected.name: <vandell>",
        "An app called <Vandell> took it",
        "My cat is called <Vandell>.",
        "I leave for <Vandell> on the 3rd",
        "I sent the <Vandell sandals> back",
        "we sat at <Vandell> for hours",
        "I watched the <Vandell> Birds twice",
    ],
)
def test_what_stands_beside_a_things_noun_is_nobody(marked: str) -> None:
    assert _needed(marked) == math.inf


@pytest.mark.parametrize(
    ("marked", "needed"),
    [
        ("I told it to you, <Vandell>", DOUBT_NATS),
        ("Ask for news of <Vandell Orkus> again", PAIR_NATS),
        ("the parcel from <Vandell> was late", PLACE_NATS),
        ("Yes, <Vandell> accepts cards", PLACE_NATS),
        ("I think <Vandell> said so", -math.inf),
        ("<Vandell>'s mother is here", -math.inf),
        ("<Vandell>, can you help me?", SPOKEN_TO_NATS),
        ("Does <Vandell> offer parking?", OFFER_NATS),
        ("The limit of <vandell> again", SMALL_NATS),
        ("my name is <Vandell>", -math.inf),
        ("Dear <Vandell>", -math.inf),
        ("the parcel from <Jessica> was late", -math.inf),
        ("it was vandell, <vandell> again", -math.inf),
    ],
)
def test_what_is_unlisted_needs_more(marked: str, needed: float) -> None:
    assert _needed(marked) == needed


@pytest.mark.parametrize(
    "text",
    [
        "Nook 500 sleeping bag: weight in grams or kilos?",
        "the zip of my old Brook 22 backpack is stuck for good. what would a repair cost?",
        "Does Picaro accept vouchers, and is Souvla open on Sunday?",
        "My dog is called Larkfell, so I had to shop with you.",
        "Exchange wish: Heath zip-off trousers, size XL rather than XS.",
    ],
)
def test_products_and_venues_are_not_found(text: str) -> None:
    assert not [span for span in detect(text) if span.type is Sensitive.NAME]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Could I order a macchiato for Larissa?", "Larissa"),
        ("I would like an appointment with Rachelle Coate at 10:15", "Rachelle Coate"),
        ("Hello, Dianny here! I am looking for a room", "Dianny"),
        ("Velimir, can I please speak to your boss?", "Velimir"),
    ],
)
def test_unlisted_people_are_found(text: str, name: str) -> None:
    assert name in [span.text for span in detect(text) if span.type is Sensitive.NAME]
