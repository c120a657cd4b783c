"""LiveChat: only what an agent wrote for all to see is a reply."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from stages.data.sources.shapes.exported import raws, shape_of, written

ASKED, ANSWERED = "Where is my parcel now?", "It left our house this morning."
USERS = [{"id": "c", "type": "customer", "name": "C"}, {"id": "a@x.y", "type": "agent"},
         {"id": "5c98", "type": "agent", "name": "ChatBot"}]  # fmt: skip


def said(who: str, body: str, second: int, **more: object) -> dict[str, Any]:
    return {"id": f"e{second}", "type": "message", "author_id": who, "text": body,
            "visibility": "all", "created_at": f"2026-01-01T00:00:{second:02}Z"} | more  # fmt: skip


@pytest.mark.parametrize(
    ("changed", "answer"),
    [
        ({}, ANSWERED),
        ({"visibility": "agents"}, ""),
        ({"visibility": None}, ""),
        ({"visibility": None, "recipients": "all"}, ANSWERED),
        ({"visibility": None, "recipients": "agents"}, ""),
        ({"type": "system_message"}, ""),
        ({"type": "rich_message"}, ""),
        ({"author_id": "5c98"}, ""),
        ({"author_id": "somebody@x.y"}, ""),
        ({"author_id": None}, ""),
    ],
)
def test_only_what_an_agent_wrote_for_all_is_a_reply(
    tmp_path: Path, changed: dict[str, Any], answer: str
) -> None:
    events = [said("c", ASKED, 1), said("a@x.y", ANSWERED, 2) | changed]
    for place in ({"thread": {"id": "T", "events": events}}, {"threads": [{"events": events}]}):
        chat = {"id": "K", "users": USERS, **place}
        for value in (chat, [chat], {"chats": [chat], "found_chats": 1}):
            path = written(tmp_path, value)
            assert shape_of(path) == "LiveChat chats"
            assert [(row.question, row.reply) for row in raws(path)] == [(ASKED, answer)]
