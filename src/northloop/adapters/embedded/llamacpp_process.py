"""One llama.cpp server in a process of its own: a base model, and an adapter if any.

Loading holds Python's interpreter lock from the first byte to the last, and whatever goes wrong
inside llama.cpp ends the process: neither may happen where customers are answered. Weights are
mapped, not read: processes of one base model share them. The process ends with its parent, however
that ends, for its standard input is closed then.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import subprocess
import sys
import threading
from typing import Any

import msgspec

from northloop.core.decoding import decoded
from northloop.core.errors import CorruptArtefact

_START_TIMEOUT_S = 600.0
"""A large model on a cold disk takes minutes."""


class ProcessSpec(msgspec.Struct, frozen=True, kw_only=True):
    """What a process loads and how much of the machine it takes."""

    base: str
    """Path of the GGUF file."""
    adapter: str = ""
    """Path of its GGUF file; "" for the base alone."""
    parallel: int = 1
    """Sequences that are generated at once."""
    context: int = 2048
    """Tokens of each sequence."""
    threads: int = 1
    key: str = ""
    """Whoever knows it may ask."""
    name: str = "base"
    """What the model is called by who asks."""


class LlamaProcess:
    """A running process; `url` is where it listens, on loopback, for whoever knows `key`."""

    def __init__(self, spec: ProcessSpec) -> None:
        """Start the process and wait until the model is loaded; CorruptArtefact if it cannot be."""
        self.key = spec.key or secrets.token_hex(32)
        self._process = subprocess.Popen(
            [sys.executable, "-c", f"from {__name__} import main; main()"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(p for p in sys.path if p)},
            start_new_session=True,  # Ctrl-C is for the parent, which closes what it opened
        )
        self.url = self._started(msgspec.structs.replace(spec, key=self.key))

    @property
    def pid(self) -> int:
        """The process's id."""
        return self._process.pid

    @property
    def running(self) -> bool:
        """Whether the process has not ended."""
        return self._process.poll() is None

    def close(self) -> None:
        """End the process at once, and what it generates."""
        self._process.kill()
        self._process.wait()
        for stream in (self._process.stdin, self._process.stdout):
            if stream:
                with contextlib.suppress(OSError):
                    stream.close()

    def _started(self, spec: ProcessSpec) -> str:
        assert self._process.stdin and self._process.stdout
        watchdog = threading.Timer(_START_TIMEOUT_S, self._process.kill)
        watchdog.start()
        try:
            with contextlib.suppress(BrokenPipeError):
                self._process.stdin.write(msgspec.json.encode(spec) + b"\n")
                self._process.stdin.flush()
            url = self._process.stdout.readline().decode().strip()
        finally:
            watchdog.cancel()
        if url:
            return url
        self.close()
        raise CorruptArtefact(
            "llama.cpp cannot load the model or its adapter",
            where=", ".join(filter(None, (spec.base, spec.adapter))),
            action="fetch the base model again, or train the adapter again for this base",
        )


def main() -> None:
    """Serve what standard input's first line says until standard input ends."""
    spec = decoded(sys.stdin.buffer.readline(), ProcessSpec)
    # The library may print; what the parent reads is the address alone.
    answer = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    server = _server(spec)
    # Where it is closed before its loop runs, it never ends: it must have answered once.
    server.handle_completions({"prompt": "x", "max_tokens": 1})
    print(server.listening_address, file=answer, flush=True)
    sys.stdin.buffer.read()
    os._exit(0)


def _server(spec: ProcessSpec) -> Any:
    import xllamacpp  # noqa: PLC0415 (only the process itself loads it)

    params = xllamacpp.CommonParams()
    params.model.path = spec.base
    params.model_alias = {spec.name}
    if spec.adapter:
        params.lora_adapters = [xllamacpp.CommonAdapterLoraInfo(spec.adapter, 1.0)]
    params.n_parallel = spec.parallel
    params.n_ctx = spec.context * spec.parallel
    params.cpuparams.n_threads = spec.threads
    params.cpuparams_batch.n_threads = spec.threads
    params.flash_attn_type = xllamacpp.llama_flash_attn_type.LLAMA_FLASH_ATTN_TYPE_DISABLED
    params.cache_ram_mib = 0  # prompts stay in their slots, where determinism was checked
    params.fit_params = False
    params.warmup = False
    params.ui = False
    params.verbosity = -1
    params.api_keys = [spec.key]
    return xllamacpp.Server(params)
