"""What a single line of a mail shows."""

from __future__ import annotations

import re

import pytest

from northloop.core.sieve import needed_by
from northloop.stages.data.correspondence.lexicon import LEGAL
from northloop.stages.data.correspondence.lines import (
    advertises,
    is_address,
    is_company,
    is_final,
    is_printed,
    is_warm,
    legal_kinds,
)
from northloop.stages.data.wording import phrases_of


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


@pytest.mark.parametrize("kind", LEGAL)
def test_a_line_without_the_words_of_a_legal_matter_need_not_be_looked_at(kind: str) -> None:
    assert needed_by(phrases_of(LEGAL[kind]), re.I)


@pytest.mark.parametrize("line", ["Where is my parcel?", "Vattnet rinner inte.", "", "我的包裹"])
def test_a_customer_speaks_of_none(line: str) -> None:
    assert legal_kinds(line) == 0


def test_what_speaks_of_mails_is_printed_below_them() -> None:
    assert is_printed("Please think before printing.")
    assert not is_printed("The VAT number is wrong.")


def test_who_sends_regards_closes_a_mail() -> None:
    assert is_final("Beste Grüße vom Bodensee")
    assert is_final("Groetjes van Noors moeder")
    assert not is_final("Viele Grüße stehen auf der Karte")


def test_closings_that_no_list_has_are_warm() -> None:
    assert is_warm("Yours in window dressing,")
    assert not is_warm("The lamp flickers")


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
