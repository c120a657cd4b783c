"""Home answers three questions: are we on track, what needs me, what changed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from northloop.app import (
    alerts,
    answers,
    canaries,
    comparisons,
    datasets,
    intake,
    lessons,
    releases,
    reviews,
    scorecards,
    turns,
    waiting,
)
from northloop.app.answers import Search
from northloop.app.releases import SealedRelease
from northloop.app.turns import Run, RunState, Trigger
from northloop.console import words
from northloop.console.pages.first_day.way import is_first_day, start_page
from northloop.console.pages.knowledge import documents
from northloop.console.pages.loop import STOPPED
from northloop.console.pages.objective import outlook
from northloop.console.view import Inside, View, is_partial
from northloop.core.artefacts import Artefact, DataCard, Objective
from northloop.core.clock import now
from northloop.core.deployment import Action, Deployment
from northloop.core.interaction import Proposal, ProposalState
from northloop.core.tally import Scorecard

_EVENTS = 9
_ANSWERS_LISTED = 40


class Event(msgspec.Struct, frozen=True, kw_only=True):
    """Something that changed."""

    at: str
    text: str
    route: str
    parameters: dict[str, str] = {}


class Stage(msgspec.Struct, frozen=True, kw_only=True):
    """One stage of the loop on the strip: its figure and what the figure is."""

    name: str
    route: str
    icon: str
    figure: str
    caption: str


class Seen(msgspec.Struct, frozen=True, kw_only=True):
    """What Home tells of, read once."""

    objective: Objective | None
    datasets: tuple[Artefact, ...]
    newest_card: DataCard | None
    runs: tuple[Run, ...]
    releases: tuple[SealedRelease, ...]
    promotions: tuple[Deployment, ...]
    card: Scorecard
    trigger: Trigger
    proposals: tuple[Proposal, ...]


@dataclass(frozen=True)
class HomePages:
    """Home and the command palette."""

    view: View

    def routes(self) -> list[Route]:
        return [
            Route("/", self.home, name="home"),
            Route("/palette", self.palette, name="palette"),
        ]

    def home(self, request: Request) -> Response:
        if is_first_day(self.view, request):
            return start_page(self.view, request)
        inside = self.view.inside(request)
        seen = _look(inside)
        events = sorted(_events(seen), key=lambda event: event.at, reverse=True)
        return self.view.page(
            request,
            "home.html",
            {
                "outlook": outlook(inside, now()),
                "alerts": alerts.alerts(*inside),
                "card": seen.card,
                "review": reviews.progress(*inside),
                "going_out": releases.going_out(*inside),
                "proposals": [p for p in seen.proposals if p.state is ProposalState.OPEN],
                "ready": [p for p in seen.proposals if p.state is ProposalState.READY],
                "waits": {one.proposal.release: one for one in waiting.waiting(*inside)},
                "undecided": comparisons.undecided(*inside),
                "trial": canaries.going_on(*inside),
                "numbers": {r.artefact.hash: r.number for r in seen.releases},
                "failed": [p for p in seen.proposals if p.state is ProposalState.FAILED],
                "stopped": [p for p in seen.proposals if p.state in STOPPED],
                "stages": _stages(seen),
                "untrained": not seen.runs and any(r.live and not r.trained for r in seen.releases),
                "running": [r for r in seen.runs if r.state is RunState.RUNNING],
                "events": events[:_EVENTS],
            },
        )

    def palette(self, request: Request) -> Response:
        """Everything there is to go to: for the dialog, and as a page where scripts are off."""
        inside = self.view.inside(request)
        context = {
            "releases": releases.releases(*inside),
            "datasets": datasets.versions(*inside),
            "documents": documents(inside),
            "lessons": lessons.lessons(inside.actor),
            "answers": answers.search(*inside, Search(limit=_ANSWERS_LISTED)).items,
        }
        if is_partial(request):
            return self.view.fragment(request, "parts/palette.html", context)
        return self.view.page(request, "palette.html", context)


def _look(inside: Inside) -> Seen:
    versions = datasets.versions(*inside)
    return Seen(
        objective=intake.objective(*inside),
        datasets=tuple(versions),
        newest_card=datasets.card(*inside, versions[0].hash) if versions else None,
        runs=tuple(turns.runs(*inside)),
        releases=tuple(releases.releases(*inside)),
        promotions=tuple(releases.promotions(*inside)),
        card=scorecards.scorecard(*inside),
        trigger=turns.trigger(*inside),
        proposals=tuple(turns.proposals(*inside)),
    )


def _stages(seen: Seen) -> list[Stage]:
    return [
        _objective_stage(seen.objective),
        _data_stage(seen.newest_card),
        _training_stage(seen.runs),
        _release_stage(seen.releases),
        _review_stage(seen.card),
        _loop_stage(seen.trigger),
    ]


def _objective_stage(objective: Objective | None) -> Stage:
    figure, caption = "–", "no objective yet"
    if objective is not None:
        if objective.change:
            figure = f"{words.signed(objective.change * 100, 0)}{words.THIN}%"
        metric = words.metric_name(objective.metric)
        caption = f"{metric[0].lower()}{metric[1:]} by {words.day(objective.deadline)}"
    return Stage(
        name="Objective", route="objective", icon="objective", figure=figure, caption=caption
    )


def _data_stage(card: DataCard | None) -> Stage:
    figure, caption = "–", "no dataset yet"
    if card is not None:
        figure = words.number(card.rows.kept, 0)
        caption = f"rows kept of {words.number(card.rows.rows_in, 0)}"
    return Stage(name="Data", route="data", icon="data", figure=figure, caption=caption)


def _training_stage(runs: Sequence[Run]) -> Stage:
    figure, caption = "–", "nothing trained yet"
    for run in runs:
        if run.state is RunState.RUNNING and run.curve:
            last = run.curve[-1]
            figure, caption = words.percent(last.step / last.steps), "of the run now going on"
            break
        losses = [p.validation_loss for p in run.curve if p.validation_loss is not None]
        if run.state is RunState.FINISHED and losses:
            figure, caption = words.number(losses[-1], 2), "nats a token, validation, last run"
            break
    return Stage(name="Training", route="training", icon="training", figure=figure, caption=caption)


def _release_stage(releases: Sequence[SealedRelease]) -> Stage:
    live = next((r for r in releases if r.live), None)
    figure = "–" if live is None else words.release_name(live.number)
    sealed = words.counted(len(releases), "release")
    caption = f"live, of {sealed} sealed" if live else f"none live, {sealed} sealed"
    return Stage(name="Releases", route="releases", icon="releases", figure=figure, caption=caption)


def _review_stage(card: Scorecard) -> Stage:
    figure, caption = "–", "no answer of the live release reviewed yet"
    right = card.accuracy
    if right is not None:
        figure = words.percent(right.value)
        low, high = words.number(100 * right.low, 0), words.number(100 * right.high, 0)
        caption = f"right ({low}–{high}), {words.counted(card.reviewed, 'review')}"
    return Stage(name="Review", route="review", icon="review", figure=figure, caption=caption)


def _loop_stage(trigger: Trigger) -> Stage:
    return Stage(
        name="Loop",
        route="loop",
        icon="loop",
        figure=words.number(trigger.verdicts_new, 0),
        caption=f"new corrections; {trigger.verdicts_wanted} propose a retraining",
    )


_ROUTES = {
    Action.PROMOTE: "release",
    Action.ROLL_BACK: "release",
    Action.UPDATE: "documents",
}


def _events(seen: Seen) -> Iterator[Event]:
    numbers = {r.artefact.hash: r.number for r in seen.releases}
    for promotion in seen.promotions:
        name = words.release_name(numbers.get(promotion.release))
        said = {
            Action.PROMOTE: f"{name} went live",
            Action.ROLL_BACK: f"Rolled back to {name.lower()}",
            Action.UPDATE: "Changed documents went into force",
            Action.CANARY: "A canary began",
            Action.SHADOW: "A shadow began",
            Action.STOP: "The candidate was stopped",
        }
        route = _ROUTES.get(promotion.action, "canary")
        yield Event(
            at=promotion.at,
            text=said[promotion.action],
            route=route,
            parameters={"release": promotion.release} if route == "release" else {},
        )
    for sealed in seen.releases:
        judged = sealed.decision
        verb = "was sealed"
        if judged is not None and not judged.promote:
            verb += ", and is undecided" if judged.pairs else ", and refused by the gate"
        yield Event(
            at=sealed.artefact.created_at,
            text=f"{words.release_name(sealed.number)} {verb}",
            route="release",
            parameters={"release": sealed.artefact.hash},
        )
    for place, dataset in enumerate(seen.datasets):
        yield Event(
            at=dataset.created_at,
            text=f"Dataset {len(seen.datasets) - place} was prepared",
            route="dataset",
            parameters={"dataset": dataset.hash},
        )
    for proposal in seen.proposals:
        yield Event(at=proposal.at, text=f"Retraining proposed: {proposal.reason}", route="loop")
