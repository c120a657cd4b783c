"""Documents, catalogue, intents and people agree with each other."""

from __future__ import annotations

import re
from collections import Counter
from itertools import combinations
from random import Random

import pytest

from northloop.sample import (
    catalogue,
    customers,
    documents,
    generate_export,
    intents,
    labelling_rules,
    live_questions,
    orders,
)
from northloop.sample.identifiers import card_number, iban, luhn_valid
from northloop.sample.library import countries, intent_specs, section_text
from northloop.sample.questions import compose, scene
from northloop.sample.records import Pool
from northloop.sample.replies import reference_answer
from northloop.sample.wording import fill
from northloop.stages.data.sensitive.numbers import iban_valid

SPECIAL = ("out_of_scope", "talk_to_human")


def test_documents_have_an_id_a_title_and_sections() -> None:
    assert len(documents()) >= 40
    assert len({d.id for d in documents()}) == len(documents())
    for document in documents():
        assert document.title and document.text.startswith(f"# {document.title}\n\n## ")


@pytest.mark.parametrize("name", [n for n in intents() if n not in SPECIAL])
def test_facts_stand_in_the_cited_section(name: str) -> None:
    spec = intent_specs()[name]
    for case in spec.cases:
        text = section_text(case.get("document", spec.document), case.get("section", spec.section))
        for fact in spec.facts:
            assert fill(fact, case, "")[0] in text


@pytest.mark.parametrize("name", intents())
def test_each_intent_has_enough_of_everything(name: str) -> None:
    spec = intent_specs()[name]
    assert len(spec.train) >= 10 and len(spec.live) >= 4 and len(spec.held_out) >= 4
    assert len(spec.answers) >= 4 and spec.outdated and len(spec.subjects) >= 3


def words(phrasing: str) -> set[str]:
    return set(re.findall(r"[a-z']+", phrasing.lower()))


def test_pools_share_no_phrasing_and_held_out_is_no_mere_rewording() -> None:
    for spec in intent_specs().values():
        for a, b in combinations((spec.train, spec.live, spec.held_out), 2):
            assert not set(map(str.casefold, a)) & set(map(str.casefold, b))
        for held in spec.held_out:
            for other in spec.train:
                shared = len(words(held) & words(other)) / len(words(held) | words(other))
                assert shared < 0.6, (held, other)


@pytest.mark.parametrize("pool", ["train", "live", "held_out"])
def test_every_intent_can_be_composed_in_every_pool(pool: Pool) -> None:
    for name in intents():
        rng = Random(f"{pool}/{name}")
        for i in range(40):
            question = compose(scene(pool, i, 1, rng), (name,), rng)
            answer = reference_answer(question)
            assert "{" not in question.text + answer and "|" not in question.text + answer
            assert all(f.casefold() in answer.casefold() for f in question.facts)
            assert all(span.text in question.text for span in question.spans)


def test_catalogue_and_guides_state_the_same_weights() -> None:
    by_name = {p.name: p for p in catalogue()}
    assert len({p.sku for p in catalogue()}) == len(catalogue()) >= 60
    for case in intent_specs()["product_weight"].cases:
        number, unit = case["item_weight"].split()
        grams = float(number) * (1000 if unit == "kg" else 1)
        assert by_name[case["product"]].weight_g == round(grams)


def test_people_are_made_from_the_seed_and_their_own_index() -> None:
    assert customers(10, 5) == customers(200, 5)[:10] != customers(10, 6)
    people = {c.customer_id: c for c in customers(500, 5)}
    assert len({c.email for c in people.values()}) == 500
    assert len({c.account_number for c in people.values()}) == 500
    bought = orders(1000, 5)
    assert len({o.number for o in bought}) == 1000
    assert all(o.customer_id in people for o in bought)


def test_checksums() -> None:
    rng = Random(1)
    assert luhn_valid("4242 4242 4242 4242") and not luhn_valid("4242 4242 4242 4241")
    assert all(luhn_valid(card_number(rng)) for _ in range(50))
    assert all(iban_valid(iban(country, rng).replace(" ", "")) for country in countries())


def test_rules_are_precise_and_cover_most_of_the_train_pool() -> None:
    rules = {n: re.compile("|".join(p), re.IGNORECASE) for n, p in labelling_rules().items()}
    rows = [g for g in generate_export(3000, 11).gold if g.pool == "train" and not g.malformed]
    single = [g for g in rows if len(g.intents) == 1 and g.intent != "out_of_scope"]
    fired = [(g.intent, [n for n, r in rules.items() if r.search(g.question)]) for g in single]
    decided = [(intent, found[0]) for intent, found in fired if len(found) == 1]
    right = sum(intent == found for intent, found in decided)
    assert right / len(decided) > 0.93
    assert len(decided) / len(single) > 0.6


def test_live_questions_repeat_like_real_ones() -> None:
    stream = live_questions(3000, 4)
    assert stream == live_questions(3000, 4) != live_questions(3000, 5)
    counts = Counter(q.text for q in stream)
    assert 0.40 < 1 - len(counts) / len(stream) < 0.50
    assert 0.004 < counts.most_common(1)[0][1] / len(stream) < 0.06
    assert 0.02 < sum(q.asks_human for q in stream) / len(stream) < 0.04
    outside = sum(q.intent == "out_of_scope" for q in stream)
    assert 0.02 < outside / len(stream) < 0.04
    assert any(q.spans for q in stream)
    assert all(span.text in q.text for q in stream for span in q.spans)
    assert {q.intent for q in stream} == set(intents())
    assert all(counts[q.text] == 1 for q in stream if q.spans)
