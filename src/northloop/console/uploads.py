"""Forms that bring files: each piece goes to the disk as it comes, and nothing before its token.

The token's field stands first in such a form, so that a forged post is refused before a byte of a
file is written.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData, UploadFile
from starlette.middleware import Middleware
from starlette.middleware.body_limit import RequestBodyLimitMiddleware
from starlette.requests import Request
from starlette.responses import Response

from northloop.app.receiving import Receiving
from northloop.console.security import TOKEN_FIELD, refuse_forged
from northloop.console.view import Endpoint, Form, View
from northloop.core.errors import InputError
from northloop.settings import BODY_S

PATIENCE_S = 3600
"""So long may the files of one form take to come."""
_MOST_FIELD_BYTES = 4096
_MOST_FIELDS = 50
_UNLIMITED = 1 << 62

LARGE = [Middleware(RequestBodyLimitMiddleware, max_body_size=_UNLIMITED)]
"""For routes of such forms: `Receiving` has a limit of its own, which says what to do."""

if TYPE_CHECKING:
    from python_multipart.multipart import MultipartCallbacks

Taker = Callable[[Request, Form, Receiving], Response]


def brought(view: View, handler: Taker) -> Endpoint:
    """Return a handler of posted files as an endpoint: it runs in a worker thread once all of them
    have come."""

    async def endpoint(request: Request) -> Response:
        request.scope[BODY_S] = PATIENCE_S
        inside = await run_in_threadpool(view.inside, request)
        received = Receiving(*inside)
        try:
            form = await _read(request, received)
            refuse_forged(request, form.text(TOKEN_FIELD))
            return await run_in_threadpool(handler, request, form, received)
        finally:
            await run_in_threadpool(received.drop)

    return endpoint


async def _read(request: Request, received: Receiving) -> Form:
    """Return the fields of the form, its files written; the whole body is read in any case.

    A browser that is answered before it has sent everything shows no answer at all.
    """
    parts = _Parts(request, received)
    stream = request.stream()
    try:
        parser = MultipartParser(_boundary(request), parts.callbacks())
        async for chunk in stream:
            if chunk:
                await run_in_threadpool(parser.write, chunk)
        parser.finalize()
    except FormParserError as error:
        raise InputError("the form came damaged", where="upload", action="try again") from error
    except Exception:
        async for _ in stream:
            pass
        raise
    return Form(FormData(parts.fields))


def _boundary(request: Request) -> bytes:
    kind, options = parse_options_header(request.headers.get("content-type", ""))
    boundary = options.get(b"boundary", b"")
    if kind != b"multipart/form-data" or not boundary:
        raise InputError("this form brings no files", where="upload", action="open the page itself")
    return boundary


class _Parts:
    """What a parser of multipart forms calls."""

    def __init__(self, request: Request, received: Receiving) -> None:
        self.fields: list[tuple[str, str | UploadFile]] = []
        self._request = request
        self._received = received
        self._header = self._value = b""
        self._disposition = b""
        self._name = ""
        self._text = bytearray()
        self._kind = ""
        """"field", "file", or "" for a file that nobody chose."""
        self._trusted = False

    def callbacks(self) -> MultipartCallbacks:
        return {
            "on_part_begin": self._begin,
            "on_part_data": self._data,
            "on_part_end": self._end,
            "on_header_field": self._header_field,
            "on_header_value": self._header_value,
            "on_header_end": self._header_end,
            "on_headers_finished": self._headers_finished,
        }

    def _begin(self) -> None:
        self._disposition = b""
        self._text.clear()

    def _header_field(self, data: bytes, start: int, end: int) -> None:
        self._header += data[start:end]

    def _header_value(self, data: bytes, start: int, end: int) -> None:
        self._value += data[start:end]

    def _header_end(self) -> None:
        if self._header.lower() == b"content-disposition":
            self._disposition = self._value
        self._header = self._value = b""

    def _headers_finished(self) -> None:
        _, options = parse_options_header(self._disposition)
        self._name = options.get(b"name", b"").decode("utf-8", "replace")
        if b"filename" not in options:
            self._kind = "field"
            return
        given = options[b"filename"].decode("utf-8", "replace")
        self._kind = "file" if given else ""
        if given:
            self._refuse_forged()
            self._received.begin(given)

    def _refuse_forged(self) -> None:
        if not self._trusted:
            form = Form(FormData(self.fields))
            refuse_forged(self._request, form.text(TOKEN_FIELD))
            self._trusted = True

    def _data(self, data: bytes, start: int, end: int) -> None:
        if self._kind == "file":
            self._received.write(data[start:end])
        elif self._kind == "field":
            self._text += data[start:end]
            if len(self._text) > _MOST_FIELD_BYTES:
                raise InputError("a field is too long", where=self._name, action="shorten it")

    def _end(self) -> None:
        if self._kind == "file":
            self._received.end()
        elif self._kind == "field":
            if len(self.fields) >= _MOST_FIELDS:
                raise InputError("the form has too many fields", where="upload", action="try again")
            self.fields.append((self._name, self._text.decode("utf-8", "replace")))
