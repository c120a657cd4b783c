"""What reviewers taught, let into a dataset as far as that is no cheating.

A lesson is learnt: it becomes a training row, or its reply replaces that of a training row with the
same question. What resembles a row that the model is measured on is refused. Lessons for the test
split become test rows, unless something that is learnt asks the same: then they are learnt too.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence, Set
from typing import NamedTuple

import msgspec
import numpy as np
from numpy.typing import NDArray

from northloop.core.conversation import Example, Quarantined, Split
from northloop.core.ids import derived_id
from northloop.stages.data.clean import heard
from northloop.stages.data.disjoint import DisjointSets
from northloop.stages.data.duplicates import Matcher
from northloop.stages.data.follow_ups import example_id
from northloop.stages.data.paraphrases import ONE_WORD, Questions
from northloop.stages.data.sensitive import Redactor


class Lessons(msgspec.Struct, frozen=True):
    """What became of the taught rows."""

    examples: Mapping[str, Example]
    """By their ids those that are new or were corrected."""
    merged: int
    refused: list[Quarantined]


NO_LESSONS = Lessons({}, 0, [])


class History(msgspec.Struct, frozen=True):
    """The divided rows of the exports, which what is taught is held against."""

    examples: Callable[[], Iterable[Example]]
    """All of them, from the first each time."""
    barred: frozenset[str]
    """Customers and conversations of the test split."""
    redactor: Redactor
    threshold: float
    """From this similarity on two questions resemble each other."""
    asked: Questions
    """What conversations begin with; it is told what lessons ask where some are for the test."""
    learnt: NDArray[np.int64]
    """The numbers in it of the questions that are learnt or validated on."""
    tested: Mapping[int, str]
    """The numbers of those that are measured on, and their groups."""
    frozen: Mapping[str, Split]
    """Where examples were in an earlier version, by their ids: what was learnt is not measured, and
    what was measured is not learnt."""


class _Place(NamedTuple):
    """Where a lesson goes."""

    split: Split
    group: str
    refused: str = ""
    """Why it goes nowhere; "" for what is kept."""


def learn(taught: Sequence[Example], history: History) -> Lessons:
    """Let in what may be learnt, or measured on: nothing that is learnt may resemble the latter.

    What is taught was asked first in a conversation, so the same words later in one are another
    question.
    """
    threshold = history.threshold
    first = [e for e in history.examples() if not e.context]
    held_out = [e for e in first if e.split in (Split.VALIDATION, Split.TEST)]
    training = [e for e in first if e.split is Split.TRAIN]
    measured = Matcher([e.question for e in held_out], threshold)
    learnt = Matcher([e.question for e in training], threshold)
    by_id = {e.example_id: e for e in first}
    rows = [_lesson(lesson, history.redactor) for lesson in taught]
    places = _placed(rows, [lesson.group for lesson in taught], by_id, history)
    learned: dict[str, Example] = {}
    refused: list[Quarantined] = []
    merged = 0
    for number, (lesson, row, place) in enumerate(zip(taught, rows, places, strict=True), 1):
        match = measured.alike(row.question)
        like = held_out[match].split if match is not None else None
        is_measured = place.split is Split.TEST
        reason = place.refused
        if like is Split.VALIDATION or (like is not None and not is_measured):
            reason = f"taught row resembles a {like} row"
        elif (
            not (reason or is_measured) and history.redactor.opaque(lesson.group) in history.barred
        ):
            reason = "taught row is by a customer of the test split"
        if reason:
            refused.append(Quarantined(row.origin[0], number, reason, row.question))
            continue
        row = msgspec.structs.replace(row, split=place.split, group=place.group)
        # What is measured on is no row of the history, but may be another lesson's.
        same = None if is_measured else learnt.same(row.question)
        known = training[same].example_id if same is not None else row.example_id
        if known in by_id:
            merged += 1
            row = _corrected(by_id[known], row)
        by_id[row.example_id] = learned[row.example_id] = row
    return Lessons(learned, merged, refused)


def _placed(
    rows: Sequence[Example], customers: Sequence[str], known: Collection[str], history: History
) -> list[_Place]:
    """Return where each lesson goes: to be learnt, or measured on.

    Whatever asks the same in other words, as paraphrases of the history do, goes one way. One for
    the test goes with the likest such question of the history, and without any it is learnt only
    where a lesson asks the same that is. What was measured on before stays so; what asks the same
    as that is not learnt beside it.
    """
    place = [_Place(Split.TRAIN, row.group) for row in rows]
    before = [history.frozen.get(row.example_id) for row in rows]
    new = {i for i, row in enumerate(rows) if row.example_id not in known}
    fixed = {i for i in new if before[i] is Split.TEST}
    wished = {i for i in new if rows[i].split is Split.TEST and before[i] is not Split.TRAIN}
    wished |= fixed
    if not wished:
        return place
    same, likest = _asking_the_same(rows, wished, history)
    learnt = {i for i in wished if i in likest and likest[i] not in history.tested}
    anchored = {i for i in wished - learnt if i in fixed or i in likest}
    held = wished - learnt
    while loose := {i for i in held - anchored if _learnt_beside(i, same, held, anchored)}:
        held -= loose
    for i in range(len(rows)):
        if i in fixed & learnt:
            place[i] = place[i]._replace(refused=_OVERTAKEN)
        elif i not in held and same[i] & anchored:
            place[i] = place[i]._replace(refused=_RESEMBLES)
    # Who asks several of them is drawn as one, and who asks the same, as in the history.
    sets = DisjointSets(len(rows))
    for i in held:
        for j in same[i] & held:
            sets.join(i, j)
    first: dict[str, int] = {}
    for i in sorted(held):
        sets.join(i, first.setdefault(customers[i], i))
    groups: dict[int, str] = {}
    for i in sorted(held, key=lambda i: (likest.get(i) not in history.tested, i)):
        groups.setdefault(sets.root(i), history.tested.get(likest.get(i, -1), rows[i].group))
    for i in held:
        place[i] = _Place(Split.TEST, groups[sets.root(i)])
    return place


_RESEMBLES = "taught row resembles a test row"
_OVERTAKEN = "taught test row is asked by what is learnt now"


def _learnt_beside(
    i: int, same: Sequence[set[int]], held: Collection[int], anchored: Collection[int]
) -> bool:
    """Whether a lesson that is learnt asks the same; one beside what is anchored is refused."""
    return any(j not in held and not same[j] & {*anchored} for j in same[i])


def _asking_the_same(
    rows: Sequence[Example], wished: Set[int], history: History
) -> tuple[list[set[int]], dict[int, int]]:
    """Return for each lesson the others that ask the same, and for those `wished` into the test the
    number of the likest question of the history that does, where there is one."""
    asked, some = history.asked, sorted(wished)
    numbers = len(asked) + np.arange(len(rows))
    asked.add([row.question for row in rows])
    place = {int(number): i for i, number in enumerate(numbers)}
    same: list[set[int]] = [set() for _ in rows]

    def tie(one: int, other: int) -> None:
        if one != other:
            same[one].add(other)
            same[other].add(one)

    for i in some:
        for number in asked.like_any(numbers[[i]], numbers, asked.least).tolist():
            tie(i, place[number])
    others = np.concatenate([history.learnt, np.array(sorted(history.tested), np.int64)])
    found = zip(some, asked.likest(numbers[some], others), strict=False)
    likest = {i: (like, number) for i, (number, like) in found if like >= asked.least}
    # Besides, those that a single word tells apart, which may be less alike.
    near = asked.like_any(numbers[some], others, ONE_WORD).tolist()
    first = {row.example_id: i for i, row in reversed([*enumerate(rows)])}
    once = sorted(first.values())
    for pair in asked.only([*numbers[once], *near]).paraphrases():
        if pair.b < len(once):
            tie(once[pair.a], once[pair.b])
        elif pair.a < len(once) and once[pair.a] in wished:
            i, of = once[pair.a], (pair.alike, near[pair.b - len(once)])
            likest[i] = max(likest.get(i, of), of)
    return same, {i: number for i, (_, number) in likest.items()}


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
        split=lesson.split,
        reply=lesson.reply,
        intent=lesson.intent or old.intent,
        count=old.count + 1,
        origin=old.origin + lesson.origin,
    )
