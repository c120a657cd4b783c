"""Drift: how often it is told in vain, how soon it is told, and what each test sees."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.sparse import csr_array

from northloop.statistics import drift
from northloop.statistics.drift import Judged
from northloop.testing.drift_worlds import Shift, Stream, Verdicts, alarm, harm_noticed, judged

BAR = 100.0


def test_the_mix_is_told_by_chi_squared_and_seldom_kinds_count_as_one() -> None:
    before, now = {"a": 300, "b": 200}, {"a": 250, "b": 250}
    assert drift.mix_p(before, now) == pytest.approx(0.001482, rel=1e-3)
    many = {f"odd {k}": 1 for k in range(40)}
    others = {f"queer {k}": 1 for k in range(40)}
    assert drift.mix_p(before | many, before | others) == pytest.approx(1.0)
    assert drift.mix_p({}, now) == drift.mix_p({"a": 9}, {"a": 4}) == 1.0


def test_values_are_told_by_their_greatest_gap() -> None:
    one = drift.histogram([0.1] * 60 + [0.9] * 40)
    other = drift.histogram([0.1] * 40 + [0.9] * 60)
    # A gap of .2 with 100 and 100: Q(.2 √50), with Q(x) = 2 Σ (-1)^(k-1) exp(-2 k² x²).
    assert drift.values_p(one, other) == pytest.approx(0.036631, rel=1e-4)
    nothing = drift.histogram([])
    assert drift.values_p(nothing, one) == 1.0
    assert sum(drift.histogram([-1.0, 0.0, 1.0, 7.0])) == 4


def test_words_tell_the_few_who_ask_something_new() -> None:
    rng = np.random.default_rng(2)
    rows = rng.random((600, 80)) < 0.1
    is_now = np.arange(600) >= 400
    rows[:, 70:] = False
    assert drift.words_apart(csr_array(rows.astype(float)), is_now).p > 0.01
    rows[560:, 70:75] = True
    found = drift.words_apart(csr_array(rows.astype(float)), is_now)
    assert found.p < 1e-5
    assert set(np.argsort(-found.scores)[:40]) == set(range(560, 600))
    assert drift.words_apart(csr_array((4, 3)), np.arange(4) >= 2).p > 0.1


def test_words_of_one_world_are_told_apart_no_more_often_than_said() -> None:
    rng = np.random.default_rng(3)
    p = []
    for _ in range(400):
        rows = csr_array((rng.random((300, 40)) < 0.15).astype(float))
        p.append(drift.words_apart(rows, np.arange(300) >= 200).p)
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
