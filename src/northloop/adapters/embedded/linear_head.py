"""A linear head as it is read: what stands for a text, and how likely that makes each label."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

import msgspec
import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from northloop.core.scripts import UNSPACED
from northloop.ports.models import Embedder
from northloop.statistics import softmax
from northloop.statistics.softmax import Calibration, Design, Weights

MEANING = 1.5
"""Length of the embedding beside the words' own, which is 1."""
LONGEST_TEXT = 4_000
"""Characters that are read of a text."""
_BEGINNING = 4
_TOKEN = re.compile(rf"[{UNSPACED}]+|[^\W{UNSPACED}]+")
_UNSPACED = re.compile(rf"[{UNSPACED}]")


class HeadCard(msgspec.Struct, frozen=True, kw_only=True):
    """What must be known before the arrays can be read."""

    format: int
    embedder: str
    labels: tuple[str, ...]
    tokens: tuple[str, ...]
    """In the order of the weights."""
    temperature: float
    doubt: float
    strength: float
    """How far common labels are held back; already in the intercepts."""


class Arrays(NamedTuple):
    """The numbers of a head."""

    weights: Weights
    idf: NDArray[np.float32]
    """Of the tokens."""
    centre: NDArray[np.float32]
    """The mean embedding of what was learnt."""


class LinearHead:
    """Implements `ports.heads.Head`; read only, safe for threads."""

    def __init__(self, embedder: Embedder, card: HeadCard, arrays: Arrays) -> None:
        self.reads_by = embedder
        self.card, self.arrays = card, arrays
        self.vocabulary = Vocabulary({token: n for n, token in enumerate(card.tokens)}, arrays.idf)
        self._calibration = Calibration(card.temperature, card.doubt)

    @property
    def labels(self) -> tuple[str, ...]:
        """The labels it knows, sorted."""
        return self.card.labels

    @property
    def embedder(self) -> str:
        """The name of the embedder that it reads texts by."""
        return self.card.embedder

    def probabilities(
        self, texts: Sequence[str], vectors: NDArray[np.float32] | None = None
    ) -> NDArray[np.float64]:
        """Return calibrated probabilities, shape (len(texts), len(labels)), rows adding up to 1.

        A text without a known word gives every label the same. `vectors` are the texts as the
        embedder sees them, where they are known.
        """
        found = np.full((len(texts), len(self.labels)), 1 / len(self.labels))
        if not len(texts):
            return found
        read = [text[:LONGEST_TEXT] for text in texts]
        counted = self.vocabulary.counted(read)
        known = np.flatnonzero(np.diff(counted.indptr))
        if len(known):
            seen = (
                self.reads_by.embed([read[row] for row in known])
                if vectors is None
                else (vectors[known])
            )
            design = Design(counted[known], centred(seen, self.arrays.centre))
            scores = softmax.logits(design, self.arrays.weights)
            found[known] = softmax.probabilities(scores, self._calibration)
        return found


class Vocabulary(NamedTuple):
    """The tokens that are known, and how much each tells."""

    columns: dict[str, int]
    idf: NDArray[np.float32]

    def counted(self, texts: Sequence[str]) -> csr_array:
        """Return sublinear TF-IDF of unit length, shape (texts, tokens)."""
        data: list[float] = []
        indices: list[int] = []
        starts = [0]
        for text in texts:
            counts = Counter(column for t in tokens(text) if (column := self._at(t)) is not None)
            found = sorted(counts)
            worth = (1 + np.log([counts[column] for column in found])) * self.idf[found]
            length = float(np.linalg.norm(worth)) or 1.0
            data.extend((worth / length).tolist())
            indices.extend(found)
            starts.append(len(indices))
        return csr_array(
            (np.array(data, np.float32), np.array(indices, np.int32), np.array(starts, np.int32)),
            shape=(len(texts), len(self.columns)),
        )

    def _at(self, token: str) -> int | None:
        return self.columns.get(token)


def tokens(text: str) -> Iterator[str]:
    """Yield what stands for a text: words, `a b` pairs, `~begi` of longer words.

    In scripts without spaces each character is a word; two that stand together are a pair.
    """
    words: list[str] = []
    for found in _TOKEN.findall(text.lower()):
        if _UNSPACED.match(found):
            words.extend(found)
        else:
            words.append(found)
            if len(found) > _BEGINNING:
                yield f"~{found[:_BEGINNING]}"
    yield from words
    for a, b in pairwise(words):
        yield f"{a} {b}"


def is_word(token: str) -> bool:
    """Return whether a token is a whole word."""
    return " " not in token and not token.startswith("~")


def centred(vectors: NDArray[np.float32], centre: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return vectors less their mean, all of the length `MEANING`."""
    less = vectors - centre
    lengths = np.linalg.norm(less, axis=1, keepdims=True) / MEANING
    return np.asarray(less / np.where(lengths > 0, lengths, 1), np.float32)
