"""A workspace whose records and workflows lie in a running PostgreSQL server."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from northloop.core.interaction import Feedback, Proposal, ProposalState
from northloop.loop import propose
from northloop.ports.jobs import State, StepStatus, Workflow, WorkflowStep
from northloop.settings import FILE_NAME
from northloop.testing.contracts.records import feedback
from northloop.workspace import STATE, Workspace

Opened = Callable[[], Workspace]


@pytest.fixture
def opened(tmp_path: Path, postgres_url: str) -> Iterator[Opened]:
    """Opens the workspace anew, as another process would."""
    (tmp_path / FILE_NAME).write_text(f'[storage]\nrecords = "{postgres_url}"\n')
    workspaces: list[Workspace] = []

    def close() -> None:
        for workspace in workspaces:
            workspace.records.close()
            workspace.close()
        workspaces.clear()

    def reopen() -> Workspace:
        close()
        workspaces.append(Workspace.open(tmp_path))
        return workspaces[0]

    yield reopen
    close()


def test_records_outlive_the_workspace(opened: Opened, tmp_path: Path) -> None:
    first = opened().records
    proposal = propose.propose_first(first)
    first.add(feedback(1))
    again = opened().records
    assert propose.propose_first(again) == proposal
    assert again.query(Feedback, {"interaction_id": "i1"}).rows == [feedback(1)]
    propose.approve(again, proposal.proposal_id)
    assert opened().records.get(Proposal, proposal.proposal_id).state is ProposalState.APPROVED
    assert not list((tmp_path / STATE).glob("*.sqlite"))


def test_a_workflow_goes_on_when_the_workspace_is_opened_again(
    opened: Opened, tmp_path: Path
) -> None:
    ran: list[str] = []

    def first(state: State) -> State:
        ran.append("first")
        return {"first": f"made of {state['seed']}"}

    def second(state: State) -> State:
        ran.append("second")
        if len(ran) == 2:
            raise OSError("the disk is full")
        return {"second": f"{state['first']}, then more"}

    workflow = Workflow("small", (WorkflowStep("first", first), WorkflowStep("second", second)))
    with pytest.raises(OSError, match="full"):
        opened().runner.run(workflow, "r", {"seed": "7"})
    runner = opened().runner
    assert runner.status("r") == [StepStatus("first", True, {"first": "made of 7"})]
    assert dict(runner.run(workflow, "r", {}))["second"] == "made of 7, then more"
    assert ran == ["first", "second", "second"]
    assert not list((tmp_path / STATE).glob("*.sqlite"))
