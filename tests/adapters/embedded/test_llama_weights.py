"""The cache of converted models: what is used is what was written, whole, or it is made again."""

from __future__ import annotations

import json
import logging
import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest

from adapters.embedded.tiny_llama import Changes, sentence_keys, write_tiny_llama
from full_disk import files_of_at_most
from killing import killed_after, run
from northloop.adapters.embedded.llama_weights import converted, load_continuing, load_tokenizer
from northloop.adapters.embedded.llamacpp_process import LlamaProcess, ProcessSpec
from northloop.adapters.embedded.peft_trainer import PeftTrainer
from northloop.core.errors import ConfigurationError
from northloop.core.prompt import Rendered

FILES = ["config.json", "hashes.json", "model.safetensors", "tokenizer.json"]

CONVERTING = """
import sys
from pathlib import Path
import northloop.adapters.embedded.llama_weights as weights
stage, gguf, cache = sys.argv[1:]
def stopped(*arguments, **named):
    print("here", flush=True)
    while True:
        pass
if stage == "weights":
    def cut(tensors, path, about):
        path.write_bytes(b"half")
        stopped()
    weights.save_file = cut
elif stage == "tokenizer":
    weights._repair = stopped
else:
    weights.flush = stopped
weights.converted(Path(gguf), Path(cache))
"""


@pytest.fixture
def cache(tmp_path: Path) -> Path:
    return tmp_path / "cache"


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def flip(path: Path, start: int, count: int) -> None:
    data = bytearray(path.read_bytes())
    data[start : start + count] = bytes(255 - byte for byte in data[start : start + count])
    path.write_bytes(data)


def test_a_converted_model_is_loaded_without_transformers(tiny_gguf: Path, cache: Path) -> None:
    """It takes longer to import than most of what follows."""
    loading = (
        "import sys, torch; from pathlib import Path;"
        "from northloop.adapters.embedded.peft_trainer import PeftTrainer;"
        "PeftTrainer(*map(Path, sys.argv[1:]))._model; print('transformers' in sys.modules)"
    )
    converted(tiny_gguf, cache)
    assert run(loading, tiny_gguf, cache).stdout.split() == ["False"]


def test_it_is_made_once(tiny_gguf: Path, cache: Path, caplog: pytest.LogCaptureFixture) -> None:
    folder = converted(tiny_gguf, cache)
    assert sorted(contents(folder)) == FILES
    made = (folder / "model.safetensors").stat().st_ino
    assert converted(tiny_gguf, cache) == folder
    assert (folder / "model.safetensors").stat().st_ino == made
    assert [*cache.iterdir()] == [folder]
    assert not caplog.records


@pytest.mark.parametrize("name", FILES)
def test_flipped_bytes_are_noticed_said_and_mended(
    tiny_gguf: Path, cache: Path, name: str, caplog: pytest.LogCaptureFixture
) -> None:
    folder = converted(tiny_gguf, cache)
    sound = contents(folder)
    flip(folder / name, (folder / name).stat().st_size // 2, 4000)
    with caplog.at_level(logging.WARNING, "northloop.models"):
        assert converted(tiny_gguf, cache) == folder
    assert contents(folder) == sound
    [said] = caplog.messages
    assert "damaged" in said
    assert str(folder) in said
    assert [*cache.iterdir()] == [folder]


def test_a_trainer_does_not_read_what_is_damaged(
    tiny_gguf: Path, cache: Path, rows: list[Rendered]
) -> None:
    before = PeftTrainer(tiny_gguf, cache).losses(None, rows)
    flip(converted(tiny_gguf, cache) / "model.safetensors", 100_000, 4000)
    assert PeftTrainer(tiny_gguf, cache).losses(None, rows) == before


@pytest.mark.parametrize("spoil", ["cut", "missing", "empty list", "list of nothing", "emptied"])
def test_what_is_not_whole_never_counts(tiny_gguf: Path, cache: Path, spoil: str) -> None:
    folder = converted(tiny_gguf, cache)
    sound = contents(folder)
    weights, hashes = folder / "model.safetensors", folder / "hashes.json"
    match spoil:
        case "cut":
            weights.write_bytes(sound["model.safetensors"][:50_000])
        case "missing":
            weights.unlink()
        case "empty list":
            hashes.write_bytes(b"{}")
        case "list of nothing":
            hashes.write_bytes(b"")
        case "emptied":
            shutil.rmtree(folder)
            folder.mkdir()
    assert contents(converted(tiny_gguf, cache)) == sound


def test_weights_laid_beside_it_are_not_read(tiny_gguf: Path, cache: Path, tmp_path: Path) -> None:
    other = converted(write_tiny_llama(tmp_path / "other.gguf", seed=1), tmp_path / "others")
    row = [Rendered("<|im_start|>user\nhello<|im_end|>\n", "there")]
    before = PeftTrainer(tiny_gguf, cache).losses(None, row)
    shutil.copy(other / "model.safetensors", converted(tiny_gguf, cache) / "zzz.safetensors")
    assert PeftTrainer(tiny_gguf, cache).losses(None, row) == before


@pytest.mark.parametrize("stage", ["weights", "tokenizer", "flushing"])
def test_a_conversion_that_was_killed_leaves_nothing_that_counts(
    tiny_gguf: Path, cache: Path, stage: str
) -> None:
    killed_after(1, CONVERTING, stage, str(tiny_gguf), str(cache))
    [half] = cache.iterdir()
    assert half.name.endswith(".unfinished")
    folder = converted(tiny_gguf, cache)
    assert [*cache.iterdir()] == [folder]
    assert sorted(contents(folder)) == FILES


@pytest.mark.parametrize("size_bytes", [0, 2000, 60_000])
def test_a_full_disk_is_said_and_nothing_is_left(
    tiny_gguf: Path, cache: Path, size_bytes: int
) -> None:
    with (
        files_of_at_most(size_bytes),
        pytest.raises(ConfigurationError, match="the disk is full") as said,
    ):
        converted(tiny_gguf, cache)
    assert "GB" in str(said.value)
    assert said.value.where == str(cache)
    assert not [*cache.iterdir()]
    assert sorted(contents(converted(tiny_gguf, cache))) == FILES


def test_a_full_disk_while_mending_takes_nothing_sound_away(tiny_gguf: Path, cache: Path) -> None:
    folder = converted(tiny_gguf, cache)
    flip(folder / "model.safetensors", 100_000, 4000)
    with files_of_at_most(2000), pytest.raises(ConfigurationError, match="the disk is full"):
        converted(tiny_gguf, cache)
    assert [*cache.iterdir()] == [folder], "the damaged one is noticed again next time"


def test_those_who_ask_together_get_the_same(tiny_gguf: Path, cache: Path) -> None:
    with ThreadPoolExecutor(4) as pool:
        folders = [*pool.map(lambda _: converted(tiny_gguf, cache), range(4))]
    assert len(set(folders)) == 1
    assert [*cache.iterdir()] == [folders[0]]


def test_a_cache_that_cannot_be_written_is_named(tiny_gguf: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(ConfigurationError, match="cannot be written") as said:
        converted(tiny_gguf, tmp_path / "file" / "cache")
    assert said.value.action


def test_the_hashes_are_of_the_files(tiny_gguf: Path, cache: Path) -> None:
    folder = converted(tiny_gguf, cache)
    kept = json.loads((folder / "hashes.json").read_bytes())
    assert sorted(kept) == [name for name in FILES if name != "hashes.json"]


@pytest.mark.parametrize(
    ("keys", "begins"),
    [
        ({"tokenizer.ggml.pre": "llama-bpe", "tokenizer.ggml.add_bos_token": None}, [1]),
        ({"tokenizer.ggml.pre": "llama-bpe", "tokenizer.ggml.add_bos_token": False}, []),
        ({"tokenizer.ggml.add_bos_token": None}, []),
        ({"tokenizer.ggml.add_bos_token": True}, [1]),
    ],
)
def test_a_text_begins_as_in_llama_cpp(
    tmp_path: Path, cache: Path, keys: dict[str, object], begins: list[int]
) -> None:
    gguf = write_tiny_llama(tmp_path / "own.gguf", changes=Changes(keys=keys))
    tokenizer = load_tokenizer(converted(gguf, cache))
    text = tokenizer.encode("the", add_special_tokens=False).ids
    assert tokenizer.encode("the").ids == begins + text


TURNS = (
    "[INST] Where is the  tent?\nThe é [/INST] It</s>[INST]U[/INST]",
    "[INST]السلام عليكم[/INST]",
    "  The",
    "x</s>",
    "",
)


@pytest.mark.parametrize(
    ("keys", "begins"),
    [
        ({}, "<s>▁x"),
        ({"tokenizer.ggml.add_space_prefix": False}, "<s>x"),
        ({"tokenizer.ggml.add_bos_token": False}, "▁x"),
    ],
)
def test_sentence_pieces_are_cut_as_in_llama_cpp(
    tmp_path: Path, cache: Path, keys: dict[str, object], begins: str
) -> None:
    gguf = write_tiny_llama(tmp_path / "own.gguf", changes=Changes(keys=sentence_keys(**keys)))
    tokenizer = load_tokenizer(converted(gguf, cache))
    assert "".join(tokenizer.encode("x").tokens) == begins
    process = LlamaProcess(ProcessSpec(base=str(gguf)))
    try:
        for text in TURNS:
            asked = {"content": text, "add_special": True, "parse_special": True}
            answer = httpx.post(
                f"{process.url}/tokenize",
                json=asked,
                headers={"Authorization": f"Bearer {process.key}"},
            )
            assert answer.json()["tokens"] == tokenizer.encode(text).ids
    finally:
        process.close()


def test_what_goes_on_begins_with_nothing_of_its_own(tmp_path: Path, cache: Path) -> None:
    gguf = write_tiny_llama(tmp_path / "own.gguf", changes=Changes(keys=sentence_keys()))
    tokenizer = load_continuing(converted(gguf, cache))
    assert tokenizer.encode(" The</s>").tokens == ["▁The", "</s>"]
    assert tokenizer.encode("The é").tokens == ["T", "he", "▁", "<0xC3>", "<0xA9>"]


def test_what_goes_on_begins_as_it_did_where_nothing_was_put_before_it(
    tiny_gguf: Path, cache: Path
) -> None:
    folder = converted(tiny_gguf, cache)
    for text in ("the<|im_end|>", " the", "\n"):
        before = load_tokenizer(folder).encode(text, add_special_tokens=False)
        assert load_continuing(folder).encode(text).ids == before.ids
