"""Rasa's trackers, and chats of bots whose messages say their side in a kind or come in parts."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

from northloop.stages.data.sources import SourceFile, layout
from stages.data.sources.shapes.exported import pairs, raws, refused, shape_of, written

ASKED, ANSWERED = "Where is my parcel now?", "It left our house this morning."
EVENTS: list[dict[str, Any]] = [
    {"event": "action", "timestamp": 1.0, "name": "action_session_start"},
    {"event": "user", "timestamp": 2.0, "text": "/greet", "parse_data": {"text": "/greet"}},
    {"event": "user", "timestamp": 4.0, "text": ASKED, "parse_data": {"intent": {"name": "where"}}},
    {"event": "slot", "timestamp": 5.0, "name": "order", "value": "5"},
    {"event": "bot", "timestamp": 6.0, "text": ANSWERED, "data": {"buttons": None}},
    {"event": "bot", "timestamp": 7.0, "text": None, "data": {"image": "x.png"}},
]


def tracker(sender: str) -> dict[str, Any]:
    return {"sender_id": sender, "slots": {}, "latest_message": {"text": ASKED}, "events": EVENTS}


def test_a_tracker_is_a_conversation(tmp_path: Path) -> None:
    for value in (tracker("a"), [tracker("a"), tracker("b")]):
        file = written(tmp_path, value)
        assert shape_of(file) == "Rasa trackers"
        assert {(row.question, row.reply) for row in raws(file)} == {(ASKED, ANSWERED)}
    assert {row.conversation_id.partition(" ")[0] for row in raws(file)} == {"a", "b"}


def test_a_tracker_in_which_nobody_spoke_is_refused(tmp_path: Path) -> None:
    silent = tracker("c") | {"events": EVENTS[:2]}
    file = written(tmp_path, [tracker("a"), tracker("b"), silent])
    assert [row.reason for row in refused(file)] == ["nobody said anything in this conversation"]


def test_the_events_of_a_store_are_put_together_by_sender_and_time(tmp_path: Path) -> None:
    file = tmp_path / "events.csv"
    with file.open("w", newline="", encoding="utf-8") as stream:
        table = csv.writer(stream)
        table.writerow(["id", "sender_id", "type_name", "timestamp", "action_name", "data"])
        for number, event in enumerate(reversed(EVENTS)):
            for sender in "ab":
                row = [number, sender, event["event"], event["timestamp"], "", json.dumps(event)]
                table.writerow(row)
    assert layout(SourceFile(file)).shape == "Rasa trackers"
    assert [(row.question, row.reply) for row in raws(file)] == [(ASKED, ANSWERED)] * 2


def test_messages_of_the_ai_sdk_come_in_parts(tmp_path: Path) -> None:
    chats = [{"id": f"c{n}", "userId": "ada", "createdAt": "2026-11-02T10:00:00Z", "messages": [
        {"id": "1", "role": "user", "parts": [{"type": "text", "text": ASKED}]},
        {"id": "2", "role": "assistant", "parts": [
            {"type": "step-start"}, {"type": "reasoning", "text": "They ask for it."},
            {"type": "text", "text": ANSWERED, "state": "done"}]}]} for n in range(3)]  # fmt: skip
    file = written(tmp_path, chats)
    assert [(row.question, row.reply) for row in raws(file)] == [(ASKED, ANSWERED)] * 3
    assert {(row.customer_id, row.created_at) for row in raws(file)} == {
        ("ada", "2026-11-02T10:00:00Z")
    }


def test_messages_of_flowise_say_their_side_in_their_kind(tmp_path: Path) -> None:
    talks = [{"id": f"c{n}", "sessionId": f"s{n}", "messages": [
        {"type": "userMessage", "message": ASKED, "time": "2026-11-02T10:00:00Z"},
        {"type": "apiMessage", "message": ANSWERED, "time": "2026-11-02T10:00:05Z",
         "sourceDocuments": [{"pageContent": "Secret."}]}]} for n in range(4)]  # fmt: skip
    assert pairs(written(tmp_path, talks)) == [(ASKED, ANSWERED)] * 4
    flat = [{"id": f"{n}{place}", "role": role, "content": text, "chatId": f"s{n}",
             "createdDate": f"2026-11-02T10:00:0{place}Z"} for n in range(4)
            for place, (role, text) in enumerate(
                [("userMessage", ASKED), ("apiMessage", ANSWERED)])]  # fmt: skip
    assert pairs(written(tmp_path, flat)) == [(ASKED, ANSWERED)] * 4
