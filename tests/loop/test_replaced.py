"""Practice changes before documents do: what people write in its place replaces a sentence."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import msgspec
import pytest

from loop.world import World
from northloop.core.actor import EVERY_TENANT
from northloop.core.conversation import Document, Message
from northloop.core.grounds import Grounds, Vouched
from northloop.core.ids import Hash
from northloop.core.interaction import (
    ApprovedAnswer,
    Interaction,
    ReviewItem,
    Source,
    VerdictKind,
)
from northloop.core.question import words_of
from northloop.core.treatment import Candidate, Treatment
from northloop.loop.knowledge import make_knowledge
from northloop.loop.replaced import (
    Lookup,
    Replacements,
    heeding,
    outdated,
    replaced,
    replacements,
)
from northloop.stages.monitoring.review import Judgement, submit, undo
from usual import usual_interaction

OLD = "You can return a tent within 30 days of the purchase."
NOW = "You can return a tent within 14 days of the purchase."
PAGE = Document("tents.md", "Tents", f"{OLD} Pegs are sent within 3 days, free of charge.")


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


def knows(world: World, *pages: Document) -> Hash:
    return make_knowledge(world.parts, pages).hash


def answered(world: World, text: str, number: int, **changes: object) -> Interaction:
    kept = usual_interaction(
        interaction_id=f"i{number}",
        conversation_id=f"c{number}",
        customer_id="ada",
        tenant="acme",
        release=Hash("r" * 64),
        at=f"2026-11-{number:02}T00:00:00Z",
        question=f"How long may I send my tent back, the {number}th time?",
        answer=text,
        source=Source.MEMORY,
        confidence=0.6,
        asked=words_of(f"question {number}"),
        turn=1,
        treatment="quote",
        sure=0.6,
    )
    kept = msgspec.structs.replace(kept, **changes)
    world.records.add(kept)
    world.records.add(
        ReviewItem(
            review_id=f"r{number}",
            interaction_id=kept.interaction_id,
            at=kept.at,
            probability=1.0,
            uniform=False,
        )
    )
    return kept


def judge(
    world: World, text: str, correction: str = "", *, number: int = 1, **changes: object
) -> str:
    """Have a text judged wrong, with a correction, or right without; return the verdict's id."""
    answered(world, text, number, **changes)
    kind = VerdictKind.INCORRECT if correction else VerdictKind.CORRECT
    judgement = Judgement(review_id=f"r{number}", kind=kind, correction=correction)
    return submit(world.records, judgement, f"2026-11-{number:02}T12:00:00Z").verdict_id


@pytest.mark.parametrize(
    ("before", "after", "gone"),
    [
        (OLD, NOW, True),
        (f"Hello! {OLD}", f"{NOW} Do you need a label?", True),
        (OLD, "Now you can return a tent within 14 days of the purchase.", True),
        ("We ship your tents to Norway.", "We never ship your tents to Norway.", True),
        ("Ask help@tents.example for spare parts.", "Ask fix@tents.example for spare parts.", True),
        # The same with more, with less, of something else, or in other words.
        (OLD, f"{OLD} Bring the receipt.", False),
        (OLD, "You can return a tent.", False),
        (OLD, "You can return a stove within 14 days of the purchase.", False),
        (OLD, "Sorry, it is a fortnight only.", False),
        ("The plan Basic costs 5 euros a month.", "The plan Pro costs 9 euros a month.", False),
        ("Your number is [PHONE].", "Your number is [EMAIL].", False),
        ("Shipping to the EU costs 5 euros.", "Shipping to the UK costs 9 euros.", False),
        ("The Aurora 2 tent costs 300 euros.", "The Aurora 4 tent costs 400 euros.", False),
        ("The jacket in size M costs 90 euros.", "The jacket in size L costs 95 euros.", False),
        ("Orders before noon arrive in 2 days.", "Orders after noon arrive in 3 days.", False),
        ("Your tent leaves in 3 days.", "Your tent [ORDER] leaves in 5 days.", False),
        ("You can return worn boots in 9 days.", "You cannot return worn boots in 9 days.", True),
        ("You can return a tent in two weeks.", "You can return a tent in three weeks.", True),
    ],
)  # fmt: skip
def test_a_sentence_is_replaced_by_one_that_says_otherwise_in_its_words(
    before: str, after: str, *, gone: bool
) -> None:
    assert bool(replacements(before, after)) is gone


def test_the_sentence_is_known_again_in_other_replies(world: World) -> None:
    judge(world, OLD, NOW)
    (one,) = replaced(world.parts, "acme", knows(world, PAGE))

    assert (one.sentence, one.instead) == (OLD, NOW)
    assert Lookup([one]).has(f"Dear Ada,\n{OLD}\nYours, Kim")
    assert Lookup([one]).has("Within 30 days of the purchase you can return a tent.")
    assert not Lookup([one]).has(NOW)
    assert not Lookup([one]).has("You can return a stove within 30 days of the purchase.")
    assert not Lookup([one]).has("Pegs are sent within 30 days.")


def test_a_remembered_reply_has_it_in_its_own_words_until_somebody_confirms_it(
    world: World,
) -> None:
    page = knows(world, PAGE)
    judge(world, OLD, NOW)
    (one,) = replaced(world.parts, "acme", page)
    own = "Our period for a tent to return is 30 days."
    assert Lookup([one]).may_have(own) and not Lookup([one]).has(own)
    assert not Lookup([one]).may_have("Our period for a tent to return is 14 days.")
    assert not Lookup([one]).may_have("Batteries are charged after 30 minutes.")
    assert not Lookup([one]).may_have("It takes 30 days.")

    judge(world, own.replace("tent", "stove"), number=3)
    (one,) = replaced(world.parts, "acme", page)
    assert Lookup([one]).may_have(own)
    assert not Lookup([one]).may_have(f"Hi! {own.replace('tent', 'stove')}")


@pytest.mark.parametrize(
    "second",
    [
        (OLD, NOW.replace("14", "10")),
        (NOW, NOW.replace("14", "10")),
    ],
)
def test_the_last_word_on_a_sentence_stands_in_its_place(
    world: World, second: tuple[str, str]
) -> None:
    judge(world, OLD, NOW)
    judge(world, *second, number=3)
    ways = heeding(
        {Treatment.QUOTE: Says()}, Lookup(replaced(world.parts, "acme", knows(world, PAGE)))
    )

    now = ways[Treatment.QUOTE].answer([Message("user", "How long?")])
    assert now is not None
    assert now.text == f"Dear Ada,\n{NOW.replace('14', '10')} Pegs are sent within 3 days."
    assert now.vouching[-1] == NOW.replace("14", "10")


def test_what_is_written_instead_is_a_draft_however_many_find_it_right(world: World) -> None:
    """One who sends the draft of a favour would else make it everybody's."""
    judge(world, OLD, NOW)
    judge(world, NOW, number=3)
    those = Lookup(replaced(world.parts, "acme", knows(world, PAGE)))
    now = heeding({Treatment.QUOTE: Says()}, those)[Treatment.QUOTE].answer([])

    assert now is not None
    assert (now.confidence, now.as_draft) == (0.0, 0.9)


class Says:
    """A treatment that quotes."""

    def answer(self, messages: Sequence[Message]) -> Candidate | None:
        return next(self.candidates(messages), None)

    def candidates(self, _: Sequence[Message]) -> Iterator[Candidate]:
        text = f"Dear Ada,\n{OLD} Pegs are sent within 3 days."
        yield Candidate(treatment=Treatment.QUOTE, text=text, confidence=0.9)


@pytest.mark.parametrize(
    ("tenant", "binds"), [("acme", True), ("globex", False), (EVERY_TENANT, True)]
)
def test_it_binds_that_tenants_customers(world: World, tenant: str, *, binds: bool) -> None:
    judge(world, OLD, NOW)

    assert bool(replaced(world.parts, tenant, knows(world, PAGE))) is binds


def test_who_says_it_again_puts_it_back(world: World) -> None:
    page = knows(world, PAGE)
    follows = Replacements(world.parts, page)
    assert not follows("acme")
    judge(world, OLD, NOW, number=2)
    assert follows("acme").has(OLD)
    judge(world, OLD, number=1)
    assert follows("acme").has(OLD), "what was found right before says nothing"
    verdict = judge(world, OLD, number=3)
    assert not follows("acme")
    undo(world.records, verdict)
    assert follows("acme").has(OLD)
    judge(world, "Ten days.", f"Not so. {OLD}", number=4)
    assert not follows("acme"), "a correction with it says it, too"


def test_another_tenants_word_does_not_put_it_back(world: World) -> None:
    judge(world, OLD, NOW)
    judge(world, OLD, number=3, tenant="globex")
    judge(world, "Ten days.", OLD, number=4, tenant="globex")

    assert replaced(world.parts, "acme", knows(world, PAGE))


def test_a_verdict_that_is_taken_back_replaces_nothing(world: World) -> None:
    page = knows(world, PAGE)
    follows = Replacements(world.parts, page)
    verdict = judge(world, OLD, NOW)

    assert follows("acme")
    assert not follows("acme", {verdict}), "as if it had not been given"
    undo(world.records, verdict)
    assert not follows("acme")


def test_choosing_the_other_of_two_rules_replaces_none(world: World) -> None:
    """Tents go back within 30 days, in the sale 14: who is told the wrong one changes neither."""
    in_the_sale = "You can return a tent in the sale within 14 days of the purchase."
    sale = Document("sale.md", "Sale", in_the_sale)
    both = knows(world, PAGE, sale)
    judge(world, OLD, "You can return a sale tent within 14 days of the purchase.", knowledge=both)
    assert not replaced(world.parts, "acme", both)

    judge(world, OLD, NOW, number=2, knowledge=knows(world, PAGE))
    assert replaced(world.parts, "acme", both)


def test_documents_that_come_to_say_it_put_it_back(world: World) -> None:
    new = Document("tents.md", "Tents", NOW)
    then = knows(world, new)
    judge(world, OLD, NOW.replace("14", "7"), knowledge=then)

    assert replaced(world.parts, "acme", then)
    assert not replaced(world.parts, "acme", knows(world, PAGE))


def test_as_of_a_time(world: World) -> None:
    page = knows(world, PAGE)
    judge(world, OLD, NOW, number=2)
    judge(world, OLD, number=5)

    assert not replaced(world.parts, "acme", page, before="2026-11-02T12:00:00Z")
    assert replaced(world.parts, "acme", page, before="2026-11-05T12:00:00Z")
    assert not replaced(world.parts, "acme", page)


def test_the_documents_that_have_it_are_named(world: World) -> None:
    page = knows(world, PAGE, Document("stoves.md", "Stoves", "Stoves last for 30 days."))
    judge(world, OLD, NOW, number=1, knowledge=page)
    judge(world, OLD, NOW.replace("14", "10"), number=3, knowledge=page)

    (one,) = outdated(world.parts, page)
    assert (one.document_id, one.title, one.sentence) == ("tents.md", "Tents", OLD)
    assert (one.instead, one.at[:10], one.times) == (NOW.replace("14", "10"), "2026-11-03", 2)
    assert not outdated(world.parts, knows(world, Document("tents.md", "Tents", NOW)))


def test_what_stands_in_both_is_in_no_others_place(world: World) -> None:
    """The delivery by express takes another time now, the plain one does not."""
    before = "Express delivery takes 1 working day. Delivery takes 3 working days."
    judge(world, before, before.replace("1 working day", "2 working days"))

    assert [one.instead for one in replaced(world.parts, "acme", knows(world, PAGE))] == []
    judge(world, before, before.replace("takes 1 w", "takes 2 w"), number=3)
    (one,) = replaced(world.parts, "acme", knows(world, PAGE))
    assert one.instead == "Express delivery takes 2 working day."
    assert not Lookup([one]).has("Delivery takes 1 working day.")


def test_a_sentence_of_another_matter_is_left_alone(world: World) -> None:
    judge(world, "Shipping to the UK costs 5 euros.", "Shipping to the UK costs 9 euros.")
    those = Lookup(replaced(world.parts, "acme", knows(world, PAGE)))

    assert len(those) == 1 and those.has("Shipping to the UK costs 5 euros!")
    assert those.written("Shipping to the EU costs 5 euros.") is None
    assert not those.has("Shipping to the EU costs 5 euros.")


def test_the_operator_is_told_what_binds_any_tenant(world: World) -> None:
    page = knows(world, PAGE)
    judge(world, OLD, NOW, knowledge=page)
    judge(world, OLD, number=3, tenant="globex", knowledge=page)

    assert [one.sentence for one in outdated(world.parts, page)] == [OLD]


def test_an_approved_answer_that_somebody_vouches_for_says_it_again(world: World) -> None:
    own = ApprovedAnswer(
        approved_id="a1", question="How long?", answer=OLD, origin="", at="2026-10-01", tenant=""
    )
    world.records.add(own)
    judge(world, OLD, NOW, number=2)
    page = knows(world, PAGE)
    assert replaced(world.parts, "acme", page)
    world.records.add(
        Vouched(vouched_id="v", approved_id="a1", at="2026-11-05", grounds=Grounds("", ()))
    )

    assert not replaced(world.parts, "acme", page)
