"""The sample to learn from: seeded, stratified, and mixed of what went wrong and what was right."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from northloop.core.conversation import Example, Split
from northloop.stages.training.sample import is_confirmed, is_corrected, lesson, sample


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
    letters = str.maketrans("0123456789", "abcdefghij")
    lone = [
        msgspec.structs.replace(e, intent="", reply=str(i).translate(letters))
        for i, e in enumerate(EXAMPLES)
    ]
    both = {e.example_id for seed in (1, 2) for e in sample(lone, 100, seed)}
    assert len(both) > 150
    assert sample(EXAMPLES, 50, 1) == sample(EXAMPLES, 50, 1)
    assert sample(EXAMPLES, 50, 1) != sample(EXAMPLES, 50, 2)


def corrections(count: int) -> list[Example]:
    return [example(1000 + i, "", f"verdict:{i}") for i in range(count)]


def confirmations(count: int) -> list[Example]:
    return [example(2000 + i, "", f"confirmed:{i}") for i in range(count)]


def mix(drawn: Sequence[Example], learnt: Collection[str]) -> Mapping[str, int]:
    """Count what a draw is made of."""
    return Counter(
        "corrected"
        if is_corrected(e)
        else "known"
        if is_confirmed(e) or lesson(e) in learnt
        else "new"
        for e in drawn
    )


@pytest.mark.parametrize(
    ("corrected", "expected"),
    [
        (0, {"known": 25, "new": 75}),
        (3, {"corrected": 3, "known": 25, "new": 72}),
        (25, {"corrected": 25, "known": 25, "new": 50}),
        (2000, {"corrected": 25, "known": 25, "new": 50}),
    ],
)
def test_however_many_corrections_a_part_is_what_was_right(
    corrected: int, expected: Mapping[str, int]
) -> None:
    learnt = {*map(lesson, EXAMPLES[:200])}
    drawn = sample([*EXAMPLES, *corrections(corrected)], 100, 1, learnt)
    assert mix(drawn, learnt) == expected


def test_where_nothing_new_is_left_what_was_learnt_is_read_again() -> None:
    learnt = {*map(lesson, EXAMPLES)}
    drawn = sample([*EXAMPLES, *corrections(300)], 100, 1, learnt)
    assert mix(drawn, learnt) == {"corrected": 25, "known": 75}


def test_more_corrections_only_where_nothing_else_is_left() -> None:
    drawn = sample([*EXAMPLES[:40], *corrections(300)], 100, 1)
    assert mix(drawn, ()) == {"corrected": 60, "new": 40}


def test_corrections_not_read_yet_come_before_old_ones() -> None:
    taught = corrections(30)
    learnt = {*map(lesson, taught[:20])}
    drawn = sample([*EXAMPLES, *taught], 60, 1, learnt)
    assert {*taught[20:]} < {*drawn}
    assert mix(drawn, ())["corrected"] == 15


def test_what_was_confirmed_is_rehearsed() -> None:
    learnt = {*map(lesson, EXAMPLES[:100])}
    drawn = sample([*EXAMPLES, *confirmations(100)], 100, 1, learnt)
    assert mix(drawn, learnt) == {"known": 25, "new": 75}
    assert sum(map(is_confirmed, drawn)) == pytest.approx(12, abs=1), "its share, and no more"


def test_a_retraining_reads_on_and_rehearses() -> None:
    first = {*map(lesson, sample(EXAMPLES, 100, 1))}
    second = sample(EXAMPLES, 100, 1, first)
    assert mix(second, first) == {"known": 25, "new": 75}
    again = Counter(e.intent for e in second if lesson(e) in first)
    assert again["refund"] == pytest.approx(18.75, abs=1)


def test_each_retraining_rehearses_other_rows() -> None:
    first = {*map(lesson, sample(EXAMPLES, 100, 1))}
    second = {*map(lesson, sample(EXAMPLES, 100, 1, first))}
    third = {*map(lesson, sample(EXAMPLES, 100, 1, first | second))}
    assert len(third & (first | second)) == 25
    assert len(second & third & first) < 15


def test_an_intent_that_is_read_through_is_rehearsed() -> None:
    intents = [*(f"old {n}" for n in range(20)), "new"]
    every = [example(i, intents[min(i // 10, 20)]) for i in range(600)]
    learnt = {*map(lesson, every[:200]), *map(lesson, every[200:400])}
    drawn = sample([*every, *corrections(300)], 80, 1, learnt)
    assert {e.intent for e in drawn if not is_corrected(e)} == set(intents)


def test_without_intents_kinds_of_reply_keep_their_share() -> None:
    said = ["Could I get your name, please?", "Your order 12 is on its way.", "Sorry, no."]
    every = [
        msgspec.structs.replace(example(i, ""), reply=f"{said[i % 4 % 3]} {i}") for i in range(400)
    ]
    odd = [msgspec.structs.replace(example(400 + i, ""), reply=chr(97 + i)) for i in range(26)]
    drawn = sample([*every, *odd], 100, 1)
    kinds = Counter(e.reply[:5] for e in drawn)
    assert kinds["Could"] == pytest.approx(47, abs=1)
    assert kinds["Your "] == kinds["Sorry"] == pytest.approx(23.5, abs=1)
    assert {e.example_id for e in drawn} & {e.example_id for e in odd}


def test_a_corrected_reply_is_to_be_learnt_again() -> None:
    learnt = {*map(lesson, EXAMPLES)}
    corrected = msgspec.structs.replace(EXAMPLES[7], reply="a better one")
    [first] = sample([*EXAMPLES[:7], corrected, *EXAMPLES[8:]], 1, 1, learnt)
    assert first == corrected


def test_more_rows_hardly_change_who_is_drawn() -> None:
    before = {e.example_id for e in sample(EXAMPLES[:380], 95, 1)}
    after = {e.example_id for e in sample(EXAMPLES, 100, 1)}
    assert len(before & after) >= 85


def test_more_corrections_hardly_change_what_history_is_drawn() -> None:
    learnt = {*map(lesson, EXAMPLES[:200])}
    before = sample([*EXAMPLES[:380], *corrections(40)], 95, 1, learnt)
    after = sample([*EXAMPLES, *corrections(60), *confirmations(3)], 100, 1, learnt)
    assert len({*before} & {*after}) >= 80


@given(
    st.lists(
        st.tuples(st.sampled_from(["a", "b", "c", ""]), st.booleans(), st.booleans()), max_size=60
    ),
    st.integers(0, 70),
)
def test_the_sample_is_a_part_in_the_old_order(
    rows: list[tuple[str, bool, bool]], most: int
) -> None:
    origins = {True: "verdict:1", False: "tickets.csv:1"}
    examples = [example(i, intent, origins[taught]) for i, (intent, taught, _) in enumerate(rows)]
    learnt = {lesson(examples[i]) for i, (_, _, old) in enumerate(rows) if old}
    drawn = sample(examples, most, 3, learnt)
    assert len(drawn) == min(most, len(examples))
    assert drawn == [e for e in examples if e in drawn]
    if most >= 16:
        intents = {e.intent for e in examples if not is_corrected(e)}
        assert intents <= {e.intent for e in drawn if not is_corrected(e)}


def test_origins_tell_what_was_taught() -> None:
    row = EXAMPLES[0]
    corrected = msgspec.structs.replace(row, origin=("a.csv:1", "confirmed:x", "verdict:y"))
    confirmed = msgspec.structs.replace(row, origin=("a.csv:1", "confirmed:x"))
    assert [is_corrected(e) for e in (row, confirmed, corrected)] == [False, False, True]
    assert [is_confirmed(e) for e in (row, confirmed, corrected)] == [False, True, False]
