"""What a single line of a mail shows."""

from __future__ import annotations

import re

import pytest

from northloop.core.pattern_set import needed_by
from northloop.stages.data.correspondence.lexicon import LEGAL
from northloop.stages.data.correspondence.lines import (
    advertises,
    is_address,
    is_company,
    is_device,
    is_final,
    is_formula,
    is_printed,
    is_warm,
    legal_kinds,
    wishes,
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


@pytest.mark.parametrize(
    "line",
    [
        "Sent from my iPhone",
        "Sent from my BlackBerry 10 smartphone on the EE network.",
        "Get Outlook for iOS",
        "Obtenir Outlook pour iOS",
        "Von meinem Tablet aus geschrieben",
        "Diese Nachricht wurde von meinem Android Mobiltelefon mit WEB.DE Mail gesendet.",
        "Envoyé depuis l'application Mail Orange",
        "Enviado do Yahoo Mail no Android",
        "Wysłano z aplikacji mobilnej WP Poczta",
        "Wysłane z mojego telefonu",
        "发自我的小米手机",
    ],
)
def test_footers_name_a_device_or_a_program(line: str) -> None:
    assert is_device(line)


@pytest.mark.parametrize(
    "line",
    [
        "Get my phone working again please",
        "Sent by Royal Mail on 3 March",
        "Von meinem Handy kann ich nicht anrufen",
        "Gesendet mit DHL per Post am 3.3.",
        "Envoyé par courrier recommandé le 3 mars",
        "Enviado por correo certificado",
        "Inviato tramite posta prioritaria",
        "Enviado pelo correio no dia 3",
        "Verzonden met post op 3 maart",
        "Wysłane przez Pocztę Polską 3 marca",
        "Skickat med Postnord den 3 mars",
    ],
)
def test_how_a_parcel_was_sent_is_no_footer(line: str) -> None:
    assert not is_device(line)


def test_a_good_day_is_wished() -> None:
    assert wishes("Bonne journée")
    assert wishes("¡Que tengas un buen día!")
    assert not wishes("Merci")
    assert not wishes("Good day for delivery: Monday")


def test_closings_follow_each_other() -> None:
    assert is_formula("以上です。よろしくお願いします。")
    assert is_formula("お忙しいところ恐れ入りますが、ご回答のほどよろしくお願いいたします。")
    assert not is_formula("以上です。色は赤です。")


@pytest.mark.parametrize("noun", ["Remboursement", "Virement", "Abonnement", "Paiement"])
def test_nouns_that_end_as_adverbs_close_nothing(noun: str) -> None:
    assert not is_final(f"{noun}, Anna")


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
