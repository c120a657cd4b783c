"""Tables in which a case stands above what was said in it."""

from __future__ import annotations

import csv
import json
from collections.abc import Sequence
from pathlib import Path

import pytest

from northloop.core.conversation import Quarantined, RawTicket
from northloop.stages.data.sources import SourceFile, layout, read

HEADER = ["Case Number", "Subject", "Description", "Contact Name", "Case Comments",
          "Case Comment Created By", "Public Case Comment"]  # fmt: skip
ASK, ANSWER, NOTE, MORE, LAST = (
    "Where is the parcel that I ordered?",
    "It comes tomorrow before noon.",
    "SECRET do not tell him that it is lost.",
    "At what time does it come?",
    "Between nine and noon, please be there.",
)
PEOPLE = ["Jo Reed", "Ann Stone", "Uwe Kranz", "Mia Hart"]


def report(folder: Path, *, public: bool = True, sums: bool = False, again: bool = False) -> Path:
    rows = []
    for n, who in enumerate(PEOPLE):
        agent = ("Anna Berg", "Ben Sauer")[n % 2]
        said = [(NOTE, agent, "0"), (ANSWER, agent, "1"), (MORE, who, "1"), (LAST, agent, "1")]
        head = [f"{n + 100}", "Parcel", f"{ASK} {n}", who]
        below = head if again else [""] * 4
        rows += [[*(below if at else head), *one] for at, one in enumerate(said)]
        rows += [["Subtotal", "Count", "4", "", "", "", ""]] if sums else []
    keep = len(HEADER) - (not public)
    return table(folder, [row[:keep] for row in (HEADER, *rows)])


def table(folder: Path, rows: Sequence[Sequence[str]]) -> Path:
    path = folder / "report.csv"
    with path.open("w", newline="") as file:
        csv.writer(file).writerows(rows)
    return path


def pairs(path: Path) -> list[tuple[str, str]]:
    found = list(read(SourceFile(path)))
    assert "SECRET" not in str(found)
    return [(t.question, t.reply) for t in found if isinstance(t, RawTicket)]


@pytest.mark.parametrize(("sums", "again"), [(False, False), (True, False), (False, True)])
def test_comments_below_their_case(tmp_path: Path, sums: bool, again: bool) -> None:
    path = report(tmp_path, sums=sums, again=again)
    expected = [pair for n in range(4) for pair in ((f"{ASK} {n}", ANSWER), (MORE, LAST))]
    assert pairs(path) == expected
    assert layout(SourceFile(path)).mapping["ticket_id"] == "Case Number"


@pytest.mark.parametrize("again", [False, True])
def test_comments_that_nothing_marks_are_not_learnt(tmp_path: Path, again: bool) -> None:
    found = layout(SourceFile(report(tmp_path, public=False, again=again)))
    assert "may be notes among agents" in found.unsure


def test_rows_below_one_that_cannot_be_read_are_of_no_case(tmp_path: Path) -> None:
    path = report(tmp_path)
    lines = path.read_text().splitlines()
    lines[5] += ",too,many"
    path.write_text("\n".join(lines))
    found = list(read(SourceFile(path)))
    assert len([one for one in found if isinstance(one, Quarantined)]) >= 4
    assert [t.question for t in found if isinstance(t, RawTicket)] == [
        text for n in (0, 2, 3) for text in (f"{ASK} {n}", MORE)
    ]


def test_a_mark_that_first_stands_far_below(tmp_path: Path) -> None:
    """The column that marks notes is empty in all rows that tell how the table is grouped."""
    rows = [["No.", "Customer", "Who", "Text", "internal"]]
    for n in range(120):
        rows.append([f"{n}", f"Customer {n}", "Customer", f"{ASK} {n}", ""])
        rows.append(["", "", "Agent", NOTE if n == 110 else ANSWER, "x" if n == 110 else ""])
    found = pairs(table(tmp_path, rows))
    assert found[:2] == [(f"{ASK} 0", ANSWER), (f"{ASK} 1", ANSWER)]


def test_questions_below_what_they_are_about_are_none(tmp_path: Path) -> None:
    rows = [
        ["Topic", "Owner", "Question", "Answer"],
        ["parcels", "Anna", ASK, ANSWER],
        ["", "", MORE, LAST],
        ["bills", "Ben", "Where is my bill of May?", "It is in your account."],
        ["", "", "How can I pay it?", "By card or by transfer."],
    ]
    assert (MORE, LAST) in pairs(table(tmp_path, rows))


def test_comments_are_called_so_in_words_written_as_one(tmp_path: Path) -> None:
    rows = [["Vorgangsnummer", "Beschreibung", "Kontaktname", "Vorgangskommentare", "Autor"]]
    for n, who in enumerate(PEOPLE):
        rows += [[f"{n}", f"{ASK} {n}", who, NOTE, "Anna"], ["", "", "", ANSWER, "Anna"]]
        rows += [["", "", "", MORE, who], ["", "", "", LAST, "Anna"]]
    found = layout(SourceFile(table(tmp_path, rows), agents=("Anna",)))
    assert "comments" in found.lists


THREADS = ["Thread Entry Type", "Thread Account", "Thread Date", "Thread Text"]
WORK = ["Work Info Type", "View Access", "Work Info Submitter", "Work Info Notes"]


def test_columns_that_are_called_alike_are_of_what_was_said(tmp_path: Path) -> None:
    """Oracle's report of threads: what its rules sent is nobody's."""
    rows = [["Reference #", "Contact Name", "Date Closed", *THREADS]]
    for n, who in enumerate(PEOPLE):
        agent, case = ("Anna Berg", "Ben Sauer")[n % 2], (f"2509-{n}", who, "03/06/2026")
        said = [("Customer Entry", "", ASK), ("Rule Response", "", "We read your mail soon."),
                ("Private Note", agent, NOTE), ("Response", agent, ANSWER),
                ("Customer Entry", "", MORE), ("Response", agent, LAST)]  # fmt: skip
        rows += [[*case, kind, by, f"03/05/2026 0{at}:00 AM", text]
                 for at, (kind, by, text) in enumerate(said, 1)]  # fmt: skip
    path = table(tmp_path, rows)
    assert pairs(path) == [pair for _ in PEOPLE for pair in ((ASK, ANSWER), (MORE, LAST))]
    assert layout(SourceFile(path)).mapping["messages.text"] == "Text"


def test_a_log_of_work_is_told_by_who_asked_and_who_may_read(tmp_path: Path) -> None:
    """BMC's incidents with their work log, its heading as BMC spells it."""
    rows = [["Incident ID*+", "Customer", "Detailed Decription", "Reported Date+", *WORK]]
    for n, who in enumerate(PEOPLE):
        agent = ("Anna Berg", "Ben Sauer")[n % 2]
        for kind, access, by, text in (
            ("General Information", "Internal", agent, NOTE),
            ("Customer Communication", "Public", agent, ANSWER),
            ("Customer Follow-up", "Public", who, MORE),
            ("Customer Communication", "Public", agent, LAST),
        ):
            rows.append([f"INC{n}", who, f"{ASK} {n}", "2026-03-05", kind, access, by, text])
    found = pairs(table(tmp_path, rows))
    assert found == [pair for n in range(4) for pair in ((f"{ASK} {n}", ANSWER), (MORE, LAST))]


def test_the_type_of_a_case_is_no_mark_of_its_comments(tmp_path: Path) -> None:
    path = report(tmp_path, again=True)
    rows = [*csv.reader(path.read_text().splitlines())]
    typed = [[*row, "Account" if row[0] in ("100", "103") else "Delivery"] for row in rows[1:]]
    typed = [row for row in typed if row[0] not in ("100", "103") or row[4] in (ANSWER, NOTE)]
    found = pairs(table(tmp_path, [[*HEADER, "Type"], *typed]))
    assert [reply for question, reply in found if question in (f"{ASK} 0", f"{ASK} 3")] == [
        ANSWER,
        ANSWER,
    ]


def test_the_time_of_a_case_is_no_message_s(tmp_path: Path) -> None:
    """Events, newest first, repeat their case with the time at which it was opened."""
    said = [
        {
            "kind": "event",
            "conversation": {"id": f"c{n}", "created_at": f"2026-03-{n + 1:02}T08:00:00Z"},
            "target": {
                "text": text,
                "is_inbound": at % 2 == 0,
                "created_at": f"{day}T1{at}:00:00Z",
            },
        }
        for n, day in enumerate(f"2026-03-{n + 1:02}" for n in range(6))
        for at, text in enumerate((f"{ASK} {n}", ANSWER, f"{MORE} {n}", LAST))
    ]
    path = tmp_path / "events.json"
    path.write_text(json.dumps(said[::-1]))
    assert layout(SourceFile(path)).mapping["messages.at"] == "target.created_at"
    assert set(pairs(path)) == {
        pair for n in range(6) for pair in ((f"{ASK} {n}", ANSWER), (f"{MORE} {n}", LAST))
    }
