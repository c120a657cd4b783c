"""Where people live, as written in the countries of eleven languages."""

from __future__ import annotations

import pytest

from northloop.stages.data.sensitive import Sensitive, detect


def _addresses(text: str) -> list[str]:
    return [s.text for s in detect(text) if s.type is Sensitive.ADDRESS]


@pytest.mark.parametrize(
    ("before", "address", "after"),
    [
        ("Bitte liefern Sie an ", "Am Alten Markt 7, 18055 Rostock", ", danke"),
        ("livrez au ", "14 bis rue des Trois Frères, 75018 Paris", " merci"),
        ("vivo en ", "Calle de Alcalá 45, 3º B, 28014 Madrid", ""),
        ("abito in ", "Via Garibaldi 22, 16124 Genova GE", ""),
        ("a minha morada é ", "Rua do Carmo 31, 2º Dto, 1200-093 Lisboa", ""),
        ("ik woon op ", "Prinsengracht 263, 1016 GV Amsterdam", ""),
        ("mieszkam przy ", "ul. Lipowej 84/92, 00-514 Warszawa", ""),
        ("jag bor på ", "Storgatan 18 lgh 1202, 114 51 Stockholm", ""),
        ("", "Flat 3, 27 Abbey Road, London NW8 9AA", ""),
        ("", "1600 amphitheatre pkwy mountain view ca 94043", ""),
        ("请送到", "北京市朝阳区建国路88号院3号楼1201室", "，谢谢"),
        ("住所は", "大阪府大阪市北区梅田3-1-3", "です"),
        ("", "〒150-0002 東京都渋谷区渋谷2丁目21番1号", ""),
        ("주소는 ", "서울특별시 강남구 테헤란로 152, 3층", "입니다"),
    ],
)
def test_an_address_is_found_whole_and_alone(before: str, address: str, after: str) -> None:
    assert _addresses(f"{before}{address}{after}") == [address]


@pytest.mark.parametrize(
    "text",
    [
        "Do you deliver to Paris, Lyon and Nice?",
        "English is spoken at Courtyard by Marriott San Francisco",
        "files in the formats CSV, JSONL and Parquet",
        "My order of 12 items at 5 dollars each",
        "We met at 10 in the park 3 times",
        "Liefern Sie nach Berlin?",
        "送到上海要3天吗？",
        "東京に3回行きました",
        "transfer 500 to my savings",
    ],
)
def test_towns_and_counts_are_no_addresses(text: str) -> None:
    assert _addresses(text) == []


@pytest.mark.parametrize(
    "address",
    [
        "30 Veslebakken 48",
        "19 2249 College Street, Forest Park",
        "43 P.O. Box 41",
        "USNV Heilmann\nFPO AE 13689",
    ],
)
def test_an_address_with_two_numbers_a_box_or_a_ship(address: str) -> None:
    found = _addresses(f"See you on Saturday at {address}")
    assert found == [address]


def test_a_box_in_small_letters() -> None:
    assert _addresses("it goes to p.o. box 15 now") == ["p.o. box 15"]


@pytest.mark.parametrize(
    ("text", "address"),
    [
        (
            "Return it to the corner of Auenweg 85 and Kesä Street, please",
            "the corner of Auenweg 85 and Kesä Street",
        ),
        ("a taxi to Motochika and Via Scala 50. Thanks", "Motochika and Via Scala 50"),
        ("it came to Bryan and Meierigaten 206 last night", "Bryan and Meierigaten 206"),
    ],
)
def test_where_streets_meet(text: str, address: str) -> None:
    assert _addresses(text) == [address]


@pytest.mark.parametrize(
    "text",
    [
        "I went to Paris and London 2 days ago",
        "send to Ann and Bob 55 copies",
        "I talked to Ann and Order 5512 is late",
        "in the corner of the room and the hall",
        "hard drive",
        "the drive does not start",
        "I found a flat near a Park",
    ],
)
def test_what_is_said_in_passing_is_no_address(text: str) -> None:
    assert _addresses(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "It costs 3.90; for Larkfell Circle members it is free.",
        "No worries. Close all zips and wash it.",
        "No worries. Trail Mend, our workshop, repairs it.",
        "I unpacked the box toady and it holds a wrong item.",
    ],
)
def test_a_club_a_box_and_a_new_sentence_are_no_streets(text: str) -> None:
    assert [span.text for span in detect(text) if span.type is Sensitive.ADDRESS] == []


@pytest.mark.parametrize(
    "text",
    [
        "Welche Rahmengröße bei 1,80 Körpergröße?",
        "Meine Tochter ist 1,17 m, welche Zollgröße?",
        "bei 175 bis 185 cm passt L, bei 165 bis 174 cm M, bei 155 bis 164 cm S.",
        "danke für Ihre Anfrage.\n\nDer große Akku kostet 799 Euro.\n\nMit freundlichen Grüßen",
        "nach Österreich kostet die Lieferung 89 Euro, innerhalb Deutschlands 49 Euro.",
        "Größe 38 passt bei 24 cm Fußlänge, Größe 40 bei 26 cm.",
        "Der Abholcode lautet 558213, den wollte der Anbieter auch.",
        "Ich messe 1,91 m, welcher Rahmen ist meiner?",
        "Lassen Sie bitte einen Meter Platz.",
        "Cada conductor añadido cuesta 7 euros al día, y se admiten tres.",
        "La box mensuelle coûte 24,90 €, la box de saison 39,90 €.",
        "De tienrittenkaart kost 95 euro en is een jaar geldig.",
        "Siamo aperti il sabato dalle 9 alle 13.",
        "klient zapłacił wczoraj kurierowi, kiedy zobacze kase u siebie?",
    ],
)
def test_sentences_of_other_languages_are_no_addresses(text: str) -> None:
    assert [s.text for s in detect(text) if s.type is Sensitive.ADDRESS] == []


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("Mi dirección es Gran Vía 28, Madrid.", "Gran Vía 28, Madrid"),
        ("Adres dostawy: Plac Wolności 2, Poznań", "Plac Wolności 2, Poznań"),
        ("Nuovo indirizzo: Lungomare Colombo 40, Salerno", "Lungomare Colombo 40, Salerno"),
        ("j'habite 12 rue pasteur lyon", "12 rue pasteur lyon"),
        ("In Dortmund, Hansastraße 41, stehen rund 90 Sofas.", "Hansastraße 41"),
    ],
)
def test_addresses_within_sentences_of_other_languages(text: str, address: str) -> None:
    assert [s.text for s in detect(text) if s.type is Sensitive.ADDRESS] == [address]
