"""Where a request comes from, as far as its headers tell: another site's page, another name."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterable, Mapping, Sequence
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.middleware.cors import CORSMiddleware
from starlette.types import ASGIApp, Receive, Scope, Send

from northloop.http.errors import misdirected

API = "/v1/"
"""What every address of the API begins with; beside it stands the console, which has no login."""
LOOPBACK_NAMES = ("localhost", "127.0.0.1", "::1")
_TOLD = (
    *("x-request-id", "retry-after"),
    *(f"x-northloop-{name}" for name in ("interaction", "source", "ignored", "trace")),
)
"""Headers of a response that a page of another origin may read."""
_HOST = re.compile(r"(?:\[([0-9a-f:.]+)\]|([^\[\]:@/\\?#\s]+))(?::\d{1,5})?", re.I | re.ASCII)


def is_foreign(headers: Mapping[str, str]) -> bool:
    """Return whether a browser sent this from a page that is not ours.

    Fetch Metadata tells, or Origin where a browser sends none; programs send neither.
    """
    site = headers.get("sec-fetch-site")
    if site is not None:
        return site not in ("same-origin", "none")
    origin = headers.get("origin")
    return origin is not None and urlsplit(origin).netloc != headers.get("host", "")


class KnownHosts:
    """Takes requests under the names it knows; others end with 400.

    A page elsewhere must not reach this machine under a name of its own (DNS rebinding). A name is
    whole, or `*.` and a domain for all names below it, or `*` for every name.
    """

    def __init__(self, app: ASGIApp, names: Iterable[str], *, figures: bool = False) -> None:
        """`figures`: an address in figures is taken whichever it is; rebinding needs a name."""
        self.app = app
        self._names = frozenset(name.lower().strip("[]") for name in names)
        self._figures = figures

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and not self._knows(Headers(scope=scope).getlist("host")):
            await misdirected()(scope, receive, send)
        else:
            await self.app(scope, receive, send)

    def _knows(self, sent: list[str]) -> bool:
        parsed = _HOST.fullmatch(sent[0].strip()) if len(sent) == 1 else None
        if parsed is None:
            return False
        name = (parsed[1] or parsed[2]).lower().removesuffix(".")
        return (
            name in self._names
            or "*" in self._names
            or any(known.startswith("*.") and name.endswith(known[1:]) for known in self._names)
            or (self._figures and _is_address(name))
        )


class CrossOrigin:
    """Lets pages of some origins call the API from a browser, and the API alone (CORS).

    They send their key as a header; cookies are none of it.
    """

    def __init__(self, app: ASGIApp, origins: Sequence[str]) -> None:
        self._app = app
        self._open = CORSMiddleware(
            app,
            allow_origins=origins,
            allow_methods=("GET", "POST"),
            # OpenAI's client sends a dozen of its own.
            allow_headers=("*",),
            expose_headers=_TOLD,
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        inside = scope["type"] == "http" and scope["path"].startswith(API)
        await (self._open if inside else self._app)(scope, receive, send)


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True
