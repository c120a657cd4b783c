"""What is said before a turn comes true: a gain so large is found in four turns of five."""

from __future__ import annotations

import shutil
from math import sqrt

import msgspec
import pytest
from worlds.judged_turns import TurnWorld, turns_ended

from loop.world import World
from northloop.core.artefacts import Comparison, Decision, Kind, Report
from northloop.core.ids import canonical
from northloop.loop.bundles import read_one
from northloop.loop.foresight import GAIN, foresee, foreseen
from northloop.loop.steps import MeasureSpec
from northloop.stages.evaluation.gate import DEFAULT_GUARDRAILS, DEFAULT_SUCCESS, GateSpec

GATE = GateSpec(guardrails=DEFAULT_GUARDRAILS, success=DEFAULT_SUCCESS)
UNLIKE = 0.28
"""Share of the questions that one of the two alone answers rightly."""


@pytest.mark.parametrize("items", [150, 300])
def test_a_gain_as_said_is_found_in_four_turns_of_five(items: int) -> None:
    said = foreseen(GATE, items, 1, sqrt(UNLIKE - 0.1**2))
    gained, lost = (UNLIKE + said.found) / 2, (UNLIKE - said.found) / 2
    ended = turns_ended(TurnWorld(gained=gained, lost=lost, items=items), runs=150)
    assert ended.promoted == pytest.approx(0.8, abs=0.1)  # 3 standard errors


def test_more_questions_find_less_and_later_decisions_more() -> None:
    first, more, later = (
        foreseen(GATE, n, look, None) for n, look in ((200, 1), (800, 1), (200, 3))
    )
    assert more.found == pytest.approx(first.found / 2)
    assert later.found > first.found
    assert foreseen(GATE, first.wanted, 1, None).found == pytest.approx(GAIN, abs=1e-4)
    assert "as before any decision" in first.words
    assert "as decision number 3 on them" in later.words
    assert f"5 points take about {first.wanted:,}" in first.words


def test_two_that_hardly_differ_need_some_questions_all_the_same() -> None:
    alike = foreseen(GATE, 90, 5, 0.05)
    assert alike.found > 0.12, "a dozen won and none lost"


def test_as_many_questions_are_foreseen_as_the_last_decision_was_on(turned: World) -> None:
    artefacts = turned.parts.artefacts
    judged = artefacts.list(Kind.DECISION)[0]
    asked = {
        few: foresee(artefacts, GATE, MeasureSpec(test_items=few, quick_items=24))
        for few in (10, 24, 40)
    }  # its report is on 24 questions, which are all there are
    assert {few: found.questions for few, found in asked.items() if found} == {
        10: 24, 24: 24, 40: 24
    }  # fmt: skip
    few = msgspec.structs.replace(turned.spec.measure, test_items=10)
    report = read_one(artefacts, judged.manifest.parents[0], "report.json", Report)
    short = msgspec.structs.replace(report, results=report.results[:10])
    made = artefacts.put(Kind.REPORT, {"report.json": canonical(short)}, meta={})
    decided = {
        "decision.json": canonical(read_one(artefacts, judged.hash, "decision.json", Decision))
    }
    artefacts.put(Kind.DECISION, decided, parents=[made.hash], meta=judged.manifest.meta)
    artefacts.put(Kind.DECISION, decided, parents=[], meta=judged.manifest.meta)
    found = foresee(artefacts, GATE, few)
    assert found is not None and found.questions == 10, "a model had to answer them"


def test_the_spread_is_that_of_the_last_decision_whose_report_is_there(turned: World) -> None:
    artefacts = turned.parts.artefacts
    judged = artefacts.list(Kind.DECISION)[0]
    decision = read_one(artefacts, judged.hash, "decision.json", Decision)
    right = Comparison(
        metric="right",
        difference=0.1,
        low=0.02,
        high=0.18,
        margin=0.0,
        role="success",
        passed=True,
    )
    planted = msgspec.structs.replace(decision, comparisons=(right,), look=2)
    report = judged.manifest.parents[0]
    files = {"decision.json": canonical(planted)}
    artefacts.put(Kind.DECISION, files, parents=[report], meta=judged.manifest.meta)
    found = foresee(artefacts, GATE, MeasureSpec())
    assert found is not None and (found.look, found.assumed) == (3, False)
    shutil.rmtree(artefacts.path(report, "report.json").parents[1])
    found = foresee(artefacts, GATE, MeasureSpec())
    assert found is not None and found.assumed, "a report may be removed"
