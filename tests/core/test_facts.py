from __future__ import annotations

import pytest

from bounded import bounded
from northloop.core.facts import content_stems, english_share, facts, supported


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
        ("www.shop.example and shop.example/pay.", ["www.shop.example", "shop.example/pay"]),
        ("either/or, e.g./i.e., 5 km/h, 24/7", ["5", "24", "7"]),
        (".5 kg, $.50, v.5 ...5", ["0.5", "0.5", "5", "5"]),
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


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("comfortable to -11 °C", ["-11"]),
        ("−11 °C, –11 °C, ‑11 °C", ["-11", "-11", "-11"]),
        ("-11", ["-11"]),
        ("− 11 °C", ["-11"]),
        ("down to - 11 °C", ["-11"]),
        ("minus five, down to minus ten degrees", ["-5", "-10"]),
        ("minus twenty-five", ["-25"]),
        ("11 degrees below zero", ["-11"]),
        ("a balance of £-5, -£5, −€5.50 or EUR -5", ["-5", "-5", "-5.5", "-5"]),
        ("−2 °C to 5 °C, -20–-11 °C, -2 - 5", ["-2", "5", "-20", "-11", "-2", "5"]),
        ("(-5) | -2 | **-3 %**", ["-5", "-2", "-3"]),
        ("the Nook 500 -2 °C", ["500", "-2"]),
        ("your balance is negative 20 euros, negative 5 %", ["-20", "-5"]),
        ("Balance: – 20 EUR", ["-20"]),
        ("– 20 EUR", ["-20"]),
        ("-.5 °C, ‒5 °C, ⁻5 °C", ["-0.5", "-5", "-5"]),
    ],
)
def test_a_minus_sign_belongs_to_its_number(text: str, expected: list[str]) -> None:
    assert list(facts(text)) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("5-7 days, 5–7 days, 5 – 7 days, 5 -7 days", ["5", "7"] * 4),
        ("5%-7%, €5-€7, 5 €-7 €", ["5", "7"] * 3),
        ("2026-11-25", ["2026", "11", "25"]),
        ("+44 20-7946-0018 or 020 -7946", ["44", "20", "7946", "18", "20", "7946"]),
        ("order-12", ["order-12"]),
        ("- 11 items\n- £5 for each - 3 at most", ["11", "5", "3"]),
        ("the price minus 15%, 100 minus 10", ["15", "100", "10"]),
        ("Prices:\n- 20 EUR each\n– 30 EUR each", ["20", "30"]),
        ("10 EUR – 20 EUR, 5‒7 days, tested negative 5 times", ["10", "20", "5", "7", "5"]),
        ("±5 or --5 or word—5", ["5", "5", "5"]),
        ("EUR500, eur500, Rs500 and €500", ["500", "500", "500", "500"]),
    ],
)
def test_a_dash_that_joins_or_parts_is_no_minus_sign(text: str, expected: list[str]) -> None:
    assert list(facts(text)) == expected


@pytest.mark.parametrize(
    "text",
    ["x" * 8_000, "1" * 10_000, "a." * 4_000, "\n" * 8_000, "a@" * 4_000, "xX-" * 3_000],
    ids=lambda text: repr(text[:3]),
)
def test_it_is_quick_with_whatever_is_sent(text: str) -> None:
    with bounded():
        facts(text)


def test_english_is_told_by_its_small_words() -> None:
    english = "You can return what you do not like within 30 days, if you still have the bill. "
    dutch = "U kunt het artikel binnen 30 dagen retourneren als u de rekening nog heeft bewaard. "
    assert english_share([english] * 20) > 0.2
    assert english_share([dutch] * 20) < 0.05
    assert english_share([dutch]) == 1.0, "too few words to tell"
