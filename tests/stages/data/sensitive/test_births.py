"""Dates of birth go, other dates stay."""

from __future__ import annotations

import pytest

from northloop.stages.data.sensitive import Redactor


@pytest.mark.parametrize(
    ("text", "redacted"),
    [
        ("I was born 12/03/1985.", "I was born [BIRTHDATE]."),
        ("DOB: 1985-03-12", "DOB: [BIRTHDATE]"),
        ("D.O.B. 12.3.85", "D.O.B. [BIRTHDATE]"),
        ("my date of birth is March 12th 1985", "my date of birth is [BIRTHDATE]"),
        ("geb. am 12.03.1985", "geb. am [BIRTHDATE]"),
        ("née le 12 mars 1985", "née le [BIRTHDATE]"),
        ("fecha de nacimiento: 12/03/1985", "fecha de nacimiento: [BIRTHDATE]"),
        ("Date of birth (DD/MM/YYYY): 12/03/1985", "Date of birth (DD/MM/YYYY): [BIRTHDATE]"),
        ("12/03/1985 is my date of birth", "[BIRTHDATE] is my date of birth"),
        ("born on the twelfth of March nineteen eighty five", "born on the [BIRTHDATE]"),
        ("my DOB is wrong: it says 12/03/1985 but should be 13/03/1985",
         "my DOB is wrong: it says [BIRTHDATE] but should be [BIRTHDATE]"),
        ("born on 12/03/1985, I ordered on 01/05/2024",
         "born on [BIRTHDATE], I ordered on 01/05/2024"),
        ("born: 12 Mar 1985. Delivery 14 Mar 2025.", "born: [BIRTHDATE]. Delivery 14 Mar 2025."),
    ],
)  # fmt: skip
def test_a_date_of_birth_is_replaced(text: str, redacted: str) -> None:
    assert Redactor("redact").redact(text).text == redacted


@pytest.mark.parametrize(
    "text",
    [
        "delivered 12/03/2025, ordered on March 1st 2025",
        "My birthday is coming, the order was placed on 12/03/2025",
        "Date of birth is required. Order placed 12/03/2025",
        "the newborn tent arrived 12/03/2025, reborn 12/03/2025",
        "our baby was born yesterday, we ordered the cot on 12/03/2024",
    ],
)
def test_other_dates_stay(text: str) -> None:
    assert Redactor("redact").redact(text).text == text
