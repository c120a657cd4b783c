"""Files for what is too much for memory."""

from __future__ import annotations

import gc
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from northloop.core.conversation import Message
from northloop.core.ids import canonical
from northloop.stages.data import temporary_files
from northloop.stages.data.temporary_files import (
    Blobs,
    Column,
    Partitions,
    TemporaryFolder,
    write_json_lines,
)

SAID = [Message("user", text) for text in ("one", "two\nlines", "", "drei 你好", "x" * 3_000_000)]


def _lines() -> Iterator[bytes]:
    return (canonical(one) + b"\n" for one in SAID)


def test_pieces_come_back_as_they_were(tmp_path: Path) -> None:
    blobs = Blobs(tmp_path)
    pieces = [b"one", b"", b"\n\0", b"x" * 3_000_000]
    assert [blobs.add(piece) for piece in pieces[:2]] == [0, 1]
    assert blobs[0] == b"one"
    assert [blobs.add(piece) for piece in pieces[2:]] == [2, 3]
    assert [*blobs] == pieces
    assert blobs[2] == b"\n\0"
    with pytest.raises(IndexError):
        blobs[4]
    assert [*tmp_path.iterdir()] == [], "what people said lies in no file that somebody finds"


def test_lines_are_read_when_they_are_asked_for(tmp_path: Path) -> None:
    lines = write_json_lines(TemporaryFolder(tmp_path), "said.jsonl", Message, _lines())
    assert lines.path.read_bytes() == b"".join(canonical(one) + b"\n" for one in SAID)
    assert len(lines) == 5
    assert [*lines] == SAID
    assert lines == SAID
    assert lines != SAID[1:]
    assert lines[-1] == SAID[4]
    assert [*lines[1:3]] == SAID[1:3]
    assert [*lines[3:][1:]] == SAID[4:]
    assert lines[5:] == []
    assert lines[3:][0] == SAID[3]
    with pytest.raises(IndexError):
        lines[2:3][1]


def test_some_lines_are_read_wherever_they_lie(tmp_path: Path) -> None:
    lines = write_json_lines(TemporaryFolder(tmp_path), "said.jsonl", Message, _lines())
    for places in ([0, 1, 2, 3, 4], [1, 2], [0, 4], []):
        assert [*lines.some(np.array(places, np.int64))] == [SAID[i] for i in places]


def test_what_is_written_into_a_column_stays(tmp_path: Path) -> None:
    column = Column(np.dtype("i4"), tmp_path)
    assert column.array().tolist() == []
    column.add(np.array([3, 4]))
    before = column.array()
    before[0] = 7
    column.add_bytes(np.array([5], "i4").tobytes())
    assert column.array().tolist() == [7, 4, 5]
    assert (before.tolist(), len(column)) == ([7, 4], 3)
    kept = Column.of(np.array([[1, 2], [3, 4]]), tmp_path)
    del column
    gc.collect()
    assert (kept.tolist(), before.tolist()) == ([[1, 2], [3, 4]], [7, 4])
    assert [*tmp_path.iterdir()] == []


def test_entries_are_taken_in_any_order(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(temporary_files, "_TAKEN_AT_ONCE", 3)
    entries = np.array([b"one", b"two", b"three", b""])
    for places in ([], [2], [3, 3, 0, 1, 2, 0, 2]):
        found = Column.taken(entries, np.array(places, np.int64), tmp_path)
        assert found.tolist() == [entries[place] for place in places]
    assert not [*tmp_path.iterdir()]


def test_a_folder_goes_with_whoever_holds_it(tmp_path: Path) -> None:
    folder = TemporaryFolder(tmp_path / "scratch")
    path = folder.path
    lines = write_json_lines(folder, "said.jsonl", Message, _lines())[1:2]
    del folder
    gc.collect()
    assert [*lines] == SAID[1:2]
    assert path.is_dir()
    del lines
    gc.collect()
    assert not path.exists()


def test_entries_are_dealt_to_parts_in_their_order(tmp_path: Path) -> None:
    parts = Partitions(np.dtype("i4"), 3, tmp_path)
    for start in range(0, 12, 4):
        entries = np.arange(start, start + 4, dtype="i4")
        parts.add(entries % 3, entries)
    assert [part.tolist() for part in parts] == [[0, 3, 6, 9], [1, 4, 7, 10], [2, 5, 8, 11]]
    parts.add(np.array([], int), np.array([], "i4"))
    assert [*map(len, parts)] == [4, 4, 4]


def test_what_a_killed_process_left_goes_and_nothing_else(tmp_path: Path) -> None:
    kill = "import os; from pathlib import Path;"
    kill += "from northloop.stages.data.temporary_files import TemporaryFolder;"
    kill += f"f = TemporaryFolder(Path({str(tmp_path)!r})); os.kill(os.getpid(), 9)"
    subprocess.run([sys.executable, "-c", kill], check=False)
    (left,) = tmp_path.iterdir()
    held = TemporaryFolder(tmp_path)
    other = TemporaryFolder(tmp_path)
    assert {*tmp_path.iterdir()} == {held.path, other.path}
    assert left not in (held.path, other.path)
