from __future__ import annotations

import pytest

from northloop.stages.serving.quote.wanted import (
    asks_price,
    asks_time,
    holds_money,
    holds_time,
)


@pytest.mark.parametrize(
    "question",
    [
        "How much is it?", "Was kostet die Abholung?", "Wieviel zahl ich da", "C'est combien ?",
        "¿Cuánto cuesta?", "Quanto costa il corso?", "Quanto custa?", "Hoeveel betaal ik?",
        "Ile kosztuje paczka?", "Vad kostar det?", "送料はいくらですか", "多少钱",
    ],
)  # fmt: skip
def test_a_price_is_asked_for_in_many_languages(question: str) -> None:
    assert asks_price(question)


@pytest.mark.parametrize(
    "question",
    [
        "When do you open?", "Wie lange dauert das?", "Wann kommt ihr", "Sous quel délai ?",
        "¿Cuándo abren?", "Entro quanti giorni?", "Qual é o prazo?", "Hoe lang duurt het?",
        "Ile mam czasu, do kiedy?", "Hur länge gäller det?", "いつ届きますか", "多久能到",
    ],
)  # fmt: skip
def test_a_time_is_asked_for_in_many_languages(question: str) -> None:
    assert asks_time(question)


@pytest.mark.parametrize(
    "sentence",
    [
        "It costs €9.", "Der Versand ist kostenlos.", "Es kostet 9 Euro.", "C'est gratuit.",
        "El envío cuesta 3 euros.", "Il corso è gratuito.", "Dostawa kosztuje 12,99 zł.",
        "Det kostar 49 kr.", "送料は500円です。", "运费10元。",
    ],
)  # fmt: skip
def test_a_sentence_says_what_it_costs(sentence: str) -> None:
    assert holds_money(sentence)


@pytest.mark.parametrize(
    "sentence",
    [
        "Within 3 working days.", "Nach 5 Werktagen.", "Ab 8 Uhr.", "Sous 3 jours ouvrés.",
        "En 2 semanas.", "Entro 10 giorni.", "Em 15 dias.", "Binnen 4 weken.", "W 14 dni.",
        "Inom 2 veckor.", "7日以内に返品。", "3天内。", "À 9 h 30, de 9h à 18h.", "W poniedziałek.",
    ],
)  # fmt: skip
def test_a_sentence_says_when(sentence: str) -> None:
    assert holds_time(sentence)


@pytest.mark.parametrize(
    "text",
    [
        "I would like to change my address", "Die Tür klemmt", "Le chat est sorti",
        "The order is wrong for no reason",
    ],
)  # fmt: skip
def test_nothing_is_found_where_nothing_is_said(text: str) -> None:
    assert not asks_price(text)
    assert not holds_money(text) and not holds_time(text)


def test_a_word_within_another_is_none() -> None:
    assert not asks_price("the facile part of Decoster's freeway")
    assert not asks_time("sometimes uncore borer")
    assert not holds_time("room 3 annex, 12 latex gloves, 4 organs")
