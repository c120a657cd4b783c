"""What stands where two kinds of sensitive text overlap, and who is named beside somebody."""

import pytest

from northloop.stages.data.sensitive import Redactor, Sensitive, Span
from northloop.stages.data.sensitive.spans import resolved


def _span(text: str, part: str, type_: Sensitive) -> Span:
    start = text.index(part)
    return Span(start, start + len(part), type_, part)


def test_of_a_name_that_runs_into_an_address_the_name_stands() -> None:
    text = "Diana Holm Apt 4 Mill Lane"
    name = _span(text, "Diana Holm Apt", Sensitive.NAME)
    address = _span(text, "Apt 4 Mill Lane", Sensitive.ADDRESS)
    assert [s.text for s in resolved([name, address])] == ["Diana Holm", "Apt 4 Mill Lane"]


def test_everyday_words_left_over_are_nobodys() -> None:
    text = "its anna@mail.example"
    address = Span(0, len(text), Sensitive.ADDRESS, text)
    mail = _span(text, "anna@mail.example", Sensitive.EMAIL)
    assert resolved([address, mail]) == [mail]


def test_what_touches_a_placeholder_falls_whole() -> None:
    text = "Diana [NAME] Holm"
    assert resolved([Span(0, len(text), Sensitive.NAME, text)], [(6, 12)]) == []


@pytest.mark.parametrize(
    ("text", "redacted"),
    [
        ("发票请开给李思涵女士。", "发票请开给[NAME]女士。"),
        ("我叫欧阳雪，昨天下的单。", "我叫[NAME]，昨天下的单。"),
        (
            "Le colis est resté chez Maëlys, ma voisine.",
            "Le colis est resté chez [NAME], ma voisine.",
        ),
        ("Paketet hämtades av grannen Torbjörn.", "Paketet hämtades av grannen [NAME]."),
    ],
)
def test_names_after_relations_and_before_titles(text: str, redacted: str) -> None:
    assert Redactor("redact").redact(text).text == redacted
