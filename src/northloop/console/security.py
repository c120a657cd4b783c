"""What the browser may do with a page, and who may post to it.

Posts are taken only from our own pages: the request must come from the same origin (Fetch
Metadata, or Origin where a browser sends none), and carry the token that the page was given in a
SameSite=Strict cookie (double submit). See the OWASP cross-site request forgery cheat sheet.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from urllib.parse import urlsplit

from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from northloop.core.errors import NotAllowed

TOKEN_COOKIE = "northloop_token"
TOKEN_FIELD = "token"

_POLICY = (
    "default-src 'self'; base-uri 'none'; object-src 'none'; form-action 'self'; "
    "frame-ancestors 'none'"
)


class PageHeaders:
    """Adds the content security policy and its companions to every response of the console."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers["Content-Security-Policy"] = _POLICY
                headers["X-Content-Type-Options"] = "nosniff"
                headers["Referrer-Policy"] = "same-origin"
                headers.setdefault("Cache-Control", "no-store")
            await send(message)

        await self._app(scope, receive, send_with_headers)


def token_of(request: Request) -> str:
    """Return the token this browser holds, or a new one, the same throughout a request."""
    held = request.cookies.get(TOKEN_COOKIE) or getattr(request.state, "token", "")
    request.state.token = held or secrets.token_urlsafe(24)
    return str(request.state.token)


def browser_of(request: Request) -> str:
    """Return what this browser is told apart by in records; the token does not follow from it."""
    return hashlib.sha256(token_of(request).encode()).hexdigest()[:16]


def hand_out(request: Request, response: Response, token: str) -> None:
    """Give the browser its token, if it does not hold it yet."""
    if request.cookies.get(TOKEN_COOKIE) == token:
        return
    response.set_cookie(
        TOKEN_COOKIE,
        token,
        path=request.scope.get("root_path", "") or "/",
        secure=request.url.scheme == "https",
        httponly=True,
        samesite="strict",
    )


def refuse_forged(request: Request, sent: str) -> None:
    """Raise NotAllowed unless the post, whose form held the token `sent`, is one of our own."""
    if not _same_origin(request):
        raise NotAllowed("the request came from another site", action="open the page itself")
    held = request.cookies.get(TOKEN_COOKIE, "")
    if not held or not hmac.compare_digest(held.encode(), sent.encode()):
        raise NotAllowed("the page is out of date", action="reload it and try again")


def _same_origin(request: Request) -> bool:
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        return site == "same-origin"
    origin = request.headers.get("origin")
    return origin is None or urlsplit(origin).netloc == request.headers.get("host", "")
