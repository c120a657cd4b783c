"""Where the loop stands: what it waits for, what it proposes, and the turn that is going on."""

from __future__ import annotations

from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from northloop.app import comparisons, releases, turns, waiting
from northloop.console.view import Form, Inside, View, paths, posted
from northloop.core.interaction import ProposalState

STOPPED = (ProposalState.APPROVED, ProposalState.INTERRUPTED)
"""Approved, and nobody is at it."""
_ENDED = (
    ProposalState.PROMOTED,
    ProposalState.REFUSED,
    ProposalState.REJECTED,
    ProposalState.OUTDATED,
)


@dataclass(frozen=True)
class LoopPages:
    """Proposals and turns."""

    view: View

    def routes(self) -> list[Route]:
        one = "/loop/{proposal}"
        return [
            Route("/loop", self.loop, name="loop"),
            Route("/loop/live", self.live, name="loop_live"),
            Route("/loop/propose", posted(self.propose), name="propose", methods=["POST"]),
            Route(f"{one}/approve", posted(self.approve), name="approve", methods=["POST"]),
            Route(f"{one}/reject", posted(self.reject), name="reject", methods=["POST"]),
        ]

    def loop(self, request: Request) -> Response:
        return self.view.page(request, "loop.html", _state(self.view.inside(request)))

    def live(self, request: Request) -> Response:
        return self.view.fragment(
            request, "parts/loop_state.html", _state(self.view.inside(request))
        )

    def propose(self, request: Request, _form: Form) -> Response:
        turns.propose(*self.view.inside(request))
        return self.view.go(paths(request)("loop"), "proposed")

    def approve(self, request: Request, _form: Form) -> Response:
        turns.begin(*self.view.inside(request), request.path_params["proposal"])
        return self.view.go(paths(request)("loop"), "approved")

    def reject(self, request: Request, _form: Form) -> Response:
        turns.reject(*self.view.inside(request), request.path_params["proposal"])
        return self.view.go(paths(request)("loop"), "rejected")


def _state(inside: Inside) -> dict[str, object]:
    proposals = turns.proposals(*inside)
    going_on = next((p for p in proposals if p.state is ProposalState.RUNNING), None)
    return {
        "trigger": turns.trigger(*inside),
        "open": [p for p in proposals if p.state is ProposalState.OPEN],
        "ready": [p for p in proposals if p.state is ProposalState.READY],
        "waits": {one.proposal.release: one for one in waiting.waiting(*inside)},
        "undecided": comparisons.undecided(*inside),
        "numbers": releases.numbers(*inside),
        "stopped": [p for p in proposals if p.state in STOPPED],
        "failed": [p for p in proposals if p.state is ProposalState.FAILED],
        "past": [p for p in proposals if p.state in _ENDED],
        "going_on": going_on,
        "turn": turns.step_status(*inside, going_on.proposal_id) if going_on else (),
        "training": turns.is_training(*inside),
    }
