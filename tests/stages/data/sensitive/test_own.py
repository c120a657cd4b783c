"""What a company calls its own things is kept; whom its articles name is not."""

from __future__ import annotations

import pytest

from northloop.core.conversation import Document
from northloop.stages.data.sensitive import Redactor, own_names

ARTICLES = (
    Document("club", "Clay Club", "Clay Club brings you two bags of clay every month for £24."),
    Document(
        "clays",
        "Our clays",
        "| | Brindle stoneware | Hearth earthenware |\n|---|---|---|\n| Bag | 12.5 kg | 10 kg |\n\n"
        "Pots of Brindle stoneware are dishwasher proof. Hearth earthenware is not.",
    ),
    Document(
        "example",
        "Jane Miller",
        "Written by Jane Miller. Written by Vostrikova.\n\nAn example: Jane Miller orders a kiln. "
        "Vostrikova writes to us. Vostrikova asks again.",
    ),
)
OWN = own_names(ARTICLES)


def _redacted(text: str, *known: str) -> str:
    return Redactor("redact", own=OWN).redact(text, known).text


def test_titles_and_names_of_things_are_known() -> None:
    assert {"clay club", "hearth", "brindle"} <= OWN


@pytest.mark.parametrize(
    "question",
    [
        "what does Clay Club cost",
        "how do I pause Clay Club?",
        "Can I give Clay Club to a friend?",
        "how much does Hearth shrink",
        "Is Hearth dishwasher proof?",
    ],
)
def test_what_the_articles_call_things_is_no_name_of_a_person(question: str) -> None:
    assert _redacted(question) == question


@pytest.mark.parametrize("name", ["Jane Miller", "Vostrikova", "Clay Miller", "Hearth"])
def test_people_are_people_all_the_same(name: str) -> None:
    assert _redacted(f"My name is {name} and I want to pause it.") == (
        "My name is [NAME] and I want to pause it."
    )


@pytest.mark.parametrize("name", ["jane miller", "jane", "miller", "vostrikova"])
def test_people_that_the_articles_name_are_not_known_as_things(name: str) -> None:
    assert name not in OWN


def test_a_customer_who_is_called_as_a_thing() -> None:
    assert _redacted("Hearth wants a refund, how much does Hearth shrink", "Ann Hearth") == (
        "[NAME] wants a refund, how much does [NAME] shrink"
    )


def test_without_articles_nothing_is_known() -> None:
    assert own_names(()) == frozenset()
    assert Redactor("redact").redact("what does Hearth Clay cost").text == "what does [NAME] cost"


@pytest.mark.parametrize(
    ("text", "known"),
    [
        ("Thanks\nJack Field", ()),
        ("my name is in the order, jack field", ("Jack Field",)),
        ("Herr Jack Field wohnt hier.", ()),
        ("Dear Jack Field, thank you.", ()),
    ],
)
def test_a_person_keeps_no_name_for_an_articles_heading(text: str, known: tuple[str, ...]) -> None:
    team = Document("team", "Our team", "## Jack Field\n\nHe mends kilns.")
    own = own_names([team])
    assert "jack field" in own, "or nothing is shown here"
    assert "field" not in Redactor("redact", own=own).redact(text, known).text.lower()
