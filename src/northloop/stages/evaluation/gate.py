"""May the candidate go live? Guardrails first, then proof of an improvement.

The rule: not worse than the current release by the margin or more on any guardrail (each at alpha,
uncorrected: all must hold), better on at least one of S success metrics (each at alpha / S), and
served as it was trained (parity). Without a true improvement a candidate passes with probability of
at most alpha, and just at a margin too (Schultzberg et al. 2024, arXiv 2402.11609; simulated in
benchmarks/). It does not know what the metrics mean.
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from northloop.core.artefacts import Comparison, Decision, Guardrail, Parity, Report
from northloop.core.errors import InputError
from northloop.core.ids import Hash
from northloop.stages.evaluation.scorers import DATA_DEPENDENT, statistic_of
from northloop.statistics.bootstrap import Codes, Resampling, cluster_codes
from northloop.statistics.paired import paired_difference

GUARDRAIL = "guardrail"
SUCCESS = "success"
_FEWEST_CONVERSATIONS = 10
"""With fewer, no interval by conversation means anything."""


class GateSpec(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What must hold. Margins are in the metric's unit, of whichever sign is worse."""

    guardrails: tuple[Guardrail, ...]
    success: tuple[str, ...]
    alpha: float = 0.05
    resampling: Resampling = Resampling()


class Contender(msgspec.Struct, frozen=True):
    """A release and its evaluation; None is the untuned base."""

    release: Hash | None
    report: Report


def decide(
    spec: GateSpec, candidate: Contender, current: Contender, parity: Parity | None
) -> Decision:
    """Return whether the candidate replaces the current release, and the evidence.

    Both reports must be on the same items, in the same order: InputError otherwise. A guardrail on
    a metric that neither could measure (no intents in the data, no documents to be grounded in) is
    named in the reason and asks for nothing. Intervals in the comparisons are those whose nearer
    end decides: two-sided 1 - 2 alpha for guardrails, 1 - 2 alpha / S for success metrics.
    """
    if candidate.release is None:
        raise InputError("the untuned base is no candidate", where="gate", action="seal a release")
    cluster = _shared_clusters(candidate.report, current.report)
    pair = _Pair(candidate=candidate.report, current=current.report, cluster=cluster)
    rails = [rail for rail in spec.guardrails if not pair.lacks(rail.metric)]
    comparisons = (
        *(_guardrail(rail, pair, spec) for rail in rails),
        *(_success(metric, pair, spec) for metric in spec.success),
    )
    objections = [
        *_too_few(cluster),
        *_broken(comparisons),
        *_unproven(comparisons),
        *_unlike(parity),
    ]
    return Decision(
        candidate=candidate.release,
        current=current.release,
        promote=not objections,
        reason=_reason(objections, comparisons)
        + _left_out([rail.metric for rail in spec.guardrails if rail not in rails]),
        comparisons=comparisons,
        parity=parity,
    )


class _Pair(msgspec.Struct, frozen=True, kw_only=True):
    candidate: Report
    current: Report
    cluster: Codes

    def lacks(self, metric: str) -> bool:
        """Whether neither report has the metric because their data has nothing to measure it on."""
        scores = (*self.candidate.scores, *self.current.scores)
        return metric in DATA_DEPENDENT and all(score.metric != metric for score in scores)


def _guardrail(rail: Guardrail, pair: _Pair, spec: GateSpec) -> Comparison:
    """Non-inferior: the bound on the worse side stays within the margin."""
    found = _compared(rail.metric, pair, spec.resampling, spec.alpha)
    higher = pair.candidate.score(rail.metric).higher_is_better
    holds = found.low >= -rail.margin if higher else found.high <= rail.margin
    return msgspec.structs.replace(found, margin=rail.margin, role=GUARDRAIL, passed=holds)


def _success(metric: str, pair: _Pair, spec: GateSpec) -> Comparison:
    """Superior: the bound on the worse side is still an improvement."""
    found = _compared(metric, pair, spec.resampling, spec.alpha / len(spec.success))
    higher = pair.candidate.score(metric).higher_is_better
    return msgspec.structs.replace(found, passed=found.low > 0 if higher else found.high < 0)


def _compared(metric: str, pair: _Pair, resampling: Resampling, alpha: float) -> Comparison:
    difference = paired_difference(
        statistic_of(pair.candidate, metric),
        statistic_of(pair.current, metric),
        pair.cluster,
        resampling,
    )
    return Comparison(
        metric=metric,
        difference=difference.value,
        low=difference.lower(alpha) - difference.caution(),
        high=difference.upper(alpha) + difference.caution(),
        margin=0.0,
        role=SUCCESS,
        passed=False,
    )


def _shared_clusters(candidate: Report, current: Report) -> Codes:
    """Return the conversation of each item; InputError unless both reports have the same items."""
    ours = [(r.example_id, r.question, r.reference, r.intent) for r in candidate.results]
    theirs = [(r.example_id, r.question, r.reference, r.intent) for r in current.results]
    if ours != theirs or not ours:
        shared = len(set(ours) & set(theirs))
        raise InputError(
            f"the reports are not on the same items ({len(ours)} and {len(theirs)}, "
            f"{shared} in common)",
            where="gate",
            action="evaluate both releases on the same test split",
        )
    return cluster_codes([r.group for r in candidate.results])


def _too_few(cluster: Codes) -> list[str]:
    conversations = int(cluster.max()) + 1
    if conversations >= _FEWEST_CONVERSATIONS:
        return []
    return [f"{conversations} test conversations prove nothing"]


def _broken(comparisons: Sequence[Comparison]) -> list[str]:
    return [
        f"{c.metric} may be worse than the margin of {c.margin:.3g} allows ({_numbers(c)})"
        for c in comparisons
        if c.role == GUARDRAIL and not c.passed
    ]


def _unproven(comparisons: Sequence[Comparison]) -> list[str]:
    success = [c for c in comparisons if c.role == SUCCESS]
    if any(c.passed for c in success):
        return []
    found = "; ".join(f"{c.metric} {_numbers(c)}" for c in success) or "none was named"
    return [f"no success metric is proven better ({found})"]


def _unlike(parity: Parity | None) -> list[str]:
    if parity is None:
        return ["the served release was not compared with the trained model"]
    if parity.passed:
        return []
    return [f"the served release is not shown to be the trained model ({parity.problem})"]


def _reason(objections: Sequence[str], comparisons: Sequence[Comparison]) -> str:
    if objections:
        return f"Refused: {'; '.join(objections)}."
    better = [f"{c.metric} {_numbers(c)}" for c in comparisons if c.role == SUCCESS and c.passed]
    rails = [c for c in comparisons if c.role == GUARDRAIL]
    return f"Promoted: proven better on {', '.join(better)}; all {len(rails)} guardrails hold."


def _left_out(metrics: Sequence[str]) -> str:
    return f" Not measured, so not asked for: {', '.join(metrics)}." if metrics else ""


def _numbers(c: Comparison) -> str:
    return f"{c.difference:+.3g}, interval {c.low:+.3g} to {c.high:+.3g}"
