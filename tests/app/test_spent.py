"""What answers and resolved contacts cost, by the prices in the settings."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest
import time_machine
from typer.testing import CliRunner

from app.test_ledger import BEGAN, OBJECTIVE, TEAM, ask, planned
from northloop.app import answers, spent
from northloop.cli.main import app
from northloop.core.clock import stamp
from northloop.core.contact import Lot
from northloop.core.costs import Prices
from northloop.core.errors import InputError
from northloop.core.interaction import HandoffReason, Interaction, Outcome
from northloop.workspace import Workspace

LATER = BEGAN + timedelta(days=30)
PRICES = Prices(hour=36.0, million_out=1e6, agent_hour=30.0)
"""A second of generating costs a hundredth, a token one."""


@pytest.fixture
def priced(tmp_path: Path) -> Iterator[Workspace]:
    with planned(tmp_path / "shop") as workspace:
        workspace.settings = msgspec.structs.replace(workspace.settings, prices=PRICES)
        yield workspace


def report(workspace: Workspace, kept: Interaction, minutes: float | None) -> None:
    outcome = Outcome(
        outcome_id=f"o-{kept.interaction_id}",
        conversation_id=kept.conversation_id,
        at=kept.at,
        resolved=True,
        resolution_minutes=60.0,
        handling_minutes=minutes,
        tenant=kept.tenant,
    )
    answers.add_outcome(workspace, TEAM, outcome)


def test_nothing_is_reckoned_without_prices(priced: Workspace) -> None:
    priced.settings = msgspec.structs.replace(priced.settings, prices=Prices())
    assert spent.costs(priced, TEAM) is None
    with pytest.raises(InputError, match="no days"):
        spent.costs(priced, TEAM, 0)


def test_who_came_back_after_the_last_of_the_days_was_not_helped(priced: Workspace) -> None:
    """The days end three weeks ago; that a customer came back is told by what came in that week."""
    first = next(k for k in (ask(priced, n) for n in range(9)) if k.handoff is None)
    number = int(first.conversation_id.rpartition("-")[2])
    last_day = BEGAN + timedelta(days=21, hours=1)
    with time_machine.travel(last_day):
        found = spent.costs(priced, TEAM)
        assert found is not None
    before = found.by[Lot.ASSISTED]
    with time_machine.travel(BEGAN + timedelta(days=3)):
        again = ask(priced, number, conversation_id=f"again-{number}")
        assert again.handoff is None
    with time_machine.travel(last_day):
        found = spent.costs(priced, TEAM)
        assert found is not None
    after = found.by[Lot.ASSISTED]
    assert (after.contacts, after.resolved) == (before.contacts, before.resolved - 1)


def test_people_and_generating_are_told_by_lot(priced: Workspace) -> None:
    kept = [ask(priced, number) for number in range(40)]
    for one in kept:
        report(priced, one, 12.0 if one.handoff is HandoffReason.HELD_OUT else 2.0)
    with time_machine.travel(LATER):
        found = spent.costs(priced, TEAM)
    assert found is not None
    held_out = sum(one.handoff is HandoffReason.HELD_OUT for one in kept)
    people, assisted = found.by[Lot.HELD_OUT], found.by[Lot.ASSISTED]
    assert (people.contacts, people.resolved, people.generating) == (held_out, held_out, 0.0)
    assert people.per_resolution == pytest.approx(6.0), "twelve minutes at thirty an hour"
    assert assisted.contacts == assisted.answers == 40 - held_out
    total = sum(PRICES.of(one) for one in kept)
    assert assisted.generating == pytest.approx(total)
    assert total > 0
    assert assisted.per_answer == pytest.approx(total / assisted.answers)
    assert assisted.per_resolution == pytest.approx(1.0 + total / assisted.resolved)


def test_what_nobody_reported_is_not_taken_for_nothing(priced: Workspace) -> None:
    kept = [ask(priced, number) for number in range(40)]
    for one in kept:
        report(priced, one, None)
    with time_machine.travel(LATER):
        found = spent.costs(priced, TEAM)
    assert found is not None
    people = found.by[Lot.HELD_OUT]
    assert people.untold == people.contacts > 0
    assert people.per_resolution is None


def test_what_is_closed_and_not_when_is_not_taken_for_unresolved(priced: Workspace) -> None:
    kept = [ask(priced, number) for number in range(20)]
    for one in kept:
        report(priced, one, 12.0)
    last = next(one for one in kept if one.handoff is HandoffReason.HELD_OUT)
    untimed = Outcome(
        outcome_id="untimed",
        conversation_id=priced.opaque(last.conversation_id),
        at=stamp(BEGAN + timedelta(days=4)),
        resolved=True,
        untimed=True,
        tenant=last.tenant,
    )
    priced.records.add(untimed)
    with time_machine.travel(LATER):
        found = spent.costs(priced, TEAM)
    assert found is not None
    people, assisted = found.by[Lot.HELD_OUT], found.by[Lot.ASSISTED]
    assert (people.untimed, people.per_resolution) == (1, None)
    assert assisted.untimed == 0 and assisted.per_resolution is not None


def test_only_days_count_of_which_the_end_is_known(priced: Workspace) -> None:
    ask(priced, 1)
    for days, counted in ((3, False), (20, False), (22, True), (60, False)):
        with time_machine.travel(BEGAN + timedelta(days=days)):
            found = spent.costs(priced, TEAM)
        assert found is not None
        assert bool(found.by) is counted, days


def test_who_takes_longer_costs_no_more_for_that(priced: Workspace) -> None:
    """Held-out contacts take five days, the others an hour, and twenty minutes either way."""
    assert OBJECTIVE.plan is not None
    brief = msgspec.structs.replace(
        OBJECTIVE, plan=msgspec.structs.replace(OBJECTIVE.plan, follow_days=3)
    )
    priced.settings = msgspec.structs.replace(
        priced.settings, prices=Prices(agent_hour=30.0), objective=brief
    )
    for day in range(0, 40, 2):
        with time_machine.travel(BEGAN + timedelta(days=day), tick=True):
            for number in range(3 * day, 3 * day + 6):
                kept = ask(priced, number)
                hours = 120.0 if kept.handoff is HandoffReason.HELD_OUT else 1.0
                said = Outcome(
                    outcome_id=f"o-{number}",
                    conversation_id=kept.conversation_id,
                    at=kept.at,
                    resolved=True,
                    resolution_minutes=60 * hours,
                    handling_minutes=20.0,
                    tenant=kept.tenant,
                )
                answers.add_outcome(priced, TEAM, said)
    for days in (14, 28):
        with time_machine.travel(BEGAN + timedelta(days=40)):
            found = spent.costs(priced, TEAM, days)
        assert found is not None
        assert {lot: one.per_resolution for lot, one in found.by.items()} == {
            Lot.ASSISTED: 10.0,
            Lot.HELD_OUT: 10.0,
        }


def test_the_command_says_so(priced: Workspace, tmp_path: Path) -> None:
    folder = str(priced.folder)
    said = CliRunner().invoke(app, ["costs", "-C", folder])
    assert "No price is set" in said.output
    ask(priced, 1)
    with time_machine.travel(LATER):
        said = CliRunner().invoke(
            app, ["costs", "-C", folder, "--set", "prices.agent_hour=30"], catch_exceptions=False
        )
    assert "a resolved contact" in said.output, said.output
    assert "days cost that ended 21 days ago" in said.output, said.output
