"""The way from an empty folder to the first answer: its steps and the pages around them."""

from __future__ import annotations

import re
from collections.abc import Mapping

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from northloop.app import first_day, releases
from northloop.app.first_day import Step, Way
from northloop.console import words
from northloop.console.view import View, actor
from northloop.core.artefacts import TUNED
from northloop.core.interaction import ProposalState
from northloop.core.outward import Outward

QUICK_S = 0.15
"""A file is looked at for so long before the page says that it takes a while."""
_ORDER = (Step.OBJECTIVE, Step.HISTORY, Step.DOCUMENTS, Step.TURN)
_FLAG = re.compile(r":? --map [\w.]+=(?:\"<[^\"]*>\")?")
_INIT = re.compile(r"northloop init --objective (\"[^\"]+\")")


class Mark(msgspec.Struct, frozen=True, kw_only=True):
    """One step of the way: whether it is done, and what is to be said of it."""

    name: str
    route: str
    state: str
    """"done", "next" or "later"."""
    said: str
    button: str


def way_page(
    view: View, request: Request, template: str, context: Mapping[str, object], status: int = 200
) -> Response:
    """Return a page of the first day, within its steps."""
    found = first_day.way(view.lazy, actor(request))
    around = {"way": found, "marks": marks(found)}
    return view.page(request, template, {**around, **context}, status)


def start_page(view: View, request: Request) -> Response:
    """Return the page that shows the way from here to the first answer."""
    found = first_day.way(view.lazy, actor(request))
    return view.page(request, "start/start.html", {"way": found, "marks": marks(found)})


def is_first_day(view: View, request: Request) -> bool:
    """Say whether nothing was ever live in the folder, so that Home shows the way."""
    if not view.lazy.has_workspace:
        return True
    return not releases.ever_live(*view.inside(request))


# --- the steps ---------------------------------------------------------------------------------


def marks(way: Way) -> list[Mark]:
    """Return the steps from here to the first answer, each with its state."""
    done = {
        Step.OBJECTIVE: way.objective is not None,
        Step.HISTORY: bool(way.exports and way.exports.sources),
        Step.DOCUMENTS: bool(way.articles) or not way.needs_articles,
        Step.TURN: way.kind == TUNED,
    }
    said = {
        Step.OBJECTIVE: _said_objective(way),
        Step.HISTORY: _said_history(way),
        Step.DOCUMENTS: _said_documents(way),
        Step.TURN: _said_turn(way),
    }
    texts = {
        Step.OBJECTIVE: ("Objective", "start_objective", "Set the objective"),
        Step.HISTORY: ("History", "start_history", "Bring in the history"),
        Step.DOCUMENTS: ("Documents", "start_documents", "Add documents"),
        Step.TURN: ("First training", "start_turn", _turn_button(way)),
    }
    following = next((step for step in _ORDER if not done[step]), None)
    found = []
    for step in _ORDER:
        name, route, button = texts[step]
        state = "done" if done[step] else "next" if step is following else "later"
        found.append(Mark(name=name, route=route, state=state, said=said[step], button=button))
    asked = Mark(
        name="Ask it",
        route="playground",
        state="done" if way.live and way.asked else "next" if following is None else "later",
        said=_said_asked(way),
        button="Ask it",
    )
    return [*found, asked]


def _said_objective(way: Way) -> str:
    if way.objective is None:
        return "What is to get better, by how much, until when."
    return way.objective.statement


def _said_history(way: Way) -> str:
    if way.exports is None or not way.exports.sources:
        if way.uploads_waiting:
            return f"{words.counted(way.uploads_waiting, 'upload')} to look at and import."
        return "An export of answered tickets to learn from."
    said = words.counted(len(way.exports.sources), "export")
    if way.exports.card is not None:
        said += f", {words.number(way.exports.card.rows.kept, 0)} rows kept"
    return f"{said}."


def _said_documents(way: Way) -> str:
    if way.documents_trouble:
        return f"{words.capitalize_first(way.documents_trouble)}."
    if way.articles:
        pieces = sum(article.passages for article in way.articles)
        documents = words.counted(len(way.articles), "document")
        return f"{documents}, {words.counted(pieces, 'passage')} to cite."
    if not way.needs_articles:
        return "None are used: serving.passages is 0."
    return "The policies, FAQs and manuals that answers are grounded in."


_SAID_TURN = {
    ProposalState.APPROVED: "It is approved and has not begun.",
    ProposalState.RUNNING: "It goes on now.",
    ProposalState.INTERRUPTED: "It was interrupted and can go on where it stood.",
    ProposalState.FAILED: "It failed and can go on where it stood.",
    ProposalState.READY: "Its release passed the gate and waits for you.",
    ProposalState.REFUSED: "The gate refused its release. What is known already may begin.",
    ProposalState.UNDECIDED: "Its release waits until people have judged pairs of answers.",
    ProposalState.REJECTED: "Somebody decided against it. Another can be begun.",
    ProposalState.OUTDATED: "Another release went live since. Another can be begun.",
    ProposalState.PROMOTED: "Its release is live.",
}


def _said_turn(way: Way) -> str:
    if way.turn is not None:
        return _SAID_TURN[way.turn.state]
    return "Learn from the history, measure, and ask the gate. A person then makes it live."


def _turn_button(way: Way) -> str:
    if way.turn is None or way.turn.state in (ProposalState.REJECTED, ProposalState.OUTDATED):
        return "Begin the training"
    return {
        ProposalState.RUNNING: "Watch it",
        ProposalState.READY: "Decide",
        ProposalState.REFUSED: "Decide",
    }.get(way.turn.state, "Go on")


_ANSWERS = {
    "base": "The untuned base answers.",
    "begun": "Your resolved tickets and documents answer; nothing is trained yet.",
    "tuned": "The tuned release answers.",
}


def _said_asked(way: Way) -> str:
    if not way.live:
        return "Ask as a customer would, here or through the API."
    return _ANSWERS[way.kind]


def in_the_console(error: Outward) -> Outward:
    """Return what is told of an error as it is said on these pages."""
    return Outward(error.what, error.where, without_flags(error.action))


def without_flags(action: str) -> str:
    """Return an advice for the command line as it is said on these pages."""
    plain = _INIT.sub(r"\1", action)
    plain = plain.replace("; if it is meant so, give the same command with --anyway", "")
    if "--map" not in plain:
        return plain
    return f"{_FLAG.sub('', plain)} (in the table of columns)"
