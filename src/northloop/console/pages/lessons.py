"""Lessons: the list, the reader, the exercise on the running release, and the quiz."""

from __future__ import annotations

from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from northloop.console.desk import Desk
from northloop.console.view import Form, View, is_partial, posted
from northloop.core.errors import NotFound


@dataclass(frozen=True)
class LessonPages:
    """Lessons."""

    desk: Desk
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
        return self.view.page(request, "lessons.html", {"lessons": self.desk.lessons()})

    def lesson(self, request: Request) -> Response:
        return self._reader(request, {})

    def exercise(self, request: Request, form: Form) -> Response:
        lesson_id = request.path_params["lesson"]
        text = form.text("text")
        result = self.desk.check_exercise(lesson_id, text)
        context: dict[str, object] = {"result": result, "text": text}
        if is_partial(request):
            return self.view.fragment(request, "parts/exercise_result.html", context)
        return self._reader(request, context)

    def quiz(self, request: Request, form: Form) -> Response:
        lesson_id = request.path_params["lesson"]
        lesson = self.desk.lesson(lesson_id)
        choices = [_choice(form.text(f"q{i}")) for i in range(len(lesson.quiz))]
        graded = self.desk.grade_quiz(lesson_id, choices)
        context: dict[str, object] = {"lesson": lesson, "graded": graded, "choices": choices}
        if is_partial(request):
            return self.view.fragment(request, "parts/quiz.html", context)
        return self._reader(request, context)

    def _reader(self, request: Request, found: dict[str, object]) -> Response:
        lessons = self.desk.lessons()
        lesson_id = request.path_params["lesson"]
        place = next((i for i, x in enumerate(lessons) if x.lesson_id == lesson_id), None)
        if place is None:
            raise NotFound("no such lesson", where=lesson_id, action="open Lessons")
        following = lessons[place + 1] if place + 1 < len(lessons) else None
        nothing: dict[str, object] = {"result": None, "text": "", "graded": None, "choices": []}
        return self.view.page(
            request,
            "lesson.html",
            {**nothing, "lesson": lessons[place], "following": following, **found},
        )


def _choice(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() else -1
