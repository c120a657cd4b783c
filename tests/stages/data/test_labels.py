"""Rules vote; the majority labels."""

from __future__ import annotations

import pytest

from northloop.core.errors import ConfigurationError
from northloop.stages.data.labels import vote

RULES = {"refund": (r"\brefund", r"money back"), "cancel": (r"\bcancel",)}


def test_the_majority_labels_and_a_tie_does_not() -> None:
    texts = [
        "Refund me, I want my money back, else I cancel",
        "cancel and refund",
        "CANCEL it",
        "hello",
    ]
    found = vote(texts, RULES)
    assert found.labels == ("refund", "", "cancel", "")
    assert (found.covered, found.conflicts, found.coverage) == (3, 2, 0.75)
    assert found.fired == {"refund[0]": 2, "refund[1]": 1, "cancel[0]": 3}


def test_functions_vote_too() -> None:
    found = vote(
        ["hello there"], {}, {"greets": lambda text: "smalltalk" if "hello" in text else ""}
    )
    assert found.labels == ("smalltalk",)


def test_a_wrong_pattern_is_named() -> None:
    with pytest.raises(ConfigurationError) as error:
        vote([], {"refund": ("fine", "(open")})
    assert error.value.where == "data.rules.refund[1]"


def test_no_texts() -> None:
    assert vote([], RULES).coverage == 0.0
