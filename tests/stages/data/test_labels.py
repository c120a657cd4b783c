"""Rules vote; the majority labels."""

from __future__ import annotations

import pytest

from northloop.core.errors import ConfigurationError
from northloop.stages.data.labels import Labeller

RULES = {"refund": (r"\brefund", r"money back"), "cancel": (r"\bcancel",)}


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("Refund me, I want my money back, else I cancel", "refund"),
        ("cancel and refund", ""),
        ("CANCEL it", "cancel"),
        ("hello", ""),
    ],
)
def test_the_majority_labels_and_a_tie_does_not(text: str, intent: str) -> None:
    assert Labeller(RULES)(text) == intent


def test_a_wrong_pattern_is_named() -> None:
    with pytest.raises(ConfigurationError) as error:
        Labeller({"refund": ("fine", "(open")})
    assert error.value.where == "data.rules.refund[1]"


def test_without_rules_nothing_is_labelled() -> None:
    assert Labeller({})("refund") == ""
