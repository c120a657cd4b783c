"""What letters have over their text."""

from __future__ import annotations

import pytest

from northloop.stages.data.clean import message
from northloop.stages.data.correspondence import without_letterhead

HEAD = "Erna Voss\nBirkenweg 4\n24103 Kiel"


@pytest.mark.parametrize(
    "text",
    [
        f"{HEAD}\n\nKiel, den 3. März 2025\n\nHiermit kündige ich.",
        f"{HEAD}\n\nStadtwerke\nKundendienst\n\nKiel, 3. März 2025\n\nHiermit kündige ich.",
        f"{HEAD}\n\nSehr geehrte Damen und Herren,\n\nHiermit kündige ich.",
        f"{HEAD}\n\n03.03.2025\n\nGuten Tag,\n\nHiermit kündige ich.",
    ],
)
def test_a_letterhead_goes(text: str) -> None:
    assert message(text) == "Hiermit kündige ich."


def test_the_subject_of_a_letter_stays() -> None:
    text = f"{HEAD}\n\nKiel, 3. März 2025\n\nBetreff: Vertrag 8812\n\nGuten Tag,\n\nich kündige."
    assert message(text) == "Betreff: Vertrag 8812\n\nich kündige."


@pytest.mark.parametrize(
    "text",
    [
        f"My new address:\n{HEAD}\n\nPlease use it from now on.",
        f"{HEAD}\n\nThis is where it should go.",
        "Order 7781\nWalnut desk\n3 February 2025\nThe drawer jams.",
        "Kein Strom.\nKein Licht.\n3. März 2025\nSeit Freitag.",
        f"{HEAD}\n\nKiel, 3. März 2025",
        "",
    ],
)
def test_what_is_no_letterhead_stays(text: str) -> None:
    assert without_letterhead(text) == text


@pytest.mark.parametrize(
    "text",
    [
        "Old: 5 Low Road, London\nNew: 12 High Street, Bath BA1 2AB\n03.04.2025\n\nChange it.",
        "Wrong delivery\n12 High Street\nBath BA1 2AB\n\nDear team,\nit went there instead.",
        "Order 4711\n12 High Street\nBath BA1 2AB\n3 March 2025\n\nPlease hurry.",
    ],
)
def test_what_a_customer_tells_in_short_lines_stays(text: str) -> None:
    assert without_letterhead(text) == text
