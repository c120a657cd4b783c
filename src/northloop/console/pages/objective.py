"""The objective contract, where the metric stands, and the way down to the root cause."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from northloop.console import figures
from northloop.console.desk import Desk, Period
from northloop.console.view import View
from northloop.core.artefacts import Objective


class Outlook(msgspec.Struct, frozen=True, kw_only=True):
    """The objective beside the newest period."""

    objective: Objective
    periods: tuple[Period, ...]
    latest: Period | None
    reached: bool | None
    """The whole interval of the newest period lies on the good side of the target; None if there
    is nothing to compare."""
    missed: bool | None
    """The whole interval lies on the other side."""
    way: float | None
    """Share of the way from baseline to target; below 0 it got worse."""
    spark_points: str
    spark_target: float | None


@dataclass(frozen=True)
class ObjectivePages:
    """The objective page."""

    desk: Desk
    view: View

    def routes(self) -> list[Route]:
        return [Route("/objective", self.objective, name="objective")]

    def objective(self, request: Request) -> Response:
        return self.view.page(
            request,
            "objective.html",
            {
                "outlook": outlook(self.desk.objective(), self.desk.progress()),
                "promotions": self.desk.promotions(),
                "numbers": {r.artefact.hash: r.number for r in self.desk.releases()},
            },
        )


def outlook(objective: Objective | None, periods: Sequence[Period]) -> Outlook | None:
    """Return how the newest period compares with the target; None without an objective."""
    if objective is None:
        return None
    latest = periods[-1] if periods else None
    target, baseline = objective.target, objective.baseline
    reached = missed = way = None
    if latest is not None and target is not None:
        down = objective.change < 0
        measure = latest.measure
        reached = measure.high <= target if down else measure.low >= target
        missed = measure.low > target if down else measure.high < target
        if baseline is not None and target != baseline.value:
            way = (measure.value - baseline.value) / (target - baseline.value)
    points, target_y = figures.spark([p.measure.value for p in periods], target)
    return Outlook(
        objective=objective,
        periods=tuple(periods),
        latest=latest,
        reached=reached,
        missed=missed,
        way=way,
        spark_points=points,
        spark_target=target_y,
    )
