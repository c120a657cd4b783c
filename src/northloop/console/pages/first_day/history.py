"""The history: exports come in, are looked at, corrected and imported."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import msgspec
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from northloop.app import first_day, intake, uploads
from northloop.app.intake import Preview
from northloop.app.jobs import Job
from northloop.app.receiving import Receiving
from northloop.app.uploads import Columns, Upload
from northloop.console import words
from northloop.console.pages.first_day.way import QUICK_S, in_the_console, way_page, without_flags
from northloop.console.pages.objective import outlook
from northloop.console.uploads import LARGE, brought
from northloop.console.view import Form, View, paths, posted, told
from northloop.core.clock import now
from northloop.core.errors import InputError, NotFound


class File(msgspec.Struct, frozen=True, kw_only=True):
    """An export of an upload with its columns as the form shows them."""

    label: str
    name: str
    given: str
    source: str
    rows: tuple[tuple[str, str, str, str], ...]
    """Column, the field it is taken for ("" for none), why, a sample."""
    agents: str
    """Who answers, as the reader said or as was found, by commas."""
    has_talks: bool
    """Whether who answers is asked: messages lie in it, and no field says who wrote them."""


@dataclass(frozen=True)
class HistorySteps:
    """The exports to learn from."""

    view: View

    def routes(self) -> list[Route]:
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

    def history(self, request: Request) -> Response:
        inside = self.view.inside(request)
        context = {
            "uploads": uploads.uploads(*inside),
            "made": None,
            "outlook": outlook(inside, now()),
            "largest": inside.workspace.settings.data.largest_upload_mb,
            "folder": inside.workspace.folder.resolve().name,
        }
        return way_page(self.view, request, "start/history.html", context)

    def upload(self, request: Request, form: Form, received: Receiving) -> Response:
        made = uploads.receive(
            *self.view.inside(request), received, form.text("licence"), form.text("pin")
        )
        return RedirectResponse(paths(request)("upload", upload=made.upload_id), 303)

    def waiting(self, request: Request) -> Response:
        try:
            context = self._upload_state(request, wait_s=QUICK_S)
        except NotFound:
            return self.view.go(paths(request)("start_history"), "upload-gone")
        return way_page(self.view, request, "start/upload.html", context)

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
                "outlook": outlook(inside, now()),
            }
        waits = uploads.upload(*inside, upload_id)
        job = uploads.look(*inside, upload_id).wait(wait_s)
        refused = importing.error if importing is not None else None
        return {
            "upload_id": upload_id,
            "upload": waits,
            "state": "reading" if job.going_on else "read",
            "stage": _stage(job),
            "error": in_the_console(told(request, job.error)) if job.error else None,
            "refused": in_the_console(told(request, refused)) if refused else None,
            "files": () if job.going_on else _files(waits, uploads.columns_of(*inside, upload_id)),
            "fields": uploads.FIELDS,
            **_shown(job.result),
        }

    def correct(self, request: Request, form: Form) -> Response:
        inside, upload_id = self.view.inside(request), request.path_params["upload"]
        waits = uploads.upload(*inside, upload_id)
        chosen = {f.label: _chosen(form, i, f.label) for i, f in enumerate(waits.files)}
        agents = {f.label: _agents(form, i) for i, f in enumerate(waits.files)}
        uploads.correct(*inside, upload_id, chosen, agents)
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


def _agents(form: Form, place: int) -> tuple[str, ...]:
    """Return who answers as a form says it; () where that is what was found, or it says nothing."""
    said, found = form.text(f"agents-{place}"), form.text(f"found-agents-{place}")
    names = (name.strip() for name in said.split(";" if ";" in said else ","))
    return () if said.strip() == found.strip() else tuple(name for name in names if name)


# --- what a page shows -------------------------------------------------------------------------


def _stage(job: Job[object] | Job[intake.Imported] | Job[Preview]) -> dict[str, object]:
    stage = job.stage
    share = stage.done / stage.total if stage.total else None
    return {"task": stage.task, "done": stage.done, "total": stage.total, "share": share}


def _shown(preview: Preview | None) -> dict[str, object]:
    if preview is None:
        return {"preview": None}
    doubts = [(d, without_flags(d.action)) for d in preview.doubts]
    said = {f"{doubt.where}: {doubt.what}" for doubt in preview.doubts}
    said |= {f"{name} is left out: {why}" for name, why in preview.left_out.items()}
    return {
        "preview": preview,
        "doubts": doubts,
        "notices": [notice for notice in preview.notices if notice not in said],
        "reasons": sorted(preview.card.quarantine_reasons.items(), key=lambda r: -r[1])[:8],
        "seen": preview.fingerprint,
    }


def _files(waits: Upload, columns: Mapping[str, Columns]) -> list[File]:
    return [
        File(
            label=f.label,
            name=f.name,
            given=f.given,
            source=f.source,
            rows=_rows(columns[f.label]),
            agents=", ".join(columns[f.label].agents),
            has_talks=_has_talks(columns[f.label]),
        )
        for f in waits.files
    ]


def _has_talks(found: Columns) -> bool:
    says = uploads.ROLE in found.mapping
    return bool(found.agents) or not found.names or (uploads.TEXT in found.mapping and not says)


def _rows(found: Columns) -> tuple[tuple[str, str, str, str], ...]:
    fields = {column: field for field, column in found.mapping.items()}
    inside = [column for column in found.mapping.values() if column not in found.names]
    return tuple(
        (
            column,
            fields.get(column, ""),
            found.reasons.get(fields.get(column, ""), ""),
            found.samples.get(column, ""),
        )
        for column in (*inside, *found.names)
    )
