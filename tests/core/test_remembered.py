from __future__ import annotations

from northloop.adapters.embedded.kept import Kept
from northloop.core import remembered
from northloop.core.question import normalised


def test_what_is_remembered_is_let_go_of() -> None:
    asked: list[str] = []

    @remembered.remembered(4)
    def read(text: str) -> str:
        asked.append(text)
        return text.upper()

    kept: Kept[int] = Kept(4)
    kept.keep({"one": 1})
    assert read("one") == read("one") == "ONE"
    assert asked == ["one"]
    remembered.let_go()
    assert not len(kept)
    assert read("one") == "ONE"
    assert asked == ["one", "one"]


def test_what_the_words_of_a_question_are_read_as_is_let_go_of_too() -> None:
    normalised("My own words?")
    remembered.let_go()
    assert normalised.cache_info().currsize == 0  # type: ignore[attr-defined]
