"""Rows that ask the same thing in the same words, exactly or nearly.

Nearly: the words that differ are harmless, and the exact Jaccard similarity of the shingles is
high. Two texts whose numbers or negations differ are never merged, however alike. Nobody compares
all with all: texts that can say the same share a *block* (`blocks`), and blocks are small. Of a
text no more than digests are held in memory; its words lie on disk until its block is searched.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Protocol

import msgspec
import numpy as np
from numpy.typing import NDArray

from northloop.core.batched import batched
from northloop.core.decoding import unpacked
from northloop.ports.workers import Done, unknown
from northloop.stages.data.duplicates.blocks import Vocabulary
from northloop.stages.data.duplicates.matcher import Matcher
from northloop.stages.data.duplicates.search import Noted, Search
from northloop.stages.data.duplicates.similar import Similarity, similarity
from northloop.stages.data.duplicates.spoken import (
    DIGEST_BYTES,
    Spoken,
    digest,
    numbered,
    numbered_pairs,
)
from northloop.stages.data.duplicates.words import Said, normalised, plain
from northloop.stages.data.temporary_files import Blobs, Column

__all__ = (
    "Duplicates",
    "Given",
    "Group",
    "Matcher",
    "Said",
    "Spoken",
    "Texts",
    "digest",
    "find",
    "find_among",
    "normalised",
    "numbered",
    "plain",
    "similarity",
)

AT_ONCE = 500
"""The words of so many texts are put together."""


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
        self,
        owner: NDArray[np.int64],
        is_near: NDArray[np.bool_],
        alike: NDArray[np.int64],
        folder: Path | None = None,
    ) -> None:
        """`folder` is where all of it is held; None for the system's own place."""
        owner = Column.of(owner, folder)
        self.owner = owner
        """(texts,) the canonical text of each."""
        self.is_near = Column.of(is_near, folder)
        """(texts,) whether it says that in other words than the canonical one."""
        self.alike = alike
        """(pairs, 2) canonical rows similar enough to merge that differ in a number or a negation;
        as many pairs as it takes to connect all that are alike."""
        self.canonical = Column.of(np.flatnonzero(owner == np.arange(len(owner))), folder)
        """(groups,) in order."""
        self.members = Column.of(np.lexsort((np.arange(len(owner)), is_near, owner)), folder)
        """(texts,) group after group: the canonical one, those with its words, the others."""
        self.starts = Column.of(np.searchsorted(owner[self.members], self.canonical), folder)
        """(groups,) where the members of each begin."""
        self.sizes = Column.of(np.diff(self.starts, append=len(owner)), folder)
        """(groups,) how many members each has."""

    def __iter__(self) -> Iterator[Group]:
        """Yield the groups in the order of their canonical rows."""
        for start, size in zip(self.starts.tolist(), self.sizes.tolist(), strict=True):
            first, *others = self.members[start : start + size].tolist()
            near = [i for i in others if self.is_near[i]]
            yield Group(first, tuple(i for i in others if not self.is_near[i]), tuple(near))

    def __len__(self) -> int:
        return len(self.canonical)


class Texts(Protocol):
    """Texts that are held against one another, earlier ones first."""

    def parts(self) -> Iterable[Spoken]:
        """Yield their words, some texts at a time, in any order of the texts; again each time."""
        ...

    @property
    def order(self) -> NDArray[np.int64]:
        """(texts,) where each of them stands in that order."""
        ...

    def key(self, text: int) -> str:
        """Return a text normalised, by its number in order of time."""
        ...


class Given:
    """Texts that were given one after another; their words lie on disk."""

    def __init__(self, texts: Iterable[str]) -> None:
        self._keys, self._parts = Blobs(), Blobs()
        for some in batched(map(Said.of, texts), AT_ONCE):
            self._parts.add(msgspec.msgpack.encode(Spoken.of(some)))
            for said in some:
                self._keys.add(said.key.encode())
        self.order = np.arange(len(self._keys))

    def parts(self) -> Iterator[Spoken]:
        return (unpacked(part, Spoken) for part in self._parts)

    def key(self, text: int) -> str:
        return self._keys[text].decode()


def find(
    texts: Iterable[str], threshold: float = 0.8, similar: Similarity | None = None
) -> Duplicates:
    """Return the groups of texts; earlier texts are canonical, so give them in order of time.

    Exact: the same words, whatever the case, marks, spaces and pseudonyms. Near: the same numbers
    and negations, no word of substance on one side only, and shingles with a Jaccard similarity of
    at least `threshold`, where greetings and the like do not count and a misspelt word counts as
    the word it was meant to be. A row joins the earliest canonical row that it matches, so that
    similarity never drifts along a chain. `similar` stands in for the similarity of shingles. The
    texts are gone through once.
    """
    return find_among(Given(texts), threshold, similar)


def find_among(
    texts: Texts,
    threshold: float,
    similar: Similarity | None = None,
    scratch: Path | None = None,
    known: Done = unknown,
) -> Duplicates:
    """Return the groups of texts; see `find`. They lie in the folder `scratch`.

    `known` is what was found out before, with the same `similar`.
    """
    order = texts.order
    halves = [np.frombuffer(spoken.keys, ">u8").astype(np.uint64) for spoken in texts.parts()]
    keys = np.concatenate([np.empty(0, np.uint64), *halves]).reshape(-1, 2)[order]
    firsts, which = numbered_pairs(keys)
    keys = Column.of(keys[firsts], scratch)
    is_first = np.zeros(len(order), bool)
    is_first[order[firsts]] = True
    vocabulary = Vocabulary.of(_with_own(texts.parts(), is_first))
    blocks = np.concatenate([np.empty((0, 2), np.uint64), *vocabulary.blocks(texts.parts())])
    owner = np.arange(len(firsts))
    alike: list[tuple[int, int]] = []
    searched = _Searched(texts, Search(vocabulary, threshold, similar or similarity), known)
    for some in batched(_together(numbered_pairs(blocks[order[firsts]])[1]), AT_ONCE):
        names = [_name(threshold, keys[positions]) for positions in some]
        found = searched.blocks(names, [firsts[positions] for positions in some])
        for positions, noted in zip(some, found, strict=True):
            owner[positions] = positions[np.array(noted.found.owner)]
            alike += positions[np.array(noted.found.alike, np.int64).reshape(-1, 2)].tolist()
    owners = firsts[owner][which]
    pairs = np.array(sorted(alike), np.int64).reshape(-1, 2)
    return Duplicates(owners, firsts[which] != owners, firsts[pairs], scratch)


class _Searched:
    """Blocks of texts, searched unless it is known what is found in them."""

    def __init__(self, texts: Texts, search: Search, known: Done) -> None:
        self._texts, self._search, self._known = texts, search, known

    def blocks(self, names: Sequence[bytes], blocks: Sequence[NDArray[np.int64]]) -> list[Noted]:
        """Return what is found in blocks of texts, by the numbers of these."""
        known = self._known.get(names)
        before = [unpacked(known[name], Noted) if name in known else None for name in names]
        found = [
            noted if noted and self._search.stands(noted) else self._search.block(self._keys(block))
            for noted, block in zip(before, blocks, strict=True)
        ]
        new = zip(names, before, found, strict=True)
        self._known.put({n: msgspec.msgpack.encode(now) for n, was, now in new if now is not was})
        return found

    def _keys(self, block: NDArray[np.int64]) -> list[str]:
        return [self._texts.key(text) for text in block.tolist()]


def _name(threshold: float, keys: NDArray[np.uint64]) -> bytes:
    """Return what names a block of texts by digests of these, in their order."""
    said = f"{threshold}".encode() + keys.tobytes()
    return hashlib.blake2b(said, digest_size=DIGEST_BYTES, person=b"block").digest()


def _with_own(
    parts: Iterable[Spoken], flags: NDArray[np.bool_]
) -> Iterator[tuple[Spoken, NDArray[np.bool_]]]:
    start = 0
    for spoken in parts:
        yield spoken, flags[start : start + len(spoken)]
        start += len(spoken)


def _together(block: NDArray[np.int64]) -> Iterator[NDArray[np.int64]]:
    """Yield the positions of each block of more than one text, in their order."""
    order = np.argsort(block, kind="stable")
    starts = np.flatnonzero(np.diff(block[order], prepend=-1))
    sizes = np.diff(starts, append=len(order))
    for start, size in zip(starts[sizes > 1].tolist(), sizes[sizes > 1].tolist(), strict=True):
        yield order[start : start + size]
