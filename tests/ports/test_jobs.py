import pytest

from northloop.ports.jobs import Workflow, WorkflowStep


def test_steps_of_one_name_are_a_bug() -> None:
    step = WorkflowStep("same", lambda state: {})
    with pytest.raises(AssertionError, match="share a name"):
        Workflow("w", (step, step))
