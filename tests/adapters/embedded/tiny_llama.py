"""A Llama of two layers with random weights, in a GGUF file."""

from __future__ import annotations

from pathlib import Path

import gguf
import numpy as np

LAYERS, WIDTH, HEADS, KV_HEADS, HIDDEN, CONTEXT = 2, 64, 4, 2, 128, 512
SPECIAL = ["<|endoftext|>", "<|im_start|>", "<|im_end|>"]
MERGES = ["t h", "th e"]
NORMAL, CONTROL = 1, 3


def write_tiny_llama(path: Path, seed: int = 0) -> Path:
    """Write the model and return its path; the same seed gives the same model."""
    draws = np.random.default_rng(seed)

    def matrix(rows: int, columns: int) -> np.ndarray:
        return draws.normal(0, 1.5 / np.sqrt(columns), (rows, columns)).astype(np.float32)

    def norm() -> np.ndarray:
        return draws.normal(1, 0.1, WIDTH).astype(np.float32)

    tokens = vocabulary()
    writer = gguf.GGUFWriter(path, "llama")
    _describe(writer, tokens)
    kv_width = WIDTH // HEADS * KV_HEADS
    writer.add_tensor("token_embd.weight", draws.normal(0, 1, (len(tokens), WIDTH)).astype("f4"))
    for layer in range(LAYERS):
        for name, value in {
            "attn_norm": norm(),
            "attn_q": matrix(WIDTH, WIDTH),
            "attn_k": matrix(kv_width, WIDTH),
            "attn_v": matrix(kv_width, WIDTH),
            "attn_output": matrix(WIDTH, WIDTH),
            "ffn_norm": norm(),
            "ffn_gate": matrix(HIDDEN, WIDTH),
            "ffn_up": matrix(HIDDEN, WIDTH),
            "ffn_down": matrix(WIDTH, HIDDEN),
        }.items():
            writer.add_tensor(f"blk.{layer}.{name}.weight", value)
    writer.add_tensor("output_norm.weight", norm())
    writer.add_tensor("output.weight", matrix(len(tokens), WIDTH))
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


def _describe(writer: gguf.GGUFWriter, tokens: list[str]) -> None:
    writer.add_name("tiny")
    writer.add_block_count(LAYERS)
    writer.add_context_length(CONTEXT)
    writer.add_embedding_length(WIDTH)
    writer.add_feed_forward_length(HIDDEN)
    writer.add_head_count(HEADS)
    writer.add_head_count_kv(KV_HEADS)
    writer.add_rope_dimension_count(WIDTH // HEADS)
    writer.add_rope_freq_base(10000.0)
    writer.add_layer_norm_rms_eps(1e-5)
    writer.add_vocab_size(len(tokens))
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre("smollm")
    writer.add_token_list(tokens)
    writer.add_token_types([CONTROL] * len(SPECIAL) + [NORMAL] * (len(tokens) - len(SPECIAL)))
    writer.add_token_merges(MERGES)
    writer.add_bos_token_id(1)
    writer.add_eos_token_id(2)
    writer.add_unk_token_id(0)
    writer.add_pad_token_id(2)
    writer.add_add_bos_token(False)
