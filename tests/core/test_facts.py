from __future__ import annotations

import pytest

from northloop.core.facts import content_stems, facts, supported


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("within 30 days", ["30"]),
        ("a 30-day window, the 2nd of May, 5kg", ["30", "2", "5"]),
        ("£1,250.50 or 1250.5", ["1250.5", "1250.5"]),
        ("4,95 and 0.10", ["4.95", "0.1"]),
        ("at 9:30 and 10.00", ["9:30", "10"]),
        ("fourteen days, twenty-five shops, thirty", ["14", "25", "30"]),
        ("one year, but one of them", ["1"]),
        ("order LF-20413 and lf-20413", ["lf-20413", "lf-20413"]),
        ("Write to Help@Larkfell.example.", ["help@larkfell.example"]),
        ("see https://larkfell.example/returns.", ["https://larkfell.example/returns"]),
        ("[ORDER] of [NAME:3f2a91]", ["[ORDER]", "[NAME:3f2a91]"]),
        ("1. Open the parcel [2]\n2) Send it", []),
        ("nothing to see", []),
        ("", []),
    ],
)
def test_facts(text: str, expected: list[str]) -> None:
    assert list(facts(text)) == expected


def test_content_stems_keep_meaning_and_drop_politeness() -> None:
    assert content_stems("Thanks! You’ll get refunds") == ["refund"]
    assert content_stems("Refunded") == content_stems("refunding")


def test_supported_counts() -> None:
    assert supported(["30", "14", "30"], ["30"]) == (2, 3)
    assert supported([], ["30"]) == (0, 0)
