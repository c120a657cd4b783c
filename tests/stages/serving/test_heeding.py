from __future__ import annotations

from collections.abc import Iterator, Sequence

from northloop.core.conversation import Message
from northloop.core.ids import Hash
from northloop.core.treatment import Candidate, Option, Treatment
from northloop.stages.serving.heeding import Heeding

ASKED = (Message("user", "How long may I keep a book?"),)
OLD, NOW = "For three weeks.", "For four weeks."


class Says:
    """A treatment with two things to say."""

    def answer(self, messages: Sequence[Message]) -> Candidate | None:
        return next(self.candidates(messages), None)

    def candidates(self, messages: Sequence[Message]) -> Iterator[Candidate]:
        option = Option(heading="Books", share=0.5, citation="b#1", evidence=Hash("b"), vouching="")
        for text in (OLD, NOW) if messages else ():
            yield Candidate(treatment=Treatment.QUOTE, text=text, confidence=0.9, options=(option,))


def test_what_was_replaced_is_a_draft_without_a_question_back() -> None:
    said = Heeding(Says(), lambda text: text == OLD).answer(ASKED)

    assert said is not None
    assert (said.text, said.confidence, said.options) == (OLD, 0.0, ())


def test_what_was_not_is_as_sure_as_it_was() -> None:
    assert Heeding(Says(), lambda _: False).answer(ASKED) == Says().answer(ASKED)


def test_so_it_is_with_what_an_agent_is_offered() -> None:
    found = [*Heeding(Says(), lambda text: text == OLD).candidates(ASKED)]

    assert [(one.text, one.confidence) for one in found] == [(OLD, 0.0), (NOW, 0.9)]


def test_nothing_to_say_stays_nothing() -> None:
    assert Heeding(Says(), lambda _: True).answer(()) is None
