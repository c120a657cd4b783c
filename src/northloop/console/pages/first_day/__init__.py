"""The first day: from an empty folder to a served answer, a page a step."""

from __future__ import annotations

from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from northloop.console.pages.first_day.documents import DocumentSteps
from northloop.console.pages.first_day.history import HistorySteps
from northloop.console.pages.first_day.objective import ObjectiveSteps
from northloop.console.pages.first_day.turn import TurnSteps
from northloop.console.pages.first_day.way import start_page
from northloop.console.view import View


@dataclass(frozen=True)
class FirstDayPages:
    """The way, the objective's form, the history, the documents, the first turn."""

    view: View

    def routes(self) -> list[Route]:
        return [
            Route("/start", self.start, name="start"),
            *ObjectiveSteps(self.view).routes(),
            *HistorySteps(self.view).routes(),
            *DocumentSteps(self.view).routes(),
            *TurnSteps(self.view).routes(),
        ]

    def start(self, request: Request) -> Response:
        return start_page(self.view, request)
