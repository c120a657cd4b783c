"""Turns templates into responses: the frame every page has, fragments, notes and posted forms."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from types import CodeType
from typing import NamedTuple
from urllib.parse import unquote, urlencode

import jinja2
from jinja2.bccache import Bucket
from markdown_it import MarkdownIt
from markupsafe import Markup
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData, MutableHeaders
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from northloop.app import overview
from northloop.app.lazy_workspace import LazyWorkspace
from northloop.app.overview import Overview
from northloop.console import words
from northloop.console.evidence import laid_out
from northloop.console.security import TOKEN_FIELD, hand_out, refuse_forged, token_of
from northloop.core.actor import Actor, team
from northloop.core.clock import now
from northloop.core.errors import NorthloopError
from northloop.core.ids import short
from northloop.core.outward import Outward, outward, without_passwords
from northloop.workspace import Workspace

_log = logging.getLogger("northloop.console")

Context = Mapping[str, object]

THEME_COOKIE = "northloop_theme"
REVIEWER_COOKIE = "northloop_reviewer"

NOTES = {
    "promoted": "The release is live. Nothing was lost: the one before can be rolled back to.",
    "canary-begun": "It answers its share of the customers from now on.",
    "shadow-begun": "It answers in the shadow from now on; nobody but the team reads it.",
    "canary-stopped": "Stopped. What is live answers everybody.",
    "rolled-back": "Rolled back. The earlier release is live again.",
    "proposed": "The retraining is proposed and waits for approval.",
    "approved": "Approved. The turn has started; this page follows it.",
    "rejected": "Decided against. The verdicts stay for the next proposal.",
    "reviewed": "Verdict kept.",
    "taken-over": "You answer this conversation: whatever the customer writes comes to the desk.",
    "given-back": "The assistant may answer in this conversation again.",
    "desk-sent": "Sent as it was drafted. Next, who waits longest.",
    "desk-edited": "Sent as you edited it. Next, who waits longest.",
    "desk-written": "Your reply is sent. Next, who waits longest.",
    "desk-closed": "Closed, nothing was sent. Next, who waits longest.",
    "pair-chosen": "Kept. The next pair.",
    "pair-skipped": "Skipped. Missing from now on, it counts as the worst it could be for either.",
    "pair-left": "Left to others. It comes to you last.",
    "pair-undone": "Taken back. It waits again.",
    "pair-better": "Decided: it is better. It goes live when you promote it.",
    "pair-not-better": "Decided: it is not shown to be better. The live release stays.",
    "passed-on": "Skipped. It goes to somebody else, and not to you again.",
    "taken-back": "Taken back, with all that followed from it.",
    "ruled": "Ruled. It stands in the place of the verdicts, which stay as history.",
    "gold": "Marked. Reviewers are given it among the rest, and it counts for no release.",
    "not-gold": "No gold any more. What reviewers said of it counts no more.",
    "undone": "Undone. The answer is first in the queue again.",
    "named": "Your name is kept in this browser and goes with your verdicts.",
    "withdrawn": "Withdrawn. It is served no more, and can be served again.",
    "restored": "The approved answer is served again.",
    "forgotten": "Forgotten. What was kept of this customer is removed, from every cache too.",
    "nothing-forgotten": "Nothing was removed: they stand in sealed dataset versions alone.",
    "agreed": "The objective is written. Next: the history to learn from.",
    "outcomes-taken": "Taken in. What it changes is in the figures from now on.",
    "outcomes-gone": "That export is not here any more: it was taken in, taken back or dropped.",
    "outcomes-undone": "Taken back. What others said stays, and the figures are without it.",
    "outcomes-dropped": "Dropped. Nothing of it was kept.",
    "upload-gone": "That upload is not here any more: it was imported or cancelled.",
    "cancelled": "Cancelled. The uploaded files are deleted and nothing was imported.",
    "documents-added": "Added. What had the same name can be put back.",
    "document-removed": "Removed. It can be put back below.",
    "document-back": "It is back.",
    "document-saved": "Saved. What it said before can be put back.",
    "documents-in-force": "In force. The next answer is made from it.",
    "documents-unchanged": "Nothing to put in force: it is what the documents say.",
    "confirmed": "Confirmed. The answer is served again.",
    "reworded": "Your text is served from now on.",
    "live": "It is live and answers now, here and through the API. Ask it as a customer would.",
    "changed": "Written to northloop.toml.",
    "reset": "Taken out of northloop.toml. What stands below it counts again.",
    "revoked": "Revoked. The key stops within a second, and stays listed.",
    "themed": "The theme is kept in this browser.",
    "acknowledged": "Yours. It is not told again until it is over.",
    "thanked": "Thank you. The feedback is kept with the answer.",
}
"""What a page says after a post brought the reader to it."""


class Form:
    """The text fields of a posted form."""

    def __init__(self, data: FormData) -> None:
        self._data = data

    def text(self, name: str) -> str:
        """Return a field, without white space around it; "" if it was not sent."""
        value = self._data.get(name, "")
        return value.strip() if isinstance(value, str) else ""

    def texts(self, name: str) -> list[str]:
        """Return every value of a field, in order."""
        return [value for value in self._data.getlist(name) if isinstance(value, str)]


Handler = Callable[[Request, Form], Response]
Endpoint = Callable[[Request], Awaitable[Response]]


class Inside(NamedTuple):
    """What every use case takes first: the workspace, and who sits before the page."""

    workspace: Workspace
    actor: Actor


class View:
    """Renders the console's templates, and says who asks for a page."""

    def __init__(self, lazy: LazyWorkspace) -> None:
        self._lazy = lazy
        self._environment = _environment()

    @property
    def lazy(self) -> LazyWorkspace:
        """The folder that the console is of, whether there is a workspace in it or not."""
        return self._lazy

    def inside(self, request: Request) -> Inside:
        """Return the workspace and the reader, by the name they gave; NotReady without one."""
        return Inside(self._lazy.workspace(), actor(request))

    def page(
        self, request: Request, template: str, context: Context, status: int = 200
    ) -> Response:
        """Return a whole page, within the frame."""
        token = token_of(request)
        frame: dict[str, object] = {
            "standing": self._standing(request),
            "token": token,
            "theme": _theme(request),
            "note": NOTES.get(request.query_params.get("note", ""), ""),
        }
        text = self.text(request, template, {**frame, **context})
        response = HTMLResponse(text, status)
        hand_out(request, response, token)
        return response

    def _standing(self, request: Request) -> Overview:
        if self._lazy.has_workspace:
            return overview.standing(*self.inside(request))
        return Overview(
            workspace=self._lazy.folder.resolve().name,
            live=None,
            desk_waiting=0,
            alerts_open=0,
            reviews_waiting=0,
            answers_in_doubt=0,
            sentences_outdated=0,
            decisions_waiting=0,
            training=False,
            has_objective=False,
        )

    def fragment(
        self, request: Request, template: str, context: Context, status: int = 200
    ) -> Response:
        """Return a part of a page."""
        token = token_of(request)
        response = HTMLResponse(self.text(request, template, {"token": token, **context}), status)
        hand_out(request, response, token)
        return response

    def text(self, request: Request, template: str, context: Context) -> str:
        """Return a rendered template."""
        return self._environment.get_template(template).render(
            {"path": paths(request), "reviewer": reviewer(request), **context}
        )

    def go(self, target: str, note: str, **parameters: str) -> Response:
        """Send the reader to a page, which says what was done (a key of NOTES)."""
        query = urlencode({"note": note, **parameters})
        return RedirectResponse(f"{target}?{query}", status_code=303)

    def problem(self, request: Request, error: NorthloopError) -> Response:
        """Return what a reader sees of an error: what happened, where, what to do."""
        context = {"error": told(request, error)}
        if not is_partial(request):
            return self.page(request, "error.html", context, error.http_status)
        response = self.fragment(request, "parts/problem.html", context, error.http_status)
        MutableHeaders(raw=response.raw_headers).update(
            {"HX-Retarget": "#notices", "HX-Reswap": "innerHTML"}
        )
        return response


def posted(handler: Handler) -> Endpoint:
    """Return a handler of posts as an endpoint that reads the form, refuses a forged one, and runs
    it in a worker thread."""

    async def endpoint(request: Request) -> Response:
        form = Form(await request.form(max_files=0))
        refuse_forged(request, form.text(TOKEN_FIELD))
        return await run_in_threadpool(handler, request, form)

    return endpoint


def told(request: Request, error: NorthloopError) -> Outward:
    """Return what a reader may see of an error; the log gets the whole of what is no reader's."""
    if error.http_status >= 500:
        _log.error("%s: %s: %s", request.url.path, error.code, without_passwords(str(error)))
    return outward(error)


def is_partial(request: Request) -> bool:
    """Say whether a script asks for a part of a page rather than a whole one."""
    return request.headers.get("HX-Request") == "true"


def reviewer(request: Request) -> str:
    """Return the name that this browser's user gave; "" for none."""
    return unquote(request.cookies.get(REVIEWER_COOKIE, ""))


def actor(request: Request) -> Actor:
    """Return who sits before the page: a person of the team, by the name they declare."""
    return team(reviewer(request))


def _theme(request: Request) -> str:
    theme = request.cookies.get(THEME_COOKIE, "")
    return theme if theme in ("light", "dark") else ""


def paths(request: Request) -> Callable[..., str]:
    """Return the function from a route's name and parameters to its path, host left out."""
    root = request.scope.get("root_path", "")

    def path(name: str, /, **parameters: object) -> str:
        return f"{root}{request.app.url_path_for(name, **parameters)}"

    return path


class _Compiled(jinja2.BytecodeCache):
    """The templates, compiled once for all consoles of a process."""

    def __init__(self) -> None:
        self._codes: dict[tuple[str, str], CodeType | None] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        bucket.code = self._codes.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._codes[bucket.key, bucket.checksum] = bucket.code


_COMPILED = _Compiled()


def _environment() -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
        bytecode_cache=_COMPILED,
    )
    markdown = MarkdownIt("commonmark", {"html": False}).enable("table")
    environment.filters.update(
        number=words.number,
        digits=words.digits_for,
        signed=words.signed,
        percent=words.percent,
        unit=words.unit,
        metric_name=words.metric_name,
        release_name=words.release_name,
        label=words.label,
        capitalize_first=words.capitalize_first,
        counted=words.counted,
        milliseconds=words.milliseconds,
        duration=words.duration,
        laid_out=laid_out,
        ago=lambda at: words.ago(at, now()),
        exact=words.exact,
        day=words.day,
        short=short,
        markdown=lambda text: Markup(markdown.render(text)),
        inline=lambda text: Markup(markdown.renderInline(text)),
    )
    return environment
