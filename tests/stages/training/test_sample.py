"""The sample to learn from: seeded, stratified, and what reviewers taught first."""

from __future__ import annotations

from collections import Counter

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from northloop.core.conversation import Example, Split
from northloop.stages.training.sample import is_taught, lesson, sample


def example(number: int, intent: str, origin: str = "tickets.csv:1") -> Example:
    return Example(
        example_id=f"e{number}",
        question=f"q{number}",
        reply="r",
        intent=intent,
        split=Split.TRAIN,
        group=f"g{number}",
        count=1,
        origin=(origin,),
    )


EXAMPLES = [example(i, "refund" if i % 4 else "delivery") for i in range(400)]
RARE = [*EXAMPLES, example(400, "rare")]


def test_no_limit_means_all() -> None:
    assert sample(EXAMPLES, None, 1) == EXAMPLES
    assert sample(EXAMPLES, 400, 1) == EXAMPLES


def test_intents_keep_their_share_and_the_rare_one_is_there() -> None:
    drawn = Counter(e.intent for e in sample(RARE, 101, 1))
    assert drawn == {"refund": 75, "delivery": 25, "rare": 1}


def test_the_seed_decides() -> None:
    assert sample(EXAMPLES, 50, 1) == sample(EXAMPLES, 50, 1)
    assert sample(EXAMPLES, 50, 1) != sample(EXAMPLES, 50, 2)


def test_what_reviewers_taught_comes_first() -> None:
    taught = [example(1000 + i, "refund", f"verdict:{i}") for i in range(30)]
    drawn = sample([*EXAMPLES, *taught], 40, 1)
    assert [e for e in drawn if is_taught(e)] == taught
    assert all(map(is_taught, sample([*EXAMPLES, *taught], 20, 1)))


def test_what_was_learnt_comes_last() -> None:
    taught = [example(1000 + i, "refund", f"verdict:{i}") for i in range(10)]
    every = [*EXAMPLES, *taught]
    first = {*map(lesson, sample(every, 100, 1))}
    second = sample(every, 100, 1, first)
    assert not first & {*map(lesson, second)}
    rest = {lesson(e) for e in every if e.example_id not in ("e0", "e4")}
    assert {"e0", "e4"} < {e.example_id for e in sample(every, 20, 1, rest)}


def test_a_corrected_reply_is_to_be_learnt_again() -> None:
    learnt = {*map(lesson, EXAMPLES)}
    corrected = msgspec.structs.replace(EXAMPLES[7], reply="a better one")
    [first] = sample([*EXAMPLES[:7], corrected, *EXAMPLES[8:]], 1, 1, learnt)
    assert first == corrected


def test_more_rows_hardly_change_who_is_drawn() -> None:
    before = {e.example_id for e in sample(EXAMPLES[:380], 95, 1)}
    after = {e.example_id for e in sample(EXAMPLES, 100, 1)}
    assert len(before & after) >= 85


@given(st.lists(st.sampled_from(["a", "b", "c", ""]), max_size=60), st.integers(0, 70))
def test_the_sample_is_a_part_in_the_old_order(intents: list[str], most: int) -> None:
    examples = [example(i, intent) for i, intent in enumerate(intents)]
    drawn = sample(examples, most, 3)
    assert len(drawn) == min(most, len(examples))
    assert drawn == [e for e in examples if e in drawn]
    if most >= len(set(intents)):
        assert {e.intent for e in drawn} == set(intents)


def test_origins_tell_what_was_taught() -> None:
    assert is_taught(msgspec.structs.replace(EXAMPLES[0], origin=("a.csv:1", "verdict:x")))
    assert not is_taught(EXAMPLES[0])
