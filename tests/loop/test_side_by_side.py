"""An undecided turn: both releases answer in the shadow, people choose, and what comes of it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import msgspec
import pytest

from loop.world import NEWLY_ASKED, TOPICS, World, ask, question
from northloop.core.artefacts import Decision, Kind
from northloop.core.conversation import Message
from northloop.core.errors import GateNotMet, InputError, NotFound, Overtaken
from northloop.core.interaction import Interaction, Origin, Proposal, ProposalState, SkipReason
from northloop.core.side_by_side import PairChoice, SideBySide
from northloop.loop import promote, propose, side_by_side
from northloop.loop.bundles import read_one
from northloop.stages.monitoring.forget import forget, going

MOST = 60
ABOUT = [about for topic, (about, _) in TOPICS.items() if topic != "delivery"]
"""On delivery neither release is sure of a new wording."""
REPLIES = {reply for _, reply in TOPICS.values()}


@pytest.fixture(scope="module")
def undecided_once(turned_once: World, tmp_path_factory: pytest.TempPathFactory) -> World:
    world = turned_once.copied(tmp_path_factory.mktemp("undecided") / "workspace")
    world.spec = msgspec.structs.replace(
        world.spec,
        gate=msgspec.structs.replace(world.spec.gate, pairs=MOST),
        measure=msgspec.structs.replace(world.spec.measure, test_items=10),
    )
    state = world.judged(propose.ask_for_retraining(world.records))
    assert state["outcome"] == ProposalState.UNDECIDED
    return world


@pytest.fixture
def undecided(undecided_once: World, tmp_path: Path) -> World:
    """A live release, and another that understands one more wording: ten questions do not tell."""
    return undecided_once.copied(tmp_path / "workspace")


def proposal_of(world: World) -> Proposal:
    return world.records.query(Proposal, newest=True, limit=1).rows[0]


def ask_all(world: World, texts: Sequence[str], name: str = "asked") -> None:
    live = world.live()
    for number, text in enumerate(texts):
        ask(live, question(text, f"{name} {number}"))
    live.close()


def new_wordings(number: int, form: int = 1) -> list[str]:
    """Questions in a wording that the candidate alone understands, each about something else."""
    start, _, end = NEWLY_ASKED[form].partition("{}")
    return [f"{start}{ABOUT[n % 5]} of size {n + 40}{end}" for n in range(number)]


def prepared(world: World, texts: Sequence[str]) -> list[SideBySide]:
    ask_all(world, texts)
    name = proposal_of(world).proposal_id
    assert side_by_side.prepare(world.parts, name, len(texts)) == len(texts)
    return side_by_side.seen(world.records, name)


def chosen(pair: SideBySide) -> PairChoice:
    """As a reviewer chooses who knows the replies."""
    right = [text in REPLIES for text in pair.shown]
    return {
        (True, True): PairChoice.BOTH,
        (True, False): PairChoice.FIRST,
        (False, True): PairChoice.SECOND,
        (False, False): PairChoice.NEITHER,
    }[right[0], right[1]]


def judge_all(world: World, pairs: Sequence[SideBySide], most: int = MOST) -> Proposal:
    proposal = proposal_of(world)
    for pair in pairs:
        _, proposal = side_by_side.judge(world.parts, pair.pair_id, chosen(pair), "ada", most)
        if proposal.state is not ProposalState.UNDECIDED:
            break
    return proposal


def decision_of(world: World, proposal: Proposal) -> Decision:
    return read_one(world.parts.artefacts, proposal.decision, "decision.json", Decision)


def test_both_releases_answer_what_customers_ask_after_the_turn(undecided: World) -> None:
    name = proposal_of(undecided).proposal_id
    assert side_by_side.prepare(undecided.parts, name, 10) == 0, "nothing was asked since"
    before = undecided.records.count(Interaction)
    *pairs, alike = prepared(undecided, [*new_wordings(3), f"I wonder about {ABOUT[0]}."])
    assert undecided.records.count(Interaction) == before + 4, "what is asked in the shadow is not"
    assert [chosen(pair) for pair in pairs] != [PairChoice.BOTH] * 3
    for pair in pairs:
        assert pair.candidate in REPLIES
        assert pair.current not in REPLIES
        assert not pair.settled
    assert alike.alike
    assert alike.settled
    assert side_by_side.prepare(undecided.parts, name, 10) == 0, "each is asked once"
    assert side_by_side.waiting(undecided.records, name) == 3


def test_what_says_nothing_of_either_is_left_out(undecided: World) -> None:
    text = f"Good morning team, {new_wordings(1)[0]}"
    ask_all(undecided, [text, f"  {text.upper()} ", "I want to speak to a person."])
    live = undecided.live()
    ask(live, question("Only the team asks this.", "team", origin=Origin.PLAYGROUND))
    follow_up = msgspec.structs.replace(
        question("And in winter?", "later"),
        messages=(
            Message("user", text),
            Message("assistant", "Yes."),
            Message("user", "And in winter?"),
        ),
    )
    ask(live, follow_up)
    name = proposal_of(undecided).proposal_id
    assert side_by_side.prepare(undecided.parts, name, 10) == 1
    (pair,) = side_by_side.seen(undecided.records, name)
    assert pair.question == text
    assert side_by_side.prepare(undecided.parts, name, 10) == 0, "not again, whatever greets it"


def test_people_find_it_better_and_then_a_person_promotes_it(undecided: World) -> None:
    before = promote.live(undecided.records)
    waiting = proposal_of(undecided)
    with pytest.raises(GateNotMet, match=r"Undecided.*northloop pairs next"):
        promote.promote_release(undecided.parts.artefacts, undecided.records, waiting.release)
    ended = judge_all(undecided, prepared(undecided, new_wordings(30)))
    assert ended.state is ProposalState.READY
    decision = decision_of(undecided, ended)
    assert decision.promote
    judged = sum(p.choice is not None for p in undecided.records.query(SideBySide).rows)
    assert decision.reason.startswith(f"Passed: people judged {judged} pairs")
    assert promote.live(undecided.records) == before, "nobody has promoted it yet"
    promote.promote_release(undecided.parts.artefacts, undecided.records, ended.release, "ada")
    assert promote.live(undecided.records) == ended.release
    assert proposal_of(undecided).state is ProposalState.PROMOTED


def test_people_find_it_no_better(undecided: World) -> None:
    pairs = prepared(undecided, new_wordings(30))
    contrary = {PairChoice.FIRST: PairChoice.SECOND, PairChoice.SECOND: PairChoice.FIRST}
    for pair in pairs:
        wrong = contrary.get(chosen(pair), PairChoice.NEITHER)
        _, ended = side_by_side.judge(undecided.parts, pair.pair_id, wrong, "ada", MOST)
        if ended.state is not ProposalState.UNDECIDED:
            break
    assert ended.state is ProposalState.REFUSED
    assert not decision_of(undecided, ended).promote
    with pytest.raises(GateNotMet, match="people judged"):
        promote.promote_release(undecided.parts.artefacts, undecided.records, ended.release)
    with pytest.raises(InputError, match="refused already"):
        side_by_side.judge(undecided.parts, pairs[-1].pair_id, PairChoice.BOTH, "bob", MOST)
    assert side_by_side.undecided(undecided.records) == []


def test_the_first_choice_stands(undecided: World) -> None:
    pair = prepared(undecided, new_wordings(1))[0]
    first = chosen(pair)
    for choice in (first, PairChoice.NEITHER):
        kept, _ = side_by_side.judge(undecided.parts, pair.pair_id, choice, "ada", MOST)
        assert kept.choice is first
    with pytest.raises(Overtaken, match="ada has judged"):
        side_by_side.judge(undecided.parts, pair.pair_id, first, "bob", MOST)
    with pytest.raises(NotFound):
        side_by_side.judge(undecided.parts, "nothing", PairChoice.BOTH, "ada", MOST)


def test_no_more_is_asked_of_people_than_is_allowed(undecided: World) -> None:
    ended = judge_all(undecided, prepared(undecided, new_wordings(6)), most=4)
    assert ended.state is ProposalState.REFUSED
    assert undecided.records.count(SideBySide) == 6


def test_what_both_answer_alike_waits_for_nobody(undecided: World) -> None:
    ask_all(undecided, [f"I wonder about {about} and more." for about in ABOUT] * 2)
    side_by_side.look_ahead(undecided.parts, MOST)
    name = proposal_of(undecided).proposal_id
    assert side_by_side.waiting(undecided.records, name) == 0
    assert len(side_by_side.seen(undecided.records, name)) == 5
    ask_all(undecided, new_wordings(30), "new")
    side_by_side.look_ahead(undecided.parts, MOST)
    few = range(side_by_side.AHEAD // 2, side_by_side.AHEAD + 1)
    assert side_by_side.waiting(undecided.records, name) in few, "not all at once"


def test_the_loop_goes_on_beside_it(undecided: World) -> None:
    said = propose.explain(undecided.parts, 5)
    assert "is undecided: judge its answers" in said
    waiting = proposal_of(undecided)
    another = propose.ask_for_retraining(undecided.records)
    assert another.proposal_id != waiting.proposal_id, "it stops nobody from proposing the next"
    rejected = propose.reject(undecided.parts, waiting.proposal_id)
    assert rejected.state is ProposalState.REJECTED
    assert side_by_side.undecided(undecided.records) == []


def test_it_is_over_once_another_release_is_live(undecided: World) -> None:
    pair = prepared(undecided, new_wordings(1))[0]
    name = proposal_of(undecided).proposal_id
    base = next(
        a.hash
        for a in undecided.parts.artefacts.list(Kind.RELEASE)
        if a.manifest.meta["kind"] == "base"
    )
    arm_before = promote.live(undecided.records)
    deployed = promote.newest_deployment(undecided.records)
    assert deployed is not None
    undecided.records.add(
        msgspec.structs.replace(
            deployed,
            deployment_id="another",
            version=deployed.version + 1,
            arms=(msgspec.structs.replace(deployed.arms[0], release=base),),
        )
    )
    assert promote.live(undecided.records) == base != arm_before
    assert side_by_side.undecided(undecided.records) == []
    states = {p.proposal_id: p.state for p in propose.proposals(undecided.parts)}
    assert states[name] is ProposalState.OUTDATED
    with pytest.raises(InputError, match="another release went live"):
        side_by_side.judge(undecided.parts, pair.pair_id, PairChoice.BOTH, "ada", MOST)


def test_what_waits_keeps_what_comes_after_it_from_counting(undecided: World) -> None:
    alike = [f"I wonder about {about}." for about in ABOUT]
    pairs = prepared(undecided, [alike[0], *new_wordings(2), *alike[1:]])
    assert [p.alike for p in pairs] == [True, False, False, *[True] * 4]
    assert side_by_side.counted(pairs) == pairs[:1]
    _, second, third = pairs[:3]
    for judged, counts in ((third, 1), (second, 7)):
        side_by_side.judge(undecided.parts, judged.pair_id, chosen(judged), "ada", MOST)
        seen = side_by_side.seen(undecided.records, second.proposal_id)
        assert len(side_by_side.counted(seen)) == counts


def test_a_rejected_release_is_not_tried_anew(undecided: World) -> None:
    first = proposal_of(undecided)
    propose.reject(undecided.parts, first.proposal_id)
    state = undecided.judged(propose.ask_for_retraining(undecided.records))
    again = proposal_of(undecided)
    assert again.proposal_id != first.proposal_id
    assert state["decision"] == first.decision, "the same release beside the same one"
    assert again.state is ProposalState.REJECTED
    assert side_by_side.undecided(undecided.records) == []


def test_what_people_refused_is_not_tried_anew(undecided: World) -> None:
    ended = judge_all(undecided, prepared(undecided, new_wordings(6)), most=4)
    assert ended.state is ProposalState.REFUSED
    undecided.judged(propose.ask_for_retraining(undecided.records))
    again = proposal_of(undecided)
    assert (again.state, again.decision) == (ProposalState.REFUSED, ended.decision)


def test_a_decision_that_no_turn_ended_with_promotes_nothing(undecided: World) -> None:
    """Another process rejected the release between the decision and the proposal."""
    ready = judge_all(undecided, prepared(undecided, new_wordings(30)))
    assert ready.state is ProposalState.READY
    meta = undecided.parts.artefacts.get(ready.decision).manifest.meta
    undecided.records.replace(
        msgspec.structs.replace(
            ready, state=ProposalState.REJECTED, decision=meta[promote.UNDECIDED]
        )
    )
    with pytest.raises(GateNotMet):
        promote.promote_release(undecided.parts.artefacts, undecided.records, ready.release)


def test_a_customer_who_is_forgotten_meanwhile_leaves_nothing(
    undecided: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    live = undecided.live()
    ask(live, msgspec.structs.replace(question(new_wordings(1)[0], "hers"), customer_id="hedy"))
    said = side_by_side._said

    def forgotten_then(*given: object, **more: object) -> list[str]:
        forget(undecided.records, "default", "hedy")
        return said(*given, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(side_by_side, "_said", forgotten_then)
    side_by_side.prepare(undecided.parts, proposal_of(undecided).proposal_id, 10)
    assert undecided.records.count(SideBySide) == 0


def test_one_turn_that_cannot_be_opened_keeps_no_other_waiting(undecided: World) -> None:
    first = proposal_of(undecided)
    broken = msgspec.structs.replace(first, proposal_id="broken", decision="0" * 64)
    undecided.records.add(broken)
    ask_all(undecided, new_wordings(4))
    side_by_side.look_ahead(undecided.parts, MOST)
    assert side_by_side.waiting(undecided.records, first.proposal_id) == 4


def test_questions_are_looked_through_once(undecided: World) -> None:
    name = proposal_of(undecided).proposal_id
    assert len(prepared(undecided, new_wordings(6))) == 6
    before = undecided.records.get(side_by_side.LookedThrough, name).place
    assert side_by_side.prepare(undecided.parts, name, 10) == 0
    assert undecided.records.get(side_by_side.LookedThrough, name).place == before
    ask_all(undecided, new_wordings(8), "more")
    assert side_by_side.prepare(undecided.parts, name, 10) == 2
    assert side_by_side.prepare(undecided.parts, name, 10) == 0


def test_a_forgotten_customer_is_in_no_pair(undecided: World) -> None:
    live = undecided.live()
    text = new_wordings(1)[0]
    ask(live, msgspec.structs.replace(question(text, "hers"), customer_id="hedy"))
    ask_all(undecided, new_wordings(3)[1:])
    side_by_side.prepare(undecided.parts, proposal_of(undecided).proposal_id, 10)
    assert going(undecided.records, "default", "hedy").counts["SideBySide"] == 1
    forget(undecided.records, "default", "hedy")
    left = undecided.records.query(SideBySide).rows
    assert len(left) == 2
    assert all(pair.question != text for pair in left)


# --- passed over, and taken back ---------------------------------------------------------------


def skip(world: World, pair: SideBySide, reason: SkipReason, by: str = "ada") -> SideBySide:
    return side_by_side.skip(world.parts, pair.pair_id, reason, by, MOST)[0]


def undo(world: World, pair: SideBySide, by: str = "ada") -> SideBySide:
    return side_by_side.undo(world.parts, pair.pair_id, by)


def test_what_cannot_be_told_is_missing_and_waits_for_nobody(undecided: World) -> None:
    pair = prepared(undecided, new_wordings(1))[0]
    kept = skip(undecided, pair, SkipReason.CANNOT_TELL)
    assert (kept.skip, kept.by, kept.choice) == (SkipReason.CANNOT_TELL, "ada", None)
    assert kept.settled
    assert side_by_side.waiting(undecided.records, pair.proposal_id) == 0
    assert skip(undecided, pair, SkipReason.OTHER) == kept, "the first reason stands"
    again, _ = side_by_side.judge(undecided.parts, pair.pair_id, PairChoice.BOTH, "ada", MOST)
    assert again == kept, "it is taken back before it is judged"
    with pytest.raises(Overtaken, match="ada has judged"):
        side_by_side.judge(undecided.parts, pair.pair_id, PairChoice.BOTH, "bob", MOST)


def test_what_is_left_to_others_waits_and_keeps_the_rest_waiting(undecided: World) -> None:
    first, second = prepared(undecided, new_wordings(2))
    for by, reason in (("ada", SkipReason.NEEDS_COLLEAGUE), ("cy", SkipReason.NOT_MY_LANGUAGE)):
        kept = skip(undecided, first, reason, by)
    assert kept.left_by == {
        "ada": SkipReason.NEEDS_COLLEAGUE,
        "cy": SkipReason.NOT_MY_LANGUAGE,
    }
    assert not kept.settled
    side_by_side.judge(undecided.parts, second.pair_id, chosen(second), "ada", MOST)
    seen = side_by_side.seen(undecided.records, first.proposal_id)
    assert side_by_side.counted(seen) == []
    assert undo(undecided, first, "cy").left_by == {"ada": SkipReason.NEEDS_COLLEAGUE}
    side_by_side.judge(undecided.parts, first.pair_id, chosen(first), "bob", MOST)
    seen = side_by_side.seen(undecided.records, first.proposal_id)
    assert side_by_side.counted(seen) == seen


def test_the_last_choice_is_taken_back_and_only_by_who_made_it(undecided: World) -> None:
    first, second, third = prepared(undecided, new_wordings(3))
    side_by_side.judge(undecided.parts, first.pair_id, PairChoice.NEITHER, "ada", MOST)
    side_by_side.judge(undecided.parts, second.pair_id, PairChoice.NEITHER, "bob", MOST)
    with pytest.raises(Overtaken, match="ada has judged"):
        undo(undecided, first, "bob")
    assert undo(undecided, first) == first
    with pytest.raises(InputError, match="nothing was said"):
        undo(undecided, first)
    with pytest.raises(InputError, match="nothing was said"):
        undo(undecided, third)
    side_by_side.judge(undecided.parts, first.pair_id, PairChoice.BOTH, "ada", MOST)
    skip(undecided, third, SkipReason.OTHER)
    with pytest.raises(InputError, match="only the last"):
        undo(undecided, first)
    assert undo(undecided, third) == third
    assert undo(undecided, first) == first
    with pytest.raises(NotFound):
        side_by_side.undo(undecided.parts, "nothing", "ada")


@pytest.mark.parametrize("better", [True, False])
def test_what_has_decided_a_turn_is_not_taken_back(undecided: World, better: bool) -> None:
    pairs = prepared(undecided, new_wordings(30))
    if better:
        ended = judge_all(undecided, pairs)
        assert ended.state is ProposalState.READY
    else:
        ended = judge_all(undecided, pairs, most=4)
        assert ended.state is ProposalState.REFUSED
    given = [p for p in side_by_side.seen(undecided.records, ended.proposal_id) if p.choice]
    for pair in (given[0], given[-1]):
        with pytest.raises(InputError, match=r"it is decided|refused already"):
            undo(undecided, pair)
    assert proposal_of(undecided) == ended


def test_a_choice_that_is_taken_back_meanwhile_decides_nothing(
    undecided: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between the look at the evidence and the decision."""
    pairs = prepared(undecided, new_wordings(4))
    given = [*pairs[:3]]
    judge_all(undecided, given)
    rule = side_by_side.ruling

    def taken_back_then(*looked: object) -> object:
        found = rule(*looked)  # type: ignore[arg-type]
        undo(undecided, pairs[3])
        return found

    monkeypatch.setattr(side_by_side, "ruling", taken_back_then)
    _, turn = side_by_side.judge(undecided.parts, pairs[3].pair_id, PairChoice.BOTH, "ada", 4)
    assert turn is not None
    assert turn.state is ProposalState.UNDECIDED
    assert not undecided.records.get(SideBySide, pairs[3].pair_id).given
