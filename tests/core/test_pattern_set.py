"""What a set of patterns lets through is what the patterns match, and it tries few of them."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from northloop.core.pattern_set import PatternSet, needed

PATTERNS = tuple(
    re.compile(pattern, flags)
    for flags in (0, re.IGNORECASE)
    for pattern in (
        *(r"refunds?", r"\bback\b.*\bmoney", r"(?:ring|call)\s+me", r"(ab|c?)d", r"[sk]t?", r"^$"),
        *(r"(?<=a)bc", r"(?!ab)c", r"(?:ab){2,}|c{1,2}d", r"(?:ab)*c", r"straße", r"(?i:Ab)c"),
        *(r"(?:a|b.)c", r"a[bc]?d", r"(?:ab?){1,1}c", r"[^a]b", r"k[ſs]", r"(?:r(?:e|in)|c)g?"),
        *(r"(a)\1b", r"(a)?(?(1)b|c)", r"ſt", r"K", r"\.\?", r"(?=ab)a", r"(?:|ab)c"),
    )
)


@given(st.lists(st.sampled_from([*"abcdkst .?\n", "AB", "Kſ", "K", "ß", "refund", "me", "call "])))
def test_a_sieve_finds_what_the_patterns_find(pieces: list[str]) -> None:
    text = "".join(pieces)
    found = [place for place, pattern in enumerate(PATTERNS) if pattern.search(text)]
    assert [*PatternSet(PATTERNS).matching(text)] == found
    assert PatternSet(PATTERNS).any(text) == bool(found)
    assert set(found) <= {*PatternSet(PATTERNS).possible(text)}


@pytest.mark.parametrize(
    ("pattern", "words"),
    [
        (r"\bCall\s+me\b", ("call",)),
        (r"(?:ring|phone)\s+us", ("ring", "phone")),
        (r"(?:robot|chatbot)s?|machine", ("robot", "chatbot", "machine")),
        (r"(?:ab)?[cd]", ("c", "d")),
        (
            r"my (?:full |first )?name(?: is|:)",
            (
                "my full name is",
                "my full name:",
                "my first name is",
                "my first name:",
                "my name is",
                "my name:",
            ),
        ),
        (r"\bc(?:alle|/|[ao]rso) \w", ("calle ", "c/ ", "carso ", "corso ")),
        (r"all(?:ée|es)+ x|né+", ("allée", "alles", "né")),
        (r"(?:ax|b.)c*", ("ax", "b")),
        (r"[^a]bc?", ("b",)),
        (r"[sk]ſ", ("s", "k")),
        (r"(?:ab|c*)", ()),
    ],
)
def test_what_a_pattern_cannot_do_without_is_read_off_it(
    pattern: str, words: tuple[str, ...]
) -> None:
    assert needed(re.compile(pattern, re.IGNORECASE)) == words
