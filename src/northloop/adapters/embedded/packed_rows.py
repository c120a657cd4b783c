"""Rows laid out for one pass of a model: what they share is there once.

Rows are packed without padding, and the tokens of a prefix that several rows begin with are
computed once: attention is the only step that looks at rows, everything else at a flat sequence of
distinct tokens. That is exact, because under causal attention the state of a token depends on
nothing but the tokens before it.

Shapes: T distinct tokens, R rows, L longest row, S supervised tokens.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

GROUPS = 4
"""Rows of one batch are split by length into at most this many attention groups."""

GROWTH = 1.15
"""A group begins where a row is longer than the one before it by this factor."""

HIDDEN = -1e4
"""Added to the score of what a query may not see; finite, so that padding makes no NaN."""


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


class Group(NamedTuple):
    """Rows whose attention is computed together, padded on the left to one length."""

    keys: Tensor
    """(R, L) indices into T: all inputs of a row."""
    queries: Tensor
    """(R, Q) indices into T: the last of them, those that no earlier row has."""
    mask: Tensor
    """(R, 1, Q, L), to be added to the scores: 0 for what a query may see."""


class Packed(NamedTuple):
    """Some rows of a trie as a flat sequence of distinct tokens."""

    nodes: Tensor
    """(T,) the trie's nodes."""
    tokens: Tensor
    """(T,)"""
    positions: Tensor
    """(T,)"""
    groups: tuple[Group, ...]
    take: Tensor
    """(T,) where each token's output lies in the concatenated, flattened queries."""
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


class _Path(NamedTuple):
    """The inputs of a row as indices into T, and how many of the last ones it has to itself."""

    inputs: NDArray[np.int64]
    own: int


def _grouped(index: list[NDArray[np.int64]], tokens: int) -> tuple[tuple[Group, ...], Tensor]:
    """Return the attention groups and where each token's output is found in them."""
    take = np.zeros(tokens, dtype=np.int64)
    groups: list[Group] = []
    start = 0
    for paths in _split(sorted(_owned(index, tokens), key=lambda path: path.own)):
        longest = paths[-1].own
        for path in paths:
            start += longest
            take[path.inputs[-path.own :]] = np.arange(start - path.own, start)
        groups.append(_group(paths, longest))
    return tuple(groups), torch.from_numpy(take)


def _owned(index: list[NDArray[np.int64]], tokens: int) -> list[_Path]:
    """Return the rows that have tokens which no row before them has."""
    seen = np.zeros(tokens, dtype=bool)
    paths = []
    for inputs in index:
        own = int(np.count_nonzero(~seen[inputs]))
        seen[inputs] = True
        if own:
            paths.append(_Path(inputs, own))
    return paths


def _split(paths: list[_Path]) -> list[list[_Path]]:
    """Return `paths`, which are sorted, cut where they grow most."""
    growth = [longer.own / shorter.own for shorter, longer in pairwise(paths)]
    jumps = sorted(range(len(growth)), key=lambda i: -growth[i])[: GROUPS - 1]
    edges = [0, *sorted(i + 1 for i in jumps if growth[i] > GROWTH), len(paths)]
    return [paths[a:b] for a, b in pairwise(edges)]


def _group(paths: list[_Path], queries: int) -> Group:
    longest = max(len(path.inputs) for path in paths)
    keys = np.zeros((len(paths), longest), dtype=np.int64)
    padding = np.array([longest - len(path.inputs) for path in paths])
    for row, path in enumerate(paths):
        keys[row, padding[row] :] = path.inputs
    at = np.arange(longest)
    seen = (at <= at[-queries:, None]) & (at >= padding[:, None, None])
    mask = np.where(seen, np.float32(0), np.float32(HIDDEN))
    return Group(
        torch.from_numpy(keys),
        torch.from_numpy(keys[:, -queries:]),
        torch.from_numpy(mask)[:, None],
    )
