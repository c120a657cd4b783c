"""Numbers, times and names as people read them."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from northloop.console import words

NOW = datetime(2026, 11, 24, 15, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0, "0"),
        (1234567, "1,234,567"),
        (19.44, "19.4"),
        (4.345, "4.34"),
        (0.0214, "0.021"),
        (-0.61, "−0.61"),
        (-0.0001, "0.000"),
    ],
)
def test_number(value: float, text: str) -> None:
    assert words.number(value) == text


@pytest.mark.parametrize(("value", "text"), [(0.5, "+0.50"), (-0.5, "−0.50"), (0.0, "0")])
def test_signed(value: float, text: str) -> None:
    assert words.signed(value) == text


@pytest.mark.parametrize(
    ("at", "text"),
    [
        ("2026-11-24T15:29:50+00:00", "just now"),
        ("2026-11-24T15:28:00", "2 minutes ago"),
        ("2026-11-24T12:30:00+01:00", "4 hours ago"),
        ("2026-11-22", "3 days ago"),
        ("2027-05-24", "in 6 months"),
        ("2024-11-24", "2 years ago"),
        ("soon", "soon"),
    ],
)
def test_ago(at: str, text: str) -> None:
    assert words.ago(at, NOW) == text


def test_exact_and_day() -> None:
    assert words.exact("2026-03-04T05:06:07+00:00") == "4 Mar 2026, 05:06 UTC"
    assert words.day("2026-03-04") == "4 Mar 2026"


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(4, "4\u202fs"), (130, "2\u202fmin 10\u202fs"), (3_900, "1\u202fh 5\u202fmin")],
)
def test_duration(seconds: float, text: str) -> None:
    assert words.duration(seconds) == text


def test_names() -> None:
    assert words.metric_name("rouge_l") == "ROUGE-L"
    assert words.metric_name("resolution_time") == "Resolution time"
    assert words.release_name(0) == "Untuned base"
    assert words.release_name(None) == "a removed release"
    assert words.counted(1, "answer") == "1 answer"
    assert words.counted(2, "answer") == "2 answers"
    assert words.milliseconds(1234) == "1.23\u202fs"
    assert words.milliseconds(3.21) == "3.2\u202fms"
