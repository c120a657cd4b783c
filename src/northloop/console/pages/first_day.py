"""The first day: from an empty folder to a served answer, a page a step.

The objective is a draft in the address until it is written, so that every step of it can be
reloaded, gone back to and kept as a bookmark. Exports wait in the state until they are imported.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest

import msgspec
from starlette.datastructures import QueryParams
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from northloop.app import articles, first_day, intake, releases, turns, uploads
from northloop.app.first_day import FirstTurn, Step, Way
from northloop.app.intake import METRICS, USE_CASES, Guardrail, ObjectiveInput, Preview, next_why
from northloop.app.jobs import Job
from northloop.app.receiving import Receiving
from northloop.app.turns import Run, RunState
from northloop.app.uploads import Columns, Upload
from northloop.console import words
from northloop.console.pages.objective import outlook
from northloop.console.pages.training import Pace, pace
from northloop.console.uploads import LARGE, brought
from northloop.console.view import Form, View, actor, paths, posted, told
from northloop.core.errors import InputError, NorthloopError, NotFound
from northloop.core.interaction import ProposalState
from northloop.core.outward import Outward

MOST_RAILS = 3
_QUICK_S = 0.6
"""A file is looked at for so long before the page says that it takes a while."""
_GOES_ON = (ProposalState.RUNNING,)
_STOPPED = (ProposalState.APPROVED, ProposalState.INTERRUPTED, ProposalState.FAILED)
_ORDER = (Step.OBJECTIVE, Step.HISTORY, Step.DOCUMENTS, Step.TURN)
_FLAG = re.compile(r":? --map \w+=(?:\"<column>\")?")
_NO_FORECAST: Mapping[str, object] = {"reckoning": False, "plan": None, "plan_error": None}
_STEP_WORDS = {
    "dataset": "Prepare the dataset",
    "index": "Index the documents",
    "current": "Measure the untuned base",
    "adapter": "Train the adapter",
    "release": "Seal the release",
    "report": "Measure the release",
    "decision": "Ask the gate",
    "outcome": "Hand it to you",
}
_INIT = re.compile(r"northloop init --objective (\"[^\"]+\")")
_HIDDEN = ("statement", "metric", "change", "target", "months", "deadline", "use_case")


class Mark(msgspec.Struct, frozen=True, kw_only=True):
    """One step of the way: whether it is done, and what is to be said of it."""

    name: str
    route: str
    state: str
    """"done", "next" or "later"."""
    said: str
    button: str


class Draft(msgspec.Struct, frozen=True, kw_only=True):
    """An objective as far as it was written, as texts."""

    statement: str = ""
    metric: str = ""
    change: str = ""
    """Percent, with its sign."""
    target: str = ""
    months: str = ""
    deadline: str = ""
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


class File(msgspec.Struct, frozen=True, kw_only=True):
    """A file of an upload with its columns as the form shows them."""

    name: str
    given: str
    source: str
    rows: tuple[tuple[str, str, str], ...]
    """Column, the field it is taken for ("" for none), a sample."""


@dataclass(frozen=True)
class FirstDayPages:
    """The way, the objective's form, the history, the documents, the first turn."""

    view: View

    def routes(self) -> list[Route]:
        return [
            Route("/start", self.start, name="start"),
            *self._objective(),
            *self._history(),
            *self._documents(),
            *self._turn(),
        ]

    def _objective(self) -> list[Route]:
        agreed = posted(self.agree)
        return [
            Route("/start/objective", self.objective, name="start_objective"),
            Route("/start/objective", agreed, name="agree", methods=["POST"]),
        ]

    def _history(self) -> list[Route]:
        bring, at = brought(self.view, self.upload), "/start/history/{upload}"
        correct, import_ = posted(self.correct), posted(self.import_)
        cancel = posted(self.cancel)
        return [
            Route("/start/history", self.history, name="start_history"),
            Route("/start/history", bring, name="bring", methods=["POST"], middleware=LARGE),
            Route(at, self.waiting, name="upload"),
            Route(f"{at}/live", self.waiting_live, name="upload_live"),
            Route(f"{at}/columns", correct, name="correct", methods=["POST"]),
            Route(f"{at}/import", import_, name="import", methods=["POST"]),
            Route(f"{at}/cancel", cancel, name="cancel", methods=["POST"]),
        ]

    def _documents(self) -> list[Route]:
        at = "/start/documents"
        bring = brought(self.view, self.bring_documents)
        write, remove = posted(self.write_document), posted(self.remove_document)
        put_back = posted(self.put_back)
        return [
            Route(at, self.documents, name="start_documents"),
            Route(at, bring, name="bring_documents", methods=["POST"], middleware=LARGE),
            Route(f"{at}/write", write, name="write_document", methods=["POST"]),
            Route(f"{at}/remove", remove, name="remove_document", methods=["POST"]),
            Route(f"{at}/put-back", put_back, name="put_back", methods=["POST"]),
        ]

    def _turn(self) -> list[Route]:
        begin, live = posted(self.begin), posted(self.make_live)
        base = posted(self.serve_base)
        return [
            Route("/start/turn", self.turn, name="start_turn"),
            Route("/start/turn/live", self.turn_live, name="turn_live"),
            Route("/start/turn", begin, name="begin_turn", methods=["POST"]),
            Route("/start/promote", live, name="make_live", methods=["POST"]),
            Route("/start/base", base, name="serve_base", methods=["POST"]),
        ]

    # --- the way -------------------------------------------------------------------------------

    def start(self, request: Request) -> Response:
        return start_page(self.view, request)

    def _page(
        self, request: Request, template: str, context: Mapping[str, object], status: int = 200
    ) -> Response:
        found = first_day.way(self.view.office, actor(request))
        around = {"way": found, "marks": marks(found)}
        return self.view.page(request, template, {**around, **context}, status)

    # --- the objective -------------------------------------------------------------------------

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
                return self._objective_form(request, draft, _in_the_console(told(request, error)))
            shorter = msgspec.structs.replace(draft, whys=draft.whys[:-1])
            return self._why(request, shorter, told(request, error))
        if not enough and next_why(found.objective.statement, draft.whys):
            return self._why(request, draft)
        context = {"contract": found, "draft": draft, **self._seen()}
        return self._page(request, "start/contract.html", context)

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
        return self._page(request, "start/objective.html", context, 422 if error else 200)

    def _why(self, request: Request, draft: Draft, error: Outward | None = None) -> Response:
        found = intake.contract(actor(request), draft.use_case, _given(draft))
        question = next_why(found.objective.statement, draft.whys)
        context = {"draft": draft, "error": error, "question": question}
        return self._page(request, "start/why.html", context, 422 if error else 200)

    def _seen(self) -> dict[str, object]:
        office = self.view.office
        there = office.workspace().settings.objective if office.has_workspace else None
        return {"there": there, "seen": intake.terms_hash(there)}

    def agree(self, request: Request, form: Form) -> Response:
        draft = _draft_of(form)
        given, seen = _given(draft), form.text("seen")
        intake.agree(self.view.office, actor(request), draft.use_case, given, seen)
        return self.view.go(paths(request)("start_history"), "agreed")

    # --- the history ---------------------------------------------------------------------------

    def history(self, request: Request) -> Response:
        inside = self.view.inside(request)
        context = {
            "uploads": uploads.uploads(*inside),
            "made": None,
            "outlook": outlook(inside, self.view.now()),
            "largest": inside.workspace.settings.data.largest_upload_mb,
            "folder": inside.workspace.folder.resolve().name,
        }
        return self._page(request, "start/history.html", context)

    def upload(self, request: Request, form: Form, received: Receiving) -> Response:
        made = uploads.receive(
            *self.view.inside(request), received, form.text("licence"), form.text("pin")
        )
        return RedirectResponse(paths(request)("upload", upload=made.upload_id), 303)

    def waiting(self, request: Request) -> Response:
        try:
            context = self._upload_state(request, wait_s=_QUICK_S)
        except NotFound:
            return self.view.go(paths(request)("start_history"), "upload-gone")
        return self._page(request, "start/upload.html", context)

    def waiting_live(self, request: Request) -> Response:
        context = self._upload_state(request)
        return self.view.fragment(request, "parts/upload_state.html", context)

    def _upload_state(self, request: Request, wait_s: float = 0.0) -> dict[str, object]:
        inside, upload_id = self.view.inside(request), request.path_params["upload"]
        importing = uploads.imported(*inside, upload_id)
        if importing is not None and (importing.wait(wait_s).going_on or importing.result):
            made = importing.result
            way = first_day.exports(*inside)
            return {
                "upload_id": upload_id,
                "state": "imported" if made else "importing",
                "stage": _stage(importing),
                "made": made,
                "sources": way.sources,
                "outlook": outlook(inside, self.view.now()),
            }
        waits = uploads.upload(*inside, upload_id)
        job = uploads.look(*inside, upload_id).wait(wait_s)
        refused = importing.error if importing is not None else None
        return {
            "upload_id": upload_id,
            "upload": waits,
            "state": "reading" if job.going_on else "read",
            "stage": _stage(job),
            "error": _in_the_console(told(request, job.error)) if job.error else None,
            "refused": _in_the_console(told(request, refused)) if refused else None,
            "files": () if job.going_on else _files(waits, uploads.columns_of(*inside, upload_id)),
            "fields": uploads.FIELDS,
            **_shown(job.result),
        }

    def correct(self, request: Request, form: Form) -> Response:
        inside, upload_id = self.view.inside(request), request.path_params["upload"]
        waits = uploads.upload(*inside, upload_id)
        chosen = {f.name: _chosen(form, i, f.name) for i, f in enumerate(waits.files)}
        uploads.correct(*inside, upload_id, chosen)
        return RedirectResponse(paths(request)("upload", upload=upload_id), 303)

    def import_(self, request: Request, form: Form) -> Response:
        inside, upload_id = self.view.inside(request), request.path_params["upload"]
        try:
            anyway = form.text("anyway") == "yes"
            uploads.take_in(*inside, upload_id, form.text("seen"), anyway=anyway)
        except NotFound:
            return self.view.go(paths(request)("start_history"), "upload-gone")
        return RedirectResponse(paths(request)("upload", upload=upload_id), 303)

    def cancel(self, request: Request, _form: Form) -> Response:
        uploads.cancel(*self.view.inside(request), request.path_params["upload"])
        return self.view.go(paths(request)("start_history"), "cancelled")

    # --- documents -----------------------------------------------------------------------------

    def documents(self, request: Request) -> Response:
        inside = self.view.inside(request)
        context = {
            "removed": articles.removed(*inside),
            "suffixes": articles.SUFFIXES,
            "largest": inside.workspace.settings.data.largest_upload_mb,
            "folder": inside.workspace.settings.data.documents,
        }
        return self._page(request, "start/documents.html", context)

    def bring_documents(self, request: Request, _form: Form, received: Receiving) -> Response:
        articles.add(*self.view.inside(request), received)
        return self.view.go(paths(request)("start_documents"), "documents-added")

    def write_document(self, request: Request, form: Form) -> Response:
        articles.write(*self.view.inside(request), form.text("title"), form.text("text"))
        return self.view.go(paths(request)("start_documents"), "documents-added")

    def remove_document(self, request: Request, form: Form) -> Response:
        articles.remove(*self.view.inside(request), form.text("file"))
        return self.view.go(paths(request)("start_documents"), "document-removed")

    def put_back(self, request: Request, form: Form) -> Response:
        articles.put_back(*self.view.inside(request), form.text("removed"))
        return self.view.go(paths(request)("start_documents"), "document-back")

    # --- the first turn ------------------------------------------------------------------------

    def turn(self, request: Request) -> Response:
        return self._page(request, "start/turn.html", self._turn_state(request, _QUICK_S))

    def turn_live(self, request: Request) -> Response:
        found = first_day.way(self.view.office, actor(request))
        context = {"way": found, "marks": marks(found), **self._turn_state(request)}
        return self.view.fragment(request, "parts/turn_state.html", context)

    def _turn_state(self, request: Request, wait_s: float = 0.0) -> dict[str, object]:
        inside = self.view.inside(request)
        found = first_day.first_turn(*inside)
        base = first_day.serving_base(*inside)
        state = _state_of(found)
        run = next((r for r in turns.runs(*inside) if r.state is RunState.RUNNING), None)
        if base is not None:
            base.wait(wait_s)
        return {
            "first": found,
            "state": state,
            "run": run if state == "running" else None,
            "pace": self._pace(run),
            "step_words": _STEP_WORDS,
            "base_going_on": base is not None and base.going_on,
            "base_error": told(request, base.error) if base and base.error else None,
            "numbers": releases.numbers(*inside),
            **_NO_FORECAST,
            **(self._forecast(request, wait_s) if state in ("none", "stopped") else {}),
        }

    def _pace(self, run: Run | None) -> Pace | None:
        return pace(run, self.view.now()) if run is not None else None

    def _forecast(self, request: Request, wait_s: float) -> dict[str, object]:
        """What the training would take, if there is anything to train on."""
        inside = self.view.inside(request)
        found: dict[str, object] = {"base": first_day.base_file(*inside)}
        if not inside.workspace.settings.data.sources:
            return found
        try:
            job = first_day.forecast(*inside).wait(wait_s)
        except NorthloopError as error:
            return {**found, "plan_error": _in_the_console(told(request, error))}
        trouble = _in_the_console(told(request, job.error)) if job.error else None
        reckoned = {"reckoning": job.going_on, "plan": job.result, "plan_error": trouble}
        return {**found, **reckoned}

    def begin(self, request: Request, _form: Form) -> Response:
        first_day.begin(*self.view.inside(request))
        return RedirectResponse(paths(request)("start_turn"), 303)

    def make_live(self, request: Request, form: Form) -> Response:
        releases.promote(*self.view.inside(request), form.text("release"))
        return self.view.go(paths(request)("playground"), "live")

    def serve_base(self, request: Request, _form: Form) -> Response:
        job = first_day.serve_base(*self.view.inside(request)).wait(_QUICK_S)
        if job.result is not None:
            return self.view.go(paths(request)("playground"), "live")
        return RedirectResponse(paths(request)("start_turn"), 303)


def start_page(view: View, request: Request) -> Response:
    """Return the page that shows the way from here to the first answer."""
    found = first_day.way(view.office, actor(request))
    return view.page(request, "start/start.html", {"way": found, "marks": marks(found)})


def is_first_day(view: View, request: Request) -> bool:
    """Say whether nothing was ever live in the folder, so that Home shows the way."""
    if not view.office.has_workspace:
        return True
    return not releases.ever_live(*view.inside(request))


# --- the steps ---------------------------------------------------------------------------------


def marks(way: Way) -> list[Mark]:
    """Return the steps from here to the first answer, each with its state."""
    done = {
        Step.OBJECTIVE: way.objective is not None,
        Step.HISTORY: bool(way.exports and way.exports.sources),
        Step.DOCUMENTS: bool(way.articles) or not way.needs_articles,
        Step.TURN: way.tuned,
    }
    said = {
        Step.OBJECTIVE: _said_objective(way),
        Step.HISTORY: _said_history(way),
        Step.DOCUMENTS: _said_documents(way),
        Step.TURN: _said_turn(way),
    }
    texts = {
        Step.OBJECTIVE: ("Objective", "start_objective", "Set the objective"),
        Step.HISTORY: ("History", "start_history", "Bring in the history"),
        Step.DOCUMENTS: ("Documents", "start_documents", "Add documents"),
        Step.TURN: ("First training", "start_turn", _turn_button(way)),
    }
    following = next((step for step in _ORDER if not done[step]), None)
    found = []
    for step in _ORDER:
        name, route, button = texts[step]
        state = "done" if done[step] else "next" if step is following else "later"
        found.append(Mark(name=name, route=route, state=state, said=said[step], button=button))
    asked = Mark(
        name="Ask it",
        route="playground",
        state="done" if way.live and way.asked else "next" if following is None else "later",
        said=_said_asked(way),
        button="Ask it",
    )
    return [*found, asked]


def _said_objective(way: Way) -> str:
    if way.objective is None:
        return "What is to get better, by how much, until when."
    return way.objective.statement


def _said_history(way: Way) -> str:
    if way.exports is None or not way.exports.sources:
        if way.uploads_waiting:
            return f"{words.counted(way.uploads_waiting, 'upload')} to look at and import."
        return "An export of answered tickets to learn from."
    said = words.counted(len(way.exports.sources), "export")
    if way.exports.card is not None:
        said += f", {words.number(way.exports.card.rows.kept, 0)} rows kept"
    return f"{said}."


def _said_documents(way: Way) -> str:
    if way.documents_trouble:
        return f"{words.capitalize_first(way.documents_trouble)}."
    if way.articles:
        pieces = sum(article.passages for article in way.articles)
        documents = words.counted(len(way.articles), "document")
        return f"{documents}, {words.counted(pieces, 'passage')} to cite."
    if not way.needs_articles:
        return "None are used: serving.passages is 0."
    return "The policies, FAQs and manuals that answers are grounded in."


_SAID_TURN = {
    ProposalState.APPROVED: "It is approved and has not begun.",
    ProposalState.RUNNING: "It goes on now.",
    ProposalState.INTERRUPTED: "It was interrupted and can go on where it stood.",
    ProposalState.FAILED: "It failed and can go on where it stood.",
    ProposalState.READY: "Its release passed the gate and waits for you.",
    ProposalState.REFUSED: "The gate refused its release. The untuned base may begin.",
    ProposalState.REJECTED: "Somebody decided against it. Another can be begun.",
    ProposalState.OUTDATED: "Another release went live since. Another can be begun.",
    ProposalState.PROMOTED: "Its release is live.",
}


def _said_turn(way: Way) -> str:
    if way.turn is not None:
        return _SAID_TURN[way.turn.state]
    return "Learn from the history, measure, and ask the gate. A person then makes it live."


def _turn_button(way: Way) -> str:
    if way.turn is None or way.turn.state in (ProposalState.REJECTED, ProposalState.OUTDATED):
        return "Begin the training"
    return {
        ProposalState.RUNNING: "Watch it",
        ProposalState.READY: "Decide",
        ProposalState.REFUSED: "Decide",
    }.get(way.turn.state, "Go on")


def _said_asked(way: Way) -> str:
    if not way.live:
        return "Ask as a customer would, here or through the API."
    return "The tuned release answers." if way.tuned else "The untuned base answers."


# --- reading forms -----------------------------------------------------------------------------


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
    rails = tuple(Guardrail(m, _margin(m, v)) for m, v in draft.rails)
    return ObjectiveInput(
        statement=draft.statement,
        metric=draft.metric,
        change=None if change is None else change / 100,
        target=_number(draft.target, "target"),
        months=None if months is None else int(months),
        deadline=draft.deadline,
        guardrails=rails or None,
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


def _chosen(form: Form, place: int, name: str) -> dict[str, str]:
    """Return the field → column that a form chose for one file."""
    chosen: dict[str, str] = {}
    columns, fields = form.texts(f"column-{place}"), form.texts(f"field-{place}")
    for column, field in zip(columns, fields, strict=False):
        if field and field in chosen:
            raise InputError(
                f"two columns are chosen for “{words.label(field)}”: {chosen[field]!r} and "
                f"{column!r}",
                where=name,
                action="leave one of them at “not used”",
            )
        if field:
            chosen[field] = column
    return chosen


# --- what a page shows -------------------------------------------------------------------------


def _stage(job: Job[object] | Job[intake.Imported] | Job[Preview]) -> dict[str, object]:
    stage = job.stage
    share = stage.done / stage.total if stage.total else None
    return {"task": stage.task, "done": stage.done, "total": stage.total, "share": share}


def _shown(preview: Preview | None) -> dict[str, object]:
    if preview is None:
        return {"preview": None}
    doubts = [(d, without_flags(d.action)) for d in preview.doubts]
    return {
        "preview": preview,
        "doubts": doubts,
        "reasons": sorted(preview.card.quarantine_reasons.items(), key=lambda r: -r[1])[:8],
        "seen": preview.fingerprint,
    }


def _files(waits: Upload, columns: Mapping[str, Columns]) -> list[File]:
    return [
        File(name=f.name, given=f.given, source=f.source, rows=_rows(columns[f.name]))
        for f in waits.files
    ]


def _rows(found: Columns) -> tuple[tuple[str, str, str], ...]:
    fields = {column: field for field, column in found.mapping.items()}
    inside = [column for column in found.mapping.values() if column not in found.names]
    return tuple(
        (column, fields.get(column, ""), found.samples.get(column, ""))
        for column in (*inside, *found.names)
    )


def _state_of(found: FirstTurn) -> str:
    if found.proposal is None:
        return "none"
    state = found.proposal.state
    if state in _STOPPED:
        return "stopped"
    if state in (ProposalState.REJECTED, ProposalState.OUTDATED):
        return "none"
    return "running" if state in _GOES_ON else state.value


def _in_the_console(error: Outward) -> Outward:
    return Outward(error.what, error.where, without_flags(error.action))


def without_flags(action: str) -> str:
    """Return an advice for the command line as it is said on these pages."""
    plain = _INIT.sub(r"\1", action)
    plain = plain.replace("; if it is meant so, give the same command with --anyway", "")
    if "--map" not in plain:
        return plain
    return f"{_FLAG.sub('', plain)} (in the table of columns)"
