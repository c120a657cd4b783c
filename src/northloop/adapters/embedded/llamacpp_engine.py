"""Serves a quantised base model and its adapters with llama.cpp, each in a process of its own.

Alone, the same arguments give the same tokens whatever was generated before. Three settings see to
that: flash attention is off, because its tiles depend on where a prompt ends; no prompt is taken
from the cache, because a sum that is cut elsewhere differs in its last digits; and one request
runs at a time unless `parallel` says otherwise, because other requests in a batch change the sums
too. Sequences share weights and nothing else: each has its own context.
"""

from __future__ import annotations

import contextlib
import os
import threading
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import msgspec

from northloop.adapters.completions import Chunk, CompletionsClient, Server, tokens_of
from northloop.adapters.embedded.llamacpp_process import LlamaProcess, ProcessSpec
from northloop.core.conversation import Message
from northloop.core.errors import CorruptArtefact, InputError, NotFound, RemoteUnavailable
from northloop.core.ids import Hash
from northloop.core.prompt import CHATML, Template
from northloop.ports.models import Capabilities, Options, Token

_MAGIC = b"GGUF"


class EngineSettings(msgspec.Struct, frozen=True, kw_only=True):
    """How much of the machine the engine takes, and how it is spoken to."""

    parallel: int = 1
    """Sequences that are generated at once; above 1, two equal requests may differ in a
    near-tie."""
    context: int = 2048
    """Tokens of prompt and answer together, for each sequence."""
    threads: int = 0
    """0: one for each processor. They sleep when they wait, so a training beside them gets its
    share (docs/decisions/0004)."""
    template: Template = CHATML


DEFAULTS = EngineSettings()


class LlamaCppEngine:
    """Implements `ports.models.Engine`; may be called from several threads."""

    def __init__(
        self,
        base_gguf: Path,
        adapters: Mapping[Hash, Path],
        settings: EngineSettings = DEFAULTS,
    ) -> None:
        """Load the adapters on their base, or the base alone if there are none.

        CorruptArtefact if a file cannot be read. The base beside adapters is loaded when it is
        first asked for.
        """
        for path in (base_gguf, *adapters.values()):
            _check_magic(path)
        self._settings = settings
        files: list[tuple[Hash | None, Path | None]] = [(None, None), *adapters.items()]
        self._models = {name: _Model(base_gguf, path, settings) for name, path in files}
        try:
            for name in adapters or (None,):
                self._models[name].start()
        except BaseException:
            self.close()
            raise

    @property
    def capabilities(self) -> Capabilities:
        """All of it, and exact where one sequence is generated at a time."""
        return Capabilities(
            logprobs=True,
            adapters=True,
            schema=True,
            exact=self._settings.parallel == 1,
            batching=self._settings.parallel,
            context=self._settings.context,
        )

    @property
    def template(self) -> Template:
        """How it writes the turns of a conversation."""
        return self._settings.template

    def generate(
        self, messages: Sequence[Message], options: Options, *, adapter: Hash | None
    ) -> Iterator[Token]:
        """See `ports.models.Engine`."""
        return self.continued(self.template.prompt(messages), options, adapter=adapter)

    def continued(
        self, prompt: str, options: Options, *, adapter: Hash | None = None
    ) -> Iterator[Token]:
        """Yield what follows a text that is rendered already; as `generate` in all else."""
        model = self._models.get(adapter)
        if model is None:
            raise NotFound(
                "the engine has no such adapter",
                where=adapter or "",
                action="start the engine with the adapter of this release",
            )
        tokens = model.tokens(_request(prompt, options, self.template))
        return _without(self.template.lead, tokens) if options.choices else tokens

    def close(self) -> None:
        """End the processes; generations that run are waited for."""
        for model in self._models.values():
            model.close()


class _Model:
    """One process and how many ask it; started again if it has ended of itself."""

    def __init__(self, base: Path, adapter: Path | None, settings: EngineSettings) -> None:
        self._spec = ProcessSpec(
            base=str(base.absolute()),
            adapter=str(adapter.absolute()) if adapter else "",
            parallel=settings.parallel,
            context=settings.context,
            threads=settings.threads or len(os.sched_getaffinity(0)),
        )
        self._turns = threading.BoundedSemaphore(settings.parallel)
        self._changed = threading.Condition()
        self._asking = 0
        self._closed = False
        self._process: LlamaProcess | None = None
        self._client: CompletionsClient | None = None

    def start(self) -> None:
        """Load the model if it is not; RemoteUnavailable after `close`."""
        with self._changed:
            self._running()

    def tokens(self, request: Mapping[str, object]) -> Iterator[Token]:
        """Yield the answer to a request."""
        with self._turn() as client:
            yield from tokens_of(client.stream("completions", request, Chunk))

    def close(self) -> None:
        """End the process when the last answer has been given."""
        with self._changed:
            self._closed = True
            self._changed.wait_for(lambda: not self._asking)
            self._stop()

    @contextlib.contextmanager
    def _turn(self) -> Iterator[CompletionsClient]:
        with self._turns:
            with self._changed:
                client = self._running()
                self._asking += 1
            try:
                yield client
            finally:
                with self._changed:
                    self._asking -= 1
                    self._changed.notify_all()

    def _running(self) -> CompletionsClient:
        if self._closed:
            raise RemoteUnavailable(
                "the engine was closed", where="llama.cpp", action="start it again"
            )
        if self._process is not None and self._client is not None and self._process.running:
            return self._client
        self._stop()
        self._process = LlamaProcess(self._spec)
        # None to read: a process that ends hangs up. Loopback needs no kept connections.
        server = Server(
            url=f"{self._process.url}/v1",
            key=self._process.key,
            read_s=None,
            name="llama.cpp",
            keeps_alive=False,
        )
        self._client = CompletionsClient(server)
        return self._client

    def _stop(self) -> None:
        if self._client is not None:
            self._client.close()
        if self._process is not None:
            self._process.close()
        self._client = self._process = None


def _check_magic(path: Path) -> None:
    try:
        with path.open("rb") as file:
            found = file.read(len(_MAGIC))
    except OSError as error:
        raise InputError(
            f"the file cannot be opened: {error.strerror}", where=str(path), action="check the path"
        ) from error
    if found != _MAGIC:
        raise CorruptArtefact(
            "the file is no GGUF", where=str(path), action="fetch it or train it again"
        )


def _request(prompt: str, options: Options, template: Template) -> dict[str, object]:
    request: dict[str, object] = {
        "prompt": prompt,
        "max_tokens": options.max_tokens,
        "temperature": 0.0,
        "logprobs": 1,
        "stream": True,
        "cache_prompt": False,
        "stop": [template.end],
    }
    if options.choices:
        request["grammar"] = _grammar([f"{template.lead}{choice}" for choice in options.choices])
    if options.schema:
        request["json_schema"] = msgspec.Raw(options.schema.encode())
    return request


def _without(lead: str, tokens: Iterator[Token]) -> Iterator[Token]:
    """Yield an answer less what its template has before its words: a choice is said as it is."""
    for token in tokens:
        text, lead = token.text.removeprefix(lead), ""
        if text:
            yield msgspec.structs.replace(token, text=text)


def _grammar(choices: Sequence[str]) -> str:
    """Return the GBNF grammar that admits exactly the given texts."""
    quoted = (msgspec.json.encode(choice).decode() for choice in choices)
    return f"root ::= {' | '.join(quoted)}"
