"""The documents, as a step of the first day; what their forms do is `pages.knowledge`'s."""

from __future__ import annotations

from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from northloop.console.pages.first_day.way import way_page
from northloop.console.pages.knowledge import kept
from northloop.console.view import View


@dataclass(frozen=True)
class DocumentSteps:
    """What answers are grounded in."""

    view: View

    def routes(self) -> list[Route]:
        return [Route("/start/documents", self.documents, name="start_documents")]

    def documents(self, request: Request) -> Response:
        context = {**kept(self.view.inside(request)), "back": "start"}
        return way_page(self.view, request, "start/documents.html", context)
