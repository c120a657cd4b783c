"""Serves a quantised base model and its adapters with llama.cpp, inside this process.

The same arguments give the same tokens whatever was generated before. Four settings see to that:
flash attention is off, because its tiles depend on where a prompt ends; no prompt is taken from the
cache, because a sum that is cut elsewhere differs in its last digits; each adapter has slots of
its own (llama.cpp #26207); and one request runs at a time unless `parallel` says otherwise,
because other requests in a batch change the sums too.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import threading
from collections.abc import Iterator, Mapping
from pathlib import Path
from queue import SimpleQueue

import msgspec
import xllamacpp

from northloop.core.errors import CorruptArtefact, InputError, NotFound, RemoteUnavailable, TooLong
from northloop.core.ids import Hash
from northloop.ports.models import Token

END_OF_TURN = "<|im_end|>"
_MAGIC = b"GGUF"


class EngineSettings(msgspec.Struct, frozen=True, kw_only=True):
    """How much of the machine the engine takes."""

    parallel: int = 1
    """Requests that run at once; above 1, two equal requests may differ in a near-tie."""
    context: int = 2048
    """Tokens of prompt and answer together."""
    threads: int = 0
    """0: one for each processor."""


DEFAULTS = EngineSettings()


class LlamaCppEngine:
    """Implements `ports.models.Engine`; may be called from several threads."""

    def __init__(
        self,
        base_gguf: Path,
        adapters: Mapping[Hash, Path],
        settings: EngineSettings = DEFAULTS,
    ) -> None:
        """Load the base and the adapters' GGUF files; CorruptArtefact if one cannot be read."""
        names: list[Hash | None] = [None, *adapters]
        for path in (base_gguf, *adapters.values()):
            _check_magic(path)
        self._lora_ids = {name: at for at, name in enumerate(adapters)}
        self._slots = {
            name: list(range(at * settings.parallel, (at + 1) * settings.parallel))
            for at, name in enumerate(names)
        }
        self._lock = threading.Lock()
        self._turns = threading.BoundedSemaphore(settings.parallel)
        params = _params(base_gguf, list(adapters.values()), settings, len(names))
        self._server: xllamacpp.Server | None = _started(params)

    def generate(
        self, prompt: str, *, adapter: Hash | None, max_tokens: int, grammar: str = ""
    ) -> Iterator[Token]:
        """See `ports.models.Engine`.

        NotFound for an adapter that was not loaded; on the first token, TooLong for a prompt that
        is longer than the context, InputError for a grammar that cannot be read.
        """
        if adapter not in self._slots:
            raise NotFound(
                "the engine has no such adapter",
                where=adapter or "",
                action="start the engine with the adapter of this release",
            )
        request = {
            "prompt": prompt,
            "max_tokens": max_tokens,
            "temperature": 0.0,
            "logprobs": 1,
            "stream": True,
            "cache_prompt": False,
            "stop": [END_OF_TURN],
            "lora": [
                {"id": number, "scale": float(name == adapter)}
                for name, number in self._lora_ids.items()
            ],
        }
        if grammar:
            request["grammar"] = grammar
        return self._tokens(adapter, request)

    def close(self) -> None:
        """Free the model; generations that run are waited for."""
        with self._lock:
            self._server = None

    def _tokens(self, adapter: Hash | None, request: dict[str, object]) -> Iterator[Token]:
        with self._slot(adapter) as (server, slot):
            yield from _streamed(server, msgspec.json.encode({**request, "id_slot": slot}))

    @contextlib.contextmanager
    def _slot(self, adapter: Hash | None) -> Iterator[tuple[xllamacpp.Server, int]]:
        """Wait for a turn, and lend a slot that only ever read prompts with this adapter."""
        with self._turns:
            with self._lock:
                server = self._server
                if server is None:
                    raise RemoteUnavailable(
                        "the engine was closed", where="llama.cpp", action="start it again"
                    )
                slot = self._slots[adapter].pop()
            try:
                yield server, slot
            finally:
                with self._lock:
                    self._slots[adapter].append(slot)


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


def _params(
    base_gguf: Path, adapters: list[Path], settings: EngineSettings, names: int
) -> xllamacpp.CommonParams:
    params = xllamacpp.CommonParams()
    params.model.path = str(base_gguf)
    params.lora_adapters = [xllamacpp.CommonAdapterLoraInfo(str(path), 1.0) for path in adapters]
    params.lora_init_without_apply = True
    params.n_parallel = names * settings.parallel
    params.n_ctx = settings.context * params.n_parallel
    params.cpuparams.n_threads = settings.threads or len(os.sched_getaffinity(0))
    params.cpuparams_batch.n_threads = params.cpuparams.n_threads
    params.flash_attn_type = xllamacpp.llama_flash_attn_type.LLAMA_FLASH_ATTN_TYPE_DISABLED
    params.cache_ram_mib = 0  # prompts stay in their slots, where determinism was checked
    params.fit_params = False
    params.warmup = False
    params.ui = False
    params.verbosity = -1
    # The library always opens a local port as well; a key that nobody knows closes it again.
    params.api_keys = [secrets.token_hex(32)]
    return params


def _started(params: xllamacpp.CommonParams) -> xllamacpp.Server:
    """Return a server that has answered once: one closed before its loop runs never ends."""
    try:
        server = xllamacpp.Server(params)
    except RuntimeError as error:
        files = [params.model.path, *(adapter.path for adapter in params.lora_adapters)]
        raise CorruptArtefact(
            "llama.cpp cannot load the model or one of its adapters",
            where=", ".join(files),
            action="fetch the base model again, or train the adapter again for this base",
        ) from error
    server.handle_completions({"prompt": END_OF_TURN, "max_tokens": 1})
    return server


class _Logprob(msgspec.Struct, frozen=True):
    logprob: float


class _Logprobs(msgspec.Struct, frozen=True):
    content: list[_Logprob] = []


class _Choice(msgspec.Struct, frozen=True):
    text: str
    logprobs: _Logprobs | None = None


class _Problem(msgspec.Struct, frozen=True):
    message: str


class _Chunk(msgspec.Struct, frozen=True):
    """What llama.cpp streams, as far as it concerns us."""

    choices: list[_Choice] = []
    error: _Problem | None = None


def _streamed(server: xllamacpp.Server, request: bytes) -> Iterator[Token]:
    """Yield what a request streams; closing the iterator ends the request."""
    pieces: SimpleQueue[bytes | None] = SimpleQueue()
    stopped = threading.Event()

    def receive(piece: bytes) -> bool:
        pieces.put(piece)
        return stopped.is_set()

    def run() -> None:
        try:
            server.handle_completions(request, receive)
        finally:
            pieces.put(None)

    worker = threading.Thread(target=run, name="northloop-generate", daemon=True)
    worker.start()
    try:
        while (piece := pieces.get()) is not None:
            yield from _decoded(piece)
    finally:
        stopped.set()
        worker.join()


def _refused(message: str) -> InputError:
    said = f"llama.cpp cannot answer this: {message}"
    if "context size" in message:
        return TooLong(said, where="generate", action="shorten the prompt")
    return InputError(said, where="generate", action="correct the grammar")


def _decoded(piece: bytes) -> Iterator[Token]:
    chunk = msgspec.json.decode(piece, type=_Chunk)
    if chunk.error is not None:
        raise _refused(chunk.error.message)
    for choice in chunk.choices:
        if choice.text and choice.logprobs and choice.logprobs.content:
            yield Token(choice.text, sum(part.logprob for part in choice.logprobs.content))
