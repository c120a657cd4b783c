"""How exports say that there is no value."""

from __future__ import annotations

import pytest

from northloop.stages.data.missing import is_missing


@pytest.mark.parametrize(
    "text",
    ["", " N/A ", "Keine Angabe", "Nicht gesetzt", "néant", "Sin datos", "sconosciuto",
     "não informado", "n.v.t.", "brak danych", "saknas", "該当なし", "无", "－"],
)  # fmt: skip
def test_markers_of_many_languages(text: str) -> None:
    assert is_missing(text)


@pytest.mark.parametrize("text", ["Tom", "no", "nein", "0", "leer", "geen idee", "无法登录"])
def test_words_that_say_something_are_no_markers(text: str) -> None:
    assert not is_missing(text)
