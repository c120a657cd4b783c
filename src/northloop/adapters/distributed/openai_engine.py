"""Answers by any server that speaks OpenAI's chat completions: vLLM, llama.cpp, a provider's.

The server renders the prompt by the template of its own model, and takes the markers of turns for
such wherever they stand: none of any family is sent to it within a message. What it can do is tried
once, when somebody asks: whether tokens bear log-probabilities, and whether an answer keeps to a
schema. It sees what the answer path hands to an engine, which is redacted. The likeliest tokens are
asked for (temperature 0, a fixed seed), but no server promises the same answer twice.

vLLM reads an adapter from a folder when it is told to. It is told to when it does not know the
adapter: at first, and after it was started anew. The name it is told is of the adapter's hash, so
what it knows by that name is that adapter, whoever told it; and nobody tells it to forget one,
which another process may be asking for (it keeps those in use in its memory, by its own flags).
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType

import msgspec

from northloop.adapters.completions import Chunk, CompletionsClient, Server, tokens_of
from northloop.core.conversation import Message
from northloop.core.decoding import decoded
from northloop.core.errors import ConfigurationError, InputError, NotFound
from northloop.core.ids import Hash
from northloop.core.prompt import defused
from northloop.core.templates import EVERY_CONTROL
from northloop.ports.models import Capabilities, Options, Token

_CHAT = "chat/completions"
_PROBE = (Message("user", "Say yes."),)
_NONE: Mapping[Hash, Path] = MappingProxyType({})
_ANSWER = "answer"
"""A schema's root is an object: of what is chosen it has this one field."""


class OpenAISettings(msgspec.Struct, frozen=True, kw_only=True):
    """Which model of which server."""

    url: str
    """https://host/v1"""
    model: str
    """What the server calls it."""
    key: str = ""
    parallel: int = 8
    """Requests that are sent at once."""
    read_s: float = 120.0
    """Longest silence."""


class OpenAIEngine:
    """Implements `ports.models.Engine`; may be called from several threads.

    Nothing is asked of the server before the first answer or the first look at `capabilities`.
    """

    def __init__(self, settings: OpenAISettings, adapters: Mapping[Hash, Path] = _NONE) -> None:
        """`adapters` of the server's model: hash → folder as PEFT writes it, which the server can
        read too."""
        self._settings = settings
        self._adapters = adapters
        self._where = f"serving.engine ({settings.model})"
        self._client = CompletionsClient(
            Server(
                url=settings.url,
                key=settings.key,
                read_s=settings.read_s,
                name=self._where,
            )
        )
        self._turns = threading.BoundedSemaphore(settings.parallel)
        self._probing = threading.Lock()
        self._found: Capabilities | None = None

    @property
    def capabilities(self) -> Capabilities:
        """What the server was seen to do; errors as in `generate` if it does not answer."""
        with self._probing:
            if self._found is None:
                self._found = self._probed()
            return self._found

    def generate(
        self, messages: Sequence[Message], options: Options, *, adapter: Hash | None
    ) -> Iterator[Token]:
        """See `ports.models.Engine`; ConfigurationError if the server does not take the key, does
        not know the model, or does not load the adapter."""
        if adapter is not None and adapter not in self._adapters:
            raise NotFound(
                "the server's model has no such adapter",
                where=adapter,
                action="serve the release with its own base model",
            )
        able = self.capabilities
        if (options.choices or options.schema) and not able.schema:
            raise InputError(
                "the server does not keep to a schema",
                where=self._where,
                action="ask without one, or take a server with structured outputs",
            )
        if options.choices:
            return self._chosen(messages, options, adapter)
        return self._tokens(messages, options, adapter, logprobs=able.logprobs)

    def close(self) -> None:
        """Close the connections."""
        self._client.close()

    def _tokens(
        self,
        messages: Sequence[Message],
        options: Options,
        adapter: Hash | None = None,
        *,
        logprobs: bool,
    ) -> Iterator[Token]:
        with self._turns:
            request = self._request(messages, options, logprobs=logprobs)
            chunks = self._adapted(request, adapter) if adapter else self._chunks(request)
            yield from tokens_of(chunks)

    def _chunks(self, request: Mapping[str, object]) -> Iterator[Chunk]:
        return self._client.stream(_CHAT, request, Chunk)

    def _adapted(self, request: Mapping[str, object], adapter: Hash) -> Iterator[Chunk]:
        """Yield the answer of an adapter, which is loaded if the server does not know it."""
        named = {**request, "model": _name(adapter)}
        chunks = self._chunks(named)
        try:
            first = next(chunks, Chunk())
        except ConfigurationError:
            self._load(adapter)
            chunks, first = self._chunks(named), Chunk()
        yield first
        yield from chunks

    def _load(self, adapter: Hash) -> None:
        folder = str(self._adapters[adapter].absolute())
        try:
            self._client.tell(
                "load_lora_adapter", {"lora_name": _name(adapter), "lora_path": folder}
            )
        except (ConfigurationError, InputError) as error:
            if any(model.id == _name(adapter) for model in self._models()):
                return  # another thread or process was quicker
            raise ConfigurationError(
                f"the server does not load the release's adapter: {error.what}",
                where=self._where,
                action="start vLLM with --enable-lora and VLLM_ALLOW_RUNTIME_LORA_UPDATING=1, "
                f"where it can read {folder}",
            ) from error

    def _chosen(
        self, messages: Sequence[Message], options: Options, adapter: Hash | None
    ) -> Iterator[Token]:
        """Yield the choice, as one token without a probability: its wrapping has one too."""
        asked = msgspec.structs.replace(
            options,
            choices=(),
            schema=_schema_of(options.choices),
            max_tokens=options.max_tokens + _WRAPPING_TOKENS,
        )
        said = "".join(t.text for t in self._tokens(messages, asked, adapter, logprobs=False))
        choice = _unwrapped(said)
        if choice not in options.choices:
            raise InputError(
                f"the server chose none of what it was given: {said[:80]!r}",
                where=self._where,
                action="take a server that keeps to its schemas",
            )
        yield Token(choice, None)

    def _request(
        self, messages: Sequence[Message], options: Options, *, logprobs: bool
    ) -> dict[str, object]:
        request: dict[str, object] = {
            "model": self._settings.model,
            "messages": [Message(m.role, defused(m.content, EVERY_CONTROL)) for m in messages],
            "max_tokens": options.max_tokens,
            "temperature": 0.0,
            "seed": 0,
            "stream": True,
        }
        if logprobs:
            request["logprobs"] = True
        if options.schema:
            schema = {
                "name": _ANSWER,
                "strict": True,
                "schema": msgspec.Raw(options.schema.encode()),
            }
            request["response_format"] = {"type": "json_schema", "json_schema": schema}
        return request

    def _probed(self) -> Capabilities:
        return Capabilities(
            logprobs=self._gives_logprobs(),
            adapters=bool(self._adapters),
            schema=self._keeps_to_schemas(),
            exact=False,
            batching=self._settings.parallel,
            context=self._context(),
        )

    def _gives_logprobs(self) -> bool:
        try:
            tokens = [*self._tokens(_PROBE, Options(max_tokens=4), logprobs=True)]
        except InputError:
            return False
        return bool(tokens) and all(token.logprob is not None for token in tokens)

    def _keeps_to_schemas(self) -> bool:
        """Whether an answer is one that no model gives of itself."""
        wanted = "q7-violet"
        options = Options(max_tokens=_WRAPPING_TOKENS, schema=_schema_of((wanted,)))
        try:
            said = "".join(t.text for t in self._tokens(_PROBE, options, logprobs=False))
        except InputError:
            return False
        return _unwrapped(said) == wanted

    def _context(self) -> int:
        try:
            models = self._models()
        except (ConfigurationError, InputError):
            return 0  # it answers all the same
        for model in models:
            if model.id == self._settings.model:
                return model.max_model_len or (model.meta.n_ctx if model.meta else 0) or 0
        return 0

    def _models(self) -> list[_Model]:
        return self._client.ask("models", None, _Models).data


_WRAPPING_TOKENS = 32
"""Braces, the name of the field, quotation marks and what white space a schema leaves free."""


def _name(adapter: Hash) -> str:
    """Return what the server calls an adapter."""
    return f"northloop-{adapter}"


def _schema_of(choices: Sequence[str]) -> str:
    schema = {
        "type": "object",
        "properties": {_ANSWER: {"type": "string", "enum": list(choices)}},
        "required": [_ANSWER],
        "additionalProperties": False,
    }
    return msgspec.json.encode(schema).decode()


def _unwrapped(said: str) -> str:
    try:
        return decoded(said.strip(), dict[str, str]).get(_ANSWER, "")
    except msgspec.MsgspecError:
        return ""


class _Meta(msgspec.Struct, frozen=True):
    n_ctx: int | None = None


class _Model(msgspec.Struct, frozen=True):
    id: str
    max_model_len: int | None = None
    meta: _Meta | None = None


class _Models(msgspec.Struct, frozen=True):
    data: list[_Model] = []
