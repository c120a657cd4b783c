"""Linear heads over words and sentence embeddings: they fit in seconds and answer in a millisecond.

A text is its words, pairs of neighbouring words and the beginnings of its longer words, each
weighted by how much it tells (sublinear TF-IDF, unit length), beside its embedding less the mean of
all, half as long again. Where a script puts no spaces between words, characters and their pairs
stand for words; nothing is known of any language.

Probabilities hold for rows that were not learnt: how far common labels are held back, temperature
and doubt are set on held-out groups (`statistics.softmax`). A text of which no word is known says
nothing: all labels are then equally likely.

A head is JSON and .npy: no pickle, the same rows give the same bytes on the same machine.
"""

from __future__ import annotations

import io
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from northloop.core.decoding import decoded
from northloop.core.errors import ConfigurationError, CorruptArtefact, InputError
from northloop.core.ids import uniform
from northloop.core.scripts import UNSPACED
from northloop.ports.models import Embedder
from northloop.statistics import softmax
from northloop.statistics.softmax import Calibration, Design, Weights

FORMAT = 1
HEAD, WEIGHTS, WORDS, CENTRE = "head.json", "weights.npy", "words.npy", "centre.npy"
MOST_WEIGHTS = 6_000_000
"""Words beyond it are left out, the rarest first."""
MOST_CELLS = 6_000_000
"""Rows × labels of a fit; of the commonest labels only some rows are then learnt."""
FEWEST_ROWS = 2
"""Of each label, however many labels there are."""
MEANING = 1.5
"""Length of the embedding beside the words' own, which is 1."""
LONGEST_TEXT = 4_000
"""Characters that are read of a text."""
FOLDS = 5
ALL_FOLDS_CELLS = 200_000
"""Up to so many rows × labels each fold is held out once, beyond only the first."""
_BEGINNING = 4
_EMBEDDED_AT_ONCE = 512
_TOKEN = re.compile(rf"[{UNSPACED}]+|[^\W{UNSPACED}]+")
_UNSPACED = re.compile(rf"[{UNSPACED}]")


class _Head(msgspec.Struct, frozen=True, kw_only=True):
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


class _Rows(NamedTuple):
    """Rows to learn, labels and groups by number."""

    texts: list[str]
    labels: NDArray[np.int64]
    groups: NDArray[np.int64]
    counts: NDArray[np.float32]


class LinearHeads:
    """Implements `ports.heads.Heads` on any embedder."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder
        self.name = f"linear {FORMAT} {embedder.name}"

    def fit(
        self, texts: Sequence[str], labels: Sequence[str], groups: Sequence[str] = ()
    ) -> dict[str, bytes]:
        """Return `head.json`, the weights (half precision), the words' idf and the mean embedding.

        InputError with fewer than two labels, or where the sequences do not fit one another.
        """
        names = tuple(sorted(set(labels)))
        if len(names) < 2:
            raise InputError(
                f"{len(names)} label: nothing can be told apart",
                where="labels",
                action="give texts of two labels at least",
            )
        if len(texts) != len(labels) or (groups and len(groups) != len(texts)):
            raise InputError(
                f"{len(texts)} texts, {len(labels)} labels, {len(groups)} groups",
                where="texts",
                action="give one label, and one group or none, for each text",
            )
        numbers = {name: number for number, name in enumerate(names)}
        learnt = np.array([numbers[label] for label in labels], np.int64)
        common = np.bincount(learnt, minlength=len(names)) / len(learnt)
        rows = _few(texts, learnt, groups or [str(row) for row in range(len(texts))])
        vocabulary = _vocabulary(rows.texts, len(names))
        vectors = self._embedded(rows.texts)
        centre = vectors.mean(axis=0, dtype=np.float64).astype(np.float32)
        design = Design(vocabulary.counted(rows.texts), _centred(vectors, centre))
        strength, calibration, start = _held_out(design, rows, common)
        weights = softmax.fitted(design, rows.labels, len(names), rows.counts, start)
        weights[-1] -= (strength * np.log(common)).astype(np.float32)
        head = _Head(
            format=FORMAT,
            embedder=self._embedder.name,
            labels=names,
            tokens=tuple(vocabulary.columns),
            temperature=calibration.temperature,
            doubt=calibration.doubt,
            strength=strength,
        )
        return {
            HEAD: msgspec.json.encode(head),
            WEIGHTS: _npy(weights.astype(np.float16)),
            WORDS: _npy(vocabulary.idf),
            CENTRE: _npy(centre),
        }

    def load(self, files: Mapping[str, Path] | Mapping[str, bytes]) -> LinearHead:
        """Return the head of those files.

        CorruptArtefact if one is missing or unreadable, ConfigurationError if the head was fitted
        on another embedder or by a later version.
        """
        try:
            head = decoded(_bytes(files[HEAD]), _Head)
            weights, idf, centre = (
                np.load(io.BytesIO(_bytes(files[name])), allow_pickle=False).astype(np.float32)
                for name in (WEIGHTS, WORDS, CENTRE)
            )
            shape = len(head.tokens) + len(centre) + 1, len(head.labels)
            if weights.shape != shape or len(idf) != len(head.tokens):
                raise ValueError(f"{weights.shape} weights where {shape} belong")
        except (KeyError, OSError, ValueError, EOFError, msgspec.DecodeError) as error:
            raise CorruptArtefact(
                f"the head cannot be read: {error}", where="head", action="fit it again"
            ) from error
        if head.format != FORMAT or head.embedder != self._embedder.name:
            raise ConfigurationError(
                f"the head has format {head.format} and vectors of {head.embedder}, "
                f"this installation reads format {FORMAT} and {self._embedder.name}",
                where="head",
                action="fit it again",
            )
        vocabulary = _Vocabulary({token: n for n, token in enumerate(head.tokens)}, idf)
        return LinearHead(self._embedder, head, vocabulary, _Arrays(weights, centre))

    def _embedded(self, texts: Sequence[str]) -> NDArray[np.float32]:
        parts = range(0, len(texts), _EMBEDDED_AT_ONCE)
        return np.concatenate(
            [self._embedder.embed(texts[start : start + _EMBEDDED_AT_ONCE]) for start in parts]
        )


class _Arrays(NamedTuple):
    weights: Weights
    centre: NDArray[np.float32]


class LinearHead:
    """Implements `ports.heads.Head`; read only, safe for threads."""

    def __init__(
        self, embedder: Embedder, head: _Head, vocabulary: _Vocabulary, arrays: _Arrays
    ) -> None:
        self._embedder = embedder
        self._labels = head.labels
        self._calibration = Calibration(head.temperature, head.doubt)
        self._vocabulary = vocabulary
        self._weights, self._centre = arrays

    @property
    def labels(self) -> tuple[str, ...]:
        """The labels it knows, sorted."""
        return self._labels

    def probabilities(self, texts: Sequence[str]) -> NDArray[np.float64]:
        """Return calibrated probabilities, shape (len(texts), len(labels)), rows adding up to 1.

        A text without a known word gives every label the same.
        """
        found = np.full((len(texts), len(self._labels)), 1 / len(self._labels))
        if not len(texts):
            return found
        read = [text[:LONGEST_TEXT] for text in texts]
        counted = self._vocabulary.counted(read)
        known = np.flatnonzero(np.diff(counted.indptr))
        if len(known):
            vectors = _centred(self._embedder.embed([read[row] for row in known]), self._centre)
            scores = softmax.logits(Design(counted[known], vectors), self._weights)
            found[known] = softmax.probabilities(scores, self._calibration)
        return found


class _Vocabulary(NamedTuple):
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


def _vocabulary(texts: Sequence[str], labels: int) -> _Vocabulary:
    """Return the tokens of texts, the rarest left out where there would be too many weights."""
    seen = Counter(token for text in texts for token in set(tokens(text)))
    most = max(1, MOST_WEIGHTS // labels)
    shared = [token for token in seen if seen[token] > 1 or _is_word(token)]
    kept = sorted(sorted(shared, key=lambda token: (-seen[token], token))[:most])
    idf = np.log((1 + len(texts)) / (1 + np.array([seen[token] for token in kept], float))) + 1
    return _Vocabulary({t: n for n, t in enumerate(kept)}, idf.astype(np.float32))


def _is_word(token: str) -> bool:
    return " " not in token and not token.startswith("~")


def _few(texts: Sequence[str], labels: NDArray[np.int64], groups: Sequence[str]) -> _Rows:
    """Return the rows that are learnt: all, or of the commonest labels a fixed draw of some."""
    sizes = np.bincount(labels)
    cap = _cap(sizes, max(MOST_CELLS // len(sizes), FEWEST_ROWS * len(sizes)))
    chosen = list(range(len(texts)))
    if cap < sizes.max():
        taken: Counter[int] = Counter()
        drawn = []
        for row in sorted(chosen, key=lambda row: uniform("head", str(row))):
            taken[int(labels[row])] += 1
            if taken[int(labels[row])] <= cap:
                drawn.append(row)
        chosen = sorted(drawn)
    counts = (sizes / np.minimum(sizes, cap))[labels[chosen]]
    _, numbers = np.unique([groups[row] for row in chosen], return_inverse=True)
    return _Rows(
        [texts[row][:LONGEST_TEXT] for row in chosen],
        labels[chosen],
        numbers.astype(np.int64),
        counts.astype(np.float32),
    )


def _cap(sizes: NDArray[np.int64], most: int) -> int:
    """Return the most rows of one label with which there are no more than `most` in all."""
    low, high = 1, int(sizes.max())
    while low < high:
        middle = (low + high + 1) // 2
        if np.minimum(sizes, middle).sum() <= most:
            low = middle
        else:
            high = middle - 1
    return low


def _held_out(
    design: Design, rows: _Rows, common: NDArray[np.float64]
) -> tuple[float, Calibration, Weights | None]:
    """Return what is set on rows that were not fitted, and weights to start from."""
    labels = len(common)
    place = np.array([uniform("fold", str(g)) for g in range(rows.groups.max() + 1)])
    fold = (place * FOLDS).astype(np.int64)[rows.groups]
    small = len(design) * labels <= ALL_FOLDS_CELLS
    tested = [n for n in range(FOLDS if small else 1) if 0 < (fold == n).sum() < len(fold)]
    if not tested:
        return 0.0, Calibration(1.0, 0.0), None
    scores, weights = [], None
    for number in tested:
        learnt = np.flatnonzero(fold != number)
        weights = softmax.fitted(
            design.rows(learnt), rows.labels[learnt], labels, rows.counts[learnt]
        )
        own = softmax.logits(design.rows(np.flatnonzero(fold == number)), weights)
        own[:, np.bincount(rows.labels[learnt], minlength=labels) == 0] = softmax.UNSEEN
        scores.append(own)
    order = np.concatenate([np.flatnonzero(fold == number) for number in tested])
    found, true = np.concatenate(scores), rows.labels[order]
    counts = rows.counts[order]
    strength = softmax.strength(found, true, common, counts)
    return strength, softmax.calibrated(found - strength * np.log(common), true, counts), weights


def _centred(vectors: NDArray[np.float32], centre: NDArray[np.float32]) -> NDArray[np.float32]:
    less = vectors - centre
    lengths = np.linalg.norm(less, axis=1, keepdims=True) / MEANING
    return np.asarray(less / np.where(lengths > 0, lengths, 1), np.float32)


def _npy(array: NDArray[Any]) -> bytes:
    buffer = io.BytesIO()
    np.save(buffer, array, allow_pickle=False)
    return buffer.getvalue()


def _bytes(file: Path | bytes) -> bytes:
    return file if isinstance(file, bytes) else file.read_bytes()
