"""Which language a short message is in."""

from __future__ import annotations

import pytest

from northloop.stages.data.languages import NAMES, language_of
from northloop.stages.data.small_words import SMALL_WORDS, language_said

SHORT = {
    "English": (
        "Can I talk to a person?",
        "where is my order",
        "do you ship to Malta?",
        "How much is it?",
        "is it in stock",
        "I want my money back",
        "what are your hours",
        "can i pay cash",
        "thanks, and the price?",
        "my code doesn't work",
        "when will it arrive",
        "Cancel it please",
        "Is there a discount?",
        "who delivers it?",
    ),
    "German": (
        "Kann ich bar zahlen?",
        "wo ist mein Paket",
        "Was kostet das?",
        "ist das lieferbar",
        "Ich will mein Geld zurück",
        "wie lange dauert es",
        "geht auch Paypal",
        "Danke, und der Preis?",
        "mein Code geht nicht",
        "wann kommt es an",
        "Bitte stornieren",
        "Gibt es Rabatt?",
        "habt ihr das in rot",
        "Wer liefert das?",
        "wie sind die oeffnungszeiten",
    ),
    "French": (
        "Puis-je payer en espèces ?",
        "ou est mon colis",
        "Combien ça coûte ?",
        "c'est disponible",
        "je veux etre rembourse",
        "quels sont vos horaires",
        "peut on payer a la pepiniere en especes",
        "Merci, et le prix ?",
        "mon code ne marche pas",
        "quand arrive t il",
        "Annulez svp",
        "Y a-t-il une remise ?",
        "vous l'avez en rouge",
        "Qui livre ?",
    ),
    "Spanish": (
        "¿Puedo pagar en efectivo?",
        "donde esta mi pedido",
        "¿Cuánto cuesta?",
        "quiero mi dinero",
        "cual es el horario",
        "hacen envios a Malta",
        "Gracias, ¿y el precio?",
        "cuando llega",
        "¿Hay descuento?",
        "lo tienen en rojo",
        "¿Quién lo entrega?",
    ),
    "Italian": (
        "Posso pagare in contanti?",
        "dov'è il mio pacco",
        "è disponibile",
        "voglio il rimborso",
        "quali sono gli orari",
        "Grazie, e il prezzo?",
        "il mio codice non funziona",
        "Annullare per favore",
        "C'è uno sconto?",
        "ce l'avete in rosso",
        "Chi lo consegna?",
    ),
    "Portuguese": (
        "Posso pagar em dinheiro?",
        "onde esta a minha encomenda",
        "quero o meu dinheiro",
        "qual é o horário",
        "Obrigado, e o preço?",
        "o meu código não funciona",
        "Há desconto?",
        "têm em vermelho",
        "Quem entrega?",
    ),
    "Dutch": (
        "Kan ik contant betalen?",
        "waar is mijn pakket",
        "Wat kost dat?",
        "is het op voorraad",
        "ik wil mijn geld terug",
        "wat zijn de openingstijden",
        "verzenden jullie naar Malta",
        "Bedankt, en de prijs?",
        "mijn code werkt niet",
        "wanneer komt het aan",
        "Annuleren graag",
        "hebben jullie het in rood",
        "Wie bezorgt het?",
        "hoe lang duurt het",
    ),
    "Polish": (
        "Czy mogę zapłacić gotówką?",
        "gdzie jest moja paczka",
        "Ile to kosztuje?",
        "czy jest dostepne",
        "chce zwrot pieniedzy",
        "jakie sa godziny otwarcia",
        "czy wysylacie na Malte",
        "Dziękuję, a cena?",
        "moj kod nie dziala",
        "kiedy przyjdzie",
        "Proszę anulować",
        "Czy jest zniżka?",
        "macie to w czerwonym",
        "Kto to dostarcza?",
        "jak dlugo to trwa",
    ),
    "Swedish": (
        "Kan jag betala kontant?",
        "var är mitt paket",
        "Vad kostar det?",
        "finns den i lager",
        "jag vill ha pengarna tillbaka",
        "vilka är era öppettider",
        "skickar ni till Malta",
        "Tack, och priset?",
        "min kod fungerar inte",
        "när kommer det",
        "Avboka tack",
        "Finns det rabatt?",
        "har ni den i rött",
        "Vem levererar?",
        "hur länge tar det",
    ),
}


@pytest.mark.parametrize("language", SHORT)
def test_a_few_small_words_tell_the_language_accents_or_none(language: str) -> None:
    assert [text for text in SHORT[language] if language_said(text) != language] == []


@pytest.mark.parametrize(
    "text",
    ["order A-17", "thx", "ok?", "iPhone 13 Pro Max", "DHL Express", "4711", "", "kde je moj balik",
     "Missä pakettini on?", "Via Roma 12", "Ja", "sim only plan", "hat size",
     "A la carte", "[NAME:ab12cd] [EMAIL:123456]"],
)  # fmt: skip
def test_nothing_is_said_of_what_shows_none(text: str) -> None:
    assert language_said(text) == ""


@pytest.mark.parametrize(
    "text",
    ["report payment problems", "wanna get reimbursements", "remove standard accoint",
     "Grand cru capsules price", "Tokyo Osaka Kyoto rail pass"],
)  # fmt: skip
def test_letters_alone_tell_what_is_surely_no_english(text: str) -> None:
    assert language_said(text) in ("", "English")


@pytest.mark.parametrize(
    "text",
    ["Error codes\nE01 boiler empty\nE02 pump blocked\nE09 sensor defect",
     "| To | Landline | Mobile plan |\n|---|---|---|\n| EU | 12p a minute | 18p a minute |\n"
     "| Canada | 5p a minute | 9p a minute |\n| Japan | 15p a minute | 19p a minute |",
     "| Line | Working days | Sat |\n|---|---|---|\n| Lake Line | every 30 min | every 30 min |\n"
     "| Hill Line | every 20 min | every 60 min |\n| Coast Line | every 15 min | every 20 min |"],
)  # fmt: skip
def test_units_and_codes_of_tables_are_no_words_of_another_language(text: str) -> None:
    assert language_said(text) == "English"


@pytest.mark.parametrize(
    ("text", "language"),
    [("Rückerstattung beantragen", "German"), ("annuler commande remboursement", "French"),
     ("devolución pedido gastos envío", "Spanish"), ("glömt lösenord inloggning", "Swedish"),
     ("wachtwoord vergeten inloggen lukt", "Dutch")],
)  # fmt: skip
def test_keywords_tell_their_language_without_small_words(text: str, language: str) -> None:
    assert language_said(text) == language


def test_small_words_overrule_the_letters_where_they_say_much_more() -> None:
    said = "peut on payer a la pepiniere en especes"
    assert language_of(said) == "Spanish"
    assert language_said(said) == "French"


@pytest.mark.parametrize(
    "text",
    [
        "Where is the tent that I ordered last week?",
        "Missä on teltta, jonka tilasin viime viikolla?",
        "Где палатка, которую я заказал на прошлой неделе?",
        "先週注文したテントはどこですか。",
    ],
)
def test_what_letters_tell_stays(text: str) -> None:
    assert language_said(text) == language_of(text) != ""


def test_the_languages_are_named_as_elsewhere() -> None:
    assert {*SHORT} < {*SMALL_WORDS} < {*NAMES.values()}
