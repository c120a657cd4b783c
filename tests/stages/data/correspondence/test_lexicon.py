"""The tables of set phrases."""

from __future__ import annotations

import re

import pytest

from northloop.stages.data.correspondence.lexicon import ELSEWHERE, LEXICONS, Lexicon, patterns


@pytest.mark.parametrize("field", Lexicon.__struct_fields__)
def test_every_table_is_a_pattern(field: str) -> None:
    pattern = re.compile(patterns(field), re.I)
    assert not pattern.fullmatch("")


def test_the_languages_of_the_promise_are_there() -> None:
    promised = (
        "English German French Spanish Italian Portuguese Dutch Polish Swedish Japanese Chinese"
    )
    assert set(LEXICONS) == set(promised.split())


def test_words_of_other_languages_stand_under_the_names_that_are_read() -> None:
    assert set(ELSEWHERE) <= set(Lexicon.__struct_fields__)
