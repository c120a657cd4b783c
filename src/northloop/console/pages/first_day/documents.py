"""The documents, as a step of the first day."""

from __future__ import annotations

from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from northloop.app import articles
from northloop.app.receiving import Receiving
from northloop.console.pages.first_day.way import way_page
from northloop.console.uploads import LARGE, brought
from northloop.console.view import Form, View, paths, posted


@dataclass(frozen=True)
class DocumentSteps:
    """What answers are grounded in."""

    view: View

    def routes(self) -> list[Route]:
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

    def documents(self, request: Request) -> Response:
        inside = self.view.inside(request)
        context = {
            "removed": articles.removed(*inside),
            "suffixes": articles.SUFFIXES,
            "largest": inside.workspace.settings.data.largest_upload_mb,
            "folder": inside.workspace.settings.data.documents,
        }
        return way_page(self.view, request, "start/documents.html", context)

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
