"""GitLab's Service Desk: mails are the support bot's notes, and only what says so is public."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from stages.data.sources.shapes.exported import pairs, raws, refused, shape_of, written

ASKED, ANSWERED = "The lamp flickers, what now?", "Please turn the bulb tighter."
MORE, LAST = "It still does.", "A new one leaves today."
BOT, ANNA = {"username": "support-bot", "id": 9}, {"username": "anna", "id": 2}


def note(author: dict[str, Any], body: str, **more: object) -> dict[str, Any]:
    return {"id": 1, "body": body, "author": author, "system": False, "noteable_id": 7,
            "noteable_type": "Issue", "internal": False} | more  # fmt: skip


def issue(*notes: dict[str, Any], **more: object) -> dict[str, Any]:
    return {"id": 7, "iid": 1, "title": "Lamp", "description": ASKED, "author": BOT,
            "service_desk_reply_to": "jo@mail.example", "project_id": 4, "state": "closed",
            "notes": [*notes]} | more  # fmt: skip


def test_the_support_bot_brings_what_customers_write(tmp_path: Path) -> None:
    path = written(tmp_path, [issue(note(ANNA, ANSWERED), note(BOT, MORE), note(ANNA, LAST))])
    assert shape_of(path) == "GitLab Service Desk"
    assert pairs(path) == [(ASKED, ANSWERED), (MORE, LAST)]


@pytest.mark.parametrize(
    "said",
    [
        {"internal": True},
        {"internal": None},
        {"internal": None, "confidential": True},
        {"system": True},
        {"author": {"username": "project_4_bot_7f"}},
        {"author": {"username": "triage-bot"}},
    ],
)
def test_what_is_not_said_to_be_public_is_no_answer(tmp_path: Path, said: dict[str, Any]) -> None:
    path = written(tmp_path, [issue(note(ANNA, ANSWERED) | said)])
    assert [row.reply for row in raws(path)] == [""]


def test_notes_stand_apart_or_in_discussions(tmp_path: Path) -> None:
    bare = {k: v for k, v in issue().items() if k != "notes"}
    apart = {"issues": [bare], "notes": [note(ANNA, ANSWERED)]}
    talked = [bare | {"discussions": [{"id": "d", "notes": [note(ANNA, ANSWERED)]}]}]
    for document in (apart, talked):
        assert pairs(written(tmp_path, document)) == [(ASKED, ANSWERED)]


def test_issues_of_those_who_answer_are_among_colleagues(tmp_path: Path) -> None:
    own = issue(note({"username": "ben"}, "I am."), id=8, author=ANNA, service_desk_reply_to=None)
    path = written(tmp_path, [issue(note(ANNA, ANSWERED)), own])
    assert pairs(path) == [(ASKED, ANSWERED)]
    assert "answers in tickets" in refused(path)[0].reason


def test_issues_without_mail_are_left_to_others(tmp_path: Path) -> None:
    path = written(tmp_path, [issue(note(ANNA, ANSWERED), author=ANNA, service_desk_reply_to="")])
    assert shape_of(path) == ""
