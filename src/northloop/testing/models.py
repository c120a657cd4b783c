"""An engine that says what it is told to, and an embedder that only counts words."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from northloop.core.ids import Hash
from northloop.ports.models import Token

_PIECE = re.compile(r"\s*\S+")
_WORD = re.compile(r"\w+")

Script = Callable[[str, Hash | None], str]
"""From a prompt and the adapter to the answer."""


class ScriptedEngine:
    """Implements `ports.models.Engine`: the answer of a script, word by word.

    `logprob` is every token's log-probability in nats. A grammar of alternatives, as
    `core.prompt.intent_grammar` writes it, is obeyed: the script's answer if it is one of them,
    the first otherwise. `prompts` keeps what was asked.
    """

    def __init__(self, script: Script, logprob: float = -0.1) -> None:
        self._script = script
        self._logprob = logprob
        self.prompts: list[str] = []

    def generate(
        self, prompt: str, *, adapter: Hash | None, max_tokens: int, grammar: str = ""
    ) -> Iterator[Token]:
        self.prompts.append(prompt)
        answer = self._script(prompt, adapter)
        labels = re.findall(r'"([^"]*)"', grammar)
        if labels and answer not in labels:
            answer = labels[0]
        for piece in _PIECE.findall(answer)[:max_tokens]:
            yield Token(piece, self._logprob)

    def close(self) -> None:
        """There is nothing to free."""


class HashEmbedder:
    """Implements `ports.models.Embedder` by feature hashing of words (Weinberger et al. 2009)."""

    name = "hash-64"

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return unit vectors, shape (len(texts), 64); the zero vector for a text without words."""
        vectors = np.zeros((len(texts), 64), dtype=np.float32)
        for row, text in zip(vectors, texts, strict=True):
            for word in _WORD.findall(text.lower()):
                # No signs: words that share a place must not cancel out.
                row[hashlib.blake2b(word.encode(), digest_size=1).digest()[0] % 64] += 1.0
            row /= np.linalg.norm(row) or 1.0
        return vectors
