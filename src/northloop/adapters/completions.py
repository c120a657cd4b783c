"""Streams completions from a server that speaks OpenAI's protocol; what goes wrong has a name."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Mapping
from typing import Annotated, TypeVar

import httpx2
import msgspec

from northloop.core.decoding import decoded, decoder
from northloop.core.errors import (
    ConfigurationError,
    InputError,
    NorthloopError,
    RemoteUnavailable,
    TooLong,
)
from northloop.ports.models import Token

T = TypeVar("T")
_TRIES = 3
_PAUSE_S = 0.5
_MOST_PAUSE_S = 5.0
"""However long the server asks to wait: a customer is waiting too."""
_BUSY = frozenset({408, 409, 425, 429})
_DATA = "data:"
_DONE = "[DONE]"
_ERROR = '{"error"'
_NO_MESSAGE = "no message"


class Server(msgspec.Struct, frozen=True, kw_only=True):
    """Where completions come from."""

    url: str
    """Up to and without the last part of the path: https://host/v1"""
    key: str = ""
    """Sent as a bearer token; "" for none."""
    read_s: Annotated[float, "seconds"] | None = 120.0
    """Longest silence; None for a server that is known to answer or to end."""
    name: str = "engine"
    """What an error names; never the key."""
    keeps_alive: bool = True


class CompletionsClient:
    """Asks one server; may be used from several threads."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._client = httpx2.Client(
            base_url=server.url.rstrip("/") + "/",
            headers={"Authorization": f"Bearer {server.key}"} if server.key else {},
            timeout=httpx2.Timeout(10.0, read=server.read_s),
            limits=httpx2.Limits(
                max_connections=None, max_keepalive_connections=8 if server.keeps_alive else 0
            ),
        )

    def ask(self, path: str, body: Mapping[str, object] | None, type_: type[T]) -> T:
        """Return the whole answer to a request; `body` None asks by GET. Errors as in `stream`."""
        with self._opened(path, body) as response:
            return self._read(response, type_)

    def tell(self, path: str, body: Mapping[str, object]) -> None:
        """Post a request whose answer says nothing but that it was done. Errors as in `stream`."""
        with self._opened(path, body):
            pass

    def stream(self, path: str, body: Mapping[str, object], type_: type[T]) -> Iterator[T]:
        """Yield the server-sent pieces of an answer; closing the iterator hangs up.

        Busy and broken servers are asked three times, as long as nothing has come of the answer.
        RemoteUnavailable if that is in vain or the connection breaks, TooLong for a prompt beyond
        the context, ConfigurationError for a key or an address that is not taken, InputError for
        anything else that the server refuses.
        """
        piece = decoder(type_)
        with self._opened(path, body) as response:
            try:
                for line in response.iter_lines():
                    if not line.startswith(_DATA):
                        continue
                    said = line.removeprefix(_DATA).strip()
                    if said == _DONE:
                        return
                    if said.startswith(_ERROR):
                        raise self._refused(said)
                    yield piece.decode(said)
            except httpx2.HTTPError as error:
                raise self._broken(error) from error
            except msgspec.MsgspecError as error:
                raise self._nonsense(error) from error
        raise self._cut_short("it hung up")

    def close(self) -> None:
        """Close the connections."""
        self._client.close()

    def _opened(self, path: str, body: Mapping[str, object] | None) -> _Open:
        """Return an answer that has begun well."""
        for attempt in range(1, _TRIES + 1):
            try:
                response = self._client.send(self._request(path, body), stream=True)
            except httpx2.HTTPError as error:
                if attempt == _TRIES or isinstance(error, httpx2.ReadTimeout):
                    raise self._broken(error) from error
                time.sleep(_PAUSE_S * attempt)
                continue
            if response.status_code < 300:
                return _Open(response)
            with _Open(response):
                problem = self._problem(response.status_code, _said(response))
            if attempt == _TRIES or not isinstance(problem, RemoteUnavailable):
                raise problem
            time.sleep(_pause_s(response, attempt))
        raise AssertionError("the last try returns or raises")

    def _request(self, path: str, body: Mapping[str, object] | None) -> httpx2.Request:
        if body is None:
            return self._client.build_request("GET", path)
        return self._client.build_request(
            "POST",
            path,
            content=msgspec.json.encode(body),
            headers={"Content-Type": "application/json"},
        )

    def _read(self, response: httpx2.Response, type_: type[T]) -> T:
        try:
            return decoded(response.read(), type_)
        except httpx2.HTTPError as error:
            raise self._broken(error) from error
        except msgspec.MsgspecError as error:
            raise self._nonsense(error) from error

    def _refused(self, event: str) -> NorthloopError:
        """Return what an error means that comes as a piece of an answer, HTTP's status being 200
        by then: vLLM refuses a schema like that."""
        found = _error_of(event)
        code = found.code
        if isinstance(code, int) and 400 <= code < 500:
            return self._problem(code, found.message[:300])
        return self._cut_short(event)

    def _problem(self, status: int, said: str) -> NorthloopError:
        """Return what a refusal means."""
        where = self._server.name
        if status in _BUSY or status >= 500:
            return RemoteUnavailable(
                f"the server answers {status}: {said}", where=where, action="see the server's log"
            )
        if status in (401, 403):
            return ConfigurationError(
                f"the server does not take the key ({status})",
                where=where,
                action="set it: NORTHLOOP_SERVING__ENGINE__KEY=…",
            )
        if _is_too_long(said):
            return TooLong(
                f"the model cannot read so much: {said}", where=where, action="shorten the prompt"
            )
        if status == 404:
            return ConfigurationError(
                f"the server knows no such address or model: {said}",
                where=where,
                action="check serving.engine.url and serving.engine.model",
            )
        return InputError(
            f"the server refuses this ({status}): {said}", where=where, action="ask for less"
        )

    def _broken(self, error: httpx2.HTTPError) -> RemoteUnavailable:
        return RemoteUnavailable(
            f"the server does not answer: {type(error).__name__}",
            where=self._server.name,
            action="start it, or check its address",
        )

    def _cut_short(self, said: str) -> RemoteUnavailable:
        return RemoteUnavailable(
            f"the server ended in the middle of an answer: {said[:300]}",
            where=self._server.name,
            action="see the server's log",
        )

    def _nonsense(self, error: msgspec.MsgspecError) -> RemoteUnavailable:
        return RemoteUnavailable(
            f"the server does not speak the protocol: {error}",
            where=self._server.name,
            action="check the address: it ends in /v1",
        )


class _Open:
    """A response that is closed at the end of its block."""

    def __init__(self, response: httpx2.Response) -> None:
        self._response = response

    def __enter__(self) -> httpx2.Response:
        return self._response

    def __exit__(self, *_: object) -> None:
        self._response.close()


def _pause_s(response: httpx2.Response, attempt: int) -> float:
    try:
        asked_s = float(response.headers.get("retry-after", ""))
    except ValueError:
        asked_s = _PAUSE_S * 2**attempt
    return min(_MOST_PAUSE_S, max(0.0, asked_s))


def _said(response: httpx2.Response) -> str:
    """Return the beginning of the message of a refusal."""
    try:
        return _error_of(response.read()).message[:300]
    except httpx2.HTTPError:
        return _NO_MESSAGE


class _Error(msgspec.Struct, frozen=True):
    message: str = _NO_MESSAGE
    code: int | str | None = None


class _Refusal(msgspec.Struct, frozen=True):
    """As the protocol has it, or as what stands before a server says it."""

    error: _Error | str = ""
    detail: str = ""


def _error_of(said: bytes | str) -> _Error:
    try:
        found = decoded(said, _Refusal)
    except msgspec.MsgspecError:
        return _Error()
    if isinstance(found.error, _Error):
        return found.error
    return _Error(found.error or found.detail or _NO_MESSAGE)


def _is_too_long(said: str) -> bool:
    lower = said.lower()
    return "context" in lower and ("length" in lower or "size" in lower or "window" in lower)


class _Logprob(msgspec.Struct, frozen=True):
    logprob: float


class _Logprobs(msgspec.Struct, frozen=True):
    content: list[_Logprob] | None = None


class _Delta(msgspec.Struct, frozen=True):
    content: str | None = None


class _Choice(msgspec.Struct, frozen=True):
    text: str = ""
    """What a prompt is gone on with; in a chat it is the `delta` that says it."""
    delta: _Delta = _Delta()
    logprobs: _Logprobs | None = None
    """Of the tokens that the piece is made of, in nats; None where the server does not say."""
    finish_reason: str | None = None


class Chunk(msgspec.Struct, frozen=True):
    """What one event of a streamed answer brings, as far as it concerns us."""

    choices: list[_Choice] = []


def tokens_of(chunks: Iterable[Chunk]) -> Iterator[Token]:
    """Yield the tokens of an answer, each once it is known whether it is the last one.

    What has no text by itself belongs to the character that it begins, so that no probability is
    lost; after the last text it is the end of the turn, which is no part of the answer.
    """
    last: Token | None = None
    silent: list[float] = []
    for piece in (choice for chunk in chunks for choice in chunk.choices):
        text = piece.text or piece.delta.content
        silent += [part.logprob for part in (piece.logprobs and piece.logprobs.content) or ()]
        if text:
            if last is not None:
                yield last
            last, silent = Token(text, sum(silent) if silent else None), []
        if piece.finish_reason == "length" and last is not None:
            last = msgspec.structs.replace(last, cut=True)
    if last is not None:
        yield last
