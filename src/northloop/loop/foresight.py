"""How large a gain the test questions of the next turn can find, said before it begins."""

from __future__ import annotations

from contextlib import suppress
from math import ceil, log2, sqrt
from statistics import NormalDist

import msgspec

from northloop.core.artefacts import Artefact, DataCard, Decision, Kind, Report
from northloop.core.conversation import Split
from northloop.core.errors import NotFound
from northloop.loop.bundles import read_one
from northloop.loop.steps import MeasureSpec
from northloop.ports.stores import Artefacts
from northloop.stages.evaluation.gate import FOR_PAIRS, SUCCESS, GateSpec
from northloop.statistics.spending import share

POWER = 0.8
GAIN = 0.05
"""What the gate's margins are about."""
_ASSUMED = sqrt(0.2)
"""Of the difference on a question, before any decision: on a fifth of them one alone is right."""


class Foresight(msgspec.Struct, frozen=True, kw_only=True):
    """What the next turn's test questions can tell."""

    questions: int
    look: int
    """So manieth decision on them it is."""
    found: float
    """A gain of so large a share of right answers is found with probability POWER."""
    wanted: int
    """So many questions find a gain of GAIN."""
    assumed: bool
    """There is no decision yet to tell how much two releases differ."""

    @property
    def words(self) -> str:
        """Return it in a sentence or two."""
        if self.found >= 1:
            can = "which is too few to find any gain"
        else:
            can = f"which finds {100 * self.found:.0f} points more right answers"
            can += " in four turns of five"
        said = f"The next turn asks {self.questions} test questions, {can}"
        if self.look > 1:
            said += f", as decision number {self.look} on them"
        more = f"; {100 * GAIN:.0f} points take about {self.wanted:,}"
        said += f"{more if self.wanted > self.questions else ''}."
        if self.assumed:
            said += " That is if one alone is right on a fifth of them, as before any decision."
        return said


def foresee(artefacts: Artefacts, gate: GateSpec, measure: MeasureSpec) -> Foresight | None:
    """Return what the next turn can tell by the newest dataset; None before there is one.

    The spread of the difference on a question is that of the last decision between two releases;
    the normal approximation.
    """
    datasets = artefacts.list(Kind.DATASET)
    if not datasets:
        return None
    card = read_one(artefacts, datasets[0].hash, "card.json", DataCard)
    decisions = artefacts.list(Kind.DECISION)
    questions = min(_most_asked(artefacts, decisions, measure), card.splits.get(Split.TEST, 0))
    if not questions:
        return None
    read = (_read(artefacts, one) for one in decisions)
    look = 1 + next((decision.look for decision in read if not decision.alike), 0)
    return foreseen(gate, questions, look, _spread(artefacts, decisions, gate))


def _most_asked(artefacts: Artefacts, decisions: list[Artefact], measure: MeasureSpec) -> int:
    """Return how many questions a turn asks at most: as many as the last one did, by whether a
    model had to answer them."""
    reports = (parent for decision in decisions for parent in decision.manifest.parents[:1])
    for report in reports:
        with suppress(NotFound):  # it may have been removed meanwhile
            asked = len(read_one(artefacts, report, "report.json", Report).results)
            return max(measure.test_items, measure.quick_items if asked > measure.test_items else 0)
    return measure.test_items


def foreseen(gate: GateSpec, questions: int, look: int, spread: float | None) -> Foresight:
    """Return what so many test questions can tell, at so manieth a decision on them.

    `spread` is the standard deviation of the difference on a question; None where nothing is known.
    """
    each = _ASSUMED if spread is None else spread
    bar = each * (_bar(gate, look) + NormalDist().inv_cdf(POWER))
    # However alike the two are: so many questions have to be won, and none lost (a sign test).
    fewest = -log2(_alpha(gate, look))
    return Foresight(
        questions=questions,
        look=look,
        found=max(bar / sqrt(questions), fewest / questions),
        wanted=ceil(max((bar / GAIN) ** 2, fewest / GAIN)),
        assumed=spread is None,
    )


def _bar(gate: GateSpec, look: int) -> float:
    """How many standard errors a gain has to be above nothing."""
    return NormalDist().inv_cdf(1 - _alpha(gate, look))


def _alpha(gate: GateSpec, look: int) -> float:
    each = gate.alpha * share(look) / max(1, len(gate.success))
    return each * (FOR_PAIRS if gate.pairs else 1.0)


def _spread(artefacts: Artefacts, decisions: list[Artefact], gate: GateSpec) -> float | None:
    """The standard deviation of the difference on a question, by the last decision that has one."""
    for one in decisions:
        decision = _read(artefacts, one)
        found = [c for c in decision.comparisons if c.role == SUCCESS and c.metric == "right"]
        if found and found[0].low < found[0].difference:
            with suppress(NotFound):  # it may have been removed meanwhile
                report = read_one(artefacts, one.manifest.parents[0], "report.json", Report)
                error = (found[0].difference - found[0].low) / _bar(gate, decision.look)
                return error * sqrt(len(report.results))
    return None


def _read(artefacts: Artefacts, decision: Artefact) -> Decision:
    return read_one(artefacts, decision.hash, "decision.json", Decision)
