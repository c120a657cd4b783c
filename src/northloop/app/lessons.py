"""Lessons: read, practised on the running release, and graded."""

from __future__ import annotations

from collections.abc import Sequence

from northloop.app import answers
from northloop.app.rights import require_team
from northloop.core.actor import Actor
from northloop.stages.people import exercises
from northloop.stages.people import lessons as people
from northloop.stages.people.exercises import Result, Submission
from northloop.stages.people.lessons import Lesson, QuizResult
from northloop.workspace import Workspace

__all__ = [
    "Lesson",
    "QuizResult",
    "Result",
    "Submission",
    "check_exercise",
    "grade_quiz",
    "lesson",
    "lessons",
    "summary",
]


def lessons(actor: Actor) -> Sequence[Lesson]:
    """Return the lessons in the order to take them, with the answers of their quizzes."""
    require_team(actor)
    return people.all_lessons()


def lesson(actor: Actor, lesson_id: str) -> Lesson:
    """Return one lesson; NotFound."""
    require_team(actor)
    return people.lesson(lesson_id)


def summary(of: Lesson) -> str:
    """Return what a lesson is about: its first paragraph."""
    return of.body.partition("\n\n")[0].lstrip("# ")


def check_exercise(
    workspace: Workspace,
    actor: Actor,
    lesson_id: str,
    interaction_id: str,
    submission: Submission,
) -> Result:
    """Return what is right of what was handed in, by the answer that it is about; NotFound."""
    require_team(actor)
    found = answers.interaction(workspace, actor, interaction_id)
    cited = [one.passage for one in answers.cited(workspace, actor, found)]
    evidence = [f"{passage.title}\n{passage.text}" for passage in cited]
    return exercises.check(people.lesson(lesson_id).exercise, submission, found, evidence)


def grade_quiz(actor: Actor, lesson_id: str, choices: Sequence[int]) -> QuizResult:
    """Return which choices are right: one per question, counted from 0, -1 for none; NotFound."""
    require_team(actor)
    return people.grade(people.lesson(lesson_id).quiz, [choice + 1 for choice in choices])
