"""Front: drafts, comments, third parties, rules, and conversations beside their messages."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from stages.data.sources.shapes.exported import found, lines, raws, shape_of, written

ASKED, ANSWERED = "Where is my parcel now?", "It left our house this morning."


def message(inbound: bool, body: str, at: float, **more: object) -> dict[str, Any]:
    return {"id": f"msg_{at}", "type": "email", "is_inbound": inbound, "created_at": at,
            "author": None, "body": f"<p>{body}</p>", "text": body, "is_draft": False,
            "conversation_id": "cnv_1"} | more  # fmt: skip


def conversation(*messages: dict[str, Any], **more: object) -> dict[str, Any]:
    return {"id": "cnv_1", "subject": "Parcel", "status": "archived", "assignee": None,
            "recipient": {"handle": "jo@mail.example", "role": "from"},
            "messages": {"_results": [*messages]}} | more  # fmt: skip


@pytest.mark.parametrize(
    ("changed", "reply"),
    [
        ({}, ANSWERED),
        ({"text": None, "body": "<p>Yes</p>"}, "<p>Yes</p>"),
        ({"recipients": [{"handle": "Jo@mail.example", "role": "cc"}]}, ANSWERED),
        ({"recipients": [{"handle": "maker@x.example", "role": "to"}]}, ""),
        ({"is_draft": True}, ""),
        ({"draft_mode": "private"}, ""),
        ({"error_type": "bounce"}, ""),
        ({"is_inbound": None}, ""),
        ({"author": {"id": "rul_1", "type": "rule"}}, ""),
        ({"type": "call"}, ""),
    ],
)
def test_only_what_was_sent_to_the_customer_is_a_reply(
    tmp_path: Path, changed: dict[str, Any], reply: str
) -> None:
    shown = conversation(message(True, ASKED, 1772438400), message(False, ANSWERED, 1772438500)
                         | changed)  # fmt: skip
    assert [(r.question, r.reply) for r in raws(written(tmp_path, [shown]))] == [(ASKED, reply)]


def test_messages_and_comments_may_stand_apart(tmp_path: Path) -> None:
    link = {"related": {"conversation": "https://x.example/conversations/cnv_1"}}
    comment = {"id": "com_1", "body": "SECRET-1", "author": {"id": "tea_1"},
               "posted_at": 1772438450, "_links": link}  # fmt: skip
    said = [message(False, ANSWERED, 1772438500), comment, message(True, ASKED, 1772438400)]
    whole = conversation() | {"messages": None}
    for path in (
        lines(tmp_path, [whole, *said]),
        lines(tmp_path, said),
        written(tmp_path, {"conversation": whole, "messages": said[::2], "comments": [comment]}),
        written(tmp_path, {"_results": said}),
    ):
        assert shape_of(path) == "Front conversations"
        [row] = raws(path)
        assert (row.ticket_id, row.question, row.reply) == ("cnv_1", ASKED, ANSWERED)
        assert "SECRET" not in str(found(path))


def test_events_tell_when_a_conversation_was_archived(tmp_path: Path) -> None:
    events = [{"type": "archive", "emitted_at": 1772445600.0}, {"type": "tag", "emitted_at": 1.0}]
    closed = [
        raws(written(tmp_path, [conversation(message(True, ASKED, 1), status=s, events=events)]))[0]
        for s in ("archived", "assigned")
    ]
    assert [row.closed_at for row in closed] == ["1772445600", ""]


def test_a_log_of_events_tells_when_conversations_were_archived_last(tmp_path: Path) -> None:
    def event(number: int, kind: str, at: float, **more: object) -> dict[str, Any]:
        named = {"id": f"cnv_{number}", "subject": "Parcel", "status": "assigned",
                 "recipient": {"handle": "jo@mail.example", "role": "from"}}  # fmt: skip
        return {"id": f"evt_{number}{at}", "type": kind, "emitted_at": at, "source": {},
                "conversation": named} | more  # fmt: skip

    def said(number: int, inbound: bool, text: str, at: float) -> dict[str, Any]:
        one = {"_meta": {"type": "message"}, "data": message(inbound, text, at)}
        return event(number, "inbound" if inbound else "outbound", at, target=one)

    events = [
        one
        for number in (1, 2)
        for one in (
            said(number, True, f"{ASKED} {number}", 1772438400.0),
            event(number, "archive", 1772438450.0),
            event(number, "reopen", 1772438460.0),
            said(number, False, ANSWERED, 1772438500.0),
            *([event(number, "archive", 1772438600.0)] if number == 1 else []),
        )
    ]
    for one in events:
        one.get("target", {}).get("data", {}).pop("conversation_id", None)
    for path in (lines(tmp_path, events[::-1]), written(tmp_path, {"_results": events})):
        assert shape_of(path) == "Front conversations"
        told = sorted((row.ticket_id, row.reply, row.closed_at) for row in raws(path))
        assert told == [("cnv_1", ANSWERED, "1772438600"), ("cnv_2", ANSWERED, "")]
