"""Pairs: two releases' answers to one question, and which of them is right; nobody knows whose."""

from __future__ import annotations

from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from northloop.app import comparisons, releases, retrieval
from northloop.app import waiting as ready
from northloop.app.comparisons import PairChoice, SkipReason
from northloop.console.view import Form, View, paths, posted
from northloop.core.errors import InputError
from northloop.core.interaction import ProposalState

_PASSAGES = 2
_NOTES = {
    ProposalState.READY: "pair-better",
    ProposalState.REFUSED: "pair-not-better",
}


@dataclass(frozen=True)
class PairPages:
    """The answers of an undecided release beside those of the live one."""

    view: View

    def routes(self) -> list[Route]:
        return [
            Route("/loop/pairs", self.next_pair, name="pairs"),
            Route("/loop/pairs/{pair}", posted(self.choose), name="choose_pair", methods=["POST"]),
            Route("/loop/pairs/{pair}/undo", posted(self.undo), name="undo_pair", methods=["POST"]),
        ]

    def next_pair(self, request: Request) -> Response:
        inside = self.view.inside(request)
        waiting = comparisons.waiting(*inside)
        asked, done = (request.query_params.get(name, "") for name in ("pair", "undo"))
        pair = next((one for one in waiting if one.pair_id == asked), next(iter(waiting), None))
        context = {
            "pair": pair,
            "undo": done if done.isalnum() else "",
            "found": retrieval.find(*inside, pair.question, _PASSAGES) if pair else (),
            "undecided": comparisons.undecided(*inside),
            "waits": ready.waiting(*inside),
            "numbers": releases.numbers(*inside),
        }
        return self.view.page(request, "pairs.html", context)

    def choose(self, request: Request, form: Form) -> Response:
        inside = self.view.inside(request)
        pair_id, reason = request.path_params["pair"], form.text("skip")
        if reason:
            done = comparisons.skip(*inside, pair_id, _reason(reason))
        else:
            done = comparisons.choose(*inside, pair_id, _choice(form))
        path = paths(request)
        if done.decided and done.proposal is not None:
            return self.view.go(path("loop"), _NOTES.get(done.proposal.state, ""))
        note = "pair-chosen" if done.pair.choice else "pair-skipped"
        return self.view.go(
            path("pairs"), note if done.pair.given else "pair-left", undo=done.pair.pair_id
        )

    def undo(self, request: Request, _form: Form) -> Response:
        undone = comparisons.undo(*self.view.inside(request), request.path_params["pair"])
        return self.view.go(paths(request)("pairs"), "pair-undone", pair=undone.pair_id)


def _choice(form: Form) -> PairChoice:
    right = form.text("right")
    if right not in tuple(PairChoice):
        raise InputError(
            "no answer was chosen",
            where="field right",
            action="choose the first, the second, both or neither",
        )
    return PairChoice(right)


def _reason(said: str) -> SkipReason:
    if said not in tuple(SkipReason):
        known = ", ".join(SkipReason)
        raise InputError("no such reason", where="field skip", action=f"choose one of: {known}")
    return SkipReason(said)
