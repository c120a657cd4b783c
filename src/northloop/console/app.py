"""Puts the console together: pages, static files, headers, and what a reader sees of an error."""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from starlette.applications import Starlette
from starlette.datastructures import URLPath
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.body_limit import RequestBodyLimitMiddleware
from starlette.requests import ClientDisconnect, Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Mount, NoMatchFound, Route
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from northloop.app.lazy_workspace import LazyWorkspace
from northloop.console.pages.alerts import AlertPages
from northloop.console.pages.answers import AnswerPages
from northloop.console.pages.canary import CanaryPages
from northloop.console.pages.data import DataPages
from northloop.console.pages.desk import DeskPages
from northloop.console.pages.first_day import FirstDayPages
from northloop.console.pages.home import HomePages
from northloop.console.pages.keys import KeyPages
from northloop.console.pages.knowledge import KnowledgePages
from northloop.console.pages.lessons import LessonPages
from northloop.console.pages.loop import LoopPages
from northloop.console.pages.objective import ObjectivePages
from northloop.console.pages.pairs import PairPages
from northloop.console.pages.playground import PlaygroundPages
from northloop.console.pages.previews import PreviewPages
from northloop.console.pages.quality import QualityPages
from northloop.console.pages.releases import ReleasePages
from northloop.console.pages.review import ReviewPages
from northloop.console.pages.settings import SettingsPages
from northloop.console.pages.training import TrainingPages
from northloop.console.security import PageHeaders
from northloop.console.view import View, paths
from northloop.core.errors import InputError, NorthloopError, NotFound, NotReady

_LARGEST_POST = 256 * 1024
_STATIC = Path(__file__).parent / "static"
_log = logging.getLogger("northloop.console")


def create_console(lazy: LazyWorkspace) -> Starlette:
    """Return the console of a folder as an ASGI application, to be mounted at "/" after the API."""
    view = View(lazy)
    return _Console(
        routes=[
            *_pages(view),
            Mount("/static", _Static(directory=_STATIC), name="static"),
        ],
        middleware=[
            Middleware(PageHeaders),
            Middleware(RequestBodyLimitMiddleware, max_body_size=_LARGEST_POST),
        ],
        exception_handlers=_error_pages(view),
    )


class _Console(Starlette):
    """Asks for a path the pages of that name alone: a page has hundreds of links."""

    def __init__(self, routes: Sequence[Route | Mount], **options: Any) -> None:
        super().__init__(routes=routes, **options)
        self._named: defaultdict[str | None, list[Route | Mount]] = defaultdict(list)
        for route in routes:
            self._named[route.name].append(route)

    def url_path_for(self, name: str, /, **path_params: Any) -> URLPath:
        for route in self._named.get(name, ()):
            with suppress(NoMatchFound):
                return route.url_path_for(name, **path_params)
        raise NoMatchFound(name, path_params)


def _pages(view: View) -> list[Route]:
    return [
        *HomePages(view).routes(),
        *FirstDayPages(view).routes(),
        *ObjectivePages(view).routes(),
        *DataPages(view).routes(),
        *KnowledgePages(view).routes(),
        *PreviewPages(view).routes(),
        *TrainingPages(view).routes(),
        *ReleasePages(view).routes(),
        *CanaryPages(view).routes(),
        *PlaygroundPages(view).routes(),
        *AnswerPages(view).routes(),
        *DeskPages(view).routes(),
        *QualityPages(view).routes(),
        *ReviewPages(view).routes(),
        *PairPages(view).routes(),
        *LoopPages(view).routes(),
        *LessonPages(view).routes(),
        *AlertPages(view).routes(),
        *SettingsPages(view).routes(),
        *KeyPages(view).routes(),
    ]


class _Static(StaticFiles):
    """Files of the package; a browser keeps them but asks each time whether they changed."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        response = await super().get_response(path, scope)
        response.headers["Cache-Control"] = "no-cache"
        return response


def _error_pages(view: View) -> dict[type[Exception] | int, Callable[..., Response]]:
    def known(request: Request, error: NorthloopError) -> Response:
        if isinstance(error, NotReady) and not view.lazy.has_workspace:
            return RedirectResponse(paths(request)("home"), 303)
        return view.problem(request, error)

    def gone(_: Request, __: ClientDisconnect) -> Response:
        return Response(status_code=400, headers={"connection": "close"})

    def http(request: Request, error: HTTPException) -> Response:
        if error.status_code == 404:
            return view.problem(request, NotFound("there is no such page", action="go to Home"))
        found = InputError(error.detail, action="go back and try again")
        found.http_status = error.status_code
        return view.problem(request, found)

    def unknown(request: Request, error: Exception) -> Response:
        _log.error("a page failed: %s", request.url.path, exc_info=error)
        broken = NorthloopError(
            "something broke while this page was made; nothing was changed",
            action="the log has the details; try again",
        )
        return view.problem(request, broken)

    return {
        NorthloopError: known,
        HTTPException: http,
        ClientDisconnect: gone,
        Exception: unknown,
    }
