"""Lessons: the list, the reader, the exercise on the running release, and the quiz."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from northloop.console.desk import Attempt, Desk
from northloop.console.evidence import support
from northloop.console.view import Form, View, is_partial, posted
from northloop.core.conversation import Message
from northloop.core.errors import NotFound
from northloop.core.interaction import Origin, Question, VerdictKind
from northloop.stages.serving.answer import MAX_QUESTION_CHARS


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
        """Have the release answer, and check the answer or, once it is given, the judgement."""
        lesson = self.desk.lesson(request.path_params["lesson"])
        asked, answer_id, attempt = form.text("question"), form.text("interaction"), None
        if answer_id:
            attempt = _judged(answer_id, form)
        else:
            answer_id = self._ask(asked)
            if not lesson.exercise.judged:
                attempt = Attempt(interaction_id=answer_id, text=asked)
        interaction = self.desk.interaction(answer_id)
        passages = self.desk.passages(interaction)
        context: dict[str, object] = {
            "lesson": lesson,
            "asked": asked,
            "interaction": interaction,
            "passages": passages,
            "support": support(interaction.answer, passages),
            "kinds": [kind.value for kind in VerdictKind],
            "longest": MAX_QUESTION_CHARS,
            "attempt": attempt,
            "result": self.desk.check_exercise(lesson.lesson_id, attempt) if attempt else None,
        }
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

    def _ask(self, text: str) -> str:
        """Put a question to the running release and return the id of the kept answer."""
        question = Question(
            interaction_id=uuid.uuid4().hex[:24],
            messages=(Message("user", text),),
            origin=Origin.LESSON,
        )
        for _ in self.desk.ask(question, None):
            pass
        return question.interaction_id

    def _reader(self, request: Request, found: dict[str, object]) -> Response:
        lessons = self.desk.lessons()
        lesson_id = request.path_params["lesson"]
        place = next((i for i, x in enumerate(lessons) if x.lesson_id == lesson_id), None)
        if place is None:
            raise NotFound("no such lesson", where=lesson_id, action="open Lessons")
        following = lessons[place + 1] if place + 1 < len(lessons) else None
        context: dict[str, object] = {
            "asked": "",
            "interaction": None,
            "longest": MAX_QUESTION_CHARS,
            "graded": None,
            "choices": [],
            "lesson": lessons[place],
            "following": following,
        }
        return self.view.page(request, "lesson.html", {**context, **found})


def _judged(answer_id: str, form: Form) -> Attempt:
    kind = form.text("kind")
    return Attempt(
        interaction_id=answer_id,
        text=form.text("correction"),
        verdict=VerdictKind(kind) if kind in tuple(VerdictKind) else None,
        reason=form.text("reason"),
    )


def _choice(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() else -1
