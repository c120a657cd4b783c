"""A PEFT adapter in the format that llama.cpp loads beside a base model.

llama.cpp rotates interleaved pairs of a head where Transformers rotates its two halves, so for the
Llama architecture the rows of the query and key matrices are in another order there; of an adapter
that concerns the outputs of q and k, that is, their B matrices.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

import gguf
import msgspec
import numpy as np
from numpy.typing import NDArray

Matrix = NDArray[np.float32]

_NAME = re.compile(r"\.layers\.(\d+)\.self_attn\.([qkvo])_proj\.lora_([AB])\.weight$")
_TENSORS = {"q": "attn_q", "k": "attn_k", "v": "attn_v", "o": "attn_output"}


class AdapterFacts(msgspec.Struct, frozen=True, kw_only=True):
    """What a file of the adapter must say besides its matrices."""

    alpha: float
    heads: int
    kv_heads: int


def write_gguf(matrices: Mapping[str, Matrix], facts: AdapterFacts, path: Path) -> None:
    """Write the adapter; `matrices` has PEFT's names. The same adapter gives the same bytes."""
    writer = gguf.GGUFWriter(path, "llama")
    writer.add_type("adapter")
    writer.add_string("adapter.type", "lora")
    writer.add_float32("adapter.lora.alpha", facts.alpha)
    for name in sorted(matrices, key=_parts):
        layer, projection, side = _parts(name)
        matrix = matrices[name]
        if side == "B" and projection in "qk":
            matrix = _interleaved(matrix, facts.heads if projection == "q" else facts.kv_heads)
        writer.add_tensor(
            f"blk.{layer}.{_TENSORS[projection]}.weight.lora_{side.lower()}",
            np.ascontiguousarray(matrix, dtype=np.float32),
        )
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def _parts(name: str) -> tuple[int, str, str]:
    found = _NAME.search(name)
    if found is None:
        raise ValueError(f"{name} is no LoRA matrix of an attention projection")
    return int(found[1]), found[2], found[3]


def _interleaved(rows: Matrix, heads: int) -> Matrix:
    """Return the rows of each head reordered from (half, pair) to (pair, half)."""
    return rows.reshape(heads, 2, -1, rows.shape[1]).swapaxes(1, 2).reshape(rows.shape)
