"""Lessons: the list, the reader, the exercise on the running release, and the quiz."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from northloop.app import answers, lessons
from northloop.app.answers import MAX_QUESTION_CHARS
from northloop.app.lessons import Submission
from northloop.console.evidence import support
from northloop.console.view import Form, Inside, View, is_partial, posted
from northloop.core.conversation import Message
from northloop.core.errors import NotFound
from northloop.core.interaction import Origin, Question, VerdictKind


@dataclass(frozen=True)
class LessonPages:
    """Lessons."""

    view: View

    def routes(self) -> list[Route]:
        one = "/lessons/{lesson}"
        return [
            Route("/lessons", self.lessons, name="lessons"),
            Route(one, self.lesson, name="lesson"),
            Route(f"{one}/exercise", posted(self.exercise), name="exercise", methods=["POST"]),
            Route(f"{one}/quiz", posted(self.quiz), name="quiz", methods=["POST"]),
        ]

    def lessons(self, request: Request) -> Response:
        found = [(x, lessons.summary(x)) for x in lessons.lessons(self.view.inside(request).actor)]
        return self.view.page(request, "lessons.html", {"lessons": found})

    def lesson(self, request: Request) -> Response:
        return self._reader(request, {})

    def exercise(self, request: Request, form: Form) -> Response:
        """Have the release answer, and check the answer or, once it is given, the judgement."""
        inside = self.view.inside(request)
        lesson = lessons.lesson(inside.actor, request.path_params["lesson"])
        asked, answer_id, handed_in = form.text("question"), form.text("interaction"), None
        if answer_id:
            handed_in = _judged(form)
        else:
            answer_id = _ask(inside, asked)
            if not lesson.exercise.question:
                handed_in = Submission(text=asked)
        interaction = answers.interaction(*inside, answer_id)
        cited = answers.cited(*inside, interaction)
        context: dict[str, object] = {
            "lesson": lesson,
            "asked": asked,
            "interaction": interaction,
            "cited": cited,
            "support": support(interaction.answer, [one.passage for one in cited]),
            "kinds": [kind.value for kind in VerdictKind],
            "longest": MAX_QUESTION_CHARS,
            "attempt": handed_in,
            "result": lessons.check_exercise(*inside, lesson.lesson_id, answer_id, handed_in)
            if handed_in
            else None,
        }
        if is_partial(request):
            return self.view.fragment(request, "parts/exercise_result.html", context)
        return self._reader(request, context)

    def quiz(self, request: Request, form: Form) -> Response:
        lesson_id, actor = request.path_params["lesson"], self.view.inside(request).actor
        lesson = lessons.lesson(actor, lesson_id)
        choices = [_choice(form.text(f"q{i}")) for i in range(len(lesson.quiz))]
        graded = lessons.grade_quiz(actor, lesson_id, choices)
        context: dict[str, object] = {"lesson": lesson, "graded": graded, "choices": choices}
        if is_partial(request):
            return self.view.fragment(request, "parts/quiz.html", context)
        return self._reader(request, context)

    def _reader(self, request: Request, found: dict[str, object]) -> Response:
        all_ = lessons.lessons(self.view.inside(request).actor)
        lesson_id = request.path_params["lesson"]
        place = next((i for i, x in enumerate(all_) if x.lesson_id == lesson_id), None)
        if place is None:
            raise NotFound("no such lesson", where=lesson_id, action="open Lessons")
        following = all_[place + 1] if place + 1 < len(all_) else None
        context: dict[str, object] = {
            "asked": "",
            "interaction": None,
            "longest": MAX_QUESTION_CHARS,
            "graded": None,
            "choices": [],
            "lesson": all_[place],
            "following": following,
        }
        return self.view.page(request, "lesson.html", {**context, **found})


def _ask(inside: Inside, text: str) -> str:
    """Put a question to the running release and return the id of the kept answer."""
    question = Question(
        interaction_id=uuid.uuid4().hex[:24],
        messages=(Message("user", text),),
        origin=Origin.LESSON,
    )
    for _ in answers.ask(*inside, question):
        pass
    return question.interaction_id


def _judged(form: Form) -> Submission:
    kind = form.text("kind")
    return Submission(
        text=form.text("correction"),
        verdict=VerdictKind(kind) if kind in tuple(VerdictKind) else None,
        reason=form.text("reason"),
    )


def _choice(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() else -1
