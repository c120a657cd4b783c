"""A quote beside a memory, in a town's library."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
import pytest
from msgspec.json import decode, encode

from northloop.core.conversation import Message
from northloop.core.treatment import Candidate, Treatment
from northloop.ports.treatments import Treating
from northloop.stages.serving import memory, quote
from northloop.stages.serving.agreeing import Agreeing, together
from northloop.stages.serving.memory import Case, Refused
from northloop.stages.serving.quote.unheard import FACTOR, Unheard
from stages.serving.quote.library_town import EMBEDDER, PASSAGES, rows

FEE = "What is the fee for a late book?"


class Says:
    """A treatment that says one thing."""

    def __init__(self, text: str, confidence: float) -> None:
        self.said = Candidate(treatment=Treatment.MEMORY, text=text, confidence=confidence)

    def answer(self, _: Sequence[Message]) -> Candidate | None:
        return self.said

    def corrects(self, _text: str, _messages: Sequence[Message]) -> bool:
        return False

    def refuses(self, _text: str, _messages: Sequence[Message]) -> bool:
        return False

    def holding(self, quoted: str, said: str, _messages: Sequence[Message]) -> float:
        return float(said in quoted)


@pytest.fixture(scope="module")
def quoting() -> quote.Quote:
    return quote.load(quote.learn(rows(), PASSAGES, EMBEDDER), PASSAGES, EMBEDDER)


@pytest.fixture(scope="module")
def recalling() -> memory.Memory:
    return memory.load(memory.learn(rows(), EMBEDDER), EMBEDDER, None)


def asked(way: Treating, question: str = FEE) -> Candidate:
    found = way.answer([Message("user", question)])
    assert found is not None
    return found


def judged(recalling: memory.Memory, reply: str) -> memory.Memory:
    case = Case(case_id="one", asked=FEE, reply=reply, judged=True, support=3, at="2026-11-29")
    return recalling.with_([case])


def ways(quoting: quote.Quote, recalling: memory.Memory) -> dict[Treatment, Treating]:
    return together({Treatment.MEMORY: recalling, Treatment.QUOTE: quoting})


def test_where_both_say_the_same_the_quote_is_surer(
    quoting: quote.Quote, recalling: memory.Memory
) -> None:
    alone = asked(quoting)
    known = judged(recalling, "A late book costs €0.40 for each day, at most €12.")
    beside = asked(ways(quoting, known)[Treatment.QUOTE])
    assert beside.confidence > alone.confidence
    assert beside == msgspec.structs.replace(alone, confidence=beside.confidence)


def test_of_what_nobody_has_named_it_is_no_surer_than_it_can_be(
    quoting: quote.Quote, monkeypatch: pytest.MonkeyPatch
) -> None:
    alone = asked(quoting)
    monkeypatch.setattr(Unheard, "is_asked_of", lambda *_: True)
    halved = asked(quoting)
    assert halved.confidence == pytest.approx(alone.confidence / 2) and halved.most == FACTOR
    agreeing = Agreeing(quoting, Says("€0.40", 0.99))  # type: ignore[arg-type]
    assert asked(agreeing).confidence == FACTOR


def test_where_a_person_said_otherwise_it_is_less_sure(
    quoting: quote.Quote, recalling: memory.Memory
) -> None:
    known = judged(recalling, "A late book costs €0.70 for each day, at most €30.")
    beside = asked(ways(quoting, known)[Treatment.QUOTE])
    assert beside.confidence < asked(quoting).confidence


def test_a_memory_that_says_nothing_changes_nothing(quoting: quote.Quote) -> None:
    empty = memory.load(memory.learn((), EMBEDDER), EMBEDDER, None)
    assert asked(ways(quoting, empty)[Treatment.QUOTE]) == asked(quoting)
    unsure = Agreeing(quoting, Says("It costs €0.40.", 0.0))  # type: ignore[arg-type]
    assert asked(unsure) == asked(quoting)


def test_a_memory_that_changes_is_heard_as_it_is_now(
    quoting: quote.Quote, recalling: memory.Memory
) -> None:
    first = ways(quoting, judged(recalling, "It costs €0.70 a day."))
    then = together({**first, Treatment.MEMORY: judged(recalling, "It costs €0.40, €12 at most.")})
    assert asked(then[Treatment.QUOTE]).confidence > asked(first[Treatment.QUOTE]).confidence
    assert first[Treatment.MEMORY] is not then[Treatment.MEMORY]


def test_a_quote_that_was_learnt_without_one_stays_alone(recalling: memory.Memory) -> None:
    files = quote.learn(rows(), PASSAGES, EMBEDDER)
    head = decode(files["quote.json"]) | {"hears_memory": False}
    alone = quote.load(files | {"quote.json": encode(head)}, PASSAGES, EMBEDDER)
    assert ways(alone, recalling)[Treatment.QUOTE] is alone
    assert together({Treatment.QUOTE: alone}) == {Treatment.QUOTE: alone}
    assert together({}) == {}


@pytest.mark.parametrize("says", ["A late book costs €0.40 for each day, at most €12.", "No idea."])
def test_a_memory_that_is_as_likely_wrong_as_right_is_no_witness(
    quoting: quote.Quote, says: str
) -> None:
    unsure = Agreeing(quoting, Says(says, 0.3))  # type: ignore[arg-type]
    assert asked(unsure) == asked(quoting)


TWO = f"{FEE} While I am writing: may I borrow a drill?"


def test_a_memory_is_no_witness_for_an_answer_to_two_matters(quoting: quote.Quote) -> None:
    says = asked(quoting).text
    agrees = Agreeing(quoting, Says(says, 0.9))  # type: ignore[arg-type]
    assert asked(agrees).confidence > asked(quoting).confidence
    assert asked(agrees, TWO) == asked(quoting, TWO)


def test_against_an_answer_to_two_matters_it_still_is_one(quoting: quote.Quote) -> None:
    contradicts = Agreeing(quoting, Says("No idea.", 0.9))  # type: ignore[arg-type]
    assert asked(contradicts, TWO).confidence < asked(quoting, TWO).confidence


PARAPHRASE = "The fee for a book that is late, what is it?"


def corrected(recalling: memory.Memory, wrong: str) -> memory.Memory:
    right = judged(recalling, "It is €1 a day since this week.")
    return right.with_(refused=[Refused(refused_id="one", asked=FEE, reply=wrong, at="2026-11-29")])


def test_what_a_person_has_put_right_is_not_quoted_again_to_a_question_like_it(
    quoting: quote.Quote, recalling: memory.Memory
) -> None:
    wrong = asked(quoting, PARAPHRASE).text
    known = ways(quoting, corrected(recalling, wrong))
    assert known[Treatment.QUOTE].answer([Message("user", PARAPHRASE)]) is None
    assert asked(known[Treatment.MEMORY], PARAPHRASE).text == "It is €1 a day since this week."


def test_it_is_quoted_where_another_text_was_wrong_or_the_question_is_another(
    quoting: quote.Quote, recalling: memory.Memory
) -> None:
    known = ways(quoting, corrected(recalling, "Something else."))
    assert known[Treatment.QUOTE].answer([Message("user", PARAPHRASE)]) is not None
    another = rows()[0].question
    known = ways(quoting, corrected(recalling, asked(quoting, another).text))
    assert known[Treatment.QUOTE].answer([Message("user", another)]) is not None


def test_the_other_documents_follow_the_answer_that_heard_the_memory(
    quoting: quote.Quote, recalling: memory.Memory
) -> None:
    way = ways(quoting, recalling)[Treatment.QUOTE]
    found = list(way.candidates([Message("user", FEE)]))
    assert found[0] == asked(way)
    assert found[1:] == list(quoting.candidates([Message("user", FEE)]))[1:]
    assert len(found) > 2


DRILL, SAW = "May I borrow a drill for the weekend?", "May I borrow a saw for the weekend?"


def decided(
    recalling: memory.Memory, text: str, wrong_for: Sequence[str], right_for: Sequence[str] = ()
) -> memory.Memory:
    """A memory of people who judged one text for several questions."""
    return recalling.with_(
        [
            Case(case_id=asked_, asked=asked_, reply=text, judged=True, support=3)
            for asked_ in right_for
        ],
        [Refused(refused_id=asked_, asked=asked_, reply=text) for asked_ in wrong_for],
    )


def test_what_people_judged_wrong_for_nearly_the_same_question_is_a_draft_alone(
    quoting: quote.Quote, recalling: memory.Memory
) -> None:
    alone = asked(quoting, DRILL)
    assert alone.confidence > 0
    known = decided(recalling, alone.text, [f"{DRILL} Thanks!"])
    found = asked(ways(quoting, known)[Treatment.QUOTE], DRILL)
    assert found == alone.as_a_draft() and found.confidence == 0


@pytest.mark.parametrize(
    ("wrong_for", "right_for"),
    [
        ([FEE], []),
        (["May we hold a wedding in the reading hall?"], []),
        ([SAW], [DRILL]),
        ([f"{DRILL} Thanks!"], [f"{DRILL} Thanks!"]),
    ],
)
def test_it_is_not_where_another_question_was_meant_or_it_was_right_for_one_as_near(
    quoting: quote.Quote, recalling: memory.Memory, wrong_for: list[str], right_for: list[str]
) -> None:
    alone = asked(quoting, DRILL)
    known = decided(recalling, alone.text, wrong_for, right_for)
    assert asked(ways(quoting, known)[Treatment.QUOTE], DRILL).confidence > 0


def test_another_text_judged_wrong_for_the_question_is_no_sign(
    quoting: quote.Quote, recalling: memory.Memory
) -> None:
    known = decided(recalling, "Something else.", [DRILL])
    assert asked(ways(quoting, known)[Treatment.QUOTE], DRILL).confidence > 0
