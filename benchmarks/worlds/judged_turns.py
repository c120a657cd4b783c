"""Whole turns with a planted truth: test questions first, then pairs that people judge."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
import numpy as np

from northloop.core.artefacts import Guardrail, ItemResult, Parity, Report
from northloop.core.interaction import SkipReason
from northloop.core.side_by_side import PairChoice, SideBySide
from northloop.stages.evaluation import gate, scorers
from northloop.stages.evaluation.gate import Contender, GateSpec
from northloop.stages.evaluation.side_by_side import PairsOutcome, ruling
from northloop.statistics.bootstrap import Resampling

_SAME = Parity(n=50, top1_agreement=1.0, mean_logprob_gap=0.0, passed=True)


class TurnWorld(msgspec.Struct, frozen=True, kw_only=True):
    """Two releases that answer every question; what one of them alone gets right is known."""

    gained: float
    """Share of the questions that the candidate alone answers right."""
    lost: float
    """Share that the current release alone answers right."""
    both: float = 0.4
    """Share that both answer right."""
    alike: float = 0.0
    """Of the questions on which they are equally good: the share to which both say the same."""
    items: int = 200
    """Test questions."""
    most: int = 500
    """Pairs that people may be asked to judge."""
    skips: float = 0.0
    """Of the pairs in which the current release alone is right, the share that they pass over: who
    does so wants the candidate."""


class TurnsEnded(msgspec.Struct, frozen=True, kw_only=True):
    """What became of the turns: shares that add up to 1 but for rounding."""

    promoted: float
    """By the test questions."""
    promoted_by_people: float
    refused: float
    refused_by_people: float
    judged: float
    """Median of the pairs in turns that people decided; nan without one."""
    announced: float
    """Median of the pairs that the gate had said it would take."""


def turns_ended(world: TurnWorld, runs: int, seed: int = 1) -> TurnsEnded:
    """Play turns to their end, looking at the evidence after every pair."""
    rng = np.random.default_rng(seed)
    ends: list[tuple[bool, bool]] = []
    judged: list[int] = []
    announced: list[int] = []
    for run in range(runs):
        spec = GateSpec(
            guardrails=(Guardrail("right", 0.05), Guardrail("wrong", 0.05)),
            success=("right",),
            resampling=Resampling(draws=400, seed=run),
            pairs=world.most,
        )
        reports = _reports(_drawn(world, world.items, rng))
        both = Contender("c" * 64, reports[0]), Contender("a" * 64, reports[1])
        decision = gate.decide(spec, *both, _SAME, gate.Before(people=True))
        if not decision.pairs:
            ends.append((decision.promote, False))
            continue
        announced.append(decision.pairs)
        pairs = _pairs(world, _drawn(world, 4 * world.most, rng), rng)
        outcome, count = PairsOutcome.OPEN, 0
        while outcome is PairsOutcome.OPEN and count < len(pairs):
            count += 1
            found = ruling(decision, pairs[:count], world.most)
            outcome = found.outcome
        judged.append(found.judged)
        ends.append((outcome is PairsOutcome.BETTER, True))

    def share(promoted: bool, by_people: bool) -> float:
        return ends.count((promoted, by_people)) / runs

    return TurnsEnded(
        promoted=share(True, False),
        promoted_by_people=share(True, True),
        refused=share(False, False),
        refused_by_people=share(False, True),
        judged=float(np.median(judged)) if judged else float("nan"),
        announced=float(np.median(announced)) if announced else float("nan"),
    )


def _drawn(world: TurnWorld, count: int, rng: np.random.Generator) -> list[PairChoice]:
    """Return which answer is right to each question; the first is the candidate's."""
    shares = [world.gained, world.lost, world.both]
    drawn = rng.choice(4, size=count, p=[*shares, 1 - sum(shares)])
    kinds = [PairChoice.FIRST, PairChoice.SECOND, PairChoice.BOTH, PairChoice.NEITHER]
    return [kinds[place] for place in drawn]


def _reports(drawn: Sequence[PairChoice]) -> tuple[Report, Report]:
    units = scorers.Units(cluster=np.arange(len(drawn)), resampling=Resampling(draws=2, seed=1))
    found = []
    for name, mine in (("candidate", PairChoice.FIRST), ("current", PairChoice.SECOND)):
        right = [choice in (mine, PairChoice.BOTH) for choice in drawn]
        results = tuple(
            ItemResult(f"item {i}", f"conversation {i}", "", "", f"{name} {i}", "", "")
            for i in range(len(drawn))
        )
        scores = scorers.received(right, [True] * len(drawn), units)
        found.append(Report(dataset="planted", model=name, scores=scores, results=results))
    return found[0], found[1]


def _pairs(
    world: TurnWorld, drawn: Sequence[PairChoice], rng: np.random.Generator
) -> list[SideBySide]:
    equal = (PairChoice.BOTH, PairChoice.NEITHER)
    found = []
    for place, right in enumerate(drawn):
        same = right in equal and rng.random() < world.alike
        pair = SideBySide(
            pair_id=f"pair {place}",
            proposal_id="turn",
            interaction_id=f"asked {place}",
            at="",
            question="",
            candidate="said" if same else "the candidate's",
            current="said" if same else "the current one's",
        )
        if not same:
            disliked = world.skips > 0 and right is PairChoice.SECOND and rng.random() < world.skips
            why = {"skip": SkipReason.OTHER} if disliked else {"choice": _as_shown(pair, right)}
            pair = msgspec.structs.replace(pair, **why)
        found.append(pair)
    return found


def _as_shown(pair: SideBySide, right: PairChoice) -> PairChoice:
    """Return a choice in the order in which a reviewer sees the answers."""
    if right in (PairChoice.BOTH, PairChoice.NEITHER) or pair.candidate_first:
        return right
    return PairChoice.SECOND if right is PairChoice.FIRST else PairChoice.FIRST
