"""The objective contract, where the metric stands, and the way down to the root cause."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

import msgspec
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from northloop.app import contrasts, datasets, intake, ledger, releases, reports, spent
from northloop.app.contrasts import Contrast
from northloop.app.intake import METRICS, Period, Progress, progress_of
from northloop.app.receiving import Receiving
from northloop.app.reports import Terms
from northloop.console import figures
from northloop.console.uploads import LARGE, brought
from northloop.console.view import Form, Inside, View, paths, posted
from northloop.console.words import day
from northloop.core.artefacts import Objective
from northloop.core.clock import now
from northloop.core.deployment import Deployment
from northloop.core.errors import InputError, NotFound

_NAMED = ("conversation_id", "ticket_id", "closed_at", "status", "first_touch_at", "csat_asked")
"""Fields whose columns can be named."""
_FLAG = re.compile(r":? ?--(map|tenant)\b.*")
"""The end of an advice for the command line."""


class Outlook(msgspec.Struct, frozen=True, kw_only=True):
    """The objective beside the newest period."""

    objective: Objective
    imported: bool
    """There is a history."""
    periods: tuple[Period, ...]
    latest: Period | None
    is_now: bool
    """The newest period says how things stand now, and not how they once did."""
    progress: Progress | None
    """How far the newest period is; None if that cannot be told."""
    unknown: str
    """Why it cannot be told."""
    contrast: Contrast | None
    """What the assistant changed, against customers held out; None where nobody is."""
    unplanned: str
    """Why nobody is, if for want of a plan."""
    spark_points: str
    spark_target: float | None


@dataclass(frozen=True)
class ObjectivePages:
    """The objective page, and how conversations ended."""

    view: View

    def routes(self) -> list[Route]:
        bring, at = brought(self.view, self.bring), "/objective/outcomes/{report}"
        take, drop = posted(self.take), posted(self.drop)
        return [
            Route("/objective", self.objective, name="objective"),
            Route(
                "/objective/outcomes",
                bring,
                name="bring_outcomes",
                methods=["POST"],
                middleware=LARGE,
            ),
            Route(at, self.outcomes, name="outcomes"),
            Route(f"{at}/take", take, name="take_outcomes", methods=["POST"]),
            Route(f"{at}/drop", drop, name="drop_outcomes", methods=["POST"]),
            Route(
                "/objective/imports/{taken}/undo",
                posted(self.undo),
                name="undo_outcomes",
                methods=["POST"],
            ),
        ]

    def objective(self, request: Request) -> Response:
        inside = self.view.inside(request)
        found = outlook(inside, now())
        return self.view.page(
            request,
            "objective.html",
            {
                "outlook": found,
                "costs": spent.latest_costs(*inside) if found else None,
                "chart": _drawn(found) if found else None,
                "arms": _both_arms(found.contrast) if found and found.contrast else None,
                "metric": METRICS.get(found.objective.metric) if found else None,
                "promotions": releases.promotions(*inside),
                "numbers": releases.numbers(*inside),
                "waiting": reports.waiting(*inside),
                "imports": ledger.imports(*inside),
                "largest": inside.workspace.settings.data.largest_upload_mb,
            },
        )

    def bring(self, request: Request, form: Form, received: Receiving) -> Response:
        named = {field: form.text(field) for field in _NAMED}
        terms = Terms(mapping={field: column for field, column in named.items() if column})
        inside, tenant = self.view.inside(request), form.text("tenant")
        try:
            found = reports.receive(*inside, received, terms, tenant)
        except InputError as error:
            advice = _FLAG.sub(" in the form", error.action)
            raise InputError(error.what, where=error.where, action=advice) from error
        return RedirectResponse(paths(request)("outcomes", report=found.report_id), 303)

    def outcomes(self, request: Request) -> Response:
        try:
            found = reports.look(*self.view.inside(request), request.path_params["report"])
        except NotFound:
            return self.view.go(paths(request)("objective"), "outcomes-gone")
        return self.view.page(request, "outcomes.html", {"found": found})

    def take(self, request: Request, form: Form) -> Response:
        inside, report_id = self.view.inside(request), request.path_params["report"]
        try:
            with reports.held(*inside, report_id) as found:
                overrules = form.text("overrule") == "yes"
                ledger.take_in(*inside, found.reports, overrules=overrules)
        except NotFound:
            return self.view.go(paths(request)("objective"), "outcomes-gone")
        return self.view.go(paths(request)("objective"), "outcomes-taken")

    def drop(self, request: Request, _form: Form) -> Response:
        reports.drop(*self.view.inside(request), request.path_params["report"])
        return self.view.go(paths(request)("objective"), "outcomes-dropped")

    def undo(self, request: Request, _form: Form) -> Response:
        try:
            ledger.take_back(*self.view.inside(request), request.path_params["taken"])
        except NotFound:
            return self.view.go(paths(request)("objective"), "outcomes-gone")
        return self.view.go(paths(request)("objective"), "outcomes-undone")


def outlook(inside: Inside, now: datetime) -> Outlook | None:
    """Return how the newest period compares with the target; None without an objective."""
    objective = intake.objective(*inside)
    if objective is None:
        return None
    periods, imported = intake.periods(*inside), bool(datasets.versions(*inside))
    if periods:
        promotions = releases.promotions(*inside)
        stands, unknown = _progress(objective, periods[-1], promotions, now.date())
    else:
        stands, unknown = None, _unmeasured(objective) if imported else "no history is imported yet"
    points, target_y = figures.spark([p.measure.value for p in periods], objective.target)
    return Outlook(
        objective=objective,
        imported=imported,
        periods=tuple(periods),
        latest=periods[-1] if periods else None,
        is_now=bool(periods) and periods[-1].is_recent(now.date()),
        progress=stands,
        unknown=unknown,
        contrast=contrasts.latest_contrast(*inside),
        unplanned=intake.unplanned(objective),
        spark_points=points,
        spark_target=target_y,
    )


def _drawn(of: Outlook) -> figures.Chart | None:
    """Return the figure of the periods, for where scripts do not draw it."""
    measures = [period.measure for period in of.periods]
    band = figures.Band([m.low for m in measures], [m.high for m in measures])
    xs = [date.fromisoformat(period.start).toordinal() for period in of.periods]
    return figures.chart(xs, [[m.value for m in measures]], band, of.objective.target)


def _both_arms(of: Contrast) -> figures.Chart | None:
    """Return the figure of both arms week by week, for where scripts do not draw it."""
    weeks = [date.fromisoformat(cohort.week).toordinal() for cohort in of.cohorts]
    lines = [[c.held_out for c in of.cohorts], [c.assisted for c in of.cohorts]]
    return figures.chart(weeks, lines)


def _progress(
    objective: Objective, latest: Period, promotions: Sequence[Deployment], today: date
) -> tuple[Progress | None, str]:
    """Return how far the newest period is, or why nothing can be said.

    What was before the assistant is no effect of it, so the whole period must lie after it began.
    """
    if not promotions:
        return None, "no release was live yet, so this is where the assistant begins"
    began = promotions[-1].at
    if latest.start < began[:10]:
        return None, (
            f"these tickets reach back to before the assistant went live on {day(began)}, so they "
            f"are where it begins and nothing that it changed"
        )
    try:
        return progress_of(objective, latest.measure, today), ""
    except InputError as error:
        return None, f"{error.what}; {error.action}"


def _unmeasured(objective: Objective) -> str:
    """Say why an imported history has no period."""
    metric = METRICS.get(objective.metric)
    if metric is None or metric.source == "history":
        return "the imported tickets are too few to measure it by, or lack what it needs"
    return "it is told by the conversations, which are not measured yet"
