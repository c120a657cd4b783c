"""What all vectors of an encoder have in common, which tells nothing of what a text means.

Encoders that were taught with a low temperature, as E5 was, put all texts near one another. Without
what they have in common they lie apart as those of others do (Mu & Viswanath 2018).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]

DIFFERENT = (
    "My parcel has not come.", "How do I change my password?", "Do you sell gift cards?",
    "The zip of my jacket broke.", "Is the museum open on Sunday?", "I was charged twice.",
    "Thank you for your help.", "Where can I park the car?", "Which tariff is the cheapest?",
    "My flight was cancelled.", "Can I bring my dog?", "The app does not start.",
)  # fmt: skip
"""Texts that have nothing to do with one another."""
_SQUEEZED = 0.3
"""Vectors of these whose cosine is that on the mean, or more, have much in common."""
_TINY = np.float32(1e-12)


def in_common(vectors: Floats) -> Floats:
    """Return what is taken from every vector, (dimensions,), by the unit vectors of `DIFFERENT`,
    (texts, dimensions); zero where it is little."""
    count = len(vectors)
    cosine = ((vectors @ vectors.T).sum() - count) / (count * (count - 1))
    if cosine < _SQUEEZED:
        return np.zeros(vectors.shape[1], np.float32)
    found: Floats = unit(vectors.mean(axis=0)) * np.sqrt(cosine)
    return found.astype(np.float32)


def unit(rows: Floats) -> Floats:
    """Return rows of length one."""
    found: Floats = rows / np.maximum(np.linalg.norm(rows, axis=-1, keepdims=True), _TINY)
    return found
