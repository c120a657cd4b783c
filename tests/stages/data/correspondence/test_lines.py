"""What a single line of a mail shows."""

from __future__ import annotations

import pytest

from northloop.stages.data.correspondence.lines import (
    advertises,
    is_address,
    is_company,
    legal_kinds,
)


@pytest.mark.parametrize(
    "line",
    [
        "This message is confidential and for the recipient alone.",
        "Diese Nachricht ist vertraulich, bitte löschen Sie sie.",
        "Pensez à l'environnement avant d'imprimer ce message.",
        "本メールには機密情報が含まれます。",
    ],
)
def test_legal_footers_speak_of_several_things(line: str) -> None:
    assert legal_kinds(line) > 1


@pytest.mark.parametrize("line", ["Where is my parcel?", "Vattnet rinner inte.", "", "我的包裹"])
def test_a_customer_speaks_of_none(line: str) -> None:
    assert legal_kinds(line) == 0


def test_pages_hours_and_rooms_are_adverts() -> None:
    assert advertises("Follow us on LinkedIn")
    assert advertises("Öffnungszeiten: Mo-Fr 9-17 Uhr")
    assert not advertises("The lamp flickers")


def test_addresses_have_a_number() -> None:
    assert is_address("Am Südkai 14")
    assert is_address("24103 Kiel")
    assert not is_address("Am Südkai")


def test_the_dot_of_a_company_ends_no_sentence() -> None:
    assert is_company("Havenvervoer B.V.")
    assert not is_company("It is broken.")
