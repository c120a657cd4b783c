"""Alerts, and the drift statistic as it accumulates."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from math import log10

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from northloop.app import alerts, drift
from northloop.console import figures
from northloop.console.view import Form, View, paths, posted
from northloop.core.errors import NotFound


@dataclass(frozen=True)
class AlertPages:
    """What is worth waking somebody for."""

    view: View

    def routes(self) -> list[Route]:
        return [
            Route("/alerts", self.alerts, name="alerts"),
            Route("/alerts/trial", posted(self.trial), name="alert_trial", methods=["POST"]),
            Route("/alerts/window/{window:int}", self.window, name="drift_window"),
            Route(
                "/alerts/{alert}/acknowledge",
                posted(self.acknowledge),
                name="acknowledge",
                methods=["POST"],
            ),
        ]

    def alerts(self, request: Request) -> Response:
        return self._page(request, {})

    def trial(self, request: Request, _form: Form) -> Response:
        return self._page(request, {"tried": alerts.test(*self.view.inside(request))})

    def acknowledge(self, request: Request, _form: Form) -> Response:
        alerts.acknowledge(*self.view.inside(request), request.path_params["alert"])
        return self.view.go(paths(request)("alerts"), "acknowledged")

    def window(self, request: Request) -> Response:
        inside, number = self.view.inside(request), request.path_params["window"]
        windows = drift.drift(*inside).windows
        meant = next((one for one in windows if one.number == number), None)
        if meant is None:
            raise NotFound("there is no such window", where=str(number), action="open Alerts")
        context = {
            "window": meant,
            "explained": drift.explain(*inside, number),
            "tests": drift.TESTS,
        }
        return self.view.page(request, "drift_window.html", context)

    def _page(self, request: Request, more: dict[str, object]) -> Response:
        inside = self.view.inside(request)
        found = drift.drift(*inside)
        levels = [log10(one.evidence) for one in found.windows]
        times = [datetime.fromisoformat(one.at).timestamp() for one in found.windows]
        context = {
            "all": alerts.alerts(*inside, ever=True),
            "drift": found,
            "sentences": drift.sentences(found),
            "alarm": log10(drift.ALARM),
            "levels": levels,
            "chart": figures.chart(times, [levels], level=log10(drift.ALARM)),
            "tests": drift.TESTS,
            "tried": (),
            "channels": list(inside.workspace.alert_channels),
        }
        return self.view.page(request, "alerts.html", {**context, **more})
