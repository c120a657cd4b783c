"""What reviewers taught, let into a dataset as far as that is no cheating.

A lesson is learnt: it becomes a training row, or its reply replaces that of a training row with the
same question. What resembles a row that the model is measured on is refused. Lessons for the test
split become test rows, unless something that is learnt asks the same: then they are learnt too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

import msgspec
import numpy as np
from numpy.typing import NDArray

from northloop.core.conversation import Example, Quarantined, Split
from northloop.core.ids import derived_id
from northloop.stages.data.clean import heard
from northloop.stages.data.duplicates import Matcher
from northloop.stages.data.follow_ups import example_id
from northloop.stages.data.paraphrases import Questions
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
    asked: Questions
    """What conversations begin with; it is told what lessons ask where some are for the test."""
    trained: NDArray[np.int64]
    """The numbers in it of the questions that are learnt."""
    frozen: Mapping[str, Split]
    """Where examples were in an earlier version, by their ids: what was learnt is not measured."""


def learn(taught: Sequence[Example], school: School) -> Lessons:
    """Let in what may be learnt, or measured on: nothing that is learnt may resemble the latter.

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
    rows = [_lesson(lesson, school.redactor) for lesson in taught]
    matches = [measured.alike(row.question) for row in rows]
    held = _held(rows, matches, school)
    learned: dict[str, Example] = {}
    refused: list[Quarantined] = []
    merged = 0
    for number, (lesson, row, match) in enumerate(zip(taught, rows, matches, strict=True), 1):
        like = held_out[match] if match is not None else None
        before = learned.get(row.example_id)
        is_new = row.example_id not in by_id or (before is not None and before.split is Split.TEST)
        if number - 1 in held and is_new and (like is None or like.split is Split.TEST):
            merged += before is not None
            row = _measured(row if before is None else _corrected(before, row), like)
        else:
            reason = ""
            if like is not None:
                reason = f"taught row resembles a {like.split} row"
            elif school.redactor.opaque(lesson.group) in school.barred:
                reason = "taught row is by a customer of the test split"
            if reason:
                refused.append(Quarantined(row.origin[0], number, reason, row.question))
                continue
            row = msgspec.structs.replace(row, split=Split.TRAIN)
            same = learnt.same(row.question)
            known = training[same].example_id if same is not None else row.example_id
            if known in by_id:
                merged += 1
                row = _corrected(by_id[known], row)
        by_id[row.example_id] = learned[row.example_id] = row
    return Lessons(learned, merged, refused)


def _held(rows: Sequence[Example], matches: Sequence[int | None], school: School) -> set[int]:
    """Return which of the lessons for the test split stay there: those that nothing which is learnt
    asks in other words, not even another lesson. `matches` says which resemble a held-out row."""
    held = {
        i
        for i, row in enumerate(rows)
        if row.split is Split.TEST and school.frozen.get(row.example_id) is not Split.TRAIN
    }
    if not held:
        return held
    numbers = len(school.asked) + np.arange(len(rows))
    school.asked.add([row.question for row in rows])
    while held:
        to_learn = [i for i, match in enumerate(matches) if match is None and i not in held]
        learnt = np.concatenate([school.trained, numbers[to_learn]])
        some = sorted(held)
        likeness = school.asked.likeness(numbers[some], learnt)
        close = {i for i, alike in zip(some, likeness, strict=True) if alike >= school.asked.least}
        if not close:
            break
        held -= close
    return held


def _measured(row: Example, like: Example | None) -> Example:
    """Return a lesson as a test row, in the group of the one that it resembles."""
    group = like.group if like is not None else row.group
    return msgspec.structs.replace(row, split=Split.TEST, group=group)


def _lesson(taught: Example, redactor: Redactor) -> Example:
    """Return a taught row as it may be kept."""
    question = heard(redactor.redact(taught.question).text)
    id_ = example_id(question)
    return msgspec.structs.replace(
        taught,
        example_id=id_,
        question=question,
        reply=redactor.redact(taught.reply).text,
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
