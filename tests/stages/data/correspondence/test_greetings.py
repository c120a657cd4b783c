"""Greetings at the beginning of a mail."""

from __future__ import annotations

import pytest

from northloop.stages.data.correspondence import without_greeting


@pytest.mark.parametrize(
    "greeting",
    [
        "Dear Sir or Madam,",
        "Good morning, Anna",
        "Hello Larkfell team",
        "Sehr geehrter Herr Dr. Müller,",
        "Liebe Frau von der Heide!",
        "Schönen guten Tag",
        "Madame, Monsieur,",
        "Chère équipe,",
        "Hola, buenas tardes:",
        "Estimado/a Sr. Lutz:",
        "Gentile Dott.ssa Ricci,",
        "Spett.le Larkfell,",
        "Exmos. Senhores,",
        "Oi, pessoal,",
        "Geachte heer, mevrouw,",
        "L.S.,",
        "Till berörd person,",
        "突然のメール失礼いたします。",
        "Szanowna Pani Anno,",
        "Pani Anno,\n",
        "Oi, Camila! Tudo bem?",
        "Till kundtjänst.",
        "お世話になっております。\n北浜商事の中村です。",
        "ひかりネット\nサポートご担当者様",
        "Tach,",
        "Dzień dobry!",
        "Hejsan på er,",
        "Bästa kundtjänst,",
        "株式会社ラークフェル\nご担当者様\nいつもお世話になっております。",
        "山田様",
        "Cara dona Helena,",
        "田中様、いつもお世話になっております。サポート担当の鈴木です。",
        "尊敬的客服：",
        "王经理，您好！",
        "Hi 👋",
        "Anna, good morning!",
        "Boa tarde, Custódio,",
        "Chers voisins du syndic,",
        "Dobrý den,",
        "Уважаемая Ирина Павловна!",
        "안녕하세요,",
        "刘师傅：",
    ],
)
def test_greetings_on_lines_of_their_own_go(greeting: str) -> None:
    assert without_greeting(f"{greeting}\n\nA-17: 504?") == "A-17: 504?"


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        ("Hello! Where is it?", "Where is it?"),
        ("Hi Jane, your parcel is here.", "your parcel is here."),
        ("Hallo Herr Dr. Lang, das Zelt fehlt.", "das Zelt fehlt."),
        ("您好，我想退货。谢谢", "我想退货。谢谢"),
        ("お世話になっております。返品したいです。", "返品したいです。"),
        ("Bonjour à tous, où est-il ?", "où est-il ?"),
        ("Hi [NAME], where is it?", "where is it?"),
        ("Hello [NAME:3f2a91]! Where is it?", "Where is it?"),
        ("Guten Tag Frau [NAME],\nwo ist es?", "wo ist es?"),
        ("Good morning, [NAME] and [NAME:07]\n[ORDER]: when?", "[ORDER]: when?"),
        ("Dear <name>, thank you: it is mended.", "thank you: it is mended."),
        ("Hi {{Person Name}}, it is mended.", "it is mended."),
        ("Hello {{ticket.requester.first_name}}! It is mended.", "It is mended."),
        ("Sehr geehrter <Name>, das Zelt ist da.", "das Zelt ist da."),
        ("Bonjour [Prénom], la tente est là.", "la tente est là."),
    ],
)
def test_greetings_that_are_a_phrase_of_their_own_go(text: str, rest: str) -> None:
    assert without_greeting(text) == rest


@pytest.mark.parametrize(
    "text",
    [
        "Hello",
        "您好",
        "Hello?\nIs anybody there?",
        "Hello is printed on the label.",
        "Hi tent broken, refund me",
        "Hello [NAME]",
        "Hi [NAME] is my name, where is it?",
        "Hi [ORDER], is it late?",
        "[NAME], hello? Where is it?",
        "HI TENT BROKEN, REFUND ME",
        "Hello Kitty tent: is it in stock?",
        "Beste Qualität, aber teuer.",
        "Liebe Grüße an das Team, aber mein Zelt ist kaputt.",
        "Caro ma bello. Come lo lavo?",
        "Dear Diary app crashes. Why?",
        "Dag 3 van de vertraging",
        "你好吗这个词怎么翻译",
    ],
)
def test_what_only_begins_like_a_greeting_stays(text: str) -> None:
    assert without_greeting(text) == text


@pytest.mark.parametrize(
    "greeting", ["Maître,", "Huhu,", "Bonjour / Hello,", "Hola buenas", "李经理："]
)
def test_a_line_that_only_calls_somebody_goes(greeting: str) -> None:
    assert without_greeting(f"{greeting}\n\n4711?") == "4711?"


@pytest.mark.parametrize("text", ["No power,\nno light.", "It is broken,\n\nas I said."])
def test_half_a_sentence_is_no_greeting(text: str) -> None:
    assert without_greeting(text) == text


@pytest.mark.parametrize(
    "matter", ["Password forgotten,", "Refund,", "Router,", "Urgent complaint,"]
)
def test_a_matter_above_the_text_stays(matter: str) -> None:
    text = f"{matter}\n\nplease help."
    assert without_greeting(text) == text
