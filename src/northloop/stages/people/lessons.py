"""The lessons that make a team able to use, judge and improve its assistant.

A lesson is a Markdown file with a TOML head (exercise and quiz). It knows nothing of the release
it is practised on (`exercises` looks at that), and nobody keeps who took it.
"""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from importlib.resources import files
from typing import Literal

import msgspec

from northloop.core.errors import CorruptArtefact, NotFound

_FENCE = "+++\n"


class QuizQuestion(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One question with its options; one of them is right."""

    question: str
    options: tuple[str, ...]
    answer: int
    """The right option, counting from 1."""
    why: str

    def __post_init__(self) -> None:
        if not 1 <= self.answer <= len(self.options):
            raise ValueError(f"no option {self.answer} in {self.question!r}")


class Exercise(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Something to do on the running release, and how it is checked."""

    check: Literal["cited_answer", "specific_question", "placeholders_only", "usable_correction"]
    task: str
    question: str = ""
    """"": the learner's text is put to the release; else the learner judges its answer to this."""
    mentions: tuple[tuple[str, ...], ...] = ()
    """For each group, at least one of its words must be in the text (any case)."""
    avoids: tuple[str, ...] = ()
    """None of these may be in the text (any case)."""


class Lesson(msgspec.Struct, frozen=True, kw_only=True):
    """A lesson as it is read."""

    lesson_id: str
    title: str
    minutes: int
    role: str
    """Whom it is for first: "agent" or "reviewer"."""
    body: str
    """Markdown."""
    exercise: Exercise
    quiz: tuple[QuizQuestion, ...]


class QuizResult(msgspec.Struct, frozen=True, kw_only=True):
    """A graded quiz."""

    right: tuple[bool, ...]
    explanations: tuple[str, ...]
    """One for each question, whether it was answered rightly or not."""


class _Head(msgspec.Struct, forbid_unknown_fields=True):
    id: str
    title: str
    minutes: int
    role: str
    exercise: Exercise
    quiz: tuple[QuizQuestion, ...]


def all_lessons() -> tuple[Lesson, ...]:
    """Return the lessons in the order they are meant to be taken."""
    folder = files(__package__) / "lessons"
    pages = sorted((f for f in folder.iterdir() if f.name.endswith(".md")), key=lambda f: f.name)
    return tuple(parse_lesson(page.read_text(encoding="utf-8"), page.name) for page in pages)


def lesson(lesson_id: str) -> Lesson:
    """Return the lesson of an id; NotFound names the nearest one."""
    lessons = {found.lesson_id: found for found in all_lessons()}
    if lesson_id in lessons:
        return lessons[lesson_id]
    near = difflib.get_close_matches(lesson_id, lessons, n=1, cutoff=0.4)
    raise NotFound(
        f"no lesson {lesson_id!r}",
        where="lesson",
        action=f"did you mean {near[0]!r}?" if near else f"choose one of {', '.join(lessons)}",
    )


def parse_lesson(text: str, name: str) -> Lesson:
    """Return the lesson of a page: TOML between two lines of `+++`, then Markdown.

    CorruptArtefact names the page and the field that does not fit.
    """
    parts = text.split(_FENCE, 2)
    try:
        if len(parts) != 3 or parts[0]:
            raise ValueError("no head between two lines of +++")
        head = msgspec.toml.decode(parts[1], type=_Head)
    except ValueError as error:
        raise CorruptArtefact(
            f"the lesson cannot be read: {error}", where=name, action="install northloop again"
        ) from error
    return Lesson(
        lesson_id=head.id,
        title=head.title,
        minutes=head.minutes,
        role=head.role,
        body=parts[2].strip() + "\n",
        exercise=head.exercise,
        quiz=head.quiz,
    )


def grade(quiz: Sequence[QuizQuestion], answers: Sequence[int]) -> QuizResult:
    """Return which answers to a quiz are right, and why; `answers` count from 1, and 0 or a missing
    one is no answer."""
    given = [*answers, *([0] * len(quiz))][: len(quiz)]
    return QuizResult(
        right=tuple(q.answer == a for q, a in zip(quiz, given, strict=True)),
        explanations=tuple(q.why for q in quiz),
    )
