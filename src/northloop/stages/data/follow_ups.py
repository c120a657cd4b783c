"""Duplicates among what was asked first and what was asked later in a conversation.

"Yes please" after one question is another question than after another. So later ones are the same
only where all that was said before is the same, in the same words; where whole conversations
resemble each other, what was asked in them shares a split.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from pathlib import Path

import msgspec
import numpy as np
from numpy.typing import NDArray

from northloop.core.conversation import Message
from northloop.core.ids import derived_id
from northloop.ports.workers import Done, unknown
from northloop.stages.data import duplicates
from northloop.stages.data.duplicates import Duplicates, Texts, digest, normalised, numbered

CACHED_TURNS = 1 << 15
"""The words of this many turns are kept at hand."""
RESEMBLING_CHARS = 1_500
"""So much of a conversation is compared with others: what a longer one begins with."""


class Asked(msgspec.Struct, frozen=True):
    """A question with what was said before it."""

    turns: tuple[Message, ...]
    """The question last."""
    conversation_id: str

    @property
    def text(self) -> str:
        """All that was said."""
        return "\n".join(turn.content for turn in self.turns)


def find(
    first: Texts,
    later: Sequence[Asked],
    is_later: NDArray[np.bool_],
    threshold: float = 0.8,
    scratch: Path | None = None,
    known: Done = unknown,
) -> Duplicates:
    """Return the groups of questions that say the same after the same; see `duplicates.find`.

    `first` are what conversations begin with, `later` what was asked later in them; `is_later`
    says of all questions, in order of time, which of the two they are. Earlier ones are canonical.
    The groups lie in the folder `scratch`; None for the system's own place. `known` is what was
    found out before.
    """
    alone = duplicates.find_among(first, threshold, scratch=scratch, known=known)
    if not is_later.any():
        return alone
    after = _after(later, threshold)
    owner = np.empty(len(is_later), np.int64)
    is_near = np.empty(len(is_later), bool)
    alike = []
    for found, at in ((alone, np.flatnonzero(~is_later)), (after, np.flatnonzero(is_later))):
        owner[at], is_near[at] = at[found.owner], found.is_near
        alike.append(at[found.alike])
    return Duplicates(owner, is_near, np.concatenate(alike), scratch)


@lru_cache(CACHED_TURNS)
def words_of(turn: Message) -> str:
    """Return who speaks and the words: what counts of a turn that stands before a question."""
    return f"{turn.role} {normalised(turn.content)}"


def example_id(question: str, context: Sequence[Message] = ()) -> str:
    """Return the id of the example that asks this (redacted) question after what was said."""
    return derived_id("example", *map(words_of, context), normalised(question))


def _after(asked: Sequence[Asked], threshold: float) -> Duplicates:
    """Return the groups of later questions, alike where their conversations resemble each other."""
    said = bytearray()
    for one in asked:
        said += digest("\x1f".join(map(words_of, one.turns)))
    firsts, which = numbered(said)
    owner = firsts[which]
    begun = np.array(_beginnings(asked), np.int64)
    found = duplicates.find((asked[i].text for i in begun.tolist()), threshold)
    others = np.flatnonzero(found.owner != np.arange(len(begun)))
    ties = np.concatenate([found.alike, np.stack([found.owner[others], others], axis=1)])
    return Duplicates(owner, np.zeros(len(owner), bool), owner[begun[ties]])


def _beginnings(asked: Iterable[Asked]) -> list[int]:
    """Return of each conversation the question before which enough was said to compare it by."""
    best: dict[str, tuple[int, int]] = {}
    for index, one in enumerate(asked):
        length = len(one.text)
        known = best.setdefault(one.conversation_id, (index, length))
        if known[1] < length <= RESEMBLING_CHARS:
            best[one.conversation_id] = (index, length)
    return sorted(index for index, _ in best.values())
