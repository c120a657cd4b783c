from pathlib import Path

from killing import run
from northloop.ports.jobs import State, Workflow, WorkflowStep
from northloop.testing.contracts.runner import FINAL
from northloop.testing.records import MemoryRecords
from northloop.testing.runner import LocalRunner

DYING = """
import os, signal, sys
from pathlib import Path
from northloop.testing.runner import LocalRunner
from northloop.adapters.embedded.sqlite_records import SqliteRecords
from northloop.ports.jobs import Workflow, WorkflowStep

path, log, dies_at = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3]

def step(name):
    def run(state):
        with log.open("a") as file:
            file.write(name + "\\n")
        if name == dies_at:
            os.kill(os.getpid(), signal.SIGKILL)
        return {name: ">".join([*state, name])}
    return WorkflowStep(name, run)

runner = LocalRunner(SqliteRecords(path))
workflow = Workflow("recipe", tuple(step(name) for name in ("first", "second", "third")))
print(dict(runner.run(workflow, "r", {"seed": "7"})))
"""


def test_a_killed_run_goes_on_in_a_new_process(tmp_path: Path) -> None:
    path, log = tmp_path / "records.sqlite", tmp_path / "log"
    for dies_at in ("first", "second", "third"):
        assert run(DYING, path, log, dies_at).returncode == -9
    finished = run(DYING, path, log, "nowhere")
    assert finished.stdout == f"{FINAL}\n", finished.stderr
    assert log.read_text().split() == ["first", "first", "second", "second", "third", "third"]


def test_the_first_result_of_a_step_counts_for_all() -> None:
    """Two processes in the same step: the slower one goes on with what the quicker one kept."""
    records = MemoryRecords()

    def overtaken(state: State) -> State:
        quick = WorkflowStep("step", lambda state: {"by": "the quicker"})
        LocalRunner(records).run(Workflow("w", (quick,)), "r", {})
        return {"by": "the slower"}

    workflow = Workflow("w", (WorkflowStep("step", overtaken),))
    assert dict(LocalRunner(records).run(workflow, "r", {})) == {"by": "the quicker"}
