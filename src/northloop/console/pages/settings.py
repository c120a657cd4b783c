"""The settings in force, with what each means and a form to change it, and the reader's name."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from northloop.app import configuration
from northloop.app.configuration import Setting
from northloop.console.view import REVIEWER_COOKIE, THEME_COOKIE, Form, View, paths, posted
from northloop.core.errors import InputError

_LONGEST_NAME = 60
_YEAR_S = 365 * 86_400


@dataclass(frozen=True)
class SettingsPages:
    """Settings."""

    view: View

    def routes(self) -> list[Route]:
        one = "/settings/{setting}"
        return [
            Route("/settings", self.settings, name="settings"),
            Route("/settings/name", posted(self.name), name="set_name", methods=["POST"]),
            Route("/settings/theme", posted(self.theme), name="set_theme", methods=["POST"]),
            Route(one, self.setting, name="setting"),
            Route(f"{one}/change", posted(self.change), name="change_setting", methods=["POST"]),
            Route(f"{one}/reset", posted(self.reset), name="reset_setting", methods=["POST"]),
        ]

    def settings(self, request: Request) -> Response:
        inside = self.view.inside(request)
        found = configuration.settings(*inside)
        groups = [(name, list(members)) for name, members in groupby(found, key=_section)]
        about = configuration.sections(inside.actor)
        return self.view.page(request, "settings.html", {"groups": groups, "about": about})

    def setting(self, request: Request) -> Response:
        found = configuration.setting(*self.view.inside(request), request.path_params["setting"])
        return self.view.page(request, "setting.html", {"setting": found})

    def change(self, request: Request, form: Form) -> Response:
        inside, name = self.view.inside(request), request.path_params["setting"]
        configuration.change(*inside, name, form.text("value"))
        return self.view.go(paths(request)("setting", setting=name), "changed")

    def reset(self, request: Request, _form: Form) -> Response:
        name = request.path_params["setting"]
        configuration.reset(*self.view.inside(request), name)
        return self.view.go(paths(request)("setting", setting=name), "reset")

    def name(self, request: Request, form: Form) -> Response:
        name = form.text("name")
        if len(name) > _LONGEST_NAME:
            raise InputError(
                f"a name has at most {_LONGEST_NAME} characters",
                where="field name",
                action="shorten it",
            )
        response = self.view.go(paths(request)("settings"), "named")
        _keep(request, response, REVIEWER_COOKIE, quote(name), readable=False)
        return response

    def theme(self, request: Request, form: Form) -> Response:
        theme = form.text("theme")
        if theme not in ("", "light", "dark"):
            raise InputError("there is no such theme", where="field theme", action="choose one")
        response = self.view.go(paths(request)("settings"), "themed")
        _keep(request, response, THEME_COOKIE, theme, readable=True)
        return response


def _keep(request: Request, response: Response, cookie: str, value: str, *, readable: bool) -> None:
    """Let this browser keep a value for a year; `readable` by the scripts of our own pages."""
    response.set_cookie(
        cookie,
        value,
        max_age=_YEAR_S if value else 0,
        path=request.scope.get("root_path", "") or "/",
        httponly=not readable,
        samesite="strict",
    )


def _section(setting: Setting) -> str:
    return setting.name.split(".")[0] if "." in setting.name else "workspace"
