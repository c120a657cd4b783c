"""What the gate said, with its metrics by name and its English left alone."""

from __future__ import annotations

import pytest

from northloop.console import view


class _Found:
    def __init__(self, metric: str) -> None:
        self.metric = metric


class _Said:
    def __init__(self, reason: str) -> None:
        self.reason = reason
        self.comparisons = [_Found("surplus"), _Found("right"), _Found("wrong")]


@pytest.mark.parametrize(
    ("reason", "shown"),
    [
        (
            "Passed: its right answers outnumber its wrong ones, surplus +0.2.",
            "its right answers outnumber its wrong ones, Surplus of right answers +0.2.",
        ),
        ("Refused: right may be worse than", "Right answers may be worse than"),
        ("Refused: none (right +0.1, interval 0)", "none (Right answers +0.1, interval 0)"),
        ("Passed: proven better on right +0.1", "proven better on Right answers +0.1"),
    ],
)
def test_metrics_are_named_and_plain_words_stay(reason: str, shown: str) -> None:
    macros = view._environment().get_template("macros.html").module
    assert str(macros.reason(_Said(reason))).strip().endswith(shown)  # type: ignore[attr-defined]
