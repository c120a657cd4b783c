from __future__ import annotations

from collections.abc import Iterator, Sequence

import msgspec

from northloop.core.artefacts import AskedTreatment
from northloop.core.conversation import Message
from northloop.core.ids import Hash
from northloop.core.treatment import Candidate, Option, Treatment
from northloop.stages.serving.heeding import Heeding, Written
from northloop.stages.serving.policy import choose

ASKED = (Message("user", "How long may I keep a book?"),)
OLD, NEW, OTHER = "For three weeks.", "For five weeks.", "For a year."


class Says:
    """A treatment with two things to say."""

    def answer(self, messages: Sequence[Message]) -> Candidate | None:
        return next(self.candidates(messages), None)

    def candidates(self, messages: Sequence[Message]) -> Iterator[Candidate]:
        option = Option(heading="Books", share=0.5, citation="b#1", evidence=Hash("b"), vouching="")
        for text in (OLD, OTHER) if messages else ():
            yield Candidate(
                treatment=Treatment.QUOTE,
                text=text,
                confidence=0.9,
                vouching=("Books.",),
                options=(option,),
            )


class Unsure(Says):
    """A treatment that is hardly sure of something else."""

    def candidates(self, messages: Sequence[Message]) -> Iterator[Candidate]:
        yield Candidate(
            treatment=Treatment.MEMORY, text="Till noon.", confidence=0.1, vouching=("Till noon.",)
        )


def now(text: str) -> Written | None:
    return Written(NEW, (NEW,)) if text == OLD else None


def test_what_was_replaced_is_a_draft_with_what_people_write() -> None:
    said = Heeding(Says(), now).answer(ASKED)

    assert said is not None
    assert (said.text, said.confidence, said.as_draft) == (NEW, 0.0, 0.9)
    assert (said.vouching, said.from_people, said.options) == (("Books.", NEW), True, ())


def test_what_is_known_not_to_hold_comes_last() -> None:
    said = Heeding(Says(), lambda text: Written(text, ())).answer(ASKED)

    assert said is not None
    assert (said.text, said.confidence, said.as_draft) == (OLD, 0.0, 0.0)
    assert (said.vouching, said.from_people) == (("Books.",), False)


def test_what_was_not_is_as_sure_as_it_was() -> None:
    assert Heeding(Says(), lambda _: None).answer(ASKED) == Says().answer(ASKED)


def test_so_it_is_with_what_an_agent_is_offered() -> None:
    found = [*Heeding(Says(), now).candidates(ASKED)]

    assert [(one.text, one.confidence) for one in found] == [(NEW, 0.0), (OTHER, 0.9)]


def test_nothing_to_say_stays_nothing() -> None:
    assert Heeding(Says(), now).answer(()) is None


def test_such_a_draft_never_goes_out_and_is_preferred_as_its_treatment_was_sure() -> None:
    heeding = Heeding(Says(), now)
    choice = AskedTreatment(treatment=Treatment.QUOTE, learnt=Hash("q"), least=0.5, sent=True)
    unsure = AskedTreatment(treatment=Treatment.MEMORY, learnt=Hash("m"), least=0.5, sent=True)
    ways = {Treatment.QUOTE: heeding, Treatment.MEMORY: Unsure()}

    for certified in (False, True):
        chosen = choose([unsure, choice], ways, ASKED, certified=certified)
        assert chosen.sent is None
        assert chosen.held is not None and chosen.held.text == NEW


def test_nothing_else_goes_out_instead() -> None:
    """What is sure of another matter would be asked next."""

    class Other(Unsure):
        def candidates(self, messages: Sequence[Message]) -> Iterator[Candidate]:
            for one in super().candidates(messages):
                yield msgspec.structs.replace(one, confidence=0.8)

    quote = AskedTreatment(treatment=Treatment.QUOTE, learnt=Hash("q"), least=0.5, sent=True)
    after = AskedTreatment(treatment=Treatment.MEMORY, learnt=Hash("m"), least=0.5, sent=True)
    ways = {Treatment.QUOTE: Heeding(Says(), now), Treatment.MEMORY: Other()}

    for certified in (False, True):
        chosen = choose([quote, after], ways, ASKED, certified=certified)
        assert chosen.sent is None
        assert chosen.held is not None and chosen.held.text == NEW
