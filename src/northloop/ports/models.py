"""Engines that generate, and embedders."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Protocol

import msgspec
import numpy as np
from numpy.typing import NDArray

from northloop.core.ids import Hash


class Token(msgspec.Struct, frozen=True):
    """One generated piece of text and its log-probability (nats)."""

    text: str
    logprob: float


class Engine(Protocol):
    """Generates greedily from one base model and any of its loaded adapters."""

    def generate(
        self, prompt: str, *, adapter: Hash | None, max_tokens: int, grammar: str = ""
    ) -> Iterator[Token]:
        """Yield tokens as they come, until the end-of-turn marker (not yielded) or `max_tokens`.

        The same arguments give the same tokens. `prompt` is the rendered text with its control
        markers; `grammar` (GBNF) restricts what may be generated. Closing the iterator stops
        the generation. TooLong for a prompt longer than the context, RemoteUnavailable if the
        engine does not answer.
        """
        ...

    def close(self) -> None:
        """Free the model."""
        ...


class Embedder(Protocol):
    """Turns texts into vectors."""

    name: str
    """Name and version; part of an index's identity."""

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return unit vectors, shape (len(texts), dimensions)."""
        ...
