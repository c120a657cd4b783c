from __future__ import annotations

import itertools

from hypothesis import given
from hypothesis import strategies as st

from northloop.stages.serving.redaction import Redacted, Restorer, merged, restored

NAMES = {"[NAME]": "Ada", "[ORDER:3f2a91]": "LF-1001"}


def streamed(pieces: list[str]) -> str:
    restorer = Restorer(NAMES)
    return "".join(restorer.feed(piece) for piece in pieces) + restorer.flush()


@given(
    st.lists(
        st.sampled_from(["[NAME]", "[ORDER:3f2a91]", "[", "]", "[1]", "[NA", "Hello ", "ME]"])
    ),
    st.lists(st.integers(1, 60)),
)
def test_a_stream_says_what_the_whole_text_would(words: list[str], cuts: list[int]) -> None:
    text = "".join(words)
    edges = sorted({min(cut, len(text)) for cut in cuts} | {0, len(text)})
    pieces = [text[a:b] for a, b in itertools.pairwise(edges)]
    assert streamed(pieces) == restored(text, NAMES)


def test_only_what_may_become_a_placeholder_is_held_back() -> None:
    restorer = Restorer(NAMES)
    assert restorer.feed("See [1] and [N") == "See [1] and "
    assert restorer.feed("AME]!") == "Ada!"
    assert Restorer({}).feed("[NAME") == "[NAME"


def test_what_is_filled_in_is_not_looked_at_again() -> None:
    assert restored("[A] [B]", {"[A]": "[B]", "[B]": "b"}) == "[B] b"


def test_a_placeholder_with_two_meanings_stays() -> None:
    ada, bob = Redacted("[NAME]", {"[NAME]": "Ada"}), Redacted("[NAME]", {"[NAME]": "Bob"})
    assert merged([ada, ada]) == {"[NAME]": "Ada"}
    assert merged([ada, bob]) == {}
