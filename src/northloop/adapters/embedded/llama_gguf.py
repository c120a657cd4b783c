"""What a Llama-architecture GGUF computes, read whole; what the trainer does not do is refused.

llama.cpp serves many variations of one architecture, and a file says by a key or by one more tensor
which of them it is. Training without one of them would tune another model than the one that is
served, silently. So every key of the architecture and every tensor is either understood or named in
an error.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from pathlib import Path

import msgspec
import torch
from gguf import GGUFReader, ReaderTensor, dequantize
from torch import Tensor

from northloop.core.errors import CorruptArtefact, InputError, NorthloopError

Value = str | int | float | bool | list[str] | list[int] | list[float]
Size = tuple[int, ...]

ARCHITECTURE = "llama"
_UNDERSTOOD = frozenset(
    {
        "context_length", "embedding_length", "block_count", "feed_forward_length", "vocab_size",
        "attention.head_count", "attention.head_count_kv", "attention.key_length",
        "attention.value_length", "attention.layer_norm_rms_epsilon", "attention.sliding_window",
        "rope.dimension_count", "rope.freq_base", "rope.scaling.type", "rope.scaling.factor",
        "rope.scale_linear",
    }
)  # fmt: skip
_CHANGES_NOTHING = frozenset(
    {"tensor_data_layout", "rope.scaling.original_context_length", "rope.scaling.finetuned"}
)
"""With the kinds of rope scaling that are computed here."""
_NEUTRAL: Mapping[str, tuple[Value, ...]] = {
    "attention.causal": (True,),
    "attention.scale": (0.0,),
    "attention.clamp_kqv": (0.0,),
    "attention.max_alibi_bias": (0.0,),
    "attn_logit_softcapping": (0.0,),
    "final_logit_softcapping": (0.0,),
    "logit_scale": (0.0, 1.0),
    "embedding_scale": (0.0, 1.0),
    "residual_scale": (0.0, 1.0),
    "rope.scaling.attn_factor": (1.0,),
    "expert_count": (0,),
    "expert_used_count": (0,),
    "pooling_type": (0,),
    "use_parallel_residual": (False,),
}
"""The values with which a key changes nothing; llama.cpp reads 0 as "not set" for the scales."""
ROPE_FACTORS = "rope_freqs.weight"
_LAYER = {
    "attn_norm": "input_layernorm",
    "attn_q": "self_attn.q_proj",
    "attn_k": "self_attn.k_proj",
    "attn_v": "self_attn.v_proj",
    "attn_output": "self_attn.o_proj",
    "ffn_norm": "post_attention_layernorm",
    "ffn_gate": "mlp.gate_proj",
    "ffn_up": "mlp.up_proj",
    "ffn_down": "mlp.down_proj",
}
_TOP = {
    "token_embd.weight": "model.embed_tokens.weight",
    "output_norm.weight": "model.norm.weight",
    "output.weight": "lm_head.weight",
}
_ANOTHER_BASE = (
    "tune another base: a dense Llama or Mistral model (set training.base to its .gguf file)"
)
_FETCH_AGAIN = "fetch the file again, or convert it again with llama.cpp's convert_hf_to_gguf.py"


class Facts(msgspec.Struct, frozen=True, kw_only=True):
    """The sizes and constants of a Llama model."""

    layers: int
    width: int
    hidden: int
    heads: int
    kv_heads: int
    head_width: int
    vocabulary: int
    context: int
    norm_eps: float
    rope_base: float
    rope_divisors: tuple[float, ...]
    """What each inverse frequency is divided by; empty where it is by 1."""
    tied: bool
    """The head is the embedding."""


class LlamaFile:
    """An open GGUF file of a Llama model; reading its tensors dequantises them one at a time."""

    def __init__(self, path: Path) -> None:
        """CorruptArtefact if the file is no GGUF or incomplete.

        InputError, naming the key or tensor, if it asks for a computation that is not done here.
        """
        self._path = path
        self._reader = _opened(path)
        self._check_kind()
        self._check_keys()
        self._shapes = {t.name: tuple(map(int, reversed(t.shape))) for t in self._reader.tensors}
        self.facts = self._facts()
        self._check_tensors()

    def field(self, name: str, default: Value) -> Value:
        """Return the value of a key."""
        if name not in self._reader.fields:
            return default
        found: Value = self._reader.fields[name].contents()
        return found

    @property
    def float32_bytes(self) -> int:
        """What its tensors take once they are dequantised."""
        return 4 * sum(math.prod(shape) for shape in self._shapes.values())

    def tensors(self) -> Iterator[tuple[str, Tensor]]:
        """Yield each float32 tensor by the name that Transformers gives it, in its layout."""
        for tensor in self._reader.tensors:
            if tensor.name == ROPE_FACTORS:
                continue
            yield _transformers_name(tensor.name), self._in_halves(tensor.name, self._read(tensor))

    def _read(self, tensor: ReaderTensor) -> Tensor:
        try:
            values = dequantize(tensor.data, tensor.tensor_type)
        except (NotImplementedError, ValueError) as error:
            raise self._unlike(
                f"tensor {tensor.name} is stored in a way that cannot be read: {error}",
                "take the model in another quantisation, such as Q8_0 or Q4_K_M",
            ) from error
        return torch.tensor(values, dtype=torch.float32)

    def _in_halves(self, name: str, rows: Tensor) -> Tensor:
        """Return queries and keys as Transformers rotates them: halves of a head, not pairs."""
        if not name.endswith((".attn_q.weight", ".attn_k.weight")):
            return rows
        split = rows.view(-1, self.facts.head_width // 2, 2, rows.shape[1])
        return split.transpose(1, 2).reshape(rows.shape)

    def _check_kind(self) -> None:
        kind = self.field("general.type", "model")
        if kind != "model":
            raise self._unlike(
                f'this is no model: general.type is "{kind}"', "give the base model's own file"
            )
        found = self.field("general.architecture", "")
        if found != ARCHITECTURE:
            raise self._unlike(
                f'general.architecture is "{found}", only "{ARCHITECTURE}" can be tuned',
                _ANOTHER_BASE,
            )
        if self._number("split.count", 0) > 1:
            raise self._unlike(
                f"this is one of {self.field('split.count', 0)} parts of a model (split.count)",
                "put them together first: llama-gguf-split --merge FIRST_PART WHOLE.gguf",
            )

    def _check_keys(self) -> None:
        for key in self._reader.fields:
            name = key.removeprefix(f"{ARCHITECTURE}.")
            if name == key or name in _UNDERSTOOD or name in _CHANGES_NOTHING:
                continue
            if self.field(key, "") not in _NEUTRAL.get(name, ()):
                raise self._unlike(
                    f"its key {key} = {_brief(self.field(key, ''))} asks for a computation that "
                    "training does not do",
                    _ANOTHER_BASE,
                )

    def _facts(self) -> Facts:
        width, heads = self._size("embedding_length"), self._size("attention.head_count")
        embedding = self._shapes.get("token_embd.weight", (0, 0))
        facts = Facts(
            layers=self._size("block_count"),
            width=width,
            hidden=self._size("feed_forward_length"),
            heads=heads,
            kv_heads=self._size("attention.head_count_kv", heads),
            head_width=self._size("attention.key_length", width // heads),
            vocabulary=self._size("vocab_size", embedding[0]),
            context=self._size("context_length"),
            norm_eps=self._positive("attention.layer_norm_rms_epsilon"),
            rope_base=self._positive("rope.freq_base", 10_000.0),
            rope_divisors=(),
            tied="output.weight" not in self._shapes,
        )
        if facts.heads % facts.kv_heads or facts.head_width % 2:
            raise self._damaged(
                f"{facts.heads} heads of {facts.head_width} with {facts.kv_heads} for keys "
                "do not fit each other"
            )
        self._check_heads(facts)
        return msgspec.structs.replace(facts, rope_divisors=self._divisors(facts))

    def _check_heads(self, facts: Facts) -> None:
        for name in ("attention.value_length", "rope.dimension_count"):
            if (found := self._size(name, facts.head_width)) != facts.head_width:
                raise self._unlike(
                    f"its key {ARCHITECTURE}.{name} = {found} differs from the width of a head "
                    f"({facts.head_width}), which training does not compute",
                    _ANOTHER_BASE,
                )
        window = self._number(f"{ARCHITECTURE}.attention.sliding_window", 0)
        if 0 < window < facts.context:
            raise self._unlike(
                f"its key {ARCHITECTURE}.attention.sliding_window = {window:g} is narrower than "
                "its context: training lets each token see all before it",
                _ANOTHER_BASE,
            )

    def _divisors(self, facts: Facts) -> tuple[float, ...]:
        """Return what llama.cpp divides the rotation's frequencies by: rope_freqs and a factor."""
        factor = self._rope_factor()
        factors = [1.0] * (facts.head_width // 2)
        for tensor in self._reader.tensors:
            if tensor.name == ROPE_FACTORS:
                factors = self._read(tensor).flatten().tolist()
        if len(factors) != facts.head_width // 2 or not all(0 < f < math.inf for f in factors):
            raise self._damaged(
                f"tensor {ROPE_FACTORS} must hold {facts.head_width // 2} positive numbers"
            )
        divisors = tuple(f * factor for f in factors)
        return () if all(d == 1.0 for d in divisors) else divisors

    def _rope_factor(self) -> float:
        kind = self.field(f"{ARCHITECTURE}.rope.scaling.type", "linear")
        if kind not in ("none", "linear"):
            raise self._unlike(
                f'its key {ARCHITECTURE}.rope.scaling.type = "{kind}" asks for a computation that '
                'training does not do; it does "none", "linear" and the tensor rope_freqs',
                _ANOTHER_BASE,
            )
        older = self._number(f"{ARCHITECTURE}.rope.scale_linear", 0.0)
        factor = self._number(f"{ARCHITECTURE}.rope.scaling.factor", older)
        if not 0 <= factor < math.inf:
            raise self._damaged(f"its rope.scaling.factor is {factor}")
        return 1.0 if kind == "none" or factor == 0 else factor

    def _check_tensors(self) -> None:
        expected = _expected(self.facts)
        for name in self._shapes:
            if name not in expected and name != ROPE_FACTORS:
                raise self._unlike(
                    f"its tensor {name} takes part in a computation that training does not do",
                    _ANOTHER_BASE,
                )
        for name, shape in expected.items():
            if (found := self._shapes.get(name)) != shape:
                raise self._damaged(
                    f"tensor {name} is missing"
                    if found is None
                    else f"tensor {name} is {found}, where the file's own sizes ask for {shape}"
                )

    def _size(self, name: str, default: int = 0) -> int:
        found = self._number(f"{ARCHITECTURE}.{name}", default)
        if found != int(found) or found < 1:
            raise self._damaged(f"its key {ARCHITECTURE}.{name} is missing or no size")
        return int(found)

    def _positive(self, name: str, default: float = 0.0) -> float:
        found = self._number(f"{ARCHITECTURE}.{name}", default)
        if not 0 < found < math.inf:
            raise self._damaged(f"its key {ARCHITECTURE}.{name} is missing or not positive")
        return found

    def _number(self, key: str, default: float) -> float:
        found = self.field(key, default)
        if isinstance(found, list) and found and all(one == found[0] for one in found):
            found = found[0]  # one value for each layer, all alike
        if isinstance(found, bool) or not isinstance(found, (int, float)):
            raise self._unlike(
                f"its key {key} = {_brief(found)} is not one number for all layers, which is all "
                "that training computes",
                _ANOTHER_BASE,
            )
        return found

    def _unlike(self, what: str, action: str) -> NorthloopError:
        return InputError(what, where=str(self._path), action=action)

    def _damaged(self, what: str) -> NorthloopError:
        return CorruptArtefact(what, where=str(self._path), action=_FETCH_AGAIN)


def _transformers_name(name: str) -> str:
    if name in _TOP:
        return _TOP[name]
    _, layer, part, _ = name.split(".")
    return f"model.layers.{layer}.{_LAYER[part]}.weight"


def _expected(facts: Facts) -> dict[str, Size]:
    """Return the shape of each tensor that a model of these sizes has."""
    queries, keys = facts.heads * facts.head_width, facts.kv_heads * facts.head_width
    width, hidden = facts.width, facts.hidden
    layer: dict[str, Size] = {
        "attn_norm": (width,),
        "attn_q": (queries, width),
        "attn_k": (keys, width),
        "attn_v": (keys, width),
        "attn_output": (width, queries),
        "ffn_norm": (width,),
        "ffn_gate": (hidden, width),
        "ffn_up": (hidden, width),
        "ffn_down": (width, hidden),
    }
    shapes: dict[str, Size] = {
        f"blk.{at}.{name}.weight": shape
        for at in range(facts.layers)
        for name, shape in layer.items()
    }
    shapes["token_embd.weight"] = (facts.vocabulary, width)
    shapes["output_norm.weight"] = (width,)
    if not facts.tied:
        shapes["output.weight"] = (facts.vocabulary, width)
    return shapes


def _opened(path: Path) -> GGUFReader:
    try:
        return GGUFReader(path)
    except (OSError, ValueError, KeyError, IndexError, OverflowError, MemoryError) as error:
        raise CorruptArtefact(
            f"this cannot be read as a GGUF file: {error}",
            where=str(path),
            action="give a Llama-architecture GGUF file, or fetch it again",
        ) from error


def _brief(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:57]}…"
