"""The desk: who waits for a person, and one conversation with its draft, ready to be answered."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from northloop.app import desk, reviews
from northloop.app.desk import Alternative, Waiting
from northloop.console.evidence import support
from northloop.console.view import Form, View, paths, posted, told
from northloop.core.errors import InputError, NorthloopError, NotFound
from northloop.core.treatment import Mode

_SHOWN = 25
"""So many conversations on a page."""
_log = logging.getLogger("northloop.console")


@dataclass(frozen=True)
class DeskPages:
    """The agents' desk."""

    view: View

    def routes(self) -> list[Route]:
        one = "/desk/{answer}"
        return [
            Route("/desk", self.queue, name="desk"),
            Route(one, self.case, name="desk_case"),
            Route(f"{one}/send", posted(self.send), name="desk_send", methods=["POST"]),
            Route(f"{one}/edit", posted(self.edit), name="desk_edit", methods=["POST"]),
            Route(f"{one}/reword", posted(self.reword), name="desk_reword", methods=["POST"]),
            Route(f"{one}/discard", posted(self.discard), name="desk_discard", methods=["POST"]),
            Route(f"{one}/mode", posted(self.mode), name="desk_mode", methods=["POST"]),
        ]

    def queue(self, request: Request) -> Response:
        inside, after = self.view.inside(request), request.query_params.get("after", "")
        context = {
            "page_of": desk.queue(*inside, after, _SHOWN),
            "first": not after,
            "undelivered": desk.undelivered(*inside, _SHOWN),
        }
        return self.view.page(request, "desk.html", context)

    def case(self, request: Request) -> Response:
        found = desk.look(*self.view.inside(request), _answer(request))
        return self._over(request) if found is None else self._page(request, found)

    def send(self, request: Request, _form: Form) -> Response:
        inside = self.view.inside(request)
        return self._done(request, ("", ""), lambda: desk.send(*inside, _answer(request)))

    def edit(self, request: Request, form: Form) -> Response:
        inside, text = self.view.inside(request), form.text("text")
        others, intent = form.text("for_others") == "yes", form.text("intent")
        return self._done(
            request,
            (text, intent),
            lambda: desk.edit(*inside, _answer(request), text, for_others=others, intent=intent),
        )

    def reword(self, request: Request, form: Form) -> Response:
        inside, text = self.view.inside(request), form.text("text")
        intent = form.text("intent")
        return self._done(
            request,
            (text, intent),
            lambda: desk.reword(*inside, _answer(request), text, intent=intent),
        )

    def discard(self, request: Request, form: Form) -> Response:
        inside, intent = self.view.inside(request), form.text("intent")
        others = form.text("for_others") == "yes"
        reply = "" if form.text("close") == "yes" else form.text("text")
        if not reply and form.text("close") != "yes":
            raise InputError(
                "an empty reply",
                where="field text",
                action="write what the customer is to read, or close without a reply",
            )
        return self._done(
            request,
            (reply, intent),
            lambda: desk.discard(
                *inside, _answer(request), reply, for_others=others, intent=intent
            ),
        )

    def mode(self, request: Request, form: Form) -> Response:
        """Let a person answer the conversation from now on, or the assistant again."""
        inside, taken = self.view.inside(request), form.text("mode") == Mode.DRAFT
        found = desk.look(*inside, _answer(request))
        if found is None:
            return self._over(request)
        desk.answer_in(*inside, found.interaction_id, Mode.DRAFT if taken else None)
        target = paths(request)("desk_case", answer=found.interaction_id)
        return self.view.go(target, "taken-over" if taken else "given-back")

    def _done(
        self, request: Request, written: tuple[str, str], act: Callable[[], desk.Acted]
    ) -> Response:
        """Act and go on to who waits longest; what cannot be done keeps what was written."""
        inside = self.view.inside(request)
        try:
            done = act()
        except NotFound:
            raise
        except InputError as error:
            found = desk.look(*inside, _answer(request))
            if found is None:
                return self._over(request, written[0], error)
            return self._page(request, found, written, error)
        following = desk.queue(*inside, limit=1).rows
        path = paths(request)
        target = (
            path("desk_case", answer=following[0].interaction_id) if following else path("desk")
        )
        return self.view.go(target, f"desk-{done.act.kind.value}")

    def _over(self, request: Request, text: str = "", error: InputError | None = None) -> Response:
        """Say that nothing waits here any more, and give back what was written in vain."""
        context = {
            "left": desk.waiting(*self.view.inside(request)),
            "written": text,
            "error": told(request, error) if error else None,
        }
        status = error.http_status if error else 200
        return self.view.page(request, "desk_done.html", context, status)

    def _alternatives(self, request: Request, found: Waiting) -> Sequence[Alternative]:
        """What might be sent instead; nothing where that cannot be told: a reply has to go out."""
        try:
            return desk.alternatives(*self.view.inside(request), found.interaction_id)
        except NorthloopError as error:
            _log.warning("nothing can be offered for %s: %s", found.interaction_id, error)
            return ()

    def _page(
        self,
        request: Request,
        found: Waiting,
        written: tuple[str, str] = ("", ""),
        error: InputError | None = None,
    ) -> Response:
        """`written` is a reply that was not sent, and what it said it is about; else it is the
        alternative that is to be edited, if the address names one."""
        text, intent = written
        others = self._alternatives(request, found)
        taken = request.query_params.get("take", "")
        if not text and taken.isdecimal() and int(taken) < len(others):
            text = others[int(taken)].text
        context = {
            "found": found,
            "reader": self.view.inside(request).actor.name,
            "alternatives": others,
            "support": support(found.draft or found.lapsed, [c.passage for c in found.cited]),
            "moved_on": found.interaction_id != _answer(request),
            "written": text,
            "intent": intent,
            "intents": reviews.intents(*self.view.inside(request)),
            "error": told(request, error) if error else None,
        }
        status = error.http_status if error else 200
        return self.view.page(request, "desk_case.html", context, status)


def _answer(request: Request) -> str:
    return str(request.path_params["answer"])
