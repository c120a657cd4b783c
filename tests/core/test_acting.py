"""What agents did for one customer, told from what holds for everybody."""

from __future__ import annotations

import pytest

from northloop.core.acting import reports_act
from northloop.sample.library import intent_specs

ACTS = [
    "I've cancelled your order.",
    "I have just refunded €12.",
    "I'll look into this and get back to you.",
    "We've now sent you a new one.",
    "I'm forwarding this to billing.",
    "One of our technicians will call you today.",
    "Ich habe Ihre Bestellung storniert.",
    "Ich leite das an die Buchhaltung weiter.",
    "Eine Kollegin meldet sich bei Ihnen.",
    "J'ai annulé votre commande.",
    "Un collègue va vous rappeler.",
    "He cancelado su pedido.",
    "Ho inoltrato la sua richiesta.",
    "Encaminhei o seu pedido.",
    "Ik heb uw bestelling geannuleerd.",
    "Przekazałam sprawę do działu.",
    "Jag har skickat en ny.",
    "担当者に引き継ぎます。",
    "我已为您转交给同事。",
]
RULES = [
    "We refund within 6 working days.",
    "If it arrives broken we'll send you a new one.",
    "Once we have sent your parcel, you get a mail.",
    "When I have cancelled, who pays?",
    "I have no information about that.",
    "I recommend the larger one.",
    "The carrier will call you the day before.",
    "We have updated our prices.",
    "You will receive an e-mail when it was sent.",
    "Wir erstatten binnen 6 Tagen.",
    "Sobald wir Ihr Paket verschickt haben, bekommen Sie eine Mail.",
    "Nous remboursons sous 6 jours.",
    "Reembolsamos en 6 días.",
    "Rimborsiamo entro 6 giorni.",
    "返金は6営業日以内です。",
    "退款将在6天内到账。",
]


@pytest.mark.parametrize("reply", ACTS)
def test_what_is_done_for_one_is_told(reply: str) -> None:
    assert reports_act(reply) and reports_act(f"Hello!\n{reply.replace(' ', '  ')}")


@pytest.mark.parametrize("reply", RULES)
def test_what_holds_for_everybody_is_none(reply: str) -> None:
    assert not reports_act(reply)


def test_handing_over_is_one_in_the_words_of_the_sample_and_answers_are_none() -> None:
    for name, spec in intent_specs().items():
        hands_over = name in ("out_of_scope", "talk_to_human")
        assert {reports_act(answer) for answer in spec.answers} == {hands_over}, name
