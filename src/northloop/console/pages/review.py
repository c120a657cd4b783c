"""Review: one answer fills the screen, the next one is loaded already, keys do the rest."""

from __future__ import annotations

import logging
from dataclasses import dataclass

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from northloop.app import quality, reviews
from northloop.app.reviews import Judgement, ReviewContext
from northloop.console.evidence import Support, support
from northloop.console.security import TOKEN_COOKIE, browser_of
from northloop.console.view import Form, Inside, View, is_partial, paths, posted
from northloop.core.errors import InputError, NorthloopError, NotFound
from northloop.core.interaction import SkipReason, Verdict, VerdictKind

_AHEAD = 2
"""The one shown and the one loaded."""
_log = logging.getLogger("northloop.console")


class Card(msgspec.Struct, frozen=True, kw_only=True):
    """One review item, ready to be shown."""

    context: ReviewContext
    support: Support


@dataclass(frozen=True)
class ReviewPages:
    """The review queue."""

    view: View

    def routes(self) -> list[Route]:
        one = "/review/{review}"
        return [
            Route("/review", self.queue, name="review"),
            Route(
                "/review/undo/{verdict}", posted(self.undo), name="undo_verdict", methods=["POST"]
            ),
            Route(one, self.item, name="review_item"),
            Route(f"{one}/alternatives", self.alternatives, name="review_alternatives"),
            Route(f"{one}/verdict", posted(self.judge), name="judge", methods=["POST"]),
        ]

    def queue(self, request: Request) -> Response:
        cards = self._cards(request, _AHEAD)
        return self._page(request, cards[0] if cards else None, cards[1] if cards[1:] else None)

    def item(self, request: Request) -> Response:
        inside, review_id = self.view.inside(request), request.path_params["review"]
        card = _card(inside, review_id)
        mine = reviews.claim(*inside, browser_of(request), [review_id])
        ahead = self._cards(request, 1, (review_id,))
        return self._page(request, card, ahead[0] if ahead else None, elsewhere=not mine)

    def alternatives(self, request: Request) -> Response:
        """What the correction might say; nothing where that cannot be told: it can be written."""
        review_id = request.path_params["review"]
        try:
            found = reviews.alternatives(*self.view.inside(request), review_id)
        except NotFound:
            raise
        except NorthloopError as error:
            _log.warning("nothing can be offered for review %s: %s", review_id, error)
            found = ()
        return self.view.fragment(request, "parts/review_alternatives.html", {"found": found})

    def judge(self, request: Request, form: Form) -> Response:
        inside, review_id = self.view.inside(request), request.path_params["review"]
        verdict = _verdict(inside, review_id, form)
        if not is_partial(request):
            note = "passed-on" if verdict.skipped else "reviewed"
            return self.view.go(paths(request)("review"), note, undo=verdict.verdict_id)
        shown = form.texts("shown")
        reviews.claim(*inside, browser_of(request), shown)
        ahead = self._cards(request, 1, (review_id, *shown))
        return self._after(request, ahead[0] if ahead else None, verdict)

    def undo(self, request: Request, form: Form) -> Response:
        inside = self.view.inside(request)
        undone = reviews.undo(*inside, request.path_params["verdict"])
        back = form.text("back")
        if back == "answer":
            there = paths(request)("answer", interaction=undone.interaction_id)
            return self.view.go(there, "taken-back")
        if back == "quality":
            return self.view.go(paths(request)("quality"), "taken-back")
        reviews.claim(*inside, browser_of(request), [undone.review_id])
        if not is_partial(request):
            return self.view.go(paths(request)("review_item", review=undone.review_id), "undone")
        return self._after(request, _card(inside, undone.review_id), None)

    def _page(
        self, request: Request, now: Card | None, ahead: Card | None, *, elsewhere: bool = False
    ) -> Response:
        undo = request.query_params.get("undo", "")
        known = {"intents": reviews.intents(*self.view.inside(request)), "undo": undo}
        context = {
            "card": now,
            "ahead": ahead,
            "elsewhere": elsewhere,
            **known,
            **self._progress(request),
        }
        return self.view.page(request, "review.html", context)

    def _after(self, request: Request, card: Card | None, verdict: Verdict | None) -> Response:
        context = {"card": card, "verdict": verdict, **self._progress(request)}
        return self.view.fragment(request, "parts/review_after.html", context)

    def _cards(self, request: Request, limit: int, without: tuple[str, ...] = ()) -> list[Card]:
        inside = self.view.inside(request)
        looks_in = TOKEN_COOKIE not in request.cookies
        found = reviews.take(*inside, browser_of(request), limit, without, looks_in=looks_in)
        return [_card(inside, one.item.review_id) for one in found]

    def _progress(self, request: Request) -> dict[str, object]:
        inside = self.view.inside(request)
        return {
            "progress": reviews.progress(*inside),
            "agreement": quality.agreement(*inside),
        }


def _card(inside: Inside, review_id: str) -> Card:
    context = reviews.context(*inside, review_id)
    return Card(
        context=context,
        support=support(context.interaction.judged, [c.passage for c in context.cited]),
    )


def _verdict(inside: Inside, review_id: str, form: Form) -> Verdict:
    reason = form.text("skip")
    if not reason:
        return reviews.judge(*inside, judgement(review_id, form)).verdict
    if reason not in tuple(SkipReason):
        known = ", ".join(why.value for why in SkipReason)
        raise InputError("no such reason", where="field skip", action=f"choose one of: {known}")
    return reviews.skip(*inside, review_id, SkipReason(reason))


def chosen(form: Form) -> VerdictKind:
    """Return the verdict that a form holds; InputError."""
    kind = form.text("kind")
    if kind not in tuple(VerdictKind):
        raise InputError(
            "no verdict was chosen",
            where="field kind",
            action="choose correct, incorrect or needs rephrasing",
        )
    return VerdictKind(kind)


def judgement(review_id: str, form: Form) -> Judgement:
    """Return what a form says of an answer; InputError without a verdict."""
    kind = chosen(form)
    correction = form.text("correction")
    return Judgement(
        review_id=review_id,
        kind=kind,
        correction=correction if correction != form.text("answer") else "",
        reason=form.text("reason"),
        intent=form.text("intent"),
    )
