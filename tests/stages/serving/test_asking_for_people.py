"""Phrases written for this test, in each of the languages that are heard, and the messages of
benchmarks/asked_for_people.py."""

from __future__ import annotations

import runpy
import time
import tomllib
from pathlib import Path

import pytest

from northloop.core.pattern_set import PatternSet
from northloop.stages.serving.asking_for_people import LANGUAGES, plain
from northloop.stages.serving.handoff import asked_for_human

BENCHMARK = runpy.run_path(
    str(Path(__file__).parents[3] / "benchmarks" / "asked_for_people.py"), run_name="benchmark"
)
SAID = BENCHMARK["messages"]()
PHRASES = tomllib.loads(Path(__file__).with_name("asking_for_people.toml").read_text("utf-8"))
ASKED: dict[str, list[str]] = PHRASES["asked"]
OTHERS: dict[str, list[str]] = PHRASES["others"]
LISTS: dict[str, list[str]] = PHRASES["lists"]


@pytest.mark.parametrize("language", ASKED)
def test_who_asks_for_a_person_is_heard_in_their_language(language: str) -> None:
    assert [text for text in ASKED[language] if not asked_for_human(text)] == []


@pytest.mark.parametrize("language", OTHERS)
def test_who_only_mentions_one_is_not(language: str) -> None:
    assert [text for text in OTHERS[language] if asked_for_human(text)] == []


@pytest.mark.parametrize("text", LISTS["without_accents"])
def test_accents_may_be_left_out_or_spelt_out(text: str) -> None:
    assert asked_for_human(text)


@pytest.mark.parametrize(
    ("asked", "told_before"),
    [
        ("Können Sie mich anrufen?", "Können Sie mich anrufen, bevor Sie liefern?"),
        ("Pouvez-vous m'appeler ?", "Pouvez-vous m'appeler avant de livrer ?"),
        ("¿Me pueden llamar?", "¿Me pueden llamar antes de la entrega?"),
        ("Potete chiamarmi?", "Potete chiamarmi prima della consegna?"),
        ("Kunt u mij bellen?", "Kunt u mij bellen voordat u komt?"),
        ("Kan ni ringa mig?", "Kan ni ringa mig innan ni kommer?"),
        ("电话打给我：请给我打电话", "送货前请给我打电话"),
    ],
)
def test_a_call_before_something_is_a_notice(asked: str, told_before: str) -> None:
    assert asked_for_human(asked)
    assert not asked_for_human(told_before)


def test_to_be_reminded_is_no_call() -> None:
    assert asked_for_human("Pouvez-vous me rappeler demain ?")
    assert not asked_for_human("Pouvez-vous me rappeler le délai de livraison ?")


def test_each_language_is_tried_both_ways() -> None:
    assert len(LANGUAGES) >= 20
    spoken = {*LANGUAGES}
    assert {*ASKED} == {*OTHERS} == spoken


@pytest.mark.parametrize("asked", LISTS["when_it_suits"])
def test_when_it_suits_the_team_is_no_notice(asked: str) -> None:
    assert asked_for_human(asked)


@pytest.mark.parametrize("asked", LISTS["of_something_else"])
def test_who_asks_of_something_else_asks_for_nobody(asked: str) -> None:
    assert not asked_for_human(asked)


# --- roundabout -----------------------------------------------------------------------------------


@pytest.mark.parametrize("language", sorted({one.language for one in SAID}))
def test_half_that_patterns_were_made_with(language: str) -> None:
    half = [one for one in SAID if (one.half, one.language) == ("A", language)]
    assert [one.text for one in half if asked_for_human(one.text) is not one.asks] == []
    assert len(half) == 40


def test_half_that_was_looked_at_last() -> None:
    heard, asks, in_vain, others = BENCHMARK["counts"]([o for o in SAID if o.half == "B"])
    assert (asks, others) == (220, 220)
    assert heard >= 210
    assert in_vain == 0


@pytest.mark.parametrize("text", LISTS["of_people_and_machines"])
def test_who_speaks_of_people_and_machines_asks_for_nobody(text: str) -> None:
    assert not asked_for_human(text)


@pytest.mark.parametrize("text", LISTS["of_colleagues_of_mine"])
def test_colleagues_of_mine_wares_notices_and_people_in_pictures_are_not_asked_for(
    text: str,
) -> None:
    assert not asked_for_human(text)


@pytest.mark.parametrize("text", LISTS["beside_a_price"])
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
    ways = [way for of in LANGUAGES.values() for way in of]
    patterns = PatternSet(ways)
    phrases = (said for of in (*ASKED.values(), *OTHERS.values()) for said in of)
    for text in map(plain, [*phrases, *(one.text for one in SAID)]):
        assert [*patterns.matching(text)] == [
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
        for way in LANGUAGES[language]:
            way.search(many)
        return time.thread_time() - began_s

    short = text[-len(text) // 8 :]
    took_s(short)
    assert took_s(text) < 24 * max(min(took_s(short) for _ in range(3)), 0.002)
