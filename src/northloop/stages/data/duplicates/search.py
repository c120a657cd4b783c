"""Finds, for each text of a block, the earlier one that it repeats.

What is found in a block follows from its texts, their order and the vocabulary: blocks can be
searched anywhere, in any order.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

import msgspec

from northloop.stages.data.disjoint import DisjointSets
from northloop.stages.data.duplicates.blocks import Vocabulary
from northloop.stages.data.duplicates.similar import Similarity
from northloop.stages.data.duplicates.words import Wording
from northloop.stages.data.spelling import Heard

FEW = 40
"""So many texts are compared without looking for their words first."""
MANY = 200
"""Of more that may say the same the earliest are compared, and those with the same substance."""


class BlockDuplicates(msgspec.Struct, frozen=True):
    """What the texts of a block repeat; positions in it."""

    owner: tuple[int, ...]
    """For each text the first that it repeats, itself if it repeats none."""
    alike: tuple[tuple[int, int], ...]
    """Pairs that differ in a number or a negation only; as many as connect all that are alike."""


class Noted(msgspec.Struct, frozen=True):
    """What was found in a block, and what of the vocabulary it follows from besides the texts."""

    found: BlockDuplicates
    same: tuple[tuple[str, str, bool], ...]
    """Whether two words are the same, of those that might be."""
    loose: dict[str, str]
    """Where texts may be passed over: the class of each word, "" for a firm one."""


class Search:
    """Searches blocks of texts with one vocabulary."""

    def __init__(self, vocabulary: Vocabulary, threshold: float, similar: Similarity) -> None:
        self.vocabulary = vocabulary
        self.threshold = threshold
        self.similar = similar

    def block(self, keys: Sequence[str]) -> Noted:
        """Return what these distinct normalised texts of one block repeat, in their order."""
        return _Block(self, keys).noted()

    def stands(self, noted: Noted) -> bool:
        """Whether what was found in a block by another vocabulary is what this one finds."""
        return all(self.vocabulary.spelling.same(a, b) == was for a, b, was in noted.same) and all(
            self.vocabulary.loose_class(word) == was for word, was in noted.loose.items()
        )


class _Block:
    def __init__(self, search: Search, keys: Sequence[str]) -> None:
        self._search = search
        self._spelling = Heard(search.vocabulary.spelling)
        self._keys = keys
        self._wordings = [Wording.of(key) for key in keys]
        self._canonical: list[int] = []
        self._having: dict[str, set[int]] = defaultdict(set)
        """Canonical texts by the loose classes of their words."""
        self._places: dict[int, list[int]] = defaultdict(list)
        self._tied = DisjointSets(len(keys))

    def noted(self) -> Noted:
        found = self._found()
        words = {word for wording in self._wordings for word in wording.words | wording.substance}
        return Noted(
            found,
            tuple((a, b, was) for (a, b), was in self._spelling.said.items()),
            {word: self._search.vocabulary.loose_class(word) for word in sorted(words)}
            if len(self._canonical) > MANY
            else {},
        )

    def _found(self) -> BlockDuplicates:
        owner: list[int] = []
        alike: list[tuple[int, int]] = []
        for position in range(len(self._keys)):
            candidates = self._candidates(position)
            same = next(self._same(position, candidates), None)
            owner.append(position if same is None else same)
            if same is None:
                self._add(position)
                alike += self._alike(position, candidates)
        return BlockDuplicates(tuple(owner), tuple(alike))

    def _add(self, position: int) -> None:
        wording = self._wordings[position]
        self._canonical.append(position)
        self._places[wording.place].append(position)
        for loose in self._search.vocabulary.loose(wording.words):
            self._having[loose].add(position)

    def _candidates(self, position: int) -> list[int]:
        """Return the canonical texts that differ only in words that change nothing, in order."""
        wording = self._wordings[position]
        near = self._near(wording)
        return [i for i in near if wording.alike(self._wordings[i], self._spelling)]

    def _near(self, wording: Wording) -> Sequence[int]:
        if len(self._canonical) <= FEW:
            return self._canonical
        needed = self._search.vocabulary.loose(wording.substance)
        having = sorted((self._having[loose] for loose in needed), key=len)
        found = sorted(set.intersection(*having)) if having else self._canonical
        if len(found) <= MANY:
            return found
        return sorted({*found[:MANY], *self._places[wording.place][:MANY]})

    def _same(self, position: int, candidates: Sequence[int]) -> Iterator[int]:
        wording = self._wordings[position]
        for other in candidates:
            if self._wordings[other].agrees(wording) and self._similar_enough(other, position):
                yield other

    def _alike(self, position: int, candidates: Sequence[int]) -> Iterator[tuple[int, int]]:
        """Yield the pairs that connect a new canonical text to others, one for all connected."""
        wording = self._wordings[position]
        for other in candidates:
            if self._tied.root(other) == self._tied.root(position):
                continue
            if self._wordings[other].agrees(wording):
                continue
            if self._similar_enough(other, position):
                self._tied.join(position, other)
                yield other, position

    def _similar_enough(self, other: int, position: int) -> bool:
        found = self._search.similar(self._keys[other], self._keys[position], self._spelling)
        return found >= self._search.threshold
