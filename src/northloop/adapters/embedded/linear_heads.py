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

from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

import msgspec
import numpy as np
from numpy.typing import NDArray

from northloop.adapters.embedded.linear_head import (
    Arrays,
    HeadCard,
    LinearHead,
    Vocabulary,
    centred,
    is_word,
    tokens,
)
from northloop.adapters.embedded.linear_relearning import LinearRelearning
from northloop.adapters.embedded.linear_rows import Rows, few
from northloop.core.arrays import array_of, npy
from northloop.core.decoding import content_of, decoded
from northloop.core.errors import ConfigurationError, CorruptArtefact, InputError
from northloop.core.ids import uniform
from northloop.ports.heads import Head
from northloop.ports.models import Embedder, Others, embedder_of, no_others
from northloop.statistics import softmax
from northloop.statistics.softmax import Calibration, Design, Weights

FORMAT = 1
HEAD, WEIGHTS, WORDS, CENTRE = "head.json", "weights.npy", "words.npy", "centre.npy"
MOST_WEIGHTS = 6_000_000
"""Words beyond it are left out, the rarest first."""
MOST_CELLS = 6_000_000
"""Rows × labels of a fit; of the commonest labels only some rows are then learnt."""
FOLDS = 5
ALL_FOLDS_CELLS = 200_000
"""Up to so many rows × labels each fold is held out once, beyond only the first."""
_EMBEDDED_AT_ONCE = 512


class LinearHeads:
    """Implements `ports.heads.Heads` on any embedder."""

    def __init__(self, embedder: Embedder, others: Others = no_others) -> None:
        """New heads are fitted on `embedder`; `others` were older ones."""
        self._embedder, self._others = embedder, others
        self.name = f"linear {FORMAT} {embedder.name}"

    def fit(
        self,
        texts: Sequence[str],
        labels: Sequence[str],
        groups: Sequence[str] = (),
        like: Head | None = None,
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
        rows = few(texts, learnt, groups or [str(row) for row in range(len(texts))], MOST_CELLS)
        vocabulary = _vocabulary(rows.texts, len(names))
        vectors = self._embedded(rows.texts)
        centre = vectors.mean(axis=0, dtype=np.float64).astype(np.float32)
        design = Design(vocabulary.counted(rows.texts), centred(vectors, centre))
        if like is None:
            strength, calibration, start = _held_out(design, rows, common)
        else:
            card = _own(like, self.name).card
            strength, start = card.strength, None
            calibration = Calibration(card.temperature, card.doubt)
        weights = softmax.fitted(design, rows.labels, len(names), rows.counts, start)
        weights[-1] -= (strength * np.log(common)).astype(np.float32)
        head = HeadCard(
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
            WEIGHTS: npy(weights.astype(np.float16)),
            WORDS: npy(vocabulary.idf),
            CENTRE: npy(centre),
        }

    def load(self, files: Mapping[str, Path] | Mapping[str, bytes]) -> LinearHead:
        """Return the head of those files.

        CorruptArtefact if one is missing or unreadable, ConfigurationError if the head was fitted
        on an embedder that is not to be had, or by a later version.
        """
        try:
            head = decoded(content_of(files[HEAD]), HeadCard)
            weights, idf, centre = (
                array_of(content_of(files[name])).astype(np.float32)
                for name in (WEIGHTS, WORDS, CENTRE)
            )
            shape = len(head.tokens) + len(centre) + 1, len(head.labels)
            if weights.shape != shape or len(idf) != len(head.tokens):
                raise ValueError(f"{weights.shape} weights where {shape} belong")
        except (KeyError, OSError, ValueError, EOFError, msgspec.DecodeError) as error:
            raise CorruptArtefact(
                f"the head cannot be read: {error}", where="head", action="fit it again"
            ) from error
        if head.format != FORMAT:
            raise ConfigurationError(
                f"the head has format {head.format}, this installation reads format {FORMAT}",
                where="head",
                action="fit it again",
            )
        embedder = embedder_of("the head", head.embedder, self._embedder, self._others)
        return LinearHead(embedder, head, Arrays(weights, idf, centre))

    def relearning(
        self,
        head: Head,
        texts: Sequence[str],
        labels: Sequence[str],
        vectors: NDArray[np.float32],
    ) -> LinearRelearning:
        """Return what fits a head of this class again as rows are added to these."""
        own = _own(head, self.name)
        return LinearRelearning(own, texts, labels, vectors)

    def _embedded(self, texts: Sequence[str]) -> NDArray[np.float32]:
        parts = range(0, len(texts), _EMBEDDED_AT_ONCE)
        return np.concatenate(
            [self._embedder.embed(texts[start : start + _EMBEDDED_AT_ONCE]) for start in parts]
        )


def _own(head: Head, name: str) -> LinearHead:
    if not isinstance(head, LinearHead):
        raise TypeError(f"{type(head).__name__} is no head of {name}")
    return head


def _vocabulary(texts: Sequence[str], labels: int) -> Vocabulary:
    """Return the tokens of texts, the rarest left out where there would be too many weights."""
    seen = Counter(token for text in texts for token in set(tokens(text)))
    most = max(1, MOST_WEIGHTS // labels)
    shared = [token for token in seen if seen[token] > 1 or is_word(token)]
    kept = sorted(sorted(shared, key=lambda token: (-seen[token], token))[:most])
    idf = np.log((1 + len(texts)) / (1 + np.array([seen[token] for token in kept], float))) + 1
    return Vocabulary({t: n for n, t in enumerate(kept)}, idf.astype(np.float32))


def _held_out(
    design: Design, rows: Rows, common: NDArray[np.float64]
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
