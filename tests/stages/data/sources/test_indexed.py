"""A conversation a file, or a sheet, beside a table that tells of each."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from northloop.core.conversation import Quarantined, RawTicket
from northloop.stages.data.sources import SourceFile, opened, read
from northloop.stages.data.sources.contents import NO_FILE, together
from stages.data.sources.packed import workbook

SECRET = "SECRET: he has had two refunds already."
ASKED = [
    ("Mia Roth", "Where is my order? It should have come on Monday.", "It left us this morning."),
    ("Omar Haddad", "Can I return the drill from last week?", "Yes, within thirty days."),
    ("Lena Vogt", "Can you send the invoice again?", "We have sent it to your address."),
    ("Piero Bassi", "The tent leaks, do you repair it?", "We repair seams for free."),
    ("Ida Falk", "Which filter fits the pump P3?", "The filter F30 fits it."),
]
IDS = [str(1001 + n) for n in range(len(ASKED))]
HEAD = ["id", "customer", "date", "subject", "file"]
GERMAN = ["Vorgangsnr", "Kunde", "Datum", "Betreff", "Datei"]
Table = list[list[str]]


def text(table: Sequence[Sequence[str]], delimiter: str = ",") -> str:
    written = io.StringIO()
    csv.writer(written, delimiter=delimiter).writerows(table)
    return written.getvalue()


def index(file: str = "conversations/{}.txt", head: Sequence[str] = HEAD) -> Table:
    told = [
        [name, who, f"2026-03-{n:02}", f"About {n}", file.format(name)][: len(head)]
        for n, (name, (who, _, _)) in enumerate(zip(IDS, ASKED, strict=True), 1)
    ]
    return [[*head], *told]


def said(n: int) -> list[tuple[str, str, str]]:
    who, question, reply = ASKED[n]
    return [
        (who, "customer", question),
        ("Jo Frank", "agent", reply),
        (who, "customer", "Thank you, that is all that I wanted to know."),
    ]


def transcript(n: int) -> str:
    return "".join(f"{side.title()}: {said_}\n" for _, side, said_ in said(n))


def table(n: int, head: Sequence[str] = ("Date", "From", "Message")) -> Table:
    return [[*head], *([f"2026-03-02 10:{n}{k}", w, t] for k, (w, _, t) in enumerate(said(n)))]


def page(n: int) -> str:
    inner = "".join(f"<p><b>{side.title()}:</b> {t}</p>" for _, side, t in said(n))
    return f"<html><head><title>Case</title></head><body><h1>Case</h1>{inner}</body></html>"


def items(n: int) -> str:
    return json.dumps([{"from": side, "text": t} for _, side, t in said(n)])


def pack(folder: Path, files: Mapping[str, str]) -> Path:
    path = folder / "export.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for name, body in files.items():
            archive.writestr(name, body)
    return path


def told(path: Path) -> list[RawTicket | Quarantined]:
    place = opened(path).places[0]
    return [*read(SourceFile(place.path, member=place.member, sheet=place.sheet))]


def cases(path: Path) -> list[tuple[str, str, str, str, str, str]]:
    return [
        (t.ticket_id, t.customer_name, t.created_at, t.subject, t.question, t.reply)
        for t in told(path)
        if isinstance(t, RawTicket) and t.reply
    ]


EXPECTED = [
    (name, who, f"2026-03-{n:02}", f"About {n}", question, reply)
    for n, (name, (who, question, reply)) in enumerate(zip(IDS, ASKED, strict=True), 1)
]
EACH = range(len(ASKED))
ARCHIVES = {
    "text": {
        "index.csv": text(index()),
        **{f"conversations/{IDS[n]}.txt": transcript(n) for n in EACH},
    },
    "German": {
        "a/Liste.csv": text(index("{}.txt", GERMAN), ";"),
        **{
            f"a/Verlauf/{IDS[n]}.txt": "".join(
                f"[10:0{k}] {who}: {said_}\n" for k, (who, _, said_) in enumerate(said(n))
            )
            for n in EACH
        },
    },
    "JSON": {"index.csv": text(index("{}.json")), **{f"{IDS[n]}.json": items(n) for n in EACH}},
    "tables": {
        "cases.csv": text(index("threads\\{}.csv")),
        **{f"threads/{IDS[n]}.csv": text(table(n)) for n in EACH},
    },
    "pages": {
        "index.csv": text(index("./pages/{}.html")),
        **{f"pages/{IDS[n]}.html": page(n) for n in EACH},
    },
    "no column of files": {
        "list.csv": text(index("", ["Case no", "Client", "Created", "Title"])),
        **{f"chats/chat_{IDS[n]}.txt": transcript(n) for n in EACH},
    },
}  # fmt: skip


@pytest.mark.parametrize("name", [*ARCHIVES])
def test_each_row_of_an_index_is_a_conversation_with_its_fields(name: str, tmp_path: Path) -> None:
    path = pack(tmp_path, ARCHIVES[name])
    assert cases(path) == EXPECTED
    assert (len(opened(path).places), opened(path).left_out) == (1, {})


@pytest.mark.parametrize("sheet", ["{}", "Case {}"])
def test_so_is_each_row_of_the_first_sheet_beside_a_sheet_a_case(
    sheet: str, tmp_path: Path
) -> None:
    path = tmp_path / "export.xlsx"
    listed = [
        [int(row[0]) if row[0].isdigit() else row[0], *row[1:]] for row in index("", HEAD[:4])
    ]
    sheets = {sheet.format(IDS[n]): table(n, ("Time", "From", "Message")) for n in EACH}
    path.write_bytes(workbook({"Index": listed, **sheets}))
    assert cases(path) == EXPECTED


def test_files_without_a_row_and_rows_without_a_file_are_said(tmp_path: Path) -> None:
    files = {**ARCHIVES["text"], "conversations/2000.txt": transcript(2)}
    files["index.csv"] += "1099,Nobody,2026-03-09,Lost,conversations/1099.txt\n"
    path = pack(tmp_path, files)
    assert cases(path) == EXPECTED
    (unread,) = [one for one in told(path) if isinstance(one, Quarantined)]
    assert (unread.row, unread.reason) == (6, NO_FILE.format("id"))
    ((name, why),) = opened(path).left_out.items()
    assert name == "export.zip/conversations/2000.txt"
    assert "no row of 'export.zip/index.csv' names it" in why


def test_an_index_of_few_of_the_files_tells_of_none(tmp_path: Path) -> None:
    header, *lines = ARCHIVES["text"]["index.csv"].splitlines(keepends=True)
    path = pack(tmp_path, {**ARCHIVES["text"], "index.csv": "".join([header, *lines[:2]])})
    assert [question for *_, question, _ in cases(path)] == [asked for _, asked, _ in ASKED]
    assert "export.zip/index.csv" in opened(path).left_out


def test_rows_that_name_a_file_twice_are_no_index(tmp_path: Path) -> None:
    files = dict(ARCHIVES["text"])
    files["index.csv"] += files["index.csv"].splitlines()[1]
    assert len(cases(pack(tmp_path, files))) == len(ASKED)
    assert "export.zip/index.csv" in opened(tmp_path / "export.zip").left_out


def test_notes_beside_conversations_are_none(tmp_path: Path) -> None:
    notes = {f"conversations/{name}-notes.txt": f"Agent: {SECRET}\nCustomer: -\n" for name in IDS}
    path = pack(tmp_path, {**ARCHIVES["no column of files"], **notes})
    assert cases(path) == EXPECTED
    assert SECRET not in str(told(path))
    assert {f"export.zip/{name}" for name in notes} == {*opened(path).left_out}


@pytest.mark.parametrize("column", ["Month", "Sheet"])
def test_an_overview_of_sheets_of_cases_is_no_index(column: str, tmp_path: Path) -> None:
    path = tmp_path / "export.xlsx"
    months = {
        month: [["Case", "From", "Role", "Message"]]
        + [[f"{month} {n}", who, side, t] for n in EACH for who, side, t in said(n)]
        for month in ("January", "February", "March")
    }
    path.write_bytes(
        workbook({"Overview": [[column, "Cases"], *([m, 5] for m in months)], **months})
    )
    assert [place.sheet for place in opened(path).places] == [*months]
    assert together(path) is None


def test_days_of_chats_that_a_list_names_are_no_conversation_each(tmp_path: Path) -> None:
    days = {f"2026-03-0{d}.csv": text([["role", "text"], *(
        [side, t] for n in EACH for _, side, t in said(n)
    )]) for d in (1, 2, 3)}  # fmt: skip
    listed = text([["day", "chats", "file"], *([name[:10], "5", name] for name in days)])
    assert together(pack(tmp_path, {"days.csv": listed, **days})) is None
