"""Review: one answer fills the screen, the next one is loaded already, keys do the rest."""

from __future__ import annotations

from dataclasses import dataclass

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from northloop.console.desk import Desk, Judgement, ReviewContext
from northloop.console.evidence import Support, support
from northloop.console.view import Form, View, is_partial, paths, posted, reviewer
from northloop.core.errors import InputError
from northloop.core.interaction import Verdict, VerdictKind

_AHEAD = 2
"""The one shown and the one loaded."""


class Card(msgspec.Struct, frozen=True, kw_only=True):
    """One review item, ready to be shown."""

    context: ReviewContext
    support: Support
    number: int | None
    """Number of the release that answered; None if it is not known any more."""


@dataclass(frozen=True)
class ReviewPages:
    """The review queue."""

    desk: Desk
    view: View

    def routes(self) -> list[Route]:
        one = "/review/{review}"
        return [
            Route("/review", self.queue, name="review"),
            Route(
                "/review/undo/{verdict}", posted(self.undo), name="undo_verdict", methods=["POST"]
            ),
            Route(one, self.item, name="review_item"),
            Route(f"{one}/verdict", posted(self.judge), name="judge", methods=["POST"]),
        ]

    def queue(self, request: Request) -> Response:
        cards = self._cards(without=())
        return self._page(request, cards[0] if cards else None, cards[1] if cards[1:] else None)

    def item(self, request: Request) -> Response:
        review_id = request.path_params["review"]
        ahead = self._cards(without=(review_id,))
        return self._page(request, self._card(review_id), ahead[0] if ahead else None)

    def judge(self, request: Request, form: Form) -> Response:
        review_id = request.path_params["review"]
        verdict = self._verdict(review_id, form, reviewer(request))
        if not is_partial(request):
            note = "skipped" if verdict.skipped else "reviewed"
            return self.view.go(paths(request)("review"), note)
        ahead = self._cards(without=(review_id, *form.texts("shown")))
        return self._after(request, ahead[0] if ahead else None, verdict)

    def undo(self, request: Request, _form: Form) -> Response:
        item = self.desk.undo_verdict(request.path_params["verdict"])
        if not is_partial(request):
            return self.view.go(paths(request)("review_item", review=item.review_id), "undone")
        return self._after(request, self._card(item.review_id), None)

    def _verdict(self, review_id: str, form: Form, by: str) -> Verdict:
        if form.text("skip") == "yes":
            return self.desk.skip_review(review_id, by)
        return self.desk.submit_verdict(_judgement(review_id, form, by))

    def _page(self, request: Request, now: Card | None, ahead: Card | None) -> Response:
        return self.view.page(
            request,
            "review.html",
            {
                "card": now,
                "ahead": ahead,
                "progress": self.desk.review_progress(),
                "quality": self.desk.quality(),
            },
        )

    def _after(self, request: Request, card: Card | None, verdict: Verdict | None) -> Response:
        return self.view.fragment(
            request,
            "parts/review_after.html",
            {
                "card": card,
                "verdict": verdict,
                "progress": self.desk.review_progress(),
                "quality": self.desk.quality(),
            },
        )

    def _cards(self, without: tuple[str, ...]) -> list[Card]:
        queue = self.desk.review_queue(_AHEAD + len(without))
        waiting = [item.review_id for item in queue if item.review_id not in without]
        return [self._card(review_id) for review_id in waiting[:_AHEAD]]

    def _card(self, review_id: str) -> Card:
        context = self.desk.review_context(review_id)
        numbers = {r.artefact.hash: r.number for r in self.desk.releases()}
        return Card(
            context=context,
            support=support(context.interaction.judged, context.passages),
            number=numbers.get(context.interaction.release),
        )


def _judgement(review_id: str, form: Form, by: str) -> Judgement:
    kind = form.text("kind")
    if kind not in tuple(VerdictKind):
        raise InputError(
            "no verdict was chosen",
            where="field kind",
            action="choose correct, incorrect or needs rephrasing",
        )
    correction = form.text("correction")
    return Judgement(
        review_id=review_id,
        kind=VerdictKind(kind),
        correction=correction if correction != form.text("answer") else "",
        reason=form.text("reason"),
        reviewer=by,
    )
