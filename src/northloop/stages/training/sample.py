"""Which examples to learn from when not all of them fit the time there is."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Hashable, Mapping, Sequence
from typing import TypeVar

from northloop.core.conversation import CONFIRMED, CORRECTED, Example
from northloop.core.ids import derived_id, uniform

PART = 1 / 4
"""At most so much of a training is corrections, and so much of it is a rehearsal of what is known.
Corrections are what went wrong: a model that reads little else unlearns what went right."""
_WORD = re.compile(r"[^\W\d_]+")
_OPENING_WORDS = 4
Name = TypeVar("Name", bound=Hashable)


def sample(
    examples: Sequence[Example], most: int | None, seed: int, learnt: Collection[str] = ()
) -> list[Example]:
    """Return at most `most` examples in their old order, all of them for None.

    At most a PART of them is corrections, those not read yet first. A PART rehearses what the model
    is good at: what was confirmed, and the history whose `lesson` is in `learnt`. The rest is
    history not read yet, so that a retraining reads on where the one before it stopped. Where that
    ends, more is rehearsed; only where that ends too, more is corrections.

    In each of the three every intent keeps its share, and in an intent every kind of reply. No
    intent of the history is left out while a PART has room for one row of each. An example keeps
    its place in the draw whatever else is in the dataset (permanent random numbers), so that two
    versions of a dataset give similar samples; what is rehearsed changes with what was learnt.
    """
    if most is None or len(examples) <= most:
        return list(examples)
    new, known, corrections = _pools(examples, seed, learnt)
    part = int(PART * most)
    taken = [*corrections[:part], *known[:part]]
    for pool, start in ((new, 0), (known, part), (corrections, part)):
        taken += pool[start : start + most - len(taken)]
    return [examples[i] for i in sorted(taken)]


def _pools(
    examples: Sequence[Example], seed: int, learnt: Collection[str]
) -> tuple[list[int], list[int], list[int]]:
    """Return what is new, what is known and what was corrected, each in the order of the draw."""
    draws: dict[int, float] = {}
    pools: defaultdict[tuple[bool, bool], list[int]] = defaultdict(list)
    for i, example in enumerate(examples):
        old = lesson(example) in learnt or is_confirmed(example)
        # Each training rehearses other rows: more was learnt than before the last one.
        turn = (str(len(learnt)),) if old else ()
        draws[i] = uniform("sample", str(seed), example.example_id, *turn)
        pools[is_corrected(example), old].append(i)
    new, known, fresh, stale = (
        _spread(examples, pools[pool], draws)
        for pool in ((False, False), (False, True), (True, False), (True, True))
    )
    seen = {examples[i].intent for i in new}
    # An intent that nothing new has is not to be missed: its first row comes before all others.
    only = {examples[i].intent: i for i in reversed(known) if examples[i].intent not in seen}
    firsts = frozenset(only.values())
    known.sort(key=lambda i: i not in firsts)
    return new, known, fresh + stale


def _spread(
    examples: Sequence[Example], pool: Sequence[int], draws: Mapping[int, float]
) -> list[int]:
    """Return a pool in an order in which every beginning has its share of each intent."""
    kinds = _ranks({i: (examples[i].intent, _opening(examples[i].reply)) for i in pool}, draws)
    # Each kind's rows lie evenly in 0..1, a lone one anywhere: rare kinds must not all come first.
    within = {i: (rank + draws[i]) / size for i, (rank, size) in kinds.items()}
    intents = _ranks({i: examples[i].intent for i in pool}, within)
    return sorted(pool, key=lambda i: (intents[i][0] / intents[i][1], draws[i]))


def _ranks(groups: Mapping[int, Name], keys: Mapping[int, float]) -> dict[int, tuple[int, int]]:
    """Return for each row its place in its group, counting from 0, and the group's size."""
    members: defaultdict[Name, list[int]] = defaultdict(list)
    for i in sorted(groups, key=keys.__getitem__):
        members[groups[i]].append(i)
    return {i: (rank, len(rows)) for rows in members.values() for rank, i in enumerate(rows)}


def _opening(reply: str) -> str:
    """Return the words a reply begins with: what kind it is, where no intent says so."""
    return " ".join(_WORD.findall(reply.casefold())[:_OPENING_WORDS])


def lesson(example: Example) -> str:
    """Return a name for what is learnt of an example: a corrected reply is another lesson."""
    before = [f"{turn.role} {turn.content}" for turn in example.context]
    return derived_id("lesson", *before, example.question, example.reply)


def is_corrected(example: Example) -> bool:
    """Return whether a reviewer wrote the example's reply."""
    return any(origin.startswith(CORRECTED) for origin in example.origin)


def is_confirmed(example: Example) -> bool:
    """Return whether the reply is the model's own, judged right by a reviewer."""
    confirmed = any(origin.startswith(CONFIRMED) for origin in example.origin)
    return confirmed and not is_corrected(example)
