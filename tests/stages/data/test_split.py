"""Frozen, stratified, and nothing torn apart."""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from collections.abc import Iterable

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from northloop.core.conversation import Split
from northloop.core.errors import ConfigurationError
from northloop.stages.data import split
from northloop.stages.data.paraphrases import Pair, Pairs, Questions
from northloop.stages.data.split import Assigned, Item, Items, SplitSpec, kept

SPEC = SplitSpec(validation_share=0.1, test_share=0.2)
HELD_OUT = (Split.TEST, Split.VALIDATION)


def assign(items: list[Item], spec: SplitSpec, pairs: Iterable[Pair] = ()) -> list[Assigned]:
    return list(split.assign(Items.of(items), spec, Pairs.of(pairs)))


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


@pytest.mark.parametrize("spec", [SPEC, SplitSpec(validation_share=0.0, test_share=0.3)])
def test_a_large_stratum_keeps_its_shares_whatever_the_sizes(spec: SplitSpec) -> None:
    items = [Item(item_id=f"i{n}", ties=(f"c{n - n % (1 + n % 3)}",)) for n in range(4_000)]
    counts = Counter(a.split for a in assign(items, spec))
    for own, share in zip(HELD_OUT, (spec.test_share, spec.validation_share), strict=True):
        assert abs(counts[own] - share * len(items)) <= 3


def test_rows_that_come_later_move_hardly_any_other_of_a_large_stratum() -> None:
    items = [Item(item_id=f"i{n}") for n in range(4_000)]
    before, after = assign(items[:-50], SPEC), assign(items, SPEC)
    assert sum(a.split != b.split for a, b in zip(before, after, strict=False)) <= 20


def test_a_large_stratum_gives_a_split_what_retired_rows_owe_it() -> None:
    frozen = [Item(item_id=f"old{n}", asks=(f"a{n}",), frozen=Split.TEST) for n in range(100)]
    twins = [Item(item_id=f"new{n}", asks=(f"a{n}",)) for n in range(100)]
    more = [Item(item_id=f"i{n}") for n in range(2_000)]
    found = assign([*frozen, *twins, *more], SPEC)
    assert all(a.split is Split.RETIRED for a in found[:100])
    counts = Counter(a.split for a in found[200:])
    assert (counts[Split.TEST], counts[Split.VALIDATION]) == (100 + 380, 190)


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


def test_a_new_row_of_a_customer_that_is_held_out_is_held_out() -> None:
    items = [
        Item(item_id="a", ties=("c",), frozen=Split.TEST),
        Item(item_id="b", ties=("d",), frozen=Split.TRAIN),
        Item(item_id="e", ties=("c", "d")),
        Item(item_id="f", ties=("d",)),
    ]
    found = [a.split for a in assign(items, SPEC)]
    assert found == [Split.TEST, Split.TRAIN, Split.TEST, Split.TEST]


def _splits(items: list[Item], pairs: list[Pair], spec: SplitSpec = SPEC) -> list[Split]:
    return [place.split for place in assign(items, spec, pairs)]


def test_paraphrases_share_a_split() -> None:
    items = [Item(item_id=f"i{n}", stratum=f"s{n % 5}") for n in range(600)]
    pairs = [Pair(n, n + 1, 0.7 + n / 10_000) for n in range(0, 600, 2)]
    for seed in range(5):
        found = assign(items, SplitSpec(seed=seed, test_share=0.2), pairs)
        assert all(found[pair.a] == found[pair.b] for pair in pairs)
        assert Counter(a.split for a in found)[Split.TEST] == pytest.approx(120, abs=20)


def test_a_chain_of_paraphrases_does_not_take_everything() -> None:
    items = [Item(item_id=f"i{n:04}", stratum=f"s{n % 3}") for n in range(3_000)]
    pairs = [Pair(n, n + 1, 0.75) for n in range(2_999)]
    found = assign(items, SPEC, pairs)
    assert max(Counter(a.group for a in found).values()) <= 30
    counts = Counter(a.split for a in found)
    assert counts[Split.TEST] == pytest.approx(600, abs=90)
    assert counts[Split.VALIDATION] == pytest.approx(300, abs=60)
    assert Split.RETIRED not in counts


def test_customers_and_paraphrases_do_not_chain_into_one() -> None:
    rng = random.Random(1)
    items = [Item(item_id=f"i{n:04}", ties=(f"c{n // 3}",)) for n in range(3_000)]
    pairs = [Pair(*sorted(rng.sample(range(3_000), 2)), 0.75) for _ in range(6_000)]
    found = assign(items, SPEC, pairs)
    assert max(Counter(a.group for a in found).values()) <= 30
    assert all(found[n] == found[n - n % 3] for n in range(3_000))


def test_what_a_small_group_parts_and_is_close_is_not_measured() -> None:
    items = [Item(item_id=f"i{n:04}") for n in range(3_000)]
    pairs = [Pair(n, n + 1, 0.9) for n in range(2_999)]
    found = _splits(items, pairs)
    assert found.count(Split.RETIRED) > 10
    for pair in pairs:
        assert {found[pair.a], found[pair.b]} not in ({Split.TRAIN, s} for s in HELD_OUT)


def test_however_close_all_rows_are_half_of_them_are_measured() -> None:
    items = [Item(item_id=f"i{n:04}") for n in range(1_000)]
    pairs = [Pair(n, m, 0.9) for n in range(1_000) for m in range(n + 1, min(1_000, n + 40), 7)]
    counts = Counter(_splits(items, pairs))
    assert counts[Split.TEST] >= 60
    assert counts[Split.VALIDATION] >= 30


def test_a_new_row_that_asks_the_same_is_learnt_and_the_old_one_retires() -> None:
    items = [
        Item(item_id="asked", frozen=Split.TEST),
        Item(item_id="set", frozen=Split.VALIDATION),
        Item(item_id="bystander", frozen=Split.TEST),
        Item(item_id="learnt", frozen=Split.TRAIN),
        Item(item_id="new"),
        Item(item_id="newer"),
    ]
    pairs = [Pair(0, 4, 0.72), Pair(1, 4, 0.95), Pair(3, 5, 0.9)]
    assert _splits(items, pairs) == [
        Split.RETIRED, Split.RETIRED, Split.TEST, Split.TRAIN, Split.TRAIN, Split.TRAIN,
    ]  # fmt: skip


def test_what_other_conversations_go_on_after_is_not_measured() -> None:
    items = [
        Item(item_id="told", frozen=Split.TEST, told=True),
        Item(item_id="pinned", pin=Split.TEST, told=True),
        Item(item_id="learnt", frozen=Split.TRAIN, told=True),
        Item(item_id="by itself", frozen=Split.VALIDATION),
    ]
    kept_ones = [Split.TEST, Split.TRAIN, Split.VALIDATION]
    assert _splits(items, []) == [Split.RETIRED, *kept_ones]
    by_time = msgspec.structs.replace(SPEC, by="time")
    assert _splits(items, [], by_time) == [Split.TEST, *kept_ones]


def test_rows_that_stood_there_before_stay_however_alike() -> None:
    items = [
        Item(item_id="a", frozen=Split.TEST),
        Item(item_id="b", frozen=Split.TRAIN),
        Item(item_id="c", frozen=Split.RETIRED),
    ]
    pairs = [Pair(0, 1, 1.0), Pair(0, 2, 1.0), Pair(1, 2, 1.0)]
    assert _splits(items, pairs) == [Split.TEST, Split.TRAIN, Split.RETIRED]


def test_what_retired_is_no_reason_to_hold_a_new_row_out() -> None:
    items = [Item(item_id="a", frozen=Split.RETIRED), Item(item_id="b")]
    assert _splits(items, [Pair(0, 1, 0.9)]) == [Split.RETIRED, Split.TRAIN]


def test_a_row_that_teaches_nothing_retires_nothing() -> None:
    items = [
        Item(item_id="a", asks=("q",), frozen=Split.TEST),
        Item(item_id="b", asks=("q",), learnt=False),
    ]
    assert _splits(items, [])[0] is Split.TEST
    items[1] = Item(item_id="b", asks=("q",))
    assert _splits(items, []) == [Split.RETIRED, Split.TRAIN]


def test_paraphrases_of_a_pinned_export_are_learnt_from() -> None:
    pinned = [Item(item_id=f"p{n}", pin=Split.TEST) for n in range(10)]
    items = [*pinned, *(Item(item_id=f"i{n}") for n in range(10))]
    pairs = [Pair(n, n + 10, 0.95) for n in range(10)]
    spec = SplitSpec(validation_share=0.0, test_share=0.0)
    assert _splits(items, pairs, spec) == [Split.TEST] * 10 + [Split.TRAIN] * 10


def test_what_retired_is_made_up_for_by_new_rows() -> None:
    old = [Item(item_id=f"old{n}", frozen=Split.TEST) for n in range(100)]
    same = [Item(item_id=f"same{n}") for n in range(60)]
    other = [Item(item_id=f"other{n}") for n in range(200)]
    found = _splits([*old, *same, *other], [Pair(n, 100 + n, 0.8) for n in range(60)])
    assert found[:60] == [Split.RETIRED] * 60
    assert found[60:100] == [Split.TEST] * 40
    assert found[100:160] == [Split.TRAIN] * 60
    assert found[160:].count(Split.TEST) >= 60
    assert found[160:].count(Split.TRAIN) >= 60


def test_large_groups_do_not_fill_the_held_out_splits() -> None:
    counts: Counter[Split] = Counter()
    for seed in range(20):
        items = [
            Item(item_id=f"i{n:04}", ties=(f"c{n // 25}",), stratum=f"s{n // 100}")
            for n in range(2_000)
        ]
        found = assign(items, SplitSpec(seed=seed))
        counts.update(a.split for a in found)
    assert counts[Split.TEST] / 40_000 == pytest.approx(0.1, abs=0.02)


def test_the_same_split_for_any_order_of_rows_and_pairs() -> None:
    rng = random.Random(8)
    items = [
        Item(
            item_id=f"i{n:03}",
            ties=(f"c{rng.randrange(300)}",),
            asks=(f"q{rng.randrange(500)}",),
            stratum=f"s{n % 4}",
            frozen=rng.choice([None, None, *Split]),
        )
        for n in range(500)
    ]
    pairs = [Pair(*sorted(rng.sample(range(500), 2)), rng.choice((0.7, 0.9))) for _ in range(400)]
    found = {i.item_id: a for i, a in zip(items, assign(items, SPEC, pairs), strict=True)}
    order = rng.sample(range(500), 500)
    at = {old: new for new, old in enumerate(order)}
    moved = [Pair(*sorted((at[p.a], at[p.b])), p.alike) for p in rng.sample(pairs, len(pairs))]
    again = assign([items[i] for i in order], SPEC, moved)
    assert {items[i].item_id: a for i, a in zip(order, again, strict=True)} == found
    for item in items:
        if item.frozen:
            assert found[item.item_id].split in (item.frozen, Split.RETIRED)
        if item.frozen in (Split.TRAIN, Split.RETIRED):
            assert found[item.item_id].split is item.frozen


def test_a_row_keeps_the_place_of_its_wordings() -> None:
    assert kept(()) is None
    assert kept({Split.TEST}) is Split.TEST
    assert kept({Split.TEST, Split.VALIDATION}) is Split.TEST
    assert kept({Split.TEST, Split.TRAIN}) is Split.RETIRED
    assert kept({Split.TEST, Split.RETIRED}) is Split.RETIRED


def test_split_by_time_tests_on_the_newest() -> None:
    items = [Item(item_id=f"i{n}", at=f"2025-01-{n:02}") for n in range(1, 21)]
    found = assign(items, SplitSpec(validation_share=0.1, test_share=0.2, by="time"))
    assert [a.split for a in found[-4:]] == [Split.TEST] * 4
    assert [a.split for a in found[-6:-4]] == [Split.VALIDATION] * 2
    assert {a.split for a in found[:-6]} == {Split.TRAIN}


def test_rows_of_one_day_stay_on_one_side() -> None:
    items = [Item(item_id=f"i{n}", at=f"2025-01-{1 + n // 7:02}") for n in range(140)]
    found = assign(items, SplitSpec(validation_share=0.1, test_share=0.2, by="time"))
    for day in range(20):
        assert len({a.split for a in found[day * 7 : day * 7 + 7]}) == 1
    assert [a.split for a in found[-28:]] == [Split.TEST] * 28
    assert [a.split for a in found[-42:-28]] == [Split.VALIDATION] * 14


def test_few_days_are_parted_rather_than_all_held_out() -> None:
    items = [Item(item_id=f"i{n}", at="2025-01-01") for n in range(100)]
    counts = Counter(_splits(items, [], SplitSpec(by="time")))
    assert counts == {Split.TRAIN: 80, Split.VALIDATION: 10, Split.TEST: 10}


def test_rows_without_a_date_are_learnt_from_unless_none_has_one() -> None:
    dated = [Item(item_id=f"i{n}", at=f"2025-01-{n:02}") for n in range(1, 21)]
    undated = [Item(item_id=f"u{n}") for n in range(100)]
    found = _splits([*undated, *dated], [], SplitSpec(by="time"))
    assert set(found[:100]) == {Split.TRAIN}
    assert found[-2:] == [Split.TEST] * 2
    assert _splits(undated, [], SplitSpec(by="time")) == _splits(undated, [], SplitSpec())


def test_dates_decide_whatever_resembles_what() -> None:
    spec = SplitSpec(validation_share=0.0, test_share=0.25, by="time")
    items = [Item(item_id=f"i{n}", at=f"2025-01-{n:02}") for n in range(1, 9)]
    pairs = [Pair(n, 7, 0.99) for n in range(7)]
    assert _splits(items, pairs, spec) == [Split.TRAIN] * 6 + [Split.TEST] * 2
    frozen = [
        msgspec.structs.replace(item, frozen=split)
        for item, split in zip(items, _splits(items, pairs, spec), strict=True)
    ]
    newer = [Item(item_id=f"n{n}", at=f"2025-02-{n:02}") for n in range(1, 5)]
    after = _splits([*frozen, *newer], [*pairs, Pair(7, 8, 0.99)], spec)
    assert after[:8] == [item.frozen for item in frozen]
    assert after[8:] == [Split.TRAIN] * 3 + [Split.TEST]


def test_an_answerer_that_repeats_scores_nothing_where_nothing_can_be_learnt() -> None:
    """Each question has an answer of its own; three in ten are asked again with another word."""
    rng = random.Random(2)
    words = [f"{a}{b}{c}" for a in "bdfgklmnpr" for b in ("ar", "el", "os", "ut") for c in "aeiou"]
    texts: list[str] = []
    answers: list[int] = []
    for number in range(600):
        said = rng.sample(words, 7)
        texts.append(" ".join(said))
        answers.append(number)
        if rng.random() < 0.3:
            texts.append(" ".join((*said[:3], rng.choice(words), *said[4:])))
            answers.append(number)
    questions = Questions(texts)
    items = [Item(item_id=text) for text in texts]

    def score(pairs: list[Pair]) -> float:
        found = _splits(items, pairs)
        test = [i for i, split in enumerate(found) if split is Split.TEST]
        train = [i for i, split in enumerate(found) if split is Split.TRAIN]
        nearest = zip(test, questions.nearest(test, train), strict=True)
        return sum(answers[i] == answers[at] for i, (at, _) in nearest) / len(test)

    assert score([]) > 0.25
    assert score(questions.paraphrases()) == 0


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
