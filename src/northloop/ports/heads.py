"""Linear heads: from what a customer says to what it is about."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray


class Head(Protocol):
    """Tells labels apart; read only, safe for threads."""

    @property
    def labels(self) -> tuple[str, ...]:
        """The labels it knows, sorted."""
        ...

    @property
    def embedder(self) -> str:
        """The name of the embedder that it reads texts by."""
        ...

    def probabilities(
        self, texts: Sequence[str], vectors: NDArray[np.float32] | None = None
    ) -> NDArray[np.float64]:
        """Return calibrated probabilities, shape (len(texts), len(labels)), rows adding up to 1.

        `vectors` are the texts as the embedder sees them, where they are known.
        """
        ...


class Relearning(Protocol):
    """A head as rows are added to those that it was fitted on."""

    def __call__(self, texts: Sequence[str], labels: Sequence[str]) -> Head:
        """Return the head of the rows known at first and of these: takes seconds, not minutes.

        The calibration stays that of the first head. The same rows give the same head.
        """
        ...


class Heads(Protocol):
    """Fits linear heads and opens them."""

    @property
    def name(self) -> str:
        """Names all that a head follows from besides what it is fitted on."""
        ...

    def fit(
        self,
        texts: Sequence[str],
        labels: Sequence[str],
        groups: Sequence[str] = (),
        like: Head | None = None,
    ) -> dict[str, bytes]:
        """Return a head as files; the same arguments give the same bytes.

        Texts of one group (paraphrases, one conversation) stay on one side where it is calibrated;
        () if each stands alone. With `like`, a head of the same class, its calibration is taken
        over, which is most of the work. InputError with fewer than two labels.
        """
        ...

    def load(self, files: Mapping[str, Path] | Mapping[str, bytes]) -> Head:
        """Return the head of the files that `fit` made; CorruptArtefact, ConfigurationError."""
        ...

    def relearning(
        self,
        head: Head,
        texts: Sequence[str],
        labels: Sequence[str],
        vectors: NDArray[np.float32],
    ) -> Relearning:
        """Return what fits a head of its own again. The rows are those it was fitted on, or most of
        them; `vectors` are their texts as the embedder sees them."""
        ...
