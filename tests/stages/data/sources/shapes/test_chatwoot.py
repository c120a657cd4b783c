"""Chatwoot: only what an agent sent to the customer is a reply."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from stages.data.sources.shapes.exported import raws, shape_of, written

ASKED, ANSWERED = "Where is my parcel now?", "It left our house this morning."


def said(kind: object, body: str, at: int, **more: object) -> dict[str, Any]:
    sender = "Contact" if kind in (0, "incoming") else "User"
    return {"id": at, "content": body, "conversation_id": 5, "inbox_id": 1, "private": False,
            "message_type": kind, "content_type": "text", "sender_type": sender,
            "content_attributes": {}, "created_at": 1772430000 + at} | more  # fmt: skip


@pytest.mark.parametrize(
    ("changed", "answer"),
    [
        ({}, ANSWERED),
        ({"message_type": "outgoing"}, ANSWERED),
        ({"private": True}, ""),
        ({"private": "t"}, ""),
        ({"private": None}, ""),
        ({"message_type": 2}, ""),
        ({"message_type": 3}, ""),
        ({"sender_type": "AgentBot"}, ""),
        ({"sender_type": None, "sender": {"type": "agent_bot"}}, ""),
        ({"status": "failed"}, ""),
        ({"content_attributes": {"deleted": True}}, ""),
    ],
)
def test_only_what_an_agent_sent_is_a_reply(
    tmp_path: Path, changed: dict[str, Any], answer: str
) -> None:
    messages = [said(0, ASKED, 1), said(1, ANSWERED, 2) | changed]
    for value in (messages, {"payload": messages}, {"id": 5, "messages": messages}):
        path = written(tmp_path, value)
        assert shape_of(path) == "Chatwoot conversations"
        assert [(row.question, row.reply) for row in raws(path)] == [(ASKED, answer)]


def test_messages_of_a_page_are_not_counted_twice(tmp_path: Path) -> None:
    messages = [said(0, ASKED, 1), said(1, ANSWERED, 2)]
    one = {"id": 5, "messages": messages[1:], "status": "open", "inbox_id": 1, "account_id": 1,
           "can_reply": True}  # fmt: skip
    path = written(tmp_path, [one, {"payload": messages}])
    assert [(row.question, row.reply) for row in raws(path)] == [(ASKED, ANSWERED)]


@pytest.mark.parametrize(("kind", "asked"), [("input_csat", "yes"), ("text", "")])
def test_a_survey_among_the_messages_asks_for_a_rating(
    tmp_path: Path, kind: str, asked: str
) -> None:
    """https://developers.chatwoot.com/api-reference/conversations/conversation-details"""
    survey = said(3, "Please rate us", 3, content_type=kind)
    messages = [said(0, ASKED, 1), said(1, ANSWERED, 2), survey]
    shown = {"id": 5, "messages": messages, "first_reply_created_at": "2026-03-02T09:00:00Z"}
    [row] = raws(written(tmp_path, shown))
    assert (row.csat_asked, row.first_touch_at) == (asked, "2026-03-02T09:00:00Z")


def test_the_labels_of_its_table_tell_what_a_conversation_is_about(tmp_path: Path) -> None:
    """As PostgreSQL writes the table `conversations`: https://github.com/chatwoot/chatwoot"""
    talks = [
        {"id": n, "messages": [said(0, f"{ASKED} {n}", 1), said(1, ANSWERED, 2)], "status": 1,
         "inbox_id": 1, "account_id": 1, "cached_label_list": ("delivery", "billing")[n % 2]}
        for n in range(1, 7)
    ]  # fmt: skip
    rows = raws(written(tmp_path, talks))
    assert [row.intent for row in rows] == ["billing", "delivery"] * 3
