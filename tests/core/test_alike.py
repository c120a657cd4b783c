from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from northloop.core.check import Difference, difference, sense


@pytest.mark.parametrize(
    ("one", "other", "found"),
    [
        ("Cancel order 12 please", "please cancel order 13", Difference.VALUE),
        ("Where is order AB-1234567?", "Where is order AB-1234568?", Difference.VALUE),
        ("Can I pay 30 euros later?", "Can I pay later?", Difference.VALUE),
        ("Does the fridge take -5 degrees?", "Does the fridge take 5 degrees?", Difference.VALUE),
        ("Is [ORDER] on its way?", "Is [ID] on its way?", Difference.VALUE),
        ("Does it fit the Nook 300?", "Does it fit the Nook 200?", Difference.VALUE),
        ("Does it come within 3 days?", "Does it come within 3 weeks?", Difference.UNIT),
        ("Is it at least 5 days?", "Is it at most 5 days?", Difference.UNIT),
        ("Do you ship to Austria?", "Do you ship to Ireland?", Difference.NAME),
        ("I'm in Graz. Is there a shop?", "Is there a shop in Linz?", Difference.NAME),
        ("I want a refund", "I want no refund", Difference.DENIAL),
        ("Cancel my order", "Don't cancel my order", Difference.DENIAL),
        ("Can I pay with a card?", "Can I pay without a card?", Difference.DENIAL),
        ("The lamp works", "the lamp never works", Difference.DENIAL),
        ("How do I lock my card?", "How do I unlock my card?", Difference.OPPOSITE),
        ("Activate my card", "deactivate my card", Difference.OPPOSITE),
        ("Can I enable roaming?", "Can I disable roaming?", Difference.OPPOSITE),
        ("I want to open an account", "I want to close an account", Difference.OPPOSITE),
        ("Do I pay before delivery?", "Do I pay after delivery?", Difference.OPPOSITE),
        ("The account is inactive", "The account is active", Difference.OPPOSITE),
        ("Do you ship to Iran?", "Do you ship to Iraq?", Difference.NAME),
    ],
)
def test_what_no_nearness_shows_parts_two_questions(
    one: str, other: str, found: Difference
) -> None:
    assert difference(sense(one), sense(other)) is found
    assert difference(sense(other), sense(one)) is found


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("How do I cancel my order?", "I don't know how to cancel my order"),
        ("Can you cancel my order?", "Can't you cancel my order?"),
        ("I am not sure where my parcel is", "Where is my parcel?"),
        ("Two parcels are missing", "2 parcels are missing"),
        ("Does it cost 1,000 euros?", "is 1000 euros the price?"),
        ("Do you ship to Austria?", "do you deliver to austria"),
        ("How Do I Pay With Visa", "how do i pay with visa"),
        ("WHERE IS MY ORDER", "where's my order"),
        ("Is order [ORDER] on its way?", "on its way, [ORDER]?"),
        ("Wo ist mein Paket?", "wo ist mein paket"),
        ("Can I send it with Gmali?", "Can I send it with Gmail?"),
        ("Is it for Windws?", "Is it for Windows?"),
        ("Are there ATMs in Lisbonn?", "Is there an ATM in Lisbon"),
        ("I was charged for my Google account Cheers", "my google account was charged"),
        ("Why am I unable to pay?", "I am not able to pay. Why?"),
    ],
)
def test_the_same_in_other_words_is_not_parted(one: str, other: str) -> None:
    assert difference(sense(one), sense(other)) is None
    assert difference(sense(other), sense(one)) is None


@given(st.text(max_size=200), st.text(max_size=200))
def test_any_two_texts_can_be_compared(one: str, other: str) -> None:
    assert difference(sense(one), sense(one)) is None
    assert difference(sense(one), sense(other)) == difference(sense(other), sense(one))


def test_two_denials_do_not_make_up_for_each_other() -> None:
    one, other = "Nobody answered me. Is there a tent?", "Nobody answered me. I do not want a tent."
    assert difference(sense(one), sense(other)) is Difference.DENIAL
    assert difference(sense("Is there a tent?"), sense(other)) is Difference.DENIAL
