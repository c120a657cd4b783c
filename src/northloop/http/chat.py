"""Sending one answer, whole or as server-sent events, while the customer is still there.

First without generating, in threads of its own: what was approved, cached or is handed off unseen
waits for no generation and is refused by no full waiting room. Only if the answer has to be
generated, the request waits for a turn and asks again. All of it happens in worker threads; when
the client goes away, the generation is stopped at the next token. An error before the first text
becomes an ordinary error response; one after it, an `error` event, and no `[DONE]`.
"""

from __future__ import annotations

import contextlib
import threading
from collections.abc import AsyncIterator, Generator, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from types import MappingProxyType

import anyio
import anyio.to_thread
import msgspec
from starlette.types import Receive, Scope, Send

from northloop.core.errors import NorthloopError, Overloaded
from northloop.core.interaction import Interaction, Question
from northloop.http import errors
from northloop.http.parameters import header
from northloop.http.service import Service
from northloop.http.waiting_room import WaitingRoom
from northloop.http.wire import Delta, Speaker, usage
from northloop.loop.turns import TurnNeeded, without_generating

_encode = msgspec.json.Encoder().encode


class Hall(msgspec.Struct, frozen=True, kw_only=True):
    """Where answers are made: the service, the waiting room, the threads."""

    service: Service
    room: WaitingRoom
    """Places for generations."""
    threads: anyio.CapacityLimiter
    """For those who have a turn."""
    quick: anyio.CapacityLimiter
    """For answers that need no generation."""
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
    """ASGI response: answers at once if it can, else waits for a turn first."""

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
            async with _while_connected(receive, self._gone):
                try:
                    with without_generating():
                        await self._answer(hall.quick, scope, send)
                except TurnNeeded:
                    async with hall.room.place():
                        await self._answer(hall.threads, scope, send)

    async def _answer(self, threads: anyio.CapacityLimiter, scope: Scope, send: Send) -> None:
        if self._stream:
            await self._send_events(threads, scope, send)
        else:
            await self._send_whole(threads, send)

    async def _send_whole(self, threads: anyio.CapacityLimiter, send: Send) -> None:
        # Not abandoned when the client leaves: the place is held for as long as the thread works.
        text, interaction = await anyio.to_thread.run_sync(self._collected, limiter=threads)
        used = usage(self._question.messages, text, interaction)
        body = _encode(self._speaker.completion(text, interaction, used))
        headers = {
            "content-type": "application/json",
            "content-length": str(len(body)),
            "x-northloop-source": interaction.source.value,
        }
        await send(self._start(headers))
        await send({"type": "http.response.body", "body": body, "more_body": False})

    async def _send_events(self, threads: anyio.CapacityLimiter, scope: Scope, send: Send) -> None:
        piece, pieces = await anyio.to_thread.run_sync(self._begun, limiter=threads)
        try:
            await send(self._start(_EVENTS))
            try:
                await _event(send, self._speaker.chunk(Delta(role="assistant", content="")))
                await self._say(piece, _Pieces(pieces, threads), send)
            except NorthloopError as error:
                name = errors.request_id(scope)
                errors.log(error, name)
                await _event(send, errors.envelope(error, name))
            except Exception as error:  # noqa: BLE001 (the response has begun: say so, and log it)
                name = errors.request_id(scope)
                errors.log_unforeseen(error, name)
                await _event(send, errors.unforeseen(name))
            await send({"type": "http.response.body", "body": b"", "more_body": False})
        finally:
            with anyio.CancelScope(shield=True):
                await anyio.to_thread.run_sync(_close, pieces, limiter=threads)

    async def _say(self, piece: str | Interaction, pieces: _Pieces, send: Send) -> None:
        said: list[str] = []
        while isinstance(piece, str):
            said.append(piece)
            await _event(send, self._speaker.chunk(Delta(content=piece)))
            piece = await pieces.next()
        await _event(send, self._speaker.last_chunk(piece))
        if self._speaker.include_usage:
            used = usage(self._question.messages, "".join(said), piece)
            await _event(send, self._speaker.usage_chunk(used))
        await send({"type": "http.response.body", "body": b"data: [DONE]\n\n", "more_body": True})

    def _begun(self) -> tuple[str | Interaction, Iterator[str | Interaction]]:
        """Return the first piece and the rest; to find the answer's path may take an engine."""
        pieces = iter(self._hall.service.answer(self._question))
        return next(pieces), pieces

    def _collected(self) -> tuple[str, Interaction]:
        """Return the whole text and the Interaction; stop at the next piece when nobody waits."""
        said: list[str] = []
        pieces = iter(self._hall.service.answer(self._question))
        try:
            for piece in pieces:
                if isinstance(piece, Interaction):
                    return "".join(said), piece
                if self._gone.is_set():
                    break
                said.append(piece)
        finally:
            _close(pieces)
        raise ClientGone

    def _start(self, more: Mapping[str, str]) -> dict[str, object]:
        headers = {**more, "x-northloop-interaction": self._question.interaction_id}
        if ignored := header(self._speaker.ignored):
            headers["x-northloop-ignored"] = ignored
        return {
            "type": "http.response.start",
            "status": 200,
            "headers": [(k.encode("latin-1"), v.encode("latin-1")) for k, v in headers.items()],
        }


_EVENTS: Mapping[str, str] = MappingProxyType(
    {
        "content-type": "text/event-stream; charset=utf-8",
        "cache-control": "no-cache",
        "x-accel-buffering": "no",
    }
)


class _Pieces(msgspec.Struct, frozen=True):
    """The rest of an answer, made in threads."""

    pieces: Iterator[str | Interaction]
    threads: anyio.CapacityLimiter

    async def next(self) -> str | Interaction:
        return await anyio.to_thread.run_sync(next, self.pieces, limiter=self.threads)


async def _event(send: Send, body: msgspec.Struct) -> None:
    data = b"data: " + _encode(body) + b"\n\n"
    await send({"type": "http.response.body", "body": data, "more_body": True})


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
