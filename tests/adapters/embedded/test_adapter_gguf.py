"""The adapter's GGUF file: what llama.cpp looks for in it, the same bytes each time."""

from __future__ import annotations

from pathlib import Path

import gguf
import numpy as np
import pytest

from northloop.adapters.embedded.adapter_gguf import AdapterFacts, write_gguf

FACTS = AdapterFacts(alpha=16.0, heads=2, kv_heads=1)


def matrices() -> dict[str, np.ndarray]:
    draws = np.random.default_rng(0)
    shapes = {"q": (8, 6), "k": (4, 6), "v": (4, 6), "o": (6, 8)}
    return {
        f"base_model.model.model.layers.{layer}.self_attn.{name}_proj.lora_{side}.weight": (
            draws.normal(size=(3, inputs) if side == "A" else (outputs, 3)).astype("f4")
        )
        for layer in (1, 0)
        for name, (outputs, inputs) in shapes.items()
        for side in "BA"
    }


def test_the_file_says_what_llama_cpp_reads(tmp_path: Path) -> None:
    write_gguf(matrices(), FACTS, tmp_path / "a.gguf")
    reader = gguf.GGUFReader(tmp_path / "a.gguf")
    facts = {name: field.contents() for name, field in reader.fields.items()}
    assert facts["general.architecture"] == "llama"
    assert facts["general.type"] == "adapter"
    assert facts["adapter.type"] == "lora"
    assert facts["adapter.lora.alpha"] == 16.0
    kept = {tensor.name: np.array(tensor.data) for tensor in reader.tensors}
    assert len(kept) == 16
    given = matrices()
    prefix = "base_model.model.model.layers.1.self_attn."
    for name, theirs in (("v", "attn_v"), ("o", "attn_output")):
        for side in "AB":
            np.testing.assert_array_equal(
                kept[f"blk.1.{theirs}.weight.lora_{side.lower()}"],
                given[f"{prefix}{name}_proj.lora_{side}.weight"],
            )
    # Row i of a head's first half and of its second half become neighbours.
    order = [0, 2, 1, 3, 4, 6, 5, 7]
    np.testing.assert_array_equal(
        kept["blk.1.attn_q.weight.lora_b"], given[f"{prefix}q_proj.lora_B.weight"][order]
    )
    np.testing.assert_array_equal(
        kept["blk.1.attn_k.weight.lora_b"], given[f"{prefix}k_proj.lora_B.weight"][order[:4]]
    )
    np.testing.assert_array_equal(
        kept["blk.1.attn_q.weight.lora_a"], given[f"{prefix}q_proj.lora_A.weight"]
    )


def test_the_same_adapter_gives_the_same_bytes(tmp_path: Path) -> None:
    given = matrices()
    write_gguf(given, FACTS, tmp_path / "a.gguf")
    write_gguf(dict(reversed(given.items())), FACTS, tmp_path / "b.gguf")
    assert (tmp_path / "a.gguf").read_bytes() == (tmp_path / "b.gguf").read_bytes()


def test_other_matrices_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="no LoRA matrix of an attention projection"):
        write_gguf({"layers.0.mlp.up_proj.lora_A.weight": np.ones((1, 1), "f4")}, FACTS, tmp_path)
