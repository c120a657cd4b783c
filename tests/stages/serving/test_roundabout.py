"""Indirect ways to ask for a person; the messages and what is counted are the benchmark's."""

from __future__ import annotations

import runpy
import time
from pathlib import Path

import pytest

from northloop.core.sieve import Sieve
from northloop.stages.serving.asking_for_people import plain
from northloop.stages.serving.handoff import asked_for_human
from northloop.stages.serving.roundabout import ROUNDABOUT

BENCHMARK = runpy.run_path(
    str(Path(__file__).parents[3] / "benchmarks" / "asked_for_people.py"), run_name="benchmark"
)
SAID = BENCHMARK["messages"]()
LANGUAGES = sorted({one.language for one in SAID})


@pytest.mark.parametrize("language", LANGUAGES)
def test_half_that_patterns_were_made_with(language: str) -> None:
    half = [one for one in SAID if (one.half, one.language) == ("A", language)]
    assert [one.text for one in half if asked_for_human(one.text) is not one.asks] == []
    assert len(half) == 40


def test_half_that_was_looked_at_last() -> None:
    heard, asks, in_vain, others = BENCHMARK["counts"]([o for o in SAID if o.half == "B"])
    assert (asks, others) == (220, 220)
    assert heard >= 210
    assert in_vain == 0


@pytest.mark.parametrize(
    "text",
    [
        "Kann ein Kollege von mir das Paket übernehmen?",
        "Ich muss das erst mit meinem Chef besprechen, wie lange gilt das Angebot?",
        "Ich habe genug von der Maschine, kann ich sie zurückgeben?",
        "Wen muss ich anrufen, wenn das Paket beschädigt ist?",
        "Mit freundlichen Grüßen\nIhr Kundenservice",
        "Mir wurde gesagt, dass sich ein Mitarbeiter meldet. Wann kommt die Erstattung?",
        "Prüft ein Mitarbeiter die Rücksendung?",
        "Will the operator contact me before pickup?",
        "I am tired of my robot vacuum getting stuck",
        "How do I stop the robot?",
        "Do you deal with any of your suppliers in France?",
        "Who do I call to cancel a transfer?",
        "Best regards, your customer service team",
        "Vous m'avez dit qu'un conseiller me rappellerait, où en est ma commande ?",
        "Puis-je transmettre le bon à un collègue ?",
        "Tengo que hablar con mi banco porque alguien usó mi tarjeta",
        "Me dijeron que un técnico revisaría el aparato, ¿cuándo viene?",
        "Mi avete detto che un operatore controllava la pratica",
        "Posso passare la prenotazione a un collega?",
        "Enviem a encomenda para uma colega minha",
        "Kan een collega van mij het pakket ophalen?",
        "Kan iemand Engels spreken in de winkel?",
        "Hoe stop ik de robot?",
        "Czy mogę przekazać paczkę pracownikowi?",
        "Kan ni skicka fakturan till en kollega?",
        "他の人に転送できますか",
        "ロボットはもういらないので返品したい",
        "我已经跟经理谈过了",
        "需要一个人来签收吗",
    ],
)
def test_who_speaks_of_people_and_machines_asks_for_nobody(text: str) -> None:
    assert not asked_for_human(text)


@pytest.mark.parametrize(
    "text",
    [
        "Can my colleague look at the sofa before I buy it?",
        "Can I forward the invoice to a colleague of mine?",
        "Could an employee of ours take over the subscription?",
        "Can your staff look at my bike without appointment?",
        "Can your team handle 200 orders a week?",
        "Can the staff members handle my luggage at the hotel?",
        "Would your staff look over my tent before I travel?",
        "Can someone contact me when it is back in stock?",
        "Could somebody email me if the price drops?",
        "Can someone email me the invoice?",
        "Could someone message me the tracking number?",
        "no more automatic renewals please",
        "Please stop sending me your software updates",
        "I am tired of automatic payments failing",
        "Stop sending machines without a manual",
        "Enough of automatic updates, how do I switch them off?",
        "Are there real people in the photos?",
        "Are there real people behind the reviews?",
        "Who can I call in an emergency at night?",
        "Where is it?\nJane Doe\nTeam Leader",
        "Regards,\nSupervisor",
        "Is the parcel there?\nThanks\nTom\nManager",
        "Wen kann ich im Notfall anrufen?",
        "Kann ich das Ticket an einen Kollegen weitergeben",
        "Kann ein Mitarbeiter von uns die Ware abholen und prüfen?",
        "Können eure Mitarbeiter mein Rad anschauen, ohne Termin?",
        "Kann der Kundendienst die Waschmaschine bei mir zu Hause prüfen?",
        "Kann sich jemand bei mir melden, wenn der Artikel wieder da ist?",
        "Soll ich die Software an den Support schicken?",
        "Hört bitte auf, mir Werbung für Software zu schicken",
        "Schickt mir keine automatische Rechnung mehr",
        "Schluss mit automatischen Nachrichten zum Newsletter",
        "Sind da echte Menschen auf den Fotos?",
        "Wo bleibt die Lieferung?\nMax Mustermann\nGeschäftsführer",
        "Kann jemand die Lieferung für mich annehmen und kontaktiert mich der Fahrer?",
        "Comment transférer mon dossier au service client d'un autre opérateur ?",
        "Puis-je transférer le billet à un collègue de travail ?",
        "Un collègue peut-il vérifier la livraison à ma place ?",
        "Votre équipe peut-elle regarder mon vélo sans rendez-vous ?",
        "Est-ce que le service après-vente peut réparer et vérifier une montre ancienne ?",
        "Quelqu'un peut-il me contacter quand l'article sera de retour ?",
        "Peut-on m'appeler si le prix baisse ?",
        "Arrêtez de m'envoyer des publicités pour des logiciels",
        "Plus de messages automatiques de promotion s'il vous plaît",
        "Y a-t-il de vraies personnes sur les photos ?",
        "Avez-vous de vrais gens dans vos publicités ?",
        "Où est mon colis ?\nCordialement\nLe directeur",
        "Qui puis-je appeler en cas d'urgence ?",
        "¿hay personas reales en las fotos?",
        "¿Puedo transferir la reserva a un compañero suyo?",
        "¿Puede un empleado mío revisar el paquete al llegar?",
        "¿Puede el encargado de mi oficina recoger y revisar el pedido?",
        "¿Puede su equipo revisar mi bici sin cita?",
        "¿Pueden sus técnicos y operadores mirar una caldera antigua?",
        "¿Alguien puede llamarme cuando llegue el repartidor?",
        "¿Puede alguien contactarme si vuelve a haber existencias?",
        "Dejen de enviarme programas de descuentos",
        "No más mensajes automáticos de publicidad",
        "¿Dónde está mi pedido?\nSaludos\nEl encargado",
        "¿A quién puedo llamar en caso de emergencia?",
        "Kan een collega van mij de bestelling ophalen en nakijken?",
        "Kan ik de factuur aan een collega doorgeven?",
        "Kunnen jullie medewerkers mijn fiets nakijken zonder afspraak?",
        "Kan de klantendienst een oude wasmachine behandelen?",
        "Kan iemand contact met mij opnemen als het weer op voorraad is?",
        "Kan iemand mij mailen wanneer de prijs daalt?",
        "Kan iemand mij de factuur mailen?",
        "Stop met het sturen van software-updates naar mij",
        "Geen automatische berichten over aanbiedingen meer graag",
        "Zijn er echte mensen te zien op de foto's?",
        "Werken er echte mensen in de fabriek?",
        "Wie kan ik in noodgevallen bellen?",
        "Waar blijft mijn bestelling?\nGroeten\nVerantwoordelijke",
    ],
)
def test_colleagues_of_mine_wares_notices_and_people_in_pictures_are_not_asked_for(
    text: str,
) -> None:
    assert not asked_for_human(text)


@pytest.mark.parametrize(
    "text",
    [
        "Was kostet das denn, ich will jetzt mit einem Menschen sprechen",
        "Wat kost dit, ik wil een medewerker spreken",
        "Cuánto cuesta esto, quiero hablar con una persona",
        "Ile kosztuje naprawa, proszę mnie połączyć z konsultantem",
        "多少钱都行，给我转人工",
        "いくら待っても返事がない、人間に代わって",
        "いくら聞いてもダメ、オペレーターに代わって",
        "いくらなんでもひどい。担当者を出してください",
        "Was kostet das? Ich will mit einem Menschen sprechen",
        "これはいくらですか、担当者に代わってください",
        "How much does it cost; can somebody contact me",
        "Could your staff take care of my refund?",
        "Could a colleague take a look at my order?",
        "Could somebody contact me if possible?",
        "I want someone to contact me before 5pm",
        "Could a colleague look at this and tell me when it will arrive?",
        "Please have somebody contact me and tell me when my parcel comes",
        "Stop answering me with software",
        "Kann ein Mitarbeiter meine Bestellung prüfen?",
        "Könnte ein Kollege bitte mal einen Blick drauf werfen und sich kümmern?",
        "Geben Sie das an Ihren Vorgesetzten weiter",
        "Transférez mon dossier à un conseiller",
        "My parcel is late.\nSupervisor, please",
    ],
)
def test_who_asks_beside_a_price_or_about_the_own_case_is_heard(text: str) -> None:
    assert asked_for_human(text)


@pytest.mark.parametrize(
    "text",
    [
        "Was kostet es, mit einem Menschen zu sprechen?",
        "Was kostet es, wenn ich mit einem Mitarbeiter sprechen will?",
        "Combien coûte un appel avec un conseiller ?",
        "人に代わってもらうと、いくらかかりますか",
        "转人工多少钱",
    ],
)
def test_the_price_of_a_call_is_no_call(text: str) -> None:
    assert not asked_for_human(text)


def test_a_way_is_tried_wherever_it_could_ask() -> None:
    ways = [way for of in ROUNDABOUT.values() for way in of]
    sieve = Sieve(ways)
    for one in SAID:
        text = plain(one.text)
        assert [*sieve.matching(text)] == [
            place for place, way in enumerate(ways) if way.search(text)
        ], text


@pytest.mark.parametrize(
    "word", ["telefon ", "jemand ", "mit ", "agent ", "stop ", "stop met a ", "人", "转", " "]
)
def test_time_grows_with_the_text(word: str) -> None:
    def took_s(times: int) -> float:
        began_s = time.thread_time()
        asked_for_human("x " + word * times)
        return time.thread_time() - began_s

    took_s(10)
    assert took_s(8000) < 20 * max(min(took_s(1000) for _ in range(3)), 0.005)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("Dutch", "stop met a " * 1800),
        ("Japanese", "ロボットはもういい" * 2200 + "返品"),
    ],
)
def test_what_must_not_follow_is_looked_for_nearby(language: str, text: str) -> None:
    def took_s(many: str) -> float:
        began_s = time.thread_time()
        for way in ROUNDABOUT[language]:
            way.search(many)
        return time.thread_time() - began_s

    short = text[-len(text) // 8 :]
    took_s(short)
    assert took_s(text) < 24 * max(min(took_s(short) for _ in range(3)), 0.002)
