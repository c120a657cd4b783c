"""northloop.toml is followed while a process serves."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from northloop import setup
from northloop.app import answers, configuration
from northloop.app.configuration import Follower, TakesEffect, settings_in_force
from northloop.core.actor import Actor, Role, team
from northloop.core.conversation import Message
from northloop.core.errors import ConfigurationError
from northloop.core.interaction import HandoffReason, Interaction, Question
from northloop.core.tenants import DEFAULT_TENANT
from northloop.core.treatment import Mode
from northloop.settings import AT_RESTART, FILE_NAME, Settings
from northloop.workspace import Workspace
from scripted_workspace import with_release

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSwMfKQ9r8G"
ANA = team("ana")
CUSTOMER = Actor(name="", roles=(Role.ANSWER,), tenant=DEFAULT_TENANT)


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Workspace]:
    monkeypatch.delenv("NORTHLOOP_SERVING__MODE", raising=False)  # it stands above the file
    opened = with_release(tmp_path / "shop")
    setup.write_settings(opened.folder, {"serving.mode": "open"})
    opened.reload()
    yield opened
    opened.close()


def ask(workspace: Workspace, name: str) -> Interaction:
    said = Message("user", f"How long can I return a tent, says {name}?")
    return answers.answer(workspace, CUSTOMER, Question(interaction_id=name, messages=(said,)))


def test_the_brake_works_at_once_in_a_process_that_answers(workspace: Workspace) -> None:
    assert ask(workspace, "before").handoff is None
    found = configuration.change(workspace, ANA, "serving.mode", "draft")
    assert found.takes_effect is TakesEffect.AT_ONCE
    assert ask(workspace, "after").handoff is HandoffReason.NOT_CERTIFIED
    configuration.reset(workspace, ANA, "serving.mode")
    assert workspace.settings.serving.mode is Mode.CERTIFIED
    assert ask(workspace, "reset").handoff is HandoffReason.NOT_CERTIFIED
    configuration.change(workspace, ANA, "serving.mode", "open")
    assert ask(workspace, "again").handoff is None


def test_what_somebody_writes_to_the_file_is_in_force_within_seconds(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(configuration, "LOOK_EVERY_S", 0.05)
    assert ask(workspace, "before").handoff is None
    with configuration.following(lambda: workspace):
        setup.write_settings(workspace.folder, {"serving.mode": "draft"})
        until = time.monotonic() + 20
        while workspace.settings.serving.mode is Mode.OPEN and time.monotonic() < until:
            time.sleep(0.02)
    assert ask(workspace, "after").handoff is HandoffReason.NOT_CERTIFIED


def test_a_change_is_said_with_what_waits_for_a_restart_and_no_secret(
    workspace: Workspace, caplog: pytest.LogCaptureFixture
) -> None:
    follower = Follower(lambda: workspace)
    assert follower.look() == []
    changes: dict[str, object] = {"serving.tolerated": 0.02, "serving.port": 9999}
    given = {**changes, "serving.webhook.secret": SECRET}
    setup.write_settings(workspace.folder, given)
    with caplog.at_level(logging.WARNING, "northloop.settings"):
        assert sorted(follower.look()) == ["serving.tolerated", "serving.webhook.secret"]
        assert follower.look() == ()
    assert "serving.tolerated = 0.02" in caplog.text and "for: serving.port" in caplog.text
    assert SECRET not in caplog.text and len(caplog.records) == 2
    assert workspace.settings.serving.port != 9999
    assert workspace.risk.max_wrong == 0.02


def test_a_file_that_cannot_be_read_changes_nothing_and_is_said_once(workspace: Workspace) -> None:
    file, follower = workspace.folder / FILE_NAME, Follower(lambda: workspace)
    follower.look()
    good = file.read_text("utf-8")
    file.write_text("[serving]\nmode = 'drafty'\n", "utf-8")
    with pytest.raises(ConfigurationError, match=r"serving\.mode"):
        follower.look()
    assert follower.look() == () and workspace.settings.serving.mode is Mode.OPEN
    file.unlink()
    assert follower.look() == () and workspace.settings.serving.mode is Mode.OPEN
    file.write_text(good.replace('mode = "open"', 'mode = "draft"'), "utf-8")
    assert follower.look() == ["serving.mode"]


def test_what_is_said_to_wait_for_a_restart_does(workspace: Workspace) -> None:
    told = {one.name: one.takes_effect for one in configuration.settings(workspace, ANA)}
    assert {n for n, when in told.items() if when is TakesEffect.RESTART} == {*AT_RESTART}
    assert {*AT_RESTART} <= {name for name, _ in settings_in_force(Settings())}
