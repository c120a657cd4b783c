"""A release's engine, as the live service has it: loaded late, and left alone while it is away."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from math import inf

from northloop.core.conversation import Message
from northloop.core.errors import RemoteUnavailable
from northloop.core.ids import Hash
from northloop.ports.models import Capabilities, Engine, Options, Token

IN_VAIN, RESTS_S = 3, 5.0
"""After so many questions in vain a model's server is not asked for so long."""


class EngineOnDemand:
    """Implements `ports.models.Engine`: loaded when first asked, for what is known needs none.

    A server that was asked in vain `IN_VAIN` times, and answered nobody in between, is not asked
    again for `RESTS_S`: no customer waits for what those before them have waited for.
    """

    def __init__(self, load: Callable[[], Engine]) -> None:
        self._load = load
        self._lock = threading.Lock()
        self._engine: Engine | None = None
        self._in_vain = 0
        self._rests_until = -inf

    @property
    def capabilities(self) -> Capabilities:
        return self._loaded().capabilities

    def generate(
        self, messages: Sequence[Message], options: Options, *, adapter: Hash | None
    ) -> Iterator[Token]:
        if time.monotonic() < self._rests_until:
            raise RemoteUnavailable(
                "the model did not answer a moment ago, and is not asked again yet",
                where="serving.engine",
                action="wait some seconds; northloop doctor says what is wrong",
            )
        try:
            yield from self._loaded().generate(messages, options, adapter=adapter)
        except RemoteUnavailable:
            self._in_vain += 1
            if self._in_vain >= IN_VAIN:
                self._rests_until = time.monotonic() + RESTS_S
            raise
        self._in_vain = 0

    def _loaded(self) -> Engine:
        with self._lock:
            self._engine = self._engine or self._load()
            return self._engine

    def close(self) -> None:
        if self._engine is not None:
            self._engine.close()
