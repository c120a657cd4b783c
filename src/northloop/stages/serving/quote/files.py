"""What was learnt, as files: JSON and arrays, the same bytes for the same history."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import msgspec
import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from northloop.core.arrays import array_of, npy
from northloop.core.decoding import content_of, decoded
from northloop.core.errors import ConfigurationError, CorruptArtefact
from northloop.core.ids import Hash, canonical
from northloop.stages.serving.quote import choosing, clues, confidence, picking
from northloop.stages.serving.quote.history import Terms

FORMAT = 6
_HEAD = "quote.json"
_ARRAYS = ("vectors", "duals", "terms_data", "terms_indices", "terms_indptr")
Floats = NDArray[np.float64]


class Weights(msgspec.Struct, frozen=True, kw_only=True):
    """Weights of all that is weighed, each in the order of its features."""

    clues: Floats
    two: Floats
    sentences: Floats
    confidence: Floats
    asks: Floats
    """(0,) where nothing was learnt of it."""

    @property
    def choosing(self) -> choosing.Weights:
        return choosing.Weights(self.clues, self.two)


def prior(squeezed: bool) -> Weights:
    """Return the weights of a company that has documents alone; `squeezed` is its encoder's."""
    return Weights(
        clues=clues.prior(squeezed),
        two=choosing.two_prior(),
        sentences=picking.prior(),
        confidence=confidence.prior(),
        asks=np.zeros(0),
    )


class Head(msgspec.Struct, frozen=True, kw_only=True):
    """All but the arrays."""

    format: int
    embedder: str
    names: tuple[str, ...]
    chains: tuple[tuple[str, str], ...]
    """See `parts.Names`."""
    documents: tuple[str, ...]
    """Ids of those that have answered a question, in the order of the columns of `duals`."""
    base: tuple[float, ...]
    terms: Terms
    width: float = 0.0
    """Of the kernel, see `history.kernel`."""
    sentences: tuple[Hash, ...]
    """Sentences that agents used, see `sentence_key`."""
    used: tuple[tuple[int, ...], ...]
    """Of each question: which of them."""
    linked: tuple[tuple[int, ...], ...]
    """Of each question: which of the documents; () for none."""
    clues: tuple[float, ...]
    two: tuple[float, ...]
    weighed: tuple[float, ...]
    confidence: tuple[float, ...]
    asks: tuple[float, ...] = ()
    """See `asking.asks`."""
    hears_memory: bool = True
    """How sure it is follows from what a memory says, too, see `serving.agreeing`."""


class Learnt(msgspec.Struct, frozen=True):
    """What was learnt of a history."""

    head: Head
    vectors: Floats
    duals: Floats
    terms: csr_matrix

    @property
    def weights(self) -> Weights:
        head = self.head
        return Weights(
            clues=np.array(head.clues),
            two=np.array(head.two),
            sentences=np.array(head.weighed),
            confidence=np.array(head.confidence),
            asks=np.array(head.asks),
        )


def rounded(values: Floats) -> tuple[float, ...]:
    """Return weights without the last digits, in which two processors may differ."""
    return tuple(round(float(value), 4) for value in values)


def written(learnt: Learnt) -> dict[str, bytes]:
    """Return the files of what was learnt."""
    terms = learnt.terms
    arrays = {
        "vectors": learnt.vectors.astype(np.float16),
        "duals": np.round(learnt.duals, 4).astype(np.float32),
        "terms_data": terms.data.astype(np.float16),
        "terms_indices": terms.indices.astype(np.int32),
        "terms_indptr": terms.indptr.astype(np.int32),
    }
    return {
        _HEAD: canonical(learnt.head),
        **{f"{name}.npy": npy(array) for name, array in arrays.items()},
    }


def read(files: Mapping[str, Path] | Mapping[str, bytes]) -> Learnt:
    """Return what `written` made files of.

    CorruptArtefact if one is missing or unreadable, ConfigurationError if it was learnt by a later
    version.
    """
    where = _HEAD
    try:
        head = decoded(content_of(files[_HEAD]), Head)
        arrays = {}
        for name in _ARRAYS:
            where = f"{name}.npy"
            arrays[name] = array_of(content_of(files[where]))
        shape = (len(arrays["vectors"]), 2 * len(head.terms.columns))
        cells = arrays["terms_data"].astype(float), arrays["terms_indices"], arrays["terms_indptr"]
        terms = csr_matrix(cells, shape)
    except (EOFError, KeyError, OSError, ValueError, msgspec.DecodeError) as error:
        raise CorruptArtefact(
            f"what was learnt for quoting cannot be read: {error}",
            where=where,
            action="train again",
        ) from error
    head = _brought_over(head)
    if head.format != FORMAT:
        raise ConfigurationError(
            f"quoting was learnt in format {head.format}, this installation reads format {FORMAT}",
            where=_HEAD,
            action="train again",
        )
    vectors, duals = arrays["vectors"].astype(float), arrays["duals"].astype(float)
    return Learnt(head, vectors, duals, terms)


def _brought_over(head: Head) -> Head:
    """Return what an earlier version learnt, what it did not know of weighing nothing."""
    if head.format == 1:  # without "one passage"; sure by itself alone
        head = msgspec.structs.replace(
            head, format=2, clues=_with_one_more(head.clues), hears_memory=False
        )
    if head.format in (2, 3):  # without the newest of `confidence.FEATURES` of the fourth
        told = _longer(head.confidence, len(confidence.FEATURES) - 1)
        head = msgspec.structs.replace(head, format=4, confidence=told)
    if head.format == 4:  # without "late"
        head = msgspec.structs.replace(
            head,
            format=5,
            clues=_with_one_more(head.clues),
            weighed=_longer(head.weighed, len(picking.FEATURES)),
            confidence=_longer(head.confidence, len(confidence.FEATURES)),
        )
    if head.format == 5:  # without "step wanted"
        told = _longer(head.weighed, len(picking.FEATURES))
        head = msgspec.structs.replace(head, format=6, weighed=told)
    return head


def _longer(weights: tuple[float, ...], count: int) -> tuple[float, ...]:
    """Return so many weights: those that are missing weigh nothing."""
    return (*weights, *[0.0] * (count - len(weights)))


def _with_one_more(weights: tuple[float, ...]) -> tuple[float, ...]:
    """Return the weights of clues where one more of `clues.TEXT` is known, which weighs nothing."""
    rest = len(clues.NAMES) - 2 * len(clues.TEXT) - 1
    width = (len(weights) - rest - 1) // 2
    own, history = weights[:width], weights[width : width + 1]
    alone, others = weights[width + 1 : 2 * width + 1], weights[2 * width + 1 :]
    return (*own, 0.0, *history, *alone, 0.0, *others)
