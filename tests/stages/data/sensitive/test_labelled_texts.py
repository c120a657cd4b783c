"""Recall and precision as they are counted."""

from __future__ import annotations

from worlds.labelled_texts import ALL, Labelled, located, measure

from northloop.stages.data.sensitive import Sensitive


def test_gold_strings_are_located_wherever_they_stand() -> None:
    spans = located("Jane Doe and Jane", [(Sensitive.NAME, "Jane"), (Sensitive.NAME, "Jane Doe")])
    assert [(s.start, s.text) for s in spans] == [(0, "Jane Doe"), (13, "Jane")]


def test_counts() -> None:
    text = "My name is Jane Doe. Zorblax Quux wrote too. Call 07700 900123."
    gold = [
        (Sensitive.NAME, "Jane Doe"),
        (Sensitive.NAME, "Zorblax Quux"),
        (Sensitive.ID, "07700 900123"),
    ]
    labelled = Labelled(text=text, gold=located(text, gold))
    seen = located(text, [(Sensitive.NAME, "Jane Doe"), (Sensitive.PHONE, "07700 900123")])
    found = measure([labelled], [seen])
    assert (found["NAME"].gold, found["NAME"].covered, found["NAME"].recall) == (2, 1, 0.5)
    assert (found["ID"].covered, found["ID"].typed) == (1, 0)
    assert found[ALL].precision == 1.0
    assert found[ALL].recall == 2 / 3


def test_what_was_asked_counts() -> None:
    said = Labelled(text="we", gold=located("we", [(Sensitive.NAME, "we")]), asked="Your name?")
    assert measure([Labelled(text="rossi", gold=(), asked="Your name?")])["NAME"].detected == 1
    assert measure([said])["NAME"].recall == 0.0


def test_nothing_to_find_and_nothing_found_is_perfect() -> None:
    found = measure([Labelled(text="Where is my order?", gold=())])
    assert (found[ALL].recall, found[ALL].precision) == (1.0, 1.0)


def test_what_is_found_and_is_not_gold_costs_precision() -> None:
    found = measure([Labelled(text="My name is Jane Doe.", gold=())])
    assert found["NAME"].precision == 0.0
