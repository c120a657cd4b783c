"""The objective: a draft in the address, the whys, the contract.

The draft can be reloaded, gone back to and kept as a bookmark until it is written.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest

import msgspec
from starlette.datastructures import QueryParams
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from northloop.app import intake
from northloop.app.intake import METRICS, USE_CASES, Guardrail, ObjectiveInput, next_why
from northloop.console.pages.first_day.way import in_the_console, way_page
from northloop.console.view import Form, View, actor, paths, posted, told
from northloop.core.errors import InputError, NorthloopError
from northloop.core.outward import Outward

MOST_RAILS = 3
_HIDDEN = ("statement", "metric", "change", "target", "months", "deadline", "holdout", "use_case")


class Draft(msgspec.Struct, frozen=True, kw_only=True):
    """An objective as far as it was written, as texts."""

    statement: str = ""
    metric: str = ""
    change: str = ""
    """Percent, with its sign."""
    target: str = ""
    months: str = ""
    deadline: str = ""
    holdout: str = ""
    """Percent of the customers; "" leaves it to the history."""
    use_case: str = "support"
    rails: tuple[tuple[str, str], ...] = ()
    """Guardrails: metric and margin."""
    whys: tuple[str, ...] = ()

    @property
    def hidden(self) -> list[tuple[str, str]]:
        """The fields of a form that carries the draft on, whys left out."""
        plain = [(name, getattr(self, name)) for name in _HIDDEN]
        rails = [pair for m, v in self.rails for pair in (("rail", m), ("margin", v))]
        return [(name, value) for name, value in [*plain, *rails] if value]


@dataclass(frozen=True)
class ObjectiveSteps:
    """The objective's form, its whys and the contract."""

    view: View

    def routes(self) -> list[Route]:
        agreed = posted(self.agree)
        return [
            Route("/start/objective", self.objective, name="start_objective"),
            Route("/start/objective", agreed, name="agree", methods=["POST"]),
        ]

    def objective(self, request: Request) -> Response:
        asked = request.query_params
        draft = _draft(asked)
        if not (draft.statement or draft.metric) or "edit" in asked:
            return self._objective_form(request, draft)
        return self._look_at(request, draft, enough="enough" in asked)

    def _look_at(self, request: Request, draft: Draft, *, enough: bool) -> Response:
        """Show the next why, or the contract; or the form again, with what is wrong."""
        try:
            found = intake.contract(actor(request), draft.use_case, _given(draft))
        except NorthloopError as error:
            if error.where != "objective.whys":
                return self._objective_form(request, draft, in_the_console(told(request, error)))
            shorter = msgspec.structs.replace(draft, whys=draft.whys[:-1])
            return self._why(request, shorter, told(request, error))
        if not enough and next_why(found.objective.statement, draft.whys):
            return self._why(request, draft)
        agreed = {
            "contract": found,
            "goal": intake.goal(found.objective).replace("-", "\N{MINUS SIGN}"),
        }
        context = {**agreed, "draft": draft, **self._seen()}
        return way_page(self.view, request, "start/contract.html", context)

    def _objective_form(
        self, request: Request, draft: Draft, error: Outward | None = None
    ) -> Response:
        context = {
            "draft": draft,
            "error": error,
            "metrics": METRICS.values(),
            "use_cases": USE_CASES.values(),
            "rails": [*draft.rails, *[("", "")] * (MOST_RAILS - len(draft.rails))],
            **self._seen(),
        }
        return way_page(self.view, request, "start/objective.html", context, 422 if error else 200)

    def _why(self, request: Request, draft: Draft, error: Outward | None = None) -> Response:
        found = intake.contract(actor(request), draft.use_case, _given(draft))
        question = next_why(found.objective.statement, draft.whys)
        context = {"draft": draft, "error": error, "question": question}
        return way_page(self.view, request, "start/why.html", context, 422 if error else 200)

    def _seen(self) -> dict[str, object]:
        lazy = self.view.lazy
        there = lazy.workspace().settings.objective if lazy.has_workspace else None
        return {"there": there, "seen": intake.terms_hash(there)}

    def agree(self, request: Request, form: Form) -> Response:
        draft = _draft_of(form)
        given, seen = _given(draft), form.text("seen")
        intake.agree(self.view.lazy, actor(request), draft.use_case, given, seen)
        return self.view.go(paths(request)("start_history"), "agreed")


def _draft(asked: QueryParams) -> Draft:
    fields = {name: asked.get(name, "").strip() for name in _HIDDEN}
    return _drafted(fields, asked.getlist("rail"), asked.getlist("margin"), asked.getlist("why"))


def _draft_of(form: Form) -> Draft:
    fields = {name: form.text(name) for name in _HIDDEN}
    return _drafted(fields, form.texts("rail"), form.texts("margin"), form.texts("why"))


def _drafted(
    fields: Mapping[str, str], rails: Sequence[str], margins: Sequence[str], whys: Sequence[str]
) -> Draft:
    named = {name: value for name, value in fields.items() if value}
    pairs = [(r.strip(), m.strip()) for r, m in zip_longest(rails, margins, fillvalue="")]
    return Draft(
        **named,
        rails=tuple(pair for pair in pairs if any(pair))[:MOST_RAILS],
        whys=tuple(why.strip() for why in whys if why.strip()),
    )


def _given(draft: Draft) -> ObjectiveInput:
    """Return the draft as the contract takes it; InputError names the field that is no number."""
    change = _number(draft.change, "change")
    months = _number(draft.months, "months")
    holdout = _number(draft.holdout, "holdout")
    rails = tuple(Guardrail(m, _margin(m, v)) for m, v in draft.rails)
    return ObjectiveInput(
        statement=draft.statement,
        metric=draft.metric,
        change=None if change is None else change / 100,
        target=_number(draft.target, "target"),
        months=None if months is None else int(months),
        deadline=draft.deadline,
        guardrails=rails or None,
        holdout_share=None if holdout is None else holdout / 100,
        whys=draft.whys,
    )


def _margin(metric: str, text: str) -> float:
    found = _number(text, "guardrail")
    if not metric or found is None:
        raise InputError(
            "a guardrail is a metric and how much worse it may get",
            where="field guardrail",
            action="give both, or leave both out",
        )
    return found


def _number(text: str, field: str) -> float | None:
    plain = text.replace("\N{MINUS SIGN}", "-").replace("%", "").replace(",", ".").strip()
    if not plain:
        return None
    try:
        return float(plain)
    except ValueError as error:
        raise InputError(
            f"{text!r} is no number", where=f"field {field}", action="write it in figures"
        ) from error
