"""The whole loop with the real engine and the real trainer, on few rows."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import uvicorn

from later import openai
from northloop.app.lazy_workspace import LazyWorkspace
from northloop.cli.serving import application
from northloop.core.artefacts import Decision, Kind
from northloop.core.deployment import Action, Arm, Deployment
from northloop.core.interaction import (
    Interaction,
    Proposal,
    ReviewItem,
    Verdict,
    VerdictKind,
)
from northloop.demo.company import make_workspace
from northloop.loop import lineage, propose
from northloop.loop.bundles import read_one
from northloop.ports.jobs import State
from northloop.stages.monitoring.review import Judgement
from northloop.workspace import Workspace

pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(900),
    pytest.mark.xdist_group("models"),
    pytest.mark.usefixtures("base_gguf"),
]
FEW = {
    "data.prepare.validation_share": "0.02",
    "training.max_examples": "2",
    "training.first_layer": "26",
    "training.checkpoint_steps": "2",
    "evaluation.test_items": "3",
    "evaluation.loss_items": "1",
    "evaluation.validation_items": "2",
    "evaluation.golden_items": "1",
    "serving.max_answer_tokens": "8",
    "serving.passages": "1",
    "serving.prompt": "You help customers of a shop.",
}
QUESTION = "How long do I have to send a tent back that I do not like?"
CORRECTION = "You can send an unused tent back within the return period, free of charge."
NORTHLOOP = (sys.executable, "-c", "from northloop.cli.main import main; main()")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace in which the first turn is done, without interruption."""
    folder = tmp_path_factory.mktemp("whole") / "larkfell"
    make_workspace(folder, 200, 1)
    done = loop_run(folder)
    assert done.returncode == 3, done.stderr
    assert json.loads(done.stdout)["state"] == turn_of(folder)
    return folder


def loop_run(folder: Path) -> subprocess.CompletedProcess[str]:
    """Run a turn in a process of its own, as people do."""
    flags = [part for name, value in FEW.items() for part in ("--set", f"{name}={value}")]
    return subprocess.run(
        [*NORTHLOOP, "loop", "run", "--dir", str(folder), "--json", *flags],
        capture_output=True, text=True, check=False, timeout=400,
        env={**os.environ, "NO_COLOR": "1"},
    )  # fmt: skip


def turn_of(folder: Path) -> State:
    """Return the state of the newest turn from the journal."""
    workspace = Workspace.open(folder, FEW)
    try:
        newest = workspace.records.query(Proposal).rows[-1]
        done = workspace.runner.status(newest.proposal_id)
        return {name: value for step in done for name, value in step.added.items()}
    finally:
        workspace.close()


@contextmanager
def served(workspace: Workspace) -> Iterator[str]:
    """Serve a workspace on a free port and yield the base URL of its API."""
    listening = socket.socket()
    listening.bind(("127.0.0.1", 0))
    config = uvicorn.Config(
        application(LazyWorkspace.of(workspace)), log_config=None, lifespan="off"
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
    thread.start()
    try:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}/v1"
    finally:
        server.should_exit = True
        thread.join(timeout=20)
        assert not thread.is_alive()


def make_live(workspace: Workspace, release: str) -> None:
    """Put a release live whatever the gate says: three test items prove nothing."""
    knowledge = workspace.artefacts.list(Kind.KNOWLEDGE)[0].hash
    made = Deployment(
        deployment_id="for the test", version=1, at="2026-05-01T10:00:00+00:00",
        arms=(Arm(release=release, knowledge=knowledge),), action=Action.PROMOTE,
    )  # fmt: skip
    workspace.records.add(made)


def test_the_gate_is_not_fooled_by_three_items(folder: Path) -> None:
    state = turn_of(folder)
    workspace = Workspace.open(folder, FEW)
    decision = read_one(workspace.artefacts, state["decision"], "decision.json", Decision)
    assert state["outcome"] == "refused"
    assert not decision.promote
    assert "test conversations prove nothing" in decision.reason
    assert decision.parity is not None
    assert decision.parity.n > 0
    roles = {c.metric: c.role for c in decision.comparisons}
    assert roles["right"] in ("success", "guardrail")
    assert roles["rouge_l"] == roles["bits_per_byte"] == "diagnostic"


def test_from_a_question_over_http_to_the_next_proposal(folder: Path) -> None:
    first = turn_of(folder)
    workspace = Workspace.open(folder, FEW)
    try:
        make_live(workspace, first["release"])
        with served(workspace) as url, openai.OpenAI(base_url=url, api_key="none") as client:
            ask = client.chat.completions.create
            answer = ask(model="northloop", messages=[{"role": "user", "content": QUESTION}])
            [kept] = workspace.records.query(Interaction).rows
            assert answer.choices[0].message.content
            assert answer.id == f"chatcmpl-{kept.interaction_id}"
            assert kept.release == first["release"]
            assert kept.review_probability > 0

            verdict = judged(workspace, kept)
            again = ask(model="northloop", messages=[{"role": "user", "content": QUESTION}])
            assert again.choices[0].message.content == CORRECTION

        found = lineage.behind(workspace.artefacts, workspace.records, kept.interaction_id)
        assert {first[n] for n in ("release", "adapter", "dataset", "knowledge")} <= {
            a.hash for a in found.artefacts
        }
        proposal = propose.propose_retraining(workspace.records, 1)
        assert proposal is not None
        assert proposal.verdicts == (verdict.verdict_id,)
    finally:
        workspace.close()


def judged(workspace: Workspace, kept: Interaction) -> Verdict:
    """Put an answer before a reviewer, whether it was drawn or not, and correct it."""
    item = ReviewItem(
        review_id="r", interaction_id=kept.interaction_id, at=kept.at, probability=0.1, uniform=True
    )
    workspace.records.add(item)
    judgement = Judgement(review_id="r", kind=VerdictKind.INCORRECT, correction=CORRECTION)
    return workspace.live.judge(judgement, kept.at)
