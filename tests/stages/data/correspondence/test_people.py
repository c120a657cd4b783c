"""Which words may be somebody's name."""

from __future__ import annotations

import pytest

from northloop.stages.data.correspondence.people import is_name, is_small_name


@pytest.mark.parametrize(
    "line", ["i. V. Jana Falk", "Namens Kai Falk", "w z. Jan Nowak", "rag. Marco Conti", "Gemma xx"]
)
def test_names_with_what_stands_around_them(line: str) -> None:
    assert is_name(line)


def test_kisses_are_no_part_of_a_name() -> None:
    assert is_small_name("Anna xxx")
    assert not is_small_name("xx")
