"""Which parts of a message ask for something, and which only say who writes and why."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit

from northloop.stages.serving.quote.fitting import fit_chance
from northloop.stages.serving.quote.library import Library
from northloop.stages.serving.quote.parts import bare, words

Floats = NDArray[np.float64]
_MEANING = 4.0
"""Weight of the meaning (unit vectors) beside the signs."""
_RIDGE = 1e-2
FOLDS = 5


def features(library: Library, texts: Sequence[str]) -> Floats:
    """Return what tells whether each part of one message asks: (parts, signs and meaning)."""
    signs = [
        (
            1.0,
            float("?" in text or "？" in text),
            float(place == 0),
            float(place == len(texts) - 1),
            len(texts) / 4,
            min(len(words(text)) / 10, 2.0),
            float(bare(text) != text),
        )
        for place, text in enumerate(texts)
    ]
    meaning = _MEANING * np.stack([library.embed(text) for text in texts]).astype(float)
    return np.hstack([np.array(signs), meaning])


def asks(found: Floats, weights: Floats) -> Floats:
    """Return for each part, 0..1, whether it asks for something; 1 where nothing was learnt."""
    if not len(weights):
        return np.ones(len(found))
    likely: Floats = expit(found @ weights)
    return likely


def fit(messages: Sequence[Floats], right: Sequence[Floats]) -> Floats:
    """Return the weights, (0,) where nothing teaches. `right` (parts,) of each message is 1 for
    parts that led to what answered it, and (0,) where that is not known."""
    known = [(rows, led) for rows, led in zip(messages, right, strict=True) if len(led)]
    if not known:
        return np.zeros(0)
    rows = np.vstack([rows for rows, _ in known])
    led = np.concatenate([led for _, led in known])
    return fit_chance(rows, led, np.ones(len(led)), np.zeros(rows.shape[1]), _RIDGE)


def crossed(messages: Sequence[Floats], right: Sequence[Floats]) -> list[Floats]:
    """Return `asks` of each message's parts by what other messages taught."""
    folds = [fit(*(_without(fold, of) for of in (messages, right))) for fold in range(FOLDS)]
    return [asks(rows, folds[number % FOLDS]) for number, rows in enumerate(messages)]


def _without(fold: int, of: Sequence[Floats]) -> list[Floats]:
    return [one for number, one in enumerate(of) if number % FOLDS != fold]


def unanswered(asked: Floats, of_parts: Floats, documents: Sequence[int]) -> float:
    """Return how likely some part asks for what is in none of the chosen documents, 0..1.

    `asked` (parts,), `of_parts` as of `choosing.Choice`.
    """
    answered = np.exp(of_parts[:, list(documents)]).sum(axis=1)
    return float((asked * (1 - np.minimum(answered, 1.0))).max())
