"""Errors as OpenAI's clients expect them: `{"error": {message, type, param, code}}`.

The status comes from the error tree (`NorthloopError.http_status`); here is only its wording. What
went wrong behind the API (a 5xx) is told by its kind and the request's id alone; the log has it
all, under the same id. No answer names a path, an address or a statement of this machine.
"""

from __future__ import annotations

import logging
import random
import traceback
from collections.abc import Mapping
from types import MappingProxyType

import msgspec
from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from northloop.core.errors import BeingAnswered, InputError, NorthloopError, NotReady, Overloaded
from northloop.core.outward import kind, without_passwords, without_places

_log = logging.getLogger("northloop.http")

_TYPES: Mapping[int, str] = MappingProxyType(
    {401: "authentication_error", 403: "permission_error", 429: "rate_limit_error"}
)
"""Status → OpenAI's error type; other 4xx are `invalid_request_error`, 5xx `server_error`."""
_WORDS: Mapping[int, tuple[str, str]] = MappingProxyType(
    {
        404: ("no such address; see the reference for what there is", "unknown_url"),
        408: ("the request did not come in time; send it again", "request_timeout"),
        405: ("this address does not take that method", "method_not_allowed"),
        413: ("the request is too large; send a shorter conversation", "request_too_large"),
    }
)
"""What Starlette itself refuses: status → (message, code)."""
_NOT_HTTP = ("this is no request of HTTP/1.1; send it with an HTTP client", "invalid_http")
_MISDIRECTED = (
    "this server does not go by the name in the Host header; whoever runs it can add the name to "
    "serving.hosts",
    "unknown_host",
)


class RequestError(InputError):
    """A request that does not fit; `param` is the JSON path of the offending field.

    Status 400, as OpenAI's own API has it for whatever is wrong with a request.
    """

    http_status = 400

    def __init__(self, what: str, *, param: str, action: str) -> None:
        super().__init__(what, where=param, action=action)
        self.param = param


class ErrorBody(msgspec.Struct, frozen=True, kw_only=True):
    """The inside of `error`."""

    message: str
    type: str
    param: str | None
    code: str


class ErrorEnvelope(msgspec.Struct, frozen=True):
    """The whole body."""

    error: ErrorBody


def envelope(error: NorthloopError, request_id: str) -> ErrorEnvelope:
    """Return the body for an error of the tree."""
    behind = _is_behind(error)
    return _envelope(
        error.http_status,
        f"{kind(error)} → try again later; the server's log says more under request {request_id}"
        if behind
        else without_places(str(error)),
        error.code,
        error.param if isinstance(error, RequestError) else None,
    )


def _is_behind(error: NorthloopError) -> bool:
    """Whether an error is about the inside of this machine, which callers are not told."""
    return error.http_status >= 500 and not isinstance(error, NotReady)


def log(error: NorthloopError, request_id: str) -> None:
    """Log an error of the tree that is no fault of the request's, with all that it names."""
    if _is_behind(error):
        _log.error("request %s: %s: %s", request_id, error.code, without_passwords(str(error)))


def request_id(scope: Scope) -> str:
    """Return the id that this request has in the log and in `x-request-id`."""
    if "northloop.request_id" not in scope:
        # To be told apart by; nothing is let in for knowing it.
        scope["northloop.request_id"] = f"{random.getrandbits(64):016x}"
    found: str = scope["northloop.request_id"]
    return found


async def on_northloop_error(request: Request, error: Exception) -> Response:
    """Answer with the status of an error of the tree."""
    assert isinstance(error, NorthloopError)
    headers: dict[str, str] = {}
    if isinstance(error, BeingAnswered | Overloaded):
        headers["retry-after"] = str(error.retry_after_s)
    if error.http_status == 401:
        headers["www-authenticate"] = "Bearer"
    name = request_id(request.scope)
    log(error, name)
    return _response(error.http_status, envelope(error, name), headers)


async def on_client_gone(_: Request, __: Exception) -> Response:
    """End a request whose client left while it was sending; nobody reads this."""
    return Response(status_code=400, headers={"connection": "close"})


async def on_http_exception(_: Request, error: Exception) -> Response:
    """Answer what Starlette refused by itself in the same shape."""
    assert isinstance(error, HTTPException)
    message, code = _WORDS.get(error.status_code, (error.detail, "http_error"))
    body = _envelope(error.status_code, message, code, None)
    return _response(error.status_code, body, dict(error.headers or {}))


def too_slow() -> bytes:
    """Return the body of a 408 for a head that did not come in time."""
    return msgspec.json.encode(_envelope(408, *_WORDS[408], None))


def not_http() -> bytes:
    """Return the body of a 400 for what is no request of HTTP/1.1."""
    return msgspec.json.encode(_envelope(400, *_NOT_HTTP, None))


def misdirected() -> Response:
    """Return the answer to a request under a name that this server does not go by."""
    body = _envelope(400, *_MISDIRECTED, None)
    return _response(400, body, {})


class LastResort:
    """Names every request, and turns what nobody foresaw into a 500.

    Where it happened is logged, but not with what text: an exception's message may quote a
    customer, so only its type and its frames are.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        started = False
        name = request_id(scope)

        async def noting(message: Message) -> None:
            nonlocal started
            if message["type"] == "http.response.start":
                started = True
                MutableHeaders(scope=message)["x-request-id"] = name
            await send(message)

        try:
            await self._app(scope, receive, noting)
        except Exception as error:  # noqa: BLE001 (the outermost shell)
            log_unforeseen(error, name)
            if scope["type"] == "http" and not started:
                await _response(500, unforeseen(name), {})(scope, receive, noting)


def log_unforeseen(error: BaseException, request_id: str) -> None:
    """Log the type and the frames of an exception, without its message."""
    frames = "".join(traceback.format_tb(error.__traceback__))
    _log.error("request %s: unforeseen %s\n%s", request_id, type(error).__name__, frames)


def unforeseen(request_id: str) -> ErrorEnvelope:
    """Return the body of a 500 that nobody foresaw."""
    message = f"something went wrong here → try again; the server's log has it as {request_id}"
    return _envelope(500, message, "internal_error", None)


def _envelope(status: int, message: str, code: str, param: str | None) -> ErrorEnvelope:
    usual = "server_error" if status >= 500 else "invalid_request_error"
    return ErrorEnvelope(
        ErrorBody(message=message, type=_TYPES.get(status, usual), param=param, code=code)
    )


def _response(status: int, body: ErrorEnvelope, headers: Mapping[str, str]) -> Response:
    return Response(msgspec.json.encode(body), status, headers, media_type="application/json")
