"""Sending one answer, whole or as server-sent events, while the customer is still there.

An answer begins with the others that begin now (`rounds`): what was approved, cached or is handed
off unseen is whole then. One that says OPENING or SEARCHING goes on in threads for that. Neither
waits for a generation or is refused by a full waiting room; only where the answer says WORKING, the
request waits for a turn before it goes on. All of it happens in worker threads; when the client
goes away, the generation is stopped at the next token.
An error before the first text becomes an ordinary error response; one after it, an `error` event,
and no `[DONE]`.
"""

from __future__ import annotations

import contextlib
import threading
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from functools import partial
from types import GeneratorType, MappingProxyType

import anyio
import anyio.to_thread
import msgspec
from starlette.types import Receive, Scope, Send

from northloop.core.errors import BeingAnswered, NorthloopError
from northloop.core.interaction import WORKING, Interaction, Pause, Question
from northloop.http import errors, rounds
from northloop.http.completion import Delta, Given, Speaker, usage
from northloop.http.parameters import header
from northloop.http.rounds import Piece, Rounds
from northloop.http.waiting_room import WaitingRoom

_encode = msgspec.json.Encoder().encode
Look = Callable[[Interaction], Given]
"""Says what an answer rests on; called in a thread, once the answer is kept."""


class Capacity(msgspec.Struct, frozen=True, kw_only=True):
    """Where answers are made: the waiting room, the threads."""

    room: WaitingRoom
    """Places for generations."""
    threads: anyio.CapacityLimiter
    """For those who have a turn."""
    rounds: Rounds
    """For the beginning."""
    searching: anyio.CapacityLimiter
    """For what is neither approved nor cached, until it has to be generated."""
    answering: set[str]
    """Ids of the interactions that are being made now."""

    @contextmanager
    def once(self, interaction_id: str) -> Iterator[Callable[[], None]]:
        """Hold an id, and yield how to let it go as soon as the answer is kept.

        BeingAnswered if the same request is being answered already.
        """
        if interaction_id in self.answering:
            raise BeingAnswered("this very request is being answered already", retry_after_s=1)
        self.answering.add(interaction_id)
        held = [interaction_id]

        def let_go() -> None:
            while held:
                self.answering.discard(held.pop())

        try:
            yield let_go
        finally:
            let_go()


class ClientGone(Exception):
    """Nobody waits for the answer any more; there is nothing to send and nothing to report."""


class Answer:
    """ASGI response: answers at once if it can, else waits for a turn first."""

    def __init__(
        self,
        capacity: Capacity,
        question: Question,
        begin: Callable[[], Iterator[str | Interaction]],
        look: Look,
        speaker: Speaker,
        *,
        stream: bool,
    ) -> None:
        """`begin` is called in a thread; it returns what the question is answered with."""
        self._capacity = capacity
        self._question = question
        self._make = begin
        self._look = look
        self._speaker = speaker
        self._stream = stream
        self._gone = threading.Event()
        self._kept: Callable[[], None] = _nothing

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer; NorthloopError as long as nothing has been sent."""
        capacity = self._capacity
        with (
            capacity.once(self._question.interaction_id) as self._kept,
            contextlib.suppress(ClientGone),
        ):
            begun = await capacity.rounds.begin(self._pieces)
            while begun.rest is not None and begun.said[0] is not WORKING:
                begin = partial(rounds.begin, begun.rest)
                begun = await anyio.to_thread.run_sync(begin, limiter=capacity.searching)
            if begun.rest is None:
                await self._answer(_Made(begun.said), scope, send)
                return
            async with (
                _while_connected(receive, self._gone),
                _closing(begun.rest, capacity.searching),
                capacity.room.place(),
                _closing(begun.rest, capacity.threads),
            ):
                await self._answer(_Making(begun.rest, capacity.threads), scope, send)

    def _pieces(self) -> Iterator[Piece]:
        """Begin, and yield what the answer consists of: texts, pauses, at last what it rests on."""
        pieces = self._make()
        try:
            for piece in pieces:
                yield self._look(piece) if isinstance(piece, Interaction) else piece
        finally:
            if isinstance(pieces, GeneratorType):
                pieces.close()

    async def _answer(self, pieces: _Made | _Making, scope: Scope, send: Send) -> None:
        if self._stream:
            await self._send_events(pieces, scope, send)
        else:
            await self._send_whole(pieces, send)

    async def _send_whole(self, pieces: _Made | _Making, send: Send) -> None:
        text, given = await pieces.whole(self._gone)
        self._kept()
        used = usage(self._question.messages, text, given.interaction)
        body = _encode(self._speaker.completion(text, given, used))
        headers = {
            "content-type": "application/json",
            "content-length": str(len(body)),
            "x-northloop-source": given.interaction.source.value,
        }
        await send(self._start(headers))
        await send({"type": "http.response.body", "body": body, "more_body": False})

    async def _send_events(self, pieces: _Made | _Making, scope: Scope, send: Send) -> None:
        piece = await pieces.text()
        await send(self._start(_EVENTS))
        try:
            await _event(send, self._speaker.chunk(Delta(role="assistant", content="")))
            await self._say(piece, pieces, send)
        except NorthloopError as error:
            name = errors.request_id(scope)
            errors.log(error, name)
            await _event(send, errors.envelope(error, name))
        except Exception as error:  # noqa: BLE001 (the response has begun: say so, and log it)
            name = errors.request_id(scope)
            errors.log_unforeseen(error, name)
            await _event(send, errors.unforeseen(name))
        await send({"type": "http.response.body", "body": b"", "more_body": False})

    async def _say(self, piece: str | Given, pieces: _Made | _Making, send: Send) -> None:
        said: list[str] = []
        while isinstance(piece, str):
            said.append(piece)
            await _event(send, self._speaker.chunk(Delta(content=piece)))
            piece = await pieces.text()
        self._kept()
        await _event(send, self._speaker.last_chunk(piece))
        if self._speaker.include_usage:
            used = usage(self._question.messages, "".join(said), piece.interaction)
            await _event(send, self._speaker.usage_chunk(used))
        await send({"type": "http.response.body", "body": b"data: [DONE]\n\n", "more_body": True})

    def _start(self, more: Mapping[str, str]) -> dict[str, object]:
        headers = {**more, "x-northloop-interaction": self._question.interaction_id}
        if trace_id := self._question.trace.trace_id:
            headers["x-northloop-trace"] = trace_id
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


class _Made:
    """An answer that was whole when it began."""

    def __init__(self, pieces: Iterable[Piece]) -> None:
        self._pieces = iter(pieces)

    async def text(self) -> Piece:
        """Return the next text, or the kept answer at last."""
        return next(self._pieces)

    async def whole(self, _: threading.Event) -> tuple[str, Given]:
        """Return the whole text and the kept answer."""
        *said, given = self._pieces
        assert isinstance(given, Given)
        return "".join(map(str, said)), given


class _Making:
    """An answer that is being generated, in threads."""

    def __init__(self, pieces: Iterator[Piece], threads: anyio.CapacityLimiter) -> None:
        self._pieces = pieces
        self._threads = threads

    async def text(self) -> Piece:
        """Return the next text, or the kept answer at last; pauses are left out.

        One piece a call of a thread, so that whoever has gone stops it at the next one.
        """
        while True:
            piece = await anyio.to_thread.run_sync(next, self._pieces, limiter=self._threads)
            if not isinstance(piece, Pause):
                return piece

    async def whole(self, gone: threading.Event) -> tuple[str, Given]:
        """Return the whole text and the kept answer; stop at the next piece when nobody waits.

        Not abandoned when the client leaves: the place is held for as long as the thread works.
        """
        return await anyio.to_thread.run_sync(self._collected, gone, limiter=self._threads)

    def _collected(self, gone: threading.Event) -> tuple[str, Given]:
        said: list[str] = []
        for piece in self._pieces:
            if isinstance(piece, Given):
                return "".join(said), piece
            if gone.is_set():
                break
            said.append(piece)
        raise ClientGone


def _nothing() -> None:
    """There is nothing to let go before the answer has begun."""


async def _event(send: Send, body: msgspec.Struct) -> None:
    data = b"data: " + _encode(body) + b"\n\n"
    await send({"type": "http.response.body", "body": data, "more_body": True})


@asynccontextmanager
async def _closing(pieces: Iterator[Piece], threads: anyio.CapacityLimiter) -> AsyncIterator[None]:
    """End an answer in a thread, also for a client who has gone: its engine stops before."""
    try:
        yield
    finally:
        if isinstance(pieces, GeneratorType) and pieces.gi_frame is not None:
            with anyio.CancelScope(shield=True):
                await anyio.to_thread.run_sync(pieces.close, limiter=threads)


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
