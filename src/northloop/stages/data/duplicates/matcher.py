"""Which of a fixed set of texts a new one nearly repeats.

Candidates come from MinHash with locality-sensitive hashing (Broder 1997; Indyk and Motwani 1998);
what passes is verified by the exact Jaccard similarity of the shingles.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray
from rensa import RMinHash

from northloop.stages.data.duplicates.similar import shingles, similarity
from northloop.stages.data.duplicates.words import Wording, normalised
from northloop.stages.data.spelling import Spelling

BANDS, ROWS = 32, 4
"""32 bands of 4 rows find 99.99 % of pairs at similarity 0.7 and 87 % at 0.5."""
MINHASH_SEED = 42
BATCH = 5_000
MAX_BUCKET = 200
"""A bucket with this many rows is crowded and takes no more."""
SLACK = 0.35
"""A candidate whose estimated similarity is this far below the threshold is not looked at closer:
more than a few misspellings and a sampling error could explain."""


class Matcher:
    """Finds, for new texts, which of a fixed set of texts they nearly repeat."""

    def __init__(self, texts: Sequence[str], threshold: float = 0.8) -> None:
        self._keys = [normalised(text) for text in texts]
        self._threshold = threshold
        self._spelling = Spelling.of(self._keys)
        self._near = _Neighbours(threshold)
        for signature in _signatures(self._keys):
            self._near.add(signature)

    def alike(self, text: str) -> int | None:
        """Return the index of the first text that `text` resembles, whatever differs; else None."""
        return next(self._resembling(normalised(text)), None)

    def same(self, text: str) -> int | None:
        """Return the index of the first text that `text` would be merged with; else None."""
        key = normalised(text)
        found = self._resembling(key)
        said = Wording.of(key)
        return next(
            (i for i in found if said.says(Wording.of(self._keys[i]), self._spelling)), None
        )

    def _resembling(self, key: str) -> Iterator[int]:
        signature = next(iter(_signatures([key])))
        for index in self._near.candidates(signature):
            if similarity(self._keys[index], key, self._spelling) >= self._threshold:
                yield index


class _Neighbours:
    """MinHash signatures under their bands, to find those that may be similar."""

    def __init__(self, threshold: float) -> None:
        self._least = threshold - SLACK
        self._signatures = np.empty((MAX_BUCKET, BANDS * ROWS), np.uint32)
        self._count = 0
        self._buckets: dict[tuple[int, bytes], list[int]] = defaultdict(list)

    def add(self, signature: NDArray[np.uint32]) -> None:
        """Keep a signature under the next index."""
        if self._count == len(self._signatures):
            self._signatures = np.concatenate([self._signatures, np.empty_like(self._signatures)])
        self._signatures[self._count] = signature
        for band in _bands(signature):
            if len(bucket := self._buckets[band]) < MAX_BUCKET:
                bucket.append(self._count)
        self._count += 1

    def candidates(self, signature: NDArray[np.uint32]) -> list[int]:
        """Return, in order, the indices that share a band and are near the threshold."""
        bands = _bands(signature)
        ordered = sorted(set().union(*(self._buckets.get(band, ()) for band in bands)))
        if not ordered:
            return []
        estimates = (self._signatures[ordered] == signature).mean(axis=1)
        return [
            i for i, estimate in zip(ordered, estimates, strict=True) if estimate >= self._least
        ]


def _bands(signature: NDArray[np.uint32]) -> Iterator[tuple[int, bytes]]:
    data = signature.tobytes()
    size = ROWS * signature.itemsize
    return ((band, data[band * size : (band + 1) * size]) for band in range(BANDS))


def _signatures(keys: Sequence[str]) -> Iterator[NDArray[np.uint32]]:
    """Yield the MinHash signature of each text."""
    for start in range(0, len(keys), BATCH):
        batch = [sorted(shingles(key)) for key in keys[start : start + BATCH]]
        digests = RMinHash.digests_from_token_sets(batch, BANDS * ROWS, MINHASH_SEED)
        yield from np.asarray(digests, dtype=np.uint32).reshape(len(batch), BANDS * ROWS)
