"""Slack: threads, who answers, bots, marks in texts, threads that began on another day."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from northloop.core.conversation import RawConversation
from northloop.stages.data.sources import SourceFile, layout
from northloop.stages.data.sources.exchanges import exchanges
from northloop.stages.data.sources.shapes.shape import Record
from northloop.stages.data.sources.shapes.slack import SLACK
from stages.data.sources.shapes.exported import pairs, raws, shape_of, written

ASKED, ANSWERED = "Where is my parcel now?", "It left our house this morning."
OPENED = "1772438400.000100"


def said(user: str, body: str, ts: str = OPENED, **more: object) -> dict[str, Any]:
    return {"type": "message", "user": user, "text": body, "ts": ts, "thread_ts": OPENED} | more


def reply(body: str = ANSWERED, user: str = "U2", **more: object) -> dict[str, Any]:
    return said(user, body, "1772438500.000100", parent_user_id="U1", **more)


@pytest.mark.parametrize(
    ("changed", "answer"),
    [
        ({}, ANSWERED),
        ({"subtype": "thread_broadcast"}, ANSWERED),
        ({"subtype": "bot_message", "user": None, "bot_id": "B1"}, ""),
        ({"bot_id": "B1"}, ""),
        ({"subtype": "channel_join"}, ""),
        ({"subtype": "brand_new"}, ""),
        ({"hidden": True}, ""),
        ({"user": "USLACKBOT"}, ""),
        ({"user": None, "username": "x"}, ""),
    ],
)
def test_only_what_somebody_else_wrote_in_a_thread_is_a_reply(
    tmp_path: Path, changed: dict[str, Any], answer: str
) -> None:
    page = {"channel": "C1", "messages": [said("U1", ASKED), reply() | changed]}
    for value in (page, page["messages"]):
        path = written(tmp_path, value)
        assert shape_of(path) == "Slack messages"
        assert [(row.question, row.reply) for row in raws(path)] == [(ASKED, answer)]


def test_it_is_said_that_the_opener_is_taken_for_the_customer(tmp_path: Path) -> None:
    why = layout(SourceFile(written(tmp_path, [said("U1", ASKED), reply()]))).why
    assert "opens a thread is taken for the customer" in why


def test_who_answers_may_be_said(tmp_path: Path) -> None:
    """An agent may open a thread, and another customer may join in it."""
    people = {
        "members": [{"id": "U2", "profile": {"real_name": "Ann Lee", "email": "a@x.example"}}]
    }
    talk = [people, said("U2", "We ship late today."), said("U1", ASKED, "1772438401.000100"),
            said("U3", "Mine too?", "1772438402.000100"), reply()]  # fmt: skip
    records = [Record(row, value) for row, value in enumerate(talk, 1)]
    for named in ("u2", "ann lee", "a@x.example"):
        [made] = SLACK.conversations(records, frozenset({named}))
        assert isinstance(made, RawConversation)
        [row] = exchanges(made, "x.json")
        assert (row.question, row.reply, row.agent) == (
            f"{ASKED}\n\nMine too?", ANSWERED, "Ann Lee")  # fmt: skip
        assert row.customer_id == "U1"


def test_a_thread_that_began_on_another_day_names_its_opener(tmp_path: Path) -> None:
    later = [reply(), said("U1", "And today?", "1772438600.000100", parent_user_id="U1"),
             said("U2", "Today too.", "1772438700.000100", parent_user_id="U1")]  # fmt: skip
    assert pairs(written(tmp_path, later)) == [("And today?", "Today too.")]


def test_in_a_thread_that_a_bot_opened_nobody_is_known(tmp_path: Path) -> None:
    opened = {"type": "message", "subtype": "bot_message", "bot_id": "B1", "text": "New ticket",
              "ts": OPENED, "thread_ts": OPENED}  # fmt: skip
    rows = raws(written(tmp_path, [opened, reply("SECRET-1"), reply("SECRET-2", "U3")]))
    assert "SECRET" not in str(rows)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Ask <@U2> please now", "Ask @Ann please now"),
        ("Ask <@U9> please now", "Ask  please now"),
        ("See <https://x.example/a|the page> first", "See the page (https://x.example/a) first"),
        ("See <https://x.example|x.example> first", "See x.example first"),
        ("Write <mailto:a@x.example|a@x.example> first", "Write a@x.example first"),
        ("<!here> is it in <#C1|help> now", " is it in #help now"),
        ("It is 3 < 4 and 5 > 4", "It is 3 < 4 and 5 > 4"),
    ],
)
def test_marks_become_what_people_see(tmp_path: Path, text: str, shown: str) -> None:
    named = reply(user_profile={"real_name": "Ann"})
    [row] = raws(written(tmp_path, [said("U1", text), named]))
    assert row.question == shown.strip()


def test_what_is_said_outside_threads_is_a_talk_where_agents_are_known(tmp_path: Path) -> None:
    def alone(user: str, body: str, second: int) -> Record:
        message = said(user, body, f"177243840{second}.000100")
        return Record(second, {k: v for k, v in message.items() if k != "thread_ts"})

    talk = [alone("U1", ASKED, 1), alone("U2", ANSWERED, 2), alone("U1", "Thanks a lot!", 3)]
    [made] = SLACK.conversations(talk, frozenset({"u2"}))
    assert isinstance(made, RawConversation)
    assert [(r.question, r.reply) for r in exchanges(made, "x.json")] == [
        (ASKED, ANSWERED),
        ("Thanks a lot!", ""),
    ]
    others = [*talk, alone("U3", "And mine?", 4)]
    assert len(list(SLACK.conversations(others, frozenset({"u2"})))) == 4


def test_channels_may_be_in_one_file(tmp_path: Path) -> None:
    channels = [{"id": "C1", "name": "help", "messages": [said("U1", ASKED), reply()]}]
    users = [{"id": "U1", "profile": {"real_name": "Jo"}}]
    [row] = raws(written(tmp_path, {"users": users, "channels": channels}))
    assert (row.question, row.reply, row.customer_name) == (ASKED, ANSWERED, "Jo")


def test_guests_of_the_workspace_are_the_customers(tmp_path: Path) -> None:
    """An agent opens the thread; what members say among each other is learnt by nobody."""
    guest = {"id": "U1", "profile": {"real_name": "Jo"}, "is_restricted": True}
    users = [guest, {"id": "U2", "profile": {"real_name": "Ann"}, "is_restricted": False}]
    inside = [said(u, f"SECRET-{u}", t, thread_ts="1772440000.000100")
              for u, t in (("U2", "1772440000.000100"), ("U4", "1772440001.000100"))]  # fmt: skip
    talk = [said("U2", "We ship late today."), said("U1", ASKED, "1772438401.000100"), reply()]
    rows = raws(written(tmp_path, {"users": users, "messages": [*talk, *inside]}))
    assert [(r.question, r.reply) for r in rows] == [(ASKED, ANSWERED), ("", "")]
    assert "SECRET" not in str(rows)
