from __future__ import annotations

from collections.abc import Iterator, Sequence

import msgspec
import pytest

from northloop.core.artefacts import AskedTreatment
from northloop.core.check import passes
from northloop.core.conversation import Message
from northloop.core.interaction import HandoffReason
from northloop.core.treatment import Candidate, Treatment
from northloop.stages.serving.policy import OFFERED, alternatives, checked, choose

ASKED = (Message("user", "How long may I return LF-100200?"),)


def candidate(confidence: float, text: str = "Within 45 days.", **changes: object) -> Candidate:
    own = ("You can return any tent within 45 days.",)
    plain = {"treatment": Treatment.QUOTE, "vouching": own, **changes}
    return Candidate(text=text, confidence=confidence, **plain)  # type: ignore[arg-type]


class Says:
    """A treatment with one answer, which counts how often it is asked."""

    def __init__(self, answer: Candidate | None) -> None:
        self.said = answer
        self.asked = 0

    def answer(self, messages: Sequence[Message]) -> Candidate | None:
        self.asked += 1
        return self.said


def choice(treatment: Treatment, least: float) -> AskedTreatment:
    return AskedTreatment(treatment=treatment, learnt="l" * 64, least=least)


QUOTE, MEMORY = choice(Treatment.QUOTE, 0.5), choice(Treatment.MEMORY, 0.5)


def test_the_first_that_is_sure_enough_answers_and_nobody_else_is_asked() -> None:
    second = Says(candidate(1.0))
    ways = {Treatment.QUOTE: Says(candidate(0.5)), Treatment.MEMORY: second}
    chosen = choose((QUOTE, MEMORY), ways, ASKED)
    assert chosen.sent is not None and chosen.sent.confidence == 0.5
    assert chosen.held is None and second.asked == 0


@pytest.mark.parametrize(
    ("first", "second", "drafted"),
    [(0.6, 0.9, 0.6), (0.5, 0.9, 0.5), (0.2, 0.4, 0.4), (0.4, 0.2, 0.4), (0.3, 0.3, 0.3)],
)
def test_the_first_gives_the_draft_unless_it_takes_it_for_wrong_and_another_is_surer(
    first: float, second: float, drafted: float
) -> None:
    of_quote, of_memory = choice(Treatment.QUOTE, 0.95), choice(Treatment.MEMORY, 0.95)
    ways = {Treatment.QUOTE: Says(candidate(first)), Treatment.MEMORY: Says(candidate(second))}
    for certified in (False, True):
        chosen = choose((of_quote, of_memory), ways, ASKED, certified=certified)
        assert chosen.sent is None
        assert chosen.held is ways[Treatment.QUOTE if drafted == first else Treatment.MEMORY].said


@pytest.mark.parametrize(
    ("remembered", "quoted", "drafted"),
    [(0.9, 0.5, "quote"), (0.92, 0.9, "memory"), (0.8, 0.25, "memory"), (0.8, 0.3, "quote")],
)
@pytest.mark.parametrize("memory_first", [True, False])
def test_of_what_an_agent_once_replied_the_memory_is_believed_a_tenth(
    remembered: float, quoted: float, drafted: str, memory_first: bool
) -> None:
    """A draft of it is the team's, and is sent, where ten to one of its odds are taken off; what a
    person said to the like of the question since is taken at its word."""
    if drafted == "memory" and not memory_first and quoted >= 0.5:
        return  # both are believed, and the first gives the draft
    of_memory = candidate(remembered, treatment=Treatment.MEMORY)
    of_quote = candidate(quoted, "Within 45 days of delivery.", vouching=("45 days of delivery",))
    ways = {Treatment.MEMORY: Says(of_memory), Treatment.QUOTE: Says(of_quote)}
    choices = [choice(Treatment.MEMORY, 0.6), choice(Treatment.QUOTE, 2.0)]
    chosen = choose(choices if memory_first else choices[::-1], ways, ASKED, certified=True)
    if drafted == "memory":
        assert chosen.sent == of_memory
    else:
        assert (chosen.sent, chosen.held) == (None, of_quote), "people decide on the quote"
    said = msgspec.structs.replace(of_memory, from_people=True)
    ways[Treatment.MEMORY] = Says(said)
    assert choose(choices, ways, ASKED, certified=True).sent == said


def test_who_has_no_answer_is_passed_over() -> None:
    ways = {Treatment.QUOTE: Says(None), Treatment.MEMORY: Says(None)}
    assert choose((QUOTE, MEMORY), ways, ASKED) == choose((), {}, ASKED)


def test_what_was_judged_wrong_is_passed_over_and_no_draft_either() -> None:
    wrong, other = candidate(1.0), candidate(0.9, "You have 45 days.")
    ways = {Treatment.QUOTE: Says(wrong), Treatment.MEMORY: Says(other)}
    chosen = choose((QUOTE, MEMORY), ways, ASKED, lambda text: text == wrong.text)
    assert chosen.sent == other
    chosen = choose((QUOTE,), ways, ASKED, lambda text: text == wrong.text)
    assert (chosen.held, chosen.reason) == (None, HandoffReason.REJECTED)


def test_a_value_that_nobody_vouches_for_is_a_draft_however_sure() -> None:
    made_up = candidate(1.0, "Within 60 days.")
    chosen = choose((QUOTE,), {Treatment.QUOTE: Says(made_up)}, ASKED)
    assert chosen.sent is None and chosen.held == made_up
    assert chosen.reason is HandoffReason.NOT_GROUNDED
    assert [verdict.sentence for verdict in chosen.refused] == ["Within 60 days."]
    ways = {Treatment.QUOTE: Says(made_up), Treatment.MEMORY: Says(candidate(0.1))}
    chosen = choose((QUOTE, MEMORY), ways, ASKED)
    assert chosen.held is not None and chosen.held.confidence == 0.1


@pytest.mark.parametrize(
    ("text", "vouched"),
    [
        ("Within 45 days.", True),
        ("Return LF-100200 within 45 days.", True),
        ("Return LF-999999 within 45 days.", False),
        ("Within 60 days.", False),
        ("You cannot return any tent.", False),
        ("I have refunded the tent.", False),
        ("   ", False),
    ],
)
def test_who_may_vouch(text: str, vouched: bool) -> None:
    assert passes(checked(candidate(1.0, text), ASKED)) is vouched


def test_what_is_certified_is_sent_only_where_people_decide_on_it() -> None:
    """The second was decided on only where the first had nothing to say, or took it for wrong, so
    it is certified for such questions alone."""
    unsure, sure = candidate(0.6), candidate(0.9)
    certified = choice(Treatment.QUOTE, 0.7), MEMORY
    ways = {Treatment.QUOTE: Says(unsure), Treatment.MEMORY: Says(sure)}
    assert choose(certified, ways, ASKED).sent == sure
    chosen = choose(certified, ways, ASKED, certified=True)
    assert (chosen.sent, chosen.held) == (None, unsure)
    for gives_way in (None, candidate(0.2, "Within 60 days."), candidate(0.4)):
        ways = {Treatment.QUOTE: Says(gives_way), Treatment.MEMORY: Says(sure)}
        assert choose(certified, ways, ASKED, certified=True).sent == sure
    less = choice(Treatment.QUOTE, 0.9), choice(Treatment.MEMORY, 0.1)
    ways = {Treatment.QUOTE: Says(candidate(0.4)), Treatment.MEMORY: Says(candidate(0.3))}
    chosen = choose(less, ways, ASKED, certified=True)
    assert chosen.sent is None and chosen.held == candidate(0.4), "its draft would not be read"


def test_what_people_decided_against_does_not_stand_in_the_way_of_what_is_certified() -> None:
    against = msgspec.structs.replace(QUOTE, sent=False, decided=True)
    ways = {Treatment.QUOTE: Says(candidate(0.2)), Treatment.MEMORY: Says(candidate(0.9))}
    assert choose((against, MEMORY), ways, ASKED, certified=True).sent == candidate(0.9)


class Offers:
    """A treatment with several answers, which counts how many were taken."""

    def __init__(self, *texts: str) -> None:
        self._texts = texts
        self.taken = 0

    def candidates(self, messages: Sequence[Message]) -> Iterator[Candidate]:
        for text in self._texts:
            self.taken += 1
            yield candidate(0.5, text, vouching=(text,))


def offered(quotes: Offers, remembers: Offers, draft: str = "", **more: object) -> list[str]:
    ways = {Treatment.QUOTE: quotes, Treatment.MEMORY: remembers}
    choices = more.pop("choices", (QUOTE, MEMORY))
    return [one.text for one in alternatives(choices, ways, ASKED, draft, **more)]  # type: ignore[arg-type]


def test_an_agent_is_offered_what_each_treatment_says_by_turns() -> None:
    quotes, remembers = Offers("It is free.", "Call us.", "Write."), Offers("Come by.", "Wait.")
    assert offered(quotes, remembers) == ["It is free.", "Come by.", "Call us."]
    assert (quotes.taken, remembers.taken) == (2, 2), "no more is asked for than is shown"
    assert offered(quotes, remembers, "It is free.") == ["Come by.", "Call us."]
    assert len(offered(quotes, remembers)) == OFFERED
    assert offered(Offers(), Offers()) == []


def test_what_is_offered_says_something_else_each_time() -> None:
    quotes = Offers("You have 45 days.", "call us!", "Call us.")
    remembers = Offers("45 days it is.", "Return it within 45 days.", "Write to us.")
    assert offered(quotes, remembers, "Within 45 days.") == ["call us!", "Write to us."]


def test_what_does_not_pass_or_was_judged_wrong_is_not_offered() -> None:
    class Claims(Offers):
        def candidates(self, messages: Sequence[Message]) -> Iterator[Candidate]:
            yield candidate(0.9, "Within 60 days.")
            yield candidate(0.8, "Within 45 days.")

    refuses = "Come by.".__eq__
    found = offered(Claims(), Offers("Come by.", "Write."), is_rejected=refuses)
    assert found == ["Within 45 days.", "Write."]


def test_what_people_decided_against_is_offered_last() -> None:
    against = msgspec.structs.replace(QUOTE, sent=False, decided=True)
    found = offered(Offers("It is free."), Offers("Come by."), choices=(against, MEMORY))
    assert found == ["Come by.", "It is free."]


def test_who_finds_nothing_that_may_be_offered_stops_looking() -> None:
    endless = Offers(*["Within 45 days."] * 1_000)
    assert offered(endless, Offers(), "45 days.") == []
    assert endless.taken < 20


@pytest.mark.parametrize("certified", [False, True])
@pytest.mark.parametrize(
    ("told", "again", "sent"),
    [
        ("within 45 days", "And how do I send it?", False),
        ("within 45 days", ASKED[0].content, True),
        ("Within 45 days, and it is free.", "And how do I send it?", True),
    ],
)
def test_what_was_said_last_is_not_sent_to_another_question(
    told: str, again: str, *, sent: bool, certified: bool
) -> None:
    """Who asks on was not helped by it; who asks the same again, may have missed it."""
    said = candidate(0.9)
    ways = {Treatment.QUOTE: Says(said), Treatment.MEMORY: Says(candidate(0.95, "Use a label."))}
    talk = (*ASKED, Message("assistant", told), Message("user", again))
    chosen = choose((QUOTE, MEMORY), ways, talk, certified=certified)
    assert chosen.sent == (said if sent else None)
    assert sent or chosen.held == said.as_a_draft()


def test_what_is_sure_as_a_draft_alone_is_the_draft_and_keeps_nobody_from_being_sent() -> None:
    """A page that no ticket has used, beside what people wrote to another question."""
    page = candidate(0.2, as_draft=0.9)
    written = {"vouching": ("Express takes 1 day.",), "from_people": True}
    other = candidate(0.6, "Express takes 1 day.", treatment=Treatment.MEMORY, **written)
    ways = {Treatment.QUOTE: Says(page), Treatment.MEMORY: Says(other)}
    unsure = msgspec.structs.replace(MEMORY, least=0.7)
    assert choose((QUOTE, unsure), ways, ASKED, certified=True).held == page
    assert choose((QUOTE, unsure), ways, ASKED).held == page
    assert choose((QUOTE, MEMORY), ways, ASKED).sent == other
