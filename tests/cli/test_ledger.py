"""What the assistant changed, from the command line."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import msgspec
import pytest
import time_machine

from app.test_ledger import BEGAN, OBJECTIVE, SHOP, ask, export
from cli.conftest import Cli
from northloop import setup
from northloop.app.contrasts import Contrast
from northloop.app.ledger import Reported
from northloop.cli import present
from northloop.core.artefacts import Measure
from northloop.core.interaction import HandoffReason, OutcomeImport
from scripted_workspace import with_release


def test_from_the_export_to_the_claim(
    cli: Cli, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "shop"
    workspace = with_release(folder)
    said = cli("progress", "-C", folder)
    assert said.code == 0 and "Nobody is held out" in said.out

    begins = Measure(value=20.0, low=18.0, high=22.0, n=9, unit="hours")
    few = msgspec.structs.replace(OBJECTIVE, plan=None, baseline=begins)
    setup.write_objective(folder, few)
    assert "or there are too few customers" in cli("progress", "-C", folder).out
    present.objective(few)
    assert "too few customers" in " ".join(capsys.readouterr().out.split())

    setup.write_objective(folder, OBJECTIVE)
    workspace.settings = msgspec.structs.replace(workspace.settings, objective=OBJECTIVE)
    with time_machine.travel(BEGAN, tick=True):
        kept = [ask(workspace, number, SHOP) for number in range(220)]
    workspace.close()
    hours: dict[str, float | None] = {
        f"T-{number}": (20.0 if one.handoff is HandoffReason.HELD_OUT else 8.0) + number % 3
        for number, one in enumerate(kept)
    }
    file = export(tmp_path / "tickets.csv", hours)
    taken = cli("outcomes", file, "-C", folder, "--json").json(Reported)
    assert (taken.contacts, taken.resolved, taken.new) == (220, 220, 220)
    assert "of 0 that is news" in cli("outcomes", file, "-C", folder).out

    with time_machine.travel(BEGAN + timedelta(days=30)):
        said = cli("progress", "-C", folder)
        found = cli("progress", "-C", folder, "--json").json(Contrast)
    assert "Target reached: average resolution time is proven to be at least 30 % less" in said.out
    for line in ("typical contact (geometric mean), as planned", "first contact of each customer"):
        assert line in said.out
    assert found.assisted.whole + found.held_out.whole == 220


def test_what_is_left_alone_is_said_and_can_be_overruled(cli: Cli, tmp_path: Path) -> None:
    folder = tmp_path / "shop"
    workspace = with_release(folder)
    with time_machine.travel(BEGAN, tick=True):
        for number in range(3):
            ask(workspace, number, SHOP)
    workspace.close()
    later = export(tmp_path / "later.csv", {"T-0": 100.0, "T-1": 200.0})
    first = tmp_path / "tickets.csv"
    first.write_text(
        "ticket_id,question,reply,created_at,closed_at,state\n"
        "T-0,Where is it?,There.,2026-11-02 09:00,2026-11-02 15:00,closed\n"
        "T-1,Where is it?,There.,2026-11-02 09:00,,open\n"
        "T-2,Where is it?,There.,2026-11-02 09:00,,spam\n"
    )
    assert "left as they are known" not in cli("outcomes", later, "-C", folder).out
    said = " ".join(cli("outcomes", first, "-C", folder).out.split())
    assert "2 resolved, 0 open" in said and "count for nothing: 1 spam" in said
    assert "have no time at which" not in said
    assert "2 tickets were left as they are known" in said
    assert "tickets.csv:1 says closed 2026-11-02 15:00, known is closed 2026-11-06 13:00" in said
    assert "--overrule" in said
    taken = cli("outcomes", first, "-C", folder, "--overrule", "--json").json(Reported)
    assert (taken.resolved, taken.open, taken.left) == (1, 1, 0)
    again = cli("outcomes", first, "-C", folder, "--json").json(Reported)
    assert (again.new, again.left) == (0, 0)


def test_what_is_closed_and_not_when_is_said(cli: Cli, tmp_path: Path) -> None:
    folder = tmp_path / "shop"
    workspace = with_release(folder)
    with time_machine.travel(BEGAN, tick=True):
        ask(workspace, 0, SHOP)
    workspace.close()
    file = tmp_path / "tickets.csv"
    file.write_text("ticket_id,question,reply,closed_at,Status\nT-0,Where?,There.,,Closed\n")
    said = " ".join(cli("outcomes", file, "-C", folder).out.split())
    assert "1 resolved, 0 open" in said
    assert "1 of those resolved have no time at which they were closed" in said


def test_an_import_is_listed_and_taken_back(cli: Cli, tmp_path: Path) -> None:
    folder = tmp_path / "shop"
    workspace = with_release(folder)
    with time_machine.travel(BEGAN, tick=True):
        for number in range(2):
            ask(workspace, number, SHOP)
    workspace.close()
    assert "Nothing was taken in" in cli("reports", "list", "-C", folder).out
    file = export(tmp_path / "tickets.csv", {"T-0": 10.0, "T-1": None})
    taken = cli("outcomes", file, "-C", folder, "--json").json(Reported)
    again = " ".join(cli("outcomes", file, "-C", folder).out.split())
    assert "northloop reports undo " in again
    said = cli("reports", "list", "-C", folder)
    assert said.out.count("tickets.csv") == 2 and taken.import_id in said.out
    (last, first) = cli("reports", "list", "-C", folder, "--json").json(list[OutcomeImport])
    assert (first.import_id, first.tickets, first.new, last.new) == (taken.import_id, 2, 2, 0)
    undone = cli("reports", "undo", taken.import_id, "-C", folder)
    assert "what tickets.csv said of 2 tickets" in " ".join(undone.out.split())
    assert cli("outcomes", file, "-C", folder, "--json").json(Reported).new == 0, "said again since"
    gone = cli("reports", "undo", taken.import_id, "-C", folder)
    assert gone.code == 1 and "no such import" in gone.err


def test_what_cannot_be_taken_is_said(cli: Cli, tmp_path: Path) -> None:
    folder = tmp_path / "shop"
    with_release(folder).close()
    file = export(tmp_path / "tickets.csv", {"X-1": 1.0})
    said = cli("outcomes", file, "-C", folder)
    assert said.code == 1
    assert "none of the 1 cases" in said.err and "--map conversation_id" in said.err
    wrong = cli("outcomes", file, "-C", folder, "--map", "nothing=chat")
    assert wrong.code == 2
