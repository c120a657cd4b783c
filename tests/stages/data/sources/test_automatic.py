"""Texts that help desks send by themselves, and those of people that only look alike."""

from __future__ import annotations

import pytest

from northloop.core.conversation import RawConversation, RawMessage, Role
from northloop.stages.data.sources.automatic import is_automatic_text
from northloop.stages.data.sources.exchanges import exchanges

AUTOMATIC = [
    "Thank you for contacting us. We have received your request and will get back to "
    "you within 24 hours.",
    "Hi Jo,\n\nThanks for reaching out! Your ticket #1234 has been received. One of our "
    "agents will reply as soon as possible.\n\nIn the meantime, have a look at our help "
    "center: https://help.x\n\nKind regards,\nYour Shop Team",
    "Hallo Petra, vielen Dank für Ihre Nachricht. Ihre Anfrage mit der Nummer 123 ist "
    "bei uns eingegangen. Wir melden uns so schnell wie möglich bei Ihnen. Unsere "
    "Servicezeiten: Mo-Fr 9-17 Uhr.",
    "Bonjour, nous avons bien reçu votre demande et nous vous répondrons dans les plus "
    "brefs délais. Cordialement",
    "Hola, hemos recibido su consulta y le responderemos lo antes posible. Gracias.",
    "Gentile cliente, abbiamo ricevuto la sua richiesta e le risponderemo al più presto.",
    "Olá! Recebemos a sua mensagem e entraremos em contato em breve.",
    "Recebemos sua solicitação. Responderemos o mais breve possível.",
    "Bedankt voor uw bericht. Wij hebben uw e-mail ontvangen en nemen zo snel mogelijk "
    "contact met u op.",
    "Dziękujemy za kontakt. Otrzymaliśmy Twoje zgłoszenie i odpowiemy najszybciej jak to możliwe.",
    "Tack! Vi har mottagit ditt meddelande och återkommer så snart vi kan.",
    "お問い合わせありがとうございます。お問い合わせを受け付けました。担当者より折り返しご連絡いたします。",
    "您好，我们已收到您的邮件，将在24小时内回复您。",
    "I am out of the office until Monday and will answer your message when I am back.",
    "Ich bin derzeit nicht im Büro. In dringenden Fällen wenden Sie sich bitte an info@x.de.",
    "How would you rate the support you received? Click here to take our two minute "
    "survey: https://s.example/1",
    "Wie zufrieden waren Sie mit unserem Support? Bitte nehmen Sie an unserer kurzen "
    "Umfrage teil: https://x",
    "This is an automated message. Please do not reply.",
    "Dies ist eine automatische Antwort. Ihr Ticket wurde erstellt.",
    "Comment évaluez-vous votre échange avec Anna ? Votre avis compte.",
    "このメールは自動送信されています。",
    "Hi there! We've got your message and we'll get back to you soon.",
    "Your request (#12345) has been received and is being reviewed by our support staff.",
    "Ticket-ID 12: Vielen Dank, wir haben Ihre E-Mail erhalten und bearbeiten Ihre "
    "Anfrage schnellstmöglich.",
    "Thank you for contacting us. We have received your request and will get back to you.\n\n"
    "--------------- Original Message ---------------\nFrom: Jo <jo@x.example>\nSent: 03/03/2025\n"
    "To: help@x.example\nSubject: Tent\n\nThe pole of my tent broke. Can you send another? I "
    "bought it in May. It is the green one. We leave on Friday.",
    'This request was closed and merged into request #1001 "Zipper of my jacket".',
    'This request was closed and merged into request #1001 "Zipper: broke, again".',
    "Diese Anfrage wurde geschlossen und mit der Anfrage #12 zusammengeführt.",
    "Cette demande a été fermée et fusionnée dans la demande n° 12.",
]
WRITTEN = [
    "We received your return parcel and the refund will be on your card within 5 days.",
    "We have received your payment. The order leaves today.",
    "Your refund request was received; the money is with your bank since Monday. Please "
    "check your account.",
    "Thanks for your email. The blue jacket comes back in March. Please rate our "
    "service if you like.",
    "You can turn the automatic renewal off in Settings. Thank you!",
    "Ja, wir haben das Zelt erhalten und reparieren es bis Freitag.",
    "You should receive the survey by mail; please send it back by Friday.",
    "Please resend the file; we received your email without the attachment.",
    "Wir haben Ihre Zahlung erhalten, die Ware geht morgen raus.",
    "We received your message but the attachment is missing. Please send the invoice "
    "again so that we can check it.",
    "The tent pole leaves today.\n\nOn Mon, Mar 3, 2025 at 9:04 AM Shop <help@x.example> wrote:\n"
    "> We have received your request and will get back to you.",
    "Your ticket was merged with #12. The refund of both orders is on its way to your card.",
    "Your ticket was merged with #55, where I have just answered: hold the reset button.",
    "This issue has been merged into the main branch and is fixed in version 4.2, please update.",
    "This case has been merged to the warranty desk's queue; the technician comes on Friday.",
    "Your conversation has been merged into our archive; to export it, open Settings > Export.",
    "Diese Anfrage wurde mit Ihrer Bestellung zusammengeführt, Sie zahlen also nur einmal Porto.",
    "The two accounts were merged into one; please log in with the older address.",
    "To set an out of office reply, open Settings, then Mail, and choose Automatic replies.",
    "How to rate the product: open your order and click on the stars.",
    "Zur Bewertung des Schadens brauchen wir ein Foto.",
    "Hemos recibido su paquete y el reembolso llega en tres días.",
    "Yes: click Reply, and the answer goes out automatically.",
    "We have received your email. The order has been cancelled. The refund takes five "
    "days. You will get a confirmation from your bank, and we will be in touch if "
    "anything is missing.",
]


@pytest.mark.parametrize("text", AUTOMATIC)
def test_receipts_absences_and_surveys_are_automatic(text: str) -> None:
    assert is_automatic_text(text)


@pytest.mark.parametrize("text", WRITTEN)
def test_what_answers_something_is_not(text: str) -> None:
    assert not is_automatic_text(text)


def test_an_automatic_text_is_no_answer_but_context() -> None:
    said = [
        RawMessage(role=Role.CUSTOMER, text="Where is my parcel?"),
        RawMessage(role=Role.AGENT, text=AUTOMATIC[0]),
        RawMessage(role=Role.AGENT, text="It comes tomorrow."),
        RawMessage(role=Role.CUSTOMER, text="And the second one?"),
        RawMessage(role=Role.AGENT, text="On Friday."),
    ]
    first, second = exchanges(RawConversation(row=1, messages=tuple(said)), "chats.json")
    assert (first.reply, second.reply) == ("It comes tomorrow.", "On Friday.")
    assert AUTOMATIC[0] in second.context[1].text


def test_a_receipt_is_no_question_whoever_it_is_said_to_be_of() -> None:
    said = [
        RawMessage(role=Role.CUSTOMER, text=AUTOMATIC[0], author="Support"),
        RawMessage(role=Role.AGENT, text="It comes tomorrow."),
    ]
    (only,) = exchanges(RawConversation(row=1, messages=tuple(said)), "chats.json")
    assert not only.question
