import subprocess
import sys
from pathlib import Path

import pytest

from killing import run
from northloop.adapters.dbos_runner import DbosRunner
from northloop.core.errors import ConfigurationError, RemoteUnavailable
from northloop.testing.contracts.runner import FINAL, Recipe
from northloop.testing.servers import free_port

DYING = """
import os, signal, sys
from pathlib import Path
from northloop.adapters.dbos_runner import DbosRunner
from northloop.ports.jobs import Workflow, WorkflowStep

url, log, dies_at = sys.argv[1], Path(sys.argv[2]), sys.argv[3]

def step(name):
    def run(state):
        with log.open("a") as file:
            file.write(name + "\\n")
        if name == dies_at:
            os.kill(os.getpid(), signal.SIGKILL)
        return {name: ">".join([*state, name])}
    return WorkflowStep(name, run)

runner = DbosRunner(url)
workflow = Workflow("recipe", tuple(step(name) for name in ("first", "second", "third")))
print(dict(runner.run(workflow, "r", {"seed": "7"})))
runner.close()
"""

WAITING = """
import sys, time
from pathlib import Path
from northloop.adapters.dbos_runner import DbosRunner
from northloop.ports.jobs import Workflow, WorkflowStep

def wait(state):
    print("waiting", flush=True)
    while not Path(sys.argv[2]).exists():
        time.sleep(0.01)
    return {"first": "too late"}

steps = (WorkflowStep("first", wait), WorkflowStep("second", lambda state: {"second": "never"}))
DbosRunner(sys.argv[1]).run(Workflow("recipe", steps), "r", {"seed": "7"})
"""


@pytest.fixture(params=["sqlite", "postgres"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "postgres":
        return request.getfixturevalue("postgres_url")
    return f"sqlite:///{tmp_path / 'workflows.sqlite'}"


def test_a_killed_run_goes_on_in_a_new_process(url: str, tmp_path: Path) -> None:
    log = tmp_path / "log"
    for dies_at in ("first", "second", "third"):
        assert run(DYING, url, log, dies_at).returncode == -9
    finished = run(DYING, url, log, "nowhere")
    assert finished.stdout == f"{FINAL}\n", finished.stderr
    assert finished.stderr == ""
    assert log.read_text().split() == ["first", "first", "second", "second", "third", "third"]


def test_nothing_is_run_by_opening(url: str, tmp_path: Path) -> None:
    log = tmp_path / "log"
    run(DYING, url, log, "second")
    runner = DbosRunner(url)
    assert [s.step for s in runner.status("r")] == ["first"]
    runner.close()
    assert log.read_text().split() == ["first", "second"]


def test_a_run_can_be_taken_over(url: str, tmp_path: Path) -> None:
    go_on = tmp_path / "go on"
    command = [sys.executable, "-c", WAITING, url, str(go_on)]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdout=pipe, stderr=pipe, text=True) as other:
        assert other.stdout is not None
        assert other.stderr is not None
        try:
            assert other.stdout.readline() == "waiting\n"
            runner = DbosRunner(url)
            assert dict(runner.run(Recipe().workflow, "r", {"seed": "8"})) == FINAL
        finally:
            go_on.touch()
        message = other.stderr.read()
    assert "another process took the run over" in message
    assert dict(runner.run(Recipe().workflow, "r", {})) == FINAL
    runner.close()


def test_a_second_runner_in_one_process_is_refused(tmp_path: Path) -> None:
    runner = DbosRunner(f"sqlite:///{tmp_path / 'one.sqlite'}")
    with pytest.raises(ConfigurationError, match=r"share it, or close it first"):
        DbosRunner(f"sqlite:///{tmp_path / 'two.sqlite'}")
    runner.close()
    DbosRunner(f"sqlite:///{tmp_path / 'two.sqlite'}").close()


def test_a_server_that_does_not_answer_is_named_without_the_password() -> None:
    with pytest.raises(RemoteUnavailable) as raised:
        DbosRunner(f"postgresql://me:s3cret@127.0.0.1:{free_port()}/x")
    assert "start the server" in str(raised.value)
    assert "s3cret" not in str(raised.value)


def test_a_file_that_cannot_be_opened_is_named(tmp_path: Path) -> None:
    with pytest.raises(RemoteUnavailable, match=r"missing/workflows\.sqlite.*check the URL"):
        DbosRunner(f"sqlite:///{tmp_path / 'missing' / 'workflows.sqlite'}")


def test_what_is_no_url_is_refused() -> None:
    with pytest.raises(ConfigurationError, match="sqlite:///path"):
        DbosRunner("no url")


def test_it_is_quiet(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    runner = DbosRunner(f"sqlite:///{tmp_path / 'workflows.sqlite'}")
    recipe = Recipe()
    recipe.error = ValueError("no")
    with pytest.raises(ValueError, match="no"):
        runner.run(recipe.workflow, "r", {"seed": "7"})
    runner.close()
    assert capfd.readouterr() == ("", "")
