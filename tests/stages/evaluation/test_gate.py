from __future__ import annotations

import msgspec
import numpy as np
import pytest
from worlds.histories import HistoryWorld, Rules, played
from worlds.simulations import (
    BarWorld,
    GateWorld,
    bar_refusals,
    gate_promotions,
    planted_reports,
)

from northloop.core.artefacts import (
    Contestant,
    Decision,
    Guardrail,
    ItemResult,
    LossRow,
    Parity,
    Replay,
    Report,
    Score,
)
from northloop.core.errors import InputError
from northloop.core.treatment import Simple
from northloop.stages.evaluation.gate import (
    DEFAULT_GUARDRAILS,
    DEFAULT_SUCCESS,
    Before,
    Contender,
    GateSpec,
    decide,
)
from northloop.statistics.bootstrap import Resampling

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
    assert decision.reason.startswith("Passed: proven better on better +0.")
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


def test_what_says_the_same_to_every_question_is_refused_without_a_look() -> None:
    candidate, _ = planted()
    decision = decide(SPEC, candidate, Contender("a" * 64, candidate.report), SAME)
    assert (decision.promote, decision.alike) == (False, True)
    assert decision.comparisons[0].passed
    assert decision.reason.startswith("Refused: to every test question it says what is live")


def test_what_is_no_better_is_refused_for_want_of_proof_alone() -> None:
    decision = decide(SPEC, *planted(), SAME)
    assert (decision.promote, decision.alike) == (False, False)
    assert decision.comparisons[0].passed
    assert decision.reason.startswith("Refused: no success metric is proven better")


def shares(right: float, wrong: float, count: int = 100, model: str = "a" * 64) -> Report:
    """A report in which such shares of the questions are sent right and wrong answers."""
    values = {
        "right": [float(n < right * count) for n in range(count)],
        "wrong": [float(right * count <= n < (right + wrong) * count) for n in range(count)],
    }
    results = tuple(
        ItemResult(
            example_id=f"q{n}",
            group=f"q{n}",
            question=f"{n}?",
            reference="r",
            answer=f"{model} {n}",
            intent="",
            predicted_intent="",
        )
        for n in range(count)
    )  # fmt: skip
    scores = tuple(
        Score(metric=name, value=float(np.mean(items)), low=0.0, high=1.0, n=count,
              higher_is_better=name == "right", items=tuple(items))
        for name, items in values.items()
    )  # fmt: skip
    return Report(dataset="d" * 64, model=model, scores=scores, results=results)


BASE = shares(0.02, 0.18, model="base")
BY_DEFAULT = GateSpec(guardrails=DEFAULT_GUARDRAILS, success=DEFAULT_SUCCESS)


def begins(candidate: Report, *, drafts: bool = False, base: Report = BASE) -> Decision:
    before = Before(first=True, drafts=drafts)
    return decide(
        BY_DEFAULT, Contender("c" * 64, candidate), Contender("b" * 64, base), SAME, before
    )


def test_a_first_release_begins_where_right_answers_outnumber_wrong_ones() -> None:
    found = begins(shares(0.5, 0.25))
    assert found.promote, "more is wrong than with a base that says nothing"
    assert found.reason.startswith("Passed: its right answers outnumber its wrong ones, surplus +0")
    assert [(c.metric, c.role, c.passed) for c in found.comparisons][:2] == [
        ("surplus", "success", True),
        ("right", "guardrail", True),
    ]
    refused = begins(shares(0.4, 0.35))
    assert not refused.promote
    assert "not shown to outnumber wrong ones (surplus +0.05" in refused.reason
    assert 'serving.mode = "certified"' in refused.reason


def test_a_first_release_is_not_worse_than_the_base() -> None:
    able = shares(0.8, 0.1, model="base")
    found = begins(shares(0.5, 0.2), base=able)
    assert not found.promote
    assert "right is worse than with the untuned base" in found.reason


def test_a_first_release_begins_with_drafts_whatever_it_says() -> None:
    found = begins(shares(0.0, 0.9), drafts=True)
    assert found.promote
    assert found.reason.startswith("Begins: nothing it says goes out before")
    unlike = decide(
        BY_DEFAULT, Contender("c", shares(0.5, 0.1)), Contender("b", BASE), None,
        Before(first=True, drafts=True),
    )  # fmt: skip
    assert not unlike.promote, "what is served has to be what was trained"


def test_a_first_release_with_as_many_wrong_answers_begins_at_most_alpha_of_the_time() -> None:
    draws = np.random.default_rng(7)
    passed = 0
    for _ in range(200):
        state = draws.choice(3, size=60, p=[0.35, 0.35, 0.3])
        report = shares(0.0, 0.0, 60)
        items = {"right": state == 0, "wrong": state == 1}
        scores = tuple(
            msgspec.structs.replace(score, items=tuple(items[score.metric].astype(float).tolist()))
            for score in report.scores
        )
        drawn = msgspec.structs.replace(report, scores=scores)
        passed += begins(drawn, base=shares(0, 0, 60)).promote
    assert passed <= 18  # of 200 at .05: 10 expected


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


def test_what_cannot_be_compared_is_named_and_not_asked_for() -> None:
    rails = (*SPEC.guardrails, Guardrail("fidelity", 0.05))
    spec = msgspec.structs.replace(SPEC, guardrails=rails)
    candidate, current = planted(better=0.1)
    decision = decide(spec, candidate, current, SAME)
    assert decision.promote
    assert decision.reason.endswith(
        "the guardrail holds. Not to be compared, so not asked for: fidelity."
    )
    # One of them states numbers, the other none at all: the turn must not end in an error.
    states = with_scores(current.report, fidelity=(1.0,) * 400)
    assert decide(spec, candidate, Contender("a", states), SAME).promote
    refused = decide(spec, *planted(better=-0.1), SAME)
    assert refused.reason.endswith("Not to be compared, so not asked for: fidelity.")


def with_scores(report: Report, **items: tuple[float, ...]) -> Report:
    """Return a report with further scores of these values."""
    made = tuple(
        Score(
            metric=metric,
            value=float(np.mean(values)),
            low=0.0,
            high=1.0,
            n=len(values),
            higher_is_better=metric not in ("wrong", "handed_off", "bits_per_byte", "perplexity"),
            items=values,
        )
        for metric, values in items.items()
    )
    kept = tuple(score for score in report.scores if score.metric not in items)
    return msgspec.structs.replace(report, scores=(*kept, *made))


def received(right: float, wrong: float, bits: float, model: str, seed: int = 1) -> Report:
    """Return a report of 150 questions, of which so many are answered right, wrong, or not."""
    _, current = planted_reports(GateWorld(items=150, gains={}), np.random.default_rng(1))
    order = np.random.default_rng(seed).permutation(150)
    rights, wrongs = order < round(150 * right), order >= 150 - round(150 * wrong)
    noise = np.random.default_rng(seed + 1).normal(0, 0.02, 150)
    found = with_scores(
        current,
        right=tuple(rights.astype(float)),
        wrong=tuple(wrongs.astype(float)),
        answered=tuple((rights | wrongs).astype(float)),
        bits_per_byte=tuple(bits + noise),
    )
    return msgspec.structs.replace(found, model=model)


STAR_BEFORE = received(0.37, 0.30, 0.55, "adapter before")
STAR_LIKELIER = received(0.17, 0.45, 0.50, "adapter after", seed=2)
"""On STAR a release with less than half the right actions was likelier to say the agents' words."""
OLD = GateSpec(
    guardrails=(Guardrail("intent_f1", 0.05),),
    success=("bits_per_byte",),
    resampling=Resampling(draws=1_000),
)
NOW = GateSpec(
    guardrails=DEFAULT_GUARDRAILS, success=DEFAULT_SUCCESS, resampling=Resampling(draws=1_000)
)


@pytest.mark.parametrize("spec", [NOW, OLD], ids=["the defaults", "settings of before"])
def test_a_likelier_release_with_fewer_right_answers_is_refused(spec: GateSpec) -> None:
    decision = decide(spec, Contender("c", STAR_LIKELIER), Contender("a", STAR_BEFORE), SAME)
    assert not decision.promote
    assert "right may be worse than the margin of 0.05" in decision.reason
    assert "wrong may be worse" in decision.reason
    shown = {c.metric: c for c in decision.comparisons if c.role == "diagnostic"}
    assert shown["bits_per_byte"].high < 0, "it is likelier beyond doubt"
    assert not any(c.passed for c in shown.values())
    back = decide(spec, Contender("c", STAR_BEFORE), Contender("a", STAR_LIKELIER), SAME)
    assert back.promote
    assert "bits_per_byte" not in back.reason.partition("guardrails hold")[0]


def test_settings_that_name_a_diagnostic_are_said_to_ask_for_something_else() -> None:
    said = decide(OLD, Contender("c", STAR_BEFORE), Contender("a", STAR_LIKELIER), SAME).reason
    assert "name bits_per_byte, intent_f1, which no customer receives" in said
    assert "In force: success right; guardrails right ± 0.05, wrong ± 0.05." in said
    assert NOW.in_force() == NOW
    mixed = GateSpec(guardrails=(Guardrail("right", 0.02),), success=("perplexity", "rouge_l"))
    assert mixed.in_force().success == ("rouge_l",)
    assert mixed.in_force().guardrails == (Guardrail("right", 0.02), Guardrail("wrong", 0.05))


def test_hand_offs_are_held_against_a_tuned_release_and_not_against_the_base() -> None:
    shy = received(0.37, 0.0, 0.5, "shy")
    bold = received(0.17, 0.80, 0.5, "bold")
    base = msgspec.structs.replace(bold, model="base")
    beside_tuned = decide(NOW, Contender("c", shy), Contender("a", bold), SAME)
    assert "answered may be worse" in beside_tuned.reason
    beside_base = decide(NOW, Contender("c", shy), Contender("a", base), SAME)
    assert beside_base.promote
    assert "Not to be compared, so not asked for: answered" in beside_base.reason


def test_handing_everything_off_is_no_improvement() -> None:
    silent = received(0.0, 0.0, 0.4, "silent")
    base = received(0.03, 0.97, 0.6, "base")
    assert not decide(NOW, Contender("c", silent), Contender("a", base), SAME).promote


def test_what_did_not_happen_on_few_questions_may_happen_all_the_same() -> None:
    """Of 26 conversations none got worse; in 5 of 100 such tests one in nine would."""
    world = GateWorld(items=40, gains={"right": 0.0})
    report, _ = planted_reports(world, np.random.default_rng(3))
    same = with_scores(report, wrong=(0.0,) * 40)
    rail = GateSpec(guardrails=(Guardrail("wrong", 0.05),), success=("right",))
    few = decide(rail, Contender("c", same), Contender("a", same), SAME).comparisons[0]
    assert (few.difference, few.low) == (0.0, 0.0)
    assert few.high > 0.05
    assert not few.passed
    better = with_scores(report, wrong=(0.0,) * 30 + (1.0,) * 10)
    proven = decide(rail, Contender("c", same), Contender("a", better), SAME).comparisons[0]
    assert proven.high < 0, "what is proven better is not taken for worse"
    assert proven.passed


def test_likelihood_is_compared_on_the_rows_it_was_measured_on() -> None:
    rows = tuple(LossRow(f"row {i}", f"c{i // 2}") for i in range(500))
    values = np.random.default_rng(1).normal(1, 0.1, 500)
    first, second = (
        msgspec.structs.replace(
            with_scores(report, bits_per_byte=tuple(values - gain)), loss_rows=rows
        )
        for report, gain in ((STAR_LIKELIER, 0.1), (STAR_BEFORE, 0.0))
    )
    decision = decide(NOW, Contender("c", first), Contender("a", second), SAME)
    [shown] = [c for c in decision.comparisons if c.metric == "bits_per_byte"]
    assert shown.difference == pytest.approx(-0.1)
    older = msgspec.structs.replace(second, loss_rows=rows[:-1])
    decision = decide(NOW, Contender("c", first), Contender("a", older), SAME)
    assert "bits_per_byte" not in {c.metric for c in decision.comparisons}


@pytest.mark.parametrize("loss", [-0.05, -0.02, 0.0])
def test_worse_answers_with_a_better_likelihood_are_let_through_at_most_alpha_of_the_time(
    loss: float,
) -> None:
    """At the margin, at 2 points fewer right answers, and at as many, whatever is asked for."""

    def passes(candidate: Report, current: Report) -> bool:
        seed = int(1e6 * sum(score.value for score in candidate.scores))
        spec = msgspec.structs.replace(
            OLD,
            guardrails=(Guardrail("right", 0.05), Guardrail("wrong", 0.05)),
            resampling=Resampling(draws=500, seed=seed),
        )
        return decide(spec, Contender("c", candidate), Contender("a", current), SAME).promote

    world = GateWorld(items=200, gains={"right": loss, "wrong": 0.0}, likelier=0.05)
    assert gate_promotions(passes, world, runs=200, seed=3) <= 0.05


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


# --- many turns -----------------------------------------------------------------------------------


def test_later_decisions_on_the_same_questions_ask_for_more() -> None:
    contenders = planted(better=0.06)
    widths = []
    for look in (1, 2, 5, 26):
        found = decide(SPEC, *contenders, SAME, Before(look=look))
        (better,) = (c for c in found.comparisons if c.metric == "better")
        widths.append(better.high - better.low)
        assert ("Decision number" in found.reason) is (look > 1)
    assert widths == sorted(widths)
    assert widths[-1] > 1.5 * widths[0]


def test_guardrails_hold_beside_the_best_release_too() -> None:
    candidate, current = planted(better=0.2)
    best = msgspec.structs.replace(
        current, release="b" * 64, report=with_scores(current.report, safe=(1.0,) * 400)
    )
    assert decide(SPEC, candidate, current, SAME).promote
    found = decide(SPEC, candidate, current, SAME, Before(best=best, people=True))
    assert not found.promote
    assert found.pairs == 0, "people judge the candidate beside the current one alone"
    assert found.best == best.release
    assert (
        "safe may be worse than the margin of 0.05 allows beside the best release" in found.reason
    )
    assert [c.metric for c in found.comparisons if c.beside_best] == ["safe"]


def test_many_turns_on_one_split_promote_by_luck_no_oftener_than_one() -> None:
    world = HistoryWorld(right=0.0, items=60, turns=26, draws=600)
    alone = played(world, Rules(shared=False, best=False), runs=60)
    together = played(world, Rules(), runs=60)
    assert alone.promoted > 0.12
    assert together.promoted <= 0.05 + 2 * 0.028  # two standard errors of 60 runs


def test_losses_within_the_margin_do_not_add_up() -> None:
    """Each candidate answers more, which is what is asked for, and is right a little less often."""
    world = HistoryWorld(right=-0.02, answered=0.06, success="answered", items=800, turns=5)
    world = msgspec.structs.replace(world, draws=500)
    assert played(world, Rules(shared=False, best=False), runs=20).fell > 0.5
    assert played(world, Rules(shared=False), runs=20).fell <= 0.05


# --- what people decide ------------------------------------------------------------------------

ASKING = Before(people=True)
ASKED = GateSpec(
    guardrails=(Guardrail("right", 0.05), Guardrail("wrong", 0.05)),
    success=("right",),
    resampling=Resampling(draws=1_000),
    pairs=400,
)


def both(gained: float, lost: float, items: int = 60) -> tuple[Contender, Contender]:
    """Two releases that answer everything; so much does only one of them get right."""
    cuts = np.round(np.array([gained, gained + lost]) * items)
    shares = np.arange(items)
    only_ours, only_theirs = shares < cuts[0], (shares >= cuts[0]) & (shares < cuts[1])
    found = []
    for name, right in (("c", ~only_theirs), ("a", ~only_ours)):
        values = tuple(right.astype(float))
        wrong = tuple(1 - right.astype(float))
        report = with_scores(planted()[0].report, right=values, wrong=wrong, safe=values)
        results = tuple(
            msgspec.structs.replace(row, group=f"conversation {n}", answer=f"{name} {n}")
            for n, row in enumerate(report.results[:items])
        )
        scores = tuple(score for score in report.scores if len(score.items) == items)
        changed = msgspec.structs.replace(report, results=results, scores=scores)
        found.append(Contender(name * 64, changed))
    return found[0], found[1]


def test_what_test_questions_leave_open_people_decide() -> None:
    decision = decide(ASKED, *both(0.2, 0.1), SAME, ASKING)
    assert not decision.promote
    assert 50 < decision.pairs <= 400
    assert decision.alpha == pytest.approx(0.02), "half of what a first look may spend"
    assert decision.reason.startswith("Undecided: ")
    assert f"about {decision.pairs} pairs" in decision.reason


def test_both_together_err_no_oftener_than_the_gate_alone() -> None:
    contenders = both(0.2, 0.1)
    alone = decide(ASKED, *contenders, SAME)
    asked = decide(ASKED, *contenders, SAME, ASKING)
    nobody = decide(msgspec.structs.replace(ASKED, pairs=0), *contenders, SAME, ASKING)
    assert alone == nobody
    assert alone.pairs == 0
    wider = [
        (a.low >= b.low and a.high <= b.high)
        for a, b in zip(alone.comparisons, asked.comparisons, strict=True)
        if a.role != "diagnostic"
    ]
    assert all(wider)


@pytest.mark.parametrize(
    ("gained", "lost", "why"),
    [
        (0.05, 0.3, "proven worse"),
        (0.1, 0.1, "as good, so that too many pairs would be needed"),
    ],
)
def test_people_are_not_asked_where_it_leads_nowhere(gained: float, lost: float, why: str) -> None:
    decision = decide(msgspec.structs.replace(ASKED, pairs=40), *both(gained, lost), SAME, ASKING)
    assert not decision.promote, why
    assert decision.pairs == 0
    assert decision.reason.startswith("Refused: ")


def test_people_cannot_judge_what_they_do_not_see() -> None:
    pair = both(0.2, 0.1)
    other = msgspec.structs.replace(ASKED, guardrails=(Guardrail("safe", 0.001),))
    assert decide(other, *pair, SAME, ASKING).pairs == 0
    assert decide(ASKED, *pair, None, ASKING).pairs == 0, "parity has to hold"
    few = both(0.2, 0.1, items=9)
    assert decide(ASKED, *few, SAME, ASKING).pairs == 0


def test_where_answers_are_alike_fewer_have_to_be_judged() -> None:
    ours, theirs = both(0.2, 0.1)
    same = tuple(
        msgspec.structs.replace(row, answer="the same") if n >= 30 else row
        for n, row in enumerate(ours.report.results)
    )
    alike = [
        Contender(
            c.release,
            msgspec.structs.replace(c.report, results=(*c.report.results[:30], *same[30:])),
        )
        for c in (ours, theirs)
    ]
    wanted = decide(ASKED, ours, theirs, SAME, ASKING).pairs
    assert decide(ASKED, *alike, SAME, ASKING).pairs == pytest.approx(wanted / 2, abs=1)


# --- bars ----------------------------------------------------------------------------------------


def turn(
    candidate: Report,
    current: Report,
    before: Before = Before(),  # noqa: B008
) -> Decision:
    """Return the decision about what goes out alone."""
    both = Contender("c" * 64, candidate), Contender("b" * 64, current)
    return decide(SENT, *both, SAME, before)


SENT = msgspec.structs.replace(BY_DEFAULT, guardrails=DEFAULT_GUARDRAILS[:2])


def with_items(report: Report, right: list[float], wrong: list[float]) -> Report:
    items = {"right": right, "wrong": wrong}
    scores = tuple(
        msgspec.structs.replace(score, items=tuple(items[score.metric])) for score in report.scores
    )
    return msgspec.structs.replace(report, scores=scores)


def apart(right: float, wrong: float, count: int = 200) -> Report:
    """Return a report that is right on the first of the questions, and wrong on the last."""
    first = [float(n < right * count) for n in range(count)]
    last = [float(n >= (1 - wrong) * count) for n in range(count)]
    return with_items(shares(right, wrong, count), first, last)


def way(name: str, right: float, wrong: float, count: int = 200) -> Contestant:
    alone = {score.metric: score for score in apart(right, wrong, count).scores}
    return Contestant(
        name=name,
        served=False,
        sent_right=alone["right"],
        sent_wrong=alone["wrong"],
        right=alone["right"],
    )


def beside(report: Report, *ways: Contestant) -> Report:
    return msgspec.structs.replace(report, contestants=ways)


def test_what_a_simple_way_outdoes_is_refused_and_not_laid_before_people() -> None:
    better, live_ = apart(0.4, 0.1), apart(0.2, 0.1)
    simple = [way(name, 0.3, 0.7) for name in Simple]
    found = turn(beside(better, *simple), live_, Before(people=True))
    assert found.promote
    bars = [c for c in found.comparisons if c.beside]
    assert [(c.beside, c.metric, c.passed) for c in bars] == [(n, "surplus", True) for n in Simple]
    assert "all 2 guardrails hold" in found.reason
    nearest = way(Simple.NEAREST, 0.9, 0.1)
    refused = turn(beside(better, nearest), live_, Before(people=True))
    assert (refused.promote, refused.pairs) == (False, 0)
    assert "a simple way does better by itself, nearest reply" in refused.reason
    assert not turn(beside(better, nearest), live_).promote


def test_a_treatment_that_does_better_alone_is_no_bar() -> None:
    better, live_ = apart(0.4, 0.1), apart(0.2, 0.1)
    found = turn(beside(better, way("memory", 0.9, 0.1)), live_)
    assert found.promote and not any(c.beside for c in found.comparisons)


def test_a_first_release_is_held_to_the_simple_ways_unless_it_begins_with_drafts() -> None:
    made = beside(shares(0.5, 0.25), way(Simple.NEAREST, 0.95, 0.05, 100))
    assert "a simple way does better" in begins(made).reason
    drafts = begins(made, drafts=True)
    assert drafts.promote and "surplus +0.25" in drafts.reason


def test_a_simple_way_that_is_as_good_seldom_refuses_and_a_better_one_mostly_does() -> None:
    def outdone(candidate: Report) -> bool:
        spec = msgspec.structs.replace(SENT, resampling=Resampling(draws=500))
        found = decide(spec, Contender("c", candidate), Contender("b", candidate), SAME)
        return any(c.beside and not c.passed for c in found.comparisons)

    assert bar_refusals(outdone, BarWorld(items=100), 100) <= 0.1  # 5 expected
    assert bar_refusals(outdone, BarWorld(items=100, right=0.15), 100) >= 0.8


@pytest.mark.parametrize(
    ("replay", "promoted"),
    [
        (Replay(), True),
        (Replay(asked=20, right=15), True),
        (Replay(asked=20, right=8), True),  # 12 of 20 may be half of them
        (Replay(asked=40, right=8), False),
        (Replay(asked=40, right=8, again=30), True),  # held back where it is served
        (Replay(asked=40, right=8, handed_off=30), True),
    ],
)
def test_what_was_taught_has_to_arrive(replay: Replay, promoted: bool) -> None:
    better, live_ = apart(0.4, 0.1), apart(0.2, 0.1)
    found = turn(better, live_, Before(people=True, replay=replay))
    assert found.promote is promoted
    assert found.replay == replay
    assert ("are answered otherwise than they said" in found.reason) is not promoted
    assert not found.pairs


def test_no_more_wrong_answers_than_are_tolerated() -> None:
    better, live_ = apart(0.4, 0.1), apart(0.2, 0.1)
    most = Before(sent_wrong=0.09, tolerated=0.05)
    refused = turn(better, live_, most)
    assert not refused.promote
    assert "of 5 % tolerated" in refused.reason and "people find 9 % and more" in refused.reason
    assert turn(better, live_, msgspec.structs.replace(most, tolerated=0.1)).promote
    assert turn(better, live_, msgspec.structs.replace(most, drafts=True)).promote
    fewer = apart(0.4, 0.02)
    assert turn(fewer, live_, most).promote, "what is live sends more wrong answers"


# --- what is asked for ---------------------------------------------------------------------------


def with_fidelity(report: Report, *, served: bool) -> Report:
    score = msgspec.structs.replace(report.score("right"), metric="fidelity", items=(1.0,) * 200)
    model = msgspec.structs.replace(way("generated", 0.5, 0.1), served=served)
    return msgspec.structs.replace(report, scores=(*report.scores, score), contestants=(model,))


def test_numbers_that_nobody_makes_up_are_not_asked_for() -> None:
    """Of none that is made up in 200 questions nobody can say that 1 in 1,000 is not."""
    rails = (*SENT.guardrails, Guardrail("fidelity", 0.001))
    spec = msgspec.structs.replace(SENT, guardrails=rails)
    for ours, theirs, asked in ((False, False, False), (True, False, True), (False, True, True)):
        found = decide(
            spec,
            Contender("c" * 64, with_fidelity(apart(0.4, 0.1), served=ours)),
            Contender("b" * 64, with_fidelity(apart(0.2, 0.1), served=theirs)),
            SAME,
        )
        assert found.promote is not asked
        assert ("Not to be compared, so not asked for: fidelity" in found.reason) is not asked
