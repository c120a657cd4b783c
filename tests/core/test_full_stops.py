"""German dates and what is shortened: neither the check nor a quote cuts a sentence there."""

from __future__ import annotations

import pytest

from northloop.core.full_stops import goes_on
from northloop.core.statements import sentences
from northloop.stages.serving.quote.sentences import split

WHOLE = [
    "Bitte melden Sie den Zählerstand bis zum 10. Januar.",
    "Bis zum 31. Dezember 2026 gilt der alte Preis.",
    "Der Abschlag wird am 15. jedes Monats abgebucht.",
    "Die 2. Mahnung kostet 6 Euro.",
    "Das Büro liegt im 2. Stock.",
    "Der Vertrag endet am 31. 12. 2026 um 24 Uhr.",
    "Wir liefern am 5. Sept. 2026 aus.",
    "Der Versand kostet zzgl. 5 Euro.",
    "Preise verstehen sich inkl. Versand.",
    "Nehmen Sie ggf. Unterlagen mit.",
    "Sie erreichen uns unter Tel. 0800 555 0199.",
    "Das steht in Art. 6 Abs. 1 der Verordnung.",
    "Das gilt z. B. Montags.",
    "Llame al tel. 900 100 200.",
    "Mesurez le débit avec un câble cat. 6 au moins.",
    "Indiquez la réf. 4711 sur le virement.",
    "Choisissez un terme, p. ex. 12 mois.",
    "Le contrat prend fin le 31 janv. 2027 à minuit.",
]


@pytest.mark.parametrize("sentence", WHOLE)
def test_a_sentence_is_whole(sentence: str) -> None:
    text = f"{sentence} Danke."
    assert split(text) == [sentence, "Danke."]
    assert [one.strip() for one in sentences(text)] == [sentence, "Danke."]


@pytest.mark.parametrize(
    "text",
    [
        "Der Preis ist 10. Sie zahlen bar.",
        "It costs 10. You can pay by card.",
        "We ship within 14. Please wait.",
        "Es gibt 12. Danach keine mehr.",
        "Das ist Art. Mehr nicht.",
        "We are glad to do so. Write to us.",
        "The year is 2026. January is closed.",
    ],
)
def test_a_number_at_the_end_ends_it(text: str) -> None:
    assert len(split(text)) == 2
    assert len(sentences(text)) == 2


def test_it_looks_at_the_end_alone() -> None:
    long = "Am 3. Tag " * 10_000
    assert goes_on(f"{long}am 3.", "Tag")
    assert not goes_on(f"{long}am Tag.", "Tag")
