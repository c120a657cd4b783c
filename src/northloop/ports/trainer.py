"""Training an adapter, and asking the trained model what it thinks."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Protocol

import msgspec

from northloop.core.artefacts import LossPoint, TuneSpec
from northloop.core.prompt import Rendered
from northloop.ports.models import Token


class RowLoss(msgspec.Struct, frozen=True):
    """The loss of one row's completion."""

    nats: float
    """Summed negative log-likelihood of the supervised tokens."""
    tokens: int
    """How many supervised tokens."""
    bytes: int
    """Length of the completion in UTF-8."""


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

    def greedy_tokens(self, adapter: Path | None, row: Rendered) -> list[Token]:
        """Return, for each position of the completion, the likeliest token given all before."""
        ...

    def generate(self, adapter: Path | None, prompt: str, max_tokens: int) -> str:
        """Return a greedy answer by plain Transformers: fp32, key-value cache, one at a time."""
        ...
