"""What people's choices come to, and how often a whole turn errs."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
import numpy as np
import pytest
from worlds.judged_turns import TurnWorld, turns_ended

from northloop.core.artefacts import Comparison, Decision
from northloop.core.decoding import decoded
from northloop.core.ids import canonical
from northloop.core.interaction import SkipReason
from northloop.core.side_by_side import PairChoice, SideBySide
from northloop.stages.evaluation import side_by_side
from northloop.stages.evaluation.side_by_side import (
    PairsOutcome,
    decided,
    difference,
    differences,
    ruling,
)

RIGHT, WRONG = "the candidate is right", "the live one is right"


def comparison(metric: str, role: str, margin: float = 0.0, *, passed: bool = False) -> Comparison:
    return Comparison(
        metric=metric,
        difference=0.05,
        low=-0.1,
        high=0.2,
        margin=margin,
        role=role,
        passed=passed,
    )


OPEN = Decision(
    candidate="c" * 64,
    current="a" * 64,
    promote=False,
    reason="Undecided: …",
    comparisons=(
        comparison("wrong", "guardrail", 0.05),
        comparison("fidelity", "guardrail", 0.1, passed=True),
        comparison("right", "success"),
    ),
    pairs=80,
    alpha=0.025,
)


def pair(number: int, better: str = "", **said: str) -> SideBySide:
    """A judged pair: the one that is `better` is right, or neither."""
    made = SideBySide(
        pair_id=f"pair {number}",
        proposal_id="turn",
        interaction_id=f"asked {number}",
        at="",
        question="",
        **{"candidate": "this", "current": "that", **said},
    )
    first = {"candidate": made.candidate_first, "current": not made.candidate_first}
    right = {True: PairChoice.FIRST, False: PairChoice.SECOND}
    chosen = right[first[better]] if better in first else PairChoice(better or "neither")
    return msgspec.structs.replace(made, choice=chosen)


def pairs(*better: str) -> list[SideBySide]:
    return [pair(number, one) for number, one in enumerate(better)]


def test_either_answer_comes_first_as_often() -> None:
    firsts = [pair(number).candidate_first for number in range(400)]
    assert 160 < sum(firsts) < 240
    made = pair(1)
    assert set(made.shown) == {"this", "that"}
    assert made.shown[0] == ("this" if made.candidate_first else "that")


@pytest.mark.parametrize("number", range(6))
def test_a_choice_tells_of_both_answers(number: int) -> None:
    better, worse = pair(number, "candidate"), pair(number, "current")
    assert [difference(m, better) for m in ("right", "wrong", "answered")] == [1, 1, 0]
    assert [difference(m, worse) for m in ("right", "wrong", "answered")] == [-1, -1, 0]
    for equal in ("both", "neither"):
        assert not any(difference(m, pair(number, equal)) for m in ("right", "wrong", "answered"))


@pytest.mark.parametrize("number", range(6))
def test_who_hands_over_is_neither_right_nor_wrong(number: int) -> None:
    held = pair(number, "neither", candidate="")
    assert [difference(m, held) for m in ("right", "wrong", "answered")] == [0, 1, -1]
    beaten = pair(number, "current", candidate="")
    assert [difference(m, beaten) for m in ("right", "wrong", "answered")] == [-1, 0, -1]
    # Whoever calls a hand-over right says nothing of it.
    assert difference("right", pair(number, "candidate", candidate="")) == 0


def test_what_both_say_alike_is_no_difference_and_nobody_is_asked() -> None:
    same = msgspec.structs.replace(pair(1, "candidate", current="This."), choice=None)
    assert same.alike
    assert same.settled
    assert difference("right", same) == 0
    found = ruling(OPEN, [same] * 40, most=100)
    assert (found.outcome, found.judged) == (PairsOutcome.OPEN, 0)


def test_a_better_release_is_found_better() -> None:
    seen = pairs(*["candidate"] * 14, "current", *["candidate"] * 25)
    ends = [ruling(OPEN, seen[:n], most=200) for n in range(1, len(seen) + 1)]
    first = next(n for n, found in enumerate(ends, 1) if found.outcome is PairsOutcome.BETTER)
    assert 10 < first < 35
    assert ends[first - 1].judged == first


def test_a_worse_one_is_found_out() -> None:
    found = ruling(OPEN, pairs(*["current"] * 30), most=200)
    assert found.outcome is PairsOutcome.NOT_BETTER


def test_every_open_guardrail_has_to_be_proven() -> None:
    """The candidate is right more often, and wrong more often too: it answers more."""
    bold = [pair(n, "candidate", current="") for n in range(40)]
    bold += [pair(n, "neither", current="") for n in range(40, 80)]
    found = ruling(OPEN, bold, most=200)
    assert found.outcome is not PairsOutcome.BETTER
    without = msgspec.structs.replace(OPEN, comparisons=OPEN.comparisons[1:])
    assert ruling(without, bold, most=200).outcome is PairsOutcome.BETTER


def test_people_are_not_asked_for_more_than_is_allowed() -> None:
    even = pairs(*["candidate", "current"] * 29)
    assert ruling(OPEN, even, most=58).outcome is PairsOutcome.NOT_BETTER
    open_ = ruling(OPEN, even, most=70)
    assert (open_.outcome, open_.judged) == (PairsOutcome.OPEN, 58)


def test_questions_are_not_gone_through_for_ever() -> None:
    same = [
        msgspec.structs.replace(pair(n, "candidate", current="This."), choice=None)
        for n in range(40)
    ]
    assert ruling(OPEN, same[:39], most=4).outcome is PairsOutcome.OPEN
    assert ruling(OPEN, same, most=4).outcome is PairsOutcome.NOT_BETTER


def test_what_cannot_well_be_proven_any_more_is_given_up() -> None:
    even = pairs(*["candidate", "current"] * 50)
    found = ruling(OPEN, even, most=160)
    assert (found.outcome, found.judged) == (PairsOutcome.NOT_BETTER, 100)


def test_the_decision_says_what_people_found() -> None:
    seen = pairs(*["candidate"] * 40)
    found = ruling(OPEN, seen, most=200)
    made = decided(OPEN, seen, found)
    assert made.promote
    assert (made.pairs, made.alpha) == (0, 0.0)
    by_metric = {c.metric: c for c in made.comparisons}
    assert by_metric["fidelity"] == OPEN.comparisons[1], "measured before, and kept"
    assert by_metric["right"].difference == 1.0
    assert 0 < by_metric["right"].low < by_metric["right"].high == 1.0
    assert by_metric["wrong"].difference == -1.0
    assert by_metric["wrong"].low == -1.0
    assert by_metric["wrong"].high < 0
    assert by_metric["right"].passed
    assert by_metric["wrong"].passed
    assert made.reason.startswith("Passed: people judged 40 pairs of answers side by side")
    assert "right +100 points, +66 to +100" in made.reason
    refused = decided(OPEN, pairs(*["current"] * 30), ruling(OPEN, pairs(*["current"] * 30), 200))
    assert not refused.promote
    assert refused.reason.startswith("Refused: people judged 30 pairs")


def test_a_metric_that_is_guarded_and_has_to_be_better_keeps_both_lines() -> None:
    both = msgspec.structs.replace(
        OPEN, comparisons=(comparison("right", "guardrail", 0.05), OPEN.comparisons[-1])
    )
    even = pairs(*["both"] * 300)
    found = ruling(both, even, most=299)
    assert found.outcome is PairsOutcome.NOT_BETTER
    rail, way = decided(both, even, found).comparisons
    assert (rail.role, rail.margin, rail.passed) == ("guardrail", 0.05, True)
    assert (way.role, way.margin, way.passed) == ("success", 0.0, False)


def test_where_nobody_may_be_asked_any_more_the_decision_still_reads() -> None:
    found = ruling(OPEN, [], most=0)
    assert found.outcome is PairsOutcome.NOT_BETTER
    made = decided(OPEN, [], found)
    assert made.comparisons == OPEN.comparisons
    assert decoded(canonical(made), Decision) == made


def skipped(number: int, **said: str) -> SideBySide:
    unknown = msgspec.structs.replace(pair(number, "neither", **said), choice=None)
    return msgspec.structs.replace(unknown, skip=SkipReason.CANNOT_TELL)


@pytest.mark.parametrize(
    ("said", "right", "wrong", "answered"),
    [
        ({}, (-1, 1), (-1, 1), (0, 0)),
        ({"candidate": ""}, (-1, 0), (0, 1), (-1, -1)),
        ({"current": ""}, (0, 1), (-1, 0), (1, 1)),
    ],
)
def test_of_what_was_passed_over_only_what_was_sent_is_known(
    said: dict[str, str], right: object, wrong: object, answered: object
) -> None:
    missing = skipped(1, **said)
    found = [differences(m, missing) for m in ("right", "wrong", "answered")]
    assert found == [right, wrong, answered]
    assert differences("right", pair(1, "candidate")) == (1, 1)


def test_what_is_passed_over_proves_nothing_for_either() -> None:
    missing = [skipped(number) for number in range(40)]
    found = ruling(OPEN, missing, most=200)
    assert (found.outcome, found.judged, found.skipped) == (PairsOutcome.OPEN, 0, 40)
    better, worse = pairs(*["candidate"] * 28), pairs(*["current"] * 28)
    for seen, outcome in ((better, PairsOutcome.BETTER), (worse, PairsOutcome.NOT_BETTER)):
        assert ruling(OPEN, seen, most=200).outcome is outcome
        mixed = [one for both in zip(seen, missing[:28], strict=True) for one in both]
        assert ruling(OPEN, mixed, most=200).outcome is PairsOutcome.OPEN
        few = [*seen[:20], missing[0], *seen[20:]]
        assert ruling(OPEN, few, most=200).outcome is outcome, "one skip is no veto"


def test_the_decision_says_how_many_were_passed_over() -> None:
    seen = [*pairs(*["candidate"] * 40), skipped(40)]
    made = decided(OPEN, seen, ruling(OPEN, seen, most=200))
    assert made.promote
    assert "1 they passed over, which count as the worst" in made.reason
    by_metric = {c.metric: c for c in made.comparisons}
    alone = decided(OPEN, seen[:40], ruling(OPEN, seen[:40], most=200)).comparisons
    assert by_metric["right"].difference == pytest.approx(40 / 41)
    assert by_metric["right"].low < next(c.low for c in alone if c.metric == "right")


def test_what_is_asked_for_counts_what_was_passed_over() -> None:
    seen = [*pairs(*["candidate", "current"] * 20), *map(skipped, range(40, 50))]
    assert ruling(OPEN, seen, most=50).outcome is PairsOutcome.NOT_BETTER
    assert ruling(OPEN, seen, most=51).outcome is PairsOutcome.OPEN


# --- whole turns -------------------------------------------------------------------------------


def ended(runs: int, gained: float, lost: float) -> Sequence[float]:
    found = turns_ended(TurnWorld(items=60, most=150, gained=gained, lost=lost), runs)
    assert np.isclose(
        found.promoted + found.promoted_by_people + found.refused + found.refused_by_people, 1
    )
    return found.promoted, found.promoted_by_people, found.judged


def test_a_release_as_good_is_promoted_by_either_way_in_at_most_alpha_of_the_turns() -> None:
    by_questions, by_people, judged = ended(60, gained=0.12, lost=0.12)
    assert by_questions + by_people <= 0.05
    assert judged < 100, "people are not kept long where there is nothing to find"


def test_people_find_improvements_that_test_questions_do_not_prove() -> None:
    by_questions, by_people, judged = ended(16, gained=0.28, lost=0.1)
    assert by_people >= 0.15
    assert by_questions + by_people >= 0.6
    assert judged < 150


STEERED = TurnWorld(items=60, most=150, gained=0.25, lost=0.25, skips=0.5)
"""As good a release, and reviewers who pass over half of what the other one alone gets right."""


def test_who_passes_over_what_they_do_not_like_promotes_nothing() -> None:
    assert turns_ended(STEERED, 40).promoted_by_people <= 0.025


def test_taken_for_no_difference_skips_would_promote_it(monkeypatch: pytest.MonkeyPatch) -> None:
    def naive(metric: str, pair: SideBySide) -> tuple[int, int]:
        return (0, 0) if pair.skip else (difference(metric, pair),) * 2

    monkeypatch.setattr(side_by_side, "differences", naive)
    assert turns_ended(STEERED, 40).promoted_by_people > 0.1


def test_a_few_skips_hide_no_improvement() -> None:
    world = TurnWorld(items=60, most=150, gained=0.28, lost=0.1, skips=0.1)
    found = turns_ended(world, 16)
    assert found.promoted + found.promoted_by_people >= 0.5
