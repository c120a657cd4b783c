"""Rows that were made are remembered in a file that nobody else reads and nobody misses."""

from __future__ import annotations

import os
import time
from hashlib import blake2b
from pathlib import Path

import pytest

from northloop.adapters.embedded.made_rows import KEPT_FILES, MadeRows, forget
from northloop.core.errors import ConfigurationError


def test_results_are_there_for_the_next_process(tmp_path: Path) -> None:
    file = tmp_path / "rows" / "a.sqlite"
    MadeRows(file).put({b"a": b"1", b"b": b"2"})
    assert MadeRows(file).get([b"a", b"b", b"c"]) == {b"a": b"1", b"b": b"2"}
    assert MadeRows(file).get([]) == {}


def test_what_is_put_is_written_a_few_times_at_most(tmp_path: Path) -> None:
    def written() -> int:
        said = Path("/proc/self/io").read_text().partition("wchar: ")[2]
        return int(said.split()[0])

    rows, before = MadeRows(tmp_path / "a.sqlite"), written()
    for at in range(0, 5_000, 100):
        rows.put(
            {blake2b(b"%d" % n, digest_size=16).digest(): b"x" * 800 for n in range(at, at + 100)}
        )
    assert written() - before < 5 * 5_000 * 816


def test_nobody_else_reads_them(tmp_path: Path) -> None:
    rows = MadeRows(tmp_path / "rows" / "a.sqlite")
    rows.put({b"a": b"secret"})
    for file in (tmp_path / "rows").iterdir():
        assert file.stat().st_mode & 0o077 == 0, file.name


def test_a_damaged_file_is_made_anew(tmp_path: Path) -> None:
    file = tmp_path / "a.sqlite"
    MadeRows(file).put({b"a": b"1"})
    file.write_bytes(b"no database" * 1000)
    rows = MadeRows(file)
    assert rows.get([b"a"]) == {}
    rows.put({b"a": b"2"})
    assert rows.get([b"a"]) == {b"a": b"2"}


def test_ways_that_nobody_uses_any_more_go(tmp_path: Path) -> None:
    for number in range(KEPT_FILES + 3):
        file = tmp_path / f"{number}.sqlite"
        MadeRows(file)
        at = time.time() + number
        os.utime(file, (at, at))
    MadeRows(tmp_path / "0.sqlite")
    left = {file.name for file in tmp_path.glob("*.sqlite")}
    newest = {f"{n}.sqlite" for n in range(3, KEPT_FILES + 3)}
    assert left == newest | {"0.sqlite"}


def test_a_place_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "a.sqlite").mkdir()
    with pytest.raises(OSError, match=r"a\.sqlite"):
        MadeRows(tmp_path / "a.sqlite")


def test_what_cannot_be_kept_is_said(tmp_path: Path) -> None:
    file = tmp_path / "a.sqlite"
    rows = MadeRows(file)
    forget(tmp_path)
    file.write_bytes(b"no database" * 1000)
    with pytest.raises(ConfigurationError, match="cannot be kept") as error:
        rows.put({b"a": b"1"})
    assert error.value.where.endswith("a.sqlite")


def test_whoever_works_while_rows_are_forgotten_goes_on(tmp_path: Path) -> None:
    rows = MadeRows(tmp_path / "a.sqlite")
    rows.put({b"a": b"1"})
    forget(tmp_path)
    assert rows.get([b"a"]) == {}
    rows.put({b"b": b"2"})
    assert rows.get([b"a", b"b"]) == {b"b": b"2"}
    assert (tmp_path / "a.sqlite").stat().st_mode & 0o077 == 0


def test_nothing_forgotten_is_held_open(tmp_path: Path) -> None:
    rows = MadeRows(tmp_path / "a.sqlite")
    rows.put({b"a": b"1"})
    forget(tmp_path)
    held = [str(link.resolve()) for link in Path("/proc/self/fd").iterdir()]
    assert not [name for name in held if name.startswith(str(tmp_path))]
    assert rows.get([b"a"]) == {}


def test_all_of_it_can_be_forgotten(tmp_path: Path) -> None:
    MadeRows(tmp_path / "a.sqlite").put({b"a": b"1"})
    forget(tmp_path)
    assert list(tmp_path.iterdir()) == []
    assert MadeRows(tmp_path / "a.sqlite").get([b"a"]) == {}
