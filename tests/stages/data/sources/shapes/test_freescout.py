"""FreeScout: the tables of its database, and those of programs that count otherwise."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from northloop.core.conversation import RawTicket
from northloop.stages.data.sources import SourceFile, layout, read
from stages.data.sources.shapes.exported import lines, shape_of

ASK, ANSWER, NOTE = "Where is my parcel now?", "It left us this morning.", "SECRET: we forgot it."
CONVERSATION = {
    "id": 11, "number": 201, "threads_count": 2, "type": 1, "folder_id": 3, "status": 3, "state": 2,
    "subject": "Parcel", "customer_email": "jo@mail.example", "mailbox_id": 1, "customer_id": 71,
    "created_by_customer_id": 71, "source_via": 1, "created_at": "2026-03-02 08:00:00",
    "closed_at": "2026-03-02 12:00:00",
}  # fmt: skip


def thread(number: int, kind: int, text: str, *, asked: bool, state: int = 2) -> dict[str, Any]:
    return {
        "id": number, "conversation_id": 11, "type": kind, "status": 1, "state": state,
        "body": f"<p>{text}</p>", "source_via": 1 if asked else 2, "source_type": 1,
        "created_by_user_id": None if asked else 4, "created_by_customer_id": 71 if asked else None,
        "created_at": f"2026-03-02 08:{number:02}:00",
    }  # fmt: skip


ROWS = [CONVERSATION, thread(1, 1, ASK, asked=True), thread(2, 3, NOTE, asked=False),
        thread(3, 2, ANSWER, asked=False)]  # fmt: skip


def told(source: SourceFile) -> list[tuple[str, str, str]]:
    return [
        (row.question, row.reply, row.closed_at)
        for row in read(source)
        if isinstance(row, RawTicket) and row.question
    ]


def test_a_dump_of_its_database(tmp_path: Path) -> None:
    said = []
    for name, rows in (("conversations", ROWS[:1]), ("threads", ROWS[1:])):
        columns = [f"`{column}`" for column in rows[0]]
        values = [
            ", ".join("NULL" if v is None else f"'{v}'" if isinstance(v, str) else str(v)
                      for v in row.values())
            for row in rows
        ]  # fmt: skip
        said.append(f"CREATE TABLE `{name}` ({', '.join(f'{c} text' for c in columns)});")
        said.append(f"INSERT INTO `{name}` VALUES ({'), ('.join(values)});")
    file = tmp_path / "freescout.sql"
    file.write_text("\n".join(said))
    source = SourceFile(file, member="*")
    assert layout(source).shape == "FreeScout conversations"
    assert told(source) == [(f"<p>{ASK}</p>", f"<p>{ANSWER}</p>", "2026-03-02 12:00:00")]


def test_where_threads_are_counted_otherwise_it_is_none(tmp_path: Path) -> None:
    """1 what was sent, 2 a note, 3 a customer's: the numbers alone would swap the sides."""
    counted = {1: 3, 2: 1, 3: 2}
    rows = [ROWS[0], *({**row, "type": counted[row["type"]]} for row in ROWS[1:])]
    path = lines(tmp_path, rows)
    assert shape_of(path) != "FreeScout conversations"
    assert not any(row.reply for row in read(SourceFile(path)) if isinstance(row, RawTicket))


def test_a_thread_whose_number_and_maker_differ_is_nobody_s(tmp_path: Path) -> None:
    many = [{**CONVERSATION, "id": 100 + n, "number": 900 + n} for n in range(300)]
    path = lines(tmp_path, [*ROWS, *many, thread(5, 2, NOTE, asked=True)])
    assert shape_of(path) == "FreeScout conversations"
    assert told(SourceFile(path)) == [(f"<p>{ASK}</p>", f"<p>{ANSWER}</p>", "2026-03-02 12:00:00")]
