"""Duplicates among what was asked first and what was asked later in a conversation.

"Yes please" after one question is another question than after another. So later ones are the same
only where all that was said before is the same, in the same words; where whole conversations
resemble each other, what was asked in them shares a split.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from northloop.core.conversation import Message
from northloop.stages.data import duplicates
from northloop.stages.data.duplicates import Duplicates, Group, normalised


def find(asked: Sequence[Sequence[Message]], threshold: float = 0.8) -> Duplicates:
    """Return the groups of conversations that end with the same question; see `duplicates.find`.

    Earlier ones are canonical, so give them in order of time.
    """
    first = [i for i, turns in enumerate(asked) if len(turns) == 1]
    later = [i for i, turns in enumerate(asked) if len(turns) > 1]
    alone = _placed(duplicates.find([asked[i][-1].content for i in first], threshold), first)
    if not later:
        return alone
    after = _placed(_after([asked[i] for i in later], threshold), later)
    groups = sorted((*alone.groups, *after.groups), key=_canonical)
    return Duplicates(tuple(groups), (*alone.alike, *after.alike))


def _after(asked: Sequence[Sequence[Message]], threshold: float) -> Duplicates:
    """Return the groups of later questions: all that was said is the same."""
    same: dict[tuple[tuple[str, str], ...], list[int]] = defaultdict(list)
    for index, turns in enumerate(asked):
        same[tuple((turn.role, normalised(turn.content)) for turn in turns)].append(index)
    groups = tuple(Group(first, tuple(others), ()) for first, *others in same.values())
    whole = ["\n".join(turn.content for turn in asked[group.canonical]) for group in groups]
    found = duplicates.find(whole, threshold)
    ties = [*found.alike, *((g.canonical, i) for g in found.groups for i in (*g.exact, *g.near))]
    return Duplicates(groups, tuple((groups[a].canonical, groups[b].canonical) for a, b in ties))


def _placed(found: Duplicates, at: Sequence[int]) -> Duplicates:
    """Return what was found with the indices of all rows in place of those of some of them."""
    return Duplicates(
        tuple(
            Group(at[g.canonical], tuple(at[i] for i in g.exact), tuple(at[i] for i in g.near))
            for g in found.groups
        ),
        tuple((at[a], at[b]) for a, b in found.alike),
    )


def _canonical(group: Group) -> int:
    return group.canonical
