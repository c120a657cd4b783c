"""What is packed: gzip, archives, and those that are made to do harm."""

from __future__ import annotations

import gzip
import json
import tracemalloc
import zipfile
from pathlib import Path

import pytest

from northloop.core.conversation import RawTicket
from northloop.core.errors import InputError
from northloop.stages.data.sources import SourceFile, opened, places, read
from northloop.stages.data.sources.places import Place

CSV = "question,reply\nWhere is my order?,On its way to you.\n"


def _zip(folder: Path, files: dict[str, bytes | str], name: str = "export.zip") -> Path:
    with zipfile.ZipFile(folder / name, "w", zipfile.ZIP_DEFLATED) as archive:
        for inside, body in files.items():
            archive.writestr(inside, body)
    return folder / name


def _rows(path: Path, member: str = "") -> list[RawTicket]:
    found = read(SourceFile(path, member=member))
    return [row for row in found if isinstance(row, RawTicket)]


@pytest.mark.parametrize("name", ["tickets.csv.gz", "tickets.gz", "tickets.csv"])
def test_gzip_is_read_whatever_it_is_called(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(gzip.compress(gzip.compress(CSV.encode())))
    assert _rows(tmp_path / name)[0].reply == "On its way to you."


def test_an_encrypted_archive_is_refused(tmp_path: Path) -> None:
    path = _zip(tmp_path, {"tickets.csv": CSV})
    body = bytearray(path.read_bytes())
    for mark, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        body[body.index(mark) + at] |= 1
    path.write_bytes(bytes(body))
    with pytest.raises(InputError, match="encrypted: unpack it with its password"):
        opened(path)


def test_what_unpacks_to_more_than_an_export_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(places, "SUSPICIOUS_BYTES", 1_000_000)
    monkeypatch.setattr(places, "MAX_UNPACKED_BYTES", 3_000_000)
    bomb = b"question,reply\n" + b"0" * 5_000_000
    with pytest.raises(InputError, match="it would unpack from"):
        opened(_zip(tmp_path, {"tickets.csv": bomb}))
    (tmp_path / "tickets.csv.gz").write_bytes(gzip.compress(bomb))
    with pytest.raises(InputError, match="it unpacks to more"):
        _rows(tmp_path / "tickets.csv.gz")


@pytest.mark.parametrize("cut", [0.5, 0.9, 0.99])
def test_a_damaged_archive_is_refused_by_name(tmp_path: Path, cut: float) -> None:
    many = CSV + "".join(f"Where is order {n} now?,It is at {n * 7919}.\n" for n in range(5_000))
    packed = gzip.compress(many.encode())
    (tmp_path / "t.csv.gz").write_bytes(packed[: int(len(packed) * cut)])
    with pytest.raises(InputError, match=r"t\.csv\.gz: the file is damaged"):
        _rows(tmp_path / "t.csv.gz")
    path = _zip(tmp_path, {"t.csv": many})
    path.write_bytes(path.read_bytes()[: int(path.stat().st_size * cut)])
    with pytest.raises(InputError) as error:
        opened(path)
    assert error.value.action


def test_a_member_that_is_gone_is_named(tmp_path: Path) -> None:
    path = _zip(tmp_path, {"a.csv": CSV})
    with pytest.raises(InputError, match=r"no file 'b\.csv' any more"):
        _rows(path, "b.csv")


@pytest.mark.parametrize("written", ["lines", "array", "table"])
def test_a_large_packed_export_streams(tmp_path: Path, written: str) -> None:
    def rows(many: int) -> bytes:
        far = "far and farther " * 120
        texts = [
            (f"Where is order {n} now?", f"It is at place {n} of the {far} route.")
            for n in range(many)
        ]
        if written == "table":
            return ("question,reply\n" + "".join(f"{q},{a}\n" for q, a in texts)).encode()
        objects = [json.dumps({"question": q, "reply": a}) for q, a in texts]
        if written == "lines":
            return "\n".join(objects).encode()
        return ("[" + ",".join(objects) + "]").encode()

    def peak(many: int) -> int:
        (tmp_path / "t.gz").write_bytes(gzip.compress(rows(many), 1))
        tracemalloc.start()
        assert sum(1 for _ in read(SourceFile(tmp_path / "t.gz"))) == many
        _, highest = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return highest

    few, many = peak(500), peak(2_000)
    assert many < few + 2_000_000


def test_places_are_called_as_people_would() -> None:
    assert Place(Path("/a/export.zip"), "b/book.xlsx", "May").label == "export.zip/b/book.xlsx/May"
    assert Place(Path("/a/tickets.json.gz")).ending == ".json"
