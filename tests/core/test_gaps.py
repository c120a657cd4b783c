"""Gaps of templates are not sent, nor what says nothing at all."""

from __future__ import annotations

import pytest

from northloop.core.check import Reason, check, passes
from northloop.core.check.gaps import gap, says


@pytest.mark.parametrize(
    ("sentence", "found"),
    [
        ("It will be {weather:s} all day on {day:s}.", "{weather:s}"),
        ("Hello {{requester.first_name}}, it is on its way.", "{{requester.first_name}}"),
        ("Your parcel comes on (day).", "(day)"),
        ("We meet at (time) in (city).", "(time)"),
        ("Dear [your name], your table is booked.", "[your name]"),
        ("The fee is ____ a month.", "____"),
        ("Dear [Customer Name], thank you.", "[Customer Name]"),
        ("It arrives on [Date].", "[Date]"),
        ("It will be (weather) in (city).", "(weather)"),
        ("Es kommt am ${liefertag}.", "${liefertag}"),
    ],
)
def test_a_gap_is_seen_and_not_sent(sentence: str, found: str) -> None:
    assert gap(sentence) == found
    verdicts = check(sentence, [sentence])
    assert verdicts[0].reason is Reason.GAP
    assert not passes(verdicts)


@pytest.mark.parametrize(
    "sentence",
    [
        "Write `{name}` where the name goes.",
        "See [the table of sizes](https://shop.example/sizes).",
        "We pay for (partial) refunds within 5 days.",
        "It is (usually) free of charge.",
        "Call 030 123 (in the evening).",
        "Hello [NAME], order [ORDER:3f2a91] is on its way.",
        "The option snake_case_name is on.",
        "Log in (optional) and sign in (optional).",
        "Set it to (none).",
        "Send a GET to /v1/users/{id} first.",
        "Hello [CUSTOMER NAME].",
        "Es gilt für (fast) alle Zelte.",
        "Items: (a) tents, (b) stoves.",
    ],
)
def test_what_only_looks_like_one_is_none(sentence: str) -> None:
    assert gap(sentence) == ""


@pytest.mark.parametrize("answer", ["e e   e", "?!", "…", "- - -", "a."])
def test_what_says_nothing_is_no_answer(answer: str) -> None:
    assert not says(answer)
    assert not passes(check(answer, ["Returns take 45 days."]))


@pytest.mark.parametrize("answer", ["Ja.", "5", "是", "はい", "ok"])
def test_a_short_answer_says_something(answer: str) -> None:
    assert says(answer)
