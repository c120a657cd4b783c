"""Errors as OpenAI's clients expect them: `{"error": {message, type, param, code}}`.

The status comes from the error tree (`NorthloopError.http_status`); here is only its wording.
"""

from __future__ import annotations

import logging
import traceback
from collections.abc import Mapping
from types import MappingProxyType

import msgspec
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from northloop.core.errors import InputError, NorthloopError, NotAllowed, Overloaded

_log = logging.getLogger("northloop.http")

_TYPES: Mapping[int, str] = MappingProxyType(
    {401: "authentication_error", 403: "permission_error", 429: "rate_limit_error"}
)
"""Status → OpenAI's error type; other 4xx are `invalid_request_error`, 5xx `server_error`."""
_WORDS: Mapping[int, tuple[str, str]] = MappingProxyType(
    {
        404: ("no such address; see the reference for what there is", "unknown_url"),
        405: ("this address does not take that method", "method_not_allowed"),
        413: ("the request is too large; send a shorter conversation", "request_too_large"),
    }
)
"""What Starlette itself refuses: status → (message, code)."""


class RequestError(InputError):
    """A request that does not fit; `param` is the JSON path of the offending field."""

    def __init__(self, what: str, *, param: str, action: str = "") -> None:
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


def envelope(error: NorthloopError) -> ErrorEnvelope:
    """Return the body for an error of the tree."""
    return _envelope(
        error.http_status,
        str(error),
        error.code,
        error.param if isinstance(error, RequestError) else None,
    )


async def on_northloop_error(_: Request, error: Exception) -> Response:
    """Answer with the status of an error of the tree."""
    assert isinstance(error, NorthloopError)
    headers: dict[str, str] = {}
    if isinstance(error, Overloaded):
        headers["retry-after"] = str(error.retry_after_s)
    if isinstance(error, NotAllowed):
        headers["www-authenticate"] = "Bearer"
    if error.http_status >= 500:
        _log.error("%s: %s", error.code, error)
    return _response(error.http_status, envelope(error), headers)


async def on_http_exception(_: Request, error: Exception) -> Response:
    """Answer what Starlette refused by itself in the same shape."""
    assert isinstance(error, HTTPException)
    message, code = _WORDS.get(error.status_code, (error.detail, "http_error"))
    body = _envelope(error.status_code, message, code, None)
    return _response(error.status_code, body, dict(error.headers or {}))


class LastResort:
    """Turns what nobody foresaw into a 500, and logs where it happened but not with what text.

    An exception's message may quote a customer, so only its type and its frames are logged.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        started = False

        async def noting(message: Message) -> None:
            nonlocal started
            started = started or message["type"] == "http.response.start"
            await send(message)

        try:
            await self._app(scope, receive, noting)
        except Exception as error:  # noqa: BLE001 (the outermost shell)
            log_unforeseen(error)
            if scope["type"] == "http" and not started:
                await _response(500, unforeseen(), {})(scope, receive, send)


def log_unforeseen(error: BaseException) -> None:
    """Log the type and the frames of an exception, without its message."""
    frames = "".join(traceback.format_tb(error.__traceback__))
    _log.error("unforeseen %s\n%s", type(error).__name__, frames)


def unforeseen() -> ErrorEnvelope:
    """Return the body of a 500 that nobody foresaw."""
    message = "something went wrong here → look in the server's log, or try again"
    return _envelope(500, message, "internal_error", None)


def _envelope(status: int, message: str, code: str, param: str | None) -> ErrorEnvelope:
    usual = "server_error" if status >= 500 else "invalid_request_error"
    return ErrorEnvelope(
        ErrorBody(message=message, type=_TYPES.get(status, usual), param=param, code=code)
    )


def _response(status: int, body: ErrorEnvelope, headers: Mapping[str, str]) -> Response:
    return Response(msgspec.json.encode(body), status, headers, media_type="application/json")
