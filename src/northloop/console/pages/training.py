"""Training runs: the list, one run with its curve, and the part of it that follows a live run."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from northloop.app import releases, turns
from northloop.app.turns import Run, RunState
from northloop.console import figures
from northloop.console.view import View
from northloop.console.words import moment
from northloop.core.artefacts import ItemResult, Report, Score
from northloop.core.clock import now

_SAMPLES = 4


class Pace(msgspec.Struct, frozen=True, kw_only=True):
    """How far a run is."""

    step: int
    steps: int
    loss: float
    validation_loss: float | None
    """The newest one measured."""
    tokens_per_s: float
    share: float
    eta_s: float | None
    """Reckoned from the time since the start; None for a run that does not go on."""


class Sample(msgspec.Struct, frozen=True, kw_only=True):
    """One test question as the base and the tuned model answered it."""

    base: ItemResult
    tuned: ItemResult


@dataclass(frozen=True)
class TrainingPages:
    """Training runs."""

    view: View

    def routes(self) -> list[Route]:
        return [
            Route("/training", self.runs, name="training"),
            Route("/training/{run}", self.run, name="run"),
            Route("/training/{run}/live", self.live, name="run_live"),
        ]

    def runs(self, request: Request) -> Response:
        found = turns.runs(*self.view.inside(request))
        runs = [(run, pace(run, now())) for run in found]
        return self.view.page(request, "runs.html", {"runs": runs})

    def run(self, request: Request) -> Response:
        inside = self.view.inside(request)
        run = turns.run(*inside, request.path_params["run"])
        base = releases.report(*inside, "base")
        tuned = releases.report(*inside, run.adapter) if run.adapter else None
        return self.view.page(
            request,
            "run.html",
            {
                "run": run,
                "pace": pace(run, now()),
                "chart": _drawn(run),
                "scores": _beside(base, tuned),
                "samples": _samples(base, tuned),
            },
        )

    def live(self, request: Request) -> Response:
        run = turns.run(*self.view.inside(request), request.path_params["run"])
        return self.view.fragment(
            request, "parts/run_live_page.html", {"run": run, "pace": pace(run, now())}
        )


def pace(run: Run, now: datetime) -> Pace | None:
    """Return how far a run is; None before its first step."""
    if not run.curve:
        return None
    last = run.curve[-1]
    validation = [p.validation_loss for p in run.curve if p.validation_loss is not None]
    return Pace(
        step=last.step,
        steps=last.steps,
        loss=last.loss,
        validation_loss=validation[-1] if validation else None,
        tokens_per_s=last.tokens_per_s,
        share=last.step / last.steps if last.steps else 0.0,
        eta_s=_eta_s(run, now),
    )


def _drawn(run: Run) -> figures.Chart | None:
    """Return the figure of the losses, for where scripts do not draw it."""
    losses = [point.loss for point in run.curve]
    measured = [point.validation_loss for point in run.curve]
    return figures.chart([point.step for point in run.curve], [losses, measured])


def _eta_s(run: Run, now: datetime) -> float | None:
    started = moment(run.at)
    if run.state is not RunState.RUNNING or started is None or not run.curve[-1].step:
        return None
    last = run.curve[-1]
    return (now - started).total_seconds() / last.step * (last.steps - last.step)


def _beside(base: Report | None, tuned: Report | None) -> list[tuple[Score | None, Score]]:
    """Return each metric of the tuned model beside the base's."""
    if tuned is None:
        return []
    known = {score.metric: score for score in base.scores} if base else {}
    return [(known.get(score.metric), score) for score in tuned.scores]


def _samples(base: Report | None, tuned: Report | None) -> list[Sample]:
    """Return a few test questions that the two models answered differently."""
    if base is None or tuned is None:
        return []
    before = {result.example_id: result for result in base.results}
    pairs = [
        Sample(base=before[result.example_id], tuned=result)
        for result in tuned.results
        if result.example_id in before and before[result.example_id].answer != result.answer
    ]
    return pairs[:_SAMPLES]
