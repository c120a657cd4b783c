"""Turns: the same effect through every door, and who carries an approved one out."""

from __future__ import annotations

import shutil
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec
import pytest

from cli.conftest import Cli
from console.client import Visitor
from northloop.app import background, reviews, turns
from northloop.app.reviews import Judgement
from northloop.core.actor import team
from northloop.core.errors import InputError, NotReady
from northloop.core.interaction import (
    ApprovedAnswer,
    Proposal,
    ProposalState,
    Rejection,
    Verdict,
    VerdictKind,
)
from northloop.loop import propose, steps
from northloop.settings import LoopSettings
from northloop.workspace import Workspace
from scripted_workspace import with_release
from seeded import SeededWorkspace, opened

TEAM = team("Ana")
RIGHT = "Within 45 days, unworn, and we pay the way back."


@pytest.fixture
def ruled(shop: SeededWorkspace) -> SeededWorkspace:
    """A workspace whose turns are approved by rule after one correction."""
    rule = LoopSettings(approval="rule", verdicts_per_turn=1)
    for proposal in shop.records.query(Proposal).rows:
        shop.records.replace(msgspec.structs.replace(proposal, state=ProposalState.REJECTED))
    shop.settings = msgspec.structs.replace(shop.settings, loop=rule)
    return shop


def corrected(workspace: Workspace) -> Judgement:
    waiting = reviews.queue(workspace, TEAM)
    return Judgement(
        review_id=waiting[0].item.review_id, kind=VerdictKind.INCORRECT, correction=RIGHT
    )


def until(done: Callable[[], bool], seconds: float = 60) -> None:
    ends_s = time.monotonic() + seconds
    while not done():
        assert time.monotonic() < ends_s
        time.sleep(0.05)


def state(workspace: Workspace, proposal_id: str) -> ProposalState:
    found = turns.proposals(workspace, TEAM)
    return next(p.state for p in found if p.proposal_id == proposal_id)


def kept(workspace: Workspace) -> dict[str, object]:
    """What a verdict leaves behind, without the moments."""
    proposals = [
        (p.state, sorted(p.verdicts), p.reason) for p in workspace.records.query(Proposal).rows
    ]
    found: dict[str, object] = {"proposals": proposals}
    for kind in (Verdict, ApprovedAnswer, Rejection):
        found[kind.__name__] = [
            msgspec.structs.replace(record, at="") for record in workspace.records.query(kind).rows
        ]
    return found


@pytest.fixture
def twins(seeded_folder: Path, tmp_path: Path) -> Iterator[tuple[SeededWorkspace, ...]]:
    found = []
    for name in ("by cli", "by console", "by hand"):
        shutil.copytree(seeded_folder, tmp_path / name)
        found.append(opened(tmp_path / name))
    yield tuple(found)
    for workspace in found:
        workspace.close()


def test_a_verdict_has_the_same_effect_through_every_door(
    twins: tuple[SeededWorkspace, ...], cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NORTHLOOP_LOOP__APPROVAL", "rule")
    monkeypatch.setenv("NORTHLOOP_LOOP__VERDICTS_PER_TURN", "1")
    rule = LoopSettings(approval="rule", verdicts_per_turn=1)
    for workspace in twins:
        workspace.settings = msgspec.structs.replace(workspace.settings, loop=rule)
    by_cli, by_console, by_hand = twins
    judgement = corrected(by_hand)
    name = judgement.review_id
    reviews.judge(by_hand, TEAM, judgement)
    said = cli("review", "give", name, "incorrect", "--correction", RIGHT, "--reviewer", "Ana",
               "-C", by_cli.folder)  # fmt: skip
    assert said.code == 0
    with Visitor(by_console) as visitor:
        visitor.client.cookies["northloop_reviewer"] = "Ana"
        fields = {"kind": "incorrect", "correction": RIGHT}
        assert visitor.post(f"/review/{name}/verdict", fields).status_code == 303
    assert kept(by_cli) == kept(by_console) == kept(by_hand)
    assert kept(by_cli)["proposals"]


def test_a_turn_approved_by_rule_is_carried_out_by_a_serving_process(
    ruled: SeededWorkspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    judged = reviews.judge(ruled, TEAM, corrected(ruled))
    assert judged.proposal is not None
    name = judged.proposal.proposal_id
    assert state(ruled, name) is ProposalState.APPROVED, "nothing carries it out by itself"
    monkeypatch.setattr(background, "LOOK_EVERY_S", 0.1)
    calls = 0

    def workspace() -> Workspace:
        nonlocal calls
        calls += 1
        if calls < 3:
            raise NotReady("there is no workspace here yet")
        return ruled

    with background.serving_turns(workspace):
        until(lambda: state(ruled, name) in (ProposalState.READY, ProposalState.REFUSED))
    assert [step.step for step in turns.step_status(ruled, TEAM, name) if step.done][
        -1
    ] == "outcome"


def test_whoever_approves_has_time_to_begin_it(ruled: SeededWorkspace) -> None:
    proposal = turns.propose(ruled, TEAM)
    turns.approve(ruled, TEAM, proposal.proposal_id)
    here = background.of(ruled).turns
    here.look(ruled)
    assert not here.has(proposal.proposal_id)
    here.look(ruled)
    assert here.has(proposal.proposal_id)
    until(lambda: not here.has(proposal.proposal_id))


def test_a_turn_that_cannot_begin_waits_for_a_person(ruled: SeededWorkspace) -> None:
    documents = ruled.folder / "documents"
    documents.rename(ruled.folder / "elsewhere")
    judged = reviews.judge(ruled, TEAM, corrected(ruled))
    assert judged.proposal is not None, "the verdict is kept all the same"
    name = judged.proposal.proposal_id
    here = background.of(ruled).turns
    for _ in range(4):
        here.look(ruled)
    assert state(ruled, name) is ProposalState.APPROVED
    with pytest.raises(InputError, match="documents"):
        turns.begin(ruled, TEAM, name)
    (ruled.folder / "elsewhere").rename(documents)
    turns.begin(ruled, TEAM, name)
    until(lambda: state(ruled, name) in (ProposalState.READY, ProposalState.REFUSED))


def test_of_two_servers_one_takes_an_approved_turn(ruled: SeededWorkspace) -> None:
    judged = reviews.judge(ruled, TEAM, corrected(ruled))
    assert judged.proposal is not None
    both_saw = ruled.records.get(Proposal, judged.proposal.proposal_id)
    assert [propose.claimed(ruled.records, both_saw) for _ in range(2)] == [True, False]


def test_a_figure_without_a_version_is_made() -> None:
    assert background.Remembered().get("figure", None, lambda: 3) == 3


def test_a_turn_is_begun_once(ruled: SeededWorkspace) -> None:
    proposal = turns.propose(ruled, TEAM)
    said: list[str] = []

    def begin() -> None:
        try:
            turns.begin(ruled, TEAM, proposal.proposal_id)
            said.append("begun")
        except InputError as error:
            said.append(error.what)

    threads = [threading.Thread(target=begin) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sorted(said) == ["begun", *["this turn is going on already"] * 5]
    until(lambda: not background.of(ruled).turns.has(proposal.proposal_id))


def test_a_turn_that_fails_goes_on_until_it_has_let_go(
    ruled: SeededWorkspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    judged = reviews.judge(ruled, TEAM, corrected(ruled))  # else it finds the adapter made already
    assert judged.proposal is not None
    name = judged.proposal.proposal_id
    ruled.trained.failures = 1
    failing, let_go = threading.Event(), threading.Event()

    def told(*_: object) -> None:
        failing.set()
        let_go.wait(60)

    monkeypatch.setattr(background._log, "exception", told)
    turns.begin(ruled, TEAM, name)
    assert failing.wait(60)
    assert ruled.records.get(Proposal, name).state is ProposalState.FAILED
    assert state(ruled, name) is ProposalState.RUNNING
    let_go.set()
    until(lambda: state(ruled, name) is ProposalState.FAILED)
    turns.begin(ruled, TEAM, name)
    until(lambda: state(ruled, name) in (ProposalState.READY, ProposalState.REFUSED))


def test_an_approved_retraining_takes_in_what_was_judged_until_then(
    ruled: SeededWorkspace,
) -> None:
    by_hand = msgspec.structs.replace(ruled.settings.loop, approval="person")
    ruled.settings = msgspec.structs.replace(ruled.settings, loop=by_hand)
    first = reviews.judge(ruled, TEAM, corrected(ruled))
    second = reviews.judge(ruled, TEAM, corrected(ruled))
    assert first.proposal is not None and second.proposal is not None
    assert first.proposal.proposal_id == second.proposal.proposal_id
    approved = turns.approve(ruled, TEAM, first.proposal.proposal_id)
    assert {first.verdict.verdict_id, second.verdict.verdict_id} <= {*approved.verdicts}
    assert turns.approve(ruled, TEAM, approved.proposal_id) == approved


def test_what_was_decided_otherwise_cannot_be_approved(ruled: SeededWorkspace) -> None:
    name = turns.propose(ruled, TEAM).proposal_id
    turns.reject(ruled, TEAM, name)
    for approving in (turns.approve, turns.begin, turns.carry_out):
        with pytest.raises(InputError, match="the proposal is rejected already"):
            approving(ruled, TEAM, name)
    assert not background.of(ruled).turns.has(name)
    assert state(ruled, name) is ProposalState.REJECTED


def test_a_turn_that_has_ended_is_not_approved_again(ruled: SeededWorkspace) -> None:
    name = turns.propose(ruled, TEAM).proposal_id
    carried_out = turns.carry_out(ruled, TEAM, name)
    ended = state(ruled, name)
    with pytest.raises(InputError, match=f"the proposal is {ended.value} already"):
        turns.approve(ruled, TEAM, name)
    assert turns.carry_out(ruled, TEAM, name).state == carried_out.state


def test_of_two_who_approve_at_once_both_have_approved(
    ruled: SeededWorkspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = turns.propose(ruled, TEAM).proposal_id
    approve = turns.proposing.approve

    def late(records: object, proposal_id: str) -> Proposal:
        approve(ruled.records, proposal_id)
        return approve(ruled.records, proposal_id)

    monkeypatch.setattr(turns.proposing, "approve", late)
    assert turns.approve(ruled, TEAM, name).state is ProposalState.APPROVED


def test_what_a_turn_can_find_follows_the_newest_dataset_and_the_settings(tmp_path: Path) -> None:
    workspace = with_release(tmp_path / "shop", rows=200)

    def questions() -> int:
        foresight = turns.trigger(workspace, TEAM).foresight
        return foresight.questions if foresight else 0

    before, spec = questions(), workspace.turn_spec()
    more = msgspec.structs.replace(spec.prepare, test_share=0.4)
    steps.make_dataset(workspace.parts, more, spec.sources, [], None)
    assert questions() > before > 0
    few = msgspec.structs.replace(workspace.settings.evaluation, test_items=2)
    workspace.settings = msgspec.structs.replace(workspace.settings, evaluation=few)
    assert questions() == 2
    workspace.close()
