"""From a verdict to the next release, and back."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import msgspec
import pytest

from loop.test_live import asked
from loop.world import ASKED, TOPICS, TrainingBroke, World, ask, question
from northloop.core.artefacts import Decision, Kind, Report, RestsOn, TuneSpec
from northloop.core.conversation import Example, Split
from northloop.core.errors import GateNotMet, InputError
from northloop.core.ids import content_hash
from northloop.core.interaction import (
    Interaction,
    Proposal,
    ProposalState,
    ReviewItem,
    SkipReason,
    Source,
    Step,
    Verdict,
    VerdictKind,
)
from northloop.core.treatment import Mode
from northloop.loop import lineage, promote, propose, steps
from northloop.loop.bundles import read_lines, read_one
from northloop.loop.pairs import load_release
from northloop.loop.treatments import RESTS_ON
from northloop.ports.jobs import State
from northloop.stages.monitoring import review
from northloop.stages.monitoring.review import Judgement
from northloop.stages.monitoring.scorecard import scorecard
from northloop.stages.training.sample import lesson

NOW = "2026-05-01T10:00:00+00:00"
BETTER = "Boots are exchanged free of charge within six weeks."


def corrected(
    world: World,
    count: int,
    kind: VerdictKind = VerdictKind.INCORRECT,
    *,
    texts: Sequence[str] = (),
    alike: bool = False,
) -> list[Verdict]:
    """Ask questions, put each before a reviewer, and correct the answers.

    `alike` for answers that were drawn alike, else they were drawn where a verdict teaches most."""
    live = world.live()
    verdicts = []
    for number in range(count):
        text = f"Do you exchange boots that gave me {number + 2} blisters on the Eiger trail?"
        text = texts[number] if texts else text
        name = texts[number] if texts else str(number)
        _, kept = ask(live, question(text, f"asked {name}"))
        item = ReviewItem(
            review_id=f"review {name}",
            interaction_id=kept.interaction_id,
            at=NOW,
            probability=0.1,
            uniform=alike,
        )
        world.records.add(item)
        given = Judgement(
            review_id=item.review_id,
            kind=kind,
            correction=f"{BETTER} Number {number}.",
            reviewer="ada",
        )
        verdicts.append(live.judge(given, NOW))
    return verdicts


def judged_anew(world: World, verdict: Verdict, **changed: object) -> None:
    """The reviewer judges otherwise now."""
    said = {
        "review_id": verdict.review_id,
        "kind": verdict.kind,
        "correction": verdict.correction,
        "reviewer": verdict.reviewer,
    }
    review.submit(world.records, Judgement(**{**said, **changed}), NOW)


def rows(world: World, dataset: str) -> list[Example]:
    return read_lines(world.parts.artefacts, dataset, steps.EXAMPLES, Example)


def proposed(world: World, minimum: int = 1) -> Proposal:
    proposal = propose.propose_retraining(world.records, minimum)
    assert proposal is not None
    return proposal


def test_a_retraining_takes_in_what_reviewers_taught(turned: World) -> None:
    first = turned.parts.artefacts.list(Kind.DATASET)[0].hash
    before = promote.live(turned.records)
    verdicts = corrected(turned, 3)
    proposal = proposed(turned)
    assert proposal.verdicts == tuple(v.verdict_id for v in verdicts)
    state = turned.turn(proposal)
    taught = [r for r in rows(turned, state["dataset"]) if r.origin[0].startswith("verdict:")]
    assert {r.origin for r in taught} == {(f"verdict:{v.verdict_id}",) for v in verdicts}
    assert {r.split for r in taught} == {Split.TRAIN}
    assert turned.parts.artefacts.get(state["dataset"]).manifest.parents == (first,)
    assert turned.parts.artefacts.get(state["dataset"]).manifest.meta["taught"] == "3"
    learnt = [row.completion for row in turned.trainer.tuned[-1]]
    assert sum(BETTER in text for text in learnt) == 3, "no more often than what went right"
    assert state["current"] == before
    assert promote.live(turned.records) == state["release"] != before
    assert turned.records.get(Proposal, proposal.proposal_id).state is ProposalState.PROMOTED


MATTERS = (
    "Could a dog sleep in the two-person tent as well?",
    "How is a jacket washed on Mars?",
    "Who repairs zips that broke on Kilimanjaro?",
    "Does the warranty cover lightning?",
    "Does the stove burn with alcohol from a pharmacy?",
    "Who repairs a tent pole that a bear bent?",
)
"""Three of them are drawn for the test."""
HANDED_OFF = "Will a parcel reach my igloo?"
"""Drawn for it, too, but nothing is said to it."""


def test_half_of_what_was_drawn_alike_is_measured_on_and_not_learnt(turned: World) -> None:
    asked = (*MATTERS, HANDED_OFF)
    verdicts = corrected(turned, len(asked), texts=asked, alike=True)
    state = turned.judged(proposed(turned))
    found = {r.origin[0]: r for r in rows(turned, state["dataset"]) if r.judged}
    assert len(found) == len(verdicts)
    wanted = {
        f"verdict:{v.verdict_id}": Split.TEST
        if review.drawn_for_the_test(text) and text != HANDED_OFF
        else Split.TRAIN
        for v, text in zip(verdicts, asked, strict=True)
    }
    assert {name: row.split for name, row in found.items()} == wanted
    assert [*wanted.values()].count(Split.TEST) == 3
    held = [row for row in found.values() if row.split is Split.TEST]
    learnt = " ".join(row.completion for row in turned.trainer.tuned[-1])
    assert all(row.reply not in learnt for row in held)
    report = read_one(turned.parts.artefacts, state["report"], "report.json", Report)
    assert {row.example_id for row in held} <= {r.example_id for r in report.results}
    made = promote.decision_about(turned.parts.artefacts, turned.records, state["release"])
    assert made is not None
    assert made.replay is not None
    assert made.replay.asked == len(verdicts) - len(held), (
        "of what was not taught nothing has arrived"
    )


def test_what_was_measured_on_stays_so_in_the_next_turn(turned: World) -> None:
    corrected(turned, 3, texts=MATTERS[:3], alike=True)
    first = turned.judged(proposed(turned))["dataset"]
    held = {r.example_id for r in rows(turned, first) if r.judged and r.split is Split.TEST}
    assert held
    corrected(turned, 3, texts=MATTERS[3:], alike=True)
    second = turned.judged(propose.ask_for_retraining(turned.records))["dataset"]
    after = {r.example_id for r in rows(turned, second) if r.judged and r.split is Split.TEST}
    assert held < after


def test_a_test_question_that_is_corrected_anew_is_not_learnt(turned: World) -> None:
    text = next(text for text in MATTERS if review.drawn_for_the_test(text))
    (verdict,) = corrected(turned, 1, texts=[text], alike=True)
    first = turned.turn(propose.ask_for_retraining(turned.records))
    (before,) = [r for r in rows(turned, first["dataset"]) if r.judged]
    assert before.split is Split.TEST
    again = Judgement(
        review_id="not drawn",
        interaction_id=verdict.interaction_id,
        kind=VerdictKind.INCORRECT,
        correction="Ask the astronomer.",
        reviewer="ben",
    )
    review.submit(turned.records, again, NOW)
    second = turned.judged(propose.ask_for_retraining(turned.records))
    (after,) = [r for r in rows(turned, second["dataset"]) if r.judged]
    assert (after.split, after.reply) == (Split.TEST, "Ask the astronomer.")


def test_the_test_split_is_frozen(turned: World) -> None:
    first = turned.parts.artefacts.list(Kind.DATASET)[0].hash
    corrected(turned, 2)
    second = turned.turn(proposed(turned))["dataset"]
    assert first != second
    for split in (Split.TEST, Split.VALIDATION):
        old, new = ([r for r in rows(turned, d) if r.split is split] for d in (first, second))
        assert old == new
        assert old


def material_of(state: State) -> tuple[str, ...]:
    return state["dataset"], state["knowledge"], state["asked"]


def test_training_goes_on_from_the_live_adapter(turned: World) -> None:
    before = load_release(turned.parts.artefacts, promote.live(turned.records) or "")
    corrected(turned, 1)
    state = turned.turn(proposed(turned))
    parents = turned.parts.artefacts.get(state["adapter"]).manifest.parents
    assert parents == (*material_of(state), before.adapter)


def test_a_retraining_reads_on_where_the_one_before_stopped(world: World) -> None:
    world.spec = msgspec.structs.replace(world.spec, tune=TuneSpec(base="tiny", max_examples=12))
    world.first_turn()
    taught = {f"verdict:{v.verdict_id}" for v in corrected(world, 2)}
    second = world.turn(proposed(world))
    adapters = world.parts.artefacts.list(Kind.ADAPTER)
    late, early = (
        {*read_one(world.parts.artefacts, a.hash, "run.json", steps.Run).learnt} for a in adapters
    )
    assert len(early) == 12
    assert early < late
    assert len(late) == 12 + 9, "a quarter of the second training rehearses the first"
    origins = {r.origin[0] for r in rows(world, second["dataset"]) if lesson(r) in late - early}
    assert taught < origins


def test_too_few_corrections_make_no_proposal(turned: World) -> None:
    corrected(turned, 2)
    assert propose.propose_retraining(turned.records, 3) is None
    assert propose.explain(turned.parts, 3) == (
        "Waiting for one more correction before a retraining is proposed."
    )
    assert proposed(turned, 2).state is ProposalState.OPEN


def test_verdicts_without_correction_teach_nothing(turned: World) -> None:
    verdict = corrected(turned, 1)[0]
    for changed in ({"correction": ""}, {"skip": SkipReason.OTHER}):
        judged_anew(turned, verdict, **changed)
        assert propose.propose_retraining(turned.records, 1) is None


def test_what_was_confirmed_goes_in_beside_corrections_but_proposes_nothing(turned: World) -> None:
    wrong, right = corrected(turned, 2)
    asked = turned.records.get(Interaction, right.interaction_id)
    said = msgspec.structs.replace(asked, source=Source.GENERATED, answer="Yes, free of charge.")
    turned.records.replace(said)
    judged_anew(turned, right, kind=VerdictKind.CORRECT, correction="")
    assert propose.propose_retraining(turned.records, 2) is None
    assert propose.new_verdicts(turned.records) == [wrong]
    state = turned.turn(proposed(turned, 1))
    assert [
        (r.question, r.reply)
        for r in rows(turned, state["dataset"])
        if r.origin == (f"confirmed:{right.verdict_id}",)
    ] == [(said.question, said.answer)]
    assert any(said.answer in row.completion for row in turned.trainer.tuned[-1])


def test_corrections_that_become_no_training_pair_make_no_proposal(turned: World) -> None:
    verdict = corrected(turned, 1)[0]
    kept = turned.records.get(Interaction, verdict.interaction_id)
    after_others = content_hash("a conversation before it")
    turned.records.replace(msgspec.structs.replace(kept, asked=after_others, turn=2))
    judged_anew(turned, verdict, reason="it says nothing without what came before")
    assert propose.propose_retraining(turned.records, 1) is None


def test_there_is_one_open_proposal_at_a_time(turned: World) -> None:
    verdicts = corrected(turned, 2)
    first = proposed(turned)
    turned.records.add(msgspec.structs.replace(verdicts[0], verdict_id="one more"))
    assert proposed(turned) == first


def test_enough_corrections_propose_by_themselves_and_the_rule_approves(turned: World) -> None:
    corrected(turned, 2)
    assert propose.after_verdict(turned.records, 3, "person") is None
    waiting = propose.after_verdict(turned.records, 2, "person")
    assert waiting is not None
    assert waiting.state is ProposalState.OPEN
    approved = propose.after_verdict(turned.records, 2, "rule")
    assert approved == msgspec.structs.replace(waiting, state=ProposalState.APPROVED)


def test_a_person_may_ask_for_a_turn_without_corrections(turned: World) -> None:
    asked_for = propose.ask_for_retraining(turned.records)
    assert asked_for.verdicts == ()
    assert "tickets, documents or settings" in asked_for.reason
    assert propose.ask_for_retraining(turned.records) == asked_for
    assert turned.turn(asked_for)["outcome"] in ("ready", "refused")


def test_an_undone_verdict_teaches_nothing(turned: World) -> None:
    undone, kept = corrected(turned, 2)
    proposal = proposed(turned)
    review.undo(turned.records, undone.verdict_id)
    state = turned.turn(proposal)
    taught = [r.origin for r in rows(turned, state["dataset"]) if r.origin[0].startswith("verdict")]
    assert taught == [(f"verdict:{kept.verdict_id}",)]


def test_a_failed_turn_can_be_given_up(turned: World) -> None:
    corrected(turned, 1)
    proposal = proposed(turned)
    turned.trainer.failures = 1
    with pytest.raises(TrainingBroke):
        turned.turn(proposal)
    assert propose.reject(turned.parts, proposal.proposal_id).state is ProposalState.REJECTED
    assert proposed(turned).proposal_id != proposal.proposal_id


def test_an_adapter_of_another_shape_is_not_gone_on_from(turned: World) -> None:
    corrected(turned, 1)
    turned.spec = msgspec.structs.replace(turned.spec, tune=TuneSpec(base="tiny", rank=16))
    state = turned.turn(proposed(turned))
    parents = turned.parts.artefacts.get(state["adapter"]).manifest.parents
    assert parents == material_of(state)


def test_rolling_back_twice_goes_back_two_releases(turned: World) -> None:
    for _ in range(2):
        assert turned.turn(propose.ask_for_retraining(turned.records))["outcome"] == "ready"
    third, second, first = (p.release for p in reversed(promote.deployments(turned.records)))
    assert promote.live(turned.records) == third
    assert promote.roll_back(turned.records).release == second
    assert promote.roll_back(turned.records).release == first
    with pytest.raises(InputError, match="no earlier release"):
        promote.roll_back(turned.records)
    assert promote.roll_back(turned.records, third).release == third


def test_taken_in_verdicts_are_not_new_any_more(turned: World) -> None:
    corrected(turned, 2)
    turned.turn(proposed(turned))
    assert propose.new_verdicts(turned.records) == []
    assert propose.propose_retraining(turned.records, 1) is None


def test_the_verdicts_of_a_rejected_proposal_stay_for_the_next(turned: World) -> None:
    corrected(turned, 2)
    rejected = propose.reject(turned.parts, proposed(turned).proposal_id)
    assert len(propose.new_verdicts(turned.records)) == 2
    next_ = proposed(turned)
    assert next_.state is ProposalState.OPEN
    assert next_.verdicts == rejected.verdicts
    assert turned.turn(next_)["outcome"] == "ready"


@pytest.mark.parametrize("ended", [ProposalState.REFUSED, ProposalState.REJECTED])
def test_a_first_training_that_came_to_nothing_can_be_proposed_again(
    world: World, ended: ProposalState
) -> None:
    first = propose.propose_first(world.records)
    assert propose.propose_first(world.records) == first
    world.records.replace(msgspec.structs.replace(first, state=ended))
    again = propose.propose_first(world.records)
    assert again.state is ProposalState.OPEN
    assert again.proposal_id != first.proposal_id
    assert world.turn(again)["outcome"] == "ready"


def test_a_proposal_is_decided_once(turned: World) -> None:
    corrected(turned, 1)
    name = propose.approve(turned.records, proposed(turned).proposal_id).proposal_id
    with pytest.raises(InputError, match="the proposal is approved already"):
        propose.approve(turned.records, name)
    assert propose.reject(turned.parts, name).state is ProposalState.REJECTED
    with pytest.raises(InputError, match="the proposal is rejected already"):
        propose.reject(turned.parts, name)


def test_roll_back_and_promote_again(turned: World) -> None:
    first = promote.live(turned.records)
    corrected(turned, 1)
    second = turned.turn(proposed(turned))["release"]
    back = promote.roll_back(turned.records)
    assert (back.action, back.release, back.decision) == ("rollback", first, "")
    assert promote.live(turned.records) == first
    forth = promote.promote_release(turned.parts.artefacts, turned.records, second)
    assert promote.live(turned.records) == second
    assert promote.promote_release(turned.parts.artefacts, turned.records, second) == forth
    assert promote.roll_back(turned.records, first).release == first
    actions = [p.action for p in promote.deployments(turned.records)]
    assert actions == ["promote", "promote", "rollback", "promote", "rollback"]


def test_only_what_was_live_can_be_rolled_back_to(turned: World) -> None:
    live = promote.live(turned.records)
    with pytest.raises(InputError, match="no earlier release"):
        promote.roll_back(turned.records)
    with pytest.raises(InputError, match="never live"):
        promote.roll_back(turned.records, "f" * 64)
    assert promote.live(turned.records) == live


def test_a_refused_release_cannot_be_promoted_by_hand(world: World) -> None:
    world.refuses()
    state = world.first_turn()
    with pytest.raises(GateNotMet, match="Refused"):
        promote.promote_release(world.parts.artefacts, world.records, state["release"])
    assert promote.live(world.records) is None


def test_the_untuned_base_can_go_live_where_nothing_is(world: World) -> None:
    world.refuses()
    base = world.first_turn()["current"]
    went = promote.promote_release(world.parts.artefacts, world.records, base)
    assert (went.action, went.decision, promote.live(world.records)) == ("promote", "", base)


def test_the_untuned_base_does_not_replace_what_is_live(turned: World) -> None:
    [base] = [
        a.hash
        for a in turned.parts.artefacts.list(Kind.RELEASE)
        if a.manifest.meta["kind"] == "base"
    ]
    with pytest.raises(GateNotMet, match="not looked at"):
        promote.promote_release(turned.parts.artefacts, turned.records, base)


def test_lineage_from_an_answer_to_its_rows_and_back(turned: World) -> None:
    verdicts = corrected(turned, 1)
    state = turned.turn(proposed(turned))
    about, _ = TOPICS["repairs"]
    _, kept = ask(turned.live(), question(ASKED[0].format(about), "traced"))
    assert kept.intent == "repairs"
    found = lineage.behind(turned.parts.artefacts, turned.records, "traced")
    assert found.release == state["release"] == kept.release
    names = [a.hash for a in found.artefacts]
    assert names[0] == state["release"]
    assert {state[n] for n in ("adapter", "knowledge", "dataset")} < {*names}
    assert [a.manifest.kind for a in found.artefacts].count(Kind.DATASET) == 2
    assert len(names) == len(set(names))
    assert {row.intent for row in found.rows} == {"repairs"}
    ids = [row.example_id for row in found.rows]
    assert len(ids) == len(set(ids))

    origin = f"verdict:{verdicts[0].verdict_id}"
    assert lineage.datasets_with(turned.parts.artefacts, origin) == [state["dataset"]]
    row = found.rows[0]
    both = lineage.datasets_with(turned.parts.artefacts, row.origin[0])
    assert {*both} == {a.hash for a in turned.parts.artefacts.list(Kind.DATASET)}
    made = [a.hash for a in lineage.descendants(turned.parts.artefacts, state["dataset"])]
    assert made == [
        state["asked"],
        state["adapter"],
        state["release"],
        *_reports(turned, state["dataset"]),
        state["decision"],
    ]
    oldest = both[-1]
    assert {*made} < {a.hash for a in lineage.descendants(turned.parts.artefacts, oldest)}


def test_an_answer_from_the_memory_goes_back_to_its_cases(turned: World) -> None:
    verdict = corrected(turned, 1)[0]
    dataset = turned.parts.artefacts.list(Kind.DATASET)[0].hash
    remembered = [row for row in rows(turned, dataset) if row.split is Split.TRAIN][:2]
    _, kept = ask(turned.live(), question(ASKED[0].format("boots"), "first"))
    names = (*(row.example_id for row in remembered), review.taught_id(verdict.verdict_id))
    step = Step(name="treatments", ms=1.0, decision="sent", evidence={"cases": names})
    made = msgspec.structs.replace(kept, trace=(step,), treatment="memory", source=Source.MEMORY)
    turned.records.replace(made)
    found = lineage.behind(turned.parts.artefacts, turned.records, "first").cases
    assert [one.origin for one in found] == [
        *(row.origin for row in remembered),
        (f"verdict:{verdict.verdict_id}",),
    ]
    assert [one.reply for one in found[:2]] == [row.reply for row in remembered]
    assert found[2].reply == verdict.correction


def test_a_quoted_answer_goes_back_to_the_rows_that_rest_on_its_passages(turned: World) -> None:
    [asked_] = turned.parts.artefacts.list(Kind.ASKED)[:1]
    rests = read_lines(turned.parts.artefacts, asked_.hash, RESTS_ON, RestsOn)
    one = next(row for row in rests if row.split == Split.TRAIN)
    _, kept = ask(turned.live(), question(ASKED[0].format("boots"), "quoted"))
    made = msgspec.structs.replace(kept, treatment="quote", evidence=one.passages)
    turned.records.replace(made)
    dataset = turned.parts.artefacts.list(Kind.DATASET)[0].hash
    origins = {row.example_id: row.origin for row in rows(turned, dataset)}
    found = lineage.behind(turned.parts.artefacts, turned.records, "quoted").cases
    assert origins[one.example_id] in [told.origin for told in found]
    assert len(found) == len({told.origin for told in found})


def test_an_answer_of_unknown_intent_rests_on_every_row_that_was_learnt(turned: World) -> None:
    _, kept = ask(turned.live(), question("Verkaufen Sie Skier?", "odd"))
    assert kept.intent == ""
    found = lineage.behind(turned.parts.artefacts, turned.records, "odd")
    dataset = turned.parts.artefacts.list(Kind.DATASET)[0].hash
    assert [*found.rows] == [r for r in rows(turned, dataset) if r.split is Split.TRAIN]
    assert turned.records.count(Interaction) == 1


def _reports(world: World, dataset: str) -> list[str]:
    found = world.parts.artefacts.list(Kind.REPORT)
    return [a.hash for a in reversed(found) if dataset in a.manifest.parents]


def test_rows_are_known_by_their_place_while_their_export_stays_as_it_is(
    world: World, tmp_path: Path
) -> None:
    spec = world.spec
    first = steps.make_dataset(world.parts, spec.prepare, spec.sources, (), None)
    artefacts = world.parts.artefacts
    rows = read_lines(artefacts, first.hash, steps.EXAMPLES, Example)
    ids = {row.example_id: row.split for row in rows}
    known = steps.kept_splits(artefacts, first.hash, spec.sources)
    assert known == ids | {where: row.split for row in rows for where in row.origin}
    # Under another name it is the same export; with one line more it is another.
    old, *others = spec.sources
    moved = msgspec.structs.replace(old, path=tmp_path / "moved.csv")
    moved.path.write_bytes(old.path.read_bytes())
    found = steps.kept_splits(artefacts, first.hash, [moved, *others])
    places = {where for row in rows for where in row.origin if where.startswith(f"{old.label}:")}
    assert places
    assert {where.replace(f"{old.label}:", "moved.csv:") for where in places} <= found.keys()
    assert not places & found.keys()
    moved.path.write_bytes(old.path.read_bytes() + b"\n")
    found = steps.kept_splits(artefacts, first.hash, [moved, *others])
    assert not any(name.startswith("moved.csv:") for name in found)


def test_where_nothing_certifies_no_more_wrong_answers_go_out_than_are_tolerated(
    turned: World,
) -> None:
    """What people judged of the live release is held against `serving.tolerated`."""
    live_ = promote.live(turned.records)
    corrected(turned, 8, texts=[asked(n) for n in range(8)], alike=True)
    found = scorecard(turned.records, live_ or "").wrong_sent
    assert found is not None and found.low > 0.2
    turned.spec = msgspec.structs.replace(turned.spec, mode=Mode.OPEN, tolerated=0.05)
    turned.trainer.gain = -2.0
    state = turned.turn(proposed(turned))
    decision = read_one(turned.parts.artefacts, state["decision"], "decision.json", Decision)
    assert state["outcome"] == "refused"
    assert "would be sent a wrong answer, of 5 % tolerated: people find" in decision.reason
    assert decision.replay is not None and decision.replay.asked
