"""A new release is asked what people decided on before it."""

from __future__ import annotations

import random
from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path

import msgspec
import pytest

from loop.test_bakeoff import remembering
from loop.world import ASKED, TOPICS, World, ask, question
from northloop.adapters.embedded.hybrid_index import HybridIndexer
from northloop.adapters.embedded.linear_heads import LinearHeads
from northloop.adapters.embedded.word_embedder import WordEmbedder
from northloop.core.clock import stamp
from northloop.core.conversation import Message, Split
from northloop.core.deployment import Action, Arm, Pair
from northloop.core.errors import InputError
from northloop.core.ids import Hash
from northloop.core.interaction import (
    HandoffReason,
    Interaction,
    Proposal,
    ProposalState,
    Source,
    Verdict,
    VerdictKind,
)
from northloop.core.side_by_side import PairChoice, SideBySide, pair_id_of
from northloop.core.treatment import Candidate, Mode, Treatment
from northloop.loop import promote, propose, side_by_side
from northloop.loop.carried import carry, to_judge
from northloop.loop.live import LiveService
from northloop.loop.pairs import dataset_of
from northloop.loop.steps import split_of
from northloop.ports.treatments import Learner
from northloop.stages.monitoring.certificates import reach, standings
from northloop.stages.monitoring.decided import Asked, Carried, Decided, carried_id_of, carried_to
from northloop.stages.monitoring.forget import forget
from northloop.stages.monitoring.review import Judgement, drawn_for_the_test, undo
from northloop.stages.monitoring.sampling import review_id_of
from northloop.stages.serving.memory import Recalling
from northloop.statistics.thresholds import RiskSpec
from northloop.testing.models import HashEmbedder

DRAWN = 0.04
RISK = RiskSpec(max_wrong=0.2)  # eleven decisions without a mistake are the fewest
ABOUT = [about for about, _ in TOPICS.values()]
_SYLLABLES = ("ba", "ko", "ri", "mu", "te", "zo", "la", "fi", "du", "ne", "pa", "gi")


@pytest.fixture(scope="module")
def begun(tmp_path_factory: pytest.TempPathFactory) -> World:
    made = remembering(tmp_path_factory.mktemp("begun"))
    made.first_turn()
    return made


@pytest.fixture
def world(begun: World, tmp_path: Path) -> World:
    """A world whose first release is live, with a memory that competes, before its second turn."""
    return begun.copied(tmp_path / "workspace")


def asked(count: int) -> list[str]:
    """Return so many questions that have nothing in common but what they are about."""
    rng = random.Random("carried")

    def word() -> str:
        return "".join(rng.choices(_SYLLABLES, k=3))

    def words(count: int) -> str:
        return " ".join(word() for _ in range(count))

    return [f"{words(4)} {ABOUT[number % len(ABOUT)]} {words(2)}?" for number in range(count)]


def decide(
    live: LiveService, text: str, name: str, *, right: bool = True, written: str = ""
) -> None:
    decide_on(live, ask(live, question(text, name))[1], right=right, written=written)


def decide_on(live: LiveService, kept: Interaction, *, right: bool, written: str = "") -> None:
    assert kept.handoff is HandoffReason.NOT_CERTIFIED, kept.trace
    kind = VerdictKind.CORRECT if right else VerdictKind.INCORRECT
    judgement = Judgement(review_id=review_id_of(kept), kind=kind, correction=written)
    live.judge(judgement, stamp())


def decided_on(world: World, count: int, wrong: Sequence[int] = ()) -> None:
    live = world.live(mode=Mode.DRAFT)
    for number, text in enumerate(asked(count)):
        decide(live, text, f"d{number:03}", right=number not in wrong)
    live.close()


def candidate(world: World) -> Hash:
    """Carry out a turn, and ask its release what was decided; return the release."""
    release: Hash = world.judged(propose.ask_for_retraining(world.records))["release"]
    asked_anew(world, release)
    return release


def asked_anew(world: World, release: Hash) -> None:
    pair = promote.live_pair(world.parts.artefacts, world.records)
    assert pair is not None
    carry(world.parts, Pair(release, pair.knowledge), pair.release, DRAWN)


def says(world: World, release: Hash) -> dict[str, str]:
    """Return what a release says to each question that was put to it, beside what was decided."""
    rows = world.records.query(Carried, {"release": release}).rows
    decided = world.records.get_all(Decided, (one.interaction_id for one in rows))
    return {one.interaction_id: told(one, decided.get(one.interaction_id)) for one in rows}


def told(one: Carried, before: Decided | None) -> str:
    if one.asked is not Asked.ANEW:
        return one.asked.value
    if not one.text:
        return "nothing"
    assert before is not None
    said = {before.written: "written", before.said: "same"}
    return said.get(one.text, "other")


def test_the_held_half_is_asked_and_certifies(world: World) -> None:
    decided_on(world, 80)
    before = promote.live(world.records)
    release = candidate(world)
    held = {f"d{n:03}" for n, text in enumerate(asked(80)) if drawn_for_the_test(text)}
    found = says(world, release)
    assert found.keys() <= held and len(found) > 11, "of some something alike is learnt"
    assert set(found.values()) == {"same"}
    [standing] = standings(world.records, release, RISK).values()
    assert standing.carried == standing.decisions == len(found)
    assert standing.certificate is not None
    assert before is not None
    both = reach(world.records, before, release, RISK)
    assert both.asked == both.live == both.candidate == len(found)
    assert before != release


def test_what_is_asked_once_is_not_asked_again_and_all_that_came_since_is(world: World) -> None:
    decided_on(world, 40)
    release = candidate(world)
    first = says(world, release)
    live = world.live(mode=Mode.DRAFT)
    for number, text in enumerate(asked(60)[40:]):
        decide(live, text, f"late{number}")
    live.close()
    asked_anew(world, release)
    assert says(world, release) == {**first, **{f"late{n}": "same" for n in range(20)}}


@pytest.fixture(scope="module")
def recalls(tmp_path_factory: pytest.TempPathFactory) -> World:
    made = remembering(tmp_path_factory.mktemp("recalls"))
    embedder = WordEmbedder()
    learning(made, Recalling(embedder, LinearHeads(embedder)))
    made.first_turn()
    return made


@pytest.fixture
def recalling(recalls: World, tmp_path: Path) -> World:
    """A world with the memory of the product, which hears verdicts at once."""
    return recalls.copied(tmp_path / "workspace")


@pytest.mark.parametrize("greeting", ["", "Hello, ", "Hi there!\n"])
def test_no_correction_speaks_for_itself(recalling: World, greeting: str) -> None:
    """Else every correction would be repeated, word for word, and certify the release."""
    live = recalling.live(mode=Mode.DRAFT)
    for number, text in enumerate(asked(30)):
        written = f"Answer {number}, by a person."
        decide(live, greeting + text, f"d{number:03}", right=False, written=written)
    again = ask(live, question(f"{asked(30)[3]} Please!", "again"))[1]
    assert "by a person" in (again.draft or again.answer), "customers hear of it at once"
    live.close()
    release = candidate(recalling)
    found = says(recalling, release)
    assert len(found) > 5
    assert "written" not in found.values()
    assert not any(s.certificate for s in standings(recalling.records, release, RISK).values())


def test_turns_go_on_after_another_embedder_was_chosen(recalling: World) -> None:
    live = recalling.live(mode=Mode.DRAFT)
    for number, text in enumerate(asked(30)):
        decide(live, text, f"d{number:03}")
    before = ask(live, question(f"{asked(30)[3]} Please!", "before"))[1]
    live.close()
    words, hashed = WordEmbedder(), HashEmbedder()
    others = {words.name: words}.get
    heads = LinearHeads(hashed, others)
    recalling.parts = replace(recalling.parts, heads=heads, indexer=HybridIndexer(hashed, others))
    learning(recalling, Recalling(hashed, heads, others))
    live = recalling.live(mode=Mode.DRAFT)
    after = ask(live, question(f"{asked(30)[3]} Please!", "after"))[1]
    live.close()
    assert (after.draft, after.confidence) == (before.draft, before.confidence)
    release = candidate(recalling)
    assert says(recalling, release)


def test_nor_does_who_asks_the_same_again(recalling: World) -> None:
    """Whoever was answered wrongly asks once more, and what they are told then is right."""
    live = recalling.live(mode=Mode.DRAFT)
    for number, text in enumerate(asked(30)):
        written = f"Answer {number}, by a person."
        decide(live, text, f"d{number:03}", right=False, written=written)
        _, kept = ask(live, question(f"{text} Please!", f"e{number:03}"))
        decide_on(live, kept, right="by a person" in kept.draft)
    live.close()
    release = candidate(recalling)
    first = {name: said for name, said in says(recalling, release).items() if name[0] == "d"}
    assert first
    assert "written" not in first.values()


def test_a_correction_that_a_history_row_took_up_is_learnt(recalling: World) -> None:
    live = recalling.live(mode=Mode.DRAFT)
    texts = [form.format(about).replace(about, f"- {about} -") for about in ABOUT for form in ASKED]
    for number, text in enumerate(texts[:40]):
        _, kept = ask(live, question(text, f"d{number:03}"))
        if kept.handoff is HandoffReason.NOT_CERTIFIED:
            decide_on(live, kept, right=False, written=f"Answer {number}, by a person.")
    live.close()
    release = candidate(recalling)
    dataset = dataset_of(recalling.parts.artefacts, release)
    assert dataset is not None
    rows = split_of(recalling.parts, dataset, Split.TRAIN)
    took_up = [row for row in rows if row.reply.endswith("by a person.")]
    assert len(took_up) > 10 and not any("- " in row.question for row in took_up)
    assert "written" not in says(recalling, release).values()


def test_nor_is_what_an_export_taught_meanwhile(world: World) -> None:
    """The ticket of a draft that waited is imported, and learnt, before anybody decides on it."""
    live = world.live(mode=Mode.DRAFT)
    texts = asked(30)
    waiting = [ask(live, question(text, f"d{n:03}"))[1] for n, text in enumerate(texts)]
    old = world.folder / "old.csv"
    said = [f"Our workshop needs {n + 3} working days for that." for n in range(30)]
    lines = [
        f'x{n},cx{n},"{text}",{reply},repairs'
        for n, (text, reply) in enumerate(zip(texts, said, strict=True))
    ]
    old.write_text(old.read_text("utf-8") + "\n".join(lines) + "\n", "utf-8")
    release: Hash = world.judged(propose.ask_for_retraining(world.records))["release"]
    for number, kept in enumerate(waiting):
        decide_on(live, kept, right=False, written=said[number])
    live.close()
    asked_anew(world, release)
    dataset = dataset_of(world.parts.artefacts, release)
    assert dataset is not None
    learnt = {row.question for row in split_of(world.parts, dataset, Split.TRAIN)}
    these = {f"d{n:03}" for n, text in enumerate(texts) if text in learnt}
    assert len(these) > 2, "of others the import takes words for names"
    assert not these & says(world, release).keys()


def test_while_some_are_sent_drafts_are_taken_as_seldom(world: World) -> None:
    """Else the questions would be others than customers ask: drafts all, of what is sent a few."""
    decided_on(world, 30)
    sent = asked(31)[30]
    for interaction in world.records.query(Interaction).rows[:1]:
        answered = msgspec.structs.replace(
            interaction, interaction_id="sent", question=sent, source=Source.MEMORY, handoff=None
        )
        world.records.add(answered)
    live = world.live(mode=Mode.DRAFT)
    for number, text in enumerate(asked(300)[31:]):
        decide(live, text, f"late{number}")
    live.close()
    release = candidate(world)
    asked_late = [name for name in says(world, release) if name.startswith("late")]
    assert 0 < len(asked_late) < 30


class Otherwise:
    """A learner whose treatment knows all topics, and says something else, or nothing, to some
    questions."""

    name = "otherwise"

    def __init__(self, questions: Collection[str], text: str | None) -> None:
        self._questions, self._text = questions, text

    def learn(self, *_: object) -> dict[str, bytes]:
        return {"nothing": b"-"}

    def load(self, *_: object) -> Otherwise:
        return self

    def answer(self, messages: Sequence[Message]) -> Candidate | None:
        said = messages[-1].content
        replies = [reply for about, reply in TOPICS.values() if about in said]
        text = self._text if said in self._questions else next(iter(replies), None)
        if text is None:
            return None
        return Candidate(treatment=Treatment.MEMORY, text=text, confidence=0.9, vouching=(text,))


def learning(world: World, learner: Learner) -> None:
    learners = {Treatment.MEMORY: learner}
    world.parts = replace(world.parts, learners=lambda: learners)


@pytest.mark.parametrize(
    ("first", "then", "wanted"),
    [
        ("Six weeks.", "Five weeks.", "other"),
        (None, "Five weeks.", "first"),
        ("Six weeks.", None, "nothing"),
        ("Wrong weeks.", "Nine weeks.", "written"),
    ],
)
def test_what_it_says_is_told_from_what_was_said(
    tmp_path: Path, first: str | None, then: str | None, wanted: str
) -> None:
    world = remembering(tmp_path)
    text = next(t for t in asked(200) if drawn_for_the_test(t))
    learning(world, Otherwise([text], first))
    world.first_turn()
    live = world.live(mode=Mode.DRAFT)
    if first is None:
        assert ask(live, question(text, "it"))[1].treatment == ""
    elif wanted == "written":
        decide(live, text, "it", right=False, written="Nine weeks.")
    else:
        decide(live, text, "it")
    live.close()
    learning(world, Otherwise([text], then))
    release = candidate(world)
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
    for name, conversation, before in (
        ("kept", "one", opening),
        ("lost", "two", "Something else"),
        ("brought", "three", "Some other thing"),
    ):
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
        assert bool(kept.before) is (name != "kept"), "only what the records do not show"
        if name == "lost":  # Records of before do not have it.
            world.records.replace(msgspec.structs.replace(kept, before=()))
        judgement = Judgement(review_id=review_id_of(kept), kind=VerdictKind.INCORRECT)
        live.judge(judgement, stamp())
    live.close()
    release = candidate(world)
    found = says(world, release)
    assert found == {"lost": "never", "brought": "same", "kept": "same"}


def test_what_it_learnt_is_not_asked(world: World) -> None:
    """What an earlier version held for the test may be learnt: the history asks it by now."""
    decided_on(world, 60, wrong=range(0, 60, 5))
    for file in world.folder.glob("old.csv"):
        reply = TOPICS["repairs"][1]
        lines = [f'x{n},cx{n},"{text}",{reply},repairs' for n, text in enumerate(asked(60))]
        file.write_text(file.read_text("utf-8") + "\n".join(lines) + "\n", "utf-8")
    release = candidate(world)
    dataset = dataset_of(world.parts.artefacts, release)
    assert dataset is not None
    rows = split_of(world.parts, dataset, Split.TRAIN)
    learnt = {place for row in rows for place in row.origin if place.startswith("confirmed:")}
    verdicts = world.records.query(Verdict).rows
    by_name = {v.interaction_id: f"confirmed:{v.verdict_id}" for v in verdicts}
    held = {f"d{n:03}" for n, text in enumerate(asked(60)) if drawn_for_the_test(text)}
    assert says(world, release).keys() == {name for name in held if by_name[name] not in learnt}


SaysOtherwise = Callable[..., tuple[World, Hash]]


@pytest.fixture(scope="module")
def says_otherwise(tmp_path_factory: pytest.TempPathFactory) -> SaysOtherwise:
    @cache
    def made(written: str) -> tuple[World, Hash]:
        world = remembering(tmp_path_factory.mktemp("otherwise"))
        text = next(t for t in asked(200) if drawn_for_the_test(t))
        learning(world, Otherwise([text], "Six weeks."))
        world.first_turn()
        live = world.live(mode=Mode.DRAFT)
        decide(live, text, "it", right=not written, written=written)
        live.close()
        learning(world, Otherwise([text], "Five weeks."))
        return world, candidate(world)

    return made


@pytest.fixture
def otherwise(says_otherwise: SaysOtherwise, tmp_path: Path) -> SaysOtherwise:
    """Return a world whose new release says something else to a question than people decided on."""

    def copied(written: str = "") -> tuple[World, Hash]:
        world, release = says_otherwise(written)
        return world.copied(tmp_path / "workspace"), release

    return copied


def waits(world: World, release: Hash) -> Proposal:
    """Have the gate pass a release whose turn it would have ended otherwise, and ask it again."""
    turn = next(p for p in world.records.query(Proposal).rows if p.release == release)
    ready = msgspec.structs.replace(turn, state=ProposalState.READY)
    world.records.replace(ready)
    asked_anew(world, release)
    return ready


@pytest.mark.parametrize(
    ("choice", "right"), [(PairChoice.BOTH, True), (PairChoice.NEITHER, False)]
)
def test_what_was_judged_side_by_side_is_decided_on(
    otherwise: SaysOtherwise, choice: PairChoice, right: bool
) -> None:
    """Also where it was judged while its turn was undecided."""
    world, release = otherwise()
    assert [one.right for one in carried_to(world.records, release)] == [False]
    assert world.records.query(SideBySide).rows == [], "nothing to judge while it does not wait"
    turn = next(p for p in world.records.query(Proposal).rows if p.release == release)
    pair = SideBySide(
        pair_id=pair_id_of(turn.proposal_id, "it"),
        proposal_id=turn.proposal_id,
        interaction_id="it",
        at=stamp(),
        question="How long?",
        candidate="Five weeks.",
        current="Six weeks.",
        choice=choice,
    )
    world.records.add(pair)
    asked_anew(world, release)
    assert [one.right for one in carried_to(world.records, release)] == [right]


@pytest.mark.parametrize("choice", PairChoice)
@pytest.mark.parametrize("written", ["", "Seven weeks."])
def test_what_it_says_otherwise_waits_for_people_and_their_choice_counts_at_once(
    otherwise: SaysOtherwise, choice: PairChoice, written: str
) -> None:
    world, release = otherwise(written)
    turn = waits(world, release)
    [pair] = to_judge(world.records, release)
    assert (pair.candidate, pair.current) == ("Five weeks.", written or "Six weeks.")
    [before] = carried_to(world.records, release)
    assert before.presumed and not before.right
    kept, _ = side_by_side.judge(world.parts, pair.pair_id, choice, "kim", 500)
    [after] = carried_to(world.records, release)
    assert not after.presumed and after.right is kept.is_right(candidate=True)
    assert to_judge(world.records, release) == []
    assert world.records.get(Proposal, turn.proposal_id) == turn, "it decides nothing of the turn"
    asked_anew(world, release)
    assert world.records.query(SideBySide).rows == [kept], "what was chosen stays"


def test_what_was_to_be_judged_stays_so_in_another_turn_with_the_same_release(
    otherwise: SaysOtherwise,
) -> None:
    world, release = otherwise()
    turn = waits(world, release)
    again = msgspec.structs.replace(turn, proposal_id="again", at=stamp())
    world.records.add(again)
    assert len(to_judge(world.records, release)) == 1


def test_what_was_left_without_a_pair_is_asked_again(otherwise: SaysOtherwise) -> None:
    """As an earlier version left it, or with another answer of the time when it was undecided."""
    world, release = otherwise()
    waits(world, release)
    [pair] = to_judge(world.records, release)
    world.records.remove(SideBySide, pair.pair_id)
    asked_anew(world, release)
    assert to_judge(world.records, release) == [pair]
    world.records.replace(msgspec.structs.replace(pair, candidate="Four weeks."))
    asked_anew(world, release)
    assert to_judge(world.records, release) == [pair]


def test_what_it_says_in_the_same_words_waits_for_nobody(world: World) -> None:
    decided_on(world, 60)
    release = candidate(world)
    assert set(says(world, release).values()) == {"same"}
    waits(world, release)
    assert to_judge(world.records, release) == []


def test_what_nobody_waits_for_any_more_is_not_judged(otherwise: SaysOtherwise) -> None:
    world, release = otherwise()
    turn = waits(world, release)
    [pair] = to_judge(world.records, release)
    world.records.replace(msgspec.structs.replace(turn, state=ProposalState.REFUSED))
    assert to_judge(world.records, release) == []
    with pytest.raises(InputError, match="refused already"):
        side_by_side.judge(world.parts, pair.pair_id, PairChoice.BOTH, "kim", 500)


def test_a_forgotten_customer_leaves_nothing_to_judge(otherwise: SaysOtherwise) -> None:
    world, release = otherwise()
    waits(world, release)
    assert to_judge(world.records, release)
    kept = world.records.get(Interaction, "it")
    world.records.replace(msgspec.structs.replace(kept, customer_id="ada"))
    forget(world.records, "default", "ada")
    assert world.records.query(SideBySide).rows == []


def test_a_follow_up_is_not_judged_by_itself(otherwise: SaysOtherwise) -> None:
    world, release = otherwise()
    kept = world.records.get(Interaction, "it")
    world.records.replace(msgspec.structs.replace(kept, turn=2))
    waits(world, release)
    assert [one.presumed for one in carried_to(world.records, release)] == [True]
    assert to_judge(world.records, release) == []


def make_live(world: World, release: Hash) -> None:
    pair = promote.live_pair(world.parts.artefacts, world.records)
    assert pair is not None
    arm = Arm(release=release, knowledge=pair.knowledge)
    promote.deploy(world.records, lambda _: promote.Change((arm,), Action.PROMOTE, "kim"))


def test_it_goes_on_from_release_to_release(world: World) -> None:
    decided_on(world, 60)
    second = candidate(world)
    make_live(world, second)
    world.trainer.gain += 1
    third = candidate(world)
    assert third != second
    assert says(world, third) == says(world, second)
    found = reach(world.records, second, third, RISK)
    assert found.live == found.candidate > 0


@pytest.mark.parametrize(
    ("first", "then", "last", "told"),
    [
        ("Wrong weeks.", None, "Wrong weeks.", ["nothing", "same"]),
        (None, "Wrong weeks.", "Wrong weeks.", ["first", "first"]),
    ],
)
def test_nothing_is_lost_over_a_release_in_between(
    tmp_path: Path, first: str | None, then: str | None, last: str | None, told: list[str]
) -> None:
    """What one of them says wrongly and another does not answer at all counts for the third."""
    world = remembering(tmp_path)
    wrong = [text for text in asked(60) if drawn_for_the_test(text)][::4]
    learning(world, Otherwise(wrong, first))
    world.first_turn()
    live = world.live(mode=Mode.DRAFT)
    for number, text in enumerate(asked(60)):
        _, kept = ask(live, question(text, f"d{number:03}"))
        if kept.handoff is HandoffReason.NOT_CERTIFIED:
            decide_on(live, kept, right=text not in wrong)
    live.close()
    releases = []
    for says_, wanted in zip((then, last), told, strict=True):
        learning(world, Otherwise(wrong, says_))
        world.trainer.gain += 1
        releases.append(candidate(world))
        assert [*says(world, releases[-1]).values()].count(wanted) >= len(wrong)
        make_live(world, releases[-1])
    decisions = carried_to(world.records, releases[-1])
    assert sum(not one.right for one in decisions) == len(wrong)


def test_who_is_forgotten_while_it_is_asked_leaves_nothing(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    decided_on(world, 40)
    release = candidate(world)
    one, *_ = names = sorted(says(world, release))
    for name in names:
        world.records.remove(Carried, carried_id_of(name, release))
    kept = world.records.get(Interaction, one)
    world.records.replace(msgspec.structs.replace(kept, customer_id="ada"))

    gone: list[str] = []

    def forgets(*_: object) -> None:
        if not gone:
            gone.append("ada")
            forget(world.records, "default", "ada")

    world.parts = replace(world.parts, progress=forgets)
    asked_anew(world, release)
    assert sorted(says(world, release)) == names[1:]


def test_who_is_forgotten_or_takes_a_verdict_back_is_counted_no_more(world: World) -> None:
    decided_on(world, 40)
    release = candidate(world)
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
