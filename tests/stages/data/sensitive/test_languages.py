"""Names, addresses and numbers as they stand in messages of eleven languages."""

from __future__ import annotations

import pytest

from northloop.stages.data.sensitive import detect


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Madame de La Bouillerie souhaite être rappelée.", "de La Bouillerie"),
        ("Fru af Klint vill bli uppringd.", "af Klint"),
        ("Geachte heer Hoekstra, uw pakket is onderweg.", "Hoekstra"),
        ("Szanowny Panie Paździoch, paczka jest w drodze.", "Paździoch"),
        ("Bises, Solenn", "Solenn"),
        ("Buziaki, Bożena", "Bożena"),
        ("je m'apelle Bakary Traoré et je peux pas", "Bakary Traoré"),
        ("Met Sjoukje, ik belde gisteren.", "Sjoukje"),
        ("Qui Gianpiero, ho chiamato ieri.", "Gianpiero"),
        ("Il conto è intestato a mio padre, Luang Phibunsak.", "Luang Phibunsak"),
        ("Kontot står på min far, Luang Phibunsak.", "Luang Phibunsak"),
        ("Reembolso por favor, titular raimunda nonata.", "raimunda nonata"),
        ("Guten Tag, Leopoldine Hufnagl am Apparat.", "Leopoldine Hufnagl"),
        ("Titular de la cuenta: Iñaki Zubizarreta", "Iñaki Zubizarreta"),
        ("Dzień dobry, mówi Gniewomir Stachowiak.", "Gniewomir Stachowiak"),
        ("谢谢！\n欧阳雨桐\n电话：", "欧阳雨桐"),
        ("よろしくお願いいたします。\n王 麗華\n電話", "王 麗華"),
        ("お名前をお願いします。\n王 麗華", "王 麗華"),
        ("Med vänlig hälsning\nĐặng Thị Hạnh", "Đặng Thị Hạnh"),
        ("O meu NIF 231583931 mudou.", "231583931"),
        ("What is your name?\nLuang Phibunsak\nThanks", "Luang Phibunsak"),
        ("西園寺様から折り返しのご希望です。", "西園寺"),
        ("担当の小鳥遊さんはいますか。", "小鳥遊"),
        ("口座は父の東海林さだおの名義です。", "東海林さだお"),
        ("お客様名:ナカムラ ユウコ", "ナカムラ ユウコ"),
        ("我叫司徒志强，登录不了。", "司徒志强"),
        ("你好，我是買買提·艾力，水壶漏水。", "買買提·艾力"),
        ("账户在我父亲林嘉欣名下。", "林嘉欣"),
        ("Stuur naar Postbus 471, 8880 AB Terschelling.", "Postbus 471, 8880 AB Terschelling"),
        ("Spedite a Casella postale 88, 09014 Carloforte.", "Casella postale 88, 09014 Carloforte"),
        ("au Lieu-dit Kerdonis, 56360 Belle-Île-en-Mer.", "Lieu-dit Kerdonis, 56360 Belle-Île"),
        ("an Mariahilfer Str. 88/2/14, 1070 Wien.", "Mariahilfer Str. 88/2/14, 1070 Wien"),
        ("till Tre Liljor 4 nb, 113 44 Stockholm tack.", "Tre Liljor 4 nb, 113 44 Stockholm"),
        ("to The Old Forge, Isle of Eigg, PH42 4RL.", "The Old Forge, Isle of Eigg, PH42 4RL"),
        ("新住所：沖縄県八重山郡竹富町字竹富471", "沖縄県八重山郡竹富町字竹富471"),
        ("香港九龍旺角彌敦道688號旺角中心12樓B室", "香港九龍旺角彌敦道688號旺角中心12樓B室"),
        ("I changed my password to N0tMyDog and now it says expired.", "N0tMyDog"),
        ("Ich habe das Kennwort auf Tulpe!2291 geändert.", "Tulpe!2291"),
        ("mdp : sommer-regen-7", "sommer-regen-7"),
        ("Född 1987-03-14 i Lund.", "1987-03-14"),
        ("Urodzony 14.03.1987 w Łodzi.", "14.03.1987"),
        ("Nasci a 9 de junho de 1971.", "9 de junho de 1971"),
        ("Ordine n. 51458486, grazie.", "51458486"),
        ("Kenteken KX-482-R, plek 12.", "KX-482-R"),
        ("車のナンバーは品川 330 あ 48-21です。", "品川 330 あ 48-21"),
        ("Mijn nummer is nul zes vijf vijf vijf nul één vier zeven twee.", "nul zes vijf vijf"),
    ],
)
def test_what_is_found(text: str, found: str) -> None:
    start = text.index(found)
    wanted = {i for i in range(start, start + len(found)) if text[i].isalnum()}
    assert wanted <= {i for span in detect(text) for i in range(span.start, span.end)}


@pytest.mark.parametrize(
    "text",
    [
        "Is the Rose Gold case back in stock?",
        "Does the Grace Period start when the invoice is due?",
        "The Ivy League bundle is sold out.",
        "I drive a Mercedes Benz, does the rack fit?",
        "Gate B12 was closed at 10:45.",
        "Unsere Hotline 0800 123 4567 ist von 8 bis 18 Uhr da.",
        "Aktualizacja z 12 marca 2024 nie działa.",
        "A atualização de 12 de março de 2024 falhou.",
        "Kära kund, ärendet är stängt.",
        "Le parfum Nina Ricci est vide.",
        "Z tej strony dzwonię, proszę o pomoc.",
        "em nome de empresa grande, obrigado.",
        "運送会社さんに聞きました。",
        "Kram Plast, är det i lager?",
        "I reset my password in Settings2 and it works.",
        "The plate 12 CM is broken",
        "お客様の声を聞かせてください。業者さんが来ました。",
        "同様に、模様替えです。何様のつもりですか。",
        "母の日は何日ですか。父の誕生日です。",
        "北京市有3号线吗",
        "客户高兴。",
        "よろしくお願いいたします。\nカスタマーサポート",
        "谢谢！\n客服团队",
    ],
)
def test_what_stays(text: str) -> None:
    assert detect(text) == []


def test_what_an_address_gives_up_to_a_card_leaves_no_words() -> None:
    found = detect("Dubbeldraget på kort 4596 0768 4866 4779.")
    assert all("kort" not in span.text for span in found)
