"""Request Tracker: kinds of transactions, people, attachments, queues, dates that are none."""

from __future__ import annotations

import base64
from pathlib import Path
from typing import Any

import pytest

from stages.data.sources.shapes.exported import learnt, raws, shape_of, written

ASKED, ANSWERED = "Wo ist mein Päckchen jetzt?", "Es ging heute früh aus dem Haus."


def did(kind: str, who: str, body: str | None, **more: object) -> dict[str, Any]:
    return {"Type": kind, "Creator": {"id": who, "type": "user"}, "Content": body,
            "Created": "2026-01-01T10:00:00Z"} | more  # fmt: skip


def ticket(*history: dict[str, Any], **more: object) -> dict[str, Any]:
    return {"id": 4, "Subject": "Parcel", "Status": "resolved",
            "Queue": {"id": "3", "Name": "Post"},
            "Requestor": [{"id": "jo", "EmailAddress": "Jo@Mail.example"}], "TimeWorked": "0",
            "EffectiveId": {"id": "4"}, "history": [*history]} | more  # fmt: skip


@pytest.mark.parametrize(
    ("changed", "reply"),
    [
        ({}, ANSWERED),
        ({"Type": "Comment"}, ""),
        ({"Type": "CommentEmailRecord"}, ""),
        ({"Type": "EmailRecord"}, ""),
        ({"Type": "Status"}, ""),
        ({"Type": "Brand New"}, ""),
        ({"Creator": {"id": "RT_System"}}, ""),
        ({"Creator": {"id": "someone", "Privileged": 0}}, ""),
        ({"Creator": {"id": "vendor@x.example"}}, ""),
        ({"Creator": None}, ""),
    ],
)
def test_only_correspondence_of_an_agent_is_a_reply(
    tmp_path: Path, changed: dict[str, Any], reply: str
) -> None:
    shown = ticket(
        did("Create", "jo@mail.example", ASKED),
        did("Correspond", "carl", ANSWERED) | changed,
        Cc=[{"id": "vendor@x.example"}],
    )
    path = written(tmp_path, {"items": [shown]})
    assert shape_of(path) == "Request Tracker tickets"
    assert [(row.question, row.reply) for row in raws(path)] == [(ASKED, reply)]


def test_attachments_hold_the_content_in_base64(tmp_path: Path) -> None:
    def part(kind: str, body: str, name: str = "") -> dict[str, str]:
        told = base64.encodebytes(body.encode()).decode()
        return {"ContentType": kind, "Content": told, "Filename": name}

    empty = "This transaction appears to have no content"
    parts = [part("text/plain", "SECRET", "log.txt"), part("text/html", "<p>x</p>")]
    asked = did("Create", "jo", empty, Attachments=[*parts, part("text/plain", ASKED)])
    answered = did("Correspond", "carl", None, attachments=[part("text/html", ANSWERED)])
    [row] = raws(written(tmp_path, [ticket(asked, answered)]))
    assert (row.question, row.reply) == (ASKED, ANSWERED)


def test_without_requestors_whoever_created_it_asks(tmp_path: Path) -> None:
    history = [did("Create", "ann", ASKED), did("Correspond", "carl", ANSWERED)]
    alone = [one | {"ObjectId": "9"} for one in history]
    assert [row.reply for row in raws(written(tmp_path, {"items": alone}))] == [ANSWERED]
    nobody = ticket(*history, Requestor=[])
    assert [row.question for row in raws(written(tmp_path, [nobody]))] == [""]


@pytest.mark.parametrize(
    ("queues", "intents"),
    [
        (("Billing", "Repairs"), ["billing", "repairs"]),
        (("Billing", "Billing"), ["", ""]),
        (("General", "Repairs"), ["", ""]),
        (("3", "4"), ["", ""]),
    ],
)
def test_queues_are_intents_where_they_sort_the_tickets(
    tmp_path: Path, queues: tuple[str, ...], intents: list[str]
) -> None:
    shown = [ticket(did("Create", "jo", ASKED), id=n, Queue=q) for n, q in enumerate(queues, 1)]
    assert [row.intent for row in learnt(written(tmp_path, shown))] == intents


@pytest.mark.parametrize(
    ("resolved", "worked", "closed", "minutes"),
    [
        ("1970-01-01T00:00:00Z", "0", None, None),
        ("Not set", "30 minutes", None, 30),
        ("Tue Feb 17 10:30:00 2026", "2 hours (120 minutes)", "2026-02-17T10:30:00Z", 120),
        ("2026-02-17T10:30:00Z", 45, "2026-02-17T10:30:00Z", 45),
    ],
)
def test_times(
    tmp_path: Path, resolved: str, worked: object, closed: str | None, minutes: float | None
) -> None:
    shown = ticket(did("Create", "jo", ASKED), Resolved=resolved, TimeWorked=worked)
    [row] = learnt(written(tmp_path, [shown]))
    assert (row.closed_at, row.handling_minutes) == (closed, minutes)
