"""The keys of a GGUF file, read without its tensors."""

from __future__ import annotations

from pathlib import Path

import gguf
import pytest

from adapters.embedded.tiny_llama import Changes, sentence_keys, write_tiny_llama
from northloop.adapters.embedded.gguf_header import header
from northloop.core.errors import CorruptArtefact

KEYS = {"tokenizer.chat_template": "{{ 'grüß' }}", "tokenizer.ggml.add_bos_token": True}


@pytest.mark.parametrize("keys", [KEYS, sentence_keys(**KEYS)])
def test_every_key_is_what_the_library_reads(tmp_path: Path, keys: dict[str, object]) -> None:
    path = write_tiny_llama(tmp_path / "own.gguf", changes=Changes(keys=keys))
    fields = gguf.GGUFReader(path).fields
    known = {name: field.contents() for name, field in fields.items() if "GGUF." not in name}
    found = header(path)
    assert found.keys() == known.keys()
    for name, value in known.items():
        numbers = isinstance(value, list) and not isinstance(value[0], str)
        assert found[name] == (None if numbers else value), name
    assert found["tokenizer.chat_template"] == "{{ 'grüß' }}"


def test_a_file_that_ends_too_early_is_said_to_be_damaged(tmp_path: Path, tiny_gguf: Path) -> None:
    whole = tiny_gguf.read_bytes()
    for length in (0, 3, 4, 20, 100, 1000):
        (tmp_path / "cut.gguf").write_bytes(whole[:length])
        with pytest.raises(CorruptArtefact, match="cannot be read as a GGUF"):
            header(tmp_path / "cut.gguf")


@pytest.mark.parametrize("at", [16, 24])
def test_lengths_that_are_none_are_refused(tmp_path: Path, tiny_gguf: Path, at: int) -> None:
    bytes_ = bytearray(tiny_gguf.read_bytes())
    bytes_[at : at + 8] = b"\xff" * 8
    (tmp_path / "odd.gguf").write_bytes(bytes_)
    with pytest.raises(CorruptArtefact):
        header(tmp_path / "odd.gguf")


def test_what_is_not_there_is_said_so(tmp_path: Path) -> None:
    with pytest.raises(CorruptArtefact, match="No such file"):
        header(tmp_path / "none.gguf")
