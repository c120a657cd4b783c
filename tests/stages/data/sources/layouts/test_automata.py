"""Messages that nobody wrote, and senders who are no customers."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from northloop.stages.data.sources import SourceFile, read

ASK, ANSWER, AUTO = "Where is my parcel?", "It comes tomorrow.", "We have received your message."


def learnt(folder: Path, messages: list[dict[str, object]], **terms: object) -> list[object]:
    path = folder / "chats.json"
    path.write_text(json.dumps([{"id": n, "comments": messages} for n in range(6)]))
    rows = read(SourceFile(path, **terms))  # type: ignore[arg-type]
    return list(dict.fromkeys((t.question, t.reply) for t in rows))  # type: ignore[union-attr]


@pytest.mark.parametrize(
    "says",
    [{"isAutomated": True}, {"auto": True}, {"meta": {"auto_reply": "true"}},
     {"body_type": "AUTO_REPLY"}, {"headers": "From: x\nAuto-Submitted: auto-replied\n"},
     {"author": {"role": "agent", "bot": True}}],
)  # fmt: skip
def test_an_automatic_answer_is_no_agent_s(tmp_path: Path, says: dict[str, object]) -> None:
    messages: list[dict[str, object]] = [
        {"author": {"role": "customer"}, "body": ASK},
        {"author": {"role": "agent"}, "body": AUTO, **says},
        {"author": {"role": "agent"}, "body": ANSWER},
    ]
    assert learnt(tmp_path, messages) == [(ASK, ANSWER)]


@pytest.mark.parametrize(
    "sender",
    [
        {"user": None, "application": {"name": "Flow"}},
        {"name": "Rules", "accountType": "app"},
        {"name": "Automation for Jira"},
    ],
)
def test_who_is_no_agent_is_no_customer_if_an_application(
    tmp_path: Path, sender: dict[str, object]
) -> None:
    messages: list[dict[str, object]] = [
        {"author": {"name": "Jo"}, "body": ASK},
        {"author": sender, "body": AUTO},
        {"author": {"name": "Anna"}, "body": ANSWER},
    ]
    assert learnt(tmp_path, messages, agents=("Anna",)) == [(ASK, ANSWER)]


def test_users_answer_contacts(tmp_path: Path) -> None:
    messages: list[dict[str, object]] = [
        {"author": {"type": "contact", "id": 1}, "body": ASK},
        {"author": {"type": "user", "id": 2}, "body": ANSWER},
    ]
    assert learnt(tmp_path, messages) == [(ASK, ANSWER)]


def test_a_text_in_parts_is_one(tmp_path: Path) -> None:
    messages: list[dict[str, object]] = [
        {"from": "customer", "text": ["Where is ", {"type": "bold", "text": "my"}, " parcel?"]},
        {"from": "agent", "text": ANSWER},
    ]
    assert learnt(tmp_path, messages) == [(ASK, ANSWER)]
