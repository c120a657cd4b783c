"""Freshdesk: the structures of its reference, sources of conversations, ratings, times."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from stages.data.sources.shapes.exported import learnt, pairs, raws, refused, shape_of, written

ASKED, ANSWERED = "Where is my parcel now?", "It left our house this morning."


def note(body: str, **more: object) -> dict[str, Any]:
    return {"id": 1, "body_text": body, "incoming": False, "private": False, "source": 0,
            "user_id": 2} | more  # fmt: skip


def ticket(*notes: dict[str, Any], **more: object) -> dict[str, Any]:
    return {"id": 9, "subject": "Parcel", "description_text": ASKED, "requester_id": 1,
            "responder_id": 2, "status": 4, "source": 2,
            "conversations": [*notes]} | more  # fmt: skip


def test_the_reference_s_ticket_with_its_conversations(tmp_path: Path) -> None:
    """As the reference answers to a ticket with `include=conversations`."""
    shown = {
        "cc_emails": ["user@cc.example"], "fwd_emails": [], "reply_cc_emails": ["user@cc.example"],
        "email_config_id": None, "fr_escalated": False, "group_id": None, "priority": 1,
        "requester_id": 1, "responder_id": None, "source": 2, "spam": False, "status": 2,
        "subject": "Please help", "company_id": 1, "id": 20, "type": None, "to_emails": None,
        "product_id": None, "created_at": "2015-08-24T11:56:51Z", "is_escalated": False,
        "updated_at": "2015-08-24T11:59:05Z", "due_by": "2015-08-27T11:30:00Z",
        "fr_due_by": "2015-08-25T11:30:00Z", "description_text": "Not given.",
        "description": "<div>Not given.</div>", "tags": [], "attachments": [],
        "custom_fields": {"category": "Primary"}, "conversations": [
            {"body_text": "Please reply as soon as possible.",
             "body": "<div>Please reply as soon as possible.</div>", "id": 3,
             "incoming": False, "private": True, "user_id": 1,
             "support_email": None, "source": 2, "ticket_id": 20, "to_emails": None,
             "created_at": "2015-08-24T11:59:05Z", "updated_at": "2015-08-24T11:59:05Z",
             "attachments": []}]}  # fmt: skip
    path = written(tmp_path, shown)
    assert shape_of(path) == "Freshdesk tickets"
    [row] = raws(path)
    assert (row.question, row.reply) == ("<div>Not given.</div>", "")
    assert (row.intent, row.channel, row.closed_at) == ("Primary", "portal", "")


@pytest.mark.parametrize(
    ("changed", "reply"),
    [
        ({}, ANSWERED),
        ({"source": 2}, ANSWERED),
        ({"private": "false"}, ANSWERED),
        ({"private": True}, ""),
        ({"private": "true"}, ""),
        ({"private": None}, ANSWERED),
        ({"private": None, "source": 2}, ""),
        ({"source": 8}, ""),
        ({"source": 6}, ""),
        ({"deleted": True}, ""),
        ({"auto_response": True}, ""),
        ({"incoming": None}, ANSWERED),
        ({"incoming": None, "user_id": 3}, ""),
        ({"to_emails": ["Jo <jo@mail.example>"]}, ANSWERED),
        ({"to_emails": ["supplier@other.example"]}, ""),
    ],
)
def test_only_what_an_agent_wrote_to_the_customer_is_a_reply(
    tmp_path: Path, changed: dict[str, Any], reply: str
) -> None:
    shown = ticket(note(ANSWERED, **changed), requester={"email": "jo@mail.example"})
    assert [row.reply for row in raws(written(tmp_path, [shown]))] == [reply]


@pytest.mark.parametrize(
    ("given", "csat"),
    [
        ({"ratings": {"default_question": 103}}, 5.0),
        ({"ratings": {"default_question": 100}}, 3.0),
        ({"ratings": {"default_question": -103}}, 1.0),
        ({"rating": "happy"}, 4.0),
        ({"rating": "unhappy"}, 1.0),
        ({"rating": None}, None),
    ],
)
def test_ratings_are_on_one_to_five(
    tmp_path: Path, given: dict[str, Any], csat: float | None
) -> None:
    shown = ticket(note(ANSWERED), satisfaction_ratings=[given])
    [row] = learnt(written(tmp_path, [shown]))
    assert row.csat == csat
    beside = {
        "tickets": [ticket(note(ANSWERED))],
        "satisfaction_ratings": [{"ticket_id": 9} | given],
    }
    [row] = learnt(written(tmp_path, beside))
    assert row.csat == csat


@pytest.mark.parametrize(
    ("entries", "minutes"),
    [
        ([{"time_spent": "01:30"}, {"time_spent": "00:05"}], 95.0),
        ([{"time_entry": {"timespent": "0.25"}}], 15.0),
        ([{"time_spent": None}], None),
        ([], None),
    ],
)
def test_time_entries_are_the_time_worked(
    tmp_path: Path, entries: list[Any], minutes: float | None
) -> None:
    [row] = learnt(written(tmp_path, [ticket(note(ANSWERED), time_entries=entries)]))
    assert row.handling_minutes == minutes


def test_a_type_that_every_account_has_is_no_intent(tmp_path: Path) -> None:
    kinds = ("Question", "Incident", "Problem", "Feature Request", "Billing", "Repair")
    tickets = [ticket(note(ANSWERED), id=n, type=kinds[n % 6]) for n in range(30)]
    assert {row.intent for row in raws(written(tmp_path, tickets))} == {"", "Billing", "Repair"}


def test_conversations_may_stand_beside_their_tickets(tmp_path: Path) -> None:
    apart = {"tickets": [ticket(), ticket(id=10, description_text="Do you repair skis?")],
             "conversations": [note(ANSWERED, ticket_id=9), note("We do.", ticket_id=10)],
             "agents": [{"id": 2, "contact": {"name": "Ann Lee"}}]}  # fmt: skip
    path = written(tmp_path, apart)
    assert pairs(path) == [(ASKED, ANSWERED), ("Do you repair skis?", "We do.")]
    assert {row.agent for row in raws(path)} == {"Ann Lee"}


def test_an_unknown_source_is_no_channel_and_spam_is_refused(tmp_path: Path) -> None:
    [row] = raws(written(tmp_path, [ticket(note(ANSWERED), source=77)]))
    assert row.channel == ""
    [said] = refused(written(tmp_path, [ticket(spam=True), ticket(note(ANSWERED))]))
    assert said.reason == "the ticket is spam"
    assert ASKED not in said.raw


def test_the_first_response_is_told_with_the_stats(tmp_path: Path) -> None:
    """https://developers.freshworks.com/freshdesk-sdk/docs/Stats.html"""
    stats = {"first_responded_at": "2026-03-02T09:00:00Z", "agent_responded_at": "2026-03-05"}
    [row] = raws(written(tmp_path, ticket(note(ANSWERED), stats=stats)))
    assert row.first_touch_at == "2026-03-02T09:00:00Z"
