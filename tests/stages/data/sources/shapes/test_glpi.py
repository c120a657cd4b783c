"""GLPI: who asks and who answers by ids alone, and what is said to be public."""

from __future__ import annotations

import csv
import zipfile
from io import StringIO
from pathlib import Path
from typing import Any

import pytest

from northloop.core.conversation import RawTicket
from northloop.stages.data.sources import SourceFile, opened, read
from stages.data.sources.shapes.exported import pairs, raws, refused, shape_of, written

ASKED, ANSWERED = "The printer is dead, what now?", "Please unplug it for a minute."
TICKET: dict[str, Any] = {
    "id": 31, "name": "Printer", "content": ASKED, "users_id_recipient": 7, "urgency": 3,
    "itilcategories_id": 0, "date": "2026-03-02 08:00:00", "closedate": "2026-03-03 08:00:00",
}  # fmt: skip
FOLLOWUP: dict[str, Any] = {
    "id": 1, "itemtype": "Ticket", "items_id": 31, "users_id": 2, "content": ANSWERED,
    "date": "2026-03-02 09:00:00", "is_private": 0,
}  # fmt: skip
SOLUTION = {"id": 9, "itemtype": "Ticket", "items_id": 31, "users_id": 2, "solutiontypes_id": 1,
            "content": "Replaced.", "date_creation": "2026-03-02 10:00:00"}  # fmt: skip
ANNA = {"id": 2, "name": "anna", "realname": "Berg", "firstname": "Anna"}


@pytest.mark.parametrize(
    ("said", "reply"),
    [
        ({}, f"{ANSWERED}\n\nReplaced."),
        ({"is_private": 1}, "Replaced."),
        ({"is_private": None}, "Replaced."),
        ({"itemtype": "Problem"}, "Replaced."),
        ({"users_id": 5}, "Replaced."),
    ],
)
def test_public_followups_of_who_answers_are_replies(
    tmp_path: Path, said: dict[str, Any], reply: str
) -> None:
    beside = [{"id": 1, "tickets_id": 31, "users_id": 5, "type": 3}]
    path = written(
        tmp_path,
        {"Ticket": [TICKET], "ITILFollowup": [FOLLOWUP | said], "ITILSolution": [SOLUTION],
         "Ticket_User": beside},
    )  # fmt: skip
    assert shape_of(path) == "GLPI tickets"
    assert [row.reply for row in raws(path)] == [reply]


def test_who_recorded_a_ticket_for_another_does_not_ask(tmp_path: Path) -> None:
    people = [{"id": 1, "tickets_id": 31, "users_id": 8, "type": 1},
              {"id": 2, "tickets_id": 31, "users_id": 7, "type": 2}]  # fmt: skip
    said = [FOLLOWUP | {"users_id": 7}, FOLLOWUP | {"users_id": 8, "content": "Now it is on."}]
    document = {"Ticket": [TICKET], "ITILFollowup": said, "Ticket_User": people}
    assert pairs(written(tmp_path, document))[0] == (ASKED, ANSWERED)


def test_tables_of_its_database_in_an_archive(tmp_path: Path) -> None:
    tables = {"glpi_tickets": [TICKET], "glpi_itilfollowups": [FOLLOWUP],
              "glpi_users": [ANNA]}  # fmt: skip
    path = tmp_path / "export.zip"
    with zipfile.ZipFile(path, "w") as packed:
        for name, rows in tables.items():
            file = StringIO()
            writer = csv.DictWriter(file, [*rows[0]])
            writer.writeheader()
            writer.writerows(rows)
            packed.writestr(f"{name}.csv", file.getvalue())
    sources = [SourceFile(p.path, member=p.member) for p in opened(path).places]
    learnt = [t for s in sources for t in read(s) if isinstance(t, RawTicket)]
    assert [(t.question, t.reply, t.agent) for t in learnt] == [(ASKED, ANSWERED, "Anna Berg")]


def test_markup_is_kept_with_its_brackets_as_entities(tmp_path: Path) -> None:
    asked = TICKET | {"content": "&#60;p&#62;It is &lt;b&gt;dead&lt;/b&gt;.&#60;/p&#62;"}
    path = written(tmp_path, {"Ticket": [asked], "ITILFollowup": [FOLLOWUP]})
    assert [row.question for row in raws(path)] == ["<p>It is <b>dead</b>.</p>"]


def test_followups_without_their_ticket_are_refused(tmp_path: Path) -> None:
    path = written(tmp_path, {"Ticket": [TICKET], "ITILFollowup": [FOLLOWUP | {"items_id": 99}]})
    assert "does not" in refused(path)[0].reason
    assert ANSWERED not in str(refused(path))


def test_a_survey_asks_whether_it_is_answered_or_not(tmp_path: Path) -> None:
    survey = {"id": 1, "tickets_id": 31, "date_begin": "2026-03-03", "satisfaction": None}
    for rated, csat in ((survey, ""), (survey | {"satisfaction": 4}, "4")):
        shown = {"Ticket": [TICKET], "ITILFollowup": [FOLLOWUP], "TicketSatisfaction": [rated]}
        [row] = raws(written(tmp_path, shown))
        assert (row.csat_asked, row.csat) == ("yes", csat)
    [row] = raws(written(tmp_path, {"Ticket": [TICKET], "ITILFollowup": [FOLLOWUP]}))
    assert row.csat_asked == ""
