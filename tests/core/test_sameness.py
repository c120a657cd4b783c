from __future__ import annotations

import pytest

from northloop.core.check import says_the_same

BOOTS = "Boots can be exchanged within 45 days of delivery. The label costs €3.90 in Germany."


@pytest.mark.parametrize(
    "other",
    [
        BOOTS,
        BOOTS.upper(),
        f"Hello Ada,\n\n{BOOTS} Does this help?",
        f"Thank you for your message. {BOOTS} Just answer this mail if you need more.",
        f"{BOOTS} If that does not work, come back to me.",
        f"Good morning!\n{BOOTS} Have a nice day!",
        BOOTS.replace("The label", "A label"),
    ],
)
def test_greetings_articles_and_closings_change_nothing(other: str) -> None:
    assert says_the_same(BOOTS, other) and says_the_same(other, BOOTS)


@pytest.mark.parametrize(
    ("here", "there"),
    [
        ("45", "30"),
        ("€3.90", "$3.90"),
        ("days", "weeks"),
        ("can be", "cannot be"),
        ("Germany", "Austria"),
        ("within", "after"),
        ("exchanged", "returned"),
        ("Boots", "Tents"),
        (" The label costs €3.90 in Germany.", ""),
        ("delivery.", "delivery if unworn."),
        ("delivery.", "delivery. Members pay nothing for the label."),
        ("The label costs", "Do you know what the label costs?"),
        ("The label", "I have cancelled your order. The label"),
    ],
)
def test_one_thing_that_differs_makes_another_answer(here: str, there: str) -> None:
    other = BOOTS.replace(here, there)
    assert other != BOOTS
    assert not says_the_same(BOOTS, other) and not says_the_same(other, BOOTS)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Delivery is free from here on.", "Delivery is charged from here on."),
        ("Bitte öffnen Sie Ihr Konto.", "Bitte schließen Sie Ihr Konto."),
        ("It is [ORDER:1a2b] that left.", "It is [ORDER:3c4d] that left."),
        ("Hello!", "Good morning!"),
        ("Yes. You can return shoes.", "No. You can return shoes."),
        ("You can collect it. Only in Berlin.", "You can collect it. Only in Hamburg."),
        ("You can return shoes. Unworn.", "You can return shoes."),
        ("If you have no receipt, contact the shop.", "If you have no receipt, contact the bank."),
        ("Shoes can go back. Have a parent sign the form.", "Shoes can go back."),
        ("Shoes can go back. Contact us if you opened the box.", "Shoes can go back."),
        ("The seller pays the buyer.", "The buyer pays the seller."),
        ("Refunds are free, exchanges cost 5 euro.", "Exchanges are free, refunds cost 5 euro."),
        ("Cancel the order. Pay the bill.", "Pay the bill. Cancel the order."),
        ("", "Hello!"),
        ("If it stays, please write to us with the dates.", "Please write to us."),
    ],
)
def test_what_is_unclear_is_another_answer(one: str, other: str) -> None:
    assert not says_the_same(one, other)


def test_equal_answers_in_any_language_are_the_same() -> None:
    assert says_the_same("Bitte öffnen Sie Ihr Konto.", "bitte  öffnen Sie Ihr Konto")
