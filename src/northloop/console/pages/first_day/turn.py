"""The first training: begun, watched, and decided on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from northloop.app import first_day, releases, turns
from northloop.app.first_day import FirstTurn
from northloop.app.turns import Run, RunState
from northloop.console.pages.first_day.way import QUICK_S, in_the_console, marks, way_page
from northloop.console.pages.training import Pace, pace
from northloop.console.view import Form, View, actor, paths, posted, told
from northloop.core.clock import now
from northloop.core.errors import NorthloopError
from northloop.core.interaction import ProposalState

_GOES_ON = (ProposalState.RUNNING,)
_STOPPED = (ProposalState.APPROVED, ProposalState.INTERRUPTED, ProposalState.FAILED)
_NO_FORECAST: Mapping[str, object] = {"reckoning": False, "plan": None, "plan_error": None}
_STEP_WORDS = {
    "dataset": "Prepare the dataset",
    "index": "Index the documents",
    "treatments": "Learn memory and quotes",
    "current": "Measure what is to be beaten",
    "adapter": "Train the adapter",
    "release": "Seal the release",
    "report": "Measure the release",
    "decision": "Ask the gate",
    "outcome": "Hand it to you",
}


@dataclass(frozen=True)
class TurnSteps:
    """The first training."""

    view: View

    def routes(self) -> list[Route]:
        begin, live = posted(self.begin), posted(self.make_live)
        at_once = posted(self.begin_at_once)
        return [
            Route("/start/turn", self.turn, name="start_turn"),
            Route("/start/turn/live", self.turn_live, name="turn_live"),
            Route("/start/turn", begin, name="begin_turn", methods=["POST"]),
            Route("/start/promote", live, name="make_live", methods=["POST"]),
            Route("/start/at-once", at_once, name="begin_at_once", methods=["POST"]),
        ]

    def turn(self, request: Request) -> Response:
        return way_page(self.view, request, "start/turn.html", self._turn_state(request, QUICK_S))

    def turn_live(self, request: Request) -> Response:
        found = first_day.way(self.view.lazy, actor(request))
        context = {"way": found, "marks": marks(found), **self._turn_state(request)}
        if "beginning" in request.query_params and found.live and not context["beginning_now"]:
            there = self.view.go(paths(request)("playground"), "live").headers["location"]
            return Response(headers={"HX-Redirect": there})
        return self.view.fragment(request, "parts/turn_state.html", context)

    def _turn_state(self, request: Request, wait_s: float = 0.0) -> dict[str, object]:
        inside = self.view.inside(request)
        found = first_day.first_turn(*inside)
        beginning = first_day.beginning(*inside)
        state = _state_of(found)
        run = next((r for r in turns.runs(*inside) if r.state is RunState.RUNNING), None)
        beginning_now = beginning is not None and beginning.wait(wait_s).going_on
        return {
            "first": found,
            "state": state,
            "run": run if state == "running" else None,
            "pace": self._pace(run),
            "step_words": _STEP_WORDS,
            "beginning_now": beginning_now,
            "begin_error": told(request, beginning.error)
            if beginning and beginning.error
            else None,
            "numbers": releases.numbers(*inside),
            **_NO_FORECAST,
            **(self._forecast(request, wait_s) if state in ("none", "stopped") else {}),
        }

    def _pace(self, run: Run | None) -> Pace | None:
        return pace(run, now()) if run is not None else None

    def _forecast(self, request: Request, wait_s: float) -> dict[str, object]:
        """What the training would take, if there is anything to train on."""
        inside = self.view.inside(request)
        found: dict[str, object] = {"base": first_day.base_file(*inside)}
        if not inside.workspace.settings.data.sources:
            return found
        try:
            job = first_day.forecast(*inside).wait(wait_s)
        except NorthloopError as error:
            return {**found, "plan_error": in_the_console(told(request, error))}
        reckoning = job.going_on
        trouble = in_the_console(told(request, job.error)) if job.error else None
        reckoned = {"reckoning": reckoning, "plan": job.result, "plan_error": trouble}
        return {**found, **reckoned}

    def begin(self, request: Request, _form: Form) -> Response:
        first_day.begin(*self.view.inside(request))
        return RedirectResponse(paths(request)("start_turn"), 303)

    def make_live(self, request: Request, form: Form) -> Response:
        releases.promote(*self.view.inside(request), form.text("release"))
        return self.view.go(paths(request)("playground"), "live")

    def begin_at_once(self, request: Request, _form: Form) -> Response:
        job = first_day.begin_at_once(*self.view.inside(request)).wait(QUICK_S)
        if job.result is not None:
            return self.view.go(paths(request)("playground"), "live")
        return RedirectResponse(paths(request)("start_turn"), 303)


def _state_of(found: FirstTurn) -> str:
    if found.proposal is None:
        return "none"
    state = found.proposal.state
    if state in _STOPPED:
        return "stopped"
    if state in (ProposalState.REJECTED, ProposalState.OUTDATED):
        return "none"
    return "running" if state in _GOES_ON else state.value
