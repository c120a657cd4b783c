"""What is found, and what is left alone."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from northloop.stages.data.sensitive import Sensitive, detect
from northloop.stages.data.sensitive.numbers import iban_valid, luhn


def _found(text: str, *known: str) -> list[tuple[str, str]]:
    return [(span.type.value, span.text) for span in detect(text, known)]


@pytest.mark.parametrize(
    ("text", "type_", "value"),
    [
        ("Write to jane.doe+shop@mail.example please", "EMAIL", "jane.doe+shop@mail.example"),
        ("my mail is jane at mail dot com", "EMAIL", "jane at mail dot com"),
        ("Call me on 07700 900123", "PHONE", "07700 900123"),
        ("phone +49 30 901820, thanks", "PHONE", "+49 30 901820"),
        ("my number is (555) 123-4567", "PHONE", "(555) 123-4567"),
        ("I paid with 4539 1488 0343 6467", "CARD", "4539 1488 0343 6467"),
        ("IBAN GB29 NWBK 6016 1331 9268 19", "IBAN", "GB29 NWBK 6016 1331 9268 19"),
        ("my SSN is 521-44-9382", "ID", "521-44-9382"),
        ("National Insurance QQ 12 34 56 C", "ID", "QQ 12 34 56 C"),
        ("passport number is 119673824", "ID", "119673824"),
        ("DNI 12345678Z", "ID", "12345678Z"),
        ("my password is hunter2", "SECRET", "hunter2"),
        ("the passord: Gipfel394?", "SECRET", "Gipfel394"),
        ("PIN is 4821", "SECRET", "4821"),
        ("api key sk_live_4f9aK2mQ8xT1vB7n", "SECRET", "sk_live_4f9aK2mQ8xT1vB7n"),
        ("order #10442 is late", "ORDER", "#10442"),
        ("my order number is LO-1630273", "ORDER", "LO-1630273"),
        ("tracking 1Z999AA10123456784", "ORDER", "1Z999AA10123456784"),
        ("customer account is LA-204711", "ACCOUNT", "LA-204711"),
        ("My name is Karim El Amrani.", "NAME", "Karim El Amrani"),
        ("Dear Ms Okafor, hello", "NAME", "Ms Okafor"),
        ("Thanks, Margaux", "NAME", "Margaux"),
        ("my name is vimal raj and", "NAME", "vimal raj"),
        ("I spoke to Ludmila yesterday", "NAME", "Ludmila"),
        ("Send it to 12 High Street, Leeds LS1 4AB.", "ADDRESS", "12 High Street, Leeds LS1 4AB"),
        (
            "address: 1600 Pine Ave Apt 4, Austin, TX 78701",
            "ADDRESS",
            "1600 Pine Ave Apt 4, Austin, TX 78701",
        ),
        ("Hauptstraße 12a, 10115 Berlin", "ADDRESS", "Hauptstraße 12a, 10115 Berlin"),
        (
            "7 chemin du Vieux Moulin, 38401 Nîmes",
            "ADDRESS",
            "7 chemin du Vieux Moulin, 38401 Nîmes",
        ),
        ("ul. Lipowa 51, 39-677 Zakopane", "ADDRESS", "ul. Lipowa 51, 39-677 Zakopane"),
        ("sent to Bjørkelia 15, 5137 Tromsø", "ADDRESS", "Bjørkelia 15, 5137 Tromsø"),
        ("Calle Mayor 5, 28013 Madrid", "ADDRESS", "Calle Mayor 5, 28013 Madrid"),
    ],
)
def test_what_is_found(text: str, type_: str, value: str) -> None:
    assert (type_, value) in _found(text)


@pytest.mark.parametrize(
    "text",
    [
        "It costs $1,299.00 or 1.299,00 € and arrives within 45 days.",
        "I ordered 2 tents and 12 pegs on 03/04/2025 at 14:30.",
        "Between 2023-2024 prices rose by 15 %.",
        "The Skarn 3 tent weighs 2300 g and holds 3000 mm of water.",
        "Can I reset my password? The password reset does not work.",
        "My password is not working and the code was wrong.",
        "Do you sell the Nook 800 sleeping bag at your Leeds shop?",
        "Will you deliver to Austria? May I pay by card in June?",
        "Hello team, I am happy with the Trail Mend service.",
        "Our server answers at 192.168.10.254.",
        "I have 1,150 points. What can I do with them?",
        "5 of 10 boots in the way to the park were wet",
    ],
)
def test_what_is_left_alone(text: str) -> None:
    assert _found(text) == []


def test_the_rows_own_people_are_found_in_any_case() -> None:
    assert ("NAME", "jane") in _found("jane here, the parcel of JANE DOE is late", "Jane Doe")
    assert ("NAME", "JANE DOE") in _found("jane here, the parcel of JANE DOE is late", "Jane Doe")
    assert ("NAME", "Okonjo") in _found("Okonjo's tent", "Ngozi Okonjo")


def test_a_name_that_is_a_word_needs_the_rest_of_it() -> None:
    assert _found("Can you will it to me?", "Can Will") == []
    assert ("NAME", "Can Kaya") in _found("The parcel of Can Kaya", "Can Kaya")


def test_placeholders_are_left_alone() -> None:
    text = "My name is [NAME], order [ORDER:12ab34], password is [SECRET], call [PHONE:0a1b2c]"
    assert _found(text) == []


def test_the_more_telling_type_stands() -> None:
    assert _found("mail password to jane.doe@mail.example") == [("EMAIL", "jane.doe@mail.example")]
    assert [s.type for s in detect("card 4539 1488 0343 6467 for order 4539 1488 0343 6467")] == [
        Sensitive.CARD,
        Sensitive.CARD,
    ]


@pytest.mark.parametrize(
    "piece",
    [
        "word ",
        "1 ",
        "1",
        "12 high ",
        "Abc ",
        "-",
        "\n",
        "a@",
        "jane at mail ",
        "my name is ",
        "[",
        "#1-",
    ],
)
def test_long_nasty_texts_come_to_an_end(piece: str) -> None:
    text = piece * (20_000 // len(piece))
    assert all(text[s.start : s.end] == s.text for s in detect(text))


@given(st.text(max_size=200))
def test_spans_are_in_order_apart_and_true_to_the_text(text: str) -> None:
    spans = detect(text)
    assert all(text[s.start : s.end] == s.text for s in spans)
    assert all(a.end <= b.start for a, b in itertools.pairwise(spans))


@given(st.integers(10**14, 10**15 - 1))
def test_exactly_one_check_digit_passes_luhn(number: int) -> None:
    assert sum(luhn(f"{number}{digit}") for digit in range(10)) == 1


def test_iban_check_digits() -> None:
    assert iban_valid("GB29NWBK60161331926819")
    assert not iban_valid("GB28NWBK60161331926819")


@pytest.mark.parametrize(
    "text",
    [
        "Das Wasser läuft am Boden aus, was nun?",
        "Der Kocher zündet nicht mehr, seit er nass wurde.",
        "Der Schlafsack riecht nach Rauch.",
        "Die Lampe Luna flackert seit gestern.",
        "Zamek w moim plecaku się zepsuł.",
    ],
)
def test_nouns_of_other_languages_are_no_names(text: str) -> None:
    assert detect(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "The Tamarind is unavailable, would you like another restaurant?",
        "I found a flat located near a Park and a University.",
        "What is the weather in San Francisco on Monday?",
    ],
)
def test_houses_parks_and_cities_are_nobody(text: str) -> None:
    assert detect(text) == []


def test_an_article_before_a_whole_name_hides_nobody() -> None:
    assert [span.text for span in detect("I am calling for the Jane Doe account.")] == ["Jane Doe"]


@pytest.mark.parametrize(
    ("text", "type_", "value"),
    [
        ("mon num client 4471129", "ACCOUNT", "4471129"),
        ("numéro de client : 55123987", "ACCOUNT", "55123987"),
        ("Meine Kundennummer lautet 55123987.", "ACCOUNT", "55123987"),
        ("mi número de pedido es 883311", "ORDER", "883311"),
        ("il mio numero cliente è 55123", "ACCOUNT", "55123"),
        ("klantnummer is 99812", "ACCOUNT", "99812"),
        ("numer klienta: 556677", "ACCOUNT", "556677"),
        ("Mijn leasenummer is FV-24880.", "ACCOUNT", "FV-24880"),
        ("My lease number is FV-24880, thanks", "ACCOUNT", "FV-24880"),
        ("polisnummer: 20-881733", "ACCOUNT", "20-881733"),
        ("my contract no. 4471129", "ACCOUNT", "4471129"),
    ],
)
def test_numbers_behind_the_words_for_them_in_other_languages(
    text: str, type_: str, value: str
) -> None:
    assert _found(text) == [(type_, value)]


@pytest.mark.parametrize(
    "text",
    [
        "Unter der Kundennummer finden Sie 140 Tage lang alles.",
        "Le numéro de client est composé de 800 chiffres.",
        "My lease is 10500 euros in all.",
        "The contract 2024B is new.",
        "Your subscription of 12000 minutes ends.",
        "Het leasenummer staat op uw pas.",
    ],
)
def test_a_word_for_a_number_without_one(text: str) -> None:
    assert _found(text) == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Se admite hasta 72 horas antes de la salida.", []),
        ("La de la Fuente soy yo.", ["La de la Fuente"]),
        ("Soy Lucía Fernández de la Fuente.", ["Lucía Fernández de la Fuente"]),
        ("Pregunte por fernández de la recepción", ["fernández"]),
    ],
)
def test_the_small_words_of_a_name_are_nobody_alone(text: str, found: list[str]) -> None:
    spans = detect(text, ("Lucía Fernández de la Fuente",))
    assert [span.text for span in spans] == found


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Mi localizador es ABAUJX.", "ABAUJX"),
        ("Reserva SSHT64, vuelo FCO-BCN", "SSHT64"),
        ("o meu localizador é K7QX2M", "K7QX2M"),
        ("codice prenotazione k7qx2m", "k7qx2m"),
        ("still no refund, booking BC4FAV", "BC4FAV"),
        ("Buchungscode: ABCDEF", "ABCDEF"),
        ("my booking CGUGHW is gone", "CGUGHW"),
        ("numéro de réservation AB12CD", "AB12CD"),
    ],
)
def test_the_code_of_a_booking(text: str, code: str) -> None:
    assert [(s.type, s.text) for s in detect(text)] == [(Sensitive.ORDER, code)]


@pytest.mark.parametrize(
    "text",
    [
        "RESERVA URGENTE MADRID",
        "mi reserva IBERIA no aparece",
        "El localizador es el código de seis letras",
        "¿Dónde está el código de mi reserva?",
        "a booking in JUNE for four",
    ],
)
def test_a_word_for_bookings_without_a_code(text: str) -> None:
    assert detect(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "mi tlf es 654321987",
        "llámenme al 654321987 por favor",
        "o meu telemóvel é 912345678",
        "mi teléfono es el 654321987",
    ],
)
def test_nine_digits_behind_a_word_for_phones(text: str) -> None:
    assert [s.type for s in detect(text)] == [Sensitive.PHONE]


@pytest.mark.parametrize(
    "text",
    [
        "según el Reglamento (CE) nº 261/2004 tengo derecho a 250 €",
        "la Ley 26/2004, Reglamento CE 261/2004",
        "Verordnung (EG) Nr. 261/2004",
    ],
)
def test_the_number_of_a_law_is_nobodys(text: str) -> None:
    assert detect(text) == []


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Dña. Begoña Zubiri Arana", "Dña. Begoña Zubiri Arana"),
        ("La pasajera es Inmaculada Etxeberria.", "Inmaculada Etxeberria"),
        ("a minha irmã Mafalda não vai", "Mafalda"),
        ("ho parlato con Gennaro ieri", "Gennaro"),
    ],
)
def test_names_of_spain_portugal_and_italy(text: str, name: str) -> None:
    assert [(s.type, s.text) for s in detect(text)] == [(Sensitive.NAME, name)]


def test_a_passport_of_other_countries() -> None:
    assert [s.text for s in detect("mi pasaporte es PAF123456")] == ["PAF123456"]
