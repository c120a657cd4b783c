from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from northloop.adapters.embedded.made_rows import MadeRows
from northloop.adapters.embedded.read_once import read_once
from northloop.adapters.embedded.sentence_embedder import SentenceEmbedder
from northloop.ports.models import WordByWord, Words
from northloop.testing.models import HashEmbedder

TEXTS = [
    "Return the tent, please.",
    "",
    "A leaking tent 🙂",
    "Return the tent, please.",
    "where? " * 300,
]


class Counting:
    """An encoder that says what it was made to read."""

    name = "counting/1"
    english_alone = True
    squeezed = True

    def __init__(self) -> None:
        self.read: list[str] = []
        self._inner = SentenceEmbedder.minilm()

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        self.read += texts
        return self._inner.embed(texts)

    def word_by_word(self, texts: Sequence[str]) -> list[Words]:
        self.read += texts
        return self._inner.word_by_word(texts)


def test_it_says_to_the_last_bit_what_the_encoder_says(tmp_path: Path) -> None:
    plain = SentenceEmbedder.minilm()
    for _ in range(2):  # made, then found
        kept = read_once(SentenceEmbedder.minilm(), tmp_path)
        assert isinstance(kept, WordByWord)
        assert (kept.name, kept.english_alone) == (plain.name, plain.english_alone)
        assert kept.squeezed == plain.squeezed
        np.testing.assert_array_equal(kept.embed(TEXTS), plain.embed(TEXTS))
        assert kept.embed([]).shape == (0, 384)
        for one, other in zip(kept.word_by_word(TEXTS), plain.word_by_word(TEXTS), strict=True):
            for mine, theirs in zip(one, other, strict=True):
                np.testing.assert_array_equal(mine, theirs)
                assert mine.dtype == theirs.dtype


def test_another_process_reads_no_text_again(tmp_path: Path) -> None:
    first = Counting()
    kept = read_once(first, tmp_path)
    kept.embed(TEXTS)
    assert isinstance(kept, WordByWord)
    kept.word_by_word(TEXTS[:2])
    assert first.read == [*dict.fromkeys(TEXTS), *TEXTS[:2]]
    second = Counting()
    again = read_once(second, tmp_path)
    again.embed([*TEXTS, "new"])
    assert isinstance(again, WordByWord)
    again.word_by_word([TEXTS[1], TEXTS[2]])
    assert second.read == ["new", TEXTS[2]]


def test_another_encoder_finds_nothing_of_it(tmp_path: Path) -> None:
    read_once(Counting(), tmp_path).embed(TEXTS)
    other = Counting()
    other.name = "counting/2"
    read_once(other, tmp_path).embed(TEXTS[:1])
    assert other.read == TEXTS[:1]


def test_no_text_lies_in_the_file(tmp_path: Path) -> None:
    read_once(Counting(), tmp_path).embed(["a secret of the house"])
    assert not any(b"secret" in file.read_bytes() for file in tmp_path.iterdir())


def test_word_vectors_are_as_quick_as_a_file(tmp_path: Path) -> None:
    embedder = HashEmbedder()
    assert read_once(embedder, tmp_path) is embedder
    assert not [*tmp_path.iterdir()]


def test_where_nothing_can_be_kept_it_is_read(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "file").write_text("no folder")
    counting = Counting()
    assert read_once(counting, tmp_path / "file") is counting
    assert "cannot be kept" in caplog.text


def test_a_damaged_file_is_made_anew(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    kept = read_once(Counting(), tmp_path)
    kept.embed(TEXTS)
    (file,) = tmp_path.glob("*.sqlite")
    del kept
    for beside in tmp_path.iterdir():
        beside.unlink()
    file.write_bytes(b"no database at all" * 100)
    again = Counting()
    np.testing.assert_array_equal(
        read_once(again, tmp_path).embed(TEXTS), SentenceEmbedder.minilm().embed(TEXTS)
    )
    assert again.read


def test_a_full_disk_stops_no_answer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    kept = read_once(Counting(), tmp_path)
    monkeypatch.setattr(MadeRows, "_connected", _full)
    np.testing.assert_array_equal(kept.embed(TEXTS), SentenceEmbedder.minilm().embed(TEXTS))
    assert "cannot be kept" in caplog.text


def _full(_: MadeRows) -> None:
    raise OSError(28, "No space left on device")
