"""Two turns on DBOS and SQLite, killed with SIGKILL again and again, end as if nothing had been.

A process dies at the first moment at which none has died before: after each write to the stores,
during each longer work and at the end of each step, before the journal knows of it. The second turn
trains on from the live adapter. This file is also the program that lives and dies; it starts no
interpreter for each death but forks.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import msgspec
import pytest

from loop.world import World, ask, question
from northloop.adapters.dbos_runner import DbosRunner
from northloop.adapters.embedded.files import FileArtefacts
from northloop.adapters.embedded.sqlite_records import SqliteRecords
from northloop.core.artefacts import Artefact, Kind
from northloop.core.interaction import Proposal, ReviewItem, VerdictKind
from northloop.loop import promote, propose
from northloop.loop.turn import STEPS
from northloop.ports.jobs import State, Workflow, WorkflowStep
from northloop.stages.monitoring.review import Judgement

pytestmark = [pytest.mark.xdist_group("killed turn"), pytest.mark.timeout(600)]

NOW = "2026-05-01T10:00:00+00:00"
TURNS = ("first", "second")
MADE = ("dataset", "knowledge", "current", "adapter", "release", "report", "decision", "outcome")
"""What a turn's state says, but for its times."""


class Fate:
    """Where the process is, and at which moments earlier ones died; knows none if it is to live."""

    def __init__(self, deaths: Path | None) -> None:
        self._deaths = deaths
        self._known = set(deaths.read_text().splitlines()) if deaths else set()
        self._passed: Counter[str] = Counter()
        self.step = "begin"

    def moment(self, name: str) -> None:
        """Die here, unless another process did."""
        self._passed[f"{self.step}: {name}"] += 1
        here = f"{self.step}: {name} {self._passed[f'{self.step}: {name}']}"
        if self._deaths is not None and here not in self._known:
            with self._deaths.open("a") as deaths:
                deaths.write(f"{here}\n")
            os.kill(os.getpid(), signal.SIGKILL)


class MortalArtefacts(FileArtefacts):
    """Artefacts after whose writing one may die."""

    fate: Fate

    def put(self, kind: Kind, *rest: Any, **more: Any) -> Artefact:
        made = super().put(kind, *rest, **more)
        self.fate.moment(f"put {kind.value}")
        return made


class MortalRecords(SqliteRecords):
    """Records after whose writing one may die."""

    fate: Fate

    def add(self, record: msgspec.Struct) -> bool:
        added = super().add(record)
        self.fate.moment(f"add {type(record).__name__}")
        return added

    def replace(self, record: msgspec.Struct) -> None:
        super().replace(record)
        self.fate.moment(f"replace {type(record).__name__}")


class MortalRunner(DbosRunner):
    """Runs workflows at the end of whose steps one may die."""

    fate: Fate

    def run(self, workflow: Workflow, run_id: str, initial: State) -> State:
        steps = tuple(WorkflowStep(s.name, self._mortal(s)) for s in workflow.steps)
        return super().run(Workflow(workflow.name, steps), run_id, initial)

    def _mortal(self, step: WorkflowStep) -> Callable[[State], State]:
        def run(state: State) -> State:
            self.fate.step = step.name
            added = step.run(state)
            self.fate.moment("end")
            return added

        return run


def opened(folder: Path, fate: Fate) -> World:
    """Return the world of a folder, on stores that last."""
    folder.mkdir(exist_ok=True)
    records = MortalRecords(folder / "records.sqlite")
    artefacts = MortalArtefacts(folder / "artefacts")
    records.fate = artefacts.fate = fate
    world = World(folder, records=records)

    def runner() -> MortalRunner:
        runner = MortalRunner(f"sqlite:///{folder / 'workflows.sqlite'}")
        runner.fate = fate
        return runner

    def progress(task: str, done: int, total: int, note: str = "") -> None:
        if done == 1:
            fate.moment(task)

    world.parts = replace(
        world.parts, artefacts=artefacts, records=records, runner=runner, progress=progress
    )
    return world


def prepare(world: World, turn: str) -> None:
    """Approve a turn; the second takes in what a reviewer made of two answers of the first."""
    if turn == "first":
        proposal: Proposal | None = propose.propose_first(world.records)
    else:
        [first] = propose.ready(world.records)
        promote.promote_release(world.parts.artefacts, world.records, first.release)
        live = world.live()
        for number in (2, 3):
            text = f"Do you exchange boots that gave me {number} blisters on the Eiger trail?"
            _, kept = ask(live, question(text, f"asked {number}"))
            item = ReviewItem(
                review_id=f"review {number}",
                interaction_id=kept.interaction_id,
                at=NOW,
                probability=0.1,
                uniform=True,
            )
            world.records.add(item)
            given = Judgement(
                review_id=item.review_id,
                kind=VerdictKind.INCORRECT,
                correction=f"Boots are exchanged free of charge within {number} weeks.",
                reviewer="ada",
            )
            live.judge(given, NOW)
        proposal = propose.propose_retraining(world.records, 1)
    assert proposal is not None
    propose.approve(world.records, proposal.proposal_id)


def carry_out(world: World, turn: str) -> None:
    """Go on with the newest proposal, and write down what came of it."""
    proposal = world.records.query(Proposal).rows[-1]
    state = propose.carry_out(world.parts, world.spec, proposal.proposal_id)
    (world.folder / f"{turn}.json").write_bytes(msgspec.json.encode(dict(state)))


def survived(life: Callable[[World, str], None], folder: Path, turn: str, mortal: bool) -> bool:
    """Live in a process of its own; return whether it came to its end. What went wrong is told."""
    child = os.fork()
    if child == 0:
        deaths = folder / f"deaths of {turn}"
        deaths.touch()
        life(opened(folder, Fate(deaths if mortal else None)), turn)
        sys.stdout.flush()
        os._exit(0)
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL:
        return False
    if status:
        sys.exit(f"{turn} turn of {folder.name}: status {status}")
    return True


def main(folder: Path) -> None:
    """Live through both turns in two worlds, in one of them mortally."""
    # What a turn compiles and reads as it needs it, all who are forked have.
    World(folder / "before").first_turn()
    for world in (folder / "whole", folder / "killed"):
        world.mkdir()
        for turn in TURNS:
            survived(prepare, world, turn, mortal=False)
            while not survived(carry_out, world, turn, mortal=world.name == "killed"):
                pass


if __name__ == "__main__":
    main(Path(sys.argv[1]))


@pytest.fixture(scope="module")
def worlds(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of both worlds, their turns done."""
    folder = tmp_path_factory.mktemp("worlds")
    path = os.pathsep.join((str(Path(__file__).parents[1]), *sys.path))
    done = subprocess.run(
        [sys.executable, __file__, str(folder)],
        env={**os.environ, "PYTHONPATH": path},
        capture_output=True,
        text=True,
        timeout=400,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return folder


@pytest.mark.parametrize("turn", TURNS)
def test_it_died_in_every_step(worlds: Path, turn: str) -> None:
    deaths = (worlds / "killed" / f"deaths of {turn}").read_text().splitlines()
    assert {f"{step}: end 1" for step in STEPS} < {*deaths}
    assert {"adapter: training 1", "report: evaluation 1", "release: calibration 1"} < {*deaths}
    assert {"outcome: replace Proposal 1"} < {*deaths}


@pytest.mark.parametrize("turn", TURNS)
def test_every_hash_is_that_of_a_turn_without_interruption(worlds: Path, turn: str) -> None:
    killed, whole = (state(worlds / name, turn) for name in ("killed", "whole"))
    assert killed == whole
    assert set(MADE) < set(whole)
    assert whole["outcome"] == "ready"


def test_nothing_else_is_left(worlds: Path) -> None:
    killed, whole = (left(worlds / name) for name in ("killed", "whole"))
    assert killed == whole


def test_the_second_turn_trained_on_from_the_live_adapter(worlds: Path) -> None:
    artefacts = FileArtefacts(worlds / "killed" / "artefacts")
    first, second = (state(worlds / "killed", turn) for turn in TURNS)
    assert second["current"] == first["release"]
    parents = artefacts.get(second["adapter"]).manifest.parents
    assert parents == (
        *(second[name] for name in ("dataset", "knowledge", "asked")),
        first["adapter"],
    )


def state(world: Path, turn: str) -> dict[str, str]:
    """Return what a turn's state says, but for its times."""
    said = msgspec.json.decode((world / f"{turn}.json").read_bytes(), type=dict[str, str])
    return {name: value for name, value in said.items() if not name.endswith("_seconds")}


def left(world: Path) -> dict[str, object]:
    """Return what lies in the stores after both turns."""
    records = SqliteRecords(world / "records.sqlite")
    artefacts = FileArtefacts(world / "artefacts")
    promotions = promote.deployments(records)
    proposals = records.query(Proposal).rows
    records.close()
    return {
        "artefacts": {kind.value: {a.hash for a in artefacts.list(kind)} for kind in Kind},
        "promotions": [msgspec.structs.replace(p, at="") for p in promotions],
        "proposals": [msgspec.structs.replace(p, at="") for p in proposals],
        "work": [*(world / "work").iterdir()],
    }
