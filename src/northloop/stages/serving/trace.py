"""The trace of one answer: what each step decided, on what, and how long it took."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence

from northloop.core.check import Verdict
from northloop.core.clock import stamp
from northloop.core.interaction import Step
from northloop.core.treatment import Candidate
from northloop.ports.retrieval import Hit
from northloop.stages.serving.generate import Generated, best_score

Evidence = dict[str, str | float | tuple[str, ...]]
REFUSED = "refused"
"""Under this name a step of the trace has the sentences that the check refused."""


class Trace:
    """Collects the steps of one answer with the time each took."""

    def __init__(self) -> None:
        self.began_at = stamp()
        self._began_s = self._lap_s = time.perf_counter()
        self._steps: list[Step] = []

    def add(
        self,
        name: str,
        decision: str,
        evidence: Mapping[str, str | float | tuple[str, ...]] | None = None,
    ) -> None:
        """Add a step that took the time since the last one."""
        now_s = time.perf_counter()
        ms = round((now_s - self._lap_s) * 1e3, 3)
        self._lap_s = now_s
        self._steps.append(Step(name=name, ms=ms, decision=decision, evidence=dict(evidence or {})))

    def steps(self) -> tuple[Step, ...]:
        """Return the steps so far, in order."""
        return tuple(self._steps)

    def elapsed_ms(self) -> float:
        """Return the time since the question came in."""
        return round((time.perf_counter() - self._began_s) * 1e3, 3)


def of_candidate(best: Candidate | None) -> Evidence:
    """Return what a treatment said it with, and how sure it is; nothing of none."""
    if best is None:
        return {}
    return {
        "treatment": best.treatment.value,
        "confidence": round(best.confidence, 4),
        "passages": best.citations,
        "cases": best.cases,
    }


def of_hits(hits: tuple[Hit, ...]) -> Evidence:
    """Return which passages were found, and how well each fits."""
    return {
        "passages": tuple(hit.passage.passage_id for hit in hits),
        "scores": tuple(f"{hit.score:.3f}" for hit in hits),
        "bm25": tuple(f"{hit.bm25:.2f}" for hit in hits),
        "cosine": tuple(f"{hit.cosine:.3f}" for hit in hits),
        "best": round(best_score(hits), 4),
    }


def of_generated(made: Generated) -> Evidence:
    """Return how an answer came about: tokens, log-probabilities, ms to the first text."""
    return {
        "tokens": made.signals.tokens,
        "prompt_chars": made.prompt_chars,
        "first_text_ms": round(made.first_text_ms, 3),
        "mean_logprob": round(made.signals.mean_logprob, 4),
        "min_logprob": round(made.signals.min_logprob, 4),
    }


def of_check(made: Generated) -> Evidence:
    """Return what the check of a generated answer found."""
    return {
        "confidence": round(made.confidence, 4),
        "claims": made.signals.claims,
        "claims_supported": made.signals.claims_supported,
        **of_refused(made.signals.refused),
    }


def of_refused(verdicts: Sequence[Verdict]) -> Evidence:
    """Return which sentences did not pass the check, and why."""
    found = tuple(
        f"{one.sentence} ({one.reason.value}{': ' if one.about else ''}{one.about})"
        for one in verdicts
    )
    return {REFUSED: found} if found else {}
