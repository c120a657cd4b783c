"""Training an adapter, and asking the trained model what it thinks."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Protocol

import msgspec

from northloop.core.artefacts import LossPoint, TuneSpec
from northloop.core.prompt import Rendered


class RowLoss(msgspec.Struct, frozen=True):
    """The loss of one row's completion."""

    nats: float
    """Summed negative log-likelihood of the supervised tokens."""
    tokens: int
    """How many supervised tokens."""
    bytes: int
    """Length of the completion in UTF-8."""


class Followed(msgspec.Struct, frozen=True):
    """One token of a given completion, as a model sees it that reads along."""

    text: str
    """All tokens' texts together are the completion; "" for one that ends within a character."""
    logprob: float
    """Of this token, given all before it; nats."""
    likeliest: bool
    """No other token was likelier here."""


class Trainer(Protocol):
    """Tunes adapters of one base model and reads the tuned model. Needs the `train` extra."""

    def tune(
        self,
        spec: TuneSpec,
        train: Sequence[Rendered],
        validation: Sequence[Rendered],
        folder: Path,
        progress: Callable[[LossPoint], None],
        initial: Path | None = None,
    ) -> dict[str, Path]:
        """Train and return the adapter's files (name → path inside `folder`).

        `adapter_model.safetensors` and `adapter_config.json` as PEFT reads them, `adapter.gguf`
        for llama.cpp, `curve.jsonl` with one LossPoint a line. Checkpoints are kept in `folder`:
        called again after a crash with the same arguments it goes on where it stood and ends
        with the same bytes. `initial` is an adapter folder to start from.
        """
        ...

    def losses(self, adapter: Path | None, rows: Sequence[Rendered]) -> list[RowLoss]:
        """Return the loss of each row under the base model (None) or an adapter folder."""
        ...

    def follow(
        self, adapters: Sequence[Path | None], rows: Sequence[Rendered]
    ) -> list[list[list[Followed]]]:
        """Return for each adapter, None for the base model, each row's completion token by token.

        How it is cut into tokens depends on the text alone. What several have in common may be
        computed once.
        """
        ...

    def generate(self, adapter: Path | None, prompt: str, max_tokens: int) -> str:
        """Return a greedy answer by plain Transformers: fp32, key-value cache, one at a time."""
        ...
