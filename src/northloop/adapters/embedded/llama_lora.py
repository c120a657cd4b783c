"""The arithmetic of a Llama model with LoRA, on rows as `packed_rows` lays them out.

The frozen weights have no gradients, so the backward pass is written out by hand where that spares
memory traffic, which on a CPU costs more than the matrix products. Activations and weights are in
the model's dtype (bfloat16 for training), the residual stream, norms and adapters in float32.

Shapes: T distinct tokens, R rows, L longest row, H query heads, K key-value heads, D width of the
model, F width of the feed-forward layer, r rank. Knows nothing of text, files or optimisers.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import torch
from torch import Tensor
from torch.autograd.function import once_differentiable

from northloop.adapters.embedded.packed_rows import Group, Packed


class Shape(NamedTuple):
    """The sizes of a Llama model."""

    layers: int
    width: int
    heads: int
    kv_heads: int
    head_width: int
    norm_eps: float


class LayerWeights(NamedTuple):
    """The frozen matrices of one layer; a norm's weight is multiplied into what follows it.

    qkv (H+2K heads × head width, D), output (D, H × head width), gate and up (F, D), down (D, F).
    """

    qkv: Tensor
    output: Tensor
    gate: Tensor
    up: Tensor
    down: Tensor


class LayerLora(NamedTuple):
    """The adapter of one layer in the model's dtype, scale and norm multiplied in."""

    a_qkv: Tensor
    """(3r, D)"""
    b_qkv: Tensor
    """(H+2K heads × head width, 3r), zero outside its three blocks."""
    a_o: Tensor
    """(r, H × head width)"""
    b_o: Tensor
    """(D, r)"""


class Rope(NamedTuple):
    """Rotary tables (T, 1, head width); the first half of `sin` carries the minus sign."""

    cos: Tensor
    sin: Tensor

    def turn(self, heads: Tensor) -> Tensor:
        """Return (T, n, head width) rotated by each token's position."""
        return torch.addcmul(heads * self.cos, _swapped(heads), self.sin)

    def turn_back(self, heads: Tensor) -> Tensor:
        """Return the inverse rotation, which is also the transposed one."""
        return torch.addcmul(heads * self.cos, _swapped(heads), self.sin, value=-1)


def _swapped(heads: Tensor) -> Tensor:
    return heads.roll(heads.shape[-1] // 2, -1)


class Model(NamedTuple):
    """A frozen Llama model, ready for packed rows."""

    shape: Shape
    embedding: Tensor
    """(V, D)"""
    layers: tuple[LayerWeights, ...]
    attention_norms: Tensor
    """(layers, D) float32: what was multiplied into each qkv."""
    head: Tensor
    """(V, D), the final norm multiplied in."""
    inverse_frequencies: Tensor

    def rope(self, positions: Tensor) -> Rope:
        """Return the rotary tables of positions, computed in float32."""
        angles = positions[:, None].float() * self.inverse_frequencies
        cos, sin = angles.cos(), angles.sin()
        dtype = self.embedding.dtype
        return Rope(
            torch.cat([cos, cos], -1)[:, None].to(dtype),
            torch.cat([-sin, sin], -1)[:, None].to(dtype),
        )


def embed(model: Model, packed: Packed) -> Tensor:
    """Return the states (T, D) before the first layer, float32."""
    return model.embedding[packed.tokens].float()


def run_layers(
    model: Model, packed: Packed, x: Tensor, layers: range, lora: Sequence[LayerLora | None]
) -> Tensor:
    """Return the states after `layers`; `lora` holds one adapter, or None, for each of them.

    After the model's last layer only the supervised positions are returned, (S, D): nobody asks
    for the others.
    """
    rope = model.rope(packed.positions)
    batch = packed._replace(groups=tuple(_in_dtype(g, model.head.dtype) for g in packed.groups))
    for i, adapter in zip(layers, lora, strict=True):
        weights = model.layers[i]
        qk, v = _applied(_QueryKeyValue, x, *_ab_qkv(adapter), (weights.qkv, rope, model.shape))
        [heads] = _applied(_Attention, qk, v, batch, model.shape)
        if i == model.shape.layers - 1:
            heads = heads.index_select(0, packed.supervised)
            x = x.index_select(0, packed.supervised)
        [x] = _applied(_Output, x, heads, *_ab_o(adapter), weights.output)
        [x] = _applied(_FeedForward, x, weights, model.shape.norm_eps)
    return x


def _in_dtype(group: Group, dtype: torch.dtype) -> Group:
    return group._replace(mask=group.mask.to(dtype))


def _applied(function: type[torch.autograd.Function], *arguments: object) -> tuple[Tensor, ...]:
    out: tuple[Tensor, ...] = function.apply(*arguments)  # type: ignore[no-untyped-call]
    return out


def _ab_qkv(adapter: LayerLora | None) -> tuple[Tensor | None, Tensor | None]:
    return (None, None) if adapter is None else (adapter.a_qkv, adapter.b_qkv)


def _ab_o(adapter: LayerLora | None) -> tuple[Tensor | None, Tensor | None]:
    return (None, None) if adapter is None else (adapter.a_o, adapter.b_o)


def _normed(x: Tensor, eps: float, dtype: torch.dtype) -> tuple[Tensor, Tensor]:
    """Return x scaled to a root mean square of one, in `dtype`, and the scale (T, 1)."""
    mean_square = torch.linalg.vector_norm(x, dim=-1, keepdim=True).square_() / x.shape[-1]
    scale = mean_square.add_(eps).rsqrt_()
    return torch.mul(x, scale).to(dtype), scale


def _normed_backward(d_normed: Tensor, normed: Tensor, scale: Tensor) -> Tensor:
    along = (d_normed * normed).sum(-1, keepdim=True, dtype=torch.float32) / normed.shape[-1]
    return torch.addcmul(d_normed.float(), normed.float(), along, value=-1).mul_(scale)


class _QueryKeyValue(torch.autograd.Function):
    """States (T, D) → (T, H+K, head width) and (T, K, head width).

    That is queries and keys, rotated and the queries scaled, and values.
    """

    @staticmethod
    def forward(
        ctx: Any,
        x: Tensor,
        a: Tensor | None,
        b: Tensor | None,
        frozen: tuple[Tensor, Rope, Shape],
    ) -> tuple[Tensor, Tensor]:
        weight, rope, shape = frozen
        normed, scale = _normed(x, shape.norm_eps, weight.dtype)
        out = normed @ weight.T
        inner = None
        if a is not None and b is not None:
            inner = normed @ a.T
            out.addmm_(inner, b.T)
        out = out.view(len(x), -1, shape.head_width)
        turned = shape.heads + shape.kv_heads
        qk = rope.turn(out[:, :turned])
        qk[:, : shape.heads] *= shape.head_width**-0.5
        ctx.frozen = frozen
        ctx.save_for_backward(normed, scale, inner, a, b)
        return qk, out[:, turned:]

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, d_qk: Tensor, d_v: Tensor) -> tuple[Tensor | None, ...]:
        weight, rope, shape = ctx.frozen
        normed, scale, inner, a, b = ctx.saved_tensors
        d_turned = rope.turn_back(d_qk)
        d_turned[:, : shape.heads] *= shape.head_width**-0.5
        grad = torch.cat([d_turned, d_v], 1).view(len(normed), -1)
        d_inner = grad @ b
        d_x = None
        if ctx.needs_input_grad[0]:
            d_normed = (grad @ weight).addmm_(d_inner, a)
            d_x = _normed_backward(d_normed, normed, scale)
        return d_x, d_inner.T @ normed, grad.T @ inner, None


class _Attention(torch.autograd.Function):
    """Causal attention in each row: queries, keys and values → (T, H × head width)."""

    @staticmethod
    def forward(ctx: Any, qk: Tensor, v: Tensor, packed: Packed, shape: Shape) -> tuple[Tensor]:
        outs, kept = [], []
        for group in packed.groups:
            query, key, value = _gathered(qk, v, group, shape)
            scores = query @ key.mT
            scores.view(len(group.keys), -1, *group.mask.shape[2:]).add_(group.mask)
            weights = scores.softmax(-1)
            outs.append(_to_rows(weights @ value, len(group.keys), shape))
            kept.append(weights)
        ctx.packed, ctx.shape = packed, shape
        ctx.save_for_backward(qk, v, *kept)
        return (torch.cat(outs).index_select(0, packed.take).flatten(1),)

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, grad: Tensor) -> tuple[Tensor | None, ...]:
        qk, v, *kept = ctx.saved_tensors
        packed, shape = ctx.packed, ctx.shape
        asked = grad.new_zeros(_asked(packed), shape.heads, shape.head_width)
        asked[packed.take] = grad.view(len(grad), shape.heads, shape.head_width)
        d_queries = []
        d_kv = v.new_zeros(len(v), 2 * shape.kv_heads, shape.head_width)
        for group, weights, part in zip(
            packed.groups, kept, torch.split(asked, _sizes(packed)), strict=True
        ):
            query, key, value = _gathered(qk, v, group, shape)
            d_out = _to_heads(part, len(group.keys), shape)
            d_value = weights.mT @ d_out
            d_scores = torch._softmax_backward_data(d_out @ value.mT, weights, -1, weights.dtype)
            d_queries.append(_to_rows(d_scores @ key, len(group.keys), shape))
            d_key = d_scores.mT @ query
            d_kv.index_add_(0, group.keys.view(-1), _kv_to_rows(d_key, d_value, group, shape))
        d_q = torch.cat(d_queries).index_select(0, packed.take)
        d_k, d_v = d_kv.chunk(2, 1)
        return torch.cat([d_q, d_k], 1), d_v, None, None


def _sizes(packed: Packed) -> list[int]:
    return [group.queries.numel() for group in packed.groups]


def _asked(packed: Packed) -> int:
    return sum(_sizes(packed))


def _gathered(qk: Tensor, v: Tensor, group: Group, shape: Shape) -> tuple[Tensor, Tensor, Tensor]:
    """Return query (R × K, H/K × Q, head width), key and value (R × K, L, head width)."""
    query = qk[:, : shape.heads].index_select(0, group.queries.reshape(-1))
    key = qk[:, shape.heads :].index_select(0, group.keys.view(-1))
    value = v.index_select(0, group.keys.view(-1))
    return (
        _to_heads(query, len(group.keys), shape),
        _kv_to_heads(key, len(group.keys)),
        _kv_to_heads(value, len(group.keys)),
    )


def _to_heads(queries: Tensor, rows: int, shape: Shape) -> Tensor:
    """(R × Q, H, head width) → (R × K, H/K × Q, head width)."""
    split = queries.view(rows, -1, shape.kv_heads, shape.heads // shape.kv_heads, shape.head_width)
    return split.permute(0, 2, 3, 1, 4).reshape(rows * shape.kv_heads, -1, shape.head_width)


def _to_rows(heads: Tensor, rows: int, shape: Shape) -> Tensor:
    """(R × K, H/K × Q, head width) → (R × Q, H, head width)."""
    groups = shape.heads // shape.kv_heads
    split = heads.view(rows, shape.kv_heads, groups, -1, shape.head_width)
    return split.permute(0, 3, 1, 2, 4).reshape(-1, shape.heads, shape.head_width)


def _kv_to_heads(flat: Tensor, rows: int) -> Tensor:
    """(R × L, K, head width) → (R × K, L, head width)."""
    return flat.view(rows, -1, *flat.shape[1:]).transpose(1, 2).flatten(0, 1)


def _kv_to_rows(d_key: Tensor, d_value: Tensor, group: Group, shape: Shape) -> Tensor:
    """Two (R × K, L, head width) → (R × L, 2K, head width)."""
    split = (len(group.keys), shape.kv_heads, -1, shape.head_width)
    both = torch.cat([d_key.view(split), d_value.view(split)], 1)
    return both.transpose(1, 2).flatten(0, 1)


class _Output(torch.autograd.Function):
    """States + the attention's output projected back: (T, D)."""

    @staticmethod
    def forward(
        ctx: Any, x: Tensor, heads: Tensor, a: Tensor | None, b: Tensor | None, weight: Tensor
    ) -> tuple[Tensor]:
        out = heads @ weight.T
        inner = None
        if a is not None and b is not None:
            inner = heads @ a.T
            out.addmm_(inner, b.T)
        ctx.save_for_backward(heads, inner, a, b, weight)
        return (x + out,)

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, grad: Tensor) -> tuple[Tensor | None, ...]:
        heads, inner, a, b, weight = ctx.saved_tensors
        low = grad.to(weight.dtype)
        d_inner = low @ b
        d_heads = (low @ weight).addmm_(d_inner, a)
        return grad, d_heads, d_inner.T @ heads, low.T @ inner, None


class _FeedForward(torch.autograd.Function):
    """States + SwiGLU of the normed states: (T, D)."""

    @staticmethod
    def forward(ctx: Any, x: Tensor, weights: LayerWeights, norm_eps: float) -> tuple[Tensor]:
        normed, scale = _normed(x, norm_eps, weights.gate.dtype)
        gate, up = normed @ weights.gate.T, normed @ weights.up.T
        open_ = torch.nn.functional.silu(gate)
        ctx.weights = weights
        ctx.save_for_backward(normed, scale, gate, open_, up)
        return (x + (open_ * up) @ weights.down.T,)

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, grad: Tensor) -> tuple[Tensor | None, ...]:
        normed, scale, gate, open_, up = ctx.saved_tensors
        weights: LayerWeights = ctx.weights
        d_hidden = grad.to(weights.down.dtype) @ weights.down
        d_up = open_ * d_hidden
        d_gate = torch.ops.aten.silu_backward(d_hidden.mul_(up), gate)
        d_normed = (d_gate @ weights.gate).addmm_(d_up, weights.up)
        return _normed_backward(d_normed, normed, scale).add_(grad), None, None


class Prediction(NamedTuple):
    """What the model says at the supervised positions."""

    nats: Tensor
    """-log p(target)"""
    likeliest: Tensor
    """Token id with the highest probability."""


HEAD_ROWS = 256
"""Supervised positions whose logits exist at a time."""

VOCABULARY_BLOCK = 8192
"""Rows of the head that are widened to float32 at a time."""


def predict(model: Model, x: Tensor, targets: Tensor) -> Prediction:
    """Return the predictions from the states after the last layer; logits in float32."""
    normed, _ = _normed(x, model.shape.norm_eps, torch.float32)
    parts = []
    for rows, spots in _head_blocks(normed, targets):
        blocks = torch.split(model.head, VOCABULARY_BLOCK)
        logits = torch.cat([rows @ block.float().T for block in blocks], 1)
        total = logits.logsumexp(-1)
        parts.append((total - logits.gather(1, spots)[:, 0], logits.argmax(-1)))
    return Prediction(*(torch.cat(column) for column in zip(*parts, strict=True)))


def _head_blocks(normed: Tensor, targets: Tensor) -> Iterator[tuple[Tensor, Tensor]]:
    for start in range(0, len(normed), HEAD_ROWS):
        block = slice(start, start + HEAD_ROWS)
        yield normed[block], targets[block, None]


def summed_loss(model: Model, x: Tensor, targets: Tensor) -> Tensor:
    """Return the summed cross-entropy (nats) of the states after the last layer; differentiable."""
    [loss] = _applied(_Loss, x, targets, model)
    return loss


SMALLEST = 1e-37
"""A probability that is still a number in float32."""


class _Loss(torch.autograd.Function):
    """Summed cross-entropy (nats, float32) of the targets; the logits are never kept."""

    @staticmethod
    def forward(ctx: Any, x: Tensor, targets: Tensor, model: Model) -> tuple[Tensor]:
        normed, scale = _normed(x, model.shape.norm_eps, model.head.dtype)
        nats = torch.zeros(())
        grads = []
        for rows, spots in _head_blocks(normed, targets):
            p = (rows @ model.head.T).softmax(-1)
            said = torch.arange(len(p)), spots[:, 0]
            nats -= p[said].float().clamp_min_(SMALLEST).log_().sum()
            p[said] -= 1
            grads.append(p @ model.head)
        ctx.save_for_backward(torch.cat(grads), normed, scale)
        return (nats,)

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, grad: Tensor) -> tuple[Tensor | None, ...]:
        return _normed_backward(*ctx.saved_tensors).mul_(grad), None, None
