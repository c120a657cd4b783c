"""An engine that says what it is told to, and an embedder that only counts words."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from northloop.core.conversation import Message
from northloop.core.ids import Hash
from northloop.core.prompt import CHATML, Template
from northloop.ports.models import Capabilities, Options, Token

_PIECE = re.compile(r"\s*\S+")
_WORD = re.compile(r"\w+")

Script = Callable[[str, Hash | None], str]
"""From the prompt, as the engine's template renders it, and the adapter to the answer."""


class ScriptedEngine:
    """Implements `ports.models.Engine`: the answer of a script, word by word.

    `logprob` is every token's log-probability in nats, None for an engine that says none. Of
    choices the script's answer is taken if it is one of them, the first otherwise; keeping to a
    schema is the script's own matter. `prompts` keeps what was asked.
    """

    def __init__(
        self, script: Script, logprob: float | None = -0.1, template: Template = CHATML
    ) -> None:
        self._script = script
        self._logprob = logprob
        self._template = template
        self.prompts: list[str] = []

    @property
    def capabilities(self) -> Capabilities:
        return Capabilities(
            logprobs=self._logprob is not None,
            adapters=True,
            schema=True,
            exact=True,
            batching=1,
            context=0,
        )

    def generate(
        self, messages: Sequence[Message], options: Options, *, adapter: Hash | None
    ) -> Iterator[Token]:
        prompt = self._template.prompt(messages)
        self.prompts.append(prompt)
        answer = self._script(prompt, adapter)
        if options.choices and answer not in options.choices:
            answer = options.choices[0]
        for piece in _PIECE.findall(answer)[: options.max_tokens]:
            yield Token(piece, self._logprob)

    def close(self) -> None:
        """There is nothing to free."""


class HashEmbedder:
    """Implements `ports.models.Embedder` by feature hashing of words (Weinberger et al. 2009)."""

    name = "hash-64"
    english_alone = False
    squeezed = False

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return unit vectors, shape (len(texts), 64); the zero vector for a text without words."""
        vectors = np.zeros((len(texts), 64), dtype=np.float32)
        for row, text in zip(vectors, texts, strict=True):
            for word in _WORD.findall(text.lower()):
                # No signs: words that share a place must not cancel out.
                row[hashlib.blake2b(word.encode(), digest_size=1).digest()[0] % 64] += 1.0
            row /= np.linalg.norm(row) or 1.0
        return vectors
