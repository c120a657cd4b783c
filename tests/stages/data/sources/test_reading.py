"""Whole files: what is read, what is quarantined, what is refused."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from northloop.core.conversation import Quarantined, RawTicket
from northloop.core.errors import InputError
from northloop.stages.data.sources import SourceFile, detect, read

HEADER = "id,question,reply,created_at\n"


def _file(folder: Path, text: str | bytes, name: str = "export.csv") -> Path:
    path = folder / name
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


def test_rows_come_in_order_with_their_numbers(tmp_path: Path) -> None:
    path = _file(
        tmp_path, HEADER + '1,"Where is\nmy order?",Soon,2025-03-04\n2,Help me please,ok,\n'
    )
    rows = list(read(SourceFile(path)))
    assert [(r.source, r.row) for r in rows] == [("export.csv", 1), ("export.csv", 2)]
    assert isinstance(rows[0], RawTicket)
    assert rows[0].question == "Where is\nmy order?"
    assert rows[0].ticket_id == "1"


@pytest.mark.parametrize("mark", ["", "\ufeff", "sep=;\n"], ids=["plain", "marked", "declared"])
def test_titles_above_the_header_are_no_rows(tmp_path: Path, mark: str) -> None:
    above = "Supportexport Februar 2026;;;\n\nErstellt:;01.03.2026;;\n\n"
    table = "Nummer;Anfrage;Antwort;Geschlossen am\n" + "".join(
        f'{n};"Wo ist Paket {n};\nbitte?";Es kommt morgen.;03.02.2026\n' for n in range(30)
    )
    rows = list(read(SourceFile(_file(tmp_path, mark + above + table))))
    assert [r.row for r in rows] == list(range(1, 31))
    assert isinstance(rows[4], RawTicket)
    assert rows[4].question == "Wo ist Paket 4;\nbitte?"
    assert rows[4].closed_at == "03.02.2026"


def test_bad_rows_are_quarantined_and_the_others_read(tmp_path: Path) -> None:
    text = (
        HEADER
        + "1,Where is my order?,Soon,2025-03-04\n"
        + "2,too,few\n"
        + '3,"an open quote,x,y\n'
        + f"4,{'x' * 100_001},r,\n"
        + "5,I want my money back,ok,\n"
    )
    rows = list(read(SourceFile(_file(tmp_path, text))))
    assert [type(r) for r in rows] == [RawTicket, Quarantined, Quarantined, Quarantined, RawTicket]
    reasons = [r.reason for r in rows if isinstance(r, Quarantined)]
    assert reasons == [
        "3 cells where the header has 4",
        "a quote is opened and never closed",
        "a cell is over the limit of 100000 characters",
    ]
    long = rows[3]
    assert isinstance(long, Quarantined)
    assert long.raw.endswith("more characters]")
    assert len(long.raw) < 2_100


def test_repeated_and_empty_headers_get_names_of_their_own(tmp_path: Path) -> None:
    path = _file(tmp_path, "question,note,note,\nWhere is my order?,a,b,c\n")
    source = SourceFile(
        path, mapping={"question": "question", "reply": "note#2", "channel": "column 4"}
    )
    row = next(read(source))
    assert isinstance(row, RawTicket)
    assert (row.reply, row.channel) == ("b", "c")


def test_nested_json_lines(tmp_path: Path) -> None:
    record = {
        "id": "T-1",
        "customer": {"name": "Jane Doe", "email": "jane@mail.example"},
        "messages": [
            {"from": "customer", "text": "Where is my order?"},
            {"from": "agent", "text": "On its way to you."},
        ],
    }
    path = _file(tmp_path, json.dumps(record) + "\n{broken\n", "chats.jsonl")
    rows = list(read(SourceFile(path)))
    assert isinstance(rows[0], RawTicket)
    assert rows[0].question == "Where is my order?"
    assert rows[0].reply == "On its way to you."
    assert rows[0].customer_name == "Jane Doe"
    assert isinstance(rows[1], Quarantined)
    assert rows[1].row == 2


def test_one_array_in_a_file(tmp_path: Path) -> None:
    text = json.dumps([{"question": f"Where is order {i} now?"} for i in range(3)], indent=1)
    assert len(list(read(SourceFile(_file(tmp_path, text, "all.json"))))) == 3


def test_the_users_mapping_wins_and_an_empty_one_says_none(tmp_path: Path) -> None:
    path = _file(tmp_path, "question,text\nWhere is my order?,Where did it all go wrong?\n")
    row = next(read(SourceFile(path, mapping={"question": "text", "reply": ""})))
    assert isinstance(row, RawTicket)
    assert row.question == "Where did it all go wrong?"


def test_handling_time_in_seconds_and_hours_keeps_its_unit(tmp_path: Path) -> None:
    path = _file(tmp_path, "question,handling time sec\nWhere is my order?,90\n")
    row = next(read(SourceFile(path)))
    assert isinstance(row, RawTicket)
    assert row.handling_minutes == "90 s"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "empty"),
        ("\n \n", "empty"),
        (
            "id,amount\n1,2\n",
            "no column looks like the customer's question; the file has 'id', 'amount'",
        ),
        (HEADER.replace("question", "zz").replace("reply", "yy"), "no column looks like"),
    ],
)
def test_files_without_questions_are_refused(tmp_path: Path, text: str, words: str) -> None:
    with pytest.raises(InputError) as error:
        list(read(SourceFile(_file(tmp_path, text))))
    assert words in str(error.value)
    assert error.value.action


def test_a_missing_file_a_wrong_column_and_a_wrong_field_are_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="nowhere"):
        detect(SourceFile(tmp_path / "nowhere.csv"))
    path = _file(tmp_path, HEADER + "1,Where is my order?,x,\n")
    with pytest.raises(InputError, match="no column is called 'txt'"):
        list(read(SourceFile(path, mapping={"question": "txt"})))
    with pytest.raises(InputError, match="no field is called 'asked'"):
        list(read(SourceFile(path, mapping={"asked": "question"})))


def test_header_only_is_an_empty_export_not_an_error(tmp_path: Path) -> None:
    assert list(read(SourceFile(_file(tmp_path, HEADER)))) == []


def test_an_array_on_one_long_line_loses_no_row(tmp_path: Path) -> None:
    rows = [{"id": n, "question": "Where is my order?", "note": "x" * 60_000} for n in range(150)]
    found = list(read(SourceFile(_file(tmp_path, json.dumps(rows), "tickets.json"))))
    assert [row.row for row in found if isinstance(row, RawTicket)] == list(range(1, 151))


def test_a_lone_half_of_a_character_is_replaced(tmp_path: Path) -> None:
    line = r'{"id": 1, "question": "how \ud800 do I return it", "x\udfff": 1}'
    (row,) = read(SourceFile(_file(tmp_path, line, "chats.jsonl")))
    assert isinstance(row, RawTicket)
    assert row.question == "how \ufffd do I return it"


@pytest.mark.parametrize("text", [HEADER, "[]"])
def test_a_file_without_rows_is_refused_at_import(tmp_path: Path, text: str) -> None:
    with pytest.raises(InputError, match="no rows"):
        detect(SourceFile(_file(tmp_path, text, "export.csv" if text == HEADER else "export.json")))


def test_a_file_that_is_gone_says_where_to_take_it_out(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"gone\.csv: cannot be read.*northloop\.toml"):
        list(read(SourceFile(tmp_path / "gone.csv")))


def test_labels_in_brackets_without_quotes(tmp_path: Path) -> None:
    rows = [f'{n},Where is parcel {n}?,It comes on day {n}.,"[{"late" if n % 2 else "lost"},vip]"'
            for n in range(8)]  # fmt: skip
    path = tmp_path / "tasks.csv"
    path.write_text("\n".join(["id,question,reply,tags", *rows]))
    found = list(read(SourceFile(path)))
    assert [t.intent for t in found][:2] == ["lost", "late"]  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("comments", "public"),
    [
        ("Vorgangskommentare", "Öffentlicher Vorgangskommentar"),
        ("Case Comments", "Public Case Comment"),
    ],
)
def test_a_column_named_as_the_reply_keeps_its_notes(
    tmp_path: Path, comments: str, public: str
) -> None:
    path = tmp_path / "report.csv"
    path.write_text(
        f"Description,{comments},{public}\n"
        "Where is my parcel?,It comes tomorrow.,1\n"
        "Can I return it?,The margin is 62 percent.,0\n"
    )
    rows = read(SourceFile(path, mapping={"reply": comments}))
    assert [row.reply for row in rows if isinstance(row, RawTicket)] == ["It comes tomorrow."]
