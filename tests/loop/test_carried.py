"""A new release is asked what people decided on before it."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import msgspec
import pytest

from loop.test_bakeoff import remembering
from loop.world import TOPICS, World, ask, question
from northloop.adapters.embedded.linear_heads import LinearHeads
from northloop.adapters.embedded.word_embedder import WordEmbedder
from northloop.core.artefacts import Decision
from northloop.core.clock import stamp
from northloop.core.conversation import Message, Split
from northloop.core.deployment import Action, Arm, Pair
from northloop.core.ids import Hash
from northloop.core.interaction import HandoffReason, Interaction, Verdict, VerdictKind
from northloop.core.treatment import Candidate, Mode, Treatment
from northloop.loop import promote, propose
from northloop.loop.bundles import read_one
from northloop.loop.carried import carry
from northloop.loop.live import LiveService
from northloop.loop.pairs import dataset_of
from northloop.loop.steps import split_of
from northloop.stages.monitoring.certificates import standings
from northloop.stages.monitoring.decided import Carried, Decided, Says
from northloop.stages.monitoring.forget import forget
from northloop.stages.monitoring.review import Judgement, drawn_for_the_test, undo
from northloop.stages.monitoring.sampling import review_id_of
from northloop.stages.serving.memory import Recalling
from northloop.statistics.thresholds import RiskSpec

RISK = RiskSpec(max_wrong=0.2)  # eleven decisions without a mistake are the fewest
ABOUT = [about for about, _ in TOPICS.values()]
_SYLLABLES = ("ba", "ko", "ri", "mu", "te", "zo", "la", "fi", "du", "ne", "pa", "gi")


@pytest.fixture
def world(tmp_path: Path) -> World:
    """A world whose first release is live, with a memory that competes, before its second turn."""
    made = remembering(tmp_path)
    made.spec = msgspec.structs.replace(made.spec, risk=RISK)
    made.first_turn()
    return made


def asked(count: int) -> list[str]:
    """Return so many questions that have nothing in common but what they are about."""
    rng = random.Random("carried")

    def word() -> str:
        return "".join(rng.choices(_SYLLABLES, k=3))

    def words(count: int) -> str:
        return " ".join(word() for _ in range(count))

    return [f"{words(4)} {ABOUT[number % len(ABOUT)]} {words(2)}?" for number in range(count)]


def decide(live: LiveService, text: str, name: str, right: bool = True, written: str = "") -> None:
    _, kept = ask(live, question(text, name))
    assert kept.handoff is HandoffReason.NOT_CERTIFIED, kept.trace
    kind = VerdictKind.CORRECT if right else VerdictKind.INCORRECT
    judgement = Judgement(review_id=review_id_of(kept), kind=kind, correction=written)
    live.judge(judgement, stamp())


def decided_on(world: World, count: int, wrong: Sequence[int] = ()) -> None:
    live = world.live(mode=Mode.DRAFT)
    for number, text in enumerate(asked(count)):
        decide(live, text, f"d{number:03}", right=number not in wrong)
    live.close()


def candidate(world: World) -> tuple[Hash, Decision]:
    """Carry out a turn; return its release and what the gate says of it."""
    state = world.judged(propose.ask_for_retraining(world.records))
    artefacts = world.parts.artefacts
    return state["release"], read_one(artefacts, state["decision"], "decision.json", Decision)


def says(world: World, release: Hash) -> dict[str, Says]:
    rows = world.records.query(Carried, {"release": release}).rows
    return {one.interaction_id: one.says for one in rows}


def test_the_held_half_is_asked_and_certifies(world: World) -> None:
    decided_on(world, 80)
    before = promote.live(world.records)
    release, decision = candidate(world)
    held = {f"d{n:03}" for n, text in enumerate(asked(80)) if drawn_for_the_test(text)}
    found = says(world, release)
    assert found.keys() == held
    assert set(found.values()) == {Says.SAME}
    [standing] = standings(world.records, release, RISK).values()
    assert standing.carried == standing.decisions == len(held)
    assert standing.certificate is not None
    assert decision.reach is not None and decision.reach.asked == len(held)
    assert decision.reach.candidate >= 11
    assert before != release


def test_what_is_asked_once_is_not_asked_again_and_what_came_since_is(world: World) -> None:
    decided_on(world, 40)
    release, _ = candidate(world)
    pair = promote.live_pair(world.parts.artefacts, world.records)
    assert pair is not None
    first = says(world, release)
    live = world.live(mode=Mode.DRAFT)
    late = next(text for text in asked(200)[40:] if drawn_for_the_test(text))
    decide(live, late, "late")
    live.close()
    carry(world.parts, Pair(release, pair.knowledge), pair.release, RISK)
    assert says(world, release) == {**first, "late": Says.SAME}


def test_only_a_memory_that_has_not_heard_what_came_of_a_question_is_asked(tmp_path: Path) -> None:
    """Else every correction would be repeated, word for word, and certify the release."""
    world = remembering(tmp_path)
    embedder = WordEmbedder()
    learner = Recalling(embedder, LinearHeads(embedder))
    world.parts = replace(world.parts, learners=lambda: {Treatment.MEMORY: learner})
    world.first_turn()
    live = world.live(mode=Mode.DRAFT)
    for number, text in enumerate(asked(24)):
        decide(live, text, f"d{number:03}", right=False, written=f"Answer {number}, by a person.")
    again = ask(live, question(f"{asked(24)[3]} Please!", "again"))[1]
    assert "by a person" in (again.draft or again.answer), "customers hear of it at once"
    live.close()
    release, _ = candidate(world)
    found = says(world, release)
    assert len(found) > 8
    assert Says.WRITTEN not in found.values()
    assert all(not one.right for one in world.records.query(Decided).rows)
    assert not any(s.certificate for s in standings(world.records, release, RISK).values())


class Otherwise:
    """A learner whose treatment knows all topics, and says something else, or nothing, to one
    question."""

    name = "otherwise"

    def __init__(self, question: str, text: str | None) -> None:
        self._question, self._text = question, text

    def learn(self, *_: object) -> dict[str, bytes]:
        return {"nothing": b"-"}

    def load(self, *_: object) -> Otherwise:
        return self

    def answer(self, messages: Sequence[Message]) -> Candidate | None:
        said = messages[-1].content
        replies = [reply for about, reply in TOPICS.values() if about in said]
        text = self._text if said == self._question else next(iter(replies), None)
        if text is None:
            return None
        return Candidate(treatment=Treatment.MEMORY, text=text, confidence=0.9, vouching=(text,))


def learning(world: World, learner: object) -> None:
    learners: Mapping[Treatment, object] = {Treatment.MEMORY: learner}
    world.parts = replace(world.parts, learners=lambda: learners)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("first", "then", "wanted"),
    [
        ("Six weeks.", "Five weeks.", Says.OTHER),
        (None, "Five weeks.", Says.FIRST),
        ("Six weeks.", None, Says.NOTHING),
        ("Wrong weeks.", "Nine weeks.", Says.WRITTEN),
    ],
)
def test_what_it_says_is_told_from_what_was_said(
    tmp_path: Path, first: str | None, then: str | None, wanted: Says
) -> None:
    world = remembering(tmp_path)
    text = next(t for t in asked(200) if drawn_for_the_test(t))
    learning(world, Otherwise(text, first))
    world.first_turn()
    live = world.live(mode=Mode.DRAFT)
    if first is None:
        assert ask(live, question(text, "it"))[1].treatment == ""
    elif wanted is Says.WRITTEN:
        decide(live, text, "it", right=False, written="Nine weeks.")
    else:
        decide(live, text, "it")
    live.close()
    before = promote.live_pair(world.parts.artefacts, world.records)
    assert before is not None
    learning(world, Otherwise(text, then))
    release, _ = candidate(world)
    carry(world.parts, Pair(release, before.knowledge), before.release, RISK)
    assert says(world, release) == {"it": wanted}


def test_what_hangs_on_a_conversation_is_asked_with_it_or_not_at_all(world: World) -> None:
    live = world.live(mode=Mode.DRAFT)
    about = TOPICS["repairs"][0]
    opening = f"Tell me about {about}, quick information needed."
    follow = next(
        text
        for number in range(9)
        if drawn_for_the_test(text := f"And how long does it take for {about}, {number} or more?")
    )
    for name, conversation, before in (("kept", "one", opening), ("lost", "two", "Something else")):
        said, first = ask(
            live,
            msgspec.structs.replace(question(opening, f"{name} 1"), conversation_id=conversation),
        )
        spoken = (Message("user", before), Message("assistant", said), Message("user", follow))
        asks = msgspec.structs.replace(
            question(follow, name), conversation_id=conversation, messages=spoken
        )
        _, kept = ask(live, asks)
        assert (kept.turn, first.turn) == (2, 1)
        judgement = Judgement(review_id=review_id_of(kept), kind=VerdictKind.INCORRECT)
        live.judge(judgement, stamp())
    live.close()
    release, _ = candidate(world)
    found = says(world, release)
    assert found["lost"] is Says.UNASKED
    assert found["kept"] in (Says.SAME, Says.OTHER)


def test_what_it_learnt_is_not_asked_and_only_what_was_wrong_there_counts(world: World) -> None:
    decided_on(world, 60, wrong=range(0, 60, 5))
    release, _ = candidate(world)
    pair = promote.live_pair(world.parts.artefacts, world.records)
    assert pair is not None
    for one in world.records.query(Carried, {"release": release}).rows:
        world.records.remove(Carried, one.carried_id)
    # As if an export with all of these conversations had been learnt.
    for file in world.folder.glob("old.csv"):
        reply = TOPICS["repairs"][1]
        lines = [f'x{n},cx{n},"{text}",{reply},repairs' for n, text in enumerate(asked(60))]
        file.write_text(file.read_text("utf-8") + "\n".join(lines) + "\n", "utf-8")
    newer, _ = candidate(world)
    dataset = dataset_of(world.parts.artefacts, newer)
    assert dataset is not None
    learnt = {row.question for row in split_of(world.parts, dataset, Split.TRAIN)}
    found = {int(name[1:]): said for name, said in says(world, newer).items()}
    unasked = {n for n, said in found.items() if said is Says.UNASKED}
    assert unasked == {n for n in found if asked(60)[n] in learnt} and len(unasked) > 3
    [standing] = standings(world.records, newer, RISK).values()
    others = found.keys() - unasked
    assert standing.decisions == len(others) + sum(n % 5 == 0 for n in unasked)
    assert standing.right == sum(n % 5 > 0 for n in others)


def test_it_goes_on_from_release_to_release(world: World) -> None:
    decided_on(world, 60)
    second, _ = candidate(world)
    pair = promote.live_pair(world.parts.artefacts, world.records)
    assert pair is not None
    promote.deploy(
        world.records,
        lambda _: promote.Change(
            (Arm(release=second, knowledge=pair.knowledge),), Action.PROMOTE, "kim"
        ),
    )
    world.trainer.gain += 1
    third, decision = candidate(world)
    assert third != second
    assert says(world, third) == says(world, second)
    assert decision.reach is not None
    assert decision.reach.live == decision.reach.candidate > 0


def test_who_is_forgotten_or_takes_a_verdict_back_is_counted_no_more(world: World) -> None:
    decided_on(world, 40)
    release, _ = candidate(world)
    one, other, *_ = sorted(says(world, release))
    kept = world.records.get(Interaction, one)
    world.records.replace(msgspec.structs.replace(kept, customer_id="ada"))
    [before] = standings(world.records, release, RISK).values()
    forget(world.records, "default", "ada")
    assert one not in says(world, release)
    [verdict] = world.records.query(Verdict, {"interaction_id": other}).rows
    undo(world.records, verdict.verdict_id)
    [after] = standings(world.records, release, RISK).values()
    assert after.decisions == before.decisions - 2
