"""A Llama of two layers with random weights, in a GGUF file."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

import gguf
import numpy as np

LAYERS, WIDTH, HEADS, KV_HEADS, HIDDEN, CONTEXT = 2, 64, 4, 2, 128, 512
SPECIAL = ["<|endoftext|>", "<|im_start|>", "<|im_end|>"]
MERGES = ["t h", "th e"]
NORMAL, CONTROL = 1, 3


class Changes(NamedTuple):
    """What a file has that the plain model has not."""

    keys: Mapping[str, object] = {}
    """Key → value; None for one that is left out."""
    tensors: Mapping[str, np.ndarray | None] = {}
    """Tensor → values; None for one that is left out."""
    head_width: int = WIDTH // HEADS
    blocks: gguf.GGMLQuantizationType | None = None
    """What the layers' matrices are quantised to."""


PLAIN = Changes()


def write_tiny_llama(path: Path, seed: int = 0, changes: Changes = PLAIN) -> Path:
    """Write the model and return its path; the same seed gives the same model."""
    draws = np.random.default_rng(seed)

    def matrix(rows: int, columns: int) -> np.ndarray:
        return draws.normal(0, 1.5 / np.sqrt(columns), (rows, columns)).astype(np.float32)

    def norm() -> np.ndarray:
        return draws.normal(1, 0.1, WIDTH).astype(np.float32)

    tokens = changes.keys.get("tokenizer.ggml.tokens", vocabulary())
    assert isinstance(tokens, list)
    queries, keys = HEADS * changes.head_width, KV_HEADS * changes.head_width
    tensors = {"token_embd.weight": draws.normal(0, 1, (len(tokens), WIDTH)).astype("f4")}
    for layer in range(LAYERS):
        for name, value in {
            "attn_norm": norm(),
            "attn_q": matrix(queries, WIDTH),
            "attn_k": matrix(keys, WIDTH),
            "attn_v": matrix(keys, WIDTH),
            "attn_output": matrix(WIDTH, queries),
            "ffn_norm": norm(),
            "ffn_gate": matrix(HIDDEN, WIDTH),
            "ffn_up": matrix(HIDDEN, WIDTH),
            "ffn_down": matrix(WIDTH, HIDDEN),
        }.items():
            tensors[f"blk.{layer}.{name}.weight"] = value
    tensors["output_norm.weight"] = norm()
    tensors["output.weight"] = matrix(len(tokens), WIDTH)
    kind = changes.keys.get("general.architecture", "llama")
    writer = gguf.GGUFWriter(path, str(kind))
    _describe(writer, tokens, changes)
    for name, values in {**tensors, **changes.tensors}.items():
        if values is None:
            continue
        if changes.blocks is not None and name.startswith("blk.") and values.ndim > 1:
            values = gguf.quantize(values, changes.blocks)
            writer.add_tensor(name, values, raw_dtype=changes.blocks)
        else:
            writer.add_tensor(name, values)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return path


def vocabulary() -> list[str]:
    """Return control tokens, ASCII as byte-level BPE writes it (Ġ space, Ċ line feed), and merges.

    Every token is whole characters, so that whatever the model says can be read.
    """
    characters = [chr(code) for code in range(33, 127)] + ["Ġ", "Ċ"]
    return [*SPECIAL, *characters, *(merge.replace(" ", "") for merge in MERGES)]


SENTENCE_SPECIAL = ["<unk>", "<s>", "</s>", "[INST]", "[/INST]"]
UNKNOWN, BYTE = 2, 6


def sentence_keys(**more: object) -> dict[str, object]:
    """Return keys of a SentencePiece vocabulary with Mistral's control tokens."""
    bytes_ = [f"<0x{byte:02X}>" for byte in range(256)]
    words = ["▁t", "▁th", "▁the", "th", "he", "▁T", "▁Th", "▁The"]
    said = [*words, "▁", *map(chr, range(33, 127))]
    tokens = [*SENTENCE_SPECIAL, *bytes_, *said]
    kinds = [UNKNOWN, *[CONTROL] * 4, *[BYTE] * 256, *[NORMAL] * len(said)]
    scores = [*[0.0] * (len(tokens) - len(said)), *[-1.0 - at for at in range(len(said))]]
    return {
        "llama.vocab_size": len(tokens),
        "tokenizer.ggml.model": "llama",
        "tokenizer.ggml.pre": None,
        "tokenizer.ggml.tokens": tokens,
        "tokenizer.ggml.token_type": kinds,
        "tokenizer.ggml.scores": scores,
        "tokenizer.ggml.merges": None,
        "tokenizer.ggml.add_bos_token": None,
        **more,
    }


def _describe(writer: gguf.GGUFWriter, tokens: list[str], changes: Changes) -> None:
    plain: dict[str, object] = {
        "general.name": "tiny",
        "llama.block_count": LAYERS,
        "llama.context_length": CONTEXT,
        "llama.embedding_length": WIDTH,
        "llama.feed_forward_length": HIDDEN,
        "llama.attention.head_count": HEADS,
        "llama.attention.head_count_kv": KV_HEADS,
        "llama.rope.dimension_count": changes.head_width,
        "llama.rope.freq_base": 10000.0,
        "llama.attention.layer_norm_rms_epsilon": 1e-5,
        "llama.vocab_size": len(tokens),
        "tokenizer.ggml.model": "gpt2",
        "tokenizer.ggml.pre": "smollm",
        "tokenizer.ggml.tokens": tokens,
        "tokenizer.ggml.token_type": [CONTROL if token in SPECIAL else NORMAL for token in tokens],
        "tokenizer.ggml.merges": MERGES,
        "tokenizer.ggml.bos_token_id": 1,
        "tokenizer.ggml.eos_token_id": 2,
        "tokenizer.ggml.unknown_token_id": 0,
        "tokenizer.ggml.padding_token_id": 2,
        "tokenizer.ggml.add_bos_token": False,
    }
    for key, value in {**plain, **changes.keys}.items():
        if value is not None and key != "general.architecture":
            _add(writer, key, value)


def _add(writer: gguf.GGUFWriter, key: str, value: object) -> None:
    match value:
        case bool():
            writer.add_bool(key, value)
        case int():
            writer.add_uint32(key, value)
        case float():
            writer.add_float32(key, value)
        case str():
            writer.add_string(key, value)
        case list():
            writer.add_array(key, value)
