"""An answer reaches the customer in full only after it is in the store."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from typing import Protocol

from northloop.core.interaction import KEEPING, Interaction, Pause, Question
from northloop.stages.serving.answer import AnswerPath


class Journal(Protocol):
    """Where interactions are kept."""

    def find(self, interaction_id: str) -> Interaction | None:
        """Return a kept interaction, None if there is none."""
        ...

    def entering(
        self, interaction: Interaction
    ) -> AbstractContextManager[Callable[[], Interaction]]:
        """Enter an interaction, and yield what keeps it durably, with others that are entered by
        then, and returns it as it was kept (with its draw for review); uncalled, nothing does."""
        ...

    def hand_over(self, interaction: Interaction) -> None:
        """Let a person have the conversation of a kept answer that is not given again."""
        ...


def deliver(path: AnswerPath, question: Question, journal: Journal) -> Iterator[str | Interaction]:
    """Yield what `path.answer` yields; the last text waits until the journal has the answer.

    Always one piece of text is held back, so whoever was killed half-way has given nobody a full
    answer that is not kept. Pauses pass at once; an answer that came without one makes one before
    it is kept, KEEPING. A question whose id is kept already is not answered twice: the kept answer
    is played again to whoever asks the same in the same circle.
    InputError if the id is that of another question.
    """
    kept = None if question.is_new else journal.find(question.interaction_id)
    if kept is not None:
        yield from _again(path, kept, question, journal)
        return
    held, paused = "", False
    for piece in path.answer(question):
        if isinstance(piece, Interaction):
            with journal.entering(piece) as keep:
                if not paused:
                    yield KEEPING
                kept = keep()
            if _told(kept) != _told(piece):
                # Another process answered under this id first: its answer is the record.
                yield from _again(path, kept, question, journal)
                return
            if held:
                yield held
            yield kept
            return
        if isinstance(piece, Pause):
            paused = True
            yield piece
            continue
        if held:
            yield held
        held = piece


def _again(
    path: AnswerPath, kept: Interaction, question: Question, journal: Journal
) -> Iterator[str | Interaction]:
    """Yield a kept answer again. Where it is not given again, a colleague is promised: one is told
    before the customer is."""
    *said, given = path.replay(kept, question)
    if isinstance(given, Interaction) and given.handoff and not kept.handoff:
        journal.hand_over(given)
    yield from said
    yield given


def _told(interaction: Interaction) -> tuple[object, ...]:
    """Who was told what, in answer to what."""
    return interaction.circle, interaction.asked, interaction.answer, interaction.handoff
