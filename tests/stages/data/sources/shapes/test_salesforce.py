"""Salesforce: queries with subqueries, who wrote a comment, and mails to somebody else."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from stages.data.sources.shapes.exported import lines, pairs, raws, refused, shape_of, written

ASKED, ANSWERED = "Where is my parcel now?", "It left our house this morning."
DESK, JO = "help@desk.example", "jo@mail.example"


def mail(body: str, incoming: object = False, **more: object) -> dict[str, Any]:
    ends = (JO, DESK) if incoming else (DESK, JO)
    return {"Incoming": incoming, "TextBody": body, "HtmlBody": None, "FromAddress": ends[0],
            "ToAddress": ends[1], "Status": "3", "ParentId": "500X"} | more  # fmt: skip


def comment(body: str, **more: object) -> dict[str, Any]:
    return {
        "CommentBody": body,
        "IsPublished": True,
        "ParentId": "500X",
        "CreatedById": "005A",
    } | more


def case(mails: Any = None, comments: Any = None, **more: object) -> dict[str, Any]:
    return {"attributes": {"type": "Case"}, "Id": "500X", "CaseNumber": "0001", "Origin": "Web",
            "EmailMessages": mails, "CaseComments": comments} | more  # fmt: skip


def result(*records: dict[str, Any]) -> dict[str, Any]:
    return {"totalSize": len(records), "done": True, "records": [*records]}


def test_a_query_with_subqueries_one_of_them_empty(tmp_path: Path) -> None:
    shown = result(case(result(mail(ASKED, True), mail(ANSWERED)), None), case(Id="500Y"))
    path = written(tmp_path, shown)
    assert shape_of(path) == "Salesforce cases"
    assert [(r.question, r.reply) for r in raws(path)] == [(ASKED, ANSWERED), ("", "")]


@pytest.mark.parametrize(
    "document",
    [
        case([mail(ASKED, True), mail(ANSWERED)]),
        [case(result(mail(ASKED, True), mail(ANSWERED)))],
        {"Case": {"Id": "500X"}, "EmailMessages": result(mail(ASKED, True), mail(ANSWERED))},
        {"Cases": [{"Id": "500X"}], "EmailMessage": [mail(ASKED, True), mail(ANSWERED)]},
        [{"Id": "500X", "CaseNumber": "1", "Origin": "Web", "CreatedDate": None},
         {"attributes": {"type": "EmailMessage"}, **mail(ASKED, True)}, mail(ANSWERED)],
    ],
)  # fmt: skip
def test_messages_find_their_case_wherever_they_stand(tmp_path: Path, document: Any) -> None:
    assert pairs(written(tmp_path, document)) == [(ASKED, ANSWERED)]


def test_messages_without_their_case_are_refused(tmp_path: Path) -> None:
    [row] = refused(lines(tmp_path, [mail(ASKED, True), mail(ANSWERED)]))
    assert row.reason == "the case of its messages is not in the file"
    assert ASKED not in row.raw


@pytest.mark.parametrize(
    ("changed", "reply"),
    [
        ({}, ANSWERED),
        ({"Incoming": "false"}, ANSWERED),
        ({"Status": "5"}, ""),
        ({"Status": "Draft"}, ""),
        ({"IsExternallyVisible": False}, ""),
        ({"IsPrivateDraft": True}, ""),
        ({"IsDeleted": True}, ""),
        ({"ToAddress": "parts@maker.example"}, ""),
        ({"ToAddress": f"parts@maker.example; {JO.upper()}"}, ANSWERED),
        ({"ToAddress": "parts@maker.example", "CcAddress": JO}, ANSWERED),
        ({"Incoming": None}, ""),
    ],
)
def test_only_a_mail_that_went_to_the_customer_is_a_reply(
    tmp_path: Path, changed: dict[str, Any], reply: str
) -> None:
    path = written(tmp_path, [case([mail(ASKED, True), mail(ANSWERED) | changed])])
    assert [row.reply for row in raws(path)] == [reply]


def test_what_somebody_else_answered_is_private_too(tmp_path: Path) -> None:
    maker = "parts@maker.example"
    shown = case([
        mail(ASKED, True, MessageDate="2026-01-01T00:00:00.000+0000"),
        mail("Any parts?", ToAddress=maker, MessageDate="2026-01-02T00:00:00.000+0000"),
        mail("None, tell him nothing.", True, FromAddress=f"Parts <{maker}>",
             MessageDate="2026-01-03T00:00:00.000+0000"),
        mail(ANSWERED, MessageDate="2026-01-04T00:00:00.000+0000"),
    ])  # fmt: skip
    assert pairs(written(tmp_path, [shown])) == [(ASKED, ANSWERED)]


@pytest.mark.parametrize(
    ("changed", "reply"),
    [
        ({}, ANSWERED),
        ({"IsPublished": False}, ""),
        ({"IsPublished": None}, ""),
        ({"IsInternal": True}, ""),
        ({"CreatedBy": {"Name": "Ann", "UserType": "Standard"}}, ANSWERED),
        ({"CreatedBy": {"Name": "Jo", "UserType": "CspLitePortal"}}, ""),
        ({"CreatedBy": {"Name": "Jo Roe"}}, ""),
        ({"CreatedBy": {"UserType": "AutomatedProcess"}}, ""),
        ({"CreatedById": "005OPENED"}, ""),
    ],
)
def test_a_published_comment_of_an_agent_is_a_reply(
    tmp_path: Path, changed: dict[str, Any], reply: str
) -> None:
    shown = case(None, [comment(ANSWERED) | changed], Description=ASKED, Contact={"Name": "Jo Roe"},
                 CreatedById="005OPENED")  # fmt: skip
    [row] = raws(written(tmp_path, [shown]))
    assert row.reply == reply
    assert ASKED in row.question


def test_the_mail_that_opened_a_case_is_not_said_twice(tmp_path: Path) -> None:
    first = mail(f"{ASKED}\n\nJo\n\nref:!00D7F1.!5007F2:ref", True)
    shown = case([first, mail(ANSWERED)], Description=f"{ASKED}\r\n\r\nJo")
    [row] = raws(written(tmp_path, [shown]))
    assert row.question == f"{ASKED}\n\nJo"


def test_fields_of_ones_own_are_told_by_their_names(tmp_path: Path) -> None:
    own = {"Contact_Reason__c": "Delivery", "CSAT__c": 2, "Handle_Time_Seconds__c": 90,
           "Reopened__c": True, "Internal_Note__c": "do not tell him"}  # fmt: skip
    [row] = raws(written(tmp_path, [case([mail(ASKED, True), mail(ANSWERED)], **own)]))
    told = (row.intent, row.csat, row.handling_minutes, row.reopened)
    assert told == ("Delivery", "2", "90 s", "true")
    assert "do not tell" not in str(row)


def test_a_case_that_is_open_is_not_closed_and_a_queue_is_no_agent(tmp_path: Path) -> None:
    shown = case([mail(ASKED, True)], IsClosed=False, ClosedDate="2026-01-01T00:00:00Z",
                 Owner={"attributes": {"type": "Group"}, "Name": "Queue"}, Reason="Delivery",
                 Type="Problem")  # fmt: skip
    [row] = raws(written(tmp_path, [shown]))
    assert (row.closed_at, row.agent, row.intent) == ("", "", "Delivery")


@pytest.mark.parametrize(
    ("name", "at"), [("First Response", "2026-03-02T09:00:00Z"), ("Close", "")]
)
def test_a_milestone_says_when_it_was_first_answered(tmp_path: Path, name: str, at: str) -> None:
    """https://developer.salesforce.com/docs/platform/object-reference, CaseMilestone"""
    done = {"MilestoneType": {"Name": name}, "CompletionDate": "2026-03-02T09:00:00Z"}
    shown = case(result(mail(ASKED, True), mail(ANSWERED)), CaseMilestones=result(done))
    [row] = raws(written(tmp_path, shown))
    assert row.first_touch_at == at


def test_a_field_of_the_company_s_own_says_it_too(tmp_path: Path) -> None:
    mails = result(mail(ASKED, True), mail(ANSWERED))
    shown = case(mails, First_Response__c="2026-03-02T09:00:00Z", Survey_Sent__c="true")
    [row] = raws(written(tmp_path, shown))
    assert (row.first_touch_at, row.csat_asked) == ("2026-03-02T09:00:00Z", "true")
