"""Sealed releases: what is in the bundle, what changed, the gate's evidence, and the decision."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from northloop.app import releases, scorecards, turns, waiting
from northloop.app.releases import DIAGNOSTIC, SealedRelease
from northloop.app.waiting import Waiting
from northloop.console import figures
from northloop.console.view import Form, Inside, View, paths, posted
from northloop.console.words import THIN, number
from northloop.core.artefacts import Comparison, Release, Report
from northloop.core.deployment import Deployment
from northloop.core.errors import NotFound
from northloop.core.ids import short
from northloop.core.interaction import Proposal, ProposalState

_LESS_IS_BETTER = frozenset(
    {"perplexity", "bits_per_byte", "wrong", "handed_off", "latency_ms", "resolution_time", "cost"}
)
"""For comparisons whose report is gone; a report says itself which way is better."""


class BundlePart(msgspec.Struct, frozen=True, kw_only=True):
    """One part of the bundle, and what the live release has in its place ("" if the same)."""

    name: str
    value: str
    live: str
    hash: str = ""
    """In full, where the value is one shortened."""
    live_hash: str = ""


class Evidence(msgspec.Struct, frozen=True, kw_only=True):
    """One comparison of the gate, drawn."""

    comparison: Comparison
    axis: figures.Axis
    higher_is_better: bool


@dataclass(frozen=True)
class ReleasePages:
    """Releases, promotion and rollback."""

    view: View

    def routes(self) -> list[Route]:
        one = "/releases/{release}"
        return [
            Route("/releases", self.releases, name="releases"),
            Route(one, self.release, name="release"),
            Route(f"{one}/promote", posted(self.promote), name="promote", methods=["POST"]),
            Route(f"{one}/roll-back", posted(self.roll_back), name="roll_back", methods=["POST"]),
        ]

    def releases(self, request: Request) -> Response:
        inside = self.view.inside(request)
        context = {
            "releases": releases.releases(*inside),
            "cards": {card.release: card for card in scorecards.scorecards(*inside)},
            "promotions": releases.promotions(*inside),
            "numbers": releases.numbers(*inside),
        }
        return self.view.page(request, "releases.html", context)

    def release(self, request: Request) -> Response:
        inside = self.view.inside(request)
        all_ = releases.releases(*inside)
        sealed = _find(all_, request.path_params["release"])
        live = next((r for r in all_ if r.live), None)
        report = releases.report_of(*inside, sealed.artefact.hash)
        return self.view.page(
            request,
            "release.html",
            {
                "sealed": sealed,
                "live": live,
                "proposal": _waiting(inside, sealed),
                "waits": _standing(inside, sealed),
                "before": _live_before(sealed, all_, releases.promotions(*inside)),
                "parts": parts(sealed.release, live.release if live else None),
                "evidence": evidence(sealed, report),
                "report": report,
                "diagnostics": DIAGNOSTIC,
                "compared": releases.compared(*inside, sealed.artefact.hash),
                "numbers": releases.numbers(*inside),
                "favour": releases.favour(*inside, sealed.artefact.hash),
                "mode": inside[0].settings.serving.mode.value,
                "standings": releases.standings(*inside, sealed.artefact.hash),
                "card": scorecards.scorecard(*inside, sealed.artefact.hash),
                "apart": scorecards.breakdown(*inside, sealed.artefact.hash),
                "reused": scorecards.reused(*inside, sealed.artefact.hash),
                "error": scorecards.reviewer_error(*inside),
            },
        )

    def promote(self, request: Request, form: Form) -> Response:
        release = request.path_params["release"]
        anyway = bool(form.text("anyway"))
        releases.promote(*self.view.inside(request), release, anyway=anyway)
        return self.view.go(paths(request)("release", release=release), "promoted")

    def roll_back(self, request: Request, _form: Form) -> Response:
        release = request.path_params["release"]
        releases.roll_back(*self.view.inside(request), release)
        return self.view.go(paths(request)("release", release=release), "rolled-back")


def parts(release: Release, live: Release | None) -> list[BundlePart]:
    """Return the parts of a bundle, each with what the live one has where it differs."""
    mine = _described(release)
    theirs = _described(live) if live is not None else mine
    found = []
    for name, (value, hash_) in mine.items():
        other, other_hash = theirs[name] if theirs[name] != mine[name] else ("", "")
        found.append(
            BundlePart(name=name, value=value, live=other, hash=hash_, live_hash=other_hash)
        )
    return found


def evidence(sealed: SealedRelease, report: Report | None) -> list[Evidence]:
    """Return the gate's comparisons with their drawing; [] before the gate has looked."""
    if sealed.decision is None:
        return []
    known = {score.metric: score.higher_is_better for score in report.scores} if report else {}
    found = []
    for comparison in sealed.decision.comparisons:
        higher = known.get(comparison.metric, comparison.metric not in _LESS_IS_BETTER)
        axis = figures.comparison_axis(comparison, higher)
        found.append(Evidence(comparison=comparison, axis=axis, higher_is_better=higher))
    return found


def _described(release: Release) -> dict[str, tuple[str, str]]:
    limits = release.thresholds
    return {
        "Base model": (release.base, ""),
        "Base file": (short(release.base_file), release.base_file),
        "Adapter": (
            short(release.adapter) if release.adapter else "none, the untuned base",
            release.adapter or "",
        ),
        "Passages in the prompt": (str(release.passages), ""),
        "Longest answer": (f"{number(release.max_answer_tokens, 0)} tokens", ""),
        "Asked first": (_asked_first(release) or "nothing but the model", ""),
        "Hands off below": (
            f"retrieval {number(limits.retrieval, 2)}, confidence {number(limits.confidence, 2)}"
            + (f"; {limits.foreseen.words}" if limits.foreseen else "")
            if release.generates
            else "the model is not asked: what it adds is wrong more often than right",
            "",
        ),
        "Cached answers live": (f"{number(release.cache_ttl_s / 3600, 0)}{THIN}h", ""),
        "System prompt": (release.prompt, ""),
    }


def _asked_first(release: Release) -> str:
    return "; ".join(
        f"{choice.treatment.value} "
        + (f"from {number(choice.least, 2)} on" if choice.sent else "for drafts")
        + (f" ({choice.foreseen.words})" if choice.foreseen else "")
        for choice in release.first
    )


def _waiting(inside: Inside, sealed: SealedRelease) -> Proposal | None:
    """Return the proposal whose release this is, while a person is to decide on it."""
    ready = (p for p in turns.proposals(*inside) if p.state is ProposalState.READY)
    return next((p for p in ready if p.release == sealed.artefact.hash), None)


def _standing(inside: Inside, sealed: SealedRelease) -> Waiting | None:
    """Return how much of a release that waits would be sent; None where it does not wait."""
    release = sealed.artefact.hash
    return next((w for w in waiting.waiting(*inside) if w.proposal.release == release), None)


def _live_before(
    sealed: SealedRelease, all_: Sequence[SealedRelease], promotions: Sequence[Deployment]
) -> SealedRelease | None:
    """Return what was live before the live release, so that the last change can be undone."""
    others = [p.release for p in promotions if p.release != sealed.artefact.hash]
    if not sealed.live or not others:
        return None
    before = others[0]
    return next((r for r in all_ if r.artefact.hash == before and not r.live), None)


def _find(all_: Sequence[SealedRelease], hash_: str) -> SealedRelease:
    found = next((r for r in all_ if r.artefact.hash.startswith(hash_)), None)
    if found is None or len(hash_) < 4:
        raise NotFound("no such release", where=hash_, action="open Releases")
    return found
