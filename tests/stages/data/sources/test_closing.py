"""When a conversation was closed, where but an event in it says so."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from northloop.core.conversation import RawTicket
from northloop.stages.data.sources import SourceFile, layout, read
from northloop.stages.data.sources.closing import closes
from northloop.stages.data.sources.keys import Keys

KEYS = Keys(text="text", at="at")
THINGS = ("tents", "ropes", "maps", "boots", "lamps", "skis")


@pytest.mark.parametrize(
    ("event", "does"),
    [
        ({"ContentType": "application/vnd.amazonaws.connect.event.chat.ended"}, True),
        ({"t": "livechat-close"}, True),
        ({"content": {"type": "CONVERSATION_STATUS_CHANGE", "status": "CLOSED"}}, True),
        ({"event": "ticket_resolved"}, True),
        ({"type": "participant.left"}, False),
        ({"type": "typing_ended"}, False),
        ({"type": "survey_completed"}, False),
        ({"status": "reopened"}, False),
        ({"status": "closed", "text": "Thank you!"}, False),
    ],
)
def test_events_that_close(event: dict[str, Any], does: bool) -> None:
    assert closes({"at": "2025-03-01T10:00:00Z", **event}, KEYS) is does


def chat(n: int, thing: str, *events: dict[str, Any]) -> dict[str, Any]:
    said = (("customer", f"How long can I return {thing}?"), ("agent", f"Thirty days for {thing}."))
    messages = [
        {"role": role, "text": text, "at": f"2025-03-0{n}T10:0{k}:00Z", "type": "message"}
        for k, (role, text) in enumerate(said)
    ]
    return {"id": n, "messages": [*messages, *events]}


def closed(folder: Path, chats: list[dict[str, Any]], **columns: str) -> list[str]:
    path = folder / "export.json"
    path.write_text(json.dumps(chats), "utf-8")
    source = SourceFile(path, mapping=columns)
    assert not layout(source).unsure
    return [row.closed_at for row in read(source) if isinstance(row, RawTicket)]


def test_the_last_of_them_counts(tmp_path: Path) -> None:
    ends = ({"type": "chat.closed", "at": "2025-03-09T11:00:00Z"},
            {"type": "chat.closed", "at": "2025-03-09T12:00:00Z"})  # fmt: skip
    chats = [chat(n, thing, *ends[: n % 3]) for n, thing in enumerate(THINGS, 1)]
    times = ["", ends[0]["at"], ends[1]["at"]]
    assert closed(tmp_path, chats) == [times[n % 3] for n in range(1, 7)]


def test_a_column_goes_before_events_and_may_be_none(tmp_path: Path) -> None:
    end = {"type": "chat.closed", "at": "2025-03-09T11:00:00Z"}
    chats = [chat(n, thing, end) for n, thing in enumerate(THINGS, 1)]
    assert closed(tmp_path, chats, closed_at="") == [""] * 6
    told = [one | {"closed_at": "2025-03-10T08:00:00Z"} for one in chats]
    assert closed(tmp_path, told) == ["2025-03-10T08:00:00Z"] * 6
