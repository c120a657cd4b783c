"""Sentences of an answer find the sentences that speak for them, and no text is changed by it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from northloop.console.evidence import laid_out, support
from northloop.core.conversation import Passage
from northloop.core.statements import sentences

BOOTS = Passage(
    "care#1",
    "care",
    "Caring for boots",
    "Brush off dry mud, wash with lukewarm water and let them dry away from a heater. "
    "Wax the leather twice a season.",
)
REFUNDS = Passage(
    "refunds#1",
    "refunds",
    "Refunds",
    "We refund within 5 working days. Invoices take 10 working days.",
)


def marks(answer: str, *passages: Passage) -> tuple[list[int], list[list[int]]]:
    found = support(answer, passages)
    return [p.mark for p in found.answer], [[p.mark for p in row] for row in found.passages]


def test_each_sentence_finds_its_counterpart() -> None:
    answer = "Please wax leather twice a season. We refund within five business days."
    assert marks(answer, BOOTS, REFUNDS) == ([1, 2], [[0, 1], [2, 0]])


def test_numbers_tell_sentences_apart() -> None:
    assert marks("Invoices take ten business days.", REFUNDS)[1] == [[0, 1]]
    assert marks("We refund within five business days.", REFUNDS)[1] == [[1, 0]]


def test_two_sentences_may_share_a_counterpart() -> None:
    answer = "Wax leather twice a season. You should wax the leather twice a season."
    assert marks(answer, BOOTS) == ([1, 1], [[0, 1]])


def test_unsupported_claim_is_bare_but_a_nod_is_not() -> None:
    found = support("Yes. Put them on the heater to dry quickly.", [BOOTS])
    assert [(p.mark, p.bare) for p in found.answer] == [(0, False), (0, True)]
    assert not any(p.bare for p in support("We ship to the moon on Fridays.", []).answer)


TIMES = Passage(
    "times#1",
    "times",
    "Delivery times",
    "Standard delivery takes 2 days and express 5. You cannot return worn boots.",
)


@pytest.mark.parametrize(
    "false",
    [
        "Standard delivery takes 5 days and express 2.",
        "You can return worn boots.",
        "Standard delivery costs €2.",
        "Standard delivery takes -2 days.",
        "Standard delivery takes 2 days and is free.",
    ],
)
def test_a_false_twin_is_bare(false: str) -> None:
    found = support(false, [TIMES])
    assert [(p.mark, p.bare) for p in found.answer] == [(0, True)]
    assert marks("Standard delivery takes two days and express five.", TIMES) == ([1], [[1, 0]])


def test_a_question_neither_claims_nor_supports() -> None:
    asked = Passage("q#1", "q", "Returns", "Can you return the worn boots?")
    found = support("You can return the worn boots. Shall I send the label for them?", [asked])
    assert [(p.mark, p.bare) for p in found.answer] == [(0, True), (0, False)]


def test_decimals_and_addresses_do_not_end_a_sentence() -> None:
    assert sentences("It costs 4.50 at shop.example.com today. Then 5.") == [
        "It costs 4.50 at shop.example.com today. ",
        "Then 5.",
    ]


def test_a_quoted_row_of_a_table_is_tied_to_the_row_that_it_quotes() -> None:
    text = (
        "By the month: | Thing | Rent | |---|---| | Flute | £15 | | Cello | £24 |\nCases are free."
    )
    answer = "Rents:\n| Thing | Rent |\n| --- | --- |\n| Cello | £24 |\n| Oboe | £30 |"
    found = support(answer, [Passage("r#1", "r", "Rents", text)])
    assert [(p.cells, p.mark, p.bare) for p in found.answer if p.cells] == [
        (("Thing", "Rent"), 1, False),
        (("Cello", "£24"), 2, False),
        (("Oboe", "£30"), 0, True),
    ]
    [evidence] = found.passages
    assert [p.cells for p in evidence if p.mark] == [("Thing", "Rent"), ("Cello", "£24")]
    assert [p.text.strip() for p in evidence if not p.cells] == ["By the month:", "Cases are free."]


PLAIN = st.text(max_size=300).filter(lambda text: "|" not in text)


@given(PLAIN, st.lists(PLAIN, max_size=3))
def test_no_text_is_changed(answer: str, texts: list[str]) -> None:
    passages = [Passage(f"p#{i}", "p", "P", text) for i, text in enumerate(texts)]
    found = support(answer, passages)
    assert "".join(p.text for p in found.answer) == answer
    assert ["".join(p.text for p in row) for row in found.passages] == texts


def test_a_row_of_several_sentences_stays_a_row() -> None:
    answer = (
        "Codes:\n| Code | What to do |\n| --- | --- |\n| E3 | Check the fuse. Then go on. |\nBye."
    )
    assert [p.cells or p.text.strip() for p in laid_out(answer)] == [
        "Codes:",
        ("Code", "What to do"),
        ("E3", "Check the fuse. Then go on."),
        "Bye.",
    ]
    assert support(answer, []).answer == laid_out(answer)


def test_a_table_that_a_passage_has_on_one_line_is_laid_out() -> None:
    text = "By the month: | Thing | Rent | |---|---| | Flute | £15 | All in euros."
    assert [p.cells or p.text.strip() for p in laid_out(text)] == [
        "By the month:",
        ("Thing", "Rent"),
        ("Flute", "£15"),
        "All in euros.",
    ]


RECORDS = Passage(
    "dns#1", "dns", "DNS", "Set these:\n```\n@  MX 10  mx1.a.example.\n```\nWait 1 hour."
)


def test_code_is_one_piece_without_its_fences() -> None:
    found = support("Set these:\n```\n@  MX 10  mx1.a.example.\n```\nGood luck!", [RECORDS])
    assert [(p.text, p.mark, p.code) for p in found.answer] == [
        ("Set these:\n", 1, False),
        ("@  MX 10  mx1.a.example.\n", 2, True),
        ("Good luck!", 0, False),
    ]
    assert [(p.text, p.code) for p in found.passages[0] if p.mark == 2] == [
        ("@  MX 10  mx1.a.example.\n", True)
    ]
    assert [p.text for p in laid_out("```sh\n| a |\n\n# b\n```")] == ["| a |\n\n# b\n"]
