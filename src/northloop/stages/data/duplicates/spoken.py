"""The words of many texts in columns: what tells who is held against whom is computed in arrays."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Sequence

import msgspec
import numpy as np
from numpy.typing import NDArray

from northloop.stages.data.duplicates.words import Said

DIGEST_BYTES = 16
_IS_WORD, _IS_SUBSTANCE = 1, 2


def digest(text: str) -> bytes:
    """Return what tells a text from all others."""
    return hashlib.blake2b(text.encode(), digest_size=DIGEST_BYTES).digest()


class Spoken(msgspec.Struct, frozen=True):
    """The words of some texts."""

    keys: bytes
    """A digest of each text, normalised."""
    words: tuple[str, ...]
    """All their words, by number."""
    told: bytes
    """The numbers of the words of each text, each once, one text after another; four bytes each."""
    kinds: bytes
    """Of each of these as bits: whether it stands in the text, and whether it is of its substance.
    """
    ends: bytes
    """Where those of each text end, four bytes each."""

    @classmethod
    def of(cls, texts: Iterable[Said]) -> Spoken:
        """Return the words of texts, in their order."""
        numbers: dict[str, int] = {}
        keys, told, kinds, ends = bytearray(), list[int](), bytearray(), list[int]()
        for said in texts:
            keys += digest(said.key)
            words = said.words
            for word in sorted(words | said.substance):
                told.append(numbers.setdefault(word, len(numbers)))
                kinds.append(_IS_WORD * (word in words) + _IS_SUBSTANCE * (word in said.substance))
            ends.append(len(told))
        packed = (np.array(column, "<u4").tobytes() for column in (told, ends))
        return cls(bytes(keys), tuple(numbers), next(packed), bytes(kinds), next(packed))

    def __len__(self) -> int:
        return len(self.keys) // DIGEST_BYTES

    def counted(self, some: NDArray[np.bool_]) -> tuple[Counter[str], set[str]]:
        """Return in how many of some of the texts each word stands, and what is no substance in
        one of them where it stands.
        """
        counts = some[self._owners()]
        is_word = counts & (self._kinds() & _IS_WORD > 0)
        told = np.frombuffer(self.told, "<u4")
        found = np.bincount(told[is_word], minlength=len(self.words)).tolist()
        vanishing = np.unique(told[is_word & (self._kinds() & _IS_SUBSTANCE == 0)])
        texts = Counter({word: n for word, n in zip(self.words, found, strict=True) if n})
        return texts, {self.words[i] for i in vanishing.tolist()}

    def blocks(self, classes: NDArray[np.int64], marks: NDArray[np.uint64]) -> NDArray[np.uint64]:
        """Return what texts with the same classes of substance have in common, (texts, 2).

        `classes` says of each word which class it is of, -1 for none; `marks`, (classes, 2), what
        tells a class from others.
        """
        is_substance = self._kinds() & _IS_SUBSTANCE > 0
        of = classes[np.frombuffer(self.told, "<u4")]
        counts = is_substance & (of >= 0)
        pairs = np.unique(self._owners()[counts] * len(marks) + of[counts])
        owners, of = np.divmod(pairs, max(1, len(marks)))
        sums = np.zeros((len(pairs) + 1, 2), np.uint64)
        np.cumsum(marks[of], axis=0, out=sums[1:])
        edges = np.searchsorted(owners, np.arange(len(self) + 1))
        found: NDArray[np.uint64] = sums[edges[1:]] - sums[edges[:-1]]
        return found

    def _kinds(self) -> NDArray[np.uint8]:
        return np.frombuffer(self.kinds, np.uint8)

    def _owners(self) -> NDArray[np.int64]:
        """Return which text each of the words is of."""
        sizes: NDArray[np.int64] = np.diff(np.frombuffer(self.ends, "<u4"), prepend=np.uint32(0))
        return np.repeat(np.arange(len(self)), sizes)


def numbered(digests: bytes | bytearray) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return where each distinct one of many digests stands first, and which of these each is."""
    return numbered_pairs(np.frombuffer(digests, ">u8").reshape(-1, 2))


def numbered_pairs(halves: NDArray[np.uint64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the same of digests as two numbers each, (digests, 2)."""
    order = np.lexsort((halves[:, 1], halves[:, 0]))  # stable: equal ones stay in their order
    sorted_ = halves[order]
    begins = np.ones(len(order), bool)
    begins[1:] = (sorted_[1:] != sorted_[:-1]).any(axis=1)
    firsts = order[begins]
    rank = np.empty(len(firsts), np.int64)
    rank[np.argsort(firsts)] = np.arange(len(firsts))
    which = np.empty(len(order), np.int64)
    which[order] = rank[np.cumsum(begins) - 1]
    return np.sort(firsts), which


def marked(classes: Sequence[str]) -> NDArray[np.uint64]:
    """Return of each class of words what tells it from others, (classes, 2)."""
    joined = b"".join(map(digest, classes))
    return np.frombuffer(joined, "<u8").astype(np.uint64).reshape(-1, 2)
