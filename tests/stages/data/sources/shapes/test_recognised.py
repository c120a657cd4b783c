"""No other JSON is taken for a help desk's export, and of two vendors never both fit."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from northloop.stages.data.sources import SourceFile, columns
from northloop.stages.data.sources.shapes import recognised

EXPORTS = Path(__file__).parents[4] / "fixtures" / "exports"
OTHERS: dict[str, list[dict[str, Any]]] = {
    "rows": [{"id": 1, "question": "Where is it?", "reply": "There.", "created_at": "2026-01-01"}],
    "cased rows": [{"case_number": 1, "subject": "x", "description": "y", "status": "closed"}],
    "cases": [{"cases": [{"id": 1, "question": "Where is it?", "answer": "There."}]}],
    "cases of law": [{"cases": [{"Title": "x", "Body": "y", "Court": "Leeds"}]}],
    "cases with messages": [{"cases": [{"case_id": 1, "opened": "2026-01-01", "messages": [
        {"sender": "customer", "text": "Hi"}]}]}],
    "messages": [{"tickets": [{"id": 1, "messages": [{"from": "customer", "text": "Hi"}]}]}],
    "comments": [{"comments": [{"text": "Hi", "author": "Jo"}], "id": 3}],
    "threads": [{"id": 1, "threads": [{"type": "note", "text": "x"}]}],
    "conversations": [{"id": 1, "conversations": [{"from": "human", "value": "Hi"},
                                                  {"from": "gpt", "value": "Yes?"}]}],
    "hubspot": [{"id": "1", "properties": {"subject": "x", "content": "y"}, "archived": False}],
    "slack": [{"type": "message", "user": "U1", "text": "Hi", "ts": "1.2", "thread_ts": "1.2"}],
    "issues": [{"url": "https://git.example/1", "number": 1, "title": "x", "body": "y",
                "comments": 3, "state": "closed", "user": {"id": 1}, "assignee": None}],
    "nothing": [{}],
    "users": [{"users": [{"id": 1, "role": "end-user"}], "next_page": None}],
}  # fmt: skip


@pytest.mark.parametrize("name", [*OTHERS])
def test_other_json_is_left_to_others(name: str) -> None:
    known = recognised(OTHERS[name])
    assert known is None or known[0].name in ("ShareGPT conversations", "OpenAI chat messages")


@pytest.mark.parametrize(
    ("export", "says"),
    [
        ("gorgias/tickets.json", True),
        ("freshdesk/tickets.json", True),
        ("zammad/tickets.ndjson", True),
        ("slack/channel.ndjson", False),
        ("telegram/group.json", False),
        ("discord/channel.json", False),
    ],
)
def test_help_desks_say_which_conversations_are_open_and_channels_do_not(
    export: str, says: bool
) -> None:
    assert columns(SourceFile(EXPORTS / export)).says_ends is says


def test_a_table_says_by_a_column_which_are_open(tmp_path: Path) -> None:
    file = tmp_path / "tickets.csv"
    file.write_text("ticket_id,question,reply,closed_at\n1,Where is it?,There.,\n")
    assert not columns(SourceFile(file)).says_ends
