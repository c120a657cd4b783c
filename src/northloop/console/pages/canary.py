"""A candidate beside what is live: who is answered by it, and the evidence as it came."""

from __future__ import annotations

from dataclasses import dataclass

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from northloop.app import canaries, releases
from northloop.app.canaries import Standing
from northloop.console import figures
from northloop.console.view import Form, View, paths, posted
from northloop.core.errors import NotFound


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """One line of evidence, drawn."""

    name: str
    candidate: float | None = None
    current: float | None = None
    counted: int
    found: float
    needed: float
    drawn: figures.Evidence


@dataclass(frozen=True)
class CanaryPages:
    """The canary that goes on, or the last one."""

    view: View

    def routes(self) -> list[Route]:
        return [
            Route("/canary", self.canary, name="canary"),
            Route("/canary/stop", posted(self.stop), name="stop_canary", methods=["POST"]),
            Route("/canary/promote", posted(self.promote), name="let_live", methods=["POST"]),
            Route(
                "/releases/{release}/canary",
                posted(self.start),
                name="start_canary",
                methods=["POST"],
            ),
        ]

    def canary(self, request: Request) -> Response:
        inside = self.view.inside(request)
        try:
            found = canaries.status(*inside)
        except NotFound:
            found = None
        standing = found.standing if found else None
        context = {
            "found": found,
            "no_worse": no_worse(standing) if standing else (),
            "harm": harm(standing) if standing else (),
            "numbers": releases.numbers(*inside),
        }
        return self.view.page(request, "canary.html", context)

    def start(self, request: Request, form: Form) -> Response:
        release, shadow = request.path_params["release"], bool(form.text("shadow"))
        canaries.start(*self.view.inside(request), release, shadow=shadow)
        note = "shadow-begun" if shadow else "canary-begun"
        return self.view.go(paths(request)("canary"), note)

    def stop(self, request: Request, _form: Form) -> Response:
        canaries.stop(*self.view.inside(request))
        return self.view.go(paths(request)("canary"), "canary-stopped")

    def promote(self, request: Request, _form: Form) -> Response:
        done = canaries.promote(*self.view.inside(request))
        return self.view.go(paths(request)("release", release=done.release), "promoted")


def no_worse(standing: Standing) -> tuple[Row, ...]:
    """Return the evidence that the candidate is no worse, figure by figure."""
    return tuple(
        Row(
            name=figure.name,
            candidate=figure.candidate,
            current=figure.current,
            counted=sum(figure.counted),
            found=figure.proven,
            needed=figure.needed,
            drawn=figures.evidence(standing.at, figure.line, figure.needed),
        )
        for figure in standing.figures
    )


def harm(standing: Standing) -> tuple[Row, ...]:
    """Return the evidence that it is worse."""
    counted = {figure.name: sum(figure.counted) for figure in standing.figures}
    return tuple(
        Row(
            name=" or ".join(one.names),
            counted=max(counted[name] for name in one.names),
            found=one.found,
            needed=one.needed,
            drawn=figures.evidence(standing.at, one.line, one.needed),
        )
        for one in standing.harms
    )
