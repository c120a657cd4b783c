"""A Llama-architecture GGUF as the trainer's arithmetic wants it, kept as Transformers writes one.

The quantised file is dequantised once and kept in a cache directory, so that what is trained is the
very model that is served: the adapter learns around the quantisation's errors. The cache is checked
by its hashes when it is opened, since a model with a few wrong numbers trains as if it were right.
"""

from __future__ import annotations

import contextlib
import errno
import logging
import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path

import msgspec
import torch
from safetensors import SafetensorError
from safetensors.torch import load_file, save_file
from tokenizers import Regex, Tokenizer, normalizers, pre_tokenizers, processors
from torch import Tensor

from northloop.adapters.embedded.files import flush, locked
from northloop.adapters.embedded.llama_gguf import LlamaFile
from northloop.adapters.embedded.llama_lora import LayerWeights, Model, Shape
from northloop.core.decoding import decoded
from northloop.core.errors import ConfigurationError, CorruptArtefact
from northloop.core.ids import Hash, canonical, file_hash

FORMAT = "3"
"""Changes when what lies in the cache changes."""
_HASHES = "hashes.json"
"""Each other file of a converted model → its SHA-256; written last."""
_WEIGHTS, _CONFIG, _TOKENIZER = _FILES = ("model.safetensors", "config.json", "tokenizer.json")
_UNFINISHED = ".unfinished"
_FULL = tuple(os.strerror(code) for code in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG))

_log = logging.getLogger("northloop.models")

_LLAMA_3_WORDS = (
    r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}"
    r"| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
)
_PRE_TOKENIZERS = {
    "smollm": [
        pre_tokenizers.Digits(individual_digits=True),
        pre_tokenizers.ByteLevel(add_prefix_space=False),
    ],
    "llama-bpe": [
        pre_tokenizers.Split(Regex(_LLAMA_3_WORDS), "isolated"),
        pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False),
    ],
}
"""By the name that llama.cpp gives to a way of cutting text before byte-pair encoding."""
_SPACES = normalizers.Replace(" ", "▁")
_CONTINUED = normalizers.Sequence([_SPACES])
_PREFIXED = normalizers.Sequence([normalizers.Prepend("▁"), _SPACES])
"""Of a SentencePiece vocabulary: llama.cpp puts a space before all that follows a control token."""


class _Rope(msgspec.Struct, frozen=True):
    rope_theta: float
    long_factor: tuple[float, ...] = (1.0,)


class _Config(msgspec.Struct, frozen=True):
    """What `_CONFIG` says of sizes and constants, by the names that Transformers has for them."""

    num_hidden_layers: int
    hidden_size: int
    num_attention_heads: int
    num_key_value_heads: int
    head_dim: int
    rms_norm_eps: float
    rope_parameters: _Rope


def converted(base_gguf: Path, cache_dir: Path) -> Path:
    """Return the directory of the dequantised float32 model, made if it is not there yet.

    What is there is used if its bytes are those that were written; a damaged one is made again,
    with a warning. One process makes it while others wait. CorruptArtefact for a damaged file,
    InputError for a model that training does not compute, ConfigurationError if the disk is full.
    """
    target = cache_dir / f"{file_hash(base_gguf)[:16]}-{FORMAT}"
    if _is_whole(target):
        return target
    base = LlamaFile(base_gguf)
    with _disk_errors(cache_dir, base.float32_bytes):
        cache_dir.mkdir(parents=True, exist_ok=True)
        with locked(cache_dir):
            _clear(cache_dir)
            if not _is_whole(target):
                _make(base, base_gguf, target)
    return target


def _make(base: LlamaFile, base_gguf: Path, target: Path) -> None:
    if target.exists():
        _log.warning("%s is damaged: it is made again from %s", target, base_gguf)
    made = Path(tempfile.mkdtemp(dir=target.parent, suffix=_UNFINISHED))
    try:
        _convert(base, base_gguf, made)
        hashes = {name: file_hash(made / name) for name in _FILES}
        (made / _HASHES).write_bytes(canonical(hashes))
        for path in made.iterdir():
            flush(path)
        if target.exists():
            target.rename(made.with_name(f"{made.name}{_UNFINISHED}"))
        made.rename(target)
        flush(target.parent)
    finally:
        _clear(target.parent)


def _is_whole(folder: Path) -> bool:
    """Whether all that was written is there, byte for byte."""
    try:
        hashes = decoded((folder / _HASHES).read_bytes(), dict[str, Hash])
        return all(file_hash(folder / name) == hashes.get(name) for name in _FILES)
    except (OSError, msgspec.MsgspecError, UnicodeDecodeError):
        return False


def _clear(cache_dir: Path) -> None:
    """Remove what was left unfinished; whoever calls holds the lock, so nobody works on it."""
    for folder in cache_dir.glob(f"*{_UNFINISHED}"):
        shutil.rmtree(folder, ignore_errors=True)


@contextlib.contextmanager
def _disk_errors(cache_dir: Path, needed_bytes: int) -> Iterator[None]:
    """Say what is wrong with the disk; safetensors has its own error for it."""
    try:
        yield
    except (OSError, SafetensorError) as error:
        full = any(sign in str(error) for sign in _FULL)
        raise ConfigurationError(
            f"the disk is full: the converted base model takes {needed_bytes / 1e9:.1f} GB"
            if full
            else f"the converted base model cannot be written: {error}",
            where=str(cache_dir),
            action="free some space, or set XDG_CACHE_HOME to a larger disk, then try again"
            if full
            else "check the folder and who may read and write it",
        ) from error


def _convert(base: LlamaFile, base_gguf: Path, folder: Path) -> None:
    # Once for each base, and Transformers is slow to load.
    from northloop.adapters.embedded import llama_transformers  # noqa: PLC0415

    save_file(
        {name: tensor.contiguous() for name, tensor in base.tensors()},
        folder / _WEIGHTS,
        {"format": "pt"},
    )
    llama_transformers.config_of(base.facts).save_pretrained(folder)
    tokenizer = llama_transformers.tokenizer_of(base_gguf)
    _repair(tokenizer, base)
    tokenizer.save(str(folder / _TOKENIZER))


def _repair(tokenizer: Tokenizer, base: LlamaFile) -> None:
    """Give the tokenizer what Transformers does not carry over: pre-tokenizer and first token.

    Without this, numbers and the beginnings of turns would be split otherwise in training than in
    serving.
    """
    pre = str(base.field("tokenizer.ggml.pre", ""))
    of_sentences = base.field("tokenizer.ggml.model", "") == "llama"
    if of_sentences:
        begins_with_space = bool(base.field("tokenizer.ggml.add_space_prefix", True))
        tokenizer.normalizer = _PREFIXED if begins_with_space else _CONTINUED
        tokenizer.pre_tokenizer = pre_tokenizers.Sequence([])
    if pre in _PRE_TOKENIZERS:
        tokenizer.pre_tokenizer = pre_tokenizers.Sequence(_PRE_TOKENIZERS[pre])
    # As in llama.cpp: these kinds have a first token unless the file says that they have none.
    if base.field("tokenizer.ggml.add_bos_token", of_sentences or pre == "llama-bpe"):
        first = int(str(base.field("tokenizer.ggml.bos_token_id", 0)))
        token = tokenizer.id_to_token(first)
        tokenizer.post_processor = processors.TemplateProcessing(
            single=f"{token} $A", special_tokens=[(token, first)]
        )
    if pre == "llama-bpe":
        tokenizer.model.ignore_merges = True


def load_tokenizer(folder: Path) -> Tokenizer:
    """Return the tokenizer of a converted model."""
    return Tokenizer.from_file(str(folder / _TOKENIZER))


def load_continuing(folder: Path) -> Tokenizer:
    """Return the tokenizer for a text that goes on where another ended: nothing is put before it,
    neither a first token nor a space."""
    tokenizer = load_tokenizer(folder)
    tokenizer.post_processor = processors.Sequence([])
    if isinstance(tokenizer.normalizer, normalizers.Sequence):
        tokenizer.normalizer = _CONTINUED
    return tokenizer


def load_model(folder: Path, dtype: torch.dtype) -> Model:
    """Return a converted model for `llama_lora`."""
    config = decoded((folder / _CONFIG).read_bytes(), _Config)
    tensors = _tensors(folder)
    embedding = tensors["model.embed_tokens.weight"]
    prefixes = [f"model.layers.{i}." for i in range(config.num_hidden_layers)]
    return Model(
        shape=Shape(
            layers=config.num_hidden_layers,
            width=config.hidden_size,
            heads=config.num_attention_heads,
            kv_heads=config.num_key_value_heads,
            head_width=config.head_dim,
            norm_eps=config.rms_norm_eps,
        ),
        embedding=embedding.to(dtype),
        layers=tuple(_layer(tensors, prefix, dtype) for prefix in prefixes),
        attention_norms=torch.stack(
            [tensors[f"{prefix}input_layernorm.weight"] for prefix in prefixes]
        ),
        head=(tensors.get("lm_head.weight", embedding) * tensors["model.norm.weight"]).to(dtype),
        inverse_frequencies=_inverse_frequencies(config),
    )


def _inverse_frequencies(config: _Config) -> Tensor:
    """Return what positions are multiplied by, as Transformers' `LlamaRotaryEmbedding` has it."""
    rope, width = config.rope_parameters, config.head_dim
    divisors = torch.tensor(rope.long_factor, dtype=torch.float32)
    powers = torch.arange(0, width, 2, dtype=torch.float32) / width
    found: Tensor = 1.0 / (divisors * rope.rope_theta**powers)
    return found


def _layer(tensors: Mapping[str, Tensor], prefix: str, dtype: torch.dtype) -> LayerWeights:
    def weight(name: str) -> Tensor:
        return tensors[f"{prefix}{name}.weight"]

    qkv = torch.cat([weight(f"self_attn.{name}_proj") for name in "qkv"])
    after = weight("post_attention_layernorm")
    return LayerWeights(
        qkv=(qkv * weight("input_layernorm")).to(dtype),
        output=weight("self_attn.o_proj").to(dtype),
        gate=(weight("mlp.gate_proj") * after).to(dtype),
        up=(weight("mlp.up_proj") * after).to(dtype),
        down=weight("mlp.down_proj").to(dtype),
    )


def _tensors(folder: Path) -> dict[str, Tensor]:
    try:
        return load_file(folder / _WEIGHTS)
    except SafetensorError as error:
        raise CorruptArtefact(
            f"the converted model cannot be read: {error}",
            where=str(folder / _WEIGHTS),
            action=f"delete {folder} and run again",
        ) from error
