"""Drift: how often it is told in vain, how soon it is told, and what each test sees."""

from __future__ import annotations

import msgspec
import numpy as np
import pytest
from scipy.sparse import csr_array
from scipy.stats import chi2
from worlds.drifts import (
    Calendar,
    Shift,
    Stream,
    Verdicts,
    alarm,
    harm_noticed,
    judged,
)

from northloop.statistics import drift
from northloop.statistics.drift import ByPart, Judged

BAR = 100.0


def test_the_mix_is_told_by_chi_squared_and_seldom_kinds_count_as_one() -> None:
    before, now = {"a": 300, "b": 200}, {"a": 250, "b": 250}
    # Pearson's chi² of the table is 10.1010; times 999 / 1000.
    assert _mix_p({0: before}, {0: now}) == pytest.approx(0.0014899, rel=1e-3)
    many = {f"odd {k}": 1 for k in range(40)}
    others = {f"queer {k}": 1 for k in range(40)}
    assert _mix_p({0: before | many}, {0: before | others}) == pytest.approx(1.0)
    assert _mix_p({}, {0: now}) == _mix_p({0: {"a": 9}}, {0: {"a": 4}}) == 1.0
    assert _mix_p({0: before}, {1: now}) == 1.0, "of no part of the week is anything known"


def _mix_p(before: ByPart[str], now: ByPart[str]) -> float:
    return drift.mix_p(drift.beside(before, now))


def test_a_mix_that_differs_between_parts_of_the_week_alone_is_none() -> None:
    """Mantel & Haenszel's test by hand, of two kinds in two parts."""
    before = {0: {"a": 90, "b": 10}, 1: {"a": 20, "b": 80}}
    assert _mix_p(before, {0: {"a": 9, "b": 1}, 1: {"a": 20, "b": 80}}) == pytest.approx(1.0)
    now = {0: {"a": 40, "b": 10}, 1: {"a": 20, "b": 80}}
    # Expected of a in part 0: 50 * 130 / 150 = 43.333; in part 1: 20. The variances are
    # 100 * 50 * 130 * 20 / (150² * 149) and 100 * 100 * 40 * 160 / (200² * 199): 3.8777 and 8.0402.
    assert _mix_p(before, now) == pytest.approx(chi2.sf(3.3333**2 / 11.9179, 1), rel=1e-4)
    whole = {0: {"a": 110, "b": 90}}
    assert _mix_p(whole, {0: {"a": 29, "b": 81}}) < 1e-5


def test_parts_of_one_question_a_side_err_no_more_often_than_said() -> None:
    rng = np.random.default_rng(6)
    p = []
    for _ in range(400):
        share = rng.random(300)
        was, now = (
            drift.counted(range(300), np.where(rng.random(300) < share, "a", "b").tolist())
            for _ in range(2)
        )
        p.append(_mix_p(was, now))
    assert 0.02 <= np.mean(np.array(p) <= 0.05) <= 0.05 + 2 * (0.05 * 0.95 / 400) ** 0.5


def test_values_are_told_by_their_greatest_gap() -> None:
    low, high = drift.stretches([0.1, 0.9]).tolist()
    one, other = {low: 60, high: 40}, {low: 40, high: 60}
    # A gap of .2 with 100 and 100: Q(.2 √50), with Q(x) = 2 Σ (-1)^(k-1) exp(-2 k² x²).
    assert _values_p({0: one}, {0: other}) == pytest.approx(0.036631, rel=1e-4)
    assert _values_p({}, {0: one}) == 1.0
    assert _values_p({0: one, 1: other}, {0: one, 1: other}) == 1.0
    # The same gap in either of two parts: 20 and 20 of 400, Q(.2 √100).
    both = _values_p({0: one, 1: one}, {0: other, 1: other})
    assert both == pytest.approx(6.7093e-4, rel=1e-3)
    assert _values_p({0: one, 1: other}, {0: other, 1: one}) == 1.0, "they cancel out"
    assert sum(drift.histogram([-1.0, 0.0, 1.0, 7.0])) == 4


def _values_p(before: ByPart[int], now: ByPart[int]) -> float:
    return drift.values_p(drift.beside(before, now))


def test_a_window_of_days_is_compared_by_longer_parts_of_the_week_than_one_of_hours() -> None:
    monday = 48 * 4  # half hours since 1970, which began on a Thursday
    for days, length in ((0.4, 1), (1, 2), (2, 4), (6, 8), (40, 8)):
        slots = range(monday, monday + int(48 * days))
        assert drift.Parts.of(slots).length == length
    parts = drift.Parts.of(range(monday, monday + 48 * 7))
    week, next_week = {monday: {"a": 2}, monday + 1: {"a": 3}}, {monday + 336: {"a": 5, "b": 1}}
    assert parts.weekly([week], before=True) == {}, "it is the window's own"
    assert parts.weekly([week, next_week], before=False) == {24: {"a": 10, "b": 1}}
    assert parts.weekly([week, next_week], before=True) == {24: {"a": 5, "b": 1}}


def test_shares_are_of_the_times_at_which_a_window_was_asked() -> None:
    before = {0: {"a": 90, "b": 10}, 1: {"b": 40}}
    told = drift.shares(drift.beside(before, {0: {"a": 6, "c": 4}, 2: {"a": 50}}))
    assert [name for name, _, _ in told] == ["c", "a", "b"]
    assert [was for _, was, _ in told] == pytest.approx([0, 0.9, 0.1])
    assert [now for _, _, now in told] == pytest.approx([0.4, 0.6, 0])


def test_words_tell_the_few_who_ask_something_new() -> None:
    rng = np.random.default_rng(2)
    rows = rng.random((600, 80)) < 0.1
    is_now = np.arange(600) >= 400
    rows[:, 70:] = False
    once = np.zeros(600, int)
    assert drift.words_apart(csr_array(rows.astype(float)), is_now, once).p > 0.01
    rows[560:, 70:75] = True
    found = drift.words_apart(csr_array(rows.astype(float)), is_now, once)
    assert found.p < 1e-5
    assert set(np.argsort(-found.scores)[:40]) == set(range(560, 600))
    assert drift.words_apart(csr_array((4, 3)), np.arange(4) >= 2, np.zeros(4, int)).p > 0.1
    at_odds = drift.words_apart(csr_array(rows.astype(float)), is_now, is_now.astype(int))
    assert at_odds.p == 1.0 and not at_odds.compared.any()


@pytest.mark.parametrize("parts", [1, 2, 60])
def test_words_of_one_world_are_told_apart_no_more_often_than_said(parts: int) -> None:
    """The window has other times of the week than what was before, and each has its own words."""
    rng = np.random.default_rng(3)
    p = []
    for _ in range(400):
        is_now = np.arange(300) >= 200
        of_week = np.where(is_now, parts - 1, 0) if parts == 2 else np.zeros(300, int)
        mixed = rng.random(300) < 0.4
        of_week = np.where(mixed | (parts > 2), rng.integers(parts, size=300), of_week)
        share = 0.05 + 0.2 * ((of_week[:, None] + np.arange(40)) % 2)
        rows = csr_array((rng.random((300, 40)) < share).astype(float))
        p.append(drift.words_apart(rows, is_now, of_week).p)
    assert np.mean(np.array(p) <= 0.05) <= 0.05 + 2 * (0.05 * 0.95 / 400) ** 0.5
    assert np.mean(np.array(p) <= 0.01) <= 0.01 + 2 * (0.01 * 0.99 / 400) ** 0.5


def test_holm_is_holm() -> None:
    corrected = drift.holm({"a": 0.01, "b": 0.04, "c": 0.03})
    assert corrected == pytest.approx({"a": 0.03, "c": 0.06, "b": 0.06})
    assert drift.holm({"a": 0.9, "b": 0.8}) == {"b": 1.0, "a": 1.0}


def test_evidence_is_told_in_vain_no_more_often_than_promised() -> None:
    """The rule alone, on p-values that hold exactly: in 60 windows, and on average."""
    rng = np.random.default_rng(4)
    lengths = []
    for _ in range(300):
        evidence, place = 1.0, 0
        while evidence < BAR and place < 2_000:
            evidence = drift.gathered(evidence, float(rng.random()))
            place += 1
        lengths.append(place)
    assert np.mean(lengths) >= BAR


def test_evidence_stays_a_number_however_long_it_gathers() -> None:
    evidence = 1.0
    for _ in range(100):
        evidence = drift.gathered(evidence, 0.0)
    assert evidence == drift.MOST_EVIDENCE
    assert drift.gathered(evidence, 1.0) < evidence


def test_nothing_shifts_and_nothing_is_told() -> None:
    assert [alarm(Stream(windows=15, window=200), seed, BAR) for seed in range(8)] == [None] * 8


@pytest.mark.parametrize(
    ("calendar", "a_day", "windows"), [(Calendar.WEEKEND, 600, 30), (Calendar.NIGHT, 2_500, 60)]
)
def test_what_comes_again_with_the_week_is_no_shift(
    calendar: Calendar, a_day: int, windows: int
) -> None:
    """Held against all that was before, whatever the time, it is one in most of these."""
    stream = Stream(windows=windows, window=300, calendar=calendar, a_day=a_day)
    found = [alarm(stream, seed, BAR) for seed in range(4)]
    assert found == [None] * 4
    anyhow = msgspec.structs.replace(stream, weekly=False)
    assert sum(alarm(anyhow, seed, BAR) is not None for seed in range(4)) >= 3


def test_a_shift_is_told_beside_weekends_too() -> None:
    stream = Stream(
        windows=20, window=300, calendar=Calendar.WEEKEND, a_day=200, shift=Shift.STYLE, at=8
    )
    found = [alarm(stream, seed, BAR) for seed in range(6)]
    assert all(place is not None and 8 <= place <= 10 for place in found)


@pytest.mark.parametrize(("shift", "least"), [(Shift.MIX, 4), (Shift.NEW, 3), (Shift.STYLE, 6)])
def test_shifts_are_told_within_a_few_windows(shift: Shift, least: int) -> None:
    stream = Stream(windows=12, shift=shift, at=4)
    found = [alarm(stream, seed, BAR) for seed in range(6)]
    assert sum(place is not None and place >= 4 for place in found) >= least


def test_harm_is_told_and_its_absence_is_not() -> None:
    assert {harm_noticed(Verdicts(count=600), seed) for seed in range(12)} == {None}
    told = [harm_noticed(Verdicts(count=800, later=0.3), seed) for seed in range(8)]
    assert all(place is not None and 300 < place <= 800 for place in told)


def test_harm_is_told_soon_where_little_is_known_of_before() -> None:
    told = [harm_noticed(Verdicts(count=500, at=200, later=0.3), seed) for seed in range(8)]
    assert all(place is not None and place > 200 for place in told)
    assert np.median([place for place in told if place]) < 300
    fifth = [harm_noticed(Verdicts(count=900, at=200, later=0.2), seed) for seed in range(8)]
    assert sum(place is not None for place in fifth) >= 3


@pytest.mark.parametrize("wrong", [0.06, 0.3])
def test_two_points_worse_than_before_is_no_harm_yet(wrong: float) -> None:
    world = Verdicts(count=500, at=100, wrong=wrong, later=wrong + 0.02)
    assert {harm_noticed(world, seed) for seed in range(12)} == {None}


def test_few_questions_asked_again_and_again_are_no_harm() -> None:
    """Which of them come often is chance, and so is the share that is wrong of the first ones."""
    found = []
    for seed in range(10):
        rng = np.random.default_rng(seed)
        asked = np.minimum(rng.geometric(0.1, 600), 40)
        wrong = (rng.random(41) < 0.2)[asked]
        found.append(
            drift.harm(
                Judged(
                    sent=np.ones(600, bool),
                    right=~wrong,
                    probability=np.full(600, 0.08),
                    clusters=(np.arange(600), asked),
                ),
                looks=range(101, 601, 20),
            )
        )
    assert all(one is not None and (one.log_evidence < one.bar).all() for one in found)


def test_evidence_at_a_look_is_that_of_the_verdicts_until_then() -> None:
    world = judged(Verdicts(count=700, later=0.3), 3)
    whole = drift.harm(world, looks=[300, 500, 700])
    until = Judged(
        sent=world.sent[:500],
        right=world.right[:500],
        probability=world.probability[:500],
        clusters=(world.clusters[0][:500], world.clusters[1][:500]),
    )
    then = drift.harm(until)
    assert whole is not None and then is not None
    assert whole.log_evidence.shape == (3,)
    assert whole.log_evidence[1] == pytest.approx(then.log_evidence[-1])


def test_a_good_year_does_not_hide_what_comes_after_it() -> None:
    late = Verdicts(count=1_600, at=1_200, later=0.3)
    assert all(harm_noticed(late, seed) is not None for seed in range(4))


def test_what_is_held_back_is_no_wrong_answer_but_a_lost_one() -> None:
    world = judged(Verdicts(count=500), 1)
    held = np.where(np.arange(500) < 200, world.sent, False)
    found = drift.harm(
        Judged(sent=held, right=world.right, probability=world.probability, clusters=world.clusters)
    )
    assert found is not None and found.is_harm
    assert found.worst.name == "lost" and found.worst.since > 0.9 > found.worst.before
    wrong = next(way for way in found.ways if way.name == "wrong")
    assert wrong.log_evidence[-1] <= 0


def test_adaptive_reviews_count_by_their_probability() -> None:
    """Later on reviewers see doubtful answers four times as often: that alone is no harm."""
    rng = np.random.default_rng(5)
    doubtful = rng.random(3_000) < 0.2
    probability = np.where(doubtful & (np.arange(3_000) > 800), 0.32, 0.08)
    drawn = rng.random(3_000) < probability * 3
    right = rng.random(3_000) >= np.where(doubtful, 0.3, 0.02)
    place = np.flatnonzero(drawn)
    found = drift.harm(
        Judged(
            sent=np.ones(len(place), bool),
            right=right[place],
            probability=probability[place],
            clusters=(np.arange(len(place)), np.arange(len(place))),
        )
    )
    assert found is not None and not found.is_harm
    seen = ~right[place]
    assert seen[place > 800].mean() > 1.4 * seen[place <= 800].mean()


def test_before_there_are_enough_verdicts_nothing_is_said() -> None:
    assert drift.harm(judged(Verdicts(count=100), 1)) is None
    assert drift.harm(judged(Verdicts(count=101, at=50), 1)) is not None
