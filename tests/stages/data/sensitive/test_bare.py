"""Messages that say little but a number or a mailbox, as chats have them."""

from __future__ import annotations

import pytest

from northloop.stages.data.sensitive import Sensitive, detect


def _found(text: str) -> list[str]:
    return [s.text for s in detect(text) if s.type is not Sensitive.NAME]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("4455", "4455"),
        ("sorry it is 44556", "44556"),
        ("h 56 t 59", "h 56 t 59"),
        ("its johnson and 2 g 4 s 6 h", "2 g 4 s 6 h"),
        ("my name is inba and my confirmation number is ff 3 sj 27", "ff 3 sj 27"),
        ("hgr 937003826", "hgr 937003826"),
        ("the file says 4.55E+15 for my card", "4.55E+15"),
        ("559 e 15", "559 e 15"),
        ("I lost my credit card 1122354800219688 on the train", "1122354800219688"),
        ("the last four digits of my ssn are 4312 and I wait", "4312"),
        ("toonatnoongmailorg", "toonatnoongmailorg"),
        ("my email is kellygeorge 2011 reddiffmailcom", "kellygeorge 2011 reddiffmailcom"),
        ("write to maria 17 gmailcom please", "maria 17 gmailcom"),
    ],
)
def test_what_is_somebodys_own(text: str, value: str) -> None:
    assert _found(text) == [value]


@pytest.mark.parametrize(
    "text",
    [
        "2 pairs of boots size 42",
        "rtx 3080 ti",
        "iPhone 15 Pro Max",
        "3 kg 20 cm",
        "2019",
        "15062024",
        "12 june 2024",
        "windows 11 home 64 bit",
        "ford focus 2015",
        "mp 3 player",
        "500 dollars",
        "What does repair number 10 of a tent pole cost?",
        "Customer number 10 of the queue waits",
        "my telecom provider and the intercom",
        "connect to the internet and the subnet",
        "dotnet",
    ],
)
def test_what_is_nobodys(text: str) -> None:
    assert _found(text) == []


def test_two_accounts_of_a_transfer() -> None:
    assert _found("please transfer 250 from 4821 to 9907") == ["4821", "9907"]


@pytest.mark.parametrize(
    "text",
    [
        "samstags sind wir von 10 bis 16 Uhr da",
        "Wir haben von 8 bis 20 Uhr geöffnet.",
        "von 9 bis 17 Uhr",
        "telefonisch sind wir unter [PHONE] von 10 bis 18 Uhr da.",
        "mit 5 bis 17 mm Abstand",
        "70 bis 75 cm",
        "ouvert de 9 a 18 h le samedi",
        "de 9 a 14",
        "Abrimos de 9 a 14 y de 16 a 20 horas.",
        "dalle 9 alle 13",
        "van 9 tot 16 uur en in het weekend",
        "das 9 as 18 h",
        "od 9 do 17",
        "kl 9 till 17",
        "Ci sono tre fasce: 7–10 e 11–14.",
    ],
)
def test_hours_in_any_language_are_nobodys(text: str) -> None:
    assert _found(text) == []


@pytest.mark.parametrize("code", ["h 56 t 59", "ab 12 de 34 f", "h 10 a 12 h 9"])
def test_a_spelled_code_is_one_all_the_same(code: str) -> None:
    assert _found(f"it is {code}") == [code]


@pytest.mark.parametrize(
    "text",
    [
        "O reembolso chega ao mesmo cartão em 7 a 14 dias úteis",
        "Il rimborso arriva sulla carta in 7 o 14 giorni",
        "binnen 7 tot 14 dagen op uw kaart",
        "w ciągu 7 do 14 dni",
    ],
)
def test_spans_of_time_in_other_languages_are_no_codes(text: str) -> None:
    assert _found(text) == []
