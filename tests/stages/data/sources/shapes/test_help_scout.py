"""Help Scout: the structures of its reference, types and states of threads, their order."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from stages.data.sources.shapes.exported import pairs, raws, refused, shape_of, written

ASKED, ANSWERED = "Where is my parcel now?", "It left our house this morning."
JO, ANN = {"id": 1, "type": "customer", "first": "Jo"}, {"id": 2, "type": "user", "first": "Ann"}


def thread(kind: str, body: str, by: object, **more: object) -> dict[str, Any]:
    return {"id": 3, "type": kind, "state": "published", "body": body, "createdBy": by,
            "source": {"type": "email", "via": "user"}} | more  # fmt: skip


def conversation(*threads: dict[str, Any], **more: object) -> dict[str, Any]:
    return {"id": 8, "type": "email", "status": "closed", "state": "published",
            "subject": "Parcel", "primaryCustomer": JO, "mailboxId": 85,
            "_embedded": {"threads": [*threads]}} | more  # fmt: skip


def test_the_reference_s_list_of_threads(tmp_path: Path) -> None:
    """As the reference lists the threads of a conversation, newest first."""
    shown = {
        "id": 1234, "type": "customer", "status": "active", "state": "published",
        "action": {"type": "manual-workflow", "text": "You ran the Assign to Spam workflow",
                   "associatedEntities": {}},
        "body": "this is what i have to say: I love your service.",
        "source": {"type": "email", "via": "customer"},
        "customer": {"id": 29418, "first": "Vernon", "last": "Bear", "email": "vbear@work.example"},
        "createdBy": {"id": 29418, "type": "customer", "first": "Vernon", "last": "Bear"},
        "assignedTo": {"id": 1234, "type": "team", "first": "Jack", "last": "Sprout"},
        "savedReplyId": 10, "to": ["to1@somewhere.example"], "cc": [], "bcc": [],
        "createdAt": "2017-04-21T12:34:12Z", "_embedded": {"attachments": []},
    }  # fmt: skip
    answer = shown | {"type": "message", "body": ANSWERED, "createdAt": "2017-04-21T13:00:00Z",
                      "createdBy": {"id": 1234, "type": "user", "first": "Jack"}}  # fmt: skip
    href = "https://api.helpscout.example/v2/conversations/123/threads/"
    page = {"_embedded": {"threads": [answer, shown]}, "_links": {"self": {"href": href}},
            "page": {"size": 25, "totalElements": 2, "totalPages": 1, "number": 1}}  # fmt: skip
    path = written(tmp_path, page)
    assert shape_of(path) == "Help Scout conversations"
    [row] = raws(path)
    assert (row.question, row.reply) == (shown["body"], ANSWERED)
    assert (row.ticket_id, row.customer_id, row.customer_name) == ("123", "29418", "Vernon Bear")


def test_threads_beside_their_conversations_are_of_those_they_name(tmp_path: Path) -> None:
    said = [
        thread(kind, body, by, conversationId=number)
        for number in (8, 9)
        for kind, body, by in (("customer", f"{ASKED} {number}", JO), ("message", ANSWERED, ANN))
    ]
    listed = [
        {"id": number, "status": "closed", "subject": "Parcel", "primaryCustomer": JO,
         "mailboxId": 85, "closedAt": "2026-03-01T10:00:00Z"}
        for number in (8, 9)
    ]  # fmt: skip
    path = written(tmp_path, {"conversations": listed, "threads": said})
    assert shape_of(path) == "Help Scout conversations"
    told = [(row.ticket_id, row.question, row.reply, row.closed_at) for row in raws(path)]
    assert told == [
        (str(number), f"{ASKED} {number}", ANSWERED, "2026-03-01T10:00:00Z") for number in (8, 9)
    ]


def test_a_conversation_without_its_threads_counts(tmp_path: Path) -> None:
    """As the reference shows a conversation: `threads` is a count."""
    shown = {"id": 10, "number": 12, "threads": 2, "type": "email", "folderId": 11,
             "status": "closed", "state": "published", "subject": "Help", "preview": "Preview",
             "mailboxId": 13, "createdAt": "2012-03-15T22:46:22Z", "closedBy": 14,
             "closedAt": "2012-03-16T14:07:23Z", "tags": [{"id": 9150, "color": "#929499",
             "tag": "vip"}], "primaryCustomer": {"id": 238604, "type": "customer"}}  # fmt: skip
    [row] = raws(
        written(tmp_path, {"_embedded": {"conversations": [shown]}, "page": {"number": 1}})
    )
    assert (row.ticket_id, row.question, row.closed_at) == ("10", "", "2012-03-16T14:07:23Z")


@pytest.mark.parametrize(
    ("changed", "reply"),
    [
        ({}, ANSWERED),
        ({"type": "reply"}, ANSWERED),
        ({"type": "chat"}, ANSWERED),
        ({"type": "chat", "createdBy": None}, ""),
        ({"type": "note"}, ""),
        ({"type": "phone"}, ""),
        ({"type": "lineitem"}, ""),
        ({"type": "forwardparent"}, ""),
        ({"type": "forwardchild"}, ""),
        ({"type": "brandnew"}, ""),
        ({"state": "draft"}, ""),
        ({"state": "hidden"}, ""),
        ({"state": "underreview"}, ""),
        ({"state": None}, ANSWERED),
        ({"createdBy": {"type": "system_user"}}, ""),
        ({"source": {"type": "workflow"}}, ""),
    ],
)
def test_only_a_published_message_of_a_user_is_a_reply(
    tmp_path: Path, changed: dict[str, Any], reply: str
) -> None:
    shown = conversation(thread("customer", ASKED, JO), thread("message", ANSWERED, ANN) | changed)
    assert [row.reply for row in raws(written(tmp_path, [shown]))] == [reply]


def test_threads_of_one_second_keep_their_order_newest_first(tmp_path: Path) -> None:
    at = "2026-01-01T10:00:00Z"
    shown = conversation(
        thread("message", "A ship took it over.", ANN, createdAt="2026-01-01T10:00:05Z"),
        thread("message", ANSWERED, ANN, createdAt=at),
        thread("customer", ASKED, JO, createdAt=at),
    )
    assert pairs(written(tmp_path, [shown])) == [(ASKED, f"{ANSWERED}\n\nA ship took it over.")]


@pytest.mark.parametrize("mark", [{"status": "spam"}, {"state": "deleted"}])
def test_spam_and_what_was_deleted_is_refused(tmp_path: Path, mark: dict[str, str]) -> None:
    [row] = refused(written(tmp_path, [conversation(thread("customer", ASKED, JO)) | mark]))
    assert ASKED not in row.raw


def test_ratings_are_words_that_are_understood(tmp_path: Path) -> None:
    for given in ({"rating": "Great"}, {"rating": {"rating": "great"}}):
        [row] = raws(written(tmp_path, [conversation(thread("customer", ASKED, JO)) | given]))
        assert row.csat == "great"
