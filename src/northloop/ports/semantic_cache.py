"""The semantic answer cache: answers that are found by what their question means."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple, Protocol

import msgspec
import numpy as np
from numpy.typing import NDArray

from northloop.core.check import Sense
from northloop.core.ids import Hash
from northloop.core.interaction import Asking, CachedAnswer

Vector = NDArray[np.float32]
"""Of unit length; all in one space have as many dimensions."""


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """A generated answer that may be given to other questions."""

    entry_id: str
    """The interaction that it was first given in."""
    space: Hash
    """Names who shares it: only what lies in one space is compared."""
    asking: Asking
    """What it answered, redacted."""
    sense: Sense
    """Of the question, as the guards compare it."""
    says: Hash
    """Names what the answer says: the same for all that were found to say the same."""
    answer: CachedAnswer


class Neighbour(NamedTuple):
    """An entry, and how near its question is."""

    similarity: float
    """Cosine, -1 to 1."""
    entry: Entry


class SemanticCache(Protocol):
    """Entries by vectors, in spaces, each with a time to live; full, it drops the oldest.

    A vector of no length is near nothing, and is not kept.
    """

    def near(
        self, space: Hash, vector: Vector, count: int, least: float = 0.0
    ) -> Sequence[Neighbour]:
        """Return at most `count` entries of a space that are at least so similar, nearest first."""
        ...

    def put(self, entry: Entry, vector: Vector, ttl_s: int) -> None:
        """Keep an entry for `ttl_s` seconds, in place of what has its id."""
        ...

    def refresh(self, entry: Entry) -> None:
        """Put an entry in place of the one with its id, for as long as that would be kept.

        The vector stays. Nothing happens if there is none.
        """
        ...

    def remove(self, entry_id: str) -> None:
        """Forget an entry; nothing happens if there is none."""
        ...

    def drop(self, passages: Collection[Hash]) -> None:
        """Forget all entries, of every space, that rest on one of these passages."""
        ...

    def held(self) -> Mapping[str, Entry]:
        """Return by id what is kept in this process's own memory, which no other can remove.

        Empty for a cache that processes share.
        """
        ...

    def count(self) -> int:
        """Return how many entries there are; some whose time is up may be among them."""
        ...

    def close(self) -> None:
        """Close the connections; the next use opens new ones."""
        ...
