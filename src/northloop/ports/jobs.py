"""Durable workflows: what was done is not done again after a crash."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Protocol

import msgspec

State = Mapping[str, str]
"""What the steps so far have made: name → artefact hash or other short text."""


class WorkflowStep(msgspec.Struct, frozen=True):
    """A named step: reads the state, returns what it adds. Must be safe to run twice."""

    name: str
    run: Callable[[State], State]


class Workflow(msgspec.Struct, frozen=True):
    """Steps in order; the journal tells them apart by name."""

    name: str
    steps: tuple[WorkflowStep, ...]

    def __post_init__(self) -> None:
        names = [step.name for step in self.steps]
        if len(set(names)) < len(names):
            raise AssertionError(f"two steps of {self.name} share a name: {names}")


class StepStatus(msgspec.Struct, frozen=True):
    """What became of one step of a run."""

    step: str
    done: bool
    added: dict[str, str]


class Runner(Protocol):
    """Runs workflows."""

    def run(self, workflow: Workflow, run_id: str, initial: State) -> State:
        """Run the workflow, or finish it, and return its final state.

        Steps that completed in an earlier attempt under the same `run_id` are not run again:
        their results are taken from the journal. An error of a step is raised as it is, and
        the run can be taken up again.
        """
        ...

    def status(self, run_id: str) -> list[StepStatus]:
        """Return the completed steps of a run in order; [] for an unknown run."""
        ...

    def close(self) -> None:
        """Stop what runs in the background."""
        ...
