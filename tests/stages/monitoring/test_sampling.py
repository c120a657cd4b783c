from __future__ import annotations

import itertools

import msgspec
import numpy as np
import pytest

from northloop.core.errors import ConfigurationError
from northloop.core.interaction import HandoffReason, Interaction, Source
from northloop.stages.monitoring.sampling import (
    ReviewBudget,
    Traffic,
    draw,
    with_probability,
)
from usual import usual_interaction

BUDGET = ReviewBudget(share=0.10, seed="test")


def interaction(number: int, confidence: float = 0.8) -> Interaction:
    return usual_interaction(
        interaction_id=f"i{number}",
        conversation_id=f"c{number}",
        at=f"2026-01-01T00:00:{number % 60:02}Z",
        confidence=confidence,
    )


def handoff(reason: HandoffReason) -> Interaction:
    return msgspec.structs.replace(
        interaction(1, 0.0), source=Source.HANDOFF, handoff=reason, answer=""
    )


def stream(n: int) -> list[Interaction]:
    confidences = np.random.default_rng(1).beta(4, 1, n)
    so_far, logged = Traffic(), []
    for number, confidence in enumerate(confidences):
        logged.append(with_probability(interaction(number, float(confidence)), BUDGET, so_far))
        so_far = so_far.including(logged[-1])
    return logged


def test_the_budget_is_kept() -> None:
    answers = stream(6_000)
    drawn = [item for answer in answers if (item := draw(answer, BUDGET))]
    assert np.mean([a.review_probability for a in answers]) == pytest.approx(0.10, abs=0.004)
    assert len(drawn) / 6_000 == pytest.approx(0.10, abs=0.004)


def test_the_budget_is_kept_in_every_hundred_answers() -> None:
    answers = stream(2_000)
    for start in range(0, 2_000, 100):
        hundred = answers[start : start + 100]
        drawn = sum(draw(answer, BUDGET) is not None for answer in hundred)
        given = hundred[-1].review_span[1] - hundred[0].review_span[0]
        assert abs(drawn - given) < 3
        assert 6 <= drawn <= 14


def test_half_of_it_is_uniform() -> None:
    drawn = [item for answer in stream(6_000) if (item := draw(answer, BUDGET))]
    assert np.mean([item.uniform for item in drawn]) == pytest.approx(0.5, abs=0.08)


def test_answers_are_drawn_as_often_as_their_probability_says() -> None:
    answers = stream(20_000)
    for low, high in ((0.05, 0.09), (0.09, 0.12), (0.12, 1.0)):
        group = [a for a in answers if low <= a.review_probability < high]
        expected = sum(a.review_probability for a in group)
        got = sum(draw(a, BUDGET) is not None for a in group)
        assert abs(got - expected) < 4 * np.sqrt(expected)


def test_each_answer_is_drawn_as_often_as_its_probability_says_over_seeds() -> None:
    answers = stream(60)
    seeds = 4_000
    for answer in answers[::6]:
        drawn = sum(
            draw(answer, ReviewBudget(share=0.10, seed=str(seed))) is not None
            for seed in range(seeds)
        )
        p = answer.review_probability
        assert abs(drawn / seeds - p) < 4 * np.sqrt(p * (1 - p) / seeds)


def test_neighbours_are_drawn_almost_independently_of_their_distance() -> None:
    """No period: which answer of ten is drawn says nothing of which of the next ten is."""
    places = [n % 10 for n, answer in enumerate(stream(4_000)) if draw(answer, BUDGET)]
    steps = np.bincount([(b - a) % 10 for a, b in itertools.pairwise(places)], minlength=10)
    assert steps.max() < 2 * steps.mean()


def test_the_unsure_are_drawn_more_often_but_nobody_escapes() -> None:
    so_far = Traffic()
    unsure = with_probability(interaction(1, 0.5), BUDGET, so_far).review_probability
    certain = with_probability(interaction(1, 1.0), BUDGET, so_far).review_probability
    assert certain == pytest.approx(0.05)
    assert unsure > 2 * certain


def test_a_draw_repeated_says_the_same() -> None:
    answers = stream(300)
    first = [draw(a, BUDGET) for a in answers]
    assert [draw(a, BUDGET) for a in reversed(answers)][::-1] == first
    other = ReviewBudget(share=0.10, seed="another")
    assert [draw(a, other) for a in answers] != first


def test_the_running_mean_follows_from_what_was_kept() -> None:
    answers = stream(200)
    so_far = Traffic()
    for answer in answers:
        so_far = so_far.including(answer)
    assert Traffic.of(answers) == so_far
    assert Traffic.of(answers[:150] + answers[150:]).mean_uncertainty == so_far.mean_uncertainty


def test_the_item_carries_the_logged_probability() -> None:
    for answer in stream(200):
        item = draw(answer, BUDGET)
        if item is not None:
            assert item.probability == answer.review_probability
            assert item.interaction_id == answer.interaction_id


def test_hand_offs_are_judged_unless_the_customer_asked_for_one() -> None:
    so_far = Traffic()
    unsure = handoff(HandoffReason.NOT_CONFIDENT)
    asked = handoff(HandoffReason.ASKED_FOR_HUMAN)
    assert with_probability(unsure, BUDGET, so_far).review_probability == pytest.approx(0.05)
    assert with_probability(asked, BUDGET, so_far).review_probability == 0.0
    assert so_far.including(asked) == so_far


@pytest.mark.parametrize("share", [0.0, 0.04, 0.11, 1.0])
def test_a_budget_outside_five_to_ten_per_cent_is_refused(share: float) -> None:
    with pytest.raises(ConfigurationError, match=r"0\.05 to 0\.10"):
        ReviewBudget(share=share)
