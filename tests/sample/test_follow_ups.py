"""What customers ask next and what nearly exists: in two pools, and true to the documents."""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import product
from random import Random

import pytest

from northloop.sample import (
    LiveQuestion,
    another_matter,
    catalogue,
    documents,
    intents,
    live_conversations,
    live_questions,
    near_miss,
    review,
    same_matter,
)
from northloop.sample.library import follow_ups, intent_specs, near_misses
from northloop.sample.live import LATER
from northloop.sample.records import FollowUp
from northloop.sample.wording import slots_of

SPECIAL = ("out_of_scope", "talk_to_human")
ALL = [(intent, found) for intent, several in follow_ups().items() for found in several]
ANSWERED = [(intent, found) for intent, found in ALL if found.document]


def texts(phrasings: Iterable[str]) -> list[str]:
    """Each phrasing with each of its choices, without case and punctuation."""
    found = []
    for phrasing in phrasings:
        parts = re.split(r"\[([^\[\]]*\|[^\[\]]*)\]", phrasing)
        options = (part.split("|") if i % 2 else [part] for i, part in enumerate(parts))
        found += [" ".join(re.findall(r"\w+", "".join(p).lower())) for p in product(*options)]
    return found


def test_each_intent_has_some_and_nearly_half_are_answered() -> None:
    assert list(follow_ups()) and set(follow_ups()) == set(intents()) - set(SPECIAL)
    assert all(2 <= len(several) <= 4 for several in follow_ups().values())
    assert 0.4 < len(ANSWERED) / len(ALL) < 0.6


@pytest.mark.parametrize("pool", ["live", "held_out"])
def test_phrasings_have_no_slots_and_stand_once(pool: str) -> None:
    for _, found in ALL:
        assert (len(found.live), len(found.held_out)) == (2, 3)
    every = texts(text for _, found in ALL for text in getattr(found, pool))
    assert [text for text in every if every.count(text) > 1] == []
    assert not any(slots_of(text) for _, found in ALL for text in getattr(found, pool))


def test_no_text_is_in_two_pools_or_a_question_of_its_own() -> None:
    live = {*texts(text for _, found in ALL for text in found.live), *texts(near_misses("live"))}
    held = [text for _, found in ALL for text in found.held_out] + [*near_misses("held_out")]
    assert live & set(texts(held)) == set()
    specs = intent_specs().values()
    own = set(texts(text for s in specs for text in (*s.train, *s.live, *s.held_out)))
    assert own & (live | set(texts(held))) == set()


@pytest.mark.parametrize(("intent", "found"), ANSWERED)
def test_a_document_answers_and_the_reviewer_agrees(intent: str, found: FollowUp) -> None:
    text = next(d.text for d in documents() if d.id == found.document).casefold()
    assert found.facts and all(fact.casefold() in text for fact in found.facts)
    for phrasing in texts((*found.live, *found.held_out)):
        question = LiveQuestion(
            id="Q-1", customer_id="C-1", text=phrasing, intent=intent, document=found.document,
            facts=found.facts, answer=found.answer, asks_human=False, in_scope=True, spans=(),
        )  # fmt: skip
        assert review(question, found.answer, False).verdict == "correct"
        assert review(question, intent_specs()[intent].answers[-1], True).verdict == "incorrect"


def test_what_no_document_answers_is_handed_off() -> None:
    hand_offs = intent_specs()["out_of_scope"].answers
    for _, found in ALL:
        assert found.document or (found.facts == () and found.answer in hand_offs)


def test_near_misses_name_nothing_that_the_shop_has() -> None:
    assert (len(near_misses("live")), len(near_misses("held_out"))) == (40, 60)
    assert near_misses("train") == ()
    every = texts(near_misses("live") + near_misses("held_out"))
    assert len(set(every)) == 100
    names = [" ".join(re.findall(r"\w+", p.name.lower())) for p in catalogue()]
    lines = {name.split()[0] for name in names} - {"tent", "trail"}  # "tent peg set", "trail …"
    for text in every:
        assert not any(name in text for name in names), text
        assert not lines & set(text.split()), text


def test_who_goes_on_is_the_customer_of_the_question_before() -> None:
    before = next(one for one in live_questions(100, 3) if one.in_scope)
    nexts = [same_matter(before, "held_out", 3, Random(n)) for n in range(20)]
    others = [another_matter(before, "held_out", 3, Random(n)) for n in range(20)]
    assert {one.customer_id for one in (*nexts, *others)} == {before.customer_id}
    assert {one.follows for one in (*nexts, *others)} == {before.id}
    assert {one.intent for one in nexts} == {before.intent}
    assert before.intent not in {one.intent for one in others}
    assert all(bool(one.document) == one.in_scope for one in (*nexts, *others))
    assert len({one.in_scope for one in nexts}) > 1


def test_what_the_shop_nearly_has_is_answered_by_no_document() -> None:
    one = near_miss("held_out", 4, 3, Random(1))
    assert not one.in_scope and not one.asks_human and not one.facts
    assert one.customer_id == "C-000005"


def test_a_stream_has_conversations_that_go_on_and_what_the_shop_nearly_has() -> None:
    stream = live_conversations(1_400, 5)
    assert stream == live_conversations(1_400, 5)
    assert [one.id for one in stream] == [f"Q-{n:06d}" for n in range(1, 1_401)]
    places = {one.id: place for place, one in enumerate(stream)}
    later = [(stream[places[one.follows]], one) for one in stream if one.follows]
    assert 0.1 < len(later) / len(stream) < 0.2
    for first, then in later:
        assert places[then.id] - places[first.id] >= LATER
        assert first.facts and not first.follows and first.customer_id == then.customer_id
    assert 0.2 < sum(first.intent != then.intent for first, then in later) / len(later) < 0.4
    assert len({then.follows for _, then in later}) == len(later), "each goes on once"
    cores = [re.sub(r"\W+", " ", text).lower() for text in near_misses("live")]
    plain = [re.sub(r"\W+", " ", one.text).lower() for one in stream if not one.in_scope]
    assert 30 < sum(any(core.strip() in text for core in cores) for text in plain) < 90
