"""The server under the API and the console: uvicorn, with an end to its patience.

What uvicorn leaves open is closed here: a request whose head does not come ends with 408, a client
that has sent half a request does not hold up the end, and no small answer waits 40 ms for the
receipt of the one before (Nagle's algorithm meets delayed acknowledgements). How long a body may
take, the application says (`limits.BodyDeadline`).
"""

from __future__ import annotations

import asyncio
import socket
from http import HTTPStatus
from typing import Any

import h11
import msgspec
import uvicorn
from starlette.types import ASGIApp
from uvicorn.protocols.http.h11_impl import H11Protocol

from northloop.http.errors import not_http, too_slow


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
                # Whom to believe about a request's origin is the application's to say.
                proxy_headers=False,
                log_level="warning",
                timeout_graceful_shutdown=patience.drain_s,
            )
        )


class PatientProtocol(H11Protocol):
    """One connection."""

    head_s = Patience().head_s

    _deadline: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        _send_at_once(transport.get_extra_info("socket"))
        self._expect_more()

    def connection_lost(self, exc: Exception | None) -> None:
        self._expect_nothing()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        if self._is_halfway():
            self._expect_more()
        else:
            self._expect_nothing()

    def shutdown(self) -> None:
        """Let what is being answered end; drop a request that has not come in whole."""
        cycle: Any = self.cycle
        if cycle is not None and cycle.more_body and not cycle.response_started:
            self.transport.close()
        else:
            super().shutdown()

    def _is_halfway(self) -> bool:
        """Whether the client has begun to send what no application is waiting for."""
        if self.conn.their_state is h11.IDLE:
            return bool(self.conn.trailing_data[0])
        # The rest of a body that was refused before it had come.
        return self.conn.their_state is h11.SEND_BODY and self.conn.our_state is h11.DONE

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
        if self.conn.our_state is h11.IDLE and self._is_halfway():
            self._say(408, too_slow())
        self.transport.close()

    def send_400_response(self, msg: str) -> None:  # noqa: ARG002
        """End a connection on which something else than HTTP was said."""
        if self.conn.our_state in (h11.IDLE, h11.SEND_RESPONSE):
            self._say(400, not_http())
        self.transport.close()

    def _say(self, status: int, body: bytes) -> None:
        headers = [
            ("content-type", "application/json"),
            ("content-length", str(len(body))),
            ("connection", "close"),
        ]
        reason = HTTPStatus(status).phrase.encode()
        response = h11.Response(status_code=status, headers=headers, reason=reason)
        for event in (response, h11.Data(data=body), h11.EndOfMessage()):
            self.transport.write(self.conn.send(event) or b"")


def _send_at_once(connection: socket.socket) -> None:
    """Switch Nagle's algorithm off; asyncio does so only where the socket names its protocol."""
    if connection.family in (socket.AF_INET, socket.AF_INET6):
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
