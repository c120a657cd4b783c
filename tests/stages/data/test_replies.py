"""What of a reply is the answer."""

from __future__ import annotations

import pytest

from northloop.stages.data.correspondence import only_opens, without_opening
from northloop.stages.data.replies import answer_of


def test_greeting_and_sign_off_go() -> None:
    reply = "Dear Jane,\n\nThe parcel arrives tomorrow.\n\nBest wishes\nAnna\nLarkfell Support"
    assert answer_of(reply, "Anna Berg") == "The parcel arrives tomorrow."


def test_a_signature_is_known_by_the_agents_name() -> None:
    assert (
        answer_of("The parcel arrives tomorrow.\nAnna", "Anna Berg")
        == "The parcel arrives tomorrow."
    )


def test_an_answer_without_courtesies_stays() -> None:
    assert answer_of("Hello is printed on the label. Send it back.") == (
        "Hello is printed on the label. Send it back."
    )


OPENED = (
    "Thank you for your message.",
    "Thanks for reaching out to us today!",
    "Thank you for contacting Larkfell Support, Anna!",
    "First of all, thank you for your question.",
    "I'm glad you contacted us!",
    "My name is Dr. Ann Berg.",
    "Vielen Dank für Ihre Nachricht.",
    "Danke für deine schnelle Antwort!",
    "Vielen Dank, dass Sie sich an uns gewandt haben.",
    "Herzlichen Dank für Ihre Anfrage, Frau Müller.",
    "Merci pour votre message.",
    "Merci de nous avoir contactés.",
    "Nous vous remercions de votre demande.",
    "Gracias por su mensaje.",
    "Muchas gracias por contactarnos.",
    "Gracias por ponerse en contacto con nosotros.",
    "Grazie per averci contattato.",
    "La ringraziamo per il suo messaggio.",
    "Obrigado pelo seu contato.",
    "Obrigada por entrar em contato conosco!",
    "Bedankt voor uw bericht.",
    "Hartelijk dank voor uw e-mail.",
    "Dziękujemy za wiadomość.",
    "Dziękujemy za kontakt z nami.",
    "Tack för ditt meddelande!",
    "Tack för att du kontaktar oss.",
    "お問い合わせいただきありがとうございます。",
    "担当の田中と申します。",
    "私、田中が対応いたします。",
    "感谢您的来信。",
    "感谢您联系我们。",
    "我是客服小王。",
)
SAID = "The parcel leaves on 3 May."


@pytest.mark.parametrize("opening", OPENED)
def test_sentences_of_form_that_open_a_reply_go(opening: str) -> None:
    assert answer_of(f"{opening} {SAID}") == SAID
    assert answer_of(f"Dear Jane,\n\n{opening}\n\n{SAID}\n\nBest wishes\nAnna") == SAID


def test_two_of_them_go_and_one_that_is_all_stays() -> None:
    assert answer_of(f"{OPENED[0]} {OPENED[5]} {SAID}") == SAID
    assert answer_of(OPENED[0]) == OPENED[0]


@pytest.mark.parametrize(
    "said",
    [
        "Thank you for your patience, your refund was issued on 3 May.",
        "Thank you for your order of 3 May.",
        "Thank you for your message about the refund of 20 euros that you get.",
        "Thank you for contacting us, we will do our best to resolve this.",
        "Thank you for choosing express delivery.",
        "Thank you for calling the bank before 3 May.",
        "My name is on the label.",
        "Vielen Dank für Ihre Nachricht vom 3. Mai, das Geld ist unterwegs.",
        "Danke für Ihre Nachricht und die Rücksendung des Zelts.",
        "Merci pour votre commande.",
        "Gracias por su compra.",
        "Tack för din retur.",
        "Thanks for asking, Yes.",
        "Thank you for your message, Refunded.",
        "Danke für Ihre Nachricht, Ja.",
        "You are connected to Guest.",
        "You're now connected to WiFi!",
        "This is Available at Boots.",
        "This is Free with Plus.",
        "修理はメーカーが対応いたします。",
        "初期不良はメーカーが対応いたします。",
        "いつもの担当者が対応いたします。",
        "担当の業者が対応いたします。",
        "私どもが対応いたします。",
        "私の上司が対応いたします。",
        "この部品はバルブと申します。",
        "我叫客服处理。",
        "我是客服不能退款。",
    ],
)
def test_a_sentence_that_says_something_besides_stays(said: str) -> None:
    assert without_opening(f"{said} {SAID}") == f"{said} {SAID}"
    assert not only_opens(said)


@pytest.mark.parametrize(
    "said",
    [
        "Thank you for contacting Larkfell support, my name is Ann, how may I help you?",
        "Hello! How can I help?",
        "how can I help?",
        "Hi there, my name is ann and I'll be assisting you today. How may I help you?",
        "Welcome to Larkfell. How can I help you today?",
        "Thank you for your message.",
        "Guten Tag, mein Name ist Anna Berg. Wie kann ich Ihnen helfen?",
        "Bonjour, je m'appelle Anna, comment puis-je vous aider ?",
        "Hola, ¿en qué puedo ayudarle?",
        "Buongiorno, come posso aiutarla?",
        "Olá, como posso ajudar?",
        "Goedendag, waarmee kan ik u helpen?",
        "Dzień dobry, w czym mogę pomóc?",
        "Hej! Hur kan jag hjälpa dig?",
        "您好，请问有什么可以帮您？",
        "こんにちは。どのようなご用件でしょうか。",
    ],
)
def test_a_message_that_only_opens_a_chat_is_known(said: str) -> None:
    assert only_opens(said)


@pytest.mark.parametrize(
    "said",
    [
        "How can I help you with the tent?",
        "My name is Ann, your parcel leaves today.",
        "I'm happy to help you return it.",
        "Thank you for calling, please hold.",
        "Hello, it is free.",
        "My name is on the label",
    ],
)
def test_a_message_that_says_something_besides_opens_no_chat(said: str) -> None:
    assert not only_opens(said)
