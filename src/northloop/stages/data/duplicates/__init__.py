"""Rows that ask the same thing in the same words, exactly or nearly.

Nearly: the words that differ are harmless, and the exact Jaccard similarity of the shingles is
high. Two texts whose numbers or negations differ are never merged, however alike. Nobody compares
all with all: texts that can say the same share a *block* (`blocks`), and blocks are small. Of a
text no more than digests are held in memory; its words lie on disk until its block is searched.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator

import msgspec
import numpy as np
from numpy.typing import NDArray

from northloop.core.decoding import unpacked
from northloop.stages.data.duplicates.blocks import Vocabulary
from northloop.stages.data.duplicates.matcher import Matcher
from northloop.stages.data.duplicates.search import Search
from northloop.stages.data.duplicates.similar import Similarity, similarity
from northloop.stages.data.duplicates.words import Said, normalised, plain
from northloop.stages.data.shelves import Shelf

__all__ = (
    "Duplicates",
    "Group",
    "Matcher",
    "Said",
    "digest",
    "find",
    "normalised",
    "numbered",
    "plain",
    "similarity",
)

DIGEST_BYTES = 16


class Group(msgspec.Struct, frozen=True):
    """Rows that say the same; indices into the texts given."""

    canonical: int
    """The earliest."""
    exact: tuple[int, ...]
    near: tuple[int, ...]

    @property
    def members(self) -> tuple[int, ...]:
        return (self.canonical, *self.exact, *self.near)


class Duplicates:
    """Every text is in exactly one group."""

    def __init__(
        self, owner: NDArray[np.int64], is_near: NDArray[np.bool_], alike: NDArray[np.int64]
    ) -> None:
        self.owner = owner
        """(texts,) the canonical text of each."""
        self.is_near = is_near
        """(texts,) whether it says that in other words than the canonical one."""
        self.alike = alike
        """(pairs, 2) canonical rows similar enough to merge that differ in a number or a negation;
        as many pairs as it takes to connect all that are alike."""
        self.canonical = np.flatnonzero(owner == np.arange(len(owner)))
        """(groups,) in order."""
        self.members = np.lexsort((np.arange(len(owner)), is_near, owner))
        """(texts,) group after group: the canonical one, those with its words, the others."""
        self.starts = np.searchsorted(owner[self.members], self.canonical)
        """(groups,) where the members of each begin."""
        self.sizes = np.diff(self.starts, append=len(owner))
        """(groups,) how many members each has."""

    def __iter__(self) -> Iterator[Group]:
        """Yield the groups in the order of their canonical rows."""
        for start, size in zip(self.starts.tolist(), self.sizes.tolist(), strict=True):
            first, *others = self.members[start : start + size].tolist()
            near = [i for i in others if self.is_near[i]]
            yield Group(first, tuple(i for i in others if not self.is_near[i]), tuple(near))

    def __len__(self) -> int:
        return len(self.canonical)


def digest(text: str) -> bytes:
    """Return what tells a text from all others."""
    return hashlib.blake2b(text.encode(), digest_size=DIGEST_BYTES).digest()


def numbered(digests: bytes | bytearray) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return where each distinct one of many digests stands first, and which of these each is."""
    halves = np.frombuffer(digests, ">u8").reshape(-1, DIGEST_BYTES // 8)
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


def find(
    texts: Iterable[str | Said], threshold: float = 0.8, similar: Similarity | None = None
) -> Duplicates:
    """Return the groups of texts; earlier texts are canonical, so give them in order of time.

    Exact: the same words, whatever the case, marks, spaces and pseudonyms. Near: the same numbers
    and negations, no word of substance on one side only, and shingles with a Jaccard similarity of
    at least `threshold`, where greetings and the like do not count and a misspelt word counts as
    the word it was meant to be. A row joins the earliest canonical row that it matches, so that
    similarity never drifts along a chain. `similar` stands in for the similarity of shingles. The
    texts are gone through once.
    """
    shelf = Shelf()
    keys = bytearray()
    for text in texts:
        said = Said.of(text) if isinstance(text, str) else text
        keys += digest(said.key)
        shelf.add(msgspec.msgpack.encode(said))
    firsts, which = numbered(keys)
    owner, alike = _owners(_Distinct(shelf, firsts), threshold, similar or similarity)
    owners = firsts[owner][which]
    return Duplicates(owners, firsts[which] != owners, firsts[alike])


class _Distinct:
    """Texts that differ, on disk."""

    def __init__(self, shelf: Shelf, places: NDArray[np.int64]) -> None:
        self._shelf, self._places = shelf, places

    def __len__(self) -> int:
        return len(self._places)

    def __getitem__(self, position: int) -> Said:
        return unpacked(self._shelf[self._places[position]], Said)

    def __iter__(self) -> Iterator[Said]:
        return (self[position] for position in range(len(self)))


def _owners(
    texts: _Distinct, threshold: float, similar: Similarity
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return, for each distinct text, the position of its canonical one; and the alike pairs."""
    vocabulary = Vocabulary(texts)
    blocks = bytearray()
    for said in texts:
        blocks += digest(" ".join(sorted(vocabulary.block(said))))
    search = Search(vocabulary, threshold, similar)
    owner = np.arange(len(texts))
    alike: list[tuple[int, int]] = []
    for positions in _together(numbered(blocks)[1]):
        found = search.block([texts[i].key for i in positions])
        owner[positions] = np.array(positions)[np.array(found.owner)]
        alike += ((positions[a], positions[b]) for a, b in found.alike)
    return owner, np.array(sorted(alike), np.int64).reshape(-1, 2)


def _together(block: NDArray[np.int64]) -> Iterator[list[int]]:
    """Yield the positions of each block of more than one text, in their order."""
    order = np.argsort(block, kind="stable")
    starts = np.flatnonzero(np.diff(block[order], prepend=-1))
    sizes = np.diff(starts, append=len(order))
    for start, size in zip(starts[sizes > 1].tolist(), sizes[sizes > 1].tolist(), strict=True):
        yield order[start : start + size].tolist()
