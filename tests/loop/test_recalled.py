from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path

import msgspec
import pytest

from loop.world import TOPICS, World
from northloop.adapters.embedded.linear_heads import LinearHeads
from northloop.adapters.embedded.linear_relearning import LinearRelearning
from northloop.adapters.embedded.word_embedder import WordEmbedder
from northloop.core.actor import EVERY_TENANT
from northloop.core.conversation import Document, Example, Message, Split
from northloop.core.grounds import Grounds, Vouched
from northloop.core.ids import Hash
from northloop.core.interaction import (
    ApprovedAnswer,
    HandoffReason,
    Interaction,
    ReviewItem,
    Source,
    VerdictKind,
    Withdrawal,
)
from northloop.core.question import words_of
from northloop.core.treatment import Treatment
from northloop.loop.knowledge import make_knowledge
from northloop.loop.recalled import Recalled
from northloop.stages.monitoring.forget import forget
from northloop.stages.monitoring.review import Judgement, submit, undo
from northloop.stages.serving.memory import Case, Memory, Recalling, Refused
from reachable import holds
from usual import usual_interaction

ASKED = "How long may I send a tent back that I have not used?"
PARAPHRASE = "How long may I send back a tent I have not used?"
RIGHT = "You may send an unused tent back within a hundred days."
STANDS = Hash("p" * 64)


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Callable[[], Memory]:
    folder = tmp_path_factory.mktemp("memory")
    rows = [
        Example(
            example_id=f"{topic}-{n}",
            question=form.format(about),
            reply=reply,
            intent=topic,
            split=Split.TRAIN,
            group=f"{topic}-{n}",
            count=1,
            origin=(f"old.csv:{topic}{n}",),
        )
        for topic, (about, reply) in TOPICS.items()
        for n, form in enumerate(("Tell me about {}.", "What of {}?", "I wonder about {}."))
    ]
    embedder = WordEmbedder()
    learner = Recalling(embedder, LinearHeads(embedder))
    for name, content in learner.learn(rows, (), {}).items():
        (folder / name).write_bytes(content)
    return lambda: learner.load(folder, (), ())


@pytest.fixture(scope="module")
def memory(opened: Callable[[], Memory]) -> Memory:
    return opened()


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


def recalled(world: World, memory: Memory) -> Recalled:
    return Recalled(world.parts, lambda: {Treatment.MEMORY: memory}, {STANDS})


def with_heads(world: World, memory: Memory) -> Recalled:
    parts = replace(world.parts, heads=LinearHeads(WordEmbedder()))
    return Recalled(parts, lambda: {Treatment.MEMORY: memory}, {STANDS})


def said(recalled: Recalled, question: str = PARAPHRASE, tenant: str = "acme") -> str:
    found = recalled(tenant)[Treatment.MEMORY].answer([Message("user", question)])
    return found.text if found else ""


def approved(tenant: str = "acme") -> ApprovedAnswer:
    return ApprovedAnswer(
        approved_id="a1",
        question=ASKED,
        answer=RIGHT,
        origin="verdict:v1",
        at="2026-11-02T00:00:00Z",
        tenant=tenant,
        words=words_of(ASKED),
    )


def answered(text: str, **changes: object) -> Interaction:
    kept = usual_interaction(
        interaction_id="i1",
        conversation_id="c1",
        customer_id="ada",
        tenant="acme",
        release=Hash("r" * 64),
        at="2026-11-01T00:00:00Z",
        question=ASKED,
        answer=text,
        source=Source.MEMORY,
        asked=words_of(ASKED),
        turn=1,
        treatment="memory",
        sure=0.8,
    )
    return msgspec.structs.replace(kept, **changes)


def judge(world: World, kept: Interaction, kind: VerdictKind, intent: str = "") -> str:
    world.records.add(kept)
    item = ReviewItem(
        review_id="r1", interaction_id="i1", at=kept.at, probability=1.0, uniform=True
    )
    world.records.add(item)
    judgement = Judgement(review_id="r1", kind=kind, intent=intent)
    return submit(world.records, judgement, "2026-11-03T00:00:00Z").verdict_id


def test_an_approved_answer_answers_a_paraphrase_at_once(world: World, memory: Memory) -> None:
    follows = recalled(world, memory)
    before = said(follows)
    assert before != RIGHT
    world.records.add(approved())
    assert said(follows) == RIGHT
    world.records.add(Withdrawal(approved_id="a1", at="2026-11-04T00:00:00Z", by="kim"))
    assert said(follows) == before


@pytest.mark.parametrize(
    ("tenant", "has_it"), [("acme", True), ("globex", False), (EVERY_TENANT, True)]
)
def test_it_is_that_tenants_own(world: World, memory: Memory, tenant: str, has_it: bool) -> None:
    world.records.add(approved())
    assert (said(recalled(world, memory), tenant=tenant) == RIGHT) is has_it


@pytest.mark.parametrize(("evidence", "has_it"), [((STANDS,), True), ((Hash("gone"),), False)])
def test_it_is_not_said_once_the_documents_say_something_else(
    world: World, memory: Memory, evidence: tuple[Hash, ...], has_it: bool
) -> None:
    world.records.add(approved())
    grounds = Grounds("", evidence)
    world.records.add(Vouched(vouched_id="v", approved_id="a1", at="2026", grounds=grounds))
    assert (said(recalled(world, memory)) == RIGHT) is has_it


def test_what_was_judged_right_strengthens_until_the_verdict_is_taken_back(
    world: World, memory: Memory
) -> None:
    follows = recalled(world, memory)
    verdict = judge(world, answered(RIGHT), VerdictKind.CORRECT)
    assert said(follows) == RIGHT
    assert said(follows, tenant="globex") != RIGHT
    undo(world.records, verdict)
    assert said(follows) != RIGHT


def without(recalled: Recalled, *verdicts: str) -> list[str]:
    """Return all that the memory would say, had some verdicts not been given."""
    ways = recalled("acme", verdicts)
    return [one.text for one in ways[Treatment.MEMORY].candidates([Message("user", PARAPHRASE)])]


def test_what_came_of_a_verdict_can_be_left_out(world: World, memory: Memory) -> None:
    """The correction, what an operator made of it, and the refusal of what was judged."""
    follows = recalled(world, memory)
    before = without(follows)
    kept = answered(before[0])
    world.records.add(kept)
    item = ReviewItem(
        review_id="r1", interaction_id="i1", at=kept.at, probability=1.0, uniform=True
    )
    world.records.add(item)
    wrong = Judgement(review_id="r1", kind=VerdictKind.INCORRECT, correction=RIGHT)
    verdict = submit(world.records, wrong, "2026-11-03T00:00:00Z").verdict_id
    (own,) = world.records.query(ApprovedAnswer).rows
    reworded = msgspec.structs.replace(
        own,
        approved_id="a2",
        origin=f"reworded:{own.approved_id}",
        answer=f"Indeed. {RIGHT}",
        at="2026-11-04T00:00:00Z",
    )
    assert RIGHT in without(follows)
    assert before == without(follows, verdict)
    world.records.add(reworded)
    world.records.add(Withdrawal(approved_id=own.approved_id, at="2026-11-04", by="kim"))
    assert f"Indeed. {RIGHT}" in without(follows)
    assert before == without(follows, verdict)
    assert said(follows) == f"Indeed. {RIGHT}", "who does not ask so knows it on"


def test_so_can_what_confirms_an_answer(world: World, memory: Memory) -> None:
    follows = recalled(world, memory)
    before = without(follows)
    verdict = judge(world, answered(RIGHT), VerdictKind.CORRECT)
    assert RIGHT in without(follows)
    assert without(follows, verdict) == before


@pytest.mark.parametrize("kind", [Source.MEMORY, Source.HANDOFF])
def test_what_it_is_about_is_what_the_reviewer_named(
    world: World, memory: Memory, kind: Source, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A case of a known intent is found by that, too; a draft that is right becomes approved."""
    kept = answered(RIGHT)
    if kind is Source.HANDOFF:
        reason = HandoffReason.NOT_CERTIFIED
        kept = answered("Later.", source=kind, handoff=reason, draft=RIGHT)
    judge(world, kept, VerdictKind.CORRECT, "returns")
    told: list[Case] = []
    saying = Memory.saying

    def listening(self: Memory, cases: Iterable[Case], refused: Iterable[Refused]) -> Memory:
        told.extend(cases := list(cases))
        return saying(self, cases, refused)

    monkeypatch.setattr(Memory, "saying", listening)
    said(with_heads(world, memory))
    assert {case.intent for case in told} == {"returns"}


def named(world: World, names: Iterable[tuple[str, str]], by: str = "n") -> None:
    """Reviewers have judged answers to these questions right, and said what they are about."""
    for n, (asked, intent) in enumerate(names):
        name = f"{by}{n}"
        kept = answered(f"Answer {n}.", interaction_id=name, question=asked, asked=words_of(asked))
        world.records.add(kept)
        world.records.add(
            ReviewItem(
                review_id=f"r-{name}",
                interaction_id=name,
                at=kept.at,
                probability=1.0,
                uniform=True,
            )
        )
        judgement = Judgement(review_id=f"r-{name}", kind=VerdictKind.CORRECT, intent=intent)
        submit(world.records, judgement, "2026-11-03T00:00:00Z")


VOUCHERS = [
    (f"{form} {thing}?", "vouchers")
    for form in ("Do you sell", "Can I buy a", "Where do I find a")
    for thing in ("gift voucher", "voucher for friends", "voucher card")
]
VOUCHER = "I want to give somebody a voucher."


def about(recalled: Recalled, question: str = VOUCHER, tenant: str = "acme") -> str:
    memory = recalled(tenant)[Treatment.MEMORY]
    assert isinstance(memory, Memory) and memory.head is not None
    return memory.head.labels[memory.head.probabilities([question])[0].argmax()]


def test_a_matter_that_a_reviewer_names_is_told_apart_from_then_on(
    world: World, memory: Memory
) -> None:
    follows = with_heads(world, memory)
    assert follows.head("acme") is None
    named(world, VOUCHERS)
    assert said(follows)
    assert follows.settle(60)
    assert about(follows) == "vouchers"
    head = follows.head("acme")
    assert head is not None and "vouchers" in head.labels
    assert about(follows, "What about boot sizes?") == "sizes"
    assert about(follows, tenant="globex") != "vouchers"
    assert follows.head("globex") is None


def test_names_that_are_taken_back_are_unlearnt(world: World, memory: Memory) -> None:
    follows = with_heads(world, memory)
    named(world, VOUCHERS)
    said(follows)
    assert follows.settle(60) and about(follows) == "vouchers"
    forget(world.records, "acme", "ada")
    said(follows)
    assert follows.settle(60)
    assert about(follows) != "vouchers" and follows.head("acme") is None


def test_a_matter_whose_replies_hold_no_more_is_still_told_apart(
    world: World, memory: Memory
) -> None:
    stale = [f"sizes-{n}" for n in range(3)]
    follows = with_heads(world, memory.without(stale))
    named(world, VOUCHERS)
    said(follows)
    assert follows.settle(60)
    assert (about(follows), about(follows, "I wonder about boot sizes.")) == ("vouchers", "sizes")


def test_a_tenant_who_was_away_for_long_is_learnt_again(
    world: World, memory: Memory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("northloop.loop.recalled.TENANTS", 1)
    follows = with_heads(world, memory)
    named(world, VOUCHERS)
    said(follows)
    assert follows.settle(60) and about(follows) == "vouchers"
    said(follows, tenant="globex")
    assert follows.head("acme") is None
    said(follows)
    assert follows.settle(60) and about(follows) == "vouchers"


def test_a_pair_that_is_closed_learns_nothing_any_more(world: World, memory: Memory) -> None:
    follows = with_heads(world, memory)
    named(world, VOUCHERS)
    follows.close()
    said(follows)
    assert follows.settle(60) and follows.head("acme") is None


def test_what_cannot_be_fitted_leaves_the_head_and_is_tried_again(
    world: World, memory: Memory, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    follows = with_heads(world, memory)
    monkeypatch.setattr(LinearRelearning, "__call__", lambda *_: 1 / 0)
    named(world, VOUCHERS)
    said(follows)
    assert follows.settle(60) and about(follows) != "vouchers"
    assert "was not learnt again" in caplog.text
    monkeypatch.undo()
    world.records.add(approved("globex"))
    said(follows)
    assert follows.settle(60) and about(follows) == "vouchers"


def test_a_memory_that_is_let_go_of_learns_the_names_that_stay(
    world: World, memory: Memory
) -> None:
    follows = with_heads(world, memory)
    named(world, VOUCHERS)
    said(follows)
    follows.let_go()
    assert follows.settle(60)
    assert follows.head("acme") is None
    said(follows)
    assert follows.settle(60) and about(follows) == "vouchers"


def test_a_history_that_named_nothing_learns_from_enough_names(
    world: World, tmp_path: Path
) -> None:
    embedder = WordEmbedder()
    learner = Recalling(embedder, LinearHeads(embedder))
    for name, content in learner.learn([], (), {}).items():
        (tmp_path / name).write_bytes(content)
    follows = with_heads(world, learner.load(tmp_path, (), ()))
    returns = [(f"{form} {ASKED}", "returns") for form in ("Hello.", "Hi.", "Please:", "So,")]
    named(world, [*VOUCHERS, *returns])
    said(follows)
    assert follows.settle(60) and follows.head("acme") is None, "13 names are too few"
    more = [(f"{form} {PARAPHRASE}", "returns") for form in ("Hi.", "Hello.", "Er,", "Now,", "Or")]
    named(world, [*more, ("A voucher!", "vouchers"), ("Vouchers", "vouchers")], "more")
    said(follows)
    assert follows.settle(60)
    assert (about(follows), about(follows, PARAPHRASE)) == ("vouchers", "returns")


def test_a_draft_that_was_judged_right_is_one_too(world: World, memory: Memory) -> None:
    draft = answered(
        "A colleague will reply.",
        source=Source.HANDOFF,
        handoff=HandoffReason.NOT_CERTIFIED,
        draft=RIGHT,
    )
    judge(world, draft, VerdictKind.CORRECT)
    assert said(recalled(world, memory)) == RIGHT


def test_what_was_judged_wrong_is_not_said_to_a_paraphrase(world: World, memory: Memory) -> None:
    follows = recalled(world, memory)
    about, _ = TOPICS["repairs"]
    asked = f"What is there to know of {about}?"
    wrong = said(follows, f"What of {about}, please?")
    assert wrong
    judge(world, answered(wrong, question=asked, asked=words_of(asked)), VerdictKind.INCORRECT)
    assert said(follows, asked) != wrong
    assert said(follows, f"What is there to know about {about}?") != wrong
    assert said(follows, asked, tenant="globex") == wrong


@pytest.mark.parametrize(("sure", "agrees", "in_between", "then"), [
    (0.95, True, False, True), (0.95, False, False, False), (0.8, True, True, True),
])  # fmt: skip
def test_what_stands_against_an_all_but_sure_answer_is_heard_once_a_second_person_agrees(
    world: World, memory: Memory, sure: float, agrees: bool, in_between: bool, then: bool
) -> None:
    follows = recalled(world, memory)
    world.records.add(answered("Within ten days.", sure=sure))
    item = ReviewItem(review_id="r1", interaction_id="i1", at="", probability=1.0, uniform=True)
    world.records.add(item)
    against = Judgement(review_id="r1", kind=VerdictKind.INCORRECT, correction=RIGHT)
    submit(world.records, msgspec.structs.replace(against, reviewer="ana"), "2026-11-03T00:00:00Z")
    assert (said(follows) == RIGHT) is in_between
    second = VerdictKind.INCORRECT if agrees else VerdictKind.CORRECT
    read = Judgement(review_id="r1", kind=second, reviewer="ben")
    submit(world.records, read, "2026-11-04T00:00:00Z")
    assert (said(follows) == RIGHT) is then


OWN = "Where is the tent that I sent back as [ORDER]?"
LOOKED_UP = "The return [ORDER] is on its way to our warehouse."


def corrected(world: World, correction: str, asked: str = OWN) -> str:
    """A reviewer writes what somebody in particular should have been told."""
    world.records.add(answered("No idea.", question=asked, asked=words_of(asked)))
    item = ReviewItem(review_id="r1", interaction_id="i1", at="", probability=1.0, uniform=True)
    world.records.add(item)
    told = Judgement(review_id="r1", kind=VerdictKind.INCORRECT, correction=correction)
    return submit(world.records, told, "2026-11-03T00:00:00Z").verdict_id


def test_what_is_written_for_somebody_works_at_once_with_the_number_of_who_asks(
    world: World, memory: Memory
) -> None:
    follows = recalled(world, memory)
    verdict = corrected(world, LOOKED_UP)
    assert not world.records.query(ApprovedAnswer).rows, "it is for nobody else as it stands"
    other = OWN.replace("[ORDER]", "[ORDER:0a]")
    assert said(follows, other) == LOOKED_UP.replace("[ORDER]", "[ORDER:0a]")
    assert said(follows, other, tenant="globex") != LOOKED_UP.replace("[ORDER]", "[ORDER:0a]")
    assert "on its way" not in said(follows, "Where is the tent that I sent back?"), "no number"
    undo(world.records, verdict)
    assert "on its way" not in said(follows, other)


@pytest.mark.parametrize(
    "own", ["You get back €24.90 for [ORDER].", "It arrived on 3 May, [NAME] signed for it."]
)
def test_what_it_states_of_somebody_is_told_nobody_else(
    world: World, memory: Memory, own: str
) -> None:
    corrected(world, own)
    found = said(recalled(world, memory), OWN.replace("[ORDER]", "[ORDER:0a]"))
    assert not any(value in found for value in ("24.90", "3 May", "signed"))


def test_who_is_forgotten_is_forgotten_by_the_memory(world: World, memory: Memory) -> None:
    follows = recalled(world, memory)
    judge(world, answered(RIGHT), VerdictKind.CORRECT)
    assert said(follows) == RIGHT
    forget(world.records, "acme", "ada")
    assert said(follows) != RIGHT


def test_a_memory_lets_go_of_who_is_forgotten_though_nobody_asks(
    world: World, opened: Callable[[], Memory]
) -> None:
    follows = Recalled(world.parts, lambda: {Treatment.MEMORY: opened()}, {STANDS})
    judge(world, answered("Glue the zebrawood."), VerdictKind.CORRECT)
    assert said(follows) == "Glue the zebrawood."
    forget(world.records, "acme", "ada")
    assert holds([follows], "zebrawood")
    follows.let_go()
    assert not holds([follows], "zebrawood")


HUNDRED = "You may send an unused tent back within 100 days of the delivery."
FOURTEEN = HUNDRED.replace("100", "14")


@pytest.mark.parametrize(
    ("then", "now", "stays"),
    [
        (HUNDRED, HUNDRED, True),
        (HUNDRED, FOURTEEN, False),
        (HUNDRED, f"{HUNDRED} We pay the postage.", True),  # another sentence beside it
        (f"Tents: {FOURTEEN}\n\n{HUNDRED}", f"Tents: {FOURTEEN}", True),  # said of nothing it says
        ("Poles cost €100 each at the counter.", "Poles cost €90 each at the counter.", True),
        (HUNDRED, "", False),
        ("An unused tent goes back within 100 days.", "An unused tent goes back in May.", False),
    ],
    ids=["same", "number", "more", "of-another-thing", "other-matter", "gone", "reworded"],
)
@pytest.mark.parametrize("by", ["verdict", "approval"])
def test_what_was_remembered_and_approved_goes_with_the_document_that_said_it(
    world: World, memory: Memory, then: str, now: str, stays: bool, by: str
) -> None:
    """A remembered draft notes no passage that it rests on."""
    reply = FOURTEEN if then.startswith("Tents") else HUNDRED
    was, is_ = (known(world, text) for text in (then, now))
    judge(world, answered(reply, knowledge=was), VerdictKind.CORRECT)
    if by == "approval":
        world.records.add(msgspec.structs.replace(approved(), answer=reply))
        world.records.add(
            Vouched(
                vouched_id="v1",
                approved_id="a1",
                at="2026-11-02T00:00:00Z",
                grounds=Grounds(was, ()),
            )
        )
    follows = Recalled(world.parts, lambda: {Treatment.MEMORY: memory}, {STANDS}, is_)
    assert (said(follows) == reply) is stays


def known(world: World, text: str) -> Hash:
    documents = [Document("returns", "Returns", text), Document("else", "Else", "Else it rains.")]
    return make_knowledge(world.parts, [one for one in documents if one.text]).hash
