"""Which examples to train on when there is no time for all of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from northloop.core.conversation import Example
from northloop.core.ids import uniform


def stratified(examples: Sequence[Example], most: int | None, seed: int) -> list[Example]:
    """Return at most `most` examples in the order of their ids; all of them for None.

    What reviewers taught is always among them. The rest is drawn intent by intent in turn, so that
    rare intents are not lost, and within an intent by id: the same rows every time.
    """
    if most is None or len(examples) <= most:
        return sorted(examples, key=lambda e: e.example_id)
    taught = [e for e in examples if any(o.startswith("verdict:") for o in e.origin)]
    chosen = {e.example_id for e in taught}
    by_intent: dict[str, list[Example]] = defaultdict(list)
    for example in examples:
        if example.example_id not in chosen:
            by_intent[example.intent].append(example)
    drawn = [
        (place, uniform(str(seed), "turn", example.example_id), example)
        for rows in by_intent.values()
        for place, example in enumerate(_shuffled(rows, seed))
    ]
    drawn.sort(key=lambda d: d[:2])
    rest = [example for _, _, example in drawn[: max(0, most - len(taught))]]
    return sorted([*taught, *rest], key=lambda e: e.example_id)


def _shuffled(rows: Sequence[Example], seed: int) -> list[Example]:
    return sorted(rows, key=lambda e: uniform(str(seed), "example", e.example_id))
