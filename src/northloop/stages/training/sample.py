"""Which examples to learn from when not all of them fit the time there is."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from northloop.core.conversation import Example
from northloop.core.ids import uniform

TAUGHT = "verdict:"
"""How the origin of a row begins that a reviewer taught."""


def sample(examples: Sequence[Example], most: int | None, seed: int) -> list[Example]:
    """Return at most `most` examples in their old order, all of them for None.

    What reviewers taught comes first; of the rest every intent keeps its share, and at least one
    example as long as there is room. An example keeps its place in the draw whatever else is in the
    dataset (permanent random numbers), so that two versions of a dataset give similar samples.
    """
    if most is None or len(examples) <= most:
        return list(examples)
    ranked = sorted(range(len(examples)), key=_priorities(examples, seed).__getitem__)
    return [examples[i] for i in sorted(ranked[:most])]


def _priorities(examples: Sequence[Example], seed: int) -> list[tuple[bool, float, float]]:
    """Return for each example what it is ordered by: taught first, then its rank in its intent."""
    draws = [uniform("sample", str(seed), example.example_id) for example in examples]
    strata: defaultdict[tuple[bool, str], list[int]] = defaultdict(list)
    for i, example in enumerate(examples):
        strata[not is_taught(example), example.intent].append(i)
    priorities: list[tuple[bool, float, float]] = [(True, 0.0, 0.0)] * len(examples)
    for (imported, _), members in strata.items():
        for rank, i in enumerate(sorted(members, key=draws.__getitem__)):
            priorities[i] = (imported, rank / len(members), draws[i])
    return priorities


def is_taught(example: Example) -> bool:
    """Return whether the example comes from a reviewer's verdict."""
    return any(origin.startswith(TAUGHT) for origin in example.origin)
