"""Which examples to learn from when not all of them fit the time there is."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Container, Sequence

from northloop.core.conversation import Example
from northloop.core.ids import derived_id, uniform

TAUGHT = "verdict:"
"""How the origin of a row begins that a reviewer taught."""


def sample(
    examples: Sequence[Example], most: int | None, seed: int, learnt: Container[str] = ()
) -> list[Example]:
    """Return at most `most` examples in their old order, all of them for None.

    Examples whose `lesson` is in `learnt` come last, so that a retraining reads on where the one
    before it stopped. What reviewers taught comes first; of the rest every intent keeps its share,
    and at least one example as long as there is room. An example keeps its place in the draw
    whatever else is in the dataset (permanent random numbers), so that two versions of a dataset
    give similar samples.
    """
    if most is None or len(examples) <= most:
        return list(examples)
    priorities = _priorities(examples, seed, learnt)
    ranked = sorted(range(len(examples)), key=priorities.__getitem__)
    return [examples[i] for i in sorted(ranked[:most])]


def _priorities(
    examples: Sequence[Example], seed: int, learnt: Container[str]
) -> dict[int, tuple[bool, bool, float, float]]:
    """Return what each example is ordered by: new, taught, its rank in its intent, its draw."""
    draws = [uniform("sample", str(seed), example.example_id) for example in examples]
    strata: defaultdict[tuple[bool, bool, str], list[int]] = defaultdict(list)
    for i, example in enumerate(examples):
        strata[lesson(example) in learnt, not is_taught(example), example.intent].append(i)
    return {
        i: (old, imported, rank / len(members), draws[i])
        for (old, imported, _), members in strata.items()
        for rank, i in enumerate(sorted(members, key=draws.__getitem__))
    }


def lesson(example: Example) -> str:
    """Return a name for what is learnt of an example: a corrected reply is another lesson."""
    return derived_id("lesson", example.question, example.reply)


def is_taught(example: Example) -> bool:
    """Return whether the example comes from a reviewer's verdict."""
    return any(origin.startswith(TAUGHT) for origin in example.origin)
