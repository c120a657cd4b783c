"""Rows that ask the same thing in the same words, exactly or nearly.

Nearly: the words that differ are harmless, and the exact Jaccard similarity of the shingles is
high. Two texts whose numbers or negations differ are never merged, however alike. Nobody compares
all with all: texts that can say the same share a *block* (`blocks`), and blocks are small.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

import msgspec

from northloop.stages.data.duplicates.blocks import Vocabulary
from northloop.stages.data.duplicates.matcher import Matcher
from northloop.stages.data.duplicates.search import Search
from northloop.stages.data.duplicates.similar import Similarity, similarity
from northloop.stages.data.duplicates.words import Wording, normalised, plain

__all__ = ("Duplicates", "Group", "Matcher", "find", "normalised", "plain", "similarity")


class Group(msgspec.Struct, frozen=True):
    """Rows that say the same; indices into the texts given."""

    canonical: int
    """The earliest."""
    exact: tuple[int, ...]
    near: tuple[int, ...]

    @property
    def members(self) -> tuple[int, ...]:
        return (self.canonical, *self.exact, *self.near)


class Duplicates(msgspec.Struct, frozen=True):
    """Every text is in exactly one group."""

    groups: tuple[Group, ...]
    """In the order of their canonical rows."""
    alike: tuple[tuple[int, int], ...]
    """Pairs of canonical rows similar enough to merge that differ in a number or a negation; as
    many as it takes to connect all that are alike."""


def find(
    texts: Sequence[str], threshold: float = 0.8, similar: Similarity | None = None
) -> Duplicates:
    """Return the groups of texts; earlier texts are canonical, so give them in order of time.

    Exact: the same words, whatever the case, marks, spaces and pseudonyms. Near: the same numbers
    and negations, no word of substance on one side only, and shingles with a Jaccard similarity of
    at least `threshold`, where greetings and the like do not count and a misspelt word counts as
    the word it was meant to be. A row joins the earliest canonical row that it matches, so that
    similarity never drifts along a chain. `similar` stands in for the similarity of shingles.
    """
    keys = [normalised(text) for text in texts]
    by_key: dict[str, list[int]] = defaultdict(list)
    for index, key in enumerate(keys):
        by_key[key].append(index)
    firsts = [rows[0] for rows in by_key.values()]
    owner, alike = _owners([keys[i] for i in firsts], threshold, similar or similarity)
    near: dict[int, list[int]] = defaultdict(list)
    for position, first in enumerate(firsts):
        if owner[position] != position:
            near[firsts[owner[position]]] += by_key[keys[first]]
    groups = tuple(
        Group(first, tuple(by_key[keys[first]][1:]), tuple(sorted(near.get(first, ()))))
        for position, first in enumerate(firsts)
        if owner[position] == position
    )
    return Duplicates(groups, tuple((firsts[a], firsts[b]) for a, b in alike))


def _owners(
    keys: Sequence[str], threshold: float, similar: Similarity
) -> tuple[list[int], list[tuple[int, int]]]:
    """Return, for each distinct text, the position of its canonical one; and the alike pairs."""
    vocabulary = Vocabulary(map(Wording.of, keys))
    blocks: dict[frozenset[str], list[int]] = defaultdict(list)
    for position, key in enumerate(keys):
        blocks[vocabulary.block(Wording.of(key))].append(position)
    search = Search(vocabulary, threshold, similar)
    owner = list(range(len(keys)))
    alike: list[tuple[int, int]] = []
    for positions in blocks.values():
        found = search.block([keys[i] for i in positions])
        for position, mine in zip(positions, found.owner, strict=True):
            owner[position] = positions[mine]
        alike += ((positions[a], positions[b]) for a, b in found.alike)
    return owner, sorted(alike)
