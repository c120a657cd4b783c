from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import msgspec
import pytest

from loop import world as world_module
from loop.world import FakeTrainer, TrainingBroke, World
from northloop.adapters.distributed.otlp_spans import OtlpSpans
from northloop.core.artefacts import (
    DataCard,
    Decision,
    Foreseen,
    Kind,
    Parity,
    Release,
    Report,
    TuneSpec,
)
from northloop.core.conversation import Example, Split
from northloop.core.deployment import Pair
from northloop.core.errors import InputError
from northloop.core.interaction import Proposal, ProposalState
from northloop.core.treatment import Mode
from northloop.loop import evaluation, promote, propose, steps
from northloop.loop.bundles import read_lines, read_one
from northloop.loop.pairs import load_release
from northloop.loop.turn import STEPS
from northloop.ports.jobs import State
from northloop.stages.data.prepare import PrepareSpec
from receivers import Receiver
from spans_received import told


def hashes(state: State) -> dict[str, str]:
    """A turn's state without its times."""
    return {name: value for name, value in state.items() if not name.endswith("_seconds")}


def state_of(world: World, proposal_id: str) -> ProposalState:
    return world.records.get(Proposal, proposal_id).state


def examples(world: World, dataset: str, split: Split) -> list[Example]:
    rows = read_lines(world.parts.artefacts, dataset, steps.EXAMPLES, Example)
    return [row for row in rows if row.split is split]


def pair_of(world: World, release: str) -> Pair:
    return Pair(release, world.parts.artefacts.list(Kind.KNOWLEDGE)[0].hash)


def test_a_turn_ends_with_a_release_that_waits_for_a_person(world: World) -> None:
    proposal = propose.propose_first(world.records)
    assert proposal.state is ProposalState.OPEN
    state = world.judged(proposal)
    ended = world.records.get(Proposal, proposal.proposal_id)
    assert state["outcome"] == "ready"
    assert ended.state is ProposalState.READY
    assert (ended.decision, ended.release, ended.against) == (
        state["decision"],
        state["release"],
        "",
    )
    assert promote.live(world.records) is None, "it does not go live by itself"
    assert [s.step for s in world.parts.runner().status(proposal.proposal_id)] == [*STEPS]
    card = read_one(world.parts.artefacts, state["dataset"], steps.CARD, DataCard)
    assert card.splits[Split.TEST] == 24
    assert not [*world.parts.work.iterdir()], "a finished training leaves no scratch behind"


def test_the_release_names_all_that_can_change_an_answer(world: World) -> None:
    state = world.first_turn()
    base = load_release(world.parts.artefacts, state["current"])
    tuned = load_release(world.parts.artefacts, state["release"])
    assert base.adapter is None
    assert base.thresholds.confidence == base.thresholds.retrieval == 0.0
    assert tuned.adapter == state["adapter"]
    assert tuned.asked == state["asked"]
    assert 0 < tuned.thresholds.retrieval < 1
    assert tuned.thresholds.foreseen == Foreseen(questions=6, right=6, wrong=0)
    same_but = msgspec.structs.replace(tuned, adapter=None, thresholds=base.thresholds)
    assert same_but == base


def test_where_people_decide_drafts_are_judged_and_else_what_is_sent(turned: World) -> None:
    pair = Pair(
        promote.live(turned.records) or "", turned.parts.artefacts.list(Kind.KNOWLEDGE)[0].hash
    )
    dataset = turned.parts.artefacts.list(Kind.DATASET)[0].hash
    sent, drafts = (
        read_one(turned.parts.artefacts, made.hash, "report.json", Report)
        for by in (False, True)
        for made in [
            evaluation.make_report(turned.parts, pair, dataset, turned.spec.measure, drafts=by)
        ]
    )
    assert (sent.drafts, drafts.drafts) == (False, True)
    assert drafts.score("answered").value == 1.0
    decision = turned.parts.artefacts.list(Kind.DECISION)[0]
    assert decision.manifest.meta["drafts"] == "true"
    assert read_one(turned.parts.artefacts, decision.hash, "decision.json", Decision).drafts


def test_a_turn_that_goes_on_in_another_mode_compares_like_with_like(turned: World) -> None:
    turned.spec = msgspec.structs.replace(
        turned.spec, mode=Mode.OPEN, tune=TuneSpec(base="tiny", seed=2)
    )
    turned.trainer.failures = 1
    proposal = propose.ask_for_retraining(turned.records)
    with pytest.raises(TrainingBroke):
        turned.judged(proposal)
    spec = msgspec.structs.replace(turned.spec, mode=Mode.CERTIFIED)
    state = propose.carry_out(turned.parts, spec, proposal.proposal_id)
    by = [
        read_one(turned.parts.artefacts, state[name], "report.json", Report).drafts
        for name in ("report", "current_report")
    ]
    assert by == [True, True]
    made = turned.parts.artefacts.get(state["decision"])
    assert {state["report"], state["current_report"]} <= {*made.manifest.parents}


def test_reports_of_a_decision_are_on_the_same_questions_however_they_were_made(
    turned: World,
) -> None:
    few = msgspec.structs.replace(turned.spec.measure, test_items=12)
    turned.spec = msgspec.structs.replace(
        turned.spec, measure=few, tune=TuneSpec(base="tiny", seed=2)
    )
    turned.trainer.failures = 1
    proposal = propose.ask_for_retraining(turned.records)
    with pytest.raises(TrainingBroke):
        turned.judged(proposal)
    more = msgspec.structs.replace(few, test_items=20)
    spec = msgspec.structs.replace(turned.spec, measure=more)
    state = propose.carry_out(turned.parts, spec, proposal.proposal_id)
    asked = [
        len(read_one(turned.parts.artefacts, state[name], "report.json", Report).results)
        for name in ("report", "current_report")
    ]
    assert asked == [20, 20]
    made = turned.parts.artefacts.get(state["decision"])
    assert {state["report"], state["current_report"]} <= {*made.manifest.parents}


def test_a_training_that_improves_nothing_is_refused(world: World) -> None:
    world.refuses()
    proposal = propose.propose_first(world.records)
    state = world.turn(proposal)
    decision = read_one(world.parts.artefacts, state["decision"], "decision.json", Decision)
    assert not decision.promote
    assert "right answers are not shown to outnumber wrong ones" in decision.reason
    assert 'With serving.mode = "certified" it may begin' in decision.reason
    assert promote.live(world.records) is None
    assert state_of(world, proposal.proposal_id) is ProposalState.REFUSED


def test_a_worse_release_is_refused_and_the_live_one_stays(turned: World) -> None:
    before = promote.live(turned.records)
    turned.trainer = FakeTrainer(gain=-1.5)
    turned.spec = msgspec.structs.replace(turned.spec, tune=TuneSpec(base="tiny", seed=2))
    proposal = Proposal(proposal_id="worse", at="", reason="", state=ProposalState.OPEN)
    turned.records.add(proposal)
    state = turned.turn(proposal)
    decision = read_one(turned.parts.artefacts, state["decision"], "decision.json", Decision)
    assert state["current"] == before == decision.current
    assert "right may be worse" in decision.reason
    assert state_of(turned, "worse") is ProposalState.REFUSED
    assert promote.live(turned.records) == before
    assert len(promote.deployments(turned.records)) == 1


def test_the_same_inputs_give_the_same_hashes(tmp_path: Path) -> None:
    worlds = [World(tmp_path / name) for name in ("one", "two")]
    first, second = (world.first_turn() for world in worlds)
    assert hashes(first) == hashes(second)


def test_another_seed_gives_another_adapter_of_the_same_dataset(tmp_path: Path) -> None:
    worlds = [World(tmp_path / name) for name in ("one", "two")]
    worlds[1].spec = msgspec.structs.replace(worlds[1].spec, tune=TuneSpec(base="tiny", seed=2))
    first, second = (world.first_turn() for world in worlds)
    assert first["dataset"] == second["dataset"]
    assert first["knowledge"] == second["knowledge"]
    assert first["adapter"] != second["adapter"]
    assert first["release"] != second["release"]


def test_a_failed_turn_goes_on_where_it_stood(tmp_path: Path) -> None:
    unbroken = World(tmp_path / "unbroken").first_turn()
    world = World(tmp_path / "broken", FakeTrainer(failures=1))
    proposal = propose.propose_first(world.records)
    with pytest.raises(TrainingBroke):
        world.turn(proposal)
    assert state_of(world, proposal.proposal_id) is ProposalState.FAILED
    done = [s.step for s in world.parts.runner().status(proposal.proposal_id)]
    assert done == ["dataset", "knowledge", "treatments", "current"]
    engines = len(world.engines)
    finished = propose.carry_out(world.parts, world.spec, proposal.proposal_id)
    assert hashes(finished) == hashes(unbroken)
    assert state_of(world, proposal.proposal_id) is ProposalState.READY
    assert all(world.engines[engines:]), "the base was evaluated a second time"
    assert len(world.trainer.tuned) == 2


def test_a_finished_turn_is_not_run_again(turned: World) -> None:
    proposal = propose.propose_first(turned.records)
    engines, trainings = len(turned.engines), len(turned.trainer.tuned)
    again = propose.carry_out(turned.parts, turned.spec, proposal.proposal_id)
    assert again["release"] == promote.live(turned.records)
    assert (len(turned.engines), len(turned.trainer.tuned)) == (engines, trainings)
    assert state_of(turned, proposal.proposal_id) is ProposalState.PROMOTED


def test_an_adapter_that_exists_is_not_trained_again(turned: World) -> None:
    state = propose.carry_out(
        turned.parts, turned.spec, propose.propose_first(turned.records).proposal_id
    )
    material = steps.Material(state["dataset"], state["knowledge"], state["asked"])
    made = steps.make_adapter(turned.parts, turned.spec.tune, turned.spec.recipe, material, None)
    assert made.hash == state["adapter"]
    assert len(turned.trainer.tuned) == 1


def test_more_test_items_are_measured_even_if_there_is_a_report(turned: World) -> None:
    release = promote.live(turned.records)
    assert release is not None
    dataset = turned.parts.artefacts.list(Kind.DATASET)[0].hash
    fewer = msgspec.structs.replace(turned.spec.measure, test_items=12)
    short = evaluation.make_report(turned.parts, pair_of(turned, release), dataset, fewer)
    long = evaluation.make_report(
        turned.parts, pair_of(turned, release), dataset, turned.spec.measure
    )
    assert short.hash != long.hash
    engines = len(turned.engines)
    assert evaluation.make_report(turned.parts, pair_of(turned, release), dataset, fewer) == short
    assert len(turned.engines) == engines


def test_what_takes_no_answer_is_measured_on_all_test_rows(turned: World) -> None:
    release = promote.live(turned.records) or ""
    dataset = turned.parts.artefacts.list(Kind.DATASET)[0].hash
    told: list[tuple[str, int, int]] = []
    parts = replace(turned.parts, progress=lambda task, done, total, note="": told.append(
        (task, done, total)
    ))  # fmt: skip
    few = msgspec.structs.replace(turned.spec.measure, test_items=5)
    made = evaluation.make_report(parts, pair_of(turned, release), dataset, few)
    report = read_one(parts.artefacts, made.hash, "report.json", Report)
    assert (report.score("right").n, report.score("perplexity").n) == (5, 24)
    assert len(report.loss_rows) == 24
    assert ("likelihood", 24, 24) in told
    fewer = msgspec.structs.replace(few, loss_items=7)
    made = evaluation.make_report(parts, pair_of(turned, release), dataset, fewer)
    report = read_one(parts.artefacts, made.hash, "report.json", Report)
    assert (report.score("right").n, report.score("perplexity").n) == (5, 7)


@pytest.mark.parametrize("state", [ProposalState.OPEN, ProposalState.REJECTED])
def test_only_an_approved_proposal_is_carried_out(world: World, state: ProposalState) -> None:
    proposal = propose.propose_first(world.records)
    world.records.replace(msgspec.structs.replace(proposal, state=state))
    with pytest.raises(InputError, match=f"the proposal is {state.value}"):
        propose.carry_out(world.parts, world.spec, proposal.proposal_id)
    assert not world.trainer.tuned


def test_training_never_sees_a_test_question(turned: World) -> None:
    dataset = turned.parts.artefacts.list(Kind.DATASET)[0].hash
    held_out = examples(turned, dataset, Split.TEST) + examples(turned, dataset, Split.VALIDATION)
    assert held_out
    learnt = "".join(row.prompt for row in turned.trainer.tuned[0])
    assert not [row.question for row in held_out if row.question in learnt]


def parity_of(world: World, state: State, golden_items: int = 2) -> Parity:
    measure = msgspec.structs.replace(world.spec.measure, golden_items=golden_items)
    return evaluation.check_parity(
        world.parts, pair_of(world, state["release"]), state["dataset"], measure
    )


def test_a_release_that_is_not_served_as_it_was_trained_is_refused(world: World) -> None:
    world.trainer = FakeTrainer(logprob=-1.2)
    proposal = propose.propose_first(world.records)
    state = world.turn(proposal)
    decision = read_one(world.parts.artefacts, state["decision"], "decision.json", Decision)
    assert not decision.promote
    assert "not shown to be the trained model" in decision.reason
    assert state_of(world, proposal.proposal_id) is ProposalState.REFUSED
    assert promote.live(world.records) is None


@pytest.mark.parametrize(("asked_for", "made"), [(1, 10), (10, 10), (13, 13)])
def test_parity_takes_ten_answers_at_least(turned: World, asked_for: int, made: int) -> None:
    newest = turned.parts.artefacts.list
    state = {"release": promote.live(turned.records), "dataset": newest(Kind.DATASET)[0].hash}
    found = parity_of(turned, state, asked_for)
    assert (found.answers, found.passed) == (made, True)


def test_where_few_questions_are_held_out_those_that_were_learnt_are_asked(tmp_path: Path) -> None:
    world = World(tmp_path / "few")
    world.spec = msgspec.structs.replace(
        world.spec,
        sources=world.spec.sources[:2],
        prepare=PrepareSpec(test_share=0.0, validation_share=0.05),
    )
    state = world.first_turn()
    held_out = len(examples(world, state["dataset"], Split.VALIDATION))
    assert 0 < held_out < 10
    found = parity_of(world, state)
    assert (found.answers, found.seen, found.passed) == (10, 10 - held_out, True)


def test_a_dataset_that_is_too_small_does_not_pass_in_silence(tmp_path: Path) -> None:
    world = World(tmp_path / "small")
    lines = (world.folder / "old.csv").read_text().splitlines(keepends=True)
    (world.folder / "old.csv").write_text("".join(lines[:6]))
    world.spec = msgspec.structs.replace(
        world.spec,
        sources=world.spec.sources[:2],
        prepare=PrepareSpec(test_share=0.0, validation_share=0.2),
    )
    state = world.first_turn()
    found = parity_of(world, state)
    assert not found.passed
    assert found.answers < 10
    assert f"{found.answers} answers that can be compared are too few" in found.problem


def test_questions_that_are_answered_with_nothing_do_not_count(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    state = world.first_turn()
    told = world_module.answer_to
    monkeypatch.setattr(
        world_module, "answer_to", lambda p, s: "" if "returned tent" in p[-200:] else told(p, s)
    )
    found = parity_of(world, state)
    assert (found.answers, found.passed) == (10, True)


def test_parity_is_measured_on_the_served_release(world: World) -> None:
    state = world.first_turn()
    decision = read_one(world.parts.artefacts, state["decision"], "decision.json", Decision)
    assert decision.parity is not None
    assert decision.parity.passed
    assert decision.parity.n > 0
    release = read_one(world.parts.artefacts, state["release"], "release.json", Release)
    assert release.adapter in {name for adapters in world.engines for name in adapters}


def test_a_turn_with_nothing_to_learn_trains_nothing_and_goes_on_once_there_is(
    world: World,
) -> None:
    whole = (world.folder / "old.csv").read_text()
    (world.folder / "old.csv").write_text(whole.replace(",reply,", ",note,"))
    proposal = propose.propose_first(world.records)
    with pytest.raises(InputError, match="examples may be trained on: they are held out"):
        world.turn(proposal)
    assert state_of(world, proposal.proposal_id) is ProposalState.FAILED
    assert world.trainer.tuned == []
    assert world.parts.artefacts.list(Kind.DATASET) == []
    (world.folder / "old.csv").write_text(whole)
    propose.carry_out(world.parts, world.spec, proposal.proposal_id)
    assert state_of(world, proposal.proposal_id) is ProposalState.READY


def test_each_step_is_told_of_once_as_a_span_and_all_are_in_the_turns_trace(world: World) -> None:
    receiver = Receiver()
    spans = OtlpSpans(receiver.url)
    world.parts = replace(world.parts, spans=lambda: spans)
    world.trainer = FakeTrainer(failures=1)
    proposal = propose.propose_first(world.records)
    with pytest.raises(TrainingBroke):
        world.judged(proposal)
    propose.carry_out(world.parts, world.spec, proposal.proposal_id)
    spans.close()
    receiver.close()
    found = told(receiver.got)
    before, after = STEPS[: STEPS.index("adapter")], STEPS[STEPS.index("adapter") :]
    assert [span.name for span in found] == [
        f"turn {name}" for name in (*before, "adapter", *after)
    ]
    assert [span.name for span in found if span.failed] == ["turn adapter"]
    assert len({span.trace_id for span in found}) == 1
    assert {span.attributes["northloop.turn"] for span in found} == {proposal.proposal_id}
