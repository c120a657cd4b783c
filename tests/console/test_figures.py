"""The figures show what the numbers say."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from northloop.console import figures
from northloop.core.artefacts import Comparison, RowCount
from northloop.core.interaction import Step


@given(st.integers(0, 10_000), st.integers(0, 10_000), st.integers(0, 10_000))
def test_flow_fills_its_box_in_proportion(kept: int, merged: int, quarantined: int) -> None:
    total = kept + merged + quarantined
    rows = RowCount(rows_in=total, kept=kept, merged=merged, quarantined=quarantined)
    ribbons = figures.flow(rows)
    if not total:
        assert ribbons == ()
        return
    assert [r.count for r in ribbons] == [kept, merged, quarantined]
    assert sum(r.leaves.length for r in ribbons) == pytest.approx(82)
    assert all(r.leaves.length > 0 for r in ribbons if r.count)
    last = ribbons[-1].arrives
    assert last.start + last.length == pytest.approx(100)
    for ribbon in ribbons:
        if ribbon.share > 0.1:
            assert ribbon.leaves.length == pytest.approx(82 * ribbon.share, abs=4)


def comparison(difference: float, low: float, high: float, margin: float) -> Comparison:
    return Comparison(
        metric="m",
        difference=difference,
        low=low,
        high=high,
        margin=margin,
        role="guardrail",
        passed=True,
    )


def test_right_is_better_for_every_metric() -> None:
    more = figures.comparison_axis(comparison(0.1, 0.0, 0.2, 0.1), higher_is_better=True)
    less = figures.comparison_axis(comparison(-0.1, -0.2, 0.0, 0.1), higher_is_better=False)
    assert more == less
    assert more.margin is not None
    assert more.margin < more.zero <= more.interval.low < more.interval.value < more.interval.high


@given(st.floats(-1e6, 1e6), st.floats(0, 1e6), st.floats(0, 1e6), st.booleans())
def test_axis_stays_in_its_box(middle: float, reach: float, margin: float, higher: bool) -> None:
    found = comparison(middle, middle - reach, middle + reach, margin)
    axis = figures.comparison_axis(found, higher)
    assert axis.zero == 50
    for place in (axis.interval.low, axis.interval.value, axis.interval.high):
        assert 0 <= place <= 100


@given(st.lists(st.floats(0, 10_000), min_size=1, max_size=12))
def test_waterfall_steps_follow_each_other_inside(times_ms: list[float]) -> None:
    bars = figures.waterfall([Step(name="s", ms=ms, decision="") for ms in times_ms])
    starts = [bar.span.start for bar in bars]
    assert all(after - before > -1e-9 for before, after in pairwise(starts))
    assert all(b.span.start >= 0 and b.span.start + b.span.length <= 100.001 for b in bars)


def test_spark_shows_the_target_among_the_values() -> None:
    points, target = figures.spark([10, 5], 7.5)
    assert points == "0.0,8.0 100.0,92.0" and target == 50
    assert figures.spark([], 3.0) == ("", None)
