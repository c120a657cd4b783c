"""Tables that lie in a package."""

from __future__ import annotations

import msgspec
import pytest

from northloop.core.packaged import filled, packaged


def test_a_table_is_read_as_a_type() -> None:
    told = packaged("northloop.stages.serving", "handed_over.toml", dict[str, dict[str, str]])
    assert "passed_on" in told["English"]


def test_a_table_of_another_shape_is_refused() -> None:
    with pytest.raises(msgspec.ValidationError):
        packaged("northloop.stages.serving", "handed_over.toml", dict[str, int])


def test_names_in_braces_stand_for_patterns_and_counts_for_themselves() -> None:
    assert filled(r"{who} says \d{2,3}", {"who": "(?:he|she)"}) == r"(?:he|she) says \d{2,3}"
