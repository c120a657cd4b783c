"""WordLlama's static word vectors: embeddings with no hub, no torch and no network.

The MIT-licensed weights (32,000 × 256) lie inside the `wordllama` wheel and are read from there.
The package itself is not imported: doing so configures the root logger and loads trainers that
nobody needs here. Its pooling is the mean of the token vectors; it is done text by text, so that a
vector does not depend on what else was in the batch.
"""

from __future__ import annotations

import importlib.metadata
import importlib.util
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from safetensors import safe_open
from tokenizers import Tokenizer

from northloop.core.errors import MissingComponent

_WEIGHTS = "weights/l2_supercat_256.safetensors"
_TOKENIZER = "tokenizers/l2_supercat_tokenizer_config.json"


class WordEmbedder:
    """Implements `ports.models.Embedder`, `OfWords`; about 0.05 ms for a short question, safe for
    threads.

    MissingComponent if the `wordllama` package or its weights are not installed.
    """

    english_alone = True
    squeezed = False
    of_words = True

    def __init__(self) -> None:
        folder = _package_folder()
        self.name = f"wordllama-l2-supercat-256/{importlib.metadata.version('wordllama')}"
        self._tokenizer: Tokenizer = Tokenizer.from_file(str(folder / _TOKENIZER))
        self._tokenizer.no_padding()
        self._tokenizer.no_truncation()
        with safe_open(folder / _WEIGHTS, framework="np") as file:
            self._vectors: NDArray[np.float32] = file.get_tensor("embedding.weight").astype(
                np.float32
            )

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return unit vectors, shape (len(texts), 256); the zero vector for an empty text."""
        vectors = np.zeros((len(texts), self._vectors.shape[1]), dtype=np.float32)
        for row, text in enumerate(texts):
            ids = self._tokenizer.encode(text, add_special_tokens=False).ids
            if ids:
                vectors[row] = self._pooled(ids)
        return vectors

    def _pooled(self, ids: list[int]) -> NDArray[np.float64]:
        known = np.minimum(ids, len(self._vectors) - 1)
        mean: NDArray[np.float64] = self._vectors[known].mean(axis=0, dtype=np.float64)
        length = float(np.linalg.norm(mean))
        return mean / length if length > 0 else mean


def _package_folder() -> Path:
    spec = importlib.util.find_spec("wordllama")
    folder = Path(spec.origin).parent if spec and spec.origin else None
    if folder is None or not (folder / _WEIGHTS).is_file() or not (folder / _TOKENIZER).is_file():
        raise MissingComponent(
            "the word vectors are not installed",
            where="wordllama",
            action="pip install 'wordllama>=0.4'",
        )
    return folder
