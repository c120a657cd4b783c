"""A release that passed the gate waits for a person, beside what is live."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from forked import FORKS, Forked
from loop.test_retraining import corrected
from loop.world import Interleaved, World
from northloop.adapters.embedded.files import FileArtefacts
from northloop.adapters.embedded.sqlite_records import SqliteRecords
from northloop.core.artefacts import Kind
from northloop.core.deployment import Deployment
from northloop.core.errors import GateNotMet, InputError, NotFound
from northloop.core.interaction import Proposal, ProposalState
from northloop.loop import evaluation, promote, propose, turning


def by_person(world: World, release: str) -> Deployment:
    return promote.promote_release(world.parts.artefacts, world.records, release)


def standing(world: World, proposal_id: str) -> ProposalState:
    """The state of a proposal as people are shown it."""
    found = {p.proposal_id: p.state for p in propose.proposals(world.parts)}
    return found[proposal_id]


def next_turn(world: World) -> tuple[Proposal, str]:
    """Carry a turn out, with a seed of its own; return its proposal and the release that waits."""
    tune = msgspec.structs.replace(world.spec.tune, seed=world.spec.tune.seed + 1)
    world.spec = msgspec.structs.replace(world.spec, tune=tune)
    proposal = propose.ask_for_retraining(world.records)
    state = world.judged(proposal)
    assert state["outcome"] == "ready"
    return proposal, state["release"]


def test_a_person_promotes_what_is_ready(turned: World) -> None:
    before = promote.live(turned.records)
    proposal, release = next_turn(turned)
    assert promote.live(turned.records) == before
    assert propose.explain(turned.parts, 3) == (
        f"Release {release[:8]} passed the gate and waits for you: northloop release promote "
        f"{release[:8]}, or northloop loop reject {proposal.proposal_id}."
    )
    made = by_person(turned, release)
    assert (made.release, made.action) == (release, "promote")
    assert promote.live(turned.records) == release
    assert standing(turned, proposal.proposal_id) is ProposalState.PROMOTED
    assert propose.ready(turned.records) == []


def test_approval_by_rule_is_of_the_turn_and_not_of_the_promotion(turned: World) -> None:
    before = promote.live(turned.records)
    corrected(turned, 2)
    proposal = propose.after_verdict(turned.records, 2, "rule")
    assert proposal is not None
    propose.carry_out(turned.parts, turned.spec, proposal.proposal_id)
    assert standing(turned, proposal.proposal_id) is ProposalState.READY
    assert promote.live(turned.records) == before


def test_a_ready_release_can_be_rejected_and_then_not_promoted(turned: World) -> None:
    before = promote.live(turned.records)
    corrected(turned, 2)
    proposal, release = next_turn(turned)
    assert propose.new_verdicts(turned.records) == []
    assert propose.reject(turned.parts, proposal.proposal_id).state is ProposalState.REJECTED
    with pytest.raises(GateNotMet, match="a person rejected it"):
        by_person(turned, release)
    assert promote.live(turned.records) == before
    assert len(propose.new_verdicts(turned.records)) == 2, "they stay for the next"


def test_what_waits_for_a_person_stops_no_other_turn(turned: World) -> None:
    waiting, release = next_turn(turned)
    corrected(turned, 1)
    another = propose.propose_retraining(turned.records, 1)
    assert another is not None
    assert another.proposal_id != waiting.proposal_id
    state = turned.judged(another)
    assert len(propose.ready(turned.records)) == 2
    by_person(turned, state["release"])
    assert standing(turned, waiting.proposal_id) is ProposalState.OUTDATED
    assert propose.ready(turned.records) == []
    assert "Waiting for" in propose.explain(turned.parts, 5)
    with pytest.raises(GateNotMet) as raised:
        by_person(turned, release)
    assert f"and {state['release'][:8]} is live now" in raised.value.what
    assert "turn the loop again" in raised.value.action


def test_corrections_of_an_overtaken_release_are_new_again(turned: World) -> None:
    plain, first_release = next_turn(turned)
    corrected(turned, 2)
    taught = propose.propose_retraining(turned.records, 1)
    assert taught is not None
    turned.judged(taught)
    assert propose.new_verdicts(turned.records) == []
    by_person(turned, first_release)
    assert standing(turned, plain.proposal_id) is ProposalState.PROMOTED
    assert standing(turned, taught.proposal_id) is ProposalState.OUTDATED
    assert len(propose.new_verdicts(turned.records)) == 2


def test_a_decision_from_before_a_roll_back_is_refused(turned: World) -> None:
    first = promote.live(turned.records)
    _, second = next_turn(turned)
    by_person(turned, second)
    proposal, third = next_turn(turned)
    promote.roll_back(turned.records)
    assert promote.live(turned.records) == first
    assert standing(turned, proposal.proposal_id) is ProposalState.OUTDATED
    with pytest.raises(GateNotMet, match="the gate compared it with"):
        by_person(turned, third)
    assert promote.live(turned.records) == first
    assert by_person(turned, second).release == second, "it was compared with what is live"
    assert by_person(turned, third).release == third, "and this one with the second"


def test_of_the_decisions_about_a_release_the_fitting_one_counts(turned: World) -> None:
    """Decided beside the first, then beside the second, then wanted beside the first again."""
    first = promote.live(turned.records)
    assert first
    _, second = next_turn(turned)
    _, third = next_turn(turned)
    by_person(turned, second)
    reports = {
        r: next(
            a
            for a in turned.parts.artefacts.list(Kind.REPORT)
            if a.manifest.meta["release"] == r
        )
        for r in (second, third)
    }  # fmt: skip
    evaluation.make_decision(
        turned.parts, turned.spec.gate, (reports[third], reports[second]), turned.spec.measure
    )
    promote.roll_back(turned.records)
    assert by_person(turned, third).release == third


def test_of_two_first_releases_one_goes_live(world: World) -> None:
    one = propose.propose_first(world.records)
    first = world.judged(one)["release"]
    assert propose.propose_first(world.records).state is ProposalState.READY
    world.spec = msgspec.structs.replace(
        world.spec, tune=msgspec.structs.replace(world.spec.tune, seed=2)
    )
    two = Proposal(proposal_id="two", at="", reason="", state=ProposalState.OPEN)
    world.records.add(two)
    second = world.judged(two)["release"]
    by_person(world, second)
    with pytest.raises(GateNotMet, match="is live now"):
        by_person(world, first)
    assert standing(world, one.proposal_id) is ProposalState.OUTDATED


def test_of_two_promotions_at_once_one_is_refused(turned: World) -> None:
    _, second = next_turn(turned)
    _, third = next_turn(turned)
    records = Interleaved(turned.records, lambda: by_person(turned, second))
    with pytest.raises(GateNotMet, match=f"{second[:8]} is live now"):
        promote.promote_release(turned.parts.artefacts, records, third)
    assert promote.live(turned.records) == second
    assert [p.release for p in promote.deployments(turned.records)][1:] == [second]


def test_a_roll_back_and_a_promotion_at_once_do_not_both_apply(turned: World) -> None:
    _, second = next_turn(turned)
    by_person(turned, second)
    _, third = next_turn(turned)
    records = Interleaved(turned.records, lambda: by_person(turned, third))
    with pytest.raises(InputError, match="another release went live this moment"):
        promote.roll_back(records)
    assert promote.live(turned.records) == third


def test_the_same_promotion_twice_at_once_is_one(turned: World) -> None:
    _, second = next_turn(turned)
    records = Interleaved(turned.records, lambda: by_person(turned, second))
    assert promote.promote_release(turned.parts.artefacts, records, second).release == second
    assert len(promote.deployments(turned.records)) == 2


def test_two_who_begin_with_the_base_at_once_are_told_the_same(world: World) -> None:
    world.refuses()
    base = world.first_turn()["current"]
    records = Interleaved(world.records, lambda: by_person(world, base))
    assert promote.promote_release(world.parts.artefacts, records, base).release == base
    assert len(promote.deployments(world.records)) == 1


def _promote_in_a_process(folder: Path, release: str, barrier: object, said: object) -> None:
    records = SqliteRecords(folder / "records.sqlite")
    artefacts = FileArtefacts(folder / "artefacts")
    barrier.wait()
    try:
        promote.promote_release(artefacts, records, release)
        said.put("live")
    except GateNotMet:
        said.put("refused")


def test_two_processes_race_and_one_wins(tmp_path: Path) -> None:
    folder = tmp_path / "shop"
    folder.mkdir()
    world = World(folder, records=SqliteRecords(folder / "records.sqlite"))
    world.first_turn()
    releases = [next_turn(world)[1] for _ in range(2)]
    barrier, said = FORKS.Barrier(2), FORKS.Queue()
    racing = [
        FORKS.Process(target=_promote_in_a_process, args=(folder, release, barrier, said))
        for release in releases
    ]
    for process in racing:
        process.start()
    for process in racing:
        process.join(60)
    assert sorted(said.get(timeout=5) for _ in racing) == ["live", "refused"]
    assert len(promote.deployments(world.records)) == 2


# --- turns that nobody is at -------------------------------------------------------------------

STOPS_IN_TRAINING = """
import sys, time
from pathlib import Path
from loop.world import FakeTrainer, World
from northloop.adapters.embedded.sqlite_records import SqliteRecords
from northloop.loop import propose

class Endless:
    def __getattr__(self, name):
        print("training", flush=True)
        time.sleep(600)

folder = Path(sys.argv[1])
world = World(folder, records=SqliteRecords(folder / "records.sqlite"), trainer=Endless())
propose.carry_out(world.parts, world.spec, sys.argv[2])
"""


@pytest.fixture
def killed(tmp_path: Path) -> Iterator[tuple[World, Proposal, Forked]]:
    """A turn that goes on in a process of its own, which will be killed."""
    folder = tmp_path / "shop"
    folder.mkdir()
    world = World(folder, records=SqliteRecords(folder / "records.sqlite"))
    proposal = propose.propose_first(world.records)
    propose.approve(world.records, proposal.proposal_id)
    with Forked(STOPS_IN_TRAINING, (str(folder), proposal.proposal_id)) as process:
        assert process.stdout.readline() == "training\n"
        yield world, proposal, process
        process.kill()


def test_a_turn_whose_process_was_killed_is_interrupted(
    killed: tuple[World, Proposal, Forked],
) -> None:
    world, proposal, process = killed
    assert standing(world, proposal.proposal_id) is ProposalState.RUNNING
    assert propose.explain(world.parts, 3).startswith("A turn is running: ")
    with pytest.raises(InputError, match=f"going on already, in process {process.pid}"):
        propose.carry_out(world.parts, world.spec, proposal.proposal_id)
    assert standing(world, proposal.proposal_id) is ProposalState.RUNNING, "refused, not failed"
    process.kill()
    process.wait()
    assert standing(world, proposal.proposal_id) is ProposalState.INTERRUPTED
    assert propose.explain(world.parts, 3) == (
        "A turn was interrupted (northloop loop run goes on with it): The first release: learn "
        "from the imported history."
    )
    assert propose.propose_first(world.records).proposal_id == proposal.proposal_id
    propose.carry_out(world.parts, world.spec, proposal.proposal_id)
    assert standing(world, proposal.proposal_id) is ProposalState.READY


def test_a_turn_on_another_machine_is_not_said_to_be_interrupted(world: World) -> None:
    proposal = propose.propose_first(world.records)
    world.records.replace(msgspec.structs.replace(proposal, state=ProposalState.RUNNING))
    assert standing(world, proposal.proposal_id) is ProposalState.INTERRUPTED
    taken = turning.Carrier(proposal_id=proposal.proposal_id, host="elsewhere", token="t")
    world.records.replace(taken)
    assert standing(world, proposal.proposal_id) is ProposalState.RUNNING


def test_a_turn_that_was_taken_through_this_folder_is_seen_under_another_host_name(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A container that is made anew has another name, and the same folder."""
    proposal = propose.propose_first(world.records)
    world.records.replace(msgspec.structs.replace(proposal, state=ProposalState.RUNNING))
    with turning.held(world.records, world.parts.work, proposal.proposal_id):
        monkeypatch.setattr("socket.gethostname", lambda: "made anew")
        assert standing(world, proposal.proposal_id) is ProposalState.RUNNING
    assert standing(world, proposal.proposal_id) is ProposalState.INTERRUPTED


def test_an_approved_turn_that_nobody_began_says_so(world: World) -> None:
    proposal = propose.propose_first(world.records)
    propose.approve(world.records, proposal.proposal_id)
    assert "approved and has not begun" in propose.explain(world.parts, 3)
    assert standing(world, proposal.proposal_id) is ProposalState.APPROVED


@pytest.mark.parametrize("written", [ProposalState.APPROVED, ProposalState.RUNNING])
def test_what_was_refused_reads_refused_whatever_was_written_over_it(
    world: World, written: ProposalState
) -> None:
    world.refuses()
    proposal = propose.propose_first(world.records)
    assert world.judged(proposal)["outcome"] == "refused"
    ended = world.records.get(Proposal, proposal.proposal_id)
    world.records.replace(msgspec.structs.replace(ended, state=written))
    propose.carry_out(world.parts, world.spec, proposal.proposal_id)
    assert standing(world, proposal.proposal_id) is ProposalState.REFUSED


def test_a_proposal_of_before_can_be_read(world: World) -> None:
    old = {"proposal_id": "p", "at": "", "reason": "", "state": "promoted", "decision": "d" * 64}
    assert msgspec.convert(old, Proposal).against == ""


def test_compared_is_what_the_gate_saw(turned: World) -> None:
    release = promote.live(turned.records) or ""
    found = promote.compared(turned.parts.artefacts, turned.records, release)
    assert found is not None
    assert found.current.model == "base"
    assert found.decision.candidate == release
    shares = [found.candidate.score(m).value for m in ("right", "wrong", "handed_off")]
    assert sum(shares) == pytest.approx(1)
    for latency in (found.candidate_latency, found.current_latency):
        assert [score.metric for score in latency] == ["latency_ms", "latency_p95_ms"]
    base = found.decision.current or ""
    assert promote.compared(turned.parts.artefacts, turned.records, base) is None


def test_an_interrupted_turn_can_be_given_up_and_a_running_one_cannot(
    killed: tuple[World, Proposal, Forked],
) -> None:
    world, proposal, process = killed
    with pytest.raises(InputError, match="the proposal is running already"):
        propose.reject(world.parts, proposal.proposal_id)
    process.kill()
    process.wait()
    assert propose.reject(world.parts, proposal.proposal_id).state is ProposalState.REJECTED
    assert propose.propose_first(world.records).proposal_id != proposal.proposal_id


def test_what_a_person_rejected_stays_rejected_however_often_it_is_made(turned: World) -> None:
    waiting, release = next_turn(turned)
    again = propose.ask_for_retraining(turned.records)
    assert turned.judged(again)["release"] == release
    assert [p.release for p in propose.ready(turned.records)] == [release], "named once"
    propose.reject(turned.parts, waiting.proposal_id)
    assert propose.ready(turned.records) == []
    third = propose.ask_for_retraining(turned.records)
    assert turned.judged(third)["release"] == release
    assert standing(turned, third.proposal_id) is ProposalState.REJECTED
    with pytest.raises(GateNotMet, match="a person rejected it"):
        by_person(turned, release)


def test_promoting_what_is_live_changes_nothing(turned: World) -> None:
    current = promote.live(turned.records)
    assert current is not None
    changes = len(promote.deployments(turned.records))
    assert by_person(turned, current).release == current
    assert len(promote.deployments(turned.records)) == changes


def test_what_is_no_release_cannot_be_promoted(turned: World) -> None:
    for kind in (Kind.DATASET, Kind.KNOWLEDGE, Kind.ASKED, Kind.ADAPTER, Kind.REPORT):
        hash_ = turned.parts.artefacts.list(kind)[0].hash
        with pytest.raises(NotFound, match="this is no release"):
            by_person(turned, hash_)
