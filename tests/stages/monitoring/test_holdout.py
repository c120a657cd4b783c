from __future__ import annotations

import msgspec

from northloop.core.conversation import Message
from northloop.core.interaction import Origin, Question
from northloop.stages.monitoring.holdout import chance, is_held_out


def asks(customer: str, **changes: object) -> Question:
    question = Question(
        interaction_id="1", messages=(Message("user", "Where?"),), customer_id=customer
    )
    return msgspec.structs.replace(question, **changes)


def drawn(share: float, tenant: str = "north") -> set[str]:
    names = [f"customer {n}" for n in range(4_000)]
    return {name for name in names if is_held_out(asks(name, tenant=tenant), share)}


def test_the_share_is_held_out() -> None:
    assert 340 < len(drawn(0.1)) < 460  # 3 standard errors


def test_a_larger_share_holds_out_the_same_and_more() -> None:
    assert drawn(0.05) < drawn(0.1) < drawn(0.2)


def test_tenants_are_drawn_apart() -> None:
    assert len(drawn(0.1) & drawn(0.1, "south")) < 80


def test_nobody_is_held_out_who_is_not_named_or_is_no_customer() -> None:
    for asked in (asks(""), asks("ada", origin=Origin.PLAYGROUND)):
        assert chance(asked, 1.0) == 0.0
        assert not is_held_out(asked, 1.0)
    assert is_held_out(asks("ada"), 1.0)
    assert not is_held_out(asks("ada"), 0.0)
