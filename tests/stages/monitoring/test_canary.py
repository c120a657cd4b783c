"""What a canary's customers say: planted worlds through the rule as it is used."""

from __future__ import annotations

import msgspec
import pytest
from worlds.canaries import CanaryWorld, canaries_ended, planted, units_of

from northloop.core.canary import Finding, Known, Unit
from northloop.core.conversation import Message
from northloop.core.deployment import Arm, Purpose
from northloop.core.interaction import Question
from northloop.stages.monitoring import canary

RUNS = 40
JUDGED = (canary.RIGHT, canary.NOT_WRONG)


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


def _units(*judged: tuple[bool, float]) -> list[Unit]:
    """Customers who were sent one answer each: whether by the candidate, and 1 over the probability
    with which it was judged right, 0 for not at all."""
    return [
        Unit(
            unit_id=str(number),
            trial_id="t",
            tenant="default",
            customer_id=str(number),
            conversation_id="",
            treated=treated,
            state=Known.JUDGED,
            closes_at="2026",
            contained=1.0,
            stayed=1.0,
            questions=1,
            sent=1.0,
            weight=weight,
            right=weight,
        )
        for number, (treated, weight) in enumerate(judged)
    ]


def test_nothing_is_told_of_answers_that_nobody_judged() -> None:
    trial = CanaryWorld().trial

    def told(*judged: tuple[bool, float]) -> list[tuple[float | None, float | None]]:
        figures = canary.standing(trial, _units(*judged)).figures
        return [(f.candidate, f.current) for f in figures if f.name in JUDGED]

    assert told((True, 0.0)) == [(None, None)] * 2
    assert told((True, 0.0), (False, 0.0), (False, 0.0)) == [(None, None)] * 2
    for ours, theirs in told((True, 0.0), (False, 0.0), (False, 5.0)):
        assert ours is None and theirs is not None
    assert None not in {side for pair in told((True, 5.0), (False, 5.0)) for side in pair}
    stands = canary.standing(trial, _units((True, 0.0), (False, 0.0)))
    assert stands.figures[2].candidate == 1.0, "who came without a person is known at once"


def test_who_was_sent_nothing_was_sent_nothing_right() -> None:
    units = [msgspec.structs.replace(one, sent=0.0) for one in _units((True, 0.0), (False, 0.0))]
    right, not_wrong = canary.standing(CanaryWorld().trial, units).figures[:2]
    assert (right.candidate, right.current) == (0.0, 0.0)
    assert (not_wrong.candidate, not_wrong.current) == (1.0, 1.0)
