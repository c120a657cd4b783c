"""Duplicates among what was asked first and what was asked later in a conversation.

"Yes please" after one question is another question than after another. So later ones are the same
only where all that was said before is the same, in the same words; where whole conversations
resemble each other, what was asked in them shares a split.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import lru_cache

import msgspec

from northloop.core.conversation import Message
from northloop.core.ids import derived_id
from northloop.stages.data import duplicates
from northloop.stages.data.duplicates import Duplicates, Group, normalised

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


def find(asked: Sequence[Asked], threshold: float = 0.8) -> Duplicates:
    """Return the groups of questions that say the same after the same; see `duplicates.find`.

    Earlier ones are canonical, so give them in order of time.
    """
    first = [i for i, one in enumerate(asked) if len(one.turns) == 1]
    later = [i for i, one in enumerate(asked) if len(one.turns) > 1]
    alone = _placed(duplicates.find([asked[i].text for i in first], threshold), first)
    if not later:
        return alone
    after = _placed(_after([asked[i] for i in later], threshold), later)
    groups = sorted((*alone.groups, *after.groups), key=_canonical)
    return Duplicates(tuple(groups), (*alone.alike, *after.alike))


@lru_cache(CACHED_TURNS)
def words_of(turn: Message) -> str:
    """Return who speaks and the words: what counts of a turn that stands before a question."""
    return f"{turn.role} {normalised(turn.content)}"


def example_id(question: str, context: Sequence[Message] = ()) -> str:
    """Return the id of the example that asks this (redacted) question after what was said."""
    return derived_id("example", *map(words_of, context), normalised(question))


def _after(asked: Sequence[Asked], threshold: float) -> Duplicates:
    """Return the groups of later questions, alike where their conversations resemble each other."""
    same: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for index, one in enumerate(asked):
        same[tuple(map(words_of, one.turns))].append(index)
    groups = tuple(Group(first, tuple(others), ()) for first, *others in same.values())
    owner = {index: group.canonical for group in groups for index in group.members}
    begun = _beginnings(asked)
    found = duplicates.find([asked[i].text for i in begun], threshold)
    ties = [*found.alike, *((g.canonical, i) for g in found.groups for i in (*g.exact, *g.near))]
    return Duplicates(groups, tuple((owner[begun[a]], owner[begun[b]]) for a, b in ties))


def _beginnings(asked: Sequence[Asked]) -> list[int]:
    """Return of each conversation the question before which enough was said to compare it by."""
    best: dict[str, int] = {}
    for index, one in enumerate(asked):
        known = best.setdefault(one.conversation_id, index)
        if len(asked[known].text) < len(one.text) <= RESEMBLING_CHARS:
            best[one.conversation_id] = index
    return sorted(best.values())


def _placed(found: Duplicates, at: Sequence[int]) -> Duplicates:
    """Return what was found with the indices of all rows in place of those of some of them."""
    return Duplicates(
        tuple(Group(at[g.canonical], _at(at, g.exact), _at(at, g.near)) for g in found.groups),
        tuple((at[a], at[b]) for a, b in found.alike),
    )


def _at(at: Sequence[int], indices: Iterable[int]) -> tuple[int, ...]:
    return tuple(at[i] for i in indices)


def _canonical(group: Group) -> int:
    return group.canonical
