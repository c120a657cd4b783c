"""Intercom: the structures of its reference, kinds of parts and of authors."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from stages.data.sources.shapes.exported import pairs, raws, shape_of, written

ASKED, ANSWERED = "Where is my parcel now?", "It left our house this morning."
ADMIN, USER = {"type": "admin", "id": "2", "name": "Ann"}, {"type": "user", "id": "1"}


def part(body: str | None, author: object = ADMIN, **more: object) -> dict[str, Any]:
    return {"type": "conversation_part", "id": "9", "part_type": "comment", "body": body,
            "author": author} | more  # fmt: skip


def conversation(*parts: dict[str, Any], **more: object) -> dict[str, Any]:
    source = {"type": "email", "body": f"<p>{ASKED}</p>", "author": USER}
    return {"type": "conversation", "id": "7", "source": source,
            "conversation_parts": {"conversation_parts": [*parts]}} | more  # fmt: skip


def test_the_reference_s_conversation(tmp_path: Path) -> None:
    """As the reference shows a conversation: an operator's greeting, parts, and statistics."""
    shown = {
        "type": "conversation", "id": "1295", "title": "A title", "created_at": 1663597223,
        "updated_at": 1663597260, "waiting_since": 1663597260, "snoozed_until": 1663597260,
        "open": False, "state": "closed", "read": True, "priority": "priority",
        "admin_assignee_id": 0, "team_assignee_id": "5017691",
        "tags": {"type": "tag.list", "tags": [{"type": "tag", "id": "123456", "name": "Test tag"}]},
        "conversation_rating": {"rating": 5, "remark": "", "created_at": 1671028894,
                                "contact": {"type": "contact", "id": "5ba682d23d7cf92bef87bfd4"},
                                "teammate": {"type": "contact", "id": "1a2b3c"}},
        "source": {"type": "conversation", "id": "3", "delivered_as": "operator_initiated",
                   "subject": "", "body": "<p>Hey there!</p>", "author": {"type": "admin",
                   "id": "274", "name": "Operator", "email": "operator+abcd1234@intercom.io"},
                   "attachments": [], "url": None, "redacted": False},
        "contacts": {"type": "contact.list", "contacts": [{"type": "contact",
                     "id": "5ba682d23d7cf92bef87bfd4", "external_id": "f3b87a2e09d514c6c2e79b9a"}]},
        "statistics": {"type": "conversation_statistics", "time_to_first_close": 2310,
                       "first_close_at": 1663597233, "last_close_at": 1663597299,
                       "last_closed_by_id": "c3po", "count_reopens": 1},
        "conversation_parts": {"type": "conversation_part.list", "conversation_parts": [
            {"type": "conversation_part", "id": "3", "part_type": "comment",
             "body": "<p>Okay!</p>", "created_at": 1663597223, "updated_at": 1663597260,
             "notified_at": 1663597260, "assigned_to": {"type": "contact", "id": "1a2b3c"},
             "author": {"type": "admin", "id": "274", "name": "Operator",
                        "email": "operator+abcd1234@intercom.io"}, "attachments": [],
             "external_id": "abcd1234", "redacted": False}], "total_count": 2},
    }  # fmt: skip
    path = written(tmp_path, shown)
    assert shape_of(path) == "Intercom conversations"
    [row] = raws(path)
    assert (row.question, row.reply) == ("", "")
    assert (row.closed_at, row.csat, row.reopened) == ("1663597299", "5", "1")
    assert row.handling_minutes == ""
    said = part("<p>Okay?</p>", {"type": "user", "id": "5b"}, created_at=1663597224)
    done = part("<p>Done.</p>", created_at=1663597230)
    parts = shown["conversation_parts"]["conversation_parts"]  # type: ignore[index]
    answered = shown | {"conversation_parts": [*parts, said, done]}
    [row] = raws(written(tmp_path, answered))
    assert (row.question, row.reply, len(row.context)) == ("<p>Okay?</p>", "<p>Done.</p>", 1)


@pytest.mark.parametrize(
    ("changed", "reply"),
    [
        ({}, ANSWERED),
        ({"part_type": "close"}, ANSWERED),
        ({"part_type": "note"}, ""),
        ({"part_type": "assignment"}, ""),
        ({"part_type": "note_and_reopen"}, ""),
        ({"part_type": "brand_new"}, ""),
        ({"part_type": None}, ""),
        ({"redacted": True}, ""),
        ({"author": {"type": "team", "id": "4"}}, ANSWERED),
        ({"author": {"type": "bot", "id": "4"}}, ""),
        ({"author": ADMIN | {"email": "operator+x@intercom.io"}}, ""),
        ({"author": ADMIN | {"from_ai_agent": False, "is_ai_answer": True}}, ""),
        ({"author": {"type": "stranger", "id": "4"}}, ""),
        ({"author": None}, ""),
    ],
)
def test_only_what_a_teammate_wrote_to_the_customer_is_a_reply(
    tmp_path: Path, changed: dict[str, Any], reply: str
) -> None:
    path = written(tmp_path, [conversation(part(ANSWERED) | changed, part(None, USER))])
    assert [row.reply for row in raws(path)] == [reply]


@pytest.mark.parametrize(
    ("more", "closed"),
    [
        ({"open": True, "state": "open"}, ""),
        ({"state": "snoozed"}, ""),
        ({"open": False, "state": "closed"}, "1700000300"),
        ({"open": False, "statistics": {"last_close_at": 1700000500}}, "1700000500"),
        ({"state": "closed", "conversation_parts": [], "statistics": {"first_close_at": 17}}, "17"),
    ],
)
def test_when_it_was_closed_last(tmp_path: Path, more: dict[str, Any], closed: str) -> None:
    ends = [part(None, part_type="close", created_at=at) for at in (1700000200, 1700000300)]
    [row] = raws(written(tmp_path, [conversation(*ends) | more]))
    assert row.closed_at == closed


def test_the_time_worked_is_told_and_the_time_open_is_not_taken_for_it(tmp_path: Path) -> None:
    times = {"time_to_first_close": 5400, "adjusted_handling_time": 540, "handling_time": 900}
    [row] = raws(written(tmp_path, [conversation(part(ANSWERED), statistics=times)]))
    assert row.handling_minutes == "540 s"
    [row] = raws(written(tmp_path, [conversation(statistics={"time_to_first_close": 5400})]))
    assert row.handling_minutes == ""


@pytest.mark.parametrize("key", ["conversations", "data"])
def test_a_page_of_any_list(tmp_path: Path, key: str) -> None:
    page = {"type": "list", key: [conversation(part(ANSWERED))], "scroll_param": "x", "pages": None}
    assert pairs(written(tmp_path, page)) == [(ASKED, ANSWERED)]


@pytest.mark.parametrize(
    ("rating", "asked"),
    [
        ({"rating": None, "created_at": 1663597300}, "1663597300"),
        ({"rating": None, "requested_at": 1663597300, "created_at": None}, "1663597300"),
        ({"rating": None, "created_at": None}, ""),
        (None, ""),
    ],
)
def test_when_a_rating_was_requested_and_an_admin_replied_first(
    tmp_path: Path, rating: dict[str, Any] | None, asked: str
) -> None:
    """https://developers.intercom.com/docs/references/rest-api/api.intercom.io/conversations"""
    first = {"type": "conversation_statistics", "first_admin_reply_at": 1663597233}
    shown = conversation(part(ANSWERED), statistics=first, conversation_rating=rating)
    [row] = raws(written(tmp_path, shown))
    assert (row.first_touch_at, row.csat_asked, row.csat) == ("1663597233", asked, "")
