from __future__ import annotations

import time
from pathlib import Path

import pytest

from cli.test_main import OBJECTIVE
from northloop.app import answers, intake, releases
from northloop.app.intake import ObjectiveInput
from northloop.app.opening import opening_ahead
from northloop.core.actor import team
from northloop.core.conversation import Message
from northloop.core.interaction import OPENING, Interaction, Question
from northloop.workspace import Workspace

TEAM = team("ada")


@pytest.mark.parametrize("ahead", [True, False])
def test_what_is_live_is_open_before_a_customer_asks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ahead: bool
) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "nowhere"))
    for name in ("MEMORY", "QUOTES", "MODE", "EMBEDDER"):  # as a new workspace has them
        monkeypatch.delenv(f"NORTHLOOP_SERVING__{name}")
    intake.start(tmp_path / "shop", TEAM, "support", ObjectiveInput(statement=OBJECTIVE))
    workspace = Workspace.open(tmp_path / "shop")
    with opening_ahead(lambda: workspace):
        time.sleep(0.7)  # there is nothing to open
        (workspace.documents_folder / "help.md").write_text(
            "# Returns\n\nYou can return a tent within 30 days. Bring the receipt.\n"
        )
        releases.begin_at_once(workspace, TEAM)
    served = Workspace.open(tmp_path / "shop")
    if ahead:
        with opening_ahead(lambda: served):
            end = time.monotonic() + 60
            while not served.live.is_ready() and time.monotonic() < end:
                time.sleep(0.05)
    asked = (Message("user", "How long can I return a tent?"),)
    question = Question(messages=asked, interaction_id="a" * 24)
    pieces = [*answers.ask(served, TEAM, question)]
    assert any(piece is OPENING for piece in pieces) is not ahead
    assert isinstance(pieces[-1], Interaction)
    assert "30 days" in (pieces[-1].answer + pieces[-1].draft)
    workspace.close()
    served.close()
