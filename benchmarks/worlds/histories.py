"""Whole histories of turns on one frozen test split, with a planted truth for every release."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from northloop.core.artefacts import Guardrail, ItemResult, Parity, Report, Score
from northloop.stages.evaluation.gate import Before, Contender, GateSpec, decide
from northloop.statistics.bootstrap import Resampling

MARGIN = 0.05
_SAME = Parity(n=50, top1_agreement=1.0, mean_logprob_gap=0.0, passed=True)
Floats = NDArray[np.float64]


class HistoryWorld(msgspec.Struct, frozen=True, kw_only=True):
    """What each turn's candidate is worth beside what is live; the first release is right in .6 and
    answers .7."""

    right: float
    """True gain in right answers."""
    answered: float = 0.0
    success: str = "right"
    """The metric that must be proven better."""
    items: int = 80
    turns: int = 26
    draws: int = 2_000


class Rules(msgspec.Struct, frozen=True, kw_only=True):
    """Which of the gate's rules for many turns hold; without them each decides as if alone."""

    shared: bool = True
    """All decisions share one alpha."""
    best: bool = True
    """Guardrails hold beside the best release so far, too."""


class Histories(msgspec.Struct, frozen=True, kw_only=True):
    """What became of them: shares."""

    fell: float
    """…in which a release went live that is right less often than one before it by more than the
    margin."""
    promoted: float
    """…in which any went live."""


def played(world: HistoryWorld, rules: Rules, runs: int, seed: int = 1) -> Histories:
    """Play histories through the gate, promoting whatever it passes."""
    rng = np.random.default_rng(seed)
    ends = [_history(world, rules, rng) for _ in range(runs)]
    fell, promoted = np.mean(ends, axis=0)
    return Histories(fell=float(fell), promoted=float(promoted))


class _Release(msgspec.Struct, frozen=True):
    right: float
    answered: float
    contender: Contender
    standing: float
    """What decisions found it to be worth beside the first."""


def _history(world: HistoryWorld, rules: Rules, rng: np.random.Generator) -> tuple[bool, bool]:
    ease = np.sqrt(0.9) * rng.normal(0, 1, (2, world.items))
    line = [_made("0", (0.6, 0.7), ease, rng)]
    seed = int(rng.integers(1 << 30))
    fell = False
    for turn in range(1, world.turns + 1):
        live = line[-1]
        truth = min(0.99, live.right + world.right), min(0.99, live.answered + world.answered)
        made = _made(str(turn), truth, ease, rng)
        best = max(line, key=lambda r: r.standing)
        decision = decide(
            GateSpec(
                guardrails=(Guardrail("right", MARGIN),),
                success=(world.success,),
                resampling=Resampling(draws=world.draws, seed=seed + turn),
            ),
            made.contender,
            live.contender,
            _SAME,
            Before(
                look=turn if rules.shared else 1,
                best=best.contender if rules.best and best is not live else None,
            ),
        )
        if decision.promote:
            gained = next(c.difference for c in decision.comparisons if c.metric == "right")
            fell |= made.right < max(r.right for r in line) - MARGIN - 1e-9
            line.append(msgspec.structs.replace(made, standing=live.standing + gained))
    return fell, len(line) > 1


def _made(
    name: str, truth: tuple[float, float], ease: Floats, rng: np.random.Generator
) -> _Release:
    """Return a release and its report; what makes a question hard is the same for all."""
    luck = np.sqrt(0.1) * rng.normal(0, 1, ease.shape)
    right, answered = ndtri(np.array(truth))[:, None] > ease + luck
    report = Report(
        dataset="planted",
        model=name,
        scores=(_score("right", right), _score("answered", answered)),
        results=tuple(
            ItemResult(f"item {i}", f"conversation {i}", "", "", "", "", "")
            for i in range(ease.shape[1])
        ),
    )
    return _Release(*truth, Contender(name, report), 0.0)


def _score(metric: str, values: Sequence[bool] | NDArray[np.bool_]) -> Score:
    items = tuple(map(float, values))
    return Score(
        metric=metric,
        value=float(np.mean(items)),
        low=0.0,
        high=1.0,
        n=len(items),
        higher_is_better=True,
        items=items,
    )
