"""The settings in force, to look at, and the reviewer's name, which this browser keeps."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from northloop.app import configuration
from northloop.app.configuration import Setting
from northloop.console.view import REVIEWER_COOKIE, Form, View, paths, posted
from northloop.core.errors import InputError

_LONGEST_NAME = 60
_YEAR_S = 365 * 86_400


@dataclass(frozen=True)
class SettingsPages:
    """Settings."""

    view: View

    def routes(self) -> list[Route]:
        return [
            Route("/settings", self.settings, name="settings"),
            Route("/settings/name", posted(self.name), name="set_name", methods=["POST"]),
        ]

    def settings(self, request: Request) -> Response:
        settings = configuration.settings(*self.view.inside(request))
        groups = [(name, list(found)) for name, found in groupby(settings, key=_section)]
        return self.view.page(request, "settings.html", {"groups": groups})

    def name(self, request: Request, form: Form) -> Response:
        name = form.text("name")
        if len(name) > _LONGEST_NAME:
            raise InputError(
                f"a name has at most {_LONGEST_NAME} characters",
                where="field name",
                action="shorten it",
            )
        response = self.view.go(paths(request)("settings"), "named")
        response.set_cookie(
            REVIEWER_COOKIE,
            quote(name),
            max_age=_YEAR_S,
            path=request.scope.get("root_path", "") or "/",
            httponly=True,
            samesite="strict",
        )
        return response


def _section(setting: Setting) -> str:
    return setting.name.split(".")[0] if "." in setting.name else "workspace"
