"""Which words may be somebody's name."""

from __future__ import annotations

import pytest

from northloop.stages.data.correspondence.people import (
    is_answer,
    is_eastern_name,
    is_name,
    is_small_name,
)


@pytest.mark.parametrize(
    "line", ["i. V. Jana Falk", "Namens Kai Falk", "w z. Jan Nowak", "rag. Marco Conti", "Gemma xx"]
)
def test_names_with_what_stands_around_them(line: str) -> None:
    assert is_name(line)


@pytest.mark.parametrize("line", ["Montag", "Größe L", "Ticket ID: 48133", "Oui", "Blue"])
def test_days_colours_and_numbers_are_answers(line: str) -> None:
    assert is_answer(line)


@pytest.mark.parametrize("line", ["June", "Anna", "Tom Green"])
def test_who_is_called_as_a_month_is_somebody(line: str) -> None:
    assert not is_answer(line)


@pytest.mark.parametrize("line", ["中村", "北条", "渡辺 彩", "ソニア"])
def test_names_in_japanese(line: str) -> None:
    assert is_eastern_name(line, ["ランプが届きません。"])


@pytest.mark.parametrize("line", ["王建国", "欧阳锋", "林先生", "阿May", "李雪 敬上"])
def test_names_in_chinese(line: str) -> None:
    assert is_eastern_name(line, ["台灯还没到。"])


@pytest.mark.parametrize(
    ("line", "above"),
    [
        ("白のLサイズ", "届きません。"),
        ("土曜日", "届きません。"),
        ("周一", "没到。"),
        ("我要退款", "没到。"),
    ],
)
def test_what_is_said_in_few_signs_is_no_name(line: str, above: str) -> None:
    assert not is_eastern_name(line, [above])


def test_kisses_are_no_part_of_a_name() -> None:
    assert is_small_name("Anna xxx")
    assert not is_small_name("xx")
