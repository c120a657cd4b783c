"""What answers cost."""

from __future__ import annotations

import msgspec
import pytest

from northloop.core.costs import Prices, Spent, spent_on, tokens_of
from northloop.core.interaction import Source, Step
from usual import usual_interaction

GENERATED = usual_interaction(
    at="2026-01-01T00:00:00.000+00:00",
    trace=(
        Step(name="turn", ms=9_000.0, decision="taken"),
        Step(
            name="generate",
            ms=1_800.0,
            decision="complete",
            evidence={"tokens": 50, "prompt_chars": 4_001},
        ),
    ),
)


def test_a_generated_answer_costs_its_tokens_and_its_time() -> None:
    assert spent_on(GENERATED) == Spent(tokens_in=1_001, tokens_out=50, seconds=1.8)
    prices = Prices(million_in=2.0, million_out=8.0, hour=1.0)
    assert prices.of(GENERATED) == pytest.approx(1_001 * 2e-6 + 50 * 8e-6 + 1.8 / 3_600)
    assert Prices(hour=2.0).of(GENERATED) == pytest.approx(0.001)


def test_what_was_not_generated_costs_nothing() -> None:
    quoted = msgspec.structs.replace(GENERATED, source=Source.QUOTE, trace=GENERATED.trace[:1])
    assert spent_on(quoted) == Spent()
    assert Prices(million_in=2.0, million_out=8.0, hour=1.0).of(quoted) == 0


def test_an_answer_of_an_earlier_version_costs_what_is_known_of_it() -> None:
    old = msgspec.structs.replace(
        GENERATED,
        trace=(Step(name="generate", ms=0.0, decision="complete", evidence={"tokens": 7.0}),),
    )
    assert spent_on(old) == Spent(tokens_out=7)


def test_prices_are_not_negative_and_none_is_set_at_first() -> None:
    assert not Prices().are_set
    assert Prices(hour=0.1).are_set
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert({"hour": -1}, Prices)
    assert [tokens_of(n) for n in (0, 1, 4, 5)] == [0, 1, 1, 2]
