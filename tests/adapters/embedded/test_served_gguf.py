"""The file that llama.cpp is given."""

from __future__ import annotations

import logging
from pathlib import Path

import gguf
import numpy as np
import pytest
from gguf import GGMLQuantizationType as Blocks

from adapters.embedded.tiny_llama import Changes, write_tiny_llama
from northloop.adapters.embedded import served_gguf
from northloop.adapters.embedded.llamacpp_engine import EngineSettings, LlamaCppEngine
from northloop.adapters.embedded.served_gguf import served
from northloop.core.errors import CorruptArtefact
from northloop.ports.models import Options


def written(path: Path, blocks: Blocks, file_type: int) -> Path:
    changes = Changes(keys={"general.file_type": file_type}, blocks=blocks)
    return write_tiny_llama(path, changes=changes)


@pytest.fixture
def slow(tmp_path: Path) -> Path:
    return written(tmp_path / "slow.gguf", Blocks.Q4_1, 3)


def numbers(path: Path) -> dict[str, np.ndarray]:
    tensors = gguf.GGUFReader(path).tensors
    return {t.name: gguf.dequantize(t.data, t.tensor_type) for t in tensors}


@pytest.mark.parametrize(("blocks", "file_type"), [(Blocks.Q4_1, 3), (Blocks.Q5_1, 9)])
def test_it_says_the_same_in_wider_blocks(tmp_path: Path, blocks: Blocks, file_type: int) -> None:
    base = written(tmp_path / "base.gguf", blocks, file_type)
    found = served(base, tmp_path / "kept")
    assert found.parent == tmp_path / "kept"
    before, after = numbers(base), numbers(found)
    assert list(before) == list(after)
    for name, values in before.items():
        if values.ndim == 1:
            assert np.array_equal(after[name], values)
            continue
        largest = np.abs(values.reshape(-1, 32)).max(axis=1)
        away = np.abs(after[name] - values).reshape(-1, 32).max(axis=1)
        assert (away <= largest / 220).all()
    kinds = {t.tensor_type for t in gguf.GGUFReader(found).tensors}
    assert kinds == {Blocks.F32, Blocks.Q8_0}


def test_every_key_but_the_kind_of_blocks_stays(slow: Path, tmp_path: Path) -> None:
    before, after = gguf.GGUFReader(slow).fields, gguf.GGUFReader(served(slow, tmp_path)).fields
    own = {key for key in before if not key.startswith("GGUF.")}
    assert own == {key for key in after if not key.startswith("GGUF.")}
    for key in own - {"general.file_type"}:
        assert before[key].types == after[key].types
        assert before[key].contents() == after[key].contents()
    assert after["general.file_type"].contents() == 7


def test_llama_cpp_answers_with_it(slow: Path, tmp_path: Path) -> None:
    settings = EngineSettings(context=512, threads=1)
    engine = LlamaCppEngine(served(slow, tmp_path), {}, settings)
    assert list(engine.continued("Where is the order?", Options(max_tokens=4)))
    engine.close()


def test_it_is_written_once_and_again_when_it_is_damaged(slow: Path, tmp_path: Path) -> None:
    first = served(slow, tmp_path)
    whole, at = first.read_bytes(), first.stat().st_mtime_ns
    assert served(slow, tmp_path) == first
    assert first.stat().st_mtime_ns == at
    first.write_bytes(whole[:-7])
    assert served(slow, tmp_path).read_bytes() == whole
    assert sorted(file.suffix for file in tmp_path.iterdir()) == [".gguf", ".gguf", ".sha256"]


def test_another_base_has_a_file_of_its_own(slow: Path, tmp_path: Path) -> None:
    other = write_tiny_llama(
        tmp_path / "other.gguf",
        seed=1,
        changes=Changes(keys={"general.file_type": 3}, blocks=Blocks.Q4_1),
    )
    assert served(slow, tmp_path) != served(other, tmp_path)


def test_what_is_quick_or_large_is_served_as_it_is(
    slow: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    quick = written(tmp_path / "quick.gguf", Blocks.Q8_0, 7)
    assert served(quick, tmp_path / "kept") == quick
    monkeypatch.setattr(served_gguf, "MOST_BYTES", slow.stat().st_size - 1)
    assert served(slow, tmp_path / "kept") == slow
    assert not (tmp_path / "kept").exists()


def test_without_a_place_to_keep_it_prompts_take_longer(
    slow: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "kept").write_text("a file, no folder")
    with caplog.at_level(logging.WARNING):
        assert served(slow, tmp_path / "kept") == slow
    assert "prompts take longer" in caplog.text


def test_what_is_no_model_is_an_error(tmp_path: Path) -> None:
    path = tmp_path / "no.gguf"
    path.write_bytes(b"GGUX" + bytes(60))
    with pytest.raises(CorruptArtefact):
        served(path, tmp_path)
