"""The arithmetic of a Llama model with LoRA, on packed rows that share their prefixes.

Rows are packed without padding, and the tokens of a prefix that several rows begin with are
computed once: attention is the only step that looks at rows, everything else at a flat sequence of
distinct tokens. That is exact, because under causal attention the state of a token depends on
nothing but the tokens before it.

The frozen weights have no gradients, so the backward pass is written out by hand where that spares
memory traffic, which on a CPU costs more than the matrix products. Activations and weights are in
the model's dtype (bfloat16 for training), the residual stream, norms and adapters in float32.

Shapes: T distinct tokens, R rows, L longest row, H query heads, K key-value heads, D width of the
model, F width of the feed-forward layer, r rank. Knows nothing of text, files or optimisers.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.autograd.function import once_differentiable

GROUPS = 4
"""Rows of one batch are split by length into at most this many attention groups."""

GROWTH = 1.15
"""A group begins where a row is longer than the one before it by this factor."""


class Shape(NamedTuple):
    """The sizes of a Llama model."""

    layers: int
    width: int
    heads: int
    kv_heads: int
    head_width: int
    norm_eps: float


class Row(NamedTuple):
    """Token ids of one row: the last `len(targets)` inputs predict the targets, one each."""

    inputs: list[int]
    targets: list[int]


class Trie:
    """Rows by the distinct prefixes of their inputs: one node for each.

    A node stands for a token and all before it, which is all that its state depends on.
    """

    def __init__(self, rows: Sequence[Row]) -> None:
        nodes: dict[tuple[int, int], int] = {}
        tokens: list[int] = []
        positions: list[int] = []
        self.rows = rows
        self.paths = [_walk(row.inputs, nodes, tokens, positions) for row in rows]
        """For each row the nodes of its inputs."""
        self.tokens = torch.tensor(tokens, dtype=torch.long)
        self.positions = torch.tensor(positions, dtype=torch.long)

    def batches(self, order: Iterable[int], budget: int) -> list[list[int]]:
        """Return the rows cut, in this order, into batches of at most `budget` distinct nodes.

        A row longer than the budget has a batch to itself.
        """
        batches: list[list[int]] = []
        size = 0
        seen = np.full(len(self.tokens), -1)
        for i in order:
            new = int(np.count_nonzero(seen[self.paths[i]] != len(batches)))
            if not batches or size + new > budget:
                batches.append([])
                size, new = 0, len(self.paths[i])
            seen[self.paths[i]] = len(batches)
            batches[-1].append(i)
            size += new
        return batches


def _walk(
    inputs: Sequence[int],
    nodes: dict[tuple[int, int], int],
    tokens: list[int],
    positions: list[int],
) -> NDArray[np.int64]:
    path = np.empty(len(inputs), dtype=np.int64)
    parent = -1
    for position, token in enumerate(inputs):
        node = nodes.setdefault((parent, token), len(tokens))
        if node == len(tokens):
            tokens.append(token)
            positions.append(position)
        path[position] = parent = node
    return path


class Packed(NamedTuple):
    """Some rows of a trie as a flat sequence of distinct tokens."""

    nodes: Tensor
    """(T,) the trie's nodes."""
    tokens: Tensor
    """(T,)"""
    positions: Tensor
    """(T,)"""
    groups: tuple[Tensor, ...]
    """Per attention group, the indices (R, L) into T; short rows repeat their last token."""
    take: Tensor
    """(T,) where each token's output lies in the concatenated, flattened groups."""
    supervised: Tensor
    """(S,) index into T of the token that predicts each target."""
    targets: Tensor
    """(S,) token ids, row after row."""


def pack(trie: Trie, chosen: Sequence[int]) -> Packed:
    """Return some rows of a trie packed, in the order they are named in."""
    paths = [trie.paths[i] for i in chosen]
    targets = [trie.rows[i].targets for i in chosen]
    nodes, flat = np.unique(np.concatenate(paths), return_inverse=True)
    index = np.split(flat, np.cumsum([len(path) for path in paths])[:-1])
    groups, take = _grouped(index, len(nodes))
    supervised = [path[-len(part) :] for path, part in zip(index, targets, strict=True)]
    nodes_of = torch.from_numpy(nodes)
    return Packed(
        nodes=nodes_of,
        tokens=trie.tokens[nodes_of],
        positions=trie.positions[nodes_of],
        groups=groups,
        take=take,
        supervised=torch.from_numpy(np.concatenate(supervised)),
        targets=torch.tensor([token for part in targets for token in part]),
    )


def _grouped(index: list[NDArray[np.int64]], tokens: int) -> tuple[tuple[Tensor, ...], Tensor]:
    """Return the attention groups, shortest rows first, and where each token is found in them."""
    take = np.zeros(tokens, dtype=np.int64)
    groups: list[Tensor] = []
    start = 0
    for part in _split(sorted(index, key=len)):
        longest = len(part[-1])
        group = np.stack([np.pad(path, (0, longest - len(path)), "edge") for path in part])
        for path in part:
            take[path] = np.arange(start, start + len(path))
            start += longest
        groups.append(torch.from_numpy(group))
    return tuple(groups), torch.from_numpy(take)


def _split(paths: list[NDArray[np.int64]]) -> list[list[NDArray[np.int64]]]:
    """Return `paths`, which are sorted by length, cut where the length grows most."""
    growth = [len(longer) / len(shorter) for shorter, longer in pairwise(paths)]
    jumps = sorted(range(len(growth)), key=lambda i: -growth[i])[: GROUPS - 1]
    edges = [0, *sorted(i + 1 for i in jumps if growth[i] > GROWTH), len(paths)]
    return [paths[a:b] for a, b in pairwise(edges)]


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
    rope_scale: float

    def rope(self, positions: Tensor) -> Rope:
        """Return the rotary tables of positions, computed in float32."""
        angles = positions[:, None].float() * self.inverse_frequencies
        cos, sin = angles.cos() * self.rope_scale, angles.sin() * self.rope_scale
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
    for i, adapter in zip(layers, lora, strict=True):
        weights = model.layers[i]
        qkv = _applied(_QueryKeyValue, x, *_ab_qkv(adapter), (weights.qkv, rope, model.shape))
        heads = _applied(_Attention, qkv, packed, model.shape)
        if i == model.shape.layers - 1:
            heads = heads.index_select(0, packed.supervised)
            x = x.index_select(0, packed.supervised)
        x = _applied(_Output, x, heads, *_ab_o(adapter), weights.output)
        x = _applied(_FeedForward, x, weights, model.shape.norm_eps)
    return x


def _applied(function: type[torch.autograd.Function], *arguments: object) -> Tensor:
    out: Tensor = function.apply(*arguments)  # type: ignore[no-untyped-call]
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
    """States (T, D) → queries and keys, ready to be multiplied, and values.

    All in one (T, H+2K, head width): queries and keys rotated, queries scaled.
    """

    @staticmethod
    def forward(
        ctx: Any,
        x: Tensor,
        a: Tensor | None,
        b: Tensor | None,
        frozen: tuple[Tensor, Rope, Shape],
    ) -> Tensor:
        weight, rope, shape = frozen
        normed, scale = _normed(x, shape.norm_eps, weight.dtype)
        out = normed @ weight.T
        inner = None
        if a is not None and b is not None:
            inner = normed @ a.T
            out.addmm_(inner, b.T)
        out = out.view(len(x), -1, shape.head_width)
        turned = shape.heads + shape.kv_heads
        out[:, :turned] = rope.turn(out[:, :turned])
        out[:, : shape.heads] *= shape.head_width**-0.5
        ctx.rope, ctx.shape = rope, shape
        ctx.save_for_backward(normed, scale, inner, a, b, weight)
        return out

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, grad: Tensor) -> tuple[Tensor | None, ...]:
        normed, scale, inner, a, b, weight = ctx.saved_tensors
        shape: Shape = ctx.shape
        turned = shape.heads + shape.kv_heads
        grad = grad.clone()
        grad[:, : shape.heads] *= shape.head_width**-0.5
        grad[:, :turned] = ctx.rope.turn_back(grad[:, :turned])
        grad = grad.view(len(grad), -1)
        d_inner = grad @ b
        d_a, d_b = d_inner.T @ normed, grad.T @ inner
        d_x = None
        if ctx.needs_input_grad[0]:
            d_normed = (grad @ weight).addmm_(d_inner, a)
            d_x = _normed_backward(d_normed, normed, scale)
        return d_x, d_a, d_b, None


class _Attention(torch.autograd.Function):
    """Causal attention over each row of each group: (T, H+2K, head width) → (T, H × head width)."""

    @staticmethod
    def forward(ctx: Any, qkv: Tensor, packed: Packed, shape: Shape) -> Tensor:
        outs, kept = [], []
        for group in packed.groups:
            query, key, value = _gathered(qkv, group, shape)
            weights = _attention_weights(query, key)
            out = weights @ value
            outs.append(_to_rows(out, group, shape).reshape(group.numel(), -1))
            kept.append(weights)
        ctx.packed, ctx.shape = packed, shape
        ctx.save_for_backward(qkv, *kept)
        return torch.cat(outs)[packed.take]

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, grad: Tensor) -> tuple[Tensor | None, ...]:
        qkv, *kept = ctx.saved_tensors
        packed, shape = ctx.packed, ctx.shape
        d_rows = grad.new_zeros(sum(g.numel() for g in packed.groups), grad.shape[-1])
        d_rows[packed.take] = grad
        d_qkv = torch.zeros_like(qkv)
        start = 0
        for group, weights in zip(packed.groups, kept, strict=True):
            query, key, value = _gathered(qkv, group, shape)
            d_out = _to_heads(d_rows[start : start + group.numel()], group, shape)
            start += group.numel()
            d_value = weights.mT @ d_out
            d_scores = torch._softmax_backward_data(d_out @ value.mT, weights, -1, weights.dtype)
            d_query, d_key = d_scores @ key, d_scores.mT @ query
            d_group = torch.cat(
                [
                    _to_rows(d_query, group, shape),
                    _kv_to_rows(d_key, group, shape),
                    _kv_to_rows(d_value, group, shape),
                ],
                2,
            )
            d_qkv.index_add_(0, group.view(-1), d_group.flatten(0, 1))
        return d_qkv, None, None


def _gathered(qkv: Tensor, group: Tensor, shape: Shape) -> tuple[Tensor, Tensor, Tensor]:
    """Return query (R × K, H/K × L, head width), key and value (R × K, L, head width)."""
    rows, longest = group.shape
    each = qkv.index_select(0, group.view(-1)).view(rows, longest, -1, shape.head_width)
    query, key, value = torch.split(each, [shape.heads, shape.kv_heads, shape.kv_heads], 2)
    flat = (rows * shape.kv_heads, longest, shape.head_width)
    return (
        _to_heads(query, group, shape),
        key.transpose(1, 2).reshape(flat),
        value.transpose(1, 2).reshape(flat),
    )


def _to_heads(rows: Tensor, group: Tensor, shape: Shape) -> Tensor:
    """(R, L, H, head width) → (R × K, H/K × L, head width)."""
    split = (*group.shape, shape.kv_heads, -1, shape.head_width)
    return (
        rows.reshape(split)
        .permute(0, 2, 3, 1, 4)
        .reshape(group.shape[0] * shape.kv_heads, -1, shape.head_width)
    )


def _to_rows(heads: Tensor, group: Tensor, shape: Shape) -> Tensor:
    """(R × K, H/K × L, head width) → (R, L, H, head width)."""
    rows, longest = group.shape
    split = heads.reshape(rows, shape.kv_heads, -1, longest, shape.head_width)
    return split.permute(0, 3, 1, 2, 4).reshape(rows, longest, shape.heads, shape.head_width)


def _kv_to_rows(heads: Tensor, group: Tensor, shape: Shape) -> Tensor:
    """(R × K, L, head width) → (R, L, K, head width)."""
    return heads.view(group.shape[0], shape.kv_heads, group.shape[1], -1).transpose(1, 2)


def _attention_weights(query: Tensor, key: Tensor) -> Tensor:
    longest = key.shape[1]
    scores = query @ key.mT
    later = torch.full((longest, longest), -torch.inf, dtype=scores.dtype).triu_(1)
    scores.view(-1, longest, longest).add_(later)
    return scores.softmax(-1)


class _Output(torch.autograd.Function):
    """States + the attention's output projected back: (T, D)."""

    @staticmethod
    def forward(
        ctx: Any, x: Tensor, heads: Tensor, a: Tensor | None, b: Tensor | None, weight: Tensor
    ) -> Tensor:
        out = heads @ weight.T
        inner = None
        if a is not None and b is not None:
            inner = heads @ a.T
            out.addmm_(inner, b.T)
        ctx.save_for_backward(heads, inner, a, b, weight)
        return x + out

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
    def forward(ctx: Any, x: Tensor, weights: LayerWeights, norm_eps: float) -> Tensor:
        normed, scale = _normed(x, norm_eps, weights.gate.dtype)
        gate, up = normed @ weights.gate.T, normed @ weights.up.T
        hidden = torch.nn.functional.silu(gate).mul_(up)
        ctx.weights = weights
        ctx.save_for_backward(normed, scale, gate, up)
        return x + hidden @ weights.down.T

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, grad: Tensor) -> tuple[Tensor | None, ...]:
        normed, scale, gate, up = ctx.saved_tensors
        weights: LayerWeights = ctx.weights
        d_hidden = grad.to(weights.down.dtype) @ weights.down
        d_up = torch.nn.functional.silu(gate).mul_(d_hidden)
        d_gate = torch.ops.aten.silu_backward(d_hidden.mul_(up), gate)
        d_normed = (d_gate @ weights.gate).addmm_(d_up, weights.up)
        return _normed_backward(d_normed, normed, scale).add_(grad), None, None


class Prediction(NamedTuple):
    """What the model says at the supervised positions."""

    nats: Tensor
    """-log p(target)"""
    likeliest: Tensor
    """Token id with the highest probability."""
    likeliest_nats: Tensor
    """-log p of it."""


HEAD_ROWS = 64
"""Supervised positions whose logits exist at a time."""


def predict(model: Model, x: Tensor, targets: Tensor) -> Prediction:
    """Return the predictions from the states after the last layer."""
    normed, _ = _normed(x, model.shape.norm_eps, model.head.dtype)
    parts = []
    for rows, spots in _head_blocks(normed, targets):
        logits = (rows @ model.head.T).float()
        total = logits.logsumexp(-1)
        best, likeliest = logits.max(-1)
        parts.append((total - logits.gather(1, spots)[:, 0], likeliest, total - best))
    return Prediction(*(torch.cat(column) for column in zip(*parts, strict=True)))


def _head_blocks(normed: Tensor, targets: Tensor) -> Iterator[tuple[Tensor, Tensor]]:
    for start in range(0, len(normed), HEAD_ROWS):
        block = slice(start, start + HEAD_ROWS)
        yield normed[block], targets[block, None]


def summed_loss(model: Model, x: Tensor, targets: Tensor) -> Tensor:
    """Return the summed cross-entropy (nats) of the states after the last layer; differentiable."""
    return _applied(_Loss, x, targets, model)


class _Loss(torch.autograd.Function):
    """Summed cross-entropy (nats, float32) of the targets; the logits are never kept."""

    @staticmethod
    def forward(ctx: Any, x: Tensor, targets: Tensor, model: Model) -> Tensor:
        normed, scale = _normed(x, model.shape.norm_eps, model.head.dtype)
        nats = torch.zeros(())
        grads = []
        for rows, spots in _head_blocks(normed, targets):
            log_p = (rows @ model.head.T).float().log_softmax(-1)
            nats -= log_p.gather(1, spots).sum()
            error = log_p.exp_().scatter_add_(1, spots, -torch.ones(spots.shape))
            grads.append(error.to(model.head.dtype) @ model.head)
        ctx.save_for_backward(torch.cat(grads), normed, scale)
        return nats

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, grad: Tensor) -> tuple[Tensor | None, ...]:
        return _normed_backward(*ctx.saved_tensors).mul_(grad), None, None
