"""Answers a person vouched for, served word for word to the same question."""

from __future__ import annotations

from collections.abc import Iterable

from northloop.core.interaction import ApprovedAnswer
from northloop.core.question import normalised


class ApprovedAnswers:
    """Looks approved answers up by their normalised question; the newest wins. Never changes."""

    def __init__(self, answers: Iterable[ApprovedAnswer]) -> None:
        """`answers` in the order they were approved; questions redacted as served ones are."""
        self._by_question = {normalised(answer.question): answer for answer in answers}

    def __len__(self) -> int:
        return len(self._by_question)

    def find(self, question: str) -> ApprovedAnswer | None:
        """Return the approved answer of a question, None if there is none."""
        return self._by_question.get(normalised(question))
