"""An adapter's matrices in memory, and the files they are kept in.

In memory the matrices of all adapted layers are stacked, which makes one optimiser step a handful
of operations; on disk they have PEFT's names, and llama.cpp's.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from pathlib import Path

import msgspec
import torch
from safetensors import SafetensorError
from safetensors.torch import load, save
from torch import Tensor

from northloop.adapters.embedded.adapter_gguf import AdapterFacts, write_gguf
from northloop.adapters.embedded.llama_lora import LayerLora, Model, Shape
from northloop.core.artefacts import TuneSpec
from northloop.core.decoding import decoded
from northloop.core.errors import CorruptArtefact, InputError

PROJECTIONS = ("q", "k", "v", "o")
WEIGHTS_FILE = "adapter_model.safetensors"
CONFIG_FILE = "adapter_config.json"
GGUF_FILE = "adapter.gguf"


class PeftConfig(msgspec.Struct, frozen=True, kw_only=True):
    """The fields of PEFT's `adapter_config.json` that this adapter has a say in."""

    base_model_name_or_path: str
    r: int
    lora_alpha: int
    layers_to_transform: list[int]
    target_modules: tuple[str, ...] = ("k_proj", "o_proj", "q_proj", "v_proj")
    peft_type: str = "LORA"
    task_type: str = "CAUSAL_LM"
    bias: str = "none"
    lora_dropout: float = 0.0
    fan_in_fan_out: bool = False
    inference_mode: bool = True
    init_lora_weights: bool = True


class Adapter(msgspec.Struct, frozen=True, kw_only=True):
    """The matrices: `"q.a"` (N, r, inputs), `"q.b"` (N, outputs, r), and so for k, v and o."""

    matrices: dict[str, Tensor]
    rank: int
    alpha: int
    first_layer: int


def fresh(shape: Shape, spec: TuneSpec) -> Adapter:
    """Return an adapter that changes nothing yet: A uniform as in PEFT, B zero."""
    if not 0 <= spec.first_layer < shape.layers:
        raise InputError(
            f"first_layer is {spec.first_layer}, the model has {shape.layers} layers",
            where="tune",
            action=f"choose a number from 0 to {shape.layers - 1}",
        )
    source = torch.Generator().manual_seed(spec.seed)
    layers = shape.layers - spec.first_layer
    matrices: dict[str, Tensor] = {}
    for name, (inputs, outputs) in _sizes(shape).items():
        bound = 1 / math.sqrt(inputs)
        a = torch.rand(layers, spec.rank, inputs, generator=source)
        matrices[f"{name}.a"] = (2 * a - 1) * bound
        matrices[f"{name}.b"] = torch.zeros(layers, outputs, spec.rank)
    return Adapter(
        matrices=matrices, rank=spec.rank, alpha=spec.alpha, first_layer=spec.first_layer
    )


def _sizes(shape: Shape) -> dict[str, tuple[int, int]]:
    query, kv = shape.heads * shape.head_width, shape.kv_heads * shape.head_width
    return {
        "q": (shape.width, query),
        "k": (shape.width, kv),
        "v": (shape.width, kv),
        "o": (query, shape.width),
    }


def per_layer(adapter: Adapter, model: Model) -> list[LayerLora]:
    """Return what the arithmetic wants of each adapted layer; differentiable."""
    m, r, scale = adapter.matrices, adapter.rank, adapter.alpha / adapter.rank
    dtype = model.embedding.dtype
    norms = model.attention_norms[adapter.first_layer :, None]
    pad = torch.nn.functional.pad
    a_qkv = torch.cat([m["q.a"], m["k.a"], m["v.a"]], 1) * norms
    b_qkv = torch.cat(
        [pad(m["q.b"], (0, 2 * r)), pad(m["k.b"], (r, r)), pad(m["v.b"], (2 * r, 0))], 1
    )
    stacks = [a_qkv, b_qkv * scale, m["o.a"], m["o.b"] * scale]
    return [
        LayerLora(*parts) for parts in zip(*(s.to(dtype).unbind() for s in stacks), strict=True)
    ]


def write(adapter: Adapter, base: str, shape: Shape, folder: Path) -> dict[str, Path]:
    """Write the adapter's files and return them by name; the same adapter, the same bytes."""
    layers = range(adapter.first_layer, shape.layers)
    named = {
        f"base_model.model.model.layers.{layer}.self_attn.{name}_proj.lora_{side.upper()}.weight":
        adapter.matrices[f"{name}.{side}"][at].detach().contiguous()
        for at, layer in enumerate(layers)
        for name in PROJECTIONS
        for side in "ab"
    }  # fmt: skip
    config = PeftConfig(
        base_model_name_or_path=base,
        r=adapter.rank,
        lora_alpha=adapter.alpha,
        layers_to_transform=list(layers),
    )
    paths = {name: folder / name for name in (WEIGHTS_FILE, CONFIG_FILE, GGUF_FILE)}
    paths[WEIGHTS_FILE].write_bytes(save(named, {"format": "pt"}))
    paths[CONFIG_FILE].write_bytes(
        msgspec.json.format(msgspec.json.encode(config, order="sorted"), indent=2)
    )
    facts = AdapterFacts(alpha=float(adapter.alpha), heads=shape.heads, kv_heads=shape.kv_heads)
    matrices = {name: tensor.numpy() for name, tensor in named.items()}
    write_gguf(matrices, facts, paths[GGUF_FILE])
    return paths


def read(folder: Path, shape: Shape) -> Adapter:
    """Return the adapter that `write` wrote; CorruptArtefact if its files cannot be read."""
    try:
        config = decoded((folder / CONFIG_FILE).read_bytes(), PeftConfig)
        tensors = load((folder / WEIGHTS_FILE).read_bytes())
        matrices = _stacked(tensors, config.layers_to_transform)
    except (OSError, msgspec.DecodeError, SafetensorError, KeyError) as error:
        raise CorruptArtefact(
            f"the adapter cannot be read: {error}",
            where=str(folder),
            action="take another adapter, or train this one again",
        ) from error
    _check(matrices, config, shape, folder)
    return Adapter(
        matrices=matrices,
        rank=config.r,
        alpha=config.lora_alpha,
        first_layer=config.layers_to_transform[0],
    )


def _stacked(tensors: Mapping[str, Tensor], layers: list[int]) -> dict[str, Tensor]:
    return {
        f"{name}.{side}": torch.stack(
            [
                tensors[
                    f"base_model.model.model.layers.{layer}"
                    f".self_attn.{name}_proj.lora_{side.upper()}.weight"
                ]
                for layer in layers
            ]
        )
        for name in PROJECTIONS
        for side in "ab"
    }


def _check(matrices: Mapping[str, Tensor], config: PeftConfig, shape: Shape, folder: Path) -> None:
    layers = config.layers_to_transform
    fits = layers == list(range(layers[0], shape.layers)) and all(
        matrices[f"{name}.a"].shape[1:] == (config.r, inputs)
        and matrices[f"{name}.b"].shape[1:] == (outputs, config.r)
        for name, (inputs, outputs) in _sizes(shape).items()
    )
    if not fits:
        raise InputError(
            "the adapter was made for another base model",
            where=str(folder),
            action=f"use it with {config.base_model_name_or_path}",
        )
