"""Which language a text is in."""

from __future__ import annotations

import pytest

from northloop.stages.data.correspondence.lexicon import LEXICONS
from northloop.stages.data.languages import (
    UNDERSTOOD,
    is_called_a_language,
    is_understood,
    language_of,
)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Where is the tent that I ordered last week?", "English"),
        ("Wo bleibt das Zelt, das ich letzte Woche bestellt habe?", "German"),
        ("Où est la tente que j'ai commandée la semaine dernière ?", "French"),
        ("¿Dónde está la tienda que pedí la semana pasada?", "Spanish"),
        ("Dov'è la tenda che ho ordinato la settimana scorsa?", "Italian"),
        ("Onde está a tenda que encomendei na semana passada?", "Portuguese"),
        ("Waar blijft de tent die ik vorige week heb besteld?", "Dutch"),
        ("Gdzie jest namiot, który zamówiłem w zeszłym tygodniu?", "Polish"),
        ("Var är tältet som jag beställde förra veckan?", "Swedish"),
        ("先週注文したテントはどこですか。", "Japanese"),
        ("我上周订的帐篷在哪里？", "Chinese"),
        ("Missä on teltta, jonka tilasin viime viikolla?", "Finnish"),
        ("Kde je stan, který jsem si objednal minulý týden?", "Czech"),
        ("Hol van a sátor, amit a múlt héten rendeltem?", "Hungarian"),
        ("Geçen hafta sipariş ettiğim çadır nerede?", "Turkish"),
        ("Где палатка, которую я заказал на прошлой неделе?", "Cyrillic"),
        ("지난주에 주문한 텐트는 어디에 있나요?", "Korean"),
        ("order A-17", ""),
        ("thx", ""),
        ("https://shop.example/cesta/objednavka/0017 [NAME] 0113 496 0158", ""),
        ("", ""),
    ],
)
def test_languages_are_told_where_they_show(text: str, language: str) -> None:
    assert language_of(text) == language


@pytest.mark.parametrize(
    "text",
    [
        "wheres my prcel pls its been 2 wks n nothin",
        "CANCEL ORDER 48213 NOW PLEASE",
        "license error vpn client outlook restart laptop ticket user login",
        "quiero devolver botas talla 42 pedido 48213",
        "zamowienie 48213 nie dotarlo prosze o zwrot",
        "konnen sie mir die rechnung schicken",
    ],
)
def test_hurried_texts_are_not_kept_out(text: str) -> None:
    assert is_understood(language_of(text))


def test_what_is_on_no_list_is_not_understood() -> None:
    assert not is_understood("Finnish")
    assert not is_understood("Cyrillic")
    assert is_understood("Polish")
    assert is_understood("")


def test_what_is_understood_is_what_greetings_are_known_of() -> None:
    assert set(UNDERSTOOD) == set(LEXICONS)


@pytest.mark.parametrize(
    "label", ["lang_es", "pt-BR", "Idioma: italiano", "it", "Deutsch", "EN_us"]
)
def test_labels_that_say_a_language(label: str) -> None:
    assert is_called_a_language(label)


@pytest.mark.parametrize("label", ["IT", "HR", "italian shoes", "refund", "no refund", "", "lang"])
def test_labels_that_say_more_or_less(label: str) -> None:
    assert not is_called_a_language(label)


def test_spanish_without_accents_is_not_taken_for_a_small_neighbour() -> None:
    assert language_of("teneis oficina fisica en zaragoza?") == "Spanish"
