"""What reviews are worth: agreement, errors, disagreements to rule on, answers that are gold."""

from __future__ import annotations

from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from northloop.app import quality, scorecards
from northloop.console.pages.review import chosen, judgement
from northloop.console.view import Form, View, paths, posted

_SHOWN = 50
"""So many disagreements on a page."""


@dataclass(frozen=True)
class QualityPages:
    """The page and what is decided on it."""

    view: View

    def routes(self) -> list[Route]:
        gold = "/answers/{interaction}/gold"
        return [
            Route("/review/quality", self.quality, name="quality"),
            Route("/review/{review}/rule", posted(self.rule), name="rule", methods=["POST"]),
            Route(gold, posted(self.mark), name="mark_gold", methods=["POST"]),
            Route(f"{gold}/unmark", posted(self.unmark), name="unmark_gold", methods=["POST"]),
        ]

    def quality(self, request: Request) -> Response:
        inside = self.view.inside(request)
        context = {
            "agreement": quality.agreement(*inside),
            "error": scorecards.reviewer_error(*inside),
            "disagreements": quality.disagreements(*inside, _SHOWN),
            "known": quality.known(*inside),
            "undo": request.query_params.get("undo", ""),
        }
        return self.view.page(request, "quality.html", context)

    def rule(self, request: Request, form: Form) -> Response:
        given = judgement(request.path_params["review"], form)
        ruled = quality.rule(*self.view.inside(request), given).verdict
        return self.view.go(paths(request)("quality"), "ruled", undo=ruled.verdict_id)

    def mark(self, request: Request, form: Form) -> Response:
        interaction_id = request.path_params["interaction"]
        quality.mark(*self.view.inside(request), interaction_id, chosen(form))
        return self.view.go(paths(request)("answer", interaction=interaction_id), "gold")

    def unmark(self, request: Request, form: Form) -> Response:
        interaction_id = request.path_params["interaction"]
        quality.unmark(*self.view.inside(request), interaction_id)
        if form.text("back") == "quality":
            return self.view.go(paths(request)("quality"), "not-gold")
        return self.view.go(paths(request)("answer", interaction=interaction_id), "not-gold")
