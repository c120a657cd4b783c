"""HubSpot: actors and types of messages, what is cut short, tickets with what was done for them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from stages.data.sources.shapes.exported import found, lines, pairs, raws, shape_of, written

ASKED, ANSWERED = "Where is my parcel now?", "It left our house this morning."


def message(actor: str, direction: str, body: str, **more: object) -> dict[str, Any]:
    return {"id": body, "type": "MESSAGE", "conversationsThreadId": "5", "createdBy": actor,
            "direction": direction, "senders": [{"actorId": actor}], "text": body,
            "truncationStatus": "NOT_TRUNCATED"} | more  # fmt: skip


QUESTION = message("V-1", "INCOMING", ASKED)
ANSWER = message("A-2", "OUTGOING", ANSWERED)


@pytest.mark.parametrize(
    ("changed", "reply"),
    [
        ({}, ANSWERED),
        ({"senders": []}, ANSWERED),
        ({"direction": None}, ANSWERED),
        ({"text": None, "richText": f"<p>{ANSWERED}</p>"}, f"<p>{ANSWERED}</p>"),
        ({"truncationStatus": "TRUNCATED_TO_MOST_RECENT_REPLY"}, ANSWERED),
        ({"truncationStatus": "TRUNCATED"}, ""),
        ({"truncationStatus": "TRUNCATED", "text": "It left",
          "originalContent": {"text": ANSWERED}}, ANSWERED),
        ({"type": "COMMENT"}, ""),
        ({"type": "WELCOME_MESSAGE"}, ""),
        ({"type": "ASSIGNMENT"}, ""),
        ({"type": "BRAND_NEW"}, ""),
        ({"archived": True}, ""),
        ({"status": {"statusType": "FAILED"}}, ""),
        ({"senders": [{"actorId": "B-1"}]}, ""),
        ({"senders": [{"actorId": "I-1"}]}, ""),
        ({"senders": [{"actorId": "L-1"}]}, ""),
        ({"senders": [{"actorId": "S-1"}]}, ""),
        ({"senders": [{"actorId": "X-1"}]}, ""),
        ({"direction": "INCOMING"}, ""),
        ({"direction": "SIDEWAYS", "senders": [{"actorId": "X-1"}]}, ""),
    ],
)  # fmt: skip
def test_only_a_whole_message_of_an_agent_is_a_reply(
    tmp_path: Path, changed: dict[str, Any], reply: str
) -> None:
    thread = {"id": "5", "inboxId": "1", "originalChannelId": "1000",
              "messages": {"results": [QUESTION, ANSWER | changed]}}  # fmt: skip
    assert [(r.question, r.reply) for r in raws(written(tmp_path, thread))] == [(ASKED, reply)]


def test_a_thread_and_its_messages_may_stand_beside_each_other(tmp_path: Path) -> None:
    nameless = [{k: v for k, v in m.items() if k != "conversationsThreadId"}
                for m in (QUESTION, ANSWER)]  # fmt: skip
    thread = {"id": 5, "inboxId": "1", "originalChannelId": "1002", "status": "CLOSED",
              "closedAt": "2026-01-02T00:00:00Z"}  # fmt: skip
    for value in (
        {"thread": thread, "messages": {"results": nameless}},
        {"threads": [thread], "messages": [ANSWER, QUESTION][::-1]},
    ):
        [row] = raws(written(tmp_path, value))
        assert (row.ticket_id, row.reply, row.channel) == ("5", ANSWERED, "email")
        assert row.closed_at == "2026-01-02T00:00:00Z"
    few = {"id": 5, "status": "CLOSED"}
    [row] = raws(written(tmp_path, {"thread": few, "messages": nameless}))
    assert (row.ticket_id, row.question, row.reply) == ("5", ASKED, ANSWERED)
    [row] = raws(lines(tmp_path, [thread, QUESTION, ANSWER]))
    assert (row.ticket_id, row.question, row.reply) == ("5", ASKED, ANSWERED)


def test_the_older_engagements_of_a_ticket(tmp_path: Path) -> None:
    """As the older interface has them: an engagement with its metadata, properties as objects."""
    ticket = {
        "objectId": 7, "id": 7,
        "properties": {"subject": {"value": "Parcel"}, "content": {"value": ASKED},
                       "hs_pipeline_stage": {"value": "4"},
                       "createdate": {"value": "1772438400000"},
                       "closed_date": {"value": "1772445600000"}},
        "engagements": [
            {"engagement": {"id": 1, "type": "EMAIL", "timestamp": 1772440000000},
             "metadata": {"text": ANSWERED, "from": {"firstName": "Ann"}}},
            {"engagement": {"id": 2, "type": "NOTE", "timestamp": 1772440100000},
             "metadata": {"body": "SECRET-1"}},
            {"engagement": {"id": 3, "type": "TASK", "timestamp": 1772440200000},
             "metadata": {"body": "SECRET-2"}},
        ],
    }  # fmt: skip
    path = written(tmp_path, [ticket])
    assert shape_of(path) == "HubSpot conversations and tickets"
    assert pairs(path) == [(ASKED, ANSWERED)]
    assert raws(path)[0].closed_at == "1772445600000"
    assert "SECRET" not in str(found(path))


def test_mails_without_their_ticket_are_brought_together_by_their_thread(tmp_path: Path) -> None:
    def mail(number: int, way: str, body: str) -> dict[str, Any]:
        return {"id": str(number), "properties": {
            "hs_email_direction": way, "hs_email_text": body, "hs_email_thread_id": "t1",
            "hs_timestamp": f"2026-01-01T10:0{number}:00Z"}}  # fmt: skip

    page = {"results": [mail(2, "EMAIL", ANSWERED), mail(1, "INCOMING_EMAIL", ASKED)]}
    assert pairs(written(tmp_path, page)) == [(ASKED, ANSWERED)]
    note = {"id": "9", "properties": {"hs_note_body": "SECRET-3", "hs_timestamp": "2026-01-01"}}
    assert raws(lines(tmp_path, [note, note])) == []


@pytest.mark.parametrize(("state", "closed"), [("CLOSED", "2026-09-08T10:00:00Z"), ("OPEN", "")])
def test_messages_alone_tell_when_their_thread_was_closed(
    tmp_path: Path, state: str, closed: str
) -> None:
    change = {"id": "s", "type": "THREAD_STATUS_CHANGE", "conversationsThreadId": "5",
              "createdBy": "A-2", "newStatus": state,
              "createdAt": "2026-09-08T10:00:00Z"}  # fmt: skip
    first = QUESTION | {"createdAt": "2026-09-08T08:00:00Z"}
    then = ANSWER | {"createdAt": "2026-09-08T09:00:00Z"}
    [row] = raws(written(tmp_path, {"results": [first, then, change]}))
    assert (row.question, row.reply, row.closed_at) == (ASKED, ANSWERED, closed)


def test_a_ticket_says_when_an_agent_first_replied(tmp_path: Path) -> None:
    """https://knowledge.hubspot.com/properties/hubspots-default-ticket-properties"""
    told = {"subject": "Parcel", "content": ASKED, "hs_pipeline_stage": "4", "source_type": "EMAIL",
            "createdate": "2026-03-02T08:00:00Z",
            "first_agent_reply_date": "2026-03-02T09:00:00Z"}  # fmt: skip
    [row] = raws(written(tmp_path, {"results": [{"id": "7", "properties": told}]}))
    assert row.first_touch_at == "2026-03-02T09:00:00Z"
