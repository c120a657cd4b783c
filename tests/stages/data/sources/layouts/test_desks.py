"""Exports of help desks that no shape is known of, as their programs write them, and small."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterator
from io import StringIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest

from northloop.core.conversation import RawTicket
from northloop.stages.data.sources import SourceFile, layout, read

Turn = tuple[str, str]
TALKS: list[list[Turn]] = [
    [("c", "The zipper of my jacket came apart. Can you repair it?"),
     ("n", "Third jacket of this batch, the supplier knows of it."),
     ("a", "Please send it to our workshop with the label in your account."),
     ("c", "Do I have to pay for the parcel?"),
     ("a", "No, the label covers it.")],
    [("c", "How do I get an invoice with the new VAT number?"),
     ("a", "Change it under Billing and press Reissue."),
     ("n", "Finance waits for June, ask Marek.")],
    [("c", "The thermostat does not find my network, what can I do?"),
     ("r", "We have received your request and will get back to you."),
     ("a", "It speaks 2.4 GHz alone: switch the other band off for a moment.")],
    [("c", "Where do I cancel the yearly plan?"),
     ("n", "A reseller, tell sales."),
     ("a", "Under Profile, Subscription: choose Do not renew.")],
    [("c", "Is the gift card valid in this shop?"),
     ("a", "It is, with prices in francs."),
     ("c", "Does it work in the app as well?"),
     ("a", "It does, under Wallet.")],
]  # fmt: skip
"""Turns of customers, agents, notes among agents, and receipts."""
LEARNT = [
    ("The zipper of my jacket came apart. Can you repair it?",
     "Please send it to our workshop with the label in your account."),
    ("Do I have to pay for the parcel?", "No, the label covers it."),
    ("How do I get an invoice with the new VAT number?",
     "Change it under Billing and press Reissue."),
    ("The thermostat does not find my network, what can I do?",
     "It speaks 2.4 GHz alone: switch the other band off for a moment."),
    ("Where do I cancel the yearly plan?", "Under Profile, Subscription: choose Do not renew."),
    ("Is the gift card valid in this shop?", "It is, with prices in francs."),
    ("Does it work in the app as well?", "It does, under Wallet."),
]  # fmt: skip
CUSTOMERS = ("Mia Thornton", "Oskar Lind", "Priya Raman", "Amara Okafor", "Samuel Boateng")
AGENTS = ("Nora Berg", "Ben Sauer")


def at(talk: int, turn: int) -> str:
    return f"2025-03-{talk + 3:02}T09:{turn:02}:00Z"


def who(talk: int, side: str) -> str:
    return {"c": CUSTOMERS[talk], "r": "System"}.get(side, AGENTS[talk % 2])


def learnt(source: SourceFile) -> list[tuple[str, str]]:
    said = [one for one in read(source) if isinstance(one, RawTicket)]
    return [(one.question, one.reply) for one in said if one.question and one.reply]


def written(folder: Path, value: object) -> SourceFile:
    file = folder / "export.json"
    file.write_text(json.dumps(value))
    return SourceFile(file)


def beside(
    opening: str, into: str, message: Callable[[int, int, str, str], dict[str, Any]], **case: Any
) -> Iterator[dict[str, Any]]:
    """Yield cases with the first message in a column of their own."""
    for talk, turns in enumerate(TALKS):
        yield {
            "id": 1001 + talk,
            "summary": f"Case {talk}",
            opening: turns[0][1],
            **{key: told(talk) if callable(told) else told for key, told in case.items()},
            into: [message(talk, n, *turn) for n, turn in enumerate(turns) if n],
        }


def test_sides_by_numbers_where_the_opening_stands_beside_the_list(tmp_path: Path) -> None:
    """As HaloPSA writes actions: `details` opens, and `who_type` is 0 of users, 1 of agents."""
    cases = beside(
        "details",
        "actions",
        lambda talk, n, side, text: {
            "id": n, "outcome": "Private Note" if side == "n" else "Email",
            "who": who(talk, side), "who_type": 0 if side == "c" else 1,
            "datetime": at(talk, n), "note": text, "hiddenfromuser": side == "n",
        },
        user_name=lambda talk: CUSTOMERS[talk],
    )  # fmt: skip
    assert learnt(written(tmp_path, {"tickets": [*cases]})) == LEARNT


@pytest.mark.parametrize("nobody", [0, -1, None, ""])
def test_what_nobody_wrote_is_no_customer_s_where_cases_name_who_asked(
    tmp_path: Path, nobody: object
) -> None:
    """As Spiceworks writes comments: of the system's `created_by` names nobody."""
    people = {"c": lambda talk: 7000 + talk, "r": lambda _: nobody}
    cases = beside(
        "description",
        "Comments",
        lambda talk, n, side, text: {
            "id": n, "body": text, "created_at": at(talk, n), "is_public": side != "n",
            "created_by": people.get(side, lambda talk: 9000 + talk % 2)(talk),
        },
        created_by=lambda talk: 7000 + talk,
    )  # fmt: skip
    source = written(tmp_path, {"tickets": [*cases]})
    assert layout(source).agents == ("9000", "9001")
    assert learnt(source) == LEARNT


def test_texts_under_a_name_of_their_own_beside_a_subject(tmp_path: Path) -> None:
    """As Front exports messages: both `Subject` and `Extract` hold words, and one is the case's."""
    file = tmp_path / "messages.csv"
    head = ("Message ID", "Conversation ID", "Direction", "Author", "Message date", "Subject",
            "Extract")  # fmt: skip
    rows = [
        (f"msg_{talk}{n}", f"cnv_{talk}", "Inbound" if side == "c" else "Outbound",
         "" if side == "c" else who(talk, side), at(talk, n),
         f"A question about the order {talk}", text)
        for talk, turns in enumerate(TALKS)
        for n, (side, text) in enumerate(turns)
        if side != "n"
    ]  # fmt: skip
    with file.open("w", newline="") as into:
        csv.writer(into).writerows([head, *rows])
    assert learnt(SourceFile(file)) == LEARNT


@pytest.mark.parametrize("third", ["EMAIL", "FORWARDED_EMAIL"])
def test_what_goes_out_is_called_by_a_word_less_than_what_comes_in(
    tmp_path: Path, third: str
) -> None:
    """As HubSpot exports e-mails; whom they are assigned to tells who wrote, and no notes."""
    directions = {"c": "INCOMING_EMAIL", "n": third}
    tickets = [{"Ticket ID": 1001 + talk, "Ticket name": f"Case {talk}"} for talk in range(5)]
    emails = [
        {"Record ID": 10 * talk + n, "Activity date": at(talk, n),
         "Email direction": directions.get(side, "EMAIL"), "Email subject": f"About order {talk}",
         "Email body": text, "Activity assigned to": "" if side == "c" else AGENTS[talk % 2],
         "Associated Ticket IDs": 1001 + talk}
        for talk, turns in enumerate(TALKS)
        for n, (side, text) in enumerate(turns)
        if side != "n" or third != "EMAIL"
    ]  # fmt: skip
    file = tmp_path / "hubspot.zip"
    with ZipFile(file, "w") as archive:
        for name, rows in (("all-tickets-2026-01-05", tickets), ("emails", emails)):
            text = StringIO()
            table = csv.DictWriter(text, rows[0])
            table.writeheader()
            table.writerows(rows)
            archive.writestr(f"hubspot-crm-exports-{name}.csv", text.getvalue())
    assert learnt(SourceFile(file, member="*")) == LEARNT


def test_members_answer_contacts_in_notes_of_which_some_are_internal(tmp_path: Path) -> None:
    """As ConnectWise writes the notes of a ticket: each has a member or a contact."""
    tickets = [
        {"id": 1001 + talk, "summary": f"Case {talk}",
         "notes": [
             {"id": n, "text": text, "internalAnalysisFlag": side == "n",
              "detailDescriptionFlag": side != "n", "dateCreated": at(talk, n),
              **({"contact": {"id": talk, "name": who(talk, "c")}} if side == "c" else
                 {"member": {"id": 90 + talk % 2, "name": who(talk, side)}})}
             for n, (side, text) in enumerate(turns)]}
        for talk, turns in enumerate(TALKS)
    ]  # fmt: skip
    assert learnt(written(tmp_path, tickets)) == LEARNT


@pytest.mark.parametrize("agents", [AGENTS, ("Anna", "Bert")])
def test_a_column_of_names_in_a_language_that_nobody_knows_marks_no_notes(
    tmp_path: Path, agents: tuple[str, str]
) -> None:
    """Half of the answers have one of two names in it, and no customer's message has."""
    file = tmp_path / "rows.csv"
    rows = [
        (talk, at(talk, n), "customer" if side == "c" else "agent",
         CUSTOMERS[talk] if side == "c" else agents[talk % 2], text)
        for talk, turns in enumerate(TALKS)
        for n, (side, text) in enumerate(turns)
        if side in "ca"
    ]  # fmt: skip
    with file.open("w", newline="") as into:
        csv.writer(into).writerows([("conversation id", "time", "sender", "이름", "text"), *rows])
    assert learnt(SourceFile(file)) == LEARNT


def test_a_negative_number_is_the_id_of_no_person(tmp_path: Path) -> None:
    """As Live Helper Chat writes `user_id`: 0 a visitor, -1 the system, -2 a bot."""
    ids = {"c": 0, "r": -2}
    chats: list[dict[str, Any]] = [
        {"id": 1001 + talk, "nick": CUSTOMERS[talk],
         "messages": [{"id": n, "msg": text, "time": at(talk, n),
                       "user_id": ids.get(side, 4 + talk % 2)}
                      for n, (side, text) in enumerate(turns) if side != "n"]}
        for talk, turns in enumerate(TALKS)
    ]  # fmt: skip
    said = chats[3]["messages"]
    said.insert(1, {"id": 9, "msg": "We are open until six.", "user_id": -2, "time": at(3, 0)})
    assert learnt(written(tmp_path, chats)) == LEARNT


def test_who_belongs_to_a_project_answers_and_programs_do_neither(tmp_path: Path) -> None:
    """As GitHub writes issues: `author_association` is of members, or NONE; a bot has NONE too."""
    issues = [
        {"number": 11 + talk, "title": f"Case {talk}", "body": turns[0][1], "state": "closed",
         "user": {"login": f"jo{talk}", "type": "User"}, "author_association": "NONE",
         "created_at": at(talk, 0),
         "comments": [
             {"id": n, "body": text, "created_at": at(talk, n),
              "user": {"login": f"jo{talk}" if side == "c" else "nora", "type": "User"},
              "author_association": "NONE" if side == "c" else "MEMBER"}
             for n, (side, text) in enumerate(turns) if n and side in "ca"
         ] + [{"id": 9, "body": "It is stale: nobody wrote.", "created_at": at(talk, 59),
               "user": {"login": "stale[bot]", "type": "Bot"}, "author_association": "NONE"}]}
        for talk, turns in enumerate(TALKS)
    ]  # fmt: skip
    source = written(tmp_path, issues)
    assert learnt(source) == LEARNT
    assert not any("stale" in row.question for row in read(source) if isinstance(row, RawTicket))


def test_tables_that_are_called_in_two_words_by_a_point(tmp_path: Path) -> None:
    """As Odoo exports its models: messages name the id of a document of any model."""
    tickets = [
        {"External ID": f"helpdesk_ticket_{talk}", "ID": 1001 + talk, "Subject": f"Case {talk}",
         "Customer": CUSTOMERS[talk], "Assigned to": AGENTS[talk % 2]}
        for talk in range(len(TALKS))
    ]  # fmt: skip
    messages = [
        {"ID": 10 * talk + n, "Date": at(talk, n), "Related Document Model": "helpdesk.ticket",
         "Related Document ID": 1001 + talk, "Author": who(talk, side),
         "Type": "email" if side == "c" else "comment",
         "Subtype": "Note" if side == "n" else "Discussions", "Contents": text}
        for talk, turns in enumerate(TALKS)
        for n, (side, text) in enumerate(turns)
    ]  # fmt: skip
    file = tmp_path / "odoo.zip"
    with ZipFile(file, "w") as archive:
        for name, rows in (("helpdesk.ticket", tickets), ("mail.message", messages)):
            text = StringIO()
            table = csv.DictWriter(text, rows[0])
            table.writeheader()
            table.writerows(rows)
            archive.writestr(f"{name}.csv", text.getvalue())
    assert learnt(SourceFile(file, member="*")) == LEARNT


def test_the_purpose_of_who_takes_part(tmp_path: Path) -> None:
    """As Genesys Cloud calls them: what queues and bots say is nobody's."""
    purposes = {"c": "customer", "a": "agent", "r": "acd"}
    rows = [
        (f"c{talk}", at(talk, n), purposes[side], text)
        for talk, turns in enumerate(TALKS)
        for n, (side, text) in enumerate(turns)
        if side != "n"
    ]
    file = tmp_path / "chats.csv"
    with file.open("w", newline="") as into:
        head = ("Conversation ID", "Message Time", "Purpose", "Message Body")
        csv.writer(into).writerows([head, *rows])
    assert learnt(SourceFile(file)) == LEARNT


def rows_of(
    tmp_path: Path, column: str, told: Callable[[int, str], str], role: str = "sender"
) -> SourceFile:
    """Return a table of all messages with one column more."""
    file = tmp_path / "rows.csv"
    said = [
        (talk, at(talk, n), "customer" if side == "c" else "agent", told(talk, side), text)
        for talk, turns in enumerate(TALKS)
        for n, (side, text) in enumerate(turns)
    ]
    with file.open("w", newline="") as into:
        csv.writer(into).writerows([("conversation id", "time", role, column, "text"), *said])
    return SourceFile(file)


def test_a_direction_that_is_no_answer_s_is_none_beside_one_that_is(tmp_path: Path) -> None:
    """What agents wrote is `OUTBOUND_EMAIL`; what is `EMAIL` nobody sent to a customer."""
    ways = {"c": "INBOUND_EMAIL", "n": "EMAIL"}
    cases = [
        {"id": talk, "subject": f"Case {talk}",
         "messages": [{"id": n, "body": text, "created_at": at(talk, n),
                       "direction": ways.get(side, "OUTBOUND_EMAIL")}
                      for n, (side, text) in enumerate(turns)]}
        for talk, turns in enumerate(TALKS)
    ]  # fmt: skip
    assert learnt(written(tmp_path, cases)) == LEARNT


@pytest.mark.parametrize(
    ("column", "note", "answer"),
    [("message owner", "internal team", "frontline"), ("activity owner", "Backoffice", "Service")],
)
def test_what_is_called_after_agents_marks_notes_where_it_says_so(
    tmp_path: Path, column: str, note: str, answer: str
) -> None:
    source = rows_of(tmp_path, column, lambda _, side: {"n": note, "c": ""}.get(side, answer))
    assert learnt(source) == LEARNT


def test_a_column_of_customers_names_marks_notes_where_it_says_so(tmp_path: Path) -> None:
    """Of answers it says who reads them: 고객 the customer, 내부 the house."""
    said = {"n": "내부", "a": "고객", "r": "고객"}
    source = rows_of(tmp_path, "이름", lambda talk, side: said.get(side, CUSTOMERS[talk]))
    assert learnt(source) == LEARNT


def test_what_says_nothing_of_who_may_read_it_is_read_by_the_house(tmp_path: Path) -> None:
    """`visibility` is `public` in all that customers wrote, and in most of what others did."""
    source = rows_of(tmp_path, "visibility", lambda _, side: "" if side == "n" else "public")
    assert learnt(source) == LEARNT
