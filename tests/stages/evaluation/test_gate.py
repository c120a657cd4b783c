from __future__ import annotations

import msgspec
import numpy as np
import pytest

from northloop.core.artefacts import Guardrail, Parity, Report
from northloop.core.errors import InputError
from northloop.stages.evaluation.gate import Contender, GateSpec, decide
from northloop.statistics.bootstrap import Resampling
from northloop.testing.simulations import GateWorld, gate_promotions, planted_reports

SPEC = GateSpec(
    guardrails=(Guardrail("safe", 0.05),),
    success=("better", "faster"),
    resampling=Resampling(draws=1_000),
)
SAME = Parity(n=50, top1_agreement=0.98, mean_logprob_gap=0.02, passed=True)


def planted(**gains: float) -> tuple[Contender, Contender]:
    world = GateWorld(items=400, gains={"safe": 0.0, "better": 0.0, "faster": 0.0, **gains})
    candidate, current = planted_reports(world, np.random.default_rng(1))
    return Contender("c" * 64, candidate), Contender("a" * 64, current)


def promotes(candidate: Report, current: Report) -> bool:
    return decide(SPEC, Contender("c" * 64, candidate), Contender(None, current), SAME).promote


def test_a_better_release_is_promoted() -> None:
    decision = decide(SPEC, *planted(better=0.1), SAME)
    assert decision.promote
    assert decision.reason.startswith("Promoted: proven better on better +0.")
    assert (decision.candidate, decision.current) == ("c" * 64, "a" * 64)
    assert [(c.metric, c.role, c.passed) for c in decision.comparisons] == [
        ("safe", "guardrail", True),
        ("better", "success", True),
        ("faster", "success", False),
    ]


def test_a_release_that_harms_a_guardrail_is_refused_whatever_else_it_gains() -> None:
    decision = decide(SPEC, *planted(safe=-0.15, better=0.15), SAME)
    assert not decision.promote
    assert "safe may be worse than the margin of 0.05" in decision.reason
    assert not decision.comparisons[0].passed


def test_a_worse_release_is_refused() -> None:
    candidate, current = planted(safe=-0.1, better=-0.1, faster=-0.1)
    decision = decide(SPEC, candidate, current, SAME)
    assert not decision.promote
    assert "no success metric is proven better" in decision.reason
    assert decide(
        SPEC, Contender("c", current.report), Contender("a", candidate.report), SAME
    ).promote


def test_the_same_release_again_is_refused_for_want_of_proof_alone() -> None:
    candidate, _ = planted()
    decision = decide(SPEC, candidate, Contender("a" * 64, candidate.report), SAME)
    assert not decision.promote
    assert decision.comparisons[0].passed
    assert decision.reason.startswith("Refused: no success metric is proven better")


def test_parity_is_required() -> None:
    pair = planted(better=0.1)
    missing = decide(SPEC, *pair, None)
    half = msgspec.structs.replace(SAME, passed=False, problem="served at 50% of its strength")
    broken = decide(SPEC, *pair, half)
    assert not missing.promote
    assert "not compared with the trained model" in missing.reason
    assert not broken.promote
    assert "not shown to be the trained model (served at 50% of its strength)" in broken.reason


def test_where_less_is_better_the_signs_turn() -> None:
    def reversed_(contender: Contender) -> Contender:
        scores = tuple(
            msgspec.structs.replace(
                s, higher_is_better=False, items=tuple(1 - v for v in s.items), value=1 - s.value
            )
            for s in contender.report.scores
        )
        return Contender(
            contender.release, msgspec.structs.replace(contender.report, scores=scores)
        )

    for gains in ({"better": 0.1}, {"safe": -0.15, "better": 0.1}, {"better": -0.1}):
        candidate, current = planted(**gains)
        as_is = decide(SPEC, candidate, current, SAME)
        turned = decide(SPEC, reversed_(candidate), reversed_(current), SAME)
        assert turned.promote == as_is.promote
        assert [c.passed for c in turned.comparisons] == [c.passed for c in as_is.comparisons]
        assert turned.comparisons[1].difference == pytest.approx(-as_is.comparisons[1].difference)


def test_different_items_cannot_be_compared() -> None:
    candidate, current = planted()
    fewer = msgspec.structs.replace(current.report, results=current.report.results[:-1])
    with pytest.raises(InputError, match="400 and 399, 399 in common"):
        decide(SPEC, candidate, Contender("a" * 64, fewer), SAME)


def test_an_unknown_metric_is_named() -> None:
    spec = msgspec.structs.replace(SPEC, success=("speed",))
    with pytest.raises(InputError, match='no metric "speed"'):
        decide(spec, *planted(), SAME)


def test_what_the_data_gives_nothing_to_measure_on_is_named_and_not_asked_for() -> None:
    rails = (*SPEC.guardrails, Guardrail("intent_f1", 0.05))
    spec = msgspec.structs.replace(SPEC, guardrails=rails)
    decision = decide(spec, *planted(better=0.1), SAME)
    assert decision.promote
    assert decision.reason.endswith(
        "all 1 guardrails hold. Not measured, so not asked for: intent_f1."
    )
    refused = decide(spec, *planted(better=-0.1), SAME)
    assert refused.reason.endswith("Not measured, so not asked for: intent_f1.")


def test_the_untuned_base_is_no_candidate() -> None:
    candidate, current = planted()
    with pytest.raises(InputError, match="no candidate"):
        decide(SPEC, Contender(None, candidate.report), current, SAME)


def test_a_handful_of_conversations_proves_nothing() -> None:
    world = GateWorld(items=9, gains={"safe": 0.2, "better": 0.2, "faster": 0.2})
    candidate, current = planted_reports(world, np.random.default_rng(1))
    decision = decide(SPEC, Contender("c", candidate), Contender(None, current), SAME)
    assert not decision.promote
    assert "test conversations prove nothing" in decision.reason


def test_a_against_a_is_promoted_in_at_most_alpha_of_the_runs() -> None:
    world = GateWorld(gains={"safe": 0.0, "better": 0.0, "faster": 0.0})
    assert gate_promotions(promotes, world, runs=200) <= 0.05


def test_promotion_at_the_margin_of_a_guardrail_is_rare() -> None:
    world = GateWorld(items=400, gains={"safe": -0.05, "better": 0.15, "faster": 0.0})
    found = gate_promotions(promotes, world, runs=400, seed=2)
    assert found <= 0.05 + 2 * 0.0109  # two standard errors of 400 runs


def test_a_real_improvement_is_usually_found() -> None:
    world = GateWorld(gains={"safe": 0.0, "better": 0.12, "faster": 0.0})
    assert gate_promotions(promotes, world, runs=100) >= 0.8
