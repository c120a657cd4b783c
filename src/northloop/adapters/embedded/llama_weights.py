"""A Llama-architecture GGUF as Transformers sees it, and as the trainer's arithmetic wants it.

The quantised file is dequantised once by Transformers and kept in a cache directory, so that what
is trained is the very model that is served: the adapter learns around the quantisation's errors.
"""

from __future__ import annotations

import contextlib
import io
import shutil
import tempfile
import warnings
from collections.abc import Iterator, Mapping
from pathlib import Path

import torch
from gguf import GGUFReader, ReaderField
from safetensors import SafetensorError
from safetensors.torch import load_file
from tokenizers import Regex, Tokenizer, pre_tokenizers, processors
from torch import Tensor
from transformers import AutoTokenizer, LlamaConfig, LlamaForCausalLM
from transformers.models.llama.modeling_llama import LlamaRotaryEmbedding
from transformers.utils import logging as transformers_logging

from northloop.adapters.embedded.llama_lora import LayerWeights, Model, Shape
from northloop.core.errors import CorruptArtefact, InputError
from northloop.core.ids import file_hash

FORMAT = "1"
"""Changes when what lies in the cache changes."""

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


def converted(base_gguf: Path, cache_dir: Path) -> Path:
    """Return the directory of the dequantised float32 model, made if it is not there yet.

    InputError for another architecture, CorruptArtefact for a file that is no GGUF.
    """
    target = cache_dir / f"{file_hash(base_gguf)[:16]}-{FORMAT}"
    if target.exists():
        return target
    cache_dir.mkdir(parents=True, exist_ok=True)
    made = Path(tempfile.mkdtemp(dir=cache_dir, suffix=".part"))
    try:
        _convert(base_gguf, made)
        with contextlib.suppress(OSError):  # somebody else was faster, and made the same
            made.rename(target)
    finally:
        shutil.rmtree(made, ignore_errors=True)
    return target


def _convert(base_gguf: Path, folder: Path) -> None:
    place = {"pretrained_model_name_or_path": str(base_gguf.parent), "gguf_file": base_gguf.name}
    with quiet():
        try:
            model = LlamaForCausalLM.from_pretrained(**place, dtype=torch.float32)
            tokenizer = AutoTokenizer.from_pretrained(**place)
        except (OSError, ValueError, KeyError, RuntimeError) as error:
            raise CorruptArtefact(
                f"Transformers cannot read this GGUF: {error}",
                where=str(base_gguf),
                action="give a Llama-architecture GGUF file, or fetch it again",
            ) from error
        if model.config.model_type != "llama":
            raise InputError(
                f"the architecture is {model.config.model_type}, only llama can be tuned",
                where=str(base_gguf),
                action="take a Llama or Mistral model",
            )
        _fresh(model).save_pretrained(folder)
    backend = tokenizer.backend_tokenizer
    _repair(backend, base_gguf)
    backend.save(str(folder / "tokenizer.json"))


def _fresh(model: LlamaForCausalLM) -> LlamaForCausalLM:
    """Return the model without the memory of having been quantised, which forbids saving it."""
    settings = model.config.to_dict()
    settings.pop("quantization_config", None)
    fresh = LlamaForCausalLM(LlamaConfig.from_dict(settings))
    fresh.load_state_dict(model.state_dict())
    return fresh


def _repair(tokenizer: Tokenizer, base_gguf: Path) -> None:
    """Give the tokenizer what Transformers does not carry over: pre-tokenizer and first token.

    Without this, numbers would be split otherwise in training than in serving.
    """
    fields = GGUFReader(base_gguf).fields
    pre = _field(fields, "tokenizer.ggml.pre", "")
    if pre in _PRE_TOKENIZERS:
        tokenizer.pre_tokenizer = pre_tokenizers.Sequence(_PRE_TOKENIZERS[pre])
    if _field(fields, "tokenizer.ggml.add_bos_token", False):
        first = int(_field(fields, "tokenizer.ggml.bos_token_id", 0))
        token = tokenizer.id_to_token(first)
        tokenizer.post_processor = processors.TemplateProcessing(
            single=f"{token} $A", special_tokens=[(token, first)]
        )


def _field(fields: Mapping[str, ReaderField], name: str, default: str | bool | int) -> str | int:
    return fields[name].contents() if name in fields else default


@contextlib.contextmanager
def quiet() -> Iterator[None]:
    """Keep Transformers from drawing bars and giving advice; put back how it was afterwards."""
    verbosity, bars = (
        transformers_logging.get_verbosity(),
        transformers_logging.is_progress_bar_enabled(),
    )
    transformers_logging.set_verbosity_error()
    transformers_logging.disable_progress_bar()
    try:
        # Some bars do not listen to the above, and some warnings concern the libraries alone.
        with contextlib.redirect_stderr(io.StringIO()), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        transformers_logging.set_verbosity(verbosity)
        if bars:
            transformers_logging.enable_progress_bar()


def load_tokenizer(folder: Path) -> Tokenizer:
    """Return the tokenizer of a converted model."""
    return Tokenizer.from_file(str(folder / "tokenizer.json"))


def load_model(folder: Path, dtype: torch.dtype) -> Model:
    """Return a converted model for `llama_lora`."""
    config = LlamaConfig.from_pretrained(folder)
    tensors = _tensors(folder)
    embedding = tensors["model.embed_tokens.weight"]
    rotary = LlamaRotaryEmbedding(config=config)
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
        inverse_frequencies=rotary.inv_freq,
        rope_scale=float(rotary.attention_scaling),
    )


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
    tensors: dict[str, Tensor] = {}
    for part in sorted(folder.glob("*.safetensors")):
        try:
            tensors |= load_file(part)
        except SafetensorError as error:
            raise CorruptArtefact(
                f"the converted model cannot be read: {error}",
                where=str(part),
                action=f"delete {folder} and run again",
            ) from error
    return tensors
