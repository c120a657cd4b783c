"""Workbooks: their sheets, their cells, and what people put above and between the rows."""

from __future__ import annotations

from datetime import date, datetime
from io import BytesIO
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import pytest

from bounded import bounded
from northloop.core.conversation import RawTicket
from northloop.core.errors import InputError
from northloop.stages.data.sources import SourceFile, opened, read, workbooks
from northloop.stages.data.sources.places import Place
from stages.data.sources.packed import Formula, workbook

HEAD = ("Ticket ID", "Question", "Answer", "Created")


def _file(folder: Path, body: bytes, name: str = "book.xlsx") -> Path:
    (folder / name).write_bytes(body)
    return folder / name


def test_cells_are_what_they_show(tmp_path: Path) -> None:
    rows = [
        ("text", "number", "share", "yes", "day", "moment", "sum"),
        ("a\nb", 12, 0.5, True, date(2026, 1, 5), datetime(2026, 1, 5, 9, 30),
         Formula('A1&"x"', "saved")),
    ]  # fmt: skip
    found = list(workbooks.rows(Place(_file(tmp_path, workbook({"S": rows})))))
    assert found[1] == [
        "a\nb", "12", "0.5", "true", "2026-01-05", "2026-01-05 09:30:00", "saved",
    ]  # fmt: skip


def test_titles_empty_rows_and_merged_cells_are_no_rows(tmp_path: Path) -> None:
    rows = [
        ("Export of January", None, None, None),
        (),
        HEAD,
        (1, "Where is my order?", "On its way to you.", date(2026, 1, 5)),
        (),
        (2, "Can I return it?", "Within thirty days.", date(2026, 1, 6), "a note beside it"),
        (None, None, None, None),
        (3, "Where are you?", None, None),
    ]
    path = _file(tmp_path, workbook({"S": rows}, merged="A1:D1"))
    found = [row for row in read(SourceFile(path)) if isinstance(row, RawTicket)]
    assert [(r.row, r.ticket_id, r.reply, r.created_at) for r in found] == [
        (1, "1", "On its way to you.", "2026-01-05"),
        (2, "2", "Within thirty days.", "2026-01-06"),
        (3, "3", "", ""),
    ]


def test_a_line_of_several_cells_above_a_wide_header_is_none(tmp_path: Path) -> None:
    rows = [
        ("As of", None, "2026-03-01", None, None),
        (),
        (*HEAD, "Topic"),
        *[(n, "Where is my parcel?", "It comes tomorrow.", "2026-02-03", "x") for n in (1, 2)],
    ]
    found = list(workbooks.rows(Place(_file(tmp_path, workbook({"S": rows})))))
    assert found[0] == [*HEAD, "Topic"]
    assert len(found) == 3


def test_each_sheet_with_rows_is_an_export_of_its_own(tmp_path: Path) -> None:
    sheets = {
        "May": [HEAD, (1, "Where is my order?", "On its way.", "")],
        "Empty": [],
        "June": [HEAD, (2, "Can I return it?", "Within thirty days.", "")],
    }
    found = opened(_file(tmp_path, workbook(sheets)))
    assert [place.label for place in found.places] == ["book.xlsx/May", "book.xlsx/June"]
    (row,) = read(SourceFile(found.places[1].path, sheet="June"))
    assert isinstance(row, RawTicket)
    assert (row.source, row.question) == ("book.xlsx/June", "Can I return it?")
    with pytest.raises(InputError, match="no sheet 'July' any more"):
        list(read(SourceFile(found.places[0].path, sheet="July")))


def test_headers_twice_are_told_apart(tmp_path: Path) -> None:
    rows = [("Question", "Answer", "Answer"), ("Where is my order?", "", "On its way to you.")]
    path = _file(tmp_path, workbook({"S": rows}))
    (row,) = read(SourceFile(path, mapping={"question": "Question", "reply": "Answer#2"}))
    assert isinstance(row, RawTicket)
    assert row.reply == "On its way to you."


def test_a_damaged_or_swollen_workbook_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    body = workbook({"S": [HEAD, (1, "Where is it?", "There it is.", "")]})
    with pytest.raises(InputError) as error:
        list(read(SourceFile(_file(tmp_path, body[:-40]))))
    assert error.value.action
    monkeypatch.setattr(workbooks, "MAX_UNPACKED_BYTES", len(body))
    with pytest.raises(InputError, match="unpacks to"):
        list(read(SourceFile(_file(tmp_path, body))))


def _changed(body: bytes, old: str, new: str) -> bytes:
    """Return a workbook with other words in its first sheet."""
    made = BytesIO()
    with ZipFile(BytesIO(body)) as packed, ZipFile(made, "w", ZIP_DEFLATED) as changed:
        for name in packed.namelist():
            part = packed.read(name).decode()
            if name == "xl/worksheets/sheet1.xml":
                assert old in part
                part = part.replace(old, new)
            changed.writestr(name, part)
    return made.getvalue()


@pytest.mark.parametrize(
    ("stray", "says"),
    [
        (
            '<c r="XFD1048576" t="inlineStr"><is><t>x</t></is></c>',
            "XFD1048576: 1,048,576 rows of 16,384 columns",
        ),
        ("<c s='1' r='zz1000000'><v>1</v></c>", "zz1000000: 1,000,000 rows of 702 columns"),
        ('<c r="XFD1048576" s="1"/>', ""),
        ('<c r="XFD1048576" s="1"></c>', ""),
    ],
)
def test_a_stray_cell_far_from_the_table_is_named(tmp_path: Path, stray: str, says: str) -> None:
    row = f'<row r="1048576">{stray}</row></sheetData>'
    sound = workbook({"S": [HEAD, (1, "Where is it?", "There it is.", "")]})
    path = _file(tmp_path, _changed(sound, "</sheetData>", row))
    with bounded():
        if says:
            with pytest.raises(InputError, match=says) as error:
                opened(path)
            assert "empty rows and columns" in error.value.action
        else:
            assert len(list(read(SourceFile(path)))) == 1


def test_a_broken_sheet_of_a_sound_workbook_is_named(tmp_path: Path) -> None:
    sound = workbook({"Sales": [HEAD, (1, "Where is it?", "There it is.", "")]})
    path = _file(tmp_path, _changed(sound, "There it is.", "There &what; is."))
    with pytest.raises(InputError, match="cannot be read") as error:
        opened(path)
    assert error.value.where == "book.xlsx/Sales"


def test_what_is_merged_downwards_is_of_each_row(tmp_path: Path) -> None:
    rows = [
        ("Ticket", "Subject", "From", "Message"),
        *[
            row
            for n in range(4)
            for row in (
                (n, "Order", "Customer", "Where is my parcel?"),
                (None, None, "Agent", f"It comes on day {n}."),
            )
        ],
    ]
    merged = " ".join(
        f"{column}{2 * n + 2}:{column}{2 * n + 3}" for n in range(4) for column in "AB"
    )
    path = _file(tmp_path, workbook({"S": rows}, merged=merged))
    found = [row for row in read(SourceFile(path)) if isinstance(row, RawTicket)]
    assert [(r.conversation_id, r.subject, r.reply) for r in found][:2] == [
        ("0", "Order", "It comes on day 0."), ("1", "Order", "It comes on day 1."),
    ]  # fmt: skip


@pytest.mark.parametrize("merged", ["A1:A2 B1:C1 D1:E1 F1:G1", ""])
def test_a_header_of_two_lines_is_one(tmp_path: Path, merged: str) -> None:
    rows = [
        ("No", "Customer", None, "Agent", None, "Internal", None),
        (None, "Name", "Message", "Name", "Message", "By", "Comment"),
        *[(n, "Jo", "Where is it?", "Anna", "On its way.", "Ben", "SECRET") for n in (1, 2)],
    ]
    path = _file(tmp_path, workbook({"S": rows}, merged=merged))
    assert next(workbooks.rows(Place(path))) == [
        "No", "Customer Name", "Customer Message", "Agent Name", "Agent Message", "Internal By",
        "Internal Comment",
    ]  # fmt: skip
    found = [row for row in read(SourceFile(path)) if isinstance(row, RawTicket)]
    assert [(r.question, r.reply) for r in found] == [("Where is it?", "On its way.")] * 2
    assert "SECRET" not in str(found)


def test_what_a_date_is_of_may_stand_above_it(tmp_path: Path) -> None:
    rows = [
        ("Cliente", None, "Scambio", None, "Chiusura"),
        ("Nome", "Tema", "Domanda", "Risposta", "Data"),
        *[("Jo", "resi", "Dove trovo la fattura?", "Nel suo conto.", "2026-03-01")] * 2,
    ]
    path = _file(tmp_path, workbook({"S": rows}, merged="A1:B1 C1:D1"))
    found = [row for row in read(SourceFile(path)) if isinstance(row, RawTicket)]
    assert [(r.closed_at, r.created_at) for r in found] == [("2026-03-01", "")] * 2


def test_lines_above_a_header_with_known_names_are_none(tmp_path: Path) -> None:
    rows = [
        ("Support export", "March 2026", None, None),
        ("Exported", "2026-03-01", "by", "Anna"),
        HEAD,
        *[(n, "Where is my parcel?", "It comes tomorrow.", "2026-02-03") for n in (1, 2)],
    ]
    assert next(workbooks.rows(Place(_file(tmp_path, workbook({"S": rows}))))) == [*HEAD]
