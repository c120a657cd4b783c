"""Parquet files, flat and nested, and what is said where nothing reads them."""

from __future__ import annotations

import gzip
from datetime import datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from northloop.core.conversation import RawTicket
from northloop.core.errors import InputError
from northloop.stages.data.sources import SourceFile, layout, read


def _file(folder: Path, rows: list[dict[str, object]]) -> Path:
    path = folder / "rows.parquet"
    pq.write_table(pa.Table.from_pylist(rows), path)
    return path


def test_rows_come_with_their_types_as_text(tmp_path: Path) -> None:
    row = {"id": 7, "question": "Where is my order?", "answer": "On its way to you.",
           "created_at": datetime(2026, 1, 5, 9, 30), "csat": 4.0}  # fmt: skip
    (found,) = read(SourceFile(_file(tmp_path, [row])))
    assert isinstance(found, RawTicket)
    assert (found.ticket_id, found.csat, found.created_at) == ("7", "4", "2026-01-05T09:30:00")


def test_messages_in_lists_are_conversations(tmp_path: Path) -> None:
    talk = [{"role": "user", "content": "Where is it?"},
            {"role": "assistant", "content": "On its way."},
            {"role": "user", "content": "When will it come?"},
            {"role": "assistant", "content": "It comes tomorrow."}]  # fmt: skip
    path = _file(tmp_path, [{"messages": talk}] * 3)
    assert "OpenAI" in layout(SourceFile(path)).kind
    found = [r for r in read(SourceFile(path)) if isinstance(r, RawTicket)]
    assert [r.reply for r in found[:2]] == ["On its way.", "It comes tomorrow."]
    assert len(found[1].context) == 2


def test_packed_it_is_read_and_damaged_it_is_refused(tmp_path: Path) -> None:
    path = _file(tmp_path, [{"question": "Where is my order?", "reply": "On its way."}])
    body = path.read_bytes()
    path.write_bytes(gzip.compress(body))
    assert len(list(read(SourceFile(path)))) == 1
    path.write_bytes(body[:-20])
    with pytest.raises(InputError, match="cannot be read"):
        list(read(SourceFile(path)))
