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


def test_a_way_is_tried_wherever_it_could_ask() -> None:
    ways = [way for of in ROUNDABOUT.values() for way in of]
    sieve = Sieve(ways)
    for one in SAID:
        text = plain(one.text)
        assert [*sieve.matching(text)] == [
            place for place, way in enumerate(ways) if way.search(text)
        ], text


@pytest.mark.parametrize(
    "word", ["telefon ", "jemand ", "mit ", "agent ", "stop ", "人", "转", " "]
)
def test_time_grows_with_the_text(word: str) -> None:
    def took_s(times: int) -> float:
        began_s = time.thread_time()
        asked_for_human("x " + word * times)
        return time.thread_time() - began_s

    took_s(10)
    assert took_s(8000) < 20 * max(min(took_s(1000) for _ in range(3)), 0.005)
