import os
import threading
from pathlib import Path

import pytest

from full_disk import files_of_at_most
from killing import killed_after
from northloop.adapters.embedded.files import FileArtefacts
from northloop.core import formats
from northloop.core.artefacts import Kind
from northloop.core.errors import ConfigurationError, CorruptArtefact, NotFound

PUTTING = """
import sys
from pathlib import Path
from northloop.adapters.embedded.files import FileArtefacts
from northloop.core import formats
from northloop.core.artefacts import Kind
artefacts = FileArtefacts(Path(sys.argv[1]))
number = 0
while True:
    files = {f"{n}.bin": bytes([n]) * 300_000 for n in range(8)} | {"number": str(number).encode()}
    print(artefacts.put(Kind.DATASET, files).hash)
    number += 1
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return tmp_path / "store"


def test_a_killed_process_leaves_whole_artefacts_and_nothing_else(root: Path) -> None:
    acknowledged = killed_after(20, PUTTING, str(root))
    artefacts = FileArtefacts(root)
    assert list((root / "staging").iterdir()) == []
    listed = artefacts.list(Kind.DATASET)
    assert set(acknowledged) <= {a.hash for a in listed}
    assert len(listed) <= len(acknowledged) + 1
    for artefact in listed:
        for name in artefact.manifest.files:
            assert artefacts.path(artefact.hash, name).exists()


def test_opening_clears_what_is_abandoned(root: Path) -> None:
    (root / "staging" / "abandoned" / "files").mkdir(parents=True)
    (root / "staging" / "abandoned" / "files" / "half").write_bytes(b"x")
    FileArtefacts(root)
    assert list((root / "staging").iterdir()) == []


def test_opening_leaves_alone_what_others_are_writing(root: Path) -> None:
    artefacts = FileArtefacts(root)
    stop = threading.Event()
    opened = 0

    def open_again_and_again() -> None:
        nonlocal opened
        while not stop.is_set():
            FileArtefacts(root)
            opened += 1

    opener = threading.Thread(target=open_again_and_again)
    opener.start()
    for number in range(50):
        artefacts.put(Kind.REPORT, {str(n): str(number).encode() for n in range(5)})
    stop.set()
    opener.join()
    assert opened > 10
    assert len(artefacts.list(Kind.REPORT)) == 50


def test_a_full_disk_is_said_and_nothing_is_kept(root: Path) -> None:
    artefacts = FileArtefacts(root)
    files = {"a": b"small", "b": b"x" * 3_000_000}
    with (
        files_of_at_most(1_000_000),
        pytest.raises(ConfigurationError, match="the disk is full → free some space"),
    ):
        artefacts.put(Kind.DATASET, files)
    assert artefacts.list(Kind.DATASET) == []
    assert list((root / "staging").iterdir()) == []
    assert artefacts.put(Kind.DATASET, files).manifest.files.keys() == files.keys()


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(ConfigurationError, match=r"file/store.*: Not a directory → check"):
        FileArtefacts(tmp_path / "file" / "store")


@pytest.mark.parametrize("damage", [b"{", b"\xff", b"{}", b""])
def test_a_manifest_that_cannot_be_read_is_corrupt(root: Path, damage: bytes) -> None:
    artefacts = FileArtefacts(root)
    put = artefacts.put(Kind.REPORT, {"a": b"1"})
    card = root / "report" / put.hash / "artefact.json"
    card.write_bytes(damage)
    for use in (
        lambda: artefacts.get(put.hash),
        lambda: artefacts.path(put.hash, "a"),
        lambda: artefacts.list(Kind.REPORT),
    ):
        with pytest.raises(CorruptArtefact, match=r"artefact\.json: the manifest.*run the step"):
            use()
    assert artefacts.put(Kind.REPORT, {"a": b"1"}).hash == put.hash
    assert artefacts.get(put.hash[:6]).hash == put.hash


def test_a_manifest_that_was_changed_is_corrupt(root: Path) -> None:
    artefacts = FileArtefacts(root)
    put = artefacts.put(Kind.DECISION, {"a": b"1"}, meta={"promote": "no"})
    card = root / "decision" / put.hash / "artefact.json"
    card.write_bytes(card.read_bytes().replace(b'"no"', b'"yes"'))
    with pytest.raises(CorruptArtefact, match="not what was stored"):
        artefacts.get(put.hash)


def test_a_file_that_was_removed_is_corrupt(root: Path) -> None:
    artefacts = FileArtefacts(root)
    put = artefacts.put(Kind.REPORT, {"a": b"1"})
    artefacts.path(put.hash, "a").unlink()
    with pytest.raises(CorruptArtefact, match=r"a: the file is missing"):
        artefacts.path(put.hash, "a")


def test_a_removed_artefact_is_not_found(root: Path) -> None:
    artefacts = FileArtefacts(root)
    put = artefacts.put(Kind.REPORT, {"a": b"1"})
    (root / "report" / put.hash).rename(root / "elsewhere")
    with pytest.raises(NotFound):
        artefacts.path(put.hash, "a")


def test_bytes_are_checked_again_only_when_the_file_was_touched(root: Path) -> None:
    artefacts = FileArtefacts(root)
    put = artefacts.put(Kind.REPORT, {"a": b"good"})
    path = artefacts.path(put.hash, "a")
    before = path.stat()
    path.write_bytes(b"evil")
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert artefacts.path(put.hash, "a") == path
    with pytest.raises(CorruptArtefact):
        FileArtefacts(root).path(put.hash, "a")
    path.touch()
    with pytest.raises(CorruptArtefact):
        artefacts.path(put.hash, "a")


def test_sub_folders_are_kept(root: Path) -> None:
    artefacts = FileArtefacts(root)
    put = artefacts.put(Kind.INDEX, {"bm25/vocabulary.json": b"{}"})
    assert artefacts.path(put.hash, "bm25/vocabulary.json").read_bytes() == b"{}"


def test_an_artefact_of_another_store_is_kept_as_it_is_there(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    there = FileArtefacts(tmp_path / "there")
    put = there.put(Kind.REPORT, {"a": b"1", "b/c": b"2"}, meta={"k": "v"})
    monkeypatch.setitem(formats.UPGRADERS, (Kind.REPORT, "a", 1), dict)
    here = FileArtefacts(root)
    here.restore(put, {name: there.path(put.hash, name) for name in put.manifest.files})
    assert here.get(put.hash) == put
    assert here.list(Kind.REPORT) == [put]
    assert here.path(put.hash, "b/c").read_bytes() == b"2"


@pytest.mark.parametrize("given", [{"a": b"1"}, {"a": b"2", "b": b"1"}, {}])
def test_files_of_another_artefact_are_not_taken_for_it(
    root: Path, tmp_path: Path, given: dict[str, bytes]
) -> None:
    there = FileArtefacts(tmp_path / "there")
    put = there.put(Kind.REPORT, {"a": b"1", "b": b"2"})
    for name, body in given.items():
        (tmp_path / name).write_bytes(body)
    here = FileArtefacts(root)
    with pytest.raises(CorruptArtefact):
        here.restore(put, {name: tmp_path / name for name in given})
    assert here.list(Kind.REPORT) == []
    assert list((root / "staging").iterdir()) == []
