"""What a canary's customers say: planted worlds through the rule as it is used."""

from __future__ import annotations

import msgspec
import pytest

from northloop.core.canary import Finding
from northloop.core.conversation import Message
from northloop.core.deployment import Arm, Purpose
from northloop.core.interaction import Question
from northloop.stages.monitoring import canary
from northloop.testing.canary_worlds import CanaryWorld, canaries_ended, planted, units_of

RUNS = 40


def world(**changes: object) -> CanaryWorld:
    return CanaryWorld(customers_a_day=400, **changes)  # type: ignore[arg-type]


def test_a_harmful_candidate_is_rolled_back() -> None:
    found = canaries_ended(world(effect=-0.10, days=30), RUNS)
    assert found.rolled_back == 1.0
    assert found.customers < 8_000


def test_an_equal_one_is_rarely_rolled_back() -> None:
    assert canaries_ended(world(), RUNS).rolled_back <= 0.05 + 0.07  # 2 standard errors


def test_a_better_one_may_go_live() -> None:
    found = canaries_ended(world(effect=0.05), RUNS)
    assert found.promoted > 0.8
    assert found.customers < 9_000


def test_one_at_the_margin_may_not() -> None:
    assert canaries_ended(world(effect=-0.05, days=30), RUNS).promoted <= 0.05 + 0.07


def test_lost_customers_stop_it() -> None:
    assert canaries_ended(world(lost=0.3, days=10), RUNS).uneven > 0.9


@pytest.mark.parametrize("effect", [-0.3, 0.0])
def test_the_simulation_ends_as_the_records_say(effect: float) -> None:
    """The same customers, as records: the same evidence, whenever one looks."""
    one = CanaryWorld(effect=effect, customers_a_day=100, days=12)
    found = planted(one, (1, 3))
    for day in (3.0, 9.5, 30.0):
        stands = canary.standing(one.trial, units_of(one, found, day))
        judged = int((found.judged <= day).sum())
        followed = int((found.followed <= day).sum())
        assert sum(stands.figures[0].counted) == judged
        assert sum(stands.figures[2].counted) == followed
        seen = canary.watched(one.trial, found.columns)
        first = seen[0].lines[canary.RIGHT].promote[judged - 1]
        assert stands.figures[0].line[-1 if judged == followed else 0] > 0
        assert stands.figures[0].proven == pytest.approx(2.718281828459045**first)
    assert (stands.finding is Finding.HARMFUL) == (effect < 0)


def asks(customer: str, conversation: str = "1") -> Question:
    return Question(
        interaction_id="1",
        messages=(Message("user", "Where?"),),
        customer_id=customer,
        conversation_id=conversation,
    )


def test_the_draw_is_the_customers_and_another_one_in_each_trial() -> None:
    arm = Arm(release="c", knowledge="k", share=0.2, part=Purpose.CANARY, trial_id="one", reviews=2)
    names = [f"customer {n}" for n in range(2_000)]
    treated = {name for name in names if canary.drawn(arm, asks(name)).treated}
    assert 330 < len(treated) < 470
    assert treated == {name for name in names if canary.drawn(arm, asks(name, "2")).treated}
    wider = msgspec.structs.replace(arm, share=0.4)
    assert treated < {name for name in names if canary.drawn(wider, asks(name)).treated}
    other = msgspec.structs.replace(arm, trial_id="two")
    both = treated & {name for name in names if canary.drawn(other, asks(name)).treated}
    assert len(both) < 120
