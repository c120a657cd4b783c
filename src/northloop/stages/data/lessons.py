"""What reviewers taught, let into a dataset as far as that is no cheating.

A lesson is learnt: it becomes a training row, or its reply replaces that of a training row with the
same question. What resembles a row that the model is measured on is refused.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

import msgspec

from northloop.core.conversation import Example, Quarantined, Split
from northloop.core.ids import derived_id
from northloop.stages.data.clean import heard
from northloop.stages.data.duplicates import Matcher
from northloop.stages.data.follow_ups import example_id
from northloop.stages.data.sensitive import Redactor


class Lessons(msgspec.Struct, frozen=True):
    """What became of the taught rows."""

    examples: Mapping[str, Example]
    """By their ids those that are new or were corrected."""
    merged: int
    refused: list[Quarantined]


class School(msgspec.Struct, frozen=True):
    """What taught rows are let into."""

    examples: Callable[[], Iterable[Example]]
    """All of them, from the first each time."""
    barred: frozenset[str]
    """Customers and conversations of the test split."""
    redactor: Redactor
    threshold: float
    """From this similarity on two questions resemble each other."""


def learn(taught: Sequence[Example], school: School) -> Lessons:
    """Let in what may be learnt: training rows only, nothing that resembles the held-out rows.

    What is taught was asked first in a conversation, so the same words later in one are another
    question.
    """
    if not taught:
        return Lessons({}, 0, [])
    threshold = school.threshold
    first = [e for e in school.examples() if not e.context]
    held_out = [e for e in first if e.split in (Split.VALIDATION, Split.TEST)]
    training = [e for e in first if e.split is Split.TRAIN]
    measured = Matcher([e.question for e in held_out], threshold)
    learnt = Matcher([e.question for e in training], threshold)
    by_id = {e.example_id: e for e in first}
    learned: dict[str, Example] = {}
    refused: list[Quarantined] = []
    merged = 0
    for number, lesson in enumerate(taught, 1):
        row = _lesson(lesson, school.redactor)
        match = measured.alike(row.question)
        reason = ""
        if match is not None:
            reason = f"taught row resembles a {held_out[match].split} row"
        elif school.redactor.opaque(lesson.group) in school.barred:
            reason = "taught row is by a customer of the test split"
        if reason:
            refused.append(Quarantined(row.origin[0], number, reason, row.question))
            continue
        same = learnt.same(row.question)
        known = training[same].example_id if same is not None else row.example_id
        if known in by_id:
            merged += 1
            row = _corrected(by_id[known], row)
        by_id[row.example_id] = learned[row.example_id] = row
    return Lessons(learned, merged, refused)


def _lesson(taught: Example, redactor: Redactor) -> Example:
    """Return a taught row as it may be kept, in the training split."""
    question = heard(redactor.redact(taught.question).text)
    id_ = example_id(question)
    return msgspec.structs.replace(
        taught,
        example_id=id_,
        question=question,
        reply=redactor.redact(taught.reply).text,
        split=Split.TRAIN,
        group=derived_id("group", id_),
    )


def _corrected(old: Example, lesson: Example) -> Example:
    """Return a known row with the reply that the reviewer gave; what retired is learnt from now."""
    return msgspec.structs.replace(
        old,
        split=Split.TRAIN,
        reply=lesson.reply,
        intent=lesson.intent or old.intent,
        count=old.count + 1,
        origin=old.origin + lesson.origin,
    )
