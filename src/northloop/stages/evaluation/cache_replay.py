"""A stream replayed through rules of an answer cache, side by side.

Exact repeats are the exact cache's; the others get the rest. The first part tunes the static
threshold (the one with most hits of which at most the tolerated share is wrong there) and warms all
caches; what is reported is of the second.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence

import msgspec
import numpy as np
from numpy.typing import NDArray

from northloop.core.check import sense
from northloop.core.question import normalised
from northloop.ports.models import Embedder
from northloop.ports.progress import Progress, silent
from northloop.stages.evaluation.cache_rules import Audited, Oracle, Request, Rule, Static, Verified
from northloop.stages.evaluation.cache_stream import Stream
from northloop.statistics.audited import AuditSpec
from northloop.statistics.intervals import Interval, wilson
from northloop.statistics.thresholds import Certificate, fewest_answered

STATIC_THRESHOLDS = tuple(round(0.5 + 0.01 * step, 2) for step in range(50))
_BLOCK = 128


class ReplaySpec(msgspec.Struct, frozen=True, kw_only=True):
    """How a stream is replayed."""

    audit: AuditSpec = AuditSpec()
    tuning: float = 0.5
    """Share of the stream that tunes the static threshold."""
    seed: str = "replay"


class RuleOutcome(msgspec.Struct, frozen=True, kw_only=True):
    """What a rule came to on the second part."""

    rule: str
    requests: int
    hits: int
    wrong: int
    wrong_per_hit: Interval
    of_gap: float | None = None
    """Share of the way from the static threshold's hits to the oracle's."""

    @property
    def hit_rate(self) -> float:
        return self.hits / self.requests if self.requests else 0.0


class Replayed(msgspec.Struct, frozen=True, kw_only=True):
    """What a replay came to."""

    rows: int
    repeats: int
    """Rows whose very words were asked before."""
    answers: int
    outcomes: tuple[RuleOutcome, ...]
    static_threshold: float
    """The tuned one; above 1 if none was right often enough."""
    certificate: Certificate | None
    """Ours, as it stood at the end."""
    audits: int
    audited_hits: int
    """Audits that would have been served."""
    fewest: int
    """Audits of would-be hits without an error that are the fewest for a first certificate."""
    blown: int
    """How often the fuse went."""


class _Count:
    def __init__(self) -> None:
        self.requests = self.hits = self.wrong = 0

    def add(self, served: int | None, right: int) -> None:
        self.requests += 1
        self.hits += served is not None
        self.wrong += served is not None and served != right

    def outcome(self, rule: str) -> RuleOutcome:
        return RuleOutcome(
            rule=rule,
            requests=self.requests,
            hits=self.hits,
            wrong=self.wrong,
            wrong_per_hit=wilson(self.wrong, self.hits),
        )


def replay(
    stream: Stream, embedder: Embedder, spec: ReplaySpec, progress: Progress = silent
) -> Replayed:
    """Return what each rule came to on a stream. The same arguments give the same result."""
    exact, fresh = _exact(stream, spec)
    questions = [stream.questions[i] for i in fresh]
    vectors = _vectors(questions, embedder, progress)
    tolerated = spec.audit.risk.max_wrong
    ours = Audited(spec.audit, spec.seed)
    rules: dict[str, Rule] = {
        "vCache": Verified(tolerated, spec.seed),
        "audited": ours,
        "oracle": Oracle(),
    }
    grid = {least: Static(least) for least in STATIC_THRESHOLDS}
    tuning = {least: _Count() for least in grid}
    counts = {name: _Count() for name in ("static", *rules)}
    static: Static | None = None
    first = bisect_left(fresh, int(len(stream.questions) * spec.tuning))  # as `_exact` parts it
    rows = zip(fresh, _similarities(vectors), strict=True)
    for place, (row, similarity) in enumerate(rows):
        request = Request(place, similarity, stream.answers[row], sense(questions[place]))
        if place < first:
            for least, tried in grid.items():
                tuning[least].add(tried.serve(request), request.answer)
            for rule in rules.values():
                rule.serve(request)
        else:
            static = static or grid.get(_tuned(tuning, tolerated), Static(_NEVER))
            for name, rule in (("static", static), *rules.items()):
                counts[name].add(rule.serve(request), request.answer)
        if place % _BLOCK == 0 or place + 1 == len(fresh):
            progress("replay", place + 1, len(fresh))
    outcomes = [exact.outcome("exact"), *(c.outcome(name) for name, c in counts.items())]
    return Replayed(
        rows=len(stream.questions),
        repeats=len(stream.questions) - len(fresh),
        answers=len(set(stream.answers)),
        outcomes=_with_gap(outcomes),
        static_threshold=static.least if static else _NEVER,
        certificate=ours.threshold.certificate,
        audits=ours.audits,
        audited_hits=ours.would_be_hits,
        fewest=fewest_answered(spec.audit.at_first),
        blown=ours.threshold.blown,
    )


def _exact(stream: Stream, spec: ReplaySpec) -> tuple[_Count, list[int]]:
    """Return what the exact cache makes of the second part, and the rows that it does not know."""
    known: dict[str, int] = {}
    count, fresh = _Count(), []
    first = int(len(stream.questions) * spec.tuning)
    for row, (question, answer) in enumerate(zip(stream.questions, stream.answers, strict=True)):
        words = normalised(question)
        served = known.get(words)
        if served is None:
            known[words] = answer
            fresh.append(row)
        if row >= first:
            count.add(served, answer)
    return count, fresh


def _vectors(
    questions: Sequence[str], embedder: Embedder, progress: Progress
) -> NDArray[np.float32]:
    found = []
    for start in range(0, len(questions), _BLOCK):
        found.append(embedder.embed(questions[start : start + _BLOCK]))
        progress("vectors", min(start + _BLOCK, len(questions)), len(questions))
    return np.concatenate(found)


def _similarities(vectors: NDArray[np.float32]) -> Iterator[NDArray[np.float32]]:
    """Yield for each row its similarity to each one before it."""
    for start in range(0, len(vectors), _BLOCK):
        block = vectors[start : start + _BLOCK]
        found = block @ vectors[: start + len(block)].T
        for i in range(len(block)):
            yield found[i, : start + i]


def _tuned(tuning: Mapping[float, _Count], tolerated: float) -> float:
    """Return the threshold with most hits of which few enough were wrong."""
    fitting = {
        least: count.hits
        for least, count in tuning.items()
        if count.hits and count.wrong <= tolerated * count.hits
    }
    return max(fitting, key=lambda least: fitting[least], default=_NEVER)


def _with_gap(outcomes: Sequence[RuleOutcome]) -> tuple[RuleOutcome, ...]:
    hits = {outcome.rule: outcome.hits for outcome in outcomes}
    gap = hits["oracle"] - hits["static"]
    return tuple(
        msgspec.structs.replace(outcome, of_gap=(outcome.hits - hits["static"]) / gap)
        if gap > 0 and outcome.rule not in ("exact", "static", "oracle")
        else outcome
        for outcome in outcomes
    )


_NEVER = 2.0
"""No similarity is that great."""
