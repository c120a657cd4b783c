"""What every workflow runner does."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from northloop.core.errors import Overloaded
from northloop.ports.jobs import Runner, State, StepStatus, Workflow, WorkflowStep


class Recipe:
    """Three steps that tell what they did, and of which one can be told to fail."""

    def __init__(self) -> None:
        self.ran: list[str] = []
        self.error: BaseException | None = None

    @property
    def workflow(self) -> Workflow:
        """The steps `first`, `second`, `third`."""
        steps = tuple(WorkflowStep(name, self._step(name)) for name in ("first", "second", "third"))
        return Workflow("recipe", steps)

    def _step(self, name: str) -> Callable[[State], State]:
        def run(state: State) -> State:
            self.ran.append(name)
            if name == "second" and self.error is not None:
                raise self.error
            return {name: ">".join([*state, name])}

        return run


FINAL = {
    "seed": "7",
    "first": "seed>first",
    "second": "seed>first>second",
    "third": "seed>first>second>third",
}


class UnstorableError(Exception):
    """An error that cannot be pickled."""

    def __init__(self) -> None:
        super().__init__("cannot be stored")
        self.of = lambda: None


class RunnerContract:
    """Subclass it and give it a fixture `runner` with an empty journal."""

    def test_steps_run_in_order_and_build_on_each_other(self, runner: Runner) -> None:
        recipe = Recipe()
        assert dict(runner.run(recipe.workflow, "r", {"seed": "7"})) == FINAL
        assert recipe.ran == ["first", "second", "third"]
        assert runner.status("r") == [
            StepStatus(name, True, {name: FINAL[name]}) for name in ("first", "second", "third")
        ]

    def test_a_finished_run_is_not_run_again(self, runner: Runner) -> None:
        recipe = Recipe()
        runner.run(recipe.workflow, "r", {"seed": "7"})
        assert dict(runner.run(recipe.workflow, "r", {"seed": "other"})) == FINAL
        assert len(recipe.ran) == 3

    def test_runs_are_apart(self, runner: Runner) -> None:
        recipe = Recipe()
        for run_id in ("r", "r:1", "r%", "R", "r_"):
            assert dict(runner.run(recipe.workflow, run_id, {"seed": run_id}))["seed"] == run_id
        assert len(recipe.ran) == 15
        assert len(runner.status("r")) == 3

    @pytest.mark.parametrize(
        "error",
        [
            Overloaded("full", retry_after_s=3, where="queue"),
            UnstorableError(),
            KeyboardInterrupt(),
        ],
        ids=["northloop", "unstorable", "interrupt"],
    )
    def test_an_error_is_raised_as_it_is_and_the_run_goes_on_there(
        self, runner: Runner, error: BaseException
    ) -> None:
        recipe = Recipe()
        recipe.error = error
        with pytest.raises(type(error)) as raised:
            runner.run(recipe.workflow, "r", {"seed": "7"})
        assert raised.value is error
        assert [s.step for s in runner.status("r")] == ["first"]
        recipe.error = None
        assert dict(runner.run(recipe.workflow, "r", {"seed": "7"})) == FINAL
        assert recipe.ran == ["first", "second", "second", "third"]

    def test_it_can_fail_again_and_again(self, runner: Runner) -> None:
        recipe = Recipe()
        recipe.error = ValueError("no")
        for _ in range(11):
            with pytest.raises(ValueError, match="no"):
                runner.run(recipe.workflow, "r", {"seed": "7"})
        recipe.error = None
        assert dict(runner.run(recipe.workflow, "r", {"seed": "7"})) == FINAL
        assert recipe.ran.count("first") == 1

    def test_an_unknown_run_has_no_steps(self, runner: Runner) -> None:
        assert runner.status("r") == []

    def test_a_workflow_without_steps_is_its_initial_state(self, runner: Runner) -> None:
        assert dict(runner.run(Workflow("empty", ()), "r", {"a": "ü🙂\n"})) == {"a": "ü🙂\n"}

    def test_a_step_may_replace_what_an_earlier_one_said(self, runner: Runner) -> None:
        steps = (
            WorkflowStep("before", lambda state: {"x": state["x"] + "1"}),
            WorkflowStep("after", lambda state: {"x": state["x"] + "2"}),
        )
        assert dict(runner.run(Workflow("w", steps), "r", {"x": "0"})) == {"x": "012"}
