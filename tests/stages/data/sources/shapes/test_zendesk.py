"""Zendesk: the structures of its reference, who writes, and what is not the customer's to see."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from stages.data.sources.shapes.exported import lines, pairs, raws, refused, shape_of, written

ASKED, ANSWERED = "Where is my parcel now?", "It left our house this morning."


def comment(author: object, body: str, **more: object) -> dict[str, Any]:
    return {"id": 1, "author_id": author, "body": body, "public": True} | more


def ticket(*comments: dict[str, Any], **more: object) -> dict[str, Any]:
    return {"id": 5, "subject": "Parcel", "description": ASKED, "requester_id": 1,
            "status": "open", "assignee_id": 2, "via": {"channel": "web"},
            "comments": [*comments]} | more  # fmt: skip


BOTH = (comment(1, ASKED), comment(2, ANSWERED))


def test_the_reference_s_ticket_and_lists_of_it(tmp_path: Path) -> None:
    """As the reference shows a ticket: nothing is answered in it, and it is read all the same."""
    shown = {
        "assignee_id": 235323, "collaborator_ids": [35334], "created_at": "2019-07-20T22:55:29Z",
        "custom_fields": [{"id": 27642, "value": "745"}, {"id": 27648, "value": "yes"}],
        "custom_status_id": 123, "description": "The fire is very colorful.", "due_at": None,
        "external_id": "ahg35h3jh", "follower_ids": [35334, 234], "from_messaging_channel": False,
        "generated_timestamp": 1304553600, "group_id": 98738, "has_incidents": False, "id": 35436,
        "organization_id": 509974, "priority": "high", "problem_id": 9873764,
        "raw_subject": "{{dc.printer_on_fire}}", "recipient": "support@company.example",
        "requester_id": 20978392, "satisfaction_rating": {"comment": "Great support!", "id": 1234,
        "score": "good"}, "sharing_agreement_ids": [84432], "status": "open",
        "subject": "Help, my printer is on fire!", "submitter_id": 76872,
        "tags": ["enterprise", "other_tag"], "type": "incident",
        "url": "https://company.zendesk.com/api/v2/tickets/35436.json", "via": {"channel": "web"},
    }  # fmt: skip
    for document in (shown, {"ticket": shown}, {"tickets": [shown], "count": 1}):
        path = written(tmp_path, document)
        assert shape_of(path) == "Zendesk tickets"
        [row] = raws(path)
        assert (row.ticket_id, row.question, row.reply) == (
            "35436",
            "The fire is very colorful.",
            "",
        )
        assert (row.csat, row.intent, row.closed_at) == ("good", "", "")


def test_comments_without_their_users_are_refused_with_what_to_do(tmp_path: Path) -> None:
    """As the reference shows a page of comments: nothing tells who is the customer."""
    page = {"comments": [
        {"attachments": [], "audit_id": 432907, "author_id": 123123, "body": "Thanks for it!",
         "created_at": "2019-07-20T22:55:29Z", "id": 1274, "metadata": {"system": {}},
         "public": True, "type": "Comment"}]}  # fmt: skip
    path = written(tmp_path, page)
    [row] = refused(path)
    assert "include=users" in row.reason
    assert "Thanks" not in row.raw
    users = [{"id": 123123, "role": "agent"}, {"id": 9, "role": "end-user"}]
    more = [comment(9, ASKED), *page["comments"]]
    assert pairs(written(tmp_path, {"comments": more, "users": users})) == [
        (ASKED, "Thanks for it!")
    ]


@pytest.mark.parametrize(
    ("changed", "reply"),
    [
        ({}, ANSWERED),
        ({"public": False}, ""),
        ({"public": None}, ""),
        ({"author_id": 77}, ""),
        ({"author_id": None}, ""),
        ({"author_id": -1}, ""),
        ({"via": {"channel": "rule"}}, ""),
        ({"via": {"channel": "web", "source": {"rel": "merge"}}}, ""),
        ({"via": {"channel": "answer_bot_for_web_widget"}}, ""),
        ({"metadata": {"flags": [4]}}, ""),
        ({"type": "VoiceComment"}, ""),
        ({"body": "(10:01:02) Jo: hello\n(10:01:09) Ann: how can I help?"}, ""),
    ],
)
def test_only_what_an_agent_wrote_in_public_is_a_reply(
    tmp_path: Path, changed: dict[str, Any], reply: str
) -> None:
    path = written(tmp_path, [ticket(BOTH[0], BOTH[1] | changed)])
    assert [row.reply for row in raws(path)] == [reply]


def test_an_agent_is_known_by_any_ticket_of_the_file(tmp_path: Path) -> None:
    """The second agent is nobody's assignee but of a ticket that comes later."""
    first = ticket(BOTH[0], comment(3, ANSWERED))
    later = ticket(comment(4, ASKED), id=6, requester_id=4, assignee_id=3)
    assert pairs(lines(tmp_path, [first]))[0] == (ASKED, "")
    assert pairs(lines(tmp_path, [first, later]))[0] == (ASKED, ANSWERED)
    own = ticket(comment(3, "The lamp in our office broke."), id=7, requester_id=3)
    assert pairs(lines(tmp_path, [own, first, later]))[1] == (ASKED, ANSWERED)


def test_the_description_is_not_said_twice_and_not_shown_where_it_is_private(
    tmp_path: Path,
) -> None:
    assert pairs(written(tmp_path, [ticket(*BOTH)])) == [(ASKED, ANSWERED)]
    html = comment(1, "", html_body=f"<div class='zd-comment'><p>{ASKED}</p></div>")
    assert pairs(written(tmp_path, [ticket(html, BOTH[1])])) == [(ASKED, ANSWERED)]
    replies = ticket(BOTH[1], created_at="2026-01-01T00:00:00Z")
    assert pairs(written(tmp_path, [replies])) == [(ASKED, ANSWERED)]
    internal = ticket(comment(1, ASKED, public=False))
    assert [row.question for row in raws(written(tmp_path, [internal]))] == [""]
    hidden = ticket(is_public=False)
    assert [(r.question, r.subject) for r in raws(written(tmp_path, [hidden]))] == [("", "")]


@pytest.mark.parametrize(
    ("status", "closed"), [("solved", "x"), ("closed", "x"), ("open", ""), ("pending", "")]
)
def test_a_ticket_that_is_open_again_is_not_closed(
    tmp_path: Path, status: str, closed: str
) -> None:
    shown = ticket(*BOTH, status=status, metric_set={"solved_at": "x", "reopens": 1})
    [row] = raws(written(tmp_path, [shown]))
    assert (row.closed_at, row.reopened) == (closed, "1")


@pytest.mark.parametrize(
    ("score", "csat"),
    [("good", "good"), ("good_with_comment", "good"), ("bad_with_comment", "bad"), ("5", "5"),
     ("offered", ""), ("unoffered", ""), (None, "")],
)  # fmt: skip
def test_only_a_rating_is_one(tmp_path: Path, score: object, csat: str) -> None:
    [row] = raws(written(tmp_path, [ticket(*BOTH, satisfaction_rating={"score": score})]))
    assert row.csat == csat


def test_tags_are_intents_where_hardly_a_ticket_has_none(tmp_path: Path) -> None:
    tagged = [ticket(*BOTH, id=n, tags=[("refund", "parcel")[n % 2]]) for n in range(20)]
    assert {row.intent for row in raws(lines(tmp_path, tagged))} == {"refund", "parcel"}
    spoken = [t | {"tags": ["lang_es", *t["tags"]]} for t in tagged]
    assert {row.intent for row in raws(lines(tmp_path, spoken))} == {"refund", "parcel"}
    half = [t | {"tags": t["tags"] if n % 2 else []} for n, t in enumerate(tagged)]
    assert {row.intent for row in raws(lines(tmp_path, half))} == {""}
    kinds = [t | {"tags": ["question"], "type": "question"} for t in tagged]
    assert {row.intent for row in raws(lines(tmp_path, kinds))} == {""}


def test_a_page_that_holds_nothing_more_ends_the_file(tmp_path: Path) -> None:
    pages = [{"tickets": [ticket(*BOTH)], "end_of_stream": False},
             {"tickets": [], "end_of_stream": True}]  # fmt: skip
    path = lines(tmp_path, pages)
    assert pairs(path) == [(ASKED, ANSWERED)]
    assert refused(path) == []


def test_users_and_comments_may_stand_on_lines_of_their_own(tmp_path: Path) -> None:
    bare = {key: value for key, value in ticket().items() if key not in ("comments", "assignee_id")}
    comments = [comment(1, ASKED, ticket_id=5, created_at="2026-01-01T00:00:00Z"),
                comment(3, ANSWERED, id=2, ticket_id=5, created_at="2026-01-01T01:00:00Z"),
                comment(3, "do not tell", id=3, ticket_id=5, public=False)]  # fmt: skip
    users = [{"id": 1, "name": "Jo", "role": "end-user"}, {"id": 3, "name": "Ann", "role": "agent"}]
    for order in (
        [bare, *comments, *users],
        [*users, *comments, bare],
        [bare, {"comments": comments}, *users],
    ):
        path = lines(tmp_path, order)
        assert pairs(path) == [(ASKED, ANSWERED)]
        assert refused(path) == []
    wrapped = ticket() | {"comments": {"comments": [*BOTH], "count": 2}}
    assert pairs(written(tmp_path, wrapped)) == [(ASKED, ANSWERED)]


def test_who_ends_another_s_ticket_is_an_agent(tmp_path: Path) -> None:
    """Ticket events name no users, and not always whom a ticket is assigned to."""

    def event(author: int, at: str, *children: dict[str, Any]) -> dict[str, Any]:
        return {"id": author, "ticket_id": 5, "created_at": f"2026-09-08T{at}:00Z",
                "updater_id": author, "event_type": "Audit",
                "child_events": [*children]}  # fmt: skip

    def said(author: int, body: str) -> dict[str, Any]:
        return {"event_type": "Comment", "author_id": author, "body": body, "public": True}

    events = [
        event(1, "08:00", said(1, ASKED), {"event_type": "Create", "requester_id": 1}),
        event(
            3,
            "08:10",
            said(3, "I am another who reads along."),
            {"event_type": "Change", "status": "pending", "via": {"channel": "rule"}},
        ),
        event(2, "09:00", said(2, ANSWERED)),
        event(2, "10:00", {"event_type": "Change", "status": "solved", "previous_value": "open"}),
    ]
    [row] = raws(written(tmp_path, {"ticket_events": events, "end_of_stream": True}))
    assert (row.question, row.reply) == (ASKED, ANSWERED)
    assert row.closed_at == "2026-09-08T10:00:00Z"


def test_where_nobody_is_assigned_those_who_answer_others_are_agents(tmp_path: Path) -> None:
    """Neither users nor assignees; 8 is in copy, 9 is another customer who wrote once beside 2."""

    def asked(number: int, requester: int, *comments: dict[str, Any], **more: object) -> Any:
        return ticket(comment(requester, ASKED), *comments, id=number, requester_id=requester,
                      assignee_id=None) | more  # fmt: skip

    answer = comment(2, ANSWERED)
    tickets = [
        asked(5, 1, answer),
        asked(6, 3, answer, comment(9, "I have that too.")),
        asked(7, 4, comment(8, "Me too."), answer, collaborator_ids=[8]),
        asked(8, 10, comment(11, "We look into it.")),
    ]
    assert pairs(written(tmp_path, {"tickets": tickets})) == [
        (ASKED, ANSWERED), (ASKED, ANSWERED), (ASKED, ANSWERED), (ASKED, "We look into it.")
    ]  # fmt: skip
    tickets[0]["assignee_id"] = 2
    assert [row.reply for row in raws(written(tmp_path, {"tickets": tickets}))][3] == ""


@pytest.mark.parametrize(
    ("score", "asked", "csat"),
    [("offered", "yes", ""), ("unoffered", "no", ""), ("good", "", "good"), (None, "", "")],
)
def test_who_was_asked_for_a_rating_stands_in_its_place(
    tmp_path: Path, score: str | None, asked: str, csat: str
) -> None:
    """https://developer.zendesk.com/api-reference/ticketing/ticket-management/satisfaction_ratings"""
    [row] = raws(written(tmp_path, ticket(*BOTH, satisfaction_rating={"score": score})))
    assert (row.csat_asked, row.csat) == (asked, csat)


def test_the_first_reply_is_told_in_minutes(tmp_path: Path) -> None:
    """https://developer.zendesk.com/api-reference/ticketing/tickets/ticket_metrics"""
    metrics = {"reply_time_in_minutes": {"calendar": 2290, "business": 637}}
    [row] = raws(written(tmp_path, ticket(*BOTH, metric_set=metrics)))
    assert (row.first_touch_minutes, row.first_touch_at) == ("2290", "")
    waiting = {"reply_time_in_minutes": {"calendar": None, "business": None}}
    dated = (BOTH[0], BOTH[1] | {"created_at": "2026-03-02T10:00:00Z"})
    [row] = raws(written(tmp_path, ticket(*dated, metric_set=waiting)))
    assert (row.first_touch_minutes, row.first_touch_at) == ("", "2026-03-02T10:00:00Z")
