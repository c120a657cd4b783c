"""Pairs: two releases' answers to one question, and which of them is right; nobody knows whose."""

from __future__ import annotations

from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from northloop.app import comparisons, releases, retrieval
from northloop.app import waiting as ready
from northloop.app.comparisons import Choice
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
        ]

    def next_pair(self, request: Request) -> Response:
        inside = self.view.inside(request)
        waiting = comparisons.waiting(*inside)
        pair = waiting[0] if waiting else None
        context = {
            "pair": pair,
            "found": retrieval.find(*inside, pair.question, _PASSAGES) if pair else (),
            "undecided": comparisons.undecided(*inside),
            "waits": ready.waiting(*inside),
            "numbers": releases.numbers(*inside),
        }
        return self.view.page(request, "pairs.html", context)

    def choose(self, request: Request, form: Form) -> Response:
        inside = self.view.inside(request)
        done = comparisons.choose(*inside, request.path_params["pair"], _choice(form))
        path = paths(request)
        if done.decided and done.proposal is not None:
            return self.view.go(path("loop"), _NOTES.get(done.proposal.state, ""))
        return self.view.go(path("pairs"), "pair-chosen")


def _choice(form: Form) -> Choice:
    right = form.text("right")
    if right not in tuple(Choice):
        raise InputError(
            "no answer was chosen",
            where="field right",
            action="choose the first, the second, both or neither",
        )
    return Choice(right)
