"""Home answers three questions: are we on track, what needs me, what changed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from northloop.console import words
from northloop.console.desk import Desk, RunState
from northloop.console.pages.objective import outlook
from northloop.console.view import View
from northloop.core.interaction import ProposalState

_EVENTS = 9
_ANSWERS_LISTED = 40


class Event(msgspec.Struct, frozen=True, kw_only=True):
    """Something that changed."""

    at: str
    text: str
    icon: str
    route: str
    parameters: dict[str, str] = {}


class Stage(msgspec.Struct, frozen=True, kw_only=True):
    """One stage of the loop on the strip: its figure and what the figure is."""

    name: str
    route: str
    icon: str
    figure: str
    caption: str


@dataclass(frozen=True)
class HomePages:
    """Home and the command palette."""

    desk: Desk
    view: View

    def routes(self) -> list[Route]:
        return [
            Route("/", self.home, name="home"),
            Route("/palette", self.palette, name="palette"),
        ]

    def home(self, request: Request) -> Response:
        events = sorted(_events(self.desk), key=lambda event: event.at, reverse=True)
        return self.view.page(
            request,
            "home.html",
            {
                "outlook": outlook(self.desk.objective(), self.desk.progress()),
                "quality": self.desk.quality(),
                "review": self.desk.review_progress(),
                "proposals": [p for p in self.desk.proposals() if p.state is ProposalState.OPEN],
                "stages": _stages(self.desk),
                "running": [r for r in self.desk.runs() if r.state is RunState.RUNNING],
                "events": events[:_EVENTS],
            },
        )

    def palette(self, request: Request) -> Response:
        return self.view.fragment(
            request,
            "parts/palette.html",
            {
                "releases": self.desk.releases(),
                "datasets": self.desk.datasets(),
                "documents": self.desk.documents(),
                "lessons": self.desk.lessons(),
                "answers": self.desk.interactions(_ANSWERS_LISTED),
            },
        )


def _stages(desk: Desk) -> list[Stage]:
    return [
        _objective_stage(desk),
        _data_stage(desk),
        _training_stage(desk),
        _release_stage(desk),
        _review_stage(desk),
        _loop_stage(desk),
    ]


def _objective_stage(desk: Desk) -> Stage:
    objective = desk.objective()
    figure = (
        "–" if objective is None else words.signed(objective.change * 100, 0) + f"{words.THIN}%"
    )
    caption = (
        "no objective yet"
        if objective is None
        else f"{words.metric_name(objective.metric).lower()} by {words.day(objective.deadline)}"
    )
    return Stage(
        name="Objective", route="objective", icon="objective", figure=figure, caption=caption
    )


def _data_stage(desk: Desk) -> Stage:
    datasets = desk.datasets()
    figure, caption = "–", "no dataset yet"
    if datasets:
        card = desk.data_card(datasets[0].hash)
        figure = words.number(card.rows.kept, 0)
        caption = f"rows kept of {words.number(card.rows.rows_in, 0)}"
    return Stage(name="Data", route="data", icon="data", figure=figure, caption=caption)


def _training_stage(desk: Desk) -> Stage:
    figure, caption = "–", "nothing trained yet"
    for run in desk.runs():
        if run.state is RunState.RUNNING and run.curve:
            last = run.curve[-1]
            figure, caption = words.percent(last.step / last.steps), "of the run now going on"
            break
        losses = [p.validation_loss for p in run.curve if p.validation_loss is not None]
        if run.state is RunState.FINISHED and losses:
            figure, caption = words.number(losses[-1], 2), "nats a token, validation, last run"
            break
    return Stage(name="Training", route="training", icon="training", figure=figure, caption=caption)


def _release_stage(desk: Desk) -> Stage:
    releases = desk.releases()
    live = next((r for r in releases if r.live), None)
    figure = "–" if live is None else f"Release {live.number}"
    sealed = words.counted(len(releases), "release")
    caption = f"live, of {sealed} sealed" if live else f"none live, {sealed} sealed"
    return Stage(name="Releases", route="releases", icon="releases", figure=figure, caption=caption)


def _review_stage(desk: Desk) -> Stage:
    quality = desk.quality()
    figure, caption = "–", "no answer reviewed yet"
    if quality is not None:
        figure = words.percent(quality.accuracy)
        low, high = words.number(100 * quality.low, 0), words.number(100 * quality.high, 0)
        caption = f"right ({low}–{high}), {words.counted(quality.reviewed, 'review')}"
    return Stage(name="Review", route="review", icon="review", figure=figure, caption=caption)


def _loop_stage(desk: Desk) -> Stage:
    trigger = desk.trigger()
    return Stage(
        name="Loop",
        route="loop",
        icon="loop",
        figure=f"{trigger.verdicts_new} of {trigger.verdicts_wanted}",
        caption="new verdicts to the next proposal",
    )


def _events(desk: Desk) -> Iterator[Event]:
    numbers = {r.artefact.hash: r.number for r in desk.releases()}
    for promotion in desk.promotions():
        name = f"Release {numbers.get(promotion.release, '?')}"
        text = f"{name} went live" if promotion.action == "promote" else f"Rolled back to {name}"
        yield Event(
            at=promotion.at,
            text=text,
            icon="releases",
            route="release",
            parameters={"release": promotion.release},
        )
    for sealed in desk.releases():
        refused = sealed.decision is not None and not sealed.decision.promote
        verb = "was sealed, and refused by the gate" if refused else "was sealed"
        yield Event(
            at=sealed.artefact.created_at,
            text=f"Release {sealed.number} {verb}",
            icon="releases",
            route="release",
            parameters={"release": sealed.artefact.hash},
        )
    datasets = desk.datasets()
    for place, dataset in enumerate(datasets):
        yield Event(
            at=dataset.created_at,
            text=f"Dataset {len(datasets) - place} was prepared",
            icon="data",
            route="dataset",
            parameters={"dataset": dataset.hash},
        )
    for proposal in desk.proposals():
        yield Event(
            at=proposal.at,
            text=f"Retraining proposed: {proposal.reason}",
            icon="loop",
            route="loop",
        )
