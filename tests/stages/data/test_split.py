"""Frozen, stratified, and nothing torn apart."""

from __future__ import annotations

import random
from collections import Counter, defaultdict

import pytest
from hypothesis import given
from hypothesis import strategies as st

from northloop.core.conversation import Split
from northloop.core.errors import ConfigurationError
from northloop.stages.data.split import Item, SplitSpec, assign

SPEC = SplitSpec(validation_share=0.1, test_share=0.2)


def _items(count: int) -> list[Item]:
    return [
        Item(item_id=f"i{n}", ties=(f"customer {n // 2}",), stratum=f"s{n % 5}", at=f"2025-{n:05}")
        for n in range(count)
    ]


def test_shares_hold_in_every_stratum() -> None:
    items = [Item(item_id=f"i{n}", stratum=f"s{n % 4}") for n in range(2_000)]
    found = assign(items, SPEC)
    counts = Counter((item.stratum, a.split) for item, a in zip(items, found, strict=True))
    for stratum in ("s0", "s1", "s2", "s3"):
        assert abs(counts[stratum, Split.TEST] - 100) <= 8
        assert abs(counts[stratum, Split.VALIDATION] - 50) <= 8


def test_ties_share_a_group_and_a_split() -> None:
    found = assign(_items(400), SPEC)
    for n in range(0, 400, 2):
        assert found[n] == found[n + 1]


def test_the_order_of_the_rows_and_other_rows_do_not_matter_to_groups() -> None:
    items = _items(300)
    shuffled = items[:]
    random.Random(3).shuffle(shuffled)
    by_id = {i.item_id: a for i, a in zip(shuffled, assign(shuffled, SPEC), strict=True)}
    assert [by_id[i.item_id] for i in items] == assign(items, SPEC)


def test_another_seed_deals_otherwise() -> None:
    items = _items(300)
    other = SplitSpec(validation_share=0.1, test_share=0.2, seed=2)
    assert [a.split for a in assign(items, SPEC)] != [a.split for a in assign(items, other)]


def test_a_pin_takes_its_whole_group_and_test_wins() -> None:
    items = [
        Item(item_id="a", ties=("c",), pin=Split.TEST),
        Item(item_id="b", ties=("c", "d"), pin=Split.TRAIN),
        Item(item_id="e", ties=("d",)),
    ]
    assert {a.split for a in assign(items, SPEC)} == {Split.TEST}


def test_frozen_rows_stay_even_where_a_new_row_ties_them() -> None:
    items = [
        Item(item_id="a", ties=("c",), frozen=Split.TEST),
        Item(item_id="b", ties=("d",), frozen=Split.TRAIN),
        Item(item_id="e", ties=("c", "d")),
    ]
    assert [a.split for a in assign(items, SPEC)] == [Split.TEST, Split.TRAIN, Split.TEST]


def test_split_by_time_tests_on_the_newest() -> None:
    items = [Item(item_id=f"i{n}", at=f"2025-01-{n:02}") for n in range(1, 21)]
    found = assign(items, SplitSpec(validation_share=0.1, test_share=0.2, by="time"))
    assert [a.split for a in found[-4:]] == [Split.TEST] * 4
    assert [a.split for a in found[-6:-4]] == [Split.VALIDATION] * 2
    assert {a.split for a in found[:-6]} == {Split.TRAIN}


def test_no_share_means_no_rows() -> None:
    found = assign(_items(200), SplitSpec(validation_share=0.0, test_share=0.1))
    assert Split.VALIDATION not in {a.split for a in found}


@pytest.mark.parametrize("shares", [(0.5, 0.5), (-0.1, 0.2)])
def test_impossible_shares_are_refused(shares: tuple[float, float]) -> None:
    with pytest.raises(ConfigurationError):
        SplitSpec(validation_share=shares[0], test_share=shares[1])


_TIES = st.lists(st.sampled_from([f"t{n}" for n in range(12)]), max_size=3).map(tuple)


@given(st.lists(_TIES, max_size=25), st.integers(0, 5))
def test_no_tie_is_ever_cut(ties: list[tuple[str, ...]], seed: int) -> None:
    items = [Item(item_id=f"i{n}", ties=t) for n, t in enumerate(ties)]
    found = assign(items, SplitSpec(seed=seed))
    places = defaultdict(set)
    for item, assigned in zip(items, found, strict=True):
        for tie in item.ties:
            places[tie].add(assigned)
    assert all(len(place) == 1 for place in places.values())
