"""ServiceNow: only comments are public, and only who surely answers is an agent."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from stages.data.sources.shapes.exported import raws, shape_of, written

ASKED, ANSWERED = "The VPN drops every ten minutes.", "Please install the new client."
TASK: dict[str, Any] = {
    "number": "INC1", "sys_id": "s1", "short_description": "VPN", "description": ASKED,
    "caller_id": {"value": "u1"}, "opened_by": {"value": "u1"}, "assigned_to": {"value": "u2"},
    "sys_created_by": "abel", "opened_at": "2026-01-01 08:00:00", "state": "2",
}  # fmt: skip
ENTRY = {"element": "comments", "element_id": "s1", "value": ANSWERED, "sys_created_by": "beth",
         "sys_created_on": "2026-01-01 09:00:00"}  # fmt: skip


@pytest.mark.parametrize(
    ("task", "entry", "answer"),
    [
        ({}, {}, ANSWERED),
        ({}, {"element": "work_notes"}, ""),
        ({}, {"element": "close_notes"}, ""),
        ({}, {"element": None}, ""),
        ({}, {"sys_created_by": "system"}, ""),
        ({}, {"sys_created_by": "abel"}, ""),
        ({"opened_by": {"value": "u9"}}, {}, ""),
        ({"watch_list": "beth,carl"}, {}, ""),
        ({"opened_by": {"value": "u9"}, "assigned_to": "beth"}, {}, ANSWERED),
    ],
)
def test_only_comments_of_who_answers_are_replies(
    tmp_path: Path, task: dict[str, Any], entry: dict[str, Any], answer: str
) -> None:
    path = written(tmp_path, [{"result": [TASK | task]}, {"result": [ENTRY | entry]}])
    assert shape_of(path) == "ServiceNow records"
    assert [row.reply for row in raws(path)] == [answer]


def test_work_notes_in_a_text_stay_out(tmp_path: Path) -> None:
    head = "2026-01-01 09:00:00 - Beth"
    shown = {"caller_id": {"display_value": "Abel"}, "opened_by": {"display_value": "Abel"},
             "assigned_to": {"display_value": "Beth"}}  # fmt: skip
    for comments, answer in ((f"{head} (Comments)\n{ANSWERED}\n", ANSWERED), ("", "")):
        noted = {"comments": comments, "work_notes": f"{head} (Work notes)\nSECRET\n",
                 "comments_and_work_notes": f"{head} (Work notes)\nSECRET\n"}  # fmt: skip
        path = written(tmp_path, {"result": [TASK | shown | noted]})
        assert [row.reply for row in raws(path)] == [answer]
        assert "SECRET" not in str(raws(path))


def test_logins_are_made_of_names(tmp_path: Path) -> None:
    """A table of incidents shows names, and the journal's entries logins; no table says whose."""
    names = {"caller_id": "Abel Tuter", "opened_by": "Abel Tuter", "assigned_to": "Beth Ángel",
             "sys_created_by": ""}  # fmt: skip
    for login, reply in (("beth.ángel", ANSWERED), ("abel.tuter", ""), ("carl.low", "")):
        path = written(tmp_path, [TASK | names, ENTRY | {"sys_created_by": login}])
        assert [row.reply for row in raws(path)] == [reply]


def test_who_writes_work_notes_answers_and_who_alone_comments_asks(tmp_path: Path) -> None:
    """A table of incidents shows names, and logins are made of none of them."""
    names = {"caller_id": "Abel Tuter", "opened_by": "", "assigned_to": "", "sys_created_by": ""}
    said = [
        ("work_notes", "SECRET", "x7"), ("comments", ANSWERED, "x7"),
        ("comments", "It is installed.", "k1"), ("comments", "Then restart it.", "x7"),
    ]  # fmt: skip
    entries = [
        ENTRY | {"element": kind, "value": text, "sys_created_by": who,
                 "sys_created_on": f"2026-01-01 09:0{n}:00"}
        for n, (kind, text, who) in enumerate(said)
    ]  # fmt: skip
    path = written(tmp_path, [TASK | names, *entries])
    assert [(row.question, row.reply) for row in raws(path)] == [
        (ASKED, ANSWERED), ("It is installed.", "Then restart it.")
    ]  # fmt: skip
    other = TASK | names | {"sys_id": "s2", "number": "INC2", "caller_id": "Carl Low"}
    for more in (entries[2] | {"element_id": "s2"}, entries[2] | {"sys_created_by": "k2"}):
        path = written(tmp_path, [TASK | names, other, *entries, more])
        assert "It is installed." not in [row.question for row in raws(path)], "who knows whose"
