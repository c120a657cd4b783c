"""The documents: what is in force, what the folder says beside it, and the work an edit leaves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from northloop.app import answers, articles, knowledge, previews
from northloop.app.articles import DocumentFile, Written
from northloop.app.knowledge import Change, Dependants, Edit, Status
from northloop.app.receiving import Receiving
from northloop.console.changes import marked, work
from northloop.console.uploads import LARGE, brought
from northloop.console.view import Form, Inside, View, is_partial, paths, posted, told
from northloop.core.conversation import Document
from northloop.core.errors import InputError, NorthloopError, NotFound
from northloop.core.interaction import Interaction
from northloop.core.outward import Outward

MOST_LISTED = 200
"""So many documents stand in one list; words narrow it."""
MOST_WORK = 20
"""So many answers to look at stand on one page; the next ones follow as these are decided."""
_MOST_NAMED = 40
_MOST_ANSWERS = 12
_QUICK_S = 0.3
_REMOVED = 20


class Listed(msgspec.Struct, frozen=True, kw_only=True):
    """A document as the list shows it."""

    article: DocumentFile
    state: str
    """"in force", "changed", "new", or "" while nothing is live."""
    is_past: bool
    """As of `articles.is_past`."""


class Going(msgspec.Struct, frozen=True, kw_only=True):
    """A file that somebody wants to remove, and all that lies in it."""

    file: str
    titles: tuple[str, ...]
    back: str
    """Where the form stood, see `_back`."""


@dataclass(frozen=True)
class KnowledgePages:
    """The documents, their files, and the answers that an edit put in doubt."""

    view: View

    def routes(self) -> list[Route]:
        at, answer = "/documents", "/documents/answers/{approved}"
        bring = brought(self.view, self.bring)
        return [
            Route(at, self.documents, name="documents"),
            Route(at, bring, name="bring_documents", methods=["POST"], middleware=LARGE),
            *(
                Route(f"{at}/{path}", posted(handler), name=name, methods=["POST"])
                for path, handler, name in (
                    ("update", self.put_in_force, "put_in_force"),
                    ("write", self.write, "write_document"),
                    ("save", self.save, "save_document"),
                    ("remove", self.remove, "remove_document"),
                    ("put-back", self.put_back, "put_back"),
                )
            ),
            Route(f"{answer}/confirm", posted(self.confirm), name="confirm", methods=["POST"]),
            Route(f"{answer}/reword", posted(self.reword), name="reword", methods=["POST"]),
            Route(f"{at}/{{document:path}}", self.document, name="document"),
        ]

    # --- the page ------------------------------------------------------------------------------

    def documents(self, request: Request) -> Response:
        if is_partial(request):
            context = standing(self.view.inside(request), request)
            return self.view.fragment(request, "parts/knowledge_state.html", context)
        return self._page(request)

    def _page(
        self,
        request: Request,
        *,
        asks: bool = False,
        going: Going | None = None,
        status: int = 200,
    ) -> Response:
        inside = self.view.inside(request)
        found = standing(inside, request)
        context = {
            **found,
            **kept(inside, request.query_params.get("words", "")),
            **_resting(inside, found["status"], found["change"]),
            "work": [work(doubt) for doubt in _doubts(inside, found["status"])[:MOST_WORK]],
            "outdated": [
                (one, *marked(one.sentence, one.instead)) for one in knowledge.outdated(*inside)
            ],
            "asks": asks,
            "going": going,
            "back": "",
        }
        return self.view.page(request, "documents.html", context, status)

    def put_in_force(self, request: Request, form: Form) -> Response:
        inside, seen = self.view.inside(request), form.text("seen")
        lose = form.text("lose") == "yes" and bool(seen)
        try:
            made = knowledge.update(*inside, lose=lose, seen=seen)
        except InputError:
            if not knowledge.status(*inside).edit.loses_most:
                raise
            return self._page(request, asks=True, status=409)
        note = "documents-in-force" if made.deployment else "documents-unchanged"
        return self.view.go(paths(request)("documents"), note)

    # --- one document --------------------------------------------------------------------------

    def document(self, request: Request) -> Response:
        inside, name = self.view.inside(request), request.path_params["document"]
        found = _article(inside, name)
        if "edit" in request.query_params:
            mine = _unsaved(inside, found.file) if "mine" in request.query_params else ""
            return self._form(request, found, articles.written(*inside, found.file), mine=mine)
        return self.view.page(
            request,
            "document.html",
            {
                "document": found.document,
                "file": found.file,
                "editable": found.file.lower().endswith(articles.WRITTEN),
                "since": knowledge.since(*inside, found.document),
                "state": _state(found, _edit(inside))
                if knowledge.in_force(*inside).knowledge
                else "",
            },
        )

    def _form(
        self,
        request: Request,
        found: DocumentFile,
        written: Written,
        *,
        mine: str = "",
        error: Outward | None = None,
    ) -> Response:
        context = {"document": found.document, "written": written, "mine": mine, "error": error}
        status = 409 if error else 200
        return self.view.page(request, "document_edit.html", context, status)

    def save(self, request: Request, form: Form) -> Response:
        inside, file, text = self.view.inside(request), form.text("file"), form.text("text")
        try:
            articles.rewrite(*inside, file, text, form.text("seen"))
        except InputError as error:
            if error.http_status != 409:
                raise
            name = file.rpartition(".")[0]
            now = articles.written(*inside, file)
            said = told(request, error)
            return self._form(request, _article(inside, name), now, mine=text, error=said)
        return self.view.go(paths(request)("documents"), "document-saved")

    # --- files ---------------------------------------------------------------------------------

    def bring(self, request: Request, form: Form, received: Receiving) -> Response:
        articles.add(*self.view.inside(request), received)
        return self._back(request, form, "documents-added")

    def write(self, request: Request, form: Form) -> Response:
        articles.write(*self.view.inside(request), form.text("title"), form.text("text"))
        return self._back(request, form, "documents-added")

    def remove(self, request: Request, form: Form) -> Response:
        inside, file = self.view.inside(request), form.text("file")
        titles = [a.document.title for a in articles.articles(*inside) if a.file == file]
        if len(titles) > 1 and form.text("all") != str(len(titles)):
            going = Going(file=file, titles=tuple(titles), back=form.text("back"))
            return self._page(request, going=going, status=409)
        articles.remove(*inside, file)
        return self._back(request, form, "document-removed")

    def put_back(self, request: Request, form: Form) -> Response:
        articles.put_back(*self.view.inside(request), form.text("removed"))
        return self._back(request, form, "document-back")

    def _back(self, request: Request, form: Form, note: str) -> Response:
        """To where the form stood: on the first day it is a step of the way."""
        page = "start_documents" if form.text("back") == "start" else "documents"
        return self.view.go(paths(request)(page), note)

    # --- answers in doubt ----------------------------------------------------------------------

    def confirm(self, request: Request, form: Form) -> Response:
        approved, seen = request.path_params["approved"], form.text("seen")
        knowledge.confirm(*self.view.inside(request), approved, seen)
        return self.view.go(paths(request)("documents"), "confirmed")

    def reword(self, request: Request, form: Form) -> Response:
        approved, seen = request.path_params["approved"], form.text("seen")
        knowledge.reword(*self.view.inside(request), approved, form.text("answer"), seen)
        return self.view.go(paths(request)("documents"), "reworded")


# --- what the page shows -----------------------------------------------------------------------


def standing(inside: Inside, request: Request) -> dict[str, object]:
    """Return what is in force and what the folder says beside it, or what keeps it from saying."""
    base = {"in_force": knowledge.in_force(*inside), "most": _MOST_NAMED}
    job = knowledge.last_change(*inside)
    counting = job is not None and job.wait(_QUICK_S).going_on
    change = job.result if job else None
    try:
        status: Status | None = knowledge.status(*inside)
        trouble = None
    except InputError as error:
        status, trouble = None, told(request, error)
    moving = status is not None and bool(status.edit) and status.watched and not status.elsewhere
    asked = status is not None and status.edit.loses_most
    return {
        **base,
        "status": status,
        "trouble": trouble,
        "change": change,
        "counting": counting,
        "settling": moving and not asked,
        "asks": False,
    }


def kept(inside: Inside, words: str = "") -> dict[str, object]:
    """Return the documents with their files, and what can be put back."""
    edit, trouble = Edit(), ""
    found: Sequence[DocumentFile] = ()
    try:
        found, edit = articles.articles(*inside), _edit(inside)
    except InputError as error:
        trouble = error.what
    live = bool(knowledge.in_force(*inside).knowledge)
    wanted = words.casefold().split()
    fitting = [a for a in found if _fits(a, wanted)]
    return {
        "listed": [
            Listed(
                article=a,
                state=_state(a, edit) if live else "",
                is_past=articles.is_past(a.document),
            )
            for a in fitting[:MOST_LISTED]
        ],
        "fitting": len(fitting),
        "total": len(found),
        "words": words,
        "documents_trouble": trouble,
        "removed": articles.removed(*inside)[:_REMOVED],
        "suffixes": articles.SUFFIXES,
        "writable": articles.WRITTEN,
        "largest": inside.workspace.settings.data.largest_upload_mb,
        "folder": inside.workspace.settings.data.documents,
    }


def documents(inside: Inside) -> Sequence[Document]:
    """Return the articles that can be read; () where there is no folder of them."""
    try:
        return knowledge.documents(*inside)
    except InputError:
        return ()


def _edit(inside: Inside) -> Edit:
    return knowledge.status(*inside).edit


def _fits(article: DocumentFile, wanted: Sequence[str]) -> bool:
    text = f"{article.document.title} {article.file}".casefold()
    return all(word in text for word in wanted)


def _state(article: DocumentFile, edit: Edit) -> str:
    name = article.document.document_id
    return "new" if name in edit.added else "changed" if name in edit.changed else "in force"


def _article(inside: Inside, name: str) -> DocumentFile:
    found = next((a for a in articles.articles(*inside) if a.document.document_id == name), None)
    if found is None:
        raise NotFound("no such document", where=name, action="it may have been renamed")
    return found


def _unsaved(inside: Inside, file: str) -> str:
    """Return the text of a file that was previewed last and is not saved; "" for none."""
    begun = previews.going_on(*inside)
    text = begun.wanted.text if begun is not None else None
    return text.text if text is not None and text.file == file else ""


def _doubts(inside: Inside, status: object) -> Sequence[knowledge.InDoubt]:
    if isinstance(status, Status):
        return status.in_doubt
    return knowledge.in_doubt(*inside)


def _resting(inside: Inside, status: object, change: object) -> dict[str, object]:
    """Return what rests on what is about to change, or else on what changed last."""
    pending = isinstance(status, Status) and bool(status.edit)
    found = Dependants()
    if isinstance(status, Status) and pending:
        found = status.dependants
    elif isinstance(change, Change):
        found = change.dependants
    return {
        "pending": pending,
        "resting": found,
        "resting_answers": _answers(inside, found.interactions[:_MOST_ANSWERS]),
    }


def _answers(inside: Inside, ids: Sequence[str]) -> list[Interaction]:
    found = []
    for name in ids:
        try:
            found.append(answers.interaction(*inside, name))
        except NorthloopError:  # forgotten meanwhile
            continue
    return found


__all__ = ["KnowledgePages", "documents", "kept"]
