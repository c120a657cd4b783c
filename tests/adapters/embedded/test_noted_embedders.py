from __future__ import annotations

from pathlib import Path

from northloop.adapters.embedded.noted_embedders import note_embedder, noted_embedder


def test_what_was_noted_is_known(tmp_path: Path) -> None:
    state = tmp_path / "state"
    assert noted_embedder(state, "own/e5/1") is None
    note_embedder(state, "own/e5/1", "file:///models/e5")
    note_embedder(state, "own/bge/2", "file://bge")
    assert noted_embedder(state, "own/e5/1") == "file:///models/e5"
    note_embedder(state, "own/e5/1", "file:///elsewhere/e5")
    assert noted_embedder(state, "own/e5/1") == "file:///elsewhere/e5"
    assert [file.name for file in state.iterdir()] == ["embedders.json"]


def test_a_note_that_cannot_be_read_is_none(tmp_path: Path) -> None:
    (tmp_path / "embedders.json").write_bytes(b"\x00 no json")
    assert noted_embedder(tmp_path, "own/e5/1") is None
    note_embedder(tmp_path, "own/e5/1", "file:///models/e5")
    assert noted_embedder(tmp_path, "own/e5/1") == "file:///models/e5"
