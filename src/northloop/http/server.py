"""The server under the API and the console: uvicorn, with an end to its patience.

What uvicorn and its parser leave open is closed here: a request whose head does not come ends with
408, one whose head has no end, no host or several, or another version than 1.0 and 1.1, with 400. A
client that has sent half a request does not hold up the end, one that would rather speak HTTP/2 is
answered in this, and no small answer waits 40 ms for the receipt of the one before (Nagle's
algorithm meets delayed acknowledgements). How long a body may take, the application says
(`limits.BodyDeadline`).
"""

from __future__ import annotations

import asyncio
import socket
from enum import Enum, auto
from typing import Any

import httptools
import msgspec
import uvicorn
from starlette.types import ASGIApp
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol

from northloop.http.errors import not_http, too_slow

_LARGEST_HEAD = 64 * 1024


class Patience(msgspec.Struct, frozen=True, kw_only=True):
    """How long the server waits for its clients, in seconds."""

    head_s: float = 10.0
    """For the head of a request, from the connection's or the head's first byte."""
    drain_s: int = 30
    """For the answers that are being made when it is told to end."""


class Server(uvicorn.Server):
    """Serves an application over HTTP/1.1 on the sockets that `run` is given."""

    def __init__(self, app: ASGIApp, patience: Patience) -> None:
        protocol = type("Protocol", (PatientProtocol,), {"head_s": patience.head_s})
        super().__init__(
            uvicorn.Config(
                app,
                http=protocol,
                ws="none",
                access_log=False,
                # Whom to believe about a request's origin is the application's to say.
                proxy_headers=False,
                log_level="warning",
                timeout_graceful_shutdown=patience.drain_s,
            )
        )


class _Stage(Enum):
    """What of a request a client sends."""

    NOTHING = auto()
    HEAD = auto()
    BODY = auto()


class PatientProtocol(HttpToolsProtocol):
    """One connection."""

    head_s = Patience().head_s

    _deadline: asyncio.TimerHandle | None = None
    _stage = _Stage.NOTHING
    _told = 0
    """Heads, pieces of bodies and ends of bodies that came."""
    _untold_bytes = 0
    """So much came since then, of a head, of the length of a piece or of what follows a body."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        _send_at_once(transport.get_extra_info("socket"))
        self._expect_more()

    def connection_lost(self, exc: Exception | None) -> None:
        self._expect_nothing()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        if self._stage is _Stage.NOTHING:
            self._stage = _Stage.HEAD
        told = self._told
        self._unset_keepalive_if_required()
        self._read(data)
        self._untold_bytes = 0 if self._told != told else self._untold_bytes + len(data)
        if self._untold_bytes > _LARGEST_HEAD:
            self.send_400_response("")
        if self._is_halfway():
            self._expect_more()
        else:
            self._expect_nothing()

    def _read(self, data: bytes) -> None:
        """Read on, past upgrades: where a client asks for one, the parser leaves the body, which it
        would take for the next request. So another reads the head again, without that."""
        left = memoryview(data)
        try:
            while left:
                try:
                    self.parser.feed_data(left)
                    return
                except httptools.HttpParserUpgrade as asked:
                    left, head = left[asked.args[0] :], self._head()
                    self.parser = httptools.HttpRequestParser(self)
                    self.parser.set_dangerous_leniencies(lenient_data_after_close=True)
                    self.parser.feed_data(head)
        except httptools.HttpParserError:
            self.send_400_response("")

    def _head(self) -> bytes:
        """The head that was read last, without its upgrade."""
        version = self.parser.get_http_version().encode()
        lines = [b"%s %s HTTP/%s" % (self.parser.get_method(), self.url, version)]
        lines += [b"%s: %s" % header for header in self.headers if header[0] != b"upgrade"]
        return b"\r\n".join([*lines, b"", b""])

    def on_message_begin(self) -> None:
        self._stage = _Stage.HEAD
        super().on_message_begin()

    def on_header(self, name: bytes, value: bytes) -> None:
        # What follows a body in pieces is none: no proxy has looked at it.
        if self._stage is _Stage.HEAD:
            super().on_header(name, value)

    def on_headers_complete(self) -> None:
        self._stage = _Stage.BODY
        self._told += 1
        version = self.parser.get_http_version()
        hosts = sum(name == b"host" for name, _ in self.headers)
        wrong = version not in ("1.0", "1.1") or hosts > 1 or (hosts == 0 and version == "1.1")
        if wrong or self.parser.get_method() == b"CONNECT":
            raise ValueError("no request of HTTP/1.1")  # so that the parser refuses it
        if not self.parser.should_upgrade():
            super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        self._told += 1
        super().on_body(body)

    def on_message_complete(self) -> None:
        if self.parser.should_upgrade():
            return
        self._stage = _Stage.NOTHING
        self._told += 1
        super().on_message_complete()

    def shutdown(self) -> None:
        """Let what is being answered end; drop a request that has not come in whole."""
        cycle: Any = self.cycle
        if cycle is not None and cycle.more_body and not cycle.response_started:
            self.transport.close()
        else:
            super().shutdown()

    def _is_answering(self) -> bool:
        return self.cycle is not None and not self.cycle.response_complete

    def _is_halfway(self) -> bool:
        """Whether the client has begun to send what no application is waiting for."""
        # Of a body that is the rest of one that was refused before it had come.
        return self._stage is not _Stage.NOTHING and not self._is_answering()

    def _expect_more(self) -> None:
        """Start the clock, unless it runs: single bytes do not buy more time."""
        if self._deadline is None:
            self._deadline = self.loop.call_later(self.head_s, self._give_up)

    def _expect_nothing(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None

    def _give_up(self) -> None:
        if self.transport.is_closing():
            return
        # A connection on which nothing was said (browsers open some ahead) ends without a word.
        if self._stage is _Stage.HEAD and not self._is_answering():
            self._say(408, too_slow())
        self.transport.close()

    def send_400_response(self, msg: str) -> None:  # noqa: ARG002
        """End a connection on which something else than HTTP was said."""
        if self.transport.is_closing():
            return
        if not (self._is_answering() and self.cycle.response_started):
            self._say(400, not_http())
        self.transport.close()

    def _say(self, status: int, body: bytes) -> None:
        length = b"content-length: %d\r\n" % len(body)
        kind = b"content-type: application/json\r\n"
        head = (STATUS_LINE[status], kind, length, b"connection: close\r\n\r\n")
        self.transport.write(b"".join((*head, body)))


def _send_at_once(connection: socket.socket) -> None:
    """Switch Nagle's algorithm off; asyncio does so only where the socket names its protocol."""
    if connection.family in (socket.AF_INET, socket.AF_INET6):
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
