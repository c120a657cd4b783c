"""A folder from its first day on, and the server in it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from cli.test_main import OBJECTIVE, export
from northloop.app import intake, releases, turns
from northloop.app.intake import ObjectiveInput
from northloop.app.lazy_workspace import LazyWorkspace, Step, next_step
from northloop.core.actor import team
from northloop.core.errors import NotReady
from northloop.core.interaction import Proposal, ProposalState
from northloop.testing.servers import free_port
from scripted_workspace import with_release

TEAM = team()


@contextmanager
def serving(folder: Path) -> Iterator[httpx.Client]:
    """`northloop serve`, as it is typed."""
    command = [sys.executable, "-c", "from northloop.cli.main import main; main()", "serve"]
    port = free_port()
    nowhere = {"XDG_CONFIG_HOME": str(folder / "nowhere")}
    with subprocess.Popen(
        [*command, "-C", str(folder), "--port", str(port)],
        env={**os.environ, **nowhere}, stdout=subprocess.PIPE, text=True,
    ) as running:  # fmt: skip
        try:
            assert running.stdout is not None
            assert running.stdout.readline().startswith("Console")
            with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=20) as client:
                ends_s = time.monotonic() + 20
                while True:
                    try:
                        client.get("/healthz")
                        break
                    except httpx.TransportError:
                        assert time.monotonic() < ends_s
                        time.sleep(0.05)
                yield client
            running.send_signal(signal.SIGINT)
            running.wait(timeout=20)
        finally:
            running.kill()


def test_the_server_starts_in_an_empty_folder_and_sees_what_is_made_there(tmp_path: Path) -> None:
    asked = {"messages": [{"role": "user", "content": "How long?"}]}
    with serving(tmp_path) as client:
        refused = client.post("/v1/chat/completions", json=asked)
        assert (refused.status_code, refused.json()["error"]["code"]) == (503, "not_ready")
        assert "no workspace here yet" in client.get("/readyz").json()["detail"]
        assert [*tmp_path.iterdir()] == [], "nothing was made"
        intake.start(tmp_path, TEAM, "support", ObjectiveInput(statement=OBJECTIVE))
        ends_s = time.monotonic() + 20
        while "no release is live" not in client.get("/readyz").json()["detail"]:
            assert time.monotonic() < ends_s
            time.sleep(0.1)
        assert client.get("/").status_code == 200
        refused = client.post("/v1/chat/completions", json=asked)
        assert (refused.status_code, refused.json()["error"]["code"]) == (503, "not_ready")


def test_which_step_is_next(tmp_path: Path) -> None:
    folder = tmp_path / "shop"
    lazy = LazyWorkspace(folder)
    assert (next_step(lazy, TEAM).step, folder.exists()) == (Step.OBJECTIVE, False)
    with pytest.raises(NotReady, match="no workspace here yet"):
        lazy.workspace()
    intake.start(folder, TEAM, "support", ObjectiveInput(statement=OBJECTIVE))
    assert next_step(lazy, TEAM).step is Step.HISTORY
    export(folder / "tickets.csv")
    workspace = lazy.workspace()
    shown = intake.preview(workspace, TEAM, [folder / "tickets.csv"])
    intake.commit(workspace, TEAM, shown)
    assert next_step(lazy, TEAM).step is Step.DOCUMENTS
    (folder / "documents" / "returns.md").write_text("# Returns\n\nWithin 45 days.\n", "utf-8")
    assert next_step(lazy, TEAM).step is Step.TURN
    proposal = turns.propose(workspace, TEAM)
    next_ = next_step(lazy, TEAM)
    assert next_.step is Step.TURN
    assert "A turn is open" in next_.said
    workspace.records.replace(
        Proposal(proposal_id=proposal.proposal_id, at="", reason="", state=ProposalState.REFUSED)
    )
    assert next_step(lazy, TEAM).step is Step.PROMOTION
    lazy.close()


def test_with_a_live_release_nothing_is_left_to_do(tmp_path: Path) -> None:
    workspace = with_release(tmp_path / "shop")
    assert next_step(LazyWorkspace.of(workspace), TEAM).step is Step.LIVE
    (sealed,) = releases.releases(workspace, TEAM)
    assert (sealed.live, sealed.number, sealed.served_before) == (True, 0, True)
    workspace.close()


def test_an_office_opens_its_workspace_once(tmp_path: Path) -> None:
    intake.start(tmp_path / "shop", TEAM, "support", ObjectiveInput(statement=OBJECTIVE))
    lazy = LazyWorkspace(tmp_path / "shop", {"serving.port": "9000"})
    assert lazy.settings.serving.port == 9000
    assert lazy.workspace() is lazy.workspace()
    assert lazy.workspace().settings.serving.port == 9000
    lazy.close()
