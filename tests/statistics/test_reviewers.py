"""Reviewers who err: their rates are found, and accuracy without their errors."""

from __future__ import annotations

import pytest
from worlds.reviewers import ErringWorld, corrected_coverage

from northloop.statistics.intervals import Interval, clopper_pearson
from northloop.statistics.reviewers import FEWEST_GOLD, Reads, corrected, rates, told


def test_the_rates_are_those_of_much_gold() -> None:
    reads = Reads(right=4_000, right_found=3_600, wrong=4_000, wrong_found=3_400)
    known = rates(reads)
    assert told(known.sensitivity).value == pytest.approx(0.9, abs=0.01)
    assert told(known.specificity).value == pytest.approx(0.85, abs=0.01)
    # Of .8 right .72 are called so, and of .2 not right .03.
    found = corrected(clopper_pearson(0.75, 20_000), known)
    assert found.value == pytest.approx(0.8, abs=0.01)
    assert 0.01 < found.high - found.low < 0.06


def test_ruled_pairs_alone_tell_the_rates() -> None:
    """Of 10,000 pairs, .8 of them on right answers, read with .9 and .85."""
    reads = Reads(both_right=6_525, both_wrong=1_525, apart_right=1_440, apart_wrong=510)
    known = rates(reads)
    assert told(known.sensitivity).value == pytest.approx(0.9, abs=0.02)
    assert told(known.specificity).value == pytest.approx(0.85, abs=0.03)


def test_no_error_so_far_is_no_certainty() -> None:
    reads = Reads(right=20, right_found=20, wrong=20, wrong_found=20)
    known = rates(reads)
    assert 0.8 < told(known.specificity).low < 0.97
    found = corrected(Interval(value=0.9, low=0.87, high=0.93), known)
    assert found.high - found.low > 0.06


def test_the_same_reads_give_the_same_figures() -> None:
    reads = Reads(right=20, right_found=18, wrong=20, wrong_found=17, both_right=8, apart=3)
    assert told(rates(reads).sensitivity) == told(rates(reads).sensitivity)


def test_how_many_gold_reads_are_lacking() -> None:
    assert Reads(right=4).lacking == (FEWEST_GOLD - 4, FEWEST_GOLD)
    assert Reads(right=40, wrong=FEWEST_GOLD).lacking == (0, 0)


def test_readers_are_taken_to_be_better_than_chance() -> None:
    known = rates(Reads(right=20, right_found=9, wrong=20, wrong_found=9))
    assert (known.sensitivity + known.specificity > 1).all()
    found = corrected(Interval(value=0.5, low=0.4, high=0.6), known)
    assert (found.low, found.high) == (0.0, 1.0)


@pytest.mark.parametrize(("sensitivity", "specificity"), [(0.95, 0.95), (0.9, 0.85)])
def test_the_corrected_interval_holds_the_truth_and_the_plain_one_does_not(
    sensitivity: float, specificity: float
) -> None:
    world = ErringWorld(sensitivity=sensitivity, specificity=specificity, right=0.9, reviews=800)
    found = corrected_coverage(world, 60)
    assert found.corrected >= 0.88
    assert found.uncorrected < 0.6
    assert min(found.sensitivity, found.specificity) >= 0.85
