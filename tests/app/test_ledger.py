"""From the plan to the claim, through the product's own doors."""

from __future__ import annotations

import csv
import itertools
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import numpy as np
import pytest
import time_machine
from starlette.testclient import TestClient

from northloop.app import answers, contrasts, ledger
from northloop.app.contrasts import Claim
from northloop.app.intake import Terms
from northloop.core.actor import Actor, team
from northloop.core.artefacts import Guardrail, HoldoutPlan, Objective
from northloop.core.clock import stamp
from northloop.core.contact import Contact, End, Lot
from northloop.core.conversation import Message
from northloop.core.errors import InputError, NotAllowed, NotFound, Overtaken
from northloop.core.interaction import Gone, HandoffReason, Interaction, Outcome
from northloop.core.keys import API_ROLES, caller
from northloop.http.app import create_app
from northloop.stages.monitoring.ledger import ended
from northloop.stages.monitoring.tickets import replayed
from northloop.workspace import Workspace
from scripted_workspace import with_release

TEAM = team("ada")
SHOP = caller("shop", "north")
BEGAN = datetime(2026, 11, 2, 9, tzinfo=UTC)
MONTH = timedelta(days=30)
OBJECTIVE = Objective(
    metric="resolution_time",
    statement="30 % faster",
    change=-0.3,
    deadline="2027-05-02",
    window_days=90,
    guardrails=(Guardrail("csat", 0.1),),
    plan=HoldoutPlan(
        since="2026-11-02",
        share=0.2,
        scale="log",
        follow_days=14,
        customers=80,
        each=1.0,
        power=0.8,
    ),
)
QUESTION = "How long can I return a tent?"


@contextmanager
def planned(folder: Path) -> Iterator[Workspace]:
    """A workspace with a holdout, on its first day."""
    opened = with_release(folder)
    opened.settings = msgspec.structs.replace(opened.settings, objective=OBJECTIVE)
    with time_machine.travel(BEGAN, tick=True):
        yield opened
    opened.close()


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    with planned(tmp_path / "shop") as opened:
        yield opened


def ask(workspace: Workspace, number: int, actor: Actor = SHOP, **said: str) -> Interaction:
    names = {"conversation_id": f"T-{number}", "customer_id": f"customer {number}"}
    return answers.answer(workspace, actor, answers.question(QUESTION, **{**names, **said}))


def reported(workspace: Workspace) -> list[Outcome]:
    """What counts of what was reported, contact by contact, oldest first."""
    kept = workspace.records.query(Outcome).rows
    talks: dict[str, list[Outcome]] = {}
    for one in kept:
        talks.setdefault(one.conversation_id, []).append(one)
    return [one for some in talks.values() for one in replayed(some, BEGAN)]


def export(file: Path, hours: dict[str, float | None]) -> Path:
    """What the ticket system says: how many hours each took, None for open."""
    with file.open("w", newline="", encoding="utf-8") as lines:
        writer = csv.writer(lines)
        writer.writerow(["ticket_id", "question", "reply", "created_at", "closed_at", "csat"])
        for name, took in hours.items():
            closed = "" if took is None else (BEGAN + timedelta(hours=took)).isoformat()
            writer.writerow([name, QUESTION, "A reply.", BEGAN.isoformat(), closed, "5"])
    return file


def test_a_share_of_the_customers_is_answered_by_people_alone(workspace: Workspace) -> None:
    kept = [ask(workspace, number) for number in range(60)]
    held_out = [one for one in kept if one.handoff is HandoffReason.HELD_OUT]
    assert 4 <= len(held_out) <= 24
    assert {one.held_out for one in kept} == {0.2}
    again = [ask(workspace, number, conversation_id=f"U-{number}") for number in range(60)]
    assert [a.handoff is HandoffReason.HELD_OUT for a in again] == [
        k.handoff is HandoffReason.HELD_OUT for k in kept
    ]
    lots = [contact.lot for contact in workspace.records.query(Contact).rows]
    assert lots.count(Lot.HELD_OUT) == 2 * len(held_out)
    assert lots.count(Lot.OUTSIDE) == 0


def test_the_team_and_who_names_nobody_are_never_held_out(workspace: Workspace) -> None:
    for number in range(30):
        assert ask(workspace, number, TEAM).held_out == 0.0
        assert ask(workspace, number, customer_id="").held_out == 0.0


def test_after_the_deadline_nobody_is_held_out(workspace: Workspace) -> None:
    with time_machine.travel(datetime(2027, 5, 3, tzinfo=UTC)):
        assert {ask(workspace, number).held_out for number in range(20)} == {0.0}


def test_what_ticket_systems_report_makes_the_claim(workspace: Workspace, tmp_path: Path) -> None:
    """Held-out customers take twenty hours, the others eight, both by what the export says."""
    lots = {}
    for number in range(240):
        kept = ask(workspace, number)
        lots[f"T-{number}"] = kept.handoff is HandoffReason.HELD_OUT
    noise = np.random.default_rng(1).lognormal(0, 0.4, 240)
    hours = {
        name: (20.0 if held_out else 8.0) * factor
        for (name, held_out), factor in zip(lots.items(), noise, strict=True)
    }
    taken = ledger.take_reports(workspace, TEAM, [export(tmp_path / "tickets.csv", {**hours})])
    assert (taken.cases, taken.contacts, taken.resolved, taken.new) == (240, 240, 240, 240)
    with time_machine.travel(BEGAN + timedelta(days=22)):
        found = contrasts.contrast_of(workspace, TEAM)
        assert found is not None
        assert found.claim is Claim.REACHED, found.words
        latest = contrasts.latest_contrast(workspace, TEAM)
        assert latest is not None
        assert latest == msgspec.structs.replace(found, as_of=latest.as_of)
        assert found.assisted.whole + found.held_out.whole == 240
        assert [rail.standing for rail in found.guardrails] == ["held"]
    with time_machine.travel(BEGAN + timedelta(days=20)):
        early = contrasts.contrast_of(workspace, TEAM)
        assert early is not None
        assert early.claim is Claim.TOO_EARLY


def test_the_same_export_again_reports_nothing_new(workspace: Workspace, tmp_path: Path) -> None:
    ask(workspace, 1)
    file = tmp_path / "tickets.csv"
    said = (
        *((None, 1.0, 1), (None, 1.0, 0), (5.0, 1.0, 1), (5.0, 1.0, 0)),
        *((None, 6.0, 1), (None, 7.0, 0), (8.0, 7.0, 1)),
    )
    for day, (hours, other, new) in enumerate(said, start=1):
        export(file, {"T-1": hours, "T-2": other})
        with time_machine.travel(BEGAN + timedelta(days=day), tick=True):
            taken = ledger.take_reports(workspace, TEAM, [file])
        assert (taken.cases, taken.contacts, taken.new) == (2, 1, new)
        assert taken.resolved == (hours is not None)
    kept = reported(workspace)
    assert [outcome.resolved for outcome in kept] == [False, True, False, True]
    assert kept[-1].resolution_minutes == 480.0


def test_rows_of_one_ticket_are_one_ticket_at_different_times(
    workspace: Workspace, tmp_path: Path
) -> None:
    """Weekly exports overlap; an older one says nothing of what a newer one has said."""
    for number in range(4):
        ask(workspace, number)
    names = [f"T-{number}" for number in range(4)]
    first = export(tmp_path / "week 1.csv", {**dict.fromkeys(names), "of another": 1.0})
    second = export(tmp_path / "week 2.csv", dict.fromkeys(names, 10.0))
    said = (([first, second], 4), ([second], 0), ([first], 0), ([second, first], 0))
    for day, (files, new) in enumerate(said, start=1):
        with time_machine.travel(BEGAN + timedelta(days=day), tick=True):
            taken = ledger.take_reports(workspace, TEAM, files)
        assert (taken.contacts, taken.resolved, taken.new) == (4, 4, new), files
    both = tmp_path / "log.csv"
    both.write_text(second.read_text() + first.read_text().partition("\n")[2])
    with time_machine.travel(BEGAN + timedelta(days=5), tick=True):
        assert ledger.take_reports(workspace, TEAM, [both]).new == 0
    with time_machine.travel(BEGAN + timedelta(days=22)):
        found = contrasts.contrast_of(workspace, TEAM)
    assert found is not None
    assert found.assisted.open + found.held_out.open == 0


def test_who_wrote_again_and_what_ended_before_it_began_are_told(
    workspace: Workspace, tmp_path: Path
) -> None:
    for number in range(3):
        ask(workspace, number)
    with time_machine.travel(BEGAN + timedelta(hours=15), tick=True):
        ask(workspace, 0)
        thanks = answers.question("Thanks, that helped!", conversation_id="T-1")
        answers.answer(workspace, SHOP, thanks)
    file = export(tmp_path / "tickets.csv", {"T-0": 10.0, "T-1": 10.0, "T-2": -30.0})
    with time_machine.travel(BEGAN + timedelta(days=20), tick=True):
        taken = ledger.take_reports(workspace, TEAM, [file])
    assert (taken.resolved, taken.wrote_again) == (3, 1)
    assert (taken.backwards, taken.places) == (1, ("tickets.csv:3",))


def test_an_older_export_opens_nothing_again(workspace: Workspace, tmp_path: Path) -> None:
    for number in range(2):
        ask(workspace, number)
    newer = export(tmp_path / "february.csv", {"T-0": 300.0, "T-1": 10.0})
    older = export(tmp_path / "january.csv", {"T-0": None, "T-1": 10.0})
    for day, file in ((20, newer), (21, older)):
        with time_machine.travel(BEGAN + timedelta(days=day), tick=True):
            taken = ledger.take_reports(workspace, TEAM, [file])
        assert (taken.contacts, taken.resolved) == (2, 2)
    assert [one.resolved for one in reported(workspace)] == [True, True]


def test_a_ticket_that_says_it_was_opened_again_is_open(
    workspace: Workspace, tmp_path: Path
) -> None:
    ask(workspace, 1)
    rows = {"T": ("2026-11-02T10:00:00Z", "no"), "again": ("", "yes")}
    head = "ticket_id,conversation_id,question,reply,closed_at,reopened\n"
    file = tmp_path / "tickets.csv"
    for order in (("T", "again"), ("again", "T")):
        said = ((rows[which][0], rows[which][1]) for which in order)
        file.write_text(head + "".join(f"7,T-1,Where?,There.,{at},{yes}\n" for at, yes in said))
        taken = ledger.look_at_reports(workspace, TEAM, [file])
        assert (taken.resolved, taken.reopened) == (0, 1)


def test_the_minutes_of_all_tickets_of_a_conversation_are_summed(
    workspace: Workspace, tmp_path: Path
) -> None:
    """In one export or in several, whatever is said again."""
    contact = ask(workspace, 1)
    head = "ticket_id,conversation_id,question,reply,created_at,closed_at,handling_minutes,csat\n"
    row = "{},T-1,Where is it?,There.,2026-11-02T09:00:00Z,2026-11-02T{}:00:00Z,{},{}\n"
    first, second = row.format("A", 10, 20, 2), row.format("B", 12, 22, 5)
    for name, rows in (("a", [first]), ("b", [second]), ("both", [second, first, second])):
        file = tmp_path / f"{name}.csv"
        file.write_text(head + "".join(rows))
        assert ledger.take_reports(workspace, TEAM, [file]).contacts == 1
    found = ended(workspace.records, BEGAN + timedelta(days=22))
    (one,) = [one for one in found if one.contact.last_id == contact.interaction_id]
    assert (one.handling_minutes, one.csat) == (42.0, 5.0)
    assert one.at is not None
    assert (one.at - one.opened) / timedelta(hours=1) == pytest.approx(3.0, abs=0.01)


def test_the_column_of_the_conversation_can_be_named(workspace: Workspace, tmp_path: Path) -> None:
    ask(workspace, 1)
    file = tmp_path / "tickets.csv"
    file.write_text(
        "nr,chat,question,reply,closed_at\n7,T-1,Where is it?,There.,2026-11-02T10:00:00Z\n"
    )
    terms = Terms(mapping={"conversation_id": "chat"})
    assert ledger.take_reports(workspace, TEAM, [file], terms).contacts == 1
    (kept,) = workspace.records.query(Outcome).rows
    assert kept.closed_at == stamp(BEGAN + timedelta(hours=1))


@pytest.mark.parametrize("named", [{}, {"conversation_id": "Ticket ID"}])
def test_a_table_without_a_text_is_taken(
    workspace: Workspace, tmp_path: Path, named: dict[str, str]
) -> None:
    """It tells of ids, states and times, and of what was said nothing."""
    for number in (1, 2):
        ask(workspace, number)
    file = tmp_path / "tickets.csv"
    file.write_text(
        "Ticket ID,Status,Created,Solved,First reply,CSAT\n"
        "T-1,solved,2026-11-02 09:00,2026-11-02 12:00,2026-11-02 09:30,5\n"
        "T-2,open,2026-11-02 09:00,,2026-11-02 10:30,\n"
    )
    taken = ledger.take_reports(workspace, TEAM, [file], Terms(mapping=named))
    assert (taken.contacts, taken.open) == (2, 1)
    first, second = reported(workspace)
    assert (first.resolution_minutes, first.csat) == (180.0, 5.0)
    assert first.first_touch_at[:16] == "2026-11-02T09:30"
    assert second.first_touch_at[:16] == "2026-11-02T10:30"


def test_a_table_without_a_text_and_an_id_is_refused(workspace: Workspace, tmp_path: Path) -> None:
    ask(workspace, 1)
    file = tmp_path / "weeks.csv"
    file.write_text("Week,Tickets solved,Mean hours\n44,120,5.5\n45,99,6.1\n")
    with pytest.raises(InputError):
        ledger.take_reports(workspace, TEAM, [file])
    assert workspace.records.count(Outcome) == 0


def test_an_export_without_any_of_our_conversations_is_refused(
    workspace: Workspace, tmp_path: Path
) -> None:
    with pytest.raises(InputError, match="none of the 1 cases is a conversation"):
        ledger.take_reports(workspace, TEAM, [export(tmp_path / "tickets.csv", {"X": 1.0})])
    assert workspace.records.count(Outcome) == 0


def test_a_conversation_goes_on_as_it_was_begun(workspace: Workspace) -> None:
    """Whoever is held out stays so in it, named or not, past the deadline, and others are not."""
    first = {n: ask(workspace, n).handoff is HandoffReason.HELD_OUT for n in range(12)}
    assert True in first.values() and False in first.values()
    with time_machine.travel(datetime(2027, 5, 3, tzinfo=UTC)):
        for number, held_out in first.items():
            again = ask(workspace, number, customer_id="")
            assert (again.handoff is HandoffReason.HELD_OUT) is held_out
            assert again.held_out == 0.2


def test_nothing_is_drawn_for_what_began_before(workspace: Workspace) -> None:
    earlier = [Message("user", "Hello"), Message("assistant", "Good morning")]
    for number in range(20):
        question = answers.question(QUESTION, earlier, customer_id=f"customer {number}")
        assert answers.answer(workspace, SHOP, question).held_out == 0.0


def test_another_clock_in_the_export_changes_nothing(workspace: Workspace, tmp_path: Path) -> None:
    ask(workspace, 1)
    file = tmp_path / "tickets.csv"
    file.write_text(
        "ticket_id,question,reply,created_at,closed_at\n"
        "T-1,Where is it?,There.,2026-11-02 04:00,2026-11-02 07:00\n"
    )
    ledger.take_reports(workspace, TEAM, [file])
    (kept,) = workspace.records.query(Outcome).rows
    assert (kept.resolution_minutes, kept.closed_at) == (180.0, "")


def test_an_export_that_does_not_say_when_is_refused(workspace: Workspace, tmp_path: Path) -> None:
    ask(workspace, 1)
    file = tmp_path / "survey.csv"
    file.write_text("ticket_id,question,reply,csat\nT-1,Where is it?,There.,5\n")
    with pytest.raises(InputError, match="no case has a time at which it was closed"):
        ledger.take_reports(workspace, TEAM, [file])


def test_an_export_of_open_tickets_alone_is_taken(workspace: Workspace, tmp_path: Path) -> None:
    """It has the column that says when they are closed, and nothing in it yet."""
    ask(workspace, 1)
    taken = ledger.take_reports(workspace, TEAM, [export(tmp_path / "open.csv", {"T-1": None})])
    assert (taken.contacts, taken.open) == (1, 1)


def test_a_vendor_s_export_of_open_tickets_alone_is_taken_and_of_deleted_ones(
    workspace: Workspace, tmp_path: Path
) -> None:
    """It has no column to name; and a table of merged tickets needs none."""
    ask(workspace, 1)
    ask(workspace, 2)
    shown = {"id": "T-1", "requester_id": 7, "assignee_id": 8, "via": {"channel": "web"}}
    shown |= {"subject": "Where?", "created_at": "2026-11-02"}
    comments = [{"id": 1, "author_id": 7, "public": True, "body": "Where is it, please?"}]
    file = tmp_path / "zendesk.json"
    for status, open_, gone in (("open", 1, {}), ("deleted", 0, {Gone.DELETED: 1})):
        lines = [{**shown, "status": status, "comments": comments}]
        file.write_bytes(msgspec.json.encode({"tickets": lines}))
        taken = ledger.take_reports(workspace, TEAM, [file])
        assert (taken.contacts, taken.open, taken.gone) == (1, open_, gone)
    table = tmp_path / "tickets.csv"
    row = (
        "ticket_id,question,reply,created_at,Status\nT-2,Where is it?,There.,2026-11-02 09:00,{}\n"
    )
    table.write_text(row.format("Merged"))
    assert ledger.take_reports(workspace, TEAM, [table]).gone == {Gone.MERGED: 1}
    table.write_text(row.format("Open"))
    with pytest.raises(InputError, match="no case has a time at which it was closed"):
        ledger.take_reports(workspace, TEAM, [table])


def test_of_several_tickets_of_a_conversation_one_counts(
    workspace: Workspace, tmp_path: Path
) -> None:
    ask(workspace, 1)
    file = tmp_path / "tickets.csv"
    file.write_text(
        "ticket_id,conversation_id,question,reply,closed_at\n"
        "7,T-1,Where is it?,There.,2026-11-02T10:00:00Z\n"
        "8,T-1,And the other?,Wait.,\n"
    )
    for new in (1, 0, 0):
        taken = ledger.take_reports(workspace, TEAM, [file])
        assert (taken.contacts, taken.resolved, taken.new) == (1, 0, new)


def test_an_id_of_several_tenants_is_refused(workspace: Workspace, tmp_path: Path) -> None:
    ask(workspace, 1)
    ask(workspace, 1, caller("other shop", "south"))
    file = export(tmp_path / "tickets.csv", {"T-1": 1.0})
    with pytest.raises(InputError, match="several tenants: north, south") as error:
        ledger.take_reports(workspace, TEAM, [file])
    assert "--tenant" in error.value.action
    assert ledger.take_reports(workspace, TEAM, [file], tenant="south").contacts == 1
    assert [outcome.tenant for outcome in workspace.records.query(Outcome).rows] == ["south"]


def test_without_a_plan_there_is_nothing_to_say(workspace: Workspace) -> None:
    for objective in (None, msgspec.structs.replace(OBJECTIVE, plan=None)):
        workspace.settings = msgspec.structs.replace(workspace.settings, objective=objective)
        assert contrasts.contrast_of(workspace, TEAM) is None
        assert contrasts.latest_contrast(workspace, TEAM) is None
        assert ask(workspace, 1).held_out == 0.0


def test_only_the_house_sees_it(workspace: Workspace, tmp_path: Path) -> None:
    tenant = Actor(name="north", roles=API_ROLES, tenant="north", declared=False)
    with pytest.raises(NotAllowed):
        contrasts.contrast_of(workspace, tenant)
    with pytest.raises(NotAllowed):
        ledger.take_reports(workspace, tenant, [export(tmp_path / "t.csv", {"T-1": 1.0})])


def test_who_sends_the_conversation_along_and_no_id_stays_as_they_were_drawn(
    workspace: Workspace,
) -> None:
    """As any client of the OpenAI API does, over HTTP."""
    said = [{"role": "user", "content": QUESTION}]
    more = [*said, {"role": "assistant", "content": "Well."}, {"role": "user", "content": QUESTION}]
    drawn: dict[str, list[bool]] = {}
    with TestClient(create_app(lambda: workspace), base_url="http://127.0.0.1") as client:
        for number in range(12):
            for messages in (said, more):
                body = {"model": "northloop", "user": f"customer {number}", "messages": messages}
                given = client.post("/v1/chat/completions", json=body).json()
                reason = given["northloop"]["handoff"]
                drawn.setdefault(f"{number}", []).append(reason == HandoffReason.HELD_OUT)
    assert {(True, True), (False, False)} == {tuple(both) for both in drawn.values()}
    kept = workspace.records.query(Contact).rows
    assert {one.held_out for one in kept} == {0.2}


def test_a_table_says_when_a_person_first_answered_and_who_was_asked(
    workspace: Workspace, tmp_path: Path
) -> None:
    for number in range(4):
        ask(workspace, number)
    file = tmp_path / "tickets.csv"
    file.write_text(
        "ticket_id,question,reply,created_at,closed_at,first_response_at,survey_sent,csat\n"
        "T-0,Where is it?,There.,2026-11-02 09:00,2026-11-02 12:00,2026-11-02 10:00,yes,4\n"
        "T-1,Where is it?,There.,2026-11-02 04:00,2026-11-02 07:00,2026-11-02 04:30,yes,\n"
        "T-2,Where is it?,There.,2026-11-02 09:00,2026-11-02 12:00,,no,\n"
        "T-3,Where is it?,There.,2026-11-02 09:00,2026-11-02 12:00,2026-10-02 10:00,,\n"
    )
    found = ledger.look_at_reports(workspace, TEAM, [file])
    assert found.columns["first_touch_at"] == "first_response_at"
    assert found.columns["csat_asked"] == "survey_sent"
    taken = ledger.take_in(workspace, TEAM, found)
    assert (taken.contacts, taken.touched, taken.asked, taken.rated) == (4, 3, 2, 1)
    kept = sorted(workspace.records.query(Outcome).rows, key=lambda o: o.closed_at)
    opened = datetime.fromisoformat
    contacts = {c.conversation_id: c for c in workspace.records.query(Contact).rows}
    waited = [
        (opened(o.first_touch_at) - opened(contacts[o.conversation_id].opened_at))
        / timedelta(minutes=1)
        for o in kept
        if o.first_touch_at
    ]
    assert sorted(waited)[1:] == [30.0, 60.0], "by the export's own clock"
    assert [o.csat_asked for o in kept].count(None) == 1
    assert ledger.take_reports(workspace, TEAM, [file]).new == 0
    with time_machine.travel(BEGAN + timedelta(days=22)):
        told = contrasts.contrast_of(workspace, TEAM)
    assert told is not None
    sides = (told.assisted, told.held_out)
    assert [sum(getattr(s, n) for s in sides) for n in ("asked", "rated", "untold")] == [2, 1, 1]
    touched = [side.touched for side in sides if side.touched is not None]
    assert set(touched) <= {0.5, 0.75, 1.0}, "what was done a month before is no touch"


def test_a_conversation_says_it_by_its_messages(workspace: Workspace, tmp_path: Path) -> None:
    ask(workspace, 1)
    said = [
        {"role": "customer", "text": "Where is it?", "at": "2026-11-02T09:00:00Z"},
        {"role": "bot", "text": "I look for it.", "at": "2026-11-02T09:01:00Z"},
        {"role": "agent", "text": "Who knows?", "at": "2026-11-02T09:20:00Z", "internal": True},
        {"role": "agent", "text": "It is there.", "at": "2026-11-02T10:30:00Z", "internal": False},
    ]
    closed = {"created_at": "2026-11-02T09:00:00Z", "closed_at": "2026-11-02T12:00:00Z"}
    file = tmp_path / "chats.json"
    file.write_bytes(msgspec.json.encode([{"id": "T-1", "messages": said, **closed}]))
    assert ledger.take_reports(workspace, TEAM, [file]).touched == 1
    (kept,) = workspace.records.query(Outcome).rows
    (contact,) = workspace.records.query(Contact).rows
    waited = datetime.fromisoformat(kept.first_touch_at) - datetime.fromisoformat(contact.opened_at)
    assert waited == timedelta(minutes=90)


WRONG = (
    "ticket_id,question,reply,created_at,due,solved,again\n"
    "T-1,Where is it?,There.,2026-11-02 09:00,2026-11-20 09:00,2026-11-02 15:00,yes\n"
    "T-2,Where is it?,There.,2026-11-02 09:00,2026-11-21 09:00,2026-11-03 15:00,yes\n"
    "T-3,Where is it?,There.,2026-11-02 09:00,2026-11-22 09:00,2026-11-21 09:00,yes\n"
)


def test_what_a_wrong_column_said_is_told_and_can_be_overruled(
    workspace: Workspace, tmp_path: Path
) -> None:
    for number in range(1, 4):
        ask(workspace, number)
    file = tmp_path / "tickets.csv"
    file.write_text(WRONG)
    wrong = Terms(mapping={"closed_at": "due", "reopened": "again"})
    right = Terms(mapping={"closed_at": "solved"})
    with time_machine.travel(BEGAN + timedelta(days=25), tick=True):
        assert ledger.take_reports(workspace, TEAM, [file], wrong).left == 0
        again = ledger.take_reports(workspace, TEAM, [file], right)
        assert (again.new, again.left) == (0, 3)
        assert again.example is not None
        assert again.example.place == "tickets.csv:1"
        assert again.example.says == "closed 2026-11-02 15:00"
        assert again.example.known.startswith("closed 2026-11-20 09:00")
        seen = ledger.look_at_reports(workspace, TEAM, [file], right)
        assert (seen.left, seen.example) == (3, again.example)
        taken = ledger.take_in(workspace, TEAM, seen, overrules=True)
        assert (taken.new, taken.left, taken.example) == (3, 0, None)
        for overrules in (True, False, True):
            once_more = ledger.take_reports(workspace, TEAM, [file], right, overrules=overrules)
            assert (once_more.new, once_more.left) == (0, 0)
    found = ended(workspace.records, BEGAN + timedelta(days=40))
    hours = sorted((one.at - one.opened) / timedelta(hours=1) for one in found if one.at)
    assert hours == pytest.approx([6.0, 30.0, 456.0])
    assert [one.reopened for one in found] == [False] * 3, "what was wrong counts no more"


def test_a_newer_export_corrects_what_an_older_one_had_from_a_wrong_column(
    workspace: Workspace, tmp_path: Path
) -> None:
    """Also where it was closed earlier by that."""
    for number in range(2):
        ask(workspace, number)
    first = export(tmp_path / "week 1.csv", {"T-0": 300.0, "T-1": 310.0})
    second = export(tmp_path / "week 2.csv", {"T-0": 20.0, "T-1": 400.0})
    with time_machine.travel(BEGAN + timedelta(days=20), tick=True):
        assert ledger.take_reports(workspace, TEAM, [first]).new == 2
        taken = ledger.take_reports(workspace, TEAM, [second])
    assert (taken.new, taken.left) == (2, 0)
    assert sorted(o.resolution_minutes or 0 for o in workspace.records.query(Outcome).rows) == [
        20 * 60, 300 * 60, 310 * 60, 400 * 60,
    ]  # fmt: skip


def test_an_open_row_of_a_narrow_export_opens_a_ticket_again(
    workspace: Workspace, tmp_path: Path
) -> None:
    """It knows of less than the broad one before it, but of what came long after the closing."""
    for number in range(2):
        ask(workspace, number)
    broad = export(tmp_path / "all.csv", {"T-0": 50.0, "T-1": 400.0})
    narrow = export(tmp_path / "came back.csv", {"T-0": None, "of another": 200.0})
    with time_machine.travel(BEGAN + timedelta(days=20), tick=True):
        assert ledger.take_reports(workspace, TEAM, [broad]).resolved == 2
        taken = ledger.take_reports(workspace, TEAM, [narrow])
        assert (taken.contacts, taken.open, taken.new, taken.left) == (1, 1, 1, 0)
        for file in (broad, narrow):
            same = ledger.take_reports(workspace, TEAM, [file])
            assert (same.new, same.open) == (0, 1), "the same again, in any order, changes nothing"
        assert ledger.take_reports(workspace, TEAM, [broad]).left == 1
        later = export(tmp_path / "later.csv", {"T-0": 420.0, "T-1": 400.0})
        assert ledger.take_reports(workspace, TEAM, [later]).resolved == 2


def test_when_a_ticket_was_changed_last_says_how_much_an_export_knew(
    workspace: Workspace, tmp_path: Path
) -> None:
    ask(workspace, 0)
    head = "ticket_id,question,reply,created_at,closed_at,Last updated\n"
    row = "T-0,Where is it?,There.,2026-11-02 09:00,{},{}\n"
    file = tmp_path / "tickets.csv"
    states = (
        ("2026-11-03 09:00", "2026-11-04 09:00", 0),
        ("", "2026-11-05 09:00", 1),
        ("", "2026-11-02 19:00", 1),
        ("2026-11-06 09:00", "2026-11-06 09:00", 0),
    )
    with time_machine.travel(BEGAN + timedelta(days=20), tick=True):
        for closed, updated, open_ in states:
            file.write_text(head + row.format(closed, updated))
            found = ledger.look_at_reports(workspace, TEAM, [file])
            assert found.columns["updated_at"] == "Last updated"
            assert ledger.take_in(workspace, TEAM, found).open == open_, updated
        log = [row.format("2026-11-06 09:00", "2026-11-06 09:00"), row.format("", "2026-11-07")]
        for rows in (log, log[::-1]):
            file.write_text(head + "".join(rows))
            assert ledger.look_at_reports(workspace, TEAM, [file]).open == 1, "the row changed last"


def test_tickets_that_are_none_any_more_count_for_nothing(
    workspace: Workspace, tmp_path: Path
) -> None:
    for number in range(5):
        ask(workspace, number)
    file = tmp_path / "tickets.csv"
    file.write_text(
        "ticket_id,conversation_id,question,reply,created_at,closed_at,Status\n"
        "0,T-0,Where is it?,There.,2026-11-02 09:00,2026-11-05 15:00,Closed\n"
        "1,T-1,Where is it?,There.,2026-11-02 09:00,,Merged\n"
        "2,T-2,Where is it?,There.,2026-11-02 09:00,,Spam\n"
        "3,T-3,Where is it?,There.,2026-11-02 09:00,,Gelöscht\n"
        "4,T-4,Where is it?,There.,2026-11-02 09:00,,Closed by merge\n"
        "5,T-4,Where is it?,There.,2026-11-02 09:00,2026-11-03 09:00,Solved\n"
    )
    seen = ledger.look_at_reports(workspace, TEAM, [file])
    assert seen.columns["status"] == "Status"
    taken = ledger.take_in(workspace, TEAM, seen)
    assert (taken.contacts, taken.resolved, taken.open) == (5, 2, 0)
    assert taken.gone == {Gone.MERGED: 2, Gone.DELETED: 1, Gone.SPAM: 1}
    ends = {one.contact.conversation_id: one for one in ended(workspace.records, BEGAN + MONTH)}
    kinds = [ends[workspace.opaque(f"T-{number}")].end for number in range(5)]
    over = {End.SETTLED, End.RESOLVED}
    assert kinds[1:4] == [End.GONE] * 3 and over.issuperset([kinds[0], kinds[4]])
    assert [one.gone for one in ends.values() if one.end is End.GONE] == [
        Gone.MERGED, Gone.SPAM, Gone.DELETED,
    ]  # fmt: skip
    with time_machine.travel(BEGAN + timedelta(days=22)):
        found = contrasts.contrast_of(workspace, TEAM)
    assert found is not None
    sides = (found.assisted, found.held_out)
    assert [sum(getattr(s, n) for s in sides) for n in ("contacts", "merged", "removed")] == [
        2, 1, 2,
    ]  # fmt: skip
    assert found.outside == 0
    assert "2 of 4 contacts were deleted or marked as spam" in found.words


def test_a_deleted_ticket_of_a_vendor_s_export_is_none(
    workspace: Workspace, tmp_path: Path
) -> None:
    """Nothing is learnt of it, and yet it is told that it ended so."""
    for number in range(2):
        ask(workspace, number)
    shown = {"requester_id": 7, "assignee_id": 8, "via": {"channel": "web"}}
    shown |= {"subject": "Where?", "created_at": "2026-11-02"}
    comments = [{"id": 1, "author_id": 7, "public": True, "body": "Where is it, please?"}]
    solved = {"metric_set": {"solved_at": "2026-11-03T09:00:00Z"}, "comments": comments}
    lines = [
        {"id": "T-0", "status": "deleted", **shown},
        {"id": "T-1", "status": "closed", "tags": ["vip", "closed_by_merge"], **shown, **solved},
    ]
    file = tmp_path / "zendesk.json"
    file.write_bytes(msgspec.json.encode({"tickets": lines}))
    taken = ledger.take_reports(workspace, TEAM, [file])
    assert (taken.contacts, taken.gone) == (2, {Gone.MERGED: 1, Gone.DELETED: 1})


def test_cases_of_a_conversation_without_ids_of_their_own_are_told_apart_by_when_they_began(
    workspace: Workspace, tmp_path: Path
) -> None:
    ask(workspace, 1)
    head = "conversation_id,question,reply,created_at,closed_at,handling_minutes\n"
    first = "T-1,Where is it?,There.,2026-11-02 09:00,2026-11-03 15:00,10\n"
    second = "T-1,And the other?,There.,2026-11-10 09:00,{},20\n"
    file = tmp_path / "tickets.csv"
    narrow = [second.format("2026-11-11 15:00")]
    said = (
        ([first], 1, 0),
        ([first, second.format("")], 1, 1),
        ([second.format(""), first], 0, 1),
        (narrow, 1, 0),
        ([*narrow, first], 0, 0),
    )
    with time_machine.travel(BEGAN + timedelta(days=12), tick=True):
        for rows, new, open_ in said:
            file.write_text(head + "".join(rows))
            taken = ledger.take_reports(workspace, TEAM, [file])
            assert (taken.contacts, taken.new, taken.open) == (1, new, open_), rows
    (one,) = ended(workspace.records, BEGAN + MONTH)
    assert one.handling_minutes == 30.0
    assert one.at is not None
    assert (one.at - one.opened) / timedelta(hours=1) == pytest.approx(9 * 24 + 6.0, abs=0.01)


def test_what_was_kept_before_tickets_were_told_apart_is_no_news(
    workspace: Workspace, tmp_path: Path
) -> None:
    """Rows of the version before name no ticket, nor how much their export knew."""
    for number in range(3):
        ask(workspace, number)
    file = export(tmp_path / "tickets.csv", {"T-0": 10.0, "T-1": None, "T-2": 30.0})
    with time_machine.travel(BEGAN + timedelta(days=3), tick=True):
        ledger.take_reports(workspace, TEAM, [file])
        kept = workspace.records.query(Outcome).rows
        before = [
            msgspec.structs.replace(one, ticket="", told_at="", import_id="", stateless=False)
            for one in kept
        ]
        workspace.records.replace_all(before)
    with time_machine.travel(BEGAN + timedelta(days=20), tick=True):
        again = ledger.take_reports(workspace, TEAM, [file])
        assert (again.contacts, again.new, again.open, again.left) == (3, 0, 1, 0)
        export(file, {"T-0": 10.0, "T-1": 100.0, "T-2": 30.0})
        assert ledger.take_reports(workspace, TEAM, [file]).new == 1
        assert ledger.take_reports(workspace, TEAM, [file]).new == 0
    assert len(reported(workspace)) == 4


def api_says(workspace: Workspace, number: int, at: datetime, **said: object) -> None:
    """A report of a whole conversation, as the API keeps it."""
    kept = Outcome(
        outcome_id=f"api {number} {at}",
        conversation_id=workspace.opaque(f"T-{number}"),
        at=stamp(at),
        resolved=True,
        tenant="north",
    )
    workspace.records.add(msgspec.structs.replace(kept, **said))


def test_a_merged_ticket_counts_for_nothing_whatever_was_said_of_its_conversation_before(
    workspace: Workspace, tmp_path: Path
) -> None:
    ask(workspace, 1)
    api_says(workspace, 1, BEGAN + timedelta(hours=5), resolution_minutes=300.0, csat=1.0)
    file = tmp_path / "tickets.csv"
    file.write_text(
        "ticket_id,conversation_id,question,reply,created_at,closed_at,Status\n"
        "91,T-1,Where is it?,There.,2026-11-02 09:00,,Merged\n"
        "92,other,Where is it?,There.,2026-11-02 09:00,2026-11-08 09:00,Solved\n"
    )
    with time_machine.travel(BEGAN + timedelta(days=10), tick=True):
        assert ledger.take_reports(workspace, TEAM, [file]).gone == {Gone.MERGED: 1}
    (one,) = ended(workspace.records, BEGAN + MONTH)
    assert (one.end, one.gone, one.at, one.csat) == (End.GONE, Gone.MERGED, None, None)
    api_says(workspace, 1, BEGAN + timedelta(days=11), resolution_minutes=300.0)
    (one,) = ended(workspace.records, BEGAN + MONTH)
    assert one.at is not None, "what is said of it after that counts"


def test_what_comes_in_after_an_overruling_is_not_overruled_by_what_comes_in_then(
    workspace: Workspace, tmp_path: Path
) -> None:
    ask(workspace, 1)
    file = export(tmp_path / "tickets.csv", {"T-1": 144.0})
    with time_machine.travel(BEGAN + timedelta(days=10), tick=True):
        ledger.take_reports(workspace, TEAM, [file])
        export(file, {"T-1": 120.0})
        assert ledger.take_reports(workspace, TEAM, [file], overrules=True).new == 1
    api_says(workspace, 1, BEGAN + timedelta(days=11), csat=2.0, handling_minutes=77.0)
    file.write_text(
        "ticket_id,question,reply,created_at,closed_at,first_touch_at\n"
        "T-1,Where is it?,There.,2026-11-02 09:00,2026-11-06 09:00,2026-11-03 09:00\n"
    )
    with time_machine.travel(BEGAN + timedelta(days=12), tick=True):
        assert ledger.take_reports(workspace, TEAM, [file]).new == 1
    (one,) = ended(workspace.records, BEGAN + MONTH)
    assert one.handling_minutes == 77.0
    assert one.touched_at == one.opened + timedelta(days=1)


def test_what_is_taken_in_counts_by_when_it_is_taken_in(
    workspace: Workspace, tmp_path: Path
) -> None:
    """Not by when it was looked at."""
    ask(workspace, 1)
    old = export(tmp_path / "old.csv", {"T-1": None})
    new = export(tmp_path / "new.csv", {"T-1": 144.0})
    with time_machine.travel(BEGAN + timedelta(days=10), tick=True):
        seen = [ledger.look_at_reports(workspace, TEAM, [file]) for file in (new, old)]
        assert ledger.take_in(workspace, TEAM, seen[1]).open == 1
        assert ledger.take_in(workspace, TEAM, seen[0]).resolved == 1
        (one,) = ended(workspace.records, BEGAN + MONTH)
        assert one.at == one.opened + timedelta(hours=144)
        corrected = export(tmp_path / "corrected.csv", {"T-1": 20.0})
        look = ledger.look_at_reports(workspace, TEAM, [corrected])
    with time_machine.travel(BEGAN + timedelta(days=11), tick=True):
        api_says(workspace, 1, BEGAN + timedelta(days=11), resolved=False)
        assert ledger.take_in(workspace, TEAM, look, overrules=True).resolved == 1
    (one,) = ended(workspace.records, BEGAN + MONTH)
    assert one.at == one.opened + timedelta(hours=20)


def test_what_was_said_of_a_whole_conversation_is_overruled_by_what_is_said_of_its_tickets(
    workspace: Workspace, tmp_path: Path
) -> None:
    ask(workspace, 1)
    wrong = {"csat": 1.0, "reopened": True, "first_touch_at": stamp(BEGAN + timedelta(days=4))}
    file = tmp_path / "tickets.csv"
    file.write_text(
        "ticket_id,conversation_id,question,reply,created_at,closed_at\n"
        "91,T-1,Where is it?,There.,2026-11-02 09:00,2026-11-03 09:00\n"
        "92,T-1,And the other?,There.,2026-11-02 09:30,2026-11-03 10:00\n"
    )
    for day, new in ((5, 1), (15, 1)):
        api_says(workspace, 1, BEGAN + timedelta(days=day), resolution_minutes=9000.0, **wrong)
        with time_machine.travel(BEGAN + timedelta(days=day + 5), tick=True):
            seen = ledger.look_at_reports(workspace, TEAM, [file])
            assert seen.known == 2, "so the console offers to overrule it"
            assert ledger.take_in(workspace, TEAM, seen, overrules=True).new == new
            assert ledger.take_in(workspace, TEAM, seen, overrules=True).new == 0
        (one,) = ended(workspace.records, BEGAN + MONTH)
        assert (one.csat, one.touched_at, one.reopened) == (None, None, False), day


def test_a_case_that_was_told_apart_stays_so_where_an_export_holds_nothing_else(
    workspace: Workspace, tmp_path: Path
) -> None:
    """Also where it was created so near to the first question that it might be the first case."""
    ask(workspace, 1)
    head = "conversation_id,question,reply,created_at,closed_at,handling_minutes\n"
    first = "T-1,Where is it?,There.,2026-11-02 09:00,2026-11-02 12:00,10\n"
    second = "T-1,And the other?,There.,2026-11-02 15:00,{},20\n"
    file = tmp_path / "tickets.csv"
    with time_machine.travel(BEGAN + timedelta(days=12), tick=True):
        for rows in ([first, second.format("")], [second.format("2026-11-05 15:00")]):
            file.write_text(head + "".join(rows))
            ledger.take_reports(workspace, TEAM, [file])
    (one,) = ended(workspace.records, BEGAN + MONTH)
    assert one.at is not None
    assert one.handling_minutes == 30.0


def test_the_same_file_read_by_another_column_of_the_status_corrects_it(
    workspace: Workspace, tmp_path: Path
) -> None:
    ask(workspace, 1)
    file = tmp_path / "tickets.csv"
    file.write_text(
        "ticket_id,question,reply,created_at,closed_at,Status,Real\n"
        "T-1,Where is it?,There.,2026-11-02 09:00,2026-11-03 09:00,Removed,Solved\n"
    )
    right = Terms(mapping={"status": "Real"})
    with time_machine.travel(BEGAN + timedelta(days=5), tick=True):
        assert ledger.take_reports(workspace, TEAM, [file]).gone == {Gone.DELETED: 1}
        taken = ledger.take_reports(workspace, TEAM, [file], right)
        assert (taken.gone, taken.new, taken.left, taken.resolved) == ({}, 1, 0, 1)
        again = ledger.take_reports(workspace, TEAM, [file])
        assert (again.gone, again.new) == ({Gone.DELETED: 1}, 1)


CASES = "ticket_id,conversation_id,question,reply,created_at,closed_at,Status\n"


def test_what_files_say_of_a_conversation_overrules_it_by_whatever_name_of_a_ticket(
    workspace: Workspace, tmp_path: Path
) -> None:
    """An import with a wrong ticket column named its tickets otherwise."""
    for number in range(2):
        ask(workspace, number)
    file = tmp_path / "tickets.csv"
    file.write_text(
        "nr,agent,conversation_id,question,reply,created_at,closed_at,csat\n"
        "91,7,T-0,Where is it?,There.,2026-11-02 09:00,,1\n"
        "92,7,T-0,And the other?,There.,2026-11-02 09:00,2026-11-03 09:00,\n"
        "93,8,T-1,Where is it?,There.,2026-11-02 09:00,2026-11-03 09:00,\n"
    )
    wrong, right = (Terms(mapping={"ticket_id": column}) for column in ("agent", "nr"))
    with time_machine.travel(BEGAN + timedelta(days=5), tick=True):
        ledger.take_reports(workspace, TEAM, [file], wrong)
        file.write_text(file.read_text().replace("09:00,,1", "09:00,2026-11-02 15:00,"))
        assert ledger.take_reports(workspace, TEAM, [file], right).beside == 2
        taken = ledger.take_reports(workspace, TEAM, [file], right, overrules=True)
        assert (taken.resolved, taken.open, taken.beside, taken.new) == (2, 0, 2, 2)
        again = ledger.take_reports(workspace, TEAM, [file], right, overrules=True)
        assert (again.beside, again.new) == (0, 0)
    ends = ended(workspace.records, BEGAN + MONTH)
    assert [one.end for one in ends if one.end is End.OPEN] == []
    assert [one.csat for one in ends] == [None, None]
    assert len({one.ticket for one in reported(workspace)}) == 3


def test_how_a_contact_stands_is_told_with_its_tickets_of_other_exports(
    workspace: Workspace, tmp_path: Path
) -> None:
    ask(workspace, 1)
    file = tmp_path / "tickets.csv"
    for name, closed in ((91, ""), (92, "2026-11-03 09:00")):
        row = f"{name},T-1,Where is it?,There.,2026-11-02 09:00,{closed},\n"
        file.write_text(CASES + row)
        taken = ledger.take_reports(workspace, TEAM, [file])
        assert (taken.resolved, taken.open) == (0, 1)
    assert taken.beside == 1


@pytest.mark.parametrize("hours", [2, 5])
def test_a_narrow_export_before_a_broad_one_gives_no_case_twice(
    workspace: Workspace, tmp_path: Path, hours: int
) -> None:
    """Of cases without an id of their own, created so near to the first question that each might
    be the first one."""
    ask(workspace, 1)
    head = "conversation_id,question,reply,created_at,closed_at,handling_minutes,csat\n"
    first = "T-1,Where is it?,There.,2026-11-02 09:00,2026-11-02 12:00,10,5\n"
    second = f"T-1,And the other?,There.,2026-11-02 {9 + hours:02}:00,2026-11-05 15:00,20,\n"
    file = tmp_path / "tickets.csv"
    with time_machine.travel(BEGAN + timedelta(days=12), tick=True):
        for rows in ([second], [first, second], [second, first], [second], [first, second]):
            file.write_text(head + "".join(rows))
            taken = ledger.take_reports(workspace, TEAM, [file])
        assert (taken.new, taken.beside) == (0, 0)
    (one,) = ended(workspace.records, BEGAN + MONTH)
    assert one.handling_minutes == 30.0
    assert len({report.ticket for report in reported(workspace)}) == 2


@pytest.mark.parametrize("why", [Gone.MERGED, Gone.DELETED, Gone.SPAM])
def test_an_export_without_a_status_brings_no_ticket_back(
    workspace: Workspace, tmp_path: Path, why: Gone
) -> None:
    """Whichever came in first, and however much it knew."""
    for number in range(2):
        ask(workspace, number)
    said, silent = tmp_path / "said.csv", tmp_path / "silent.csv"
    row = "T-{0},T-{0},Where is it?,There.,2026-11-02 09:00,{1},{2}\n"
    said.write_text(CASES + row.format(0, "", why.value) + row.format(1, "", why.value))
    silent.write_text(
        CASES.replace(",Status", "")
        + "T-0,T-0,Where is it?,There.,2026-11-02 09:00,2026-11-08 09:00\n"
        + "T-1,T-1,Where is it?,There.,2026-11-02 09:00,\n"
    )
    with time_machine.travel(BEGAN + timedelta(days=12), tick=True):
        for files in ([said], [silent], [said], [silent, said], [said, silent]):
            for file in files:
                taken = ledger.take_reports(workspace, TEAM, [file])
            assert taken.gone == {why: 2}, [file.name for file in files]
            assert taken.left == 0, "it does not say otherwise"
        assert [one.end for one in ended(workspace.records, BEGAN + MONTH)] == [End.GONE] * 2
        back = tmp_path / "back.csv"
        back.write_text(CASES + row.format(0, "2026-11-09 09:00", "Solved"))
        assert ledger.take_reports(workspace, TEAM, [back]).resolved == 1, "this one says it"


def test_an_import_is_listed_and_taken_back_and_what_others_said_stays(
    workspace: Workspace, tmp_path: Path
) -> None:
    for number in range(4):
        ask(workspace, number)
    api_says(workspace, 3, BEGAN + timedelta(hours=5), csat=4.0)
    before = ended(workspace.records, BEGAN + MONTH)
    wrong = export(tmp_path / "wrong.csv", {"T-0": 300.0, "T-1": None, "T-2": 5.0, "T-3": 1.0})
    right = tmp_path / "right.csv"
    right.write_text(
        "ticket_id,question,reply,created_at,closed_at,csat\n"
        "T-0,Where is it?,There.,2026-11-02T09:00:00+00:00,2026-11-04 09:00,\n"
        f"T-2,{QUESTION},A reply.,{BEGAN.isoformat()},2026-11-02 14:00,5\n"
    )
    with time_machine.travel(BEGAN + timedelta(days=15), tick=True):
        first = ledger.take_reports(workspace, TEAM, [wrong])
        second = ledger.take_reports(workspace, TEAM, [right])
        assert first.import_id != second.import_id
        newest, oldest = ledger.imports(workspace, TEAM)
        assert (newest.import_id, oldest.import_id) == (second.import_id, first.import_id)
        assert (oldest.files, oldest.by, oldest.cases) == (("wrong.csv",), "ada", 4)
        assert (oldest.tickets, oldest.new, newest.tickets) == (4, 4, 2)
        assert ledger.take_back(workspace, TEAM, first.import_id) == oldest
        assert ledger.imports(workspace, TEAM) == [newest]
        with pytest.raises(NotFound):
            ledger.take_back(workspace, TEAM, first.import_id)
    ends = ended(workspace.records, BEGAN + MONTH)
    assert [one.csat for one in ends] == [None, None, 5.0, 4.0]
    took = [one.at and round((one.at - one.opened) / timedelta(hours=1)) for one in ends]
    assert took[0] == 48 and took[2] == 5
    assert (ends[1], ends[3]) == (before[1], before[3])
    ledger.take_back(workspace, TEAM, second.import_id)
    assert ended(workspace.records, BEGAN + MONTH) == before


def test_what_every_nightly_import_says_again_takes_no_more_room(
    workspace: Workspace, tmp_path: Path
) -> None:
    """Nor does it change how cases stand; what is taken back leaves what others say."""
    for number in range(3):
        ask(workspace, number)
    all_ = export(tmp_path / "all.csv", {"T-0": 5.0, "T-1": None, "T-2": 9.0})
    some = tmp_path / "some.csv"
    some.write_text(
        CASES + "T-0,T-0,Where is it?,There.,2026-11-02 09:00,2026-11-02 14:00,Solved\n"
    )
    sizes, names = list[int](), list[str]()
    with time_machine.travel(BEGAN + timedelta(days=1), tick=True):
        for _ in range(8):
            taken = [ledger.take_reports(workspace, TEAM, [file]) for file in (all_, some)]
            names += [one.import_id for one in taken]
            kept = workspace.records.query(Outcome).rows
            sizes.append(sum(len(one.again) for one in kept))
    assert sizes[4:] == [sizes[4]] * 4 and len(ledger.imports(workspace, TEAM)) == 16
    ends = ended(workspace.records, BEGAN + MONTH)
    assert [one.end is End.OPEN for one in ends] == [False, True, False]
    for name in (names[0], *names[-3:]):
        ledger.take_back(workspace, TEAM, name)
        assert ended(workspace.records, BEGAN + MONTH) == ends
    for name in names[1:-3]:
        ledger.take_back(workspace, TEAM, name)
    assert workspace.records.count(Outcome) == 0


def test_an_import_that_knew_of_two_tickets_knew_of_both_once_one_is_said_again(
    workspace: Workspace, tmp_path: Path
) -> None:
    ask(workspace, 1)
    file = tmp_path / "tickets.csv"
    row = "{0},T-1,Where is it?,There.,2026-11-02 09:00,{1},Solved\n"
    first = CASES + row.format("a", "2026-11-02 14:00")
    with time_machine.travel(BEGAN + timedelta(days=1), tick=True):
        file.write_text(first)
        ledger.take_reports(workspace, TEAM, [file])
    api_says(workspace, 1, BEGAN + timedelta(days=2), resolved=False)
    ends = []
    for day in range(3, 12):
        both = row.format("b", "2026-11-02 15:00") if day == 3 else ""
        other = row.format("c", f"2026-11-{day:02} 09:00").replace("T-1", "other")
        file.write_text(first + both + other)
        with time_machine.travel(BEGAN + timedelta(days=day), tick=True):
            ledger.take_reports(workspace, TEAM, [file])
        ends.append([one.end for one in ended(workspace.records, BEGAN + MONTH)])
    assert ends == [ends[0]] * 9


def test_what_an_import_overruled_counts_again_once_that_is_taken_back(
    workspace: Workspace, tmp_path: Path
) -> None:
    ask(workspace, 1)
    file = export(tmp_path / "tickets.csv", {"T-1": 144.0})
    with time_machine.travel(BEGAN + timedelta(days=10), tick=True):
        ledger.take_reports(workspace, TEAM, [file])
        before = ended(workspace.records, BEGAN + MONTH)
        export(file, {"T-1": 12.0})
        taken = ledger.take_reports(workspace, TEAM, [file], overrules=True)
        assert ledger.imports(workspace, TEAM)[0].overrules
        assert ended(workspace.records, BEGAN + MONTH) != before
        ledger.take_back(workspace, TEAM, taken.import_id)
    assert ended(workspace.records, BEGAN + MONTH) == before


def test_the_order_in_which_imports_are_taken_back_does_not_matter(
    workspace: Workspace, tmp_path: Path
) -> None:
    """What stands is what the rest would have come to alone."""
    for number in range(3):
        ask(workspace, number)
    files = [
        export(tmp_path / "a.csv", {"T-0": None, "T-1": 20.0, "T-2": 30.0}),
        export(tmp_path / "b.csv", {"T-0": 60.0, "T-1": 20.0}),
        export(tmp_path / "c.csv", {"T-0": 60.0, "T-1": 90.0, "T-2": None}),
        export(tmp_path / "d.csv", {"T-0": None, "T-1": 20.0, "T-2": 30.0}),
    ]
    with time_machine.travel(BEGAN + timedelta(days=15), tick=True):
        for gone in itertools.permutations(range(4), 2):
            taken = [ledger.take_reports(workspace, TEAM, [file]).import_id for file in files]
            for number in gone:
                ledger.take_back(workspace, TEAM, taken.pop(number if number < len(taken) else -1))
            found = ended(workspace.records, BEGAN + MONTH)
            rest = [ledger.imports(workspace, TEAM)[::-1][i].files[0] for i in range(2)]
            for one in ledger.imports(workspace, TEAM):
                ledger.take_back(workspace, TEAM, one.import_id)
            assert workspace.records.count(Outcome) == 0
            for name in rest:
                ledger.take_reports(workspace, TEAM, [tmp_path / name])
            assert ended(workspace.records, BEGAN + MONTH) == found, rest
            for one in ledger.imports(workspace, TEAM):
                ledger.take_back(workspace, TEAM, one.import_id)


def test_what_is_closed_and_not_when_is_not_open_and_is_said(
    workspace: Workspace, tmp_path: Path
) -> None:
    for number in range(3):
        ask(workspace, number)
    file = tmp_path / "tickets.csv"
    file.write_text(
        CASES
        + "T-0,T-0,Where is it?,There.,2026-11-02 09:00,,Closed\n"
        + "T-1,T-1,Where is it?,There.,2026-11-02 09:00,,In progress\n"
        + "T-2,T-2,Where is it?,There.,2026-11-02 09:00,2026-11-05 09:00,Closed\n"
    )
    with time_machine.travel(BEGAN + timedelta(days=5), tick=True):
        taken = ledger.take_reports(workspace, TEAM, [file])
    assert (taken.resolved, taken.untimed, taken.open) == (2, 1, 1)
    ends = ended(workspace.records, BEGAN + MONTH)
    assert [(one.end, one.untimed) for one in ends[:2]] == [
        (End.UNKNOWN, True),
        (End.OPEN, False),
    ]
    assert ends[2].at is not None and not ends[2].untimed
    with time_machine.travel(BEGAN + timedelta(days=22)):
        found = contrasts.contrast_of(workspace, TEAM)
    assert found is not None
    sides = (found.assisted, found.held_out)
    assert [sum(getattr(side, name) for side in sides) for name in ("unknown", "untimed")] == [1, 1]
    assert found.claim is Claim.UNREPORTED
    assert "of 1 of 3 contacts it is reported that they are closed, not when" in found.words


def test_a_closing_without_a_time_takes_it_from_an_export_that_says_it(
    workspace: Workspace, tmp_path: Path
) -> None:
    """In whichever order they come, unless it was opened again since."""
    for number in range(2):
        ask(workspace, number)
    head = CASES.replace("Status", "Status,reopened")
    row = "T-{0},T-{0},Where is it?,There.,2026-11-02 09:00,{1},{2},{3}\n"
    timed, silent, again = (tmp_path / f"{name}.csv" for name in ("timed", "silent", "again"))
    timed.write_text(head + row.format(0, "2026-11-03 09:00", "Closed", ""))
    silent.write_text(head + row.format(0, "", "Closed", "") + row.format(1, "", "Closed", ""))
    again.write_text(
        head + row.format(0, "", "Closed", "yes") + row.format(1, "2026-11-09 09:00", "Closed", "")
    )
    with time_machine.travel(BEGAN + timedelta(days=9), tick=True):
        for files in ([silent, timed], [timed, silent]):
            for file in files:
                taken = ledger.take_reports(workspace, TEAM, [file])
                assert taken.left == 0
            (one, other) = ended(workspace.records, BEGAN + MONTH)
            assert one.at == one.opened + timedelta(days=1)
            assert other.untimed
            for each in ledger.imports(workspace, TEAM):
                ledger.take_back(workspace, TEAM, each.import_id)
        for file in (timed, again):
            taken = ledger.take_reports(workspace, TEAM, [file])
        assert (taken.resolved, taken.untimed) == (2, 1)
        (one, other) = ended(workspace.records, BEGAN + MONTH)
        assert one.untimed and not other.untimed


def test_a_closing_takes_no_time_from_before_it_was_known_to_be_open(
    workspace: Workspace, tmp_path: Path
) -> None:
    """Whichever comes in first, and if the first comes in again."""
    ask(workspace, 0)
    row = "T-0,T-0,Where is it?,There.,2026-11-02 09:00,{0},{1}\n"
    other = "x,x,Where is it?,There.,2026-11-02 09:00,{0},Closed\n"
    timed, opened, silent = (tmp_path / f"{name}.csv" for name in ("timed", "open", "silent"))
    timed.write_text(
        CASES + row.format("2026-11-04 09:00", "Closed") + other.format("2026-11-05 09:00")
    )
    opened.write_text(CASES + row.format("", "Open") + other.format("2026-11-06 12:00"))
    silent.write_text(CASES + row.format("", "Closed") + other.format("2026-11-09 09:00"))
    with time_machine.travel(BEGAN + timedelta(days=9), tick=True):
        for order in itertools.permutations((timed, opened, silent)):
            for file in (*order, order[0]):
                ledger.take_reports(workspace, TEAM, [file])
            (one,) = ended(workspace.records, BEGAN + MONTH)
            assert (one.at, one.untimed) == (None, True), [file.name for file in order]
            for each in ledger.imports(workspace, TEAM):
                ledger.take_back(workspace, TEAM, each.import_id)


def test_what_is_taken_back_while_it_is_taken_in_leaves_nothing(
    workspace: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(3):
        ask(workspace, number)
    file = export(tmp_path / "tickets.csv", {f"T-{number}": 5.0 for number in range(3)})
    monkeypatch.setattr(ledger, "_AT_ONCE", 1)
    whole = ledger._keep

    def kept_and_taken_back(inside: Workspace, told: list[Outcome]) -> None:
        for one in ledger.imports(inside, TEAM):
            ledger.take_back(inside, TEAM, one.import_id)
        whole(inside, told)

    monkeypatch.setattr(ledger, "_keep", kept_and_taken_back)
    with pytest.raises(Overtaken, match="taken back while it was taken in"):
        ledger.take_reports(workspace, TEAM, [file])
    monkeypatch.setattr(ledger, "_keep", whole)
    for one in ledger.imports(workspace, TEAM):
        ledger.take_back(workspace, TEAM, one.import_id)
    assert workspace.records.count(Outcome) == 0


def test_what_the_api_says_after_an_overruling_was_said_again_counts(
    workspace: Workspace, tmp_path: Path
) -> None:
    ask(workspace, 0)
    file = export(tmp_path / "tickets.csv", {"T-0": None})
    for day, end in ((2, End.OPEN), (4, End.OPEN)):
        with time_machine.travel(BEGAN + timedelta(days=day), tick=True):
            ledger.take_reports(workspace, TEAM, [file], overrules=True)
            assert ended(workspace.records, BEGAN + MONTH)[0].end is end
        with time_machine.travel(BEGAN + timedelta(days=day + 1), tick=True):
            said = Outcome(
                outcome_id=f"said {day}",
                conversation_id="T-0",
                at=stamp(),
                resolved=True,
                resolution_minutes=300.0,
                tenant="north",
            )
            answers.add_outcome(workspace, SHOP, said)
            assert ended(workspace.records, BEGAN + MONTH)[0].end is not End.OPEN


@pytest.mark.parametrize("order", [("mute", "solved"), ("solved", "mute")])
def test_an_export_without_a_status_knows_nothing_of_a_ticket_s_being_gone(
    workspace: Workspace, tmp_path: Path, order: tuple[str, str]
) -> None:
    ask(workspace, 0)
    row = "{0},{0},Where is it?,There.,2026-11-02 09:00,{1},{2}\n"
    mute = CASES.replace(",Status", "") + "{0},{0},Where is it?,There.,2026-11-02 09:00,{1}\n"
    texts = {
        "merged": CASES + row.format("T-0", "", "Merged") + row.format("x", "2026-11-07 09:00", ""),
        "solved": CASES
        + row.format("T-0", "2026-11-08 09:00", "Solved")
        + row.format("x", "2026-11-12 09:00", "Solved"),
        "mute": mute.format("T-0", "2026-11-08 09:00")
        + "x,x,Where is it?,There.,2026-11-02 09:00,2026-11-14 08:00\n",
    }
    with time_machine.travel(BEGAN + timedelta(days=13), tick=True):
        for name in ("merged", *order):
            file = tmp_path / f"{name}.csv"
            file.write_text(texts[name])
            ledger.take_reports(workspace, TEAM, [file])
    (one,) = ended(workspace.records, BEGAN + MONTH)
    assert one.at == one.opened + timedelta(days=6)


def test_a_newer_file_that_says_the_same_as_before_undoes_what_the_api_called_gone(
    workspace: Workspace, tmp_path: Path
) -> None:
    ask(workspace, 0)
    file = tmp_path / "tickets.csv"
    row = "{0},{0},Where is it?,There.,2026-11-02 09:00,{1},Solved\n"
    for day, new in ((6, 1), (12, 1), (13, 0)):
        other = row.format("x", f"2026-11-{day:02} 09:00")
        file.write_text(CASES + row.format("T-0", "2026-11-05 09:00") + other)
        with time_machine.travel(BEGAN + timedelta(days=day), tick=True):
            assert ledger.take_reports(workspace, TEAM, [file]).new == new
        assert ended(workspace.records, BEGAN + MONTH)[0].end is not End.GONE
        if day == 6:
            api_says(workspace, 0, BEGAN + timedelta(days=7), resolved=False, gone=Gone.SPAM)
            assert ended(workspace.records, BEGAN + MONTH)[0].end is End.GONE


def test_closed_tickets_without_any_time_are_refused_with_what_to_do(
    workspace: Workspace, tmp_path: Path
) -> None:
    ask(workspace, 0)
    file = tmp_path / "tickets.csv"
    file.write_text("ticket_id,question,reply,Status\nT-0,Where is it?,There.,Closed\n")
    with pytest.raises(InputError, match="no case has a time at which it was closed"):
        ledger.take_reports(workspace, TEAM, [file])


def test_a_conversation_that_the_api_calls_none_any_more_counts_for_nothing(
    workspace: Workspace, tmp_path: Path
) -> None:
    """Until something that knew of later things says otherwise."""
    for number in range(2):
        ask(workspace, number)
    day = timedelta(days=1)
    api_says(workspace, 0, BEGAN + day, resolution_minutes=300.0)
    for number, why in enumerate((Gone.MERGED, Gone.SPAM)):
        api_says(workspace, number, BEGAN + 4 * day, resolved=False, gone=why)
    ends = ended(workspace.records, BEGAN + MONTH)
    assert [(one.end, one.gone) for one in ends] == [(End.GONE, Gone.MERGED), (End.GONE, Gone.SPAM)]
    with time_machine.travel(BEGAN + 9 * day, tick=True):
        for hours in (24.0, 120.0):
            file = export(tmp_path / "tickets.csv", {"T-0": hours, "T-1": None})
            taken = ledger.take_reports(workspace, TEAM, [file])
            assert taken.gone == {Gone.MERGED: 1, Gone.SPAM: 1}, "it has no status"
        late = tmp_path / "late.csv"
        late.write_text(CASES + "T-0,T-0,Is it?,Yes.,2026-11-02 09:00,2026-11-07 09:00,Solved\n")
        assert ledger.take_reports(workspace, TEAM, [late]).resolved == 1


def test_exports_that_write_dates_otherwise_are_taken_in_together(
    workspace: Workspace, tmp_path: Path
) -> None:
    """And a minute more or less, where one writes no seconds, is no news."""
    for number in range(2):
        ask(workspace, number)
    german, american = tmp_path / "german.csv", tmp_path / "american.csv"
    german.write_text(
        "Ticketnummer,Frage,Antwort,Erstellt am,Geschlossen am\n"
        "T-0,Wo ist es?,Da.,02.11.2026 10:00,14.11.2026 10:00\n"
        "T-1,Wo ist es?,Da.,02.11.2026 10:00,15.11.2026 10:00\n"
    )
    american.write_text(
        "Case ID,question,reply,Opened,Closed\n"
        "T-0,Where is it?,There.,11/02/2026 4:00:00 AM,11/14/2026 4:00:40 AM\n"
        "T-1,Where is it?,There.,11/02/2026 4:00:00 AM,11/15/2026 4:00:40 AM\n"
    )
    both = [german, american]
    with time_machine.travel(BEGAN + timedelta(days=20), tick=True):
        taken = ledger.take_reports(workspace, TEAM, both)
        assert (taken.resolved, taken.untimed) == (2, 0)
        hours = [
            one.at and round((one.at - one.opened) / timedelta(hours=1))
            for one in ended(workspace.records, BEGAN + MONTH)
        ]
        assert hours == [288, 312]
        for files in (both, both[::-1], [german], [american], [german]):
            assert ledger.take_reports(workspace, TEAM, files).new == 0
        american.write_text(american.read_text().replace("11/14/2026 4:00:40", "11/14/2026 5:00"))
        assert ledger.take_reports(workspace, TEAM, [american]).new == 1, "one row was corrected"


def test_that_a_customer_was_not_asked_for_a_rating_is_kept_whatever_comes_before_and_after(
    workspace: Workspace, tmp_path: Path
) -> None:
    for number in range(2):
        ask(workspace, number)
    silent = export(tmp_path / "silent.csv", {"T-0": 5.0, "T-1": 5.0})
    silent.write_text(silent.read_text().replace(",5\n", ",\n").replace(",5\r\n", ",\r\n"))
    asked = tmp_path / "asked.csv"
    asked.write_text(
        "ticket_id,question,reply,created_at,closed_at,survey_sent\n"
        "T-0,Where is it?,There.,2026-11-02 09:00,2026-11-02 14:00,no\n"
        "T-1,Where is it?,There.,2026-11-02 09:00,2026-11-02 14:00,yes\n"
    )
    with time_machine.travel(BEGAN + timedelta(days=9), tick=True):
        for file, new in ((silent, 2), (asked, 2), (silent, 0), (asked, 0)):
            assert ledger.take_reports(workspace, TEAM, [file]).new == new
    asked_of = [one.csat_asked for one in ended(workspace.records, BEGAN + MONTH)]
    assert asked_of == [False, True]


def test_an_export_that_tells_first_answers_says_whom_nobody_answered(
    workspace: Workspace, tmp_path: Path
) -> None:
    for number in range(3):
        ask(workspace, number)
    head, file = "ticket_id,question,reply,created_at,closed_at", tmp_path / "tickets.csv"
    times = "2026-11-02 09:00,2026-11-02 12:00"
    rows = ("T-0,Where is it?,There.", "T-1,Where is it?,", "T-2,Where is it?,There.")
    touched = ("2026-11-02 10:00", "", "")
    file.write_text(
        f"{head},first_response_at\n"
        + "".join(f"{row},{times},{at}\n" for row, at in zip(rows, touched, strict=True))
    )
    told = ledger.look_at_reports(workspace, TEAM, [file]).outcomes
    assert sorted(one.unanswered for one in told) == [False, False, True], "T-2 has a reply"
    file.write_text(f"{head}\n" + "".join(f"{row},{times}\n" for row in rows))
    told = ledger.look_at_reports(workspace, TEAM, [file]).outcomes
    assert not any(one.unanswered for one in told), "it does not say when anybody was answered"
