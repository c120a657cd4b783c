"""Sending one answer, whole or as server-sent events, while the customer is still there.

The answer is made in worker threads; when the client goes away, the generation is stopped at the
next token. An error before the first text becomes an ordinary error response; one after it, an
`error` event, and no `[DONE]`.
"""

from __future__ import annotations

import contextlib
import threading
from collections.abc import AsyncIterator, Generator, Iterator
from contextlib import asynccontextmanager, contextmanager

import anyio
import anyio.to_thread
import msgspec
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from northloop.core.errors import NorthloopError, Overloaded
from northloop.core.interaction import WORKING, Interaction, Question
from northloop.http.errors import envelope, log_unforeseen, unforeseen
from northloop.http.service import Service
from northloop.http.waiting_room import WaitingRoom
from northloop.http.wire import Delta, Speaker, usage

_encode = msgspec.json.Encoder().encode


class Hall(msgspec.Struct, frozen=True):
    """Where answers are made: the service, the waiting room, the threads."""

    service: Service
    room: WaitingRoom
    threads: anyio.CapacityLimiter
    answering: set[str]
    """Ids of the interactions that are being made now."""

    @contextmanager
    def once(self, interaction_id: str) -> Iterator[None]:
        """Hold an id; Overloaded if the same request is being answered already."""
        if interaction_id in self.answering:
            raise Overloaded("this very request is being answered already", retry_after_s=1)
        self.answering.add(interaction_id)
        try:
            yield
        finally:
            self.answering.discard(interaction_id)


class ClientGone(Exception):
    """Nobody waits for the answer any more; there is nothing to send and nothing to report."""


class Answer:
    """ASGI response: waits for a turn, then answers."""

    def __init__(self, hall: Hall, question: Question, speaker: Speaker, stream: bool) -> None:
        self._hall = hall
        self._question = question
        self._speaker = speaker
        self._stream = stream
        self._gone = threading.Event()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer; NorthloopError as long as nothing has been sent."""
        hall = self._hall
        with hall.once(self._question.interaction_id), contextlib.suppress(ClientGone):
            async with _while_connected(receive, self._gone), hall.room.place():
                pieces = hall.service.answer(self._question)
                if self._stream:
                    await self._send_events(pieces, send)
                else:
                    response = await self._whole(pieces)
                    await response(scope, receive, send)

    async def _whole(self, pieces: Iterator[str | Interaction]) -> Response:
        # Not abandoned when the client leaves: the place is held for as long as the thread works.
        text, interaction = await anyio.to_thread.run_sync(
            _collected, pieces, self._gone, limiter=self._hall.threads
        )
        used = usage(self._question.messages, text, interaction)
        return Response(
            _encode(self._speaker.completion(text, interaction, used)),
            headers={
                "x-northloop-interaction": interaction.interaction_id,
                "x-northloop-source": interaction.source.value,
            },
            media_type="application/json",
        )

    async def _send_events(self, pieces: Iterator[str | Interaction], send: Send) -> None:
        try:
            piece = await self._next(pieces)
            await send(self._start())
            try:
                await _event(send, self._speaker.chunk(Delta(role="assistant", content="")))
                await self._say(piece, pieces, send)
            except NorthloopError as error:
                await _event(send, envelope(error))
            except Exception as error:  # noqa: BLE001 (the response has begun: say so, and log it)
                log_unforeseen(error)
                await _event(send, unforeseen())
            await send({"type": "http.response.body", "body": b"", "more_body": False})
        finally:
            with anyio.CancelScope(shield=True):
                await anyio.to_thread.run_sync(_close, pieces, limiter=self._hall.threads)

    async def _say(
        self, piece: str | Interaction, pieces: Iterator[str | Interaction], send: Send
    ) -> None:
        said: list[str] = []
        while isinstance(piece, str):
            said.append(piece)
            await _event(send, self._speaker.chunk(Delta(content=piece)))
            piece = await self._next(pieces)
        await _event(send, self._speaker.last_chunk(piece))
        if self._speaker.include_usage:
            used = usage(self._question.messages, "".join(said), piece)
            await _event(send, self._speaker.usage_chunk(used))
        await send({"type": "http.response.body", "body": b"data: [DONE]\n\n", "more_body": True})

    async def _next(self, pieces: Iterator[str | Interaction]) -> str | Interaction:
        """Return the next text or the Interaction; pieces that only say WORKING are waited for."""
        while True:
            piece = await anyio.to_thread.run_sync(next, pieces, limiter=self._hall.threads)
            if piece != WORKING:
                return piece

    def _start(self) -> dict[str, object]:
        headers = {
            "content-type": "text/event-stream; charset=utf-8",
            "cache-control": "no-cache",
            "x-accel-buffering": "no",
            "x-northloop-interaction": self._question.interaction_id,
        }
        return {
            "type": "http.response.start",
            "status": 200,
            "headers": [(k.encode("latin-1"), v.encode("latin-1")) for k, v in headers.items()],
        }


async def _event(send: Send, body: msgspec.Struct) -> None:
    data = b"data: " + _encode(body) + b"\n\n"
    await send({"type": "http.response.body", "body": data, "more_body": True})


def _collected(
    pieces: Iterator[str | Interaction], gone: threading.Event
) -> tuple[str, Interaction]:
    """Return the whole text and the Interaction; stop at the next piece when nobody waits."""
    said: list[str] = []
    try:
        for piece in pieces:
            if isinstance(piece, Interaction):
                return "".join(said), piece
            if gone.is_set():
                break
            said.append(piece)
    finally:
        _close(pieces)
    raise ClientGone


def _close(pieces: Iterator[str | Interaction]) -> None:
    if isinstance(pieces, Generator):
        pieces.close()


@asynccontextmanager
async def _while_connected(receive: Receive, gone: threading.Event) -> AsyncIterator[None]:
    """Cancel the body when the client disconnects, and say so to its threads."""
    with _alone():
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(_cancel_on_disconnect, receive, tasks.cancel_scope, gone)
            yield
            tasks.cancel_scope.cancel()


async def _cancel_on_disconnect(
    receive: Receive, scope: anyio.CancelScope, gone: threading.Event
) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
    gone.set()
    scope.cancel()


@contextmanager
def _alone() -> Iterator[None]:
    """Unwrap the group that a task group makes of the one error inside it."""
    try:
        yield
    except ExceptionGroup as group:
        if len(group.exceptions) == 1:
            raise group.exceptions[0] from None
        raise
