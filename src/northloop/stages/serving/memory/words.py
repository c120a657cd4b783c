"""Texts as counted pieces of their words, hashed, in any language."""

from __future__ import annotations

import re
import zlib
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from northloop.core.question import normalised
from northloop.core.scripts import is_unspaced

WIDTH = 1 << 18
"""Of the vectors of pieces."""
LONGEST = 4_000
"""So many characters of a text are read."""
_PIECE, _UNSPACED_PIECE = 4, 2
_APART = re.compile(r"[^\w\[\]]+")
_SENTENCE = re.compile(r"(?<=[.!?])\s+|(?<=[。！？])|\n+")


def worded(text: str) -> list[str]:
    """Return the words of a text in lower case; one word for all in a script without spaces."""
    return [word for word in _APART.split(normalised(text[:LONGEST]).replace("'", "")) if word]


def pieces(text: str) -> list[int]:
    """Return the hashed pieces of a text, each once: its words, and runs of characters of them."""
    words = worded(text)
    padded = f" {' '.join(words)} "
    size = _UNSPACED_PIECE if is_unspaced(padded) else _PIECE
    runs = {padded[i : i + size] for i in range(len(padded) - size + 1)}
    found = {*runs, *(f"={word}" for word in words)}
    return sorted({zlib.crc32(piece.encode()) % WIDTH for piece in found})


def counted(texts: Sequence[str]) -> csr_matrix:
    """Return which pieces each text has, shape (len(texts), WIDTH)."""
    found = [pieces(text) for text in texts]
    ends = np.cumsum([0, *map(len, found)])
    columns = np.array([piece for own in found for piece in own], np.int32)
    return csr_matrix((np.ones(len(columns), np.float32), columns, ends), shape=(len(texts), WIDTH))


def rarity(counts: csr_matrix) -> NDArray[np.float32]:
    """Return for each piece how much it tells, by how few of the texts have it; shape (WIDTH,)."""
    having = np.bincount(counts.indices, minlength=WIDTH)
    weights = np.log((1 + counts.shape[0]) / (0.5 + having))
    rare: NDArray[np.float32] = np.maximum(weights, 0.01).astype(np.float32)
    return rare


def weighted(counts: csr_matrix, weights: NDArray[np.float32]) -> csr_matrix:
    """Return the pieces by weight, each row of unit length."""
    made = counts.copy()
    made.data = weights[made.indices]
    squares = np.add.reduceat(
        np.append(made.data**2, 0), np.minimum(made.indptr[:-1], len(made.data))
    )
    lengths = np.sqrt(np.where(np.diff(made.indptr) > 0, squares, 1.0))
    made.data = made.data / np.repeat(lengths, np.diff(made.indptr)).astype(np.float32)
    return made


def sentences(text: str) -> list[str]:
    """Return the sentences and lines of a text, none empty."""
    return [part.strip() for part in _SENTENCE.split(text[:LONGEST]) if part and part.strip()]
