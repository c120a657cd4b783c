from __future__ import annotations

import msgspec
import numpy as np
import pytest

from northloop.core.interaction import (
    HandoffReason,
    Interaction,
    Quality,
    ReviewItem,
    Source,
    Verdict,
    VerdictKind,
)
from northloop.stages.monitoring.quality import estimate
from northloop.stages.monitoring.sampling import (
    ReviewBudget,
    Traffic,
    draw,
    with_probability,
)

BUDGET = ReviewBudget(share=0.10, seed="test")


def world(n: int, seed: int) -> tuple[list[Interaction], list[ReviewItem], list[Verdict]]:
    """Answers of which 80 % are right, with a confidence that half knows it, sampled and judged."""
    rng = np.random.default_rng(seed)
    budget = msgspec.structs.replace(BUDGET, seed=f"world {seed}")
    so_far = Traffic()
    kept, items, verdicts = [], [], []
    for number in range(n):
        chance = rng.beta(8, 2)
        interaction = Interaction(
            interaction_id=f"i{number}",
            conversation_id=f"c{number // 2}",
            customer_id="",
            tenant="default",
            release="r",
            at=f"{number:09}",
            question="q",
            answer="a",
            source=Source.GENERATED,
            citations=(),
            confidence=float(0.5 * chance + 0.5 * rng.random()),
            handoff=None,
            intent="",
            latency_ms=1.0,
            trace=(),
        )
        interaction = with_probability(interaction, budget, so_far)
        so_far = so_far.including(interaction)
        kept.append(interaction)
        right = rng.random() < chance
        item = draw(interaction, budget)
        if item is not None:
            items.append(item)
            verdicts.append(verdict(item, right))
    return kept, items, verdicts


def verdict(item: ReviewItem, right: bool, *, at: str = "", skipped: bool = False) -> Verdict:
    return Verdict(
        verdict_id=f"v{item.review_id}{at}",
        review_id=item.review_id,
        interaction_id=item.interaction_id,
        at=at or item.at,
        kind=VerdictKind.CORRECT if right else VerdictKind.INCORRECT,
        skipped=skipped,
    )


def estimated(n: int, seed: int) -> Quality:
    found = estimate(*world(n, seed))
    assert found is not None
    return found


def test_before_any_verdict_there_is_no_number() -> None:
    interactions, items, _ = world(100, 1)
    assert estimate(interactions, items, []) is None
    assert estimate([], [], []) is None
    assert estimate(interactions, items, [verdict(items[0], True, skipped=True)]) is None


def test_the_interval_holds_the_truth_with_few_reviews_and_with_many() -> None:
    few = [estimated(150, seed) for seed in range(60)]
    many = [estimated(2_500, seed) for seed in range(40)]
    assert {q.method for q in few} == {"betting"}
    assert {q.method for q in many} == {"prediction-powered"}
    for found in (few, many):
        assert np.mean([q.low <= 0.8 <= q.high for q in found]) >= 0.88
        assert abs(np.mean([q.accuracy for q in found]) - 0.8) < 0.03


def test_shares_are_of_answers() -> None:
    interactions, items, verdicts = world(500, 3)
    found = estimate(interactions, items, verdicts)
    assert found is not None
    assert (found.answers, found.reviewed) == (500, len(items))
    assert found.share == pytest.approx(len(items) / 500)


def test_hand_offs_stay_out() -> None:
    interactions, items, verdicts = world(500, 4)
    before = estimate(interactions, items, verdicts)
    gone = msgspec.structs.replace(
        interactions[0],
        interaction_id="gone",
        source=Source.HANDOFF,
        handoff=HandoffReason.NOT_CONFIDENT,
    )
    item = msgspec.structs.replace(items[0], review_id="gone", interaction_id="gone")
    after = estimate([*interactions, gone], [*items, item], [*verdicts, verdict(item, False)])
    assert after == before


def test_needs_rephrasing_is_not_correct() -> None:
    interactions, items, verdicts = world(400, 5)
    all_rephrased = [
        msgspec.structs.replace(v, kind=VerdictKind.NEEDS_REPHRASING, correction="x")
        for v in verdicts
    ]
    found = estimate(interactions, items, all_rephrased)
    assert found is not None
    assert found.accuracy == 0.0


def test_the_first_verdict_counts() -> None:
    interactions, items, verdicts = world(400, 6)
    second = [verdict(item, False, at="999999999") for item in items]
    assert estimate(interactions, items, verdicts + second) == estimate(
        interactions, items, verdicts
    )


def test_items_still_waiting_do_not_shift_the_estimate() -> None:
    """Only the uniform half was judged so far: without correction it would count for too little."""
    found = []
    for seed in range(40):
        interactions, items, verdicts = world(2_500, seed)
        judged = [v for v, item in zip(verdicts, items, strict=True) if item.uniform or seed % 2]
        done = judged[::2]
        quality = estimate(interactions, items, done)
        assert quality is not None
        found.append(quality)
    assert abs(np.mean([q.accuracy for q in found]) - 0.8) < 0.02
    assert np.mean([q.low <= 0.8 <= q.high for q in found]) >= 0.88
