"""Alternatives are put in another form, and match what they matched."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from northloop.stages.data.wording import any_of, either, is_typed_plainly, typed, without_accents

WAYS = (
    "hi|hello|hey|hej",
    "best|(?:(?:kind|best)[ ])?(?:regards|wishes)|be|b",
    "a|ab|abc|(?:a|ab)c|a+b|a?c|a{2}",
    "(?:a|b)?c|c|(?:ab)+c|(?:ab)??c|(?:a|)b",
    r"a\|b|a[|)(]b|[a|]b|\(a|a(?=b|c)|(?!a)b|(?i:A)b",
    "|a|ab|",
    "cafe|café|caf[ée]|ça|ca",
)


@pytest.mark.parametrize("ways", WAYS)
@given(st.lists(st.sampled_from([*"abchi |()+éçC", "hello", "kind ", "best ", "regards", "caf"])))
def test_either_finds_what_the_alternatives_find(ways: str, pieces: list[str]) -> None:
    text = "".join(pieces)
    for frame, flags in (("{}", 0), (r"\b{}\b", 0), ("{}", re.I), ("(?:{})+c", re.I)):
        plain = re.compile(frame.format(f"(?:{ways})"), flags)
        made = re.compile(frame.format(either(ways)), flags)
        assert [m.span() for m in made.finditer(text)] == [m.span() for m in plain.finditer(text)]


def test_each_letter_is_read_once() -> None:
    assert any_of("hi | hello\n | bye") == "(?:h(?:i|ello)|bye)"
    assert either("(?:a |b )?c|cd") == "(?:a c|b c|c(?:|d))"


@pytest.mark.parametrize("text", ["", "one\ntwo", "a  b ~"])
def test_most_texts_are_typed_plainly(text: str) -> None:
    assert is_typed_plainly(text)


@pytest.mark.parametrize("text", ["a\tb", "a\r\n", "é", "\x7f", "a\x00", "\u200b"])
def test_what_has_to_be_mended_is_not(text: str) -> None:
    assert not is_typed_plainly(text)


def test_names_are_typed_without_their_accents_too() -> None:
    assert typed(["öffentlich", "wewnętrzny", "note"]) == (
        "öffentlich", "offentlich", "oeffentlich", "wewnętrzny", "wewnetrzny", "note"
    )  # fmt: skip


@pytest.mark.parametrize("name", ["プライベート", "비공개", "公開", "note"])
def test_only_latin_letters_have_accents_to_lose(name: str) -> None:
    assert without_accents(name) == name
