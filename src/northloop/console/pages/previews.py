"""What an edit of the documents changes for customers: begun here, followed, and read."""

from __future__ import annotations

from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from northloop.app import previews
from northloop.app.knowledge import EditPreview, Effect
from northloop.app.previews import Previewing, Text
from northloop.console.changes import paired, shown
from northloop.console.view import Form, View, is_partial, paths, posted, told

MOST_SHOWN = 30
"""So many changed answers stand on the page, the most worrying ones."""
_MOST_PASSAGES = 40
_QUICK_S = 0.3


@dataclass(frozen=True)
class PreviewPages:
    """The page that shows the same questions, answered with both."""

    view: View

    def routes(self) -> list[Route]:
        at = "/preview"
        return [
            Route(at, self.preview, name="edit_preview"),
            Route(at, posted(self.begin), name="begin_preview", methods=["POST"]),
        ]

    def begin(self, request: Request, form: Form) -> Response:
        text = None
        if file := form.text("file"):
            text = Text(file=file, text=form.text("text"), seen=form.text("seen"))
        begun = previews.begin(*self.view.inside(request), text)
        begun.job.wait(_QUICK_S)
        return RedirectResponse(f"{paths(request)('edit_preview')}?of={begun.wanted.name}", 303)

    def preview(self, request: Request) -> Response:
        """Show the one that the address names, or the last one; what took its place is told."""
        begun = previews.going_on(*self.view.inside(request))
        of = request.query_params.get("of", "")
        another = bool(of) and begun is not None and begun.wanted.name != of
        context = {"job": None} if begun is None or another else _context(request, begun)
        context |= {"of": of, "another": another}
        if is_partial(request):
            return self.view.fragment(request, "parts/preview_state.html", context)
        return self.view.page(request, "preview.html", context)


def _context(request: Request, begun: Previewing) -> dict[str, object]:
    job = begun.job
    stage, going_on = job.stage, job.going_on
    found = None if going_on else job.result
    return {
        "job": job,
        "going_on": going_on,
        "wanted": begun.wanted,
        "is_of_now": begun.is_of_now,
        "share": stage.done / stage.total if stage.total else None,
        "error": told(request, job.error) if job.error and not going_on else None,
        **(_shown(found) if found is not None else {"found": None}),
    }


def _shown(found: EditPreview) -> dict[str, object]:
    pairs, others = paired(found.gone[:_MOST_PASSAGES], found.came[:_MOST_PASSAGES])
    return {
        "found": found,
        "effects": [
            effect for effect in Effect if effect is not Effect.MODEL or found.count(effect)
        ],
        "shown": [shown(one, found.came) for one in found.changed[:MOST_SHOWN]],
        "pairs": pairs,
        "others": others,
        "more_passages": len(found.gone) + len(found.came) - 2 * len(pairs) - len(others)
        if max(len(found.gone), len(found.came)) > _MOST_PASSAGES
        else 0,
    }
