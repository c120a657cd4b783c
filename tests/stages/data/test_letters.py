"""The model that tells languages apart is the same unpacked and kept as it is packed."""

from __future__ import annotations

import multiprocessing
from pathlib import Path

import py3langid
import pytest

from northloop.stages.data import letters
from northloop.stages.data.languages import language_of

SAID = (
    "Wo bleibt das Zelt, das ich bestellt habe?",
    "Kde je stan, který jsem si objednal?",
    "WHERE IS IT",
    "Μου λείπει μία πινέζα, và một cái lều",
    "",
)


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    letters._model.cache_clear()
    return tmp_path / "northloop" / "languages"


def test_what_is_kept_ranks_as_what_is_packed(cache: Path) -> None:
    for _ in range(2):
        assert [letters.rank(text) for text in SAID] == [py3langid.rank(text) for text in SAID]
        letters._model.cache_clear()
    assert len([*cache.iterdir()]) == 1


def test_processes_that_unpack_it_together_leave_one(cache: Path) -> None:
    with multiprocessing.get_context("spawn").Pool(2) as pool:
        told = pool.map(language_of, SAID[:2], chunksize=1)
    assert told == ["German", "Czech"]
    assert len([*cache.iterdir()]) == 1


@pytest.mark.parametrize("broken", ["a file in its way", "half of it", "nothing in it"])
def test_where_it_cannot_be_kept_it_is_unpacked_each_time(cache: Path, broken: str) -> None:
    if broken == "a file in its way":
        cache.parent.mkdir()
        cache.write_bytes(b"")
    else:
        letters.rank("Zelt")
        letters._model.cache_clear()
        (whole,) = cache.iterdir()
        part = whole / "next.npy"
        part.write_bytes(part.read_bytes()[:1_000] if broken == "half of it" else b"")
    assert [letters.rank(text) for text in SAID] == [py3langid.rank(text) for text in SAID]
