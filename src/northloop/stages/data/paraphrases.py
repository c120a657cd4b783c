"""Questions that ask the same thing in other words, so far as their words and their sense show it.

Each question is a vector of whole numbers in two halves. One is its wording: hashed pieces of its
words (Weinberger et al., "Feature Hashing for Large Scale Multitask Learning", ICML 2009), in any
language. The other is its sense, where an embedder is at hand. How alike two questions are is the
mean of both cosines. Products of whole numbers come out alike on every machine, in any order of
adding up.

Nobody compares all with all. Above `CELL` questions each is compared with those that are near the
same two of a few chosen ones, as in an inverted file (Sivic and Zisserman, ICCV 2003), and with
those of which a single word tells it apart. Each keeps its `NEAREST` likest. Which pairs are found
follows from the set of questions alone, not from their order.
"""

from __future__ import annotations

import hashlib
import math
import re
import zlib
from collections.abc import Iterator, Sequence

import msgspec
import numpy as np
from numpy.typing import NDArray

from northloop.core.scripts import is_unspaced
from northloop.ports.models import Embedder
from northloop.stages.data.duplicates import normalised, plain

LIKE = 0.65
"""At least so alike are two questions that count as paraphrases."""
LIKE_IN_WORDS = 0.6
"""The same where no embedder says what words mean."""
CLOSE = 0.8
"""From here on two questions differ in their form alone. A single other word counts as so little,
however far apart word vectors put the two words: "transfer" and "remittance"."""
ONE_WORD = 0.4
"""Unless the questions are less alike than this: then they had little else in common."""
ONE_WORD_THAT_SAYS_ANYTHING = 0.6
"""At least so alike are paraphrases that a single word tells apart, of those that say anything."""
CELL = 4_096
"""So many questions are compared with one another."""
PIVOTS = 16
"""By at least so many of them more questions are told apart first."""
MOSTLY = 0.75
"""A cell that holds more than this share of the questions has told them apart badly."""
NEAREST = 8
WINDOW = 4
"""Of those that a single word tells apart, each is held against so many."""
SHORTEST, LONGEST = 3, 32
"""Words of a question in which a single other word is looked for; one more, of all its words."""
_BATCH = 4_096
_WORDING_WIDTH = 256
_LENGTH = 90
"""Of the vector of each half; the squares of two halves stay whole in single precision."""
_WHOLE = 2 * _LENGTH * _LENGTH
_PIECE, _UNSPACED_PIECE = 4, 2
_SHORT_FORMS = {
    "can't": "can not", "cannot": "can not", "cant": "can not",
    "won't": "will not", "wont": "will not",
    "dont": "do not", "doesnt": "does not", "didnt": "did not", "isnt": "is not",
    "im": "i am", "ive": "i have", "whats": "what is", "wheres": "where is", "hows": "how is",
    "let's": "let us", "gonna": "going to", "wanna": "want to",
}  # fmt: skip
_ENDINGS = {
    "n't": " not", "'m": " am", "'re": " are", "'ve": " have", "'ll": " will", "'d": " would",
    "'s": " is",
}  # fmt: skip
_ENDING = re.compile("(?:" + "|".join(_ENDINGS) + ")$")

Vectors = NDArray[np.int8]


class Pair(msgspec.Struct, frozen=True, order=True):
    """Two questions that are alike; indices into the questions given, the smaller first."""

    a: int
    b: int
    alike: float
    """0 to 1; from `CLOSE` on their form is all that differs."""


class Questions:
    """A set of questions that can be compared with one another."""

    def __init__(self, questions: Sequence[str], embedder: Embedder | None = None) -> None:
        self._said = [worded(question) for question in questions]
        self._least = LIKE if embedder else LIKE_IN_WORDS
        self._order = np.array(_by_text(self._said, questions), np.int64)
        self._vectors = _vectors([self._said[i] for i in self._order], embedder)

    @property
    def least(self) -> float:
        """From this likeness on two questions count as paraphrases."""
        return self._least

    def paraphrases(self) -> list[Pair]:
        """Return pairs that ask the same; for each question at most a few, the likest."""
        near = [self._compared(cell) for cell in _cells(self._vectors)]
        apart = self._a_word_apart([self._said[i] for i in self._order], SHORTEST + 1, ONE_WORD)
        apart[:, 2] = np.maximum(apart[:, 2], math.ceil(CLOSE * _WHOLE))
        said = [plain(self._said[i]) for i in self._order]
        apart_in_short = self._a_word_apart(said, SHORTEST, ONE_WORD_THAT_SAYS_ANYTHING)
        found = _strongest(np.concatenate([*near, apart, apart_in_short]))
        ends = np.sort(self._order[found[:, :2]], axis=1).tolist()
        return sorted(
            Pair(a, b, min(1.0, shared / _WHOLE))
            for (a, b), shared in zip(ends, found[:, 2].tolist(), strict=True)
        )

    def nearest(self, of: Sequence[int], among: Sequence[int]) -> list[tuple[int, float]]:
        """Return for each question of `of` the likest among others, and how alike they are.

        [] if there are no others.
        """
        if not among:
            return []
        place = np.argsort(self._order, kind="stable")
        others = np.sort(place[np.array(among)])
        there = self._vectors[others].astype(np.float32)
        found: list[tuple[int, float]] = []
        for start in range(0, len(of), 256):
            mine = self._vectors[place[np.array(of[start : start + 256])]].astype(np.float32)
            products = mine @ there.T
            best = products.argmax(axis=1)
            likest = products[np.arange(len(mine)), best].tolist()
            alike = (min(1.0, shared / _WHOLE) for shared in likest)
            found += zip(self._order[others[best]].tolist(), alike, strict=True)
        return found

    def _compared(self, cell: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return of a cell's questions the pairs that are alike, with their products."""
        vectors = self._vectors[cell].astype(np.float32)
        products = vectors @ vectors.T
        np.fill_diagonal(products, -1)
        rows, columns = np.nonzero(products >= self._worth_keeping(products))
        shared = products[rows, columns].astype(np.int64)
        likest = np.lexsort((columns, -shared, rows))
        starts = np.searchsorted(rows[likest], rows[likest])
        kept = likest[np.arange(len(likest)) - starts < NEAREST]
        return _ordered(cell[rows[kept]], cell[columns[kept]], shared[kept])

    def _worth_keeping(self, products: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return for each row the least product that it can keep."""
        last = max(0, products.shape[1] - NEAREST)
        kept = np.partition(products, last, axis=1)[:, last : last + 1]
        return np.maximum(kept, np.float32(self._least * _WHOLE))

    def _a_word_apart(self, said: Sequence[str], shortest: int, least: float) -> NDArray[np.int64]:
        """Return pairs of what is said that one word tells apart, with their products."""
        gaps = sorted((gap, i) for i, text in enumerate(said) for gap in _gaps(text, shortest))
        keys = np.array([gap for gap, _ in gaps], np.uint64)
        rows = np.array([i for _, i in gaps], np.int64)
        found = [np.empty((0, 2), np.int64)]
        for step in range(1, WINDOW + 1):
            same = np.flatnonzero(keys[step:] == keys[:-step])
            found.append(np.stack([rows[same], rows[same + step]], axis=1))
        ends = np.unique(np.concatenate(found), axis=0)
        ends = ends[ends[:, 0] != ends[:, 1]]
        shared = self._products(ends)
        kept = shared >= least * _WHOLE
        return _ordered(ends[kept, 0], ends[kept, 1], shared[kept])

    def _products(self, ends: NDArray[np.int64]) -> NDArray[np.int64]:
        shared = [np.empty(0, np.int64)]
        for start in range(0, len(ends), _BATCH):
            left, right = (self._vectors[e].astype(np.int32) for e in ends[start:][:_BATCH].T)
            shared.append((left * right).sum(axis=1))
        return np.concatenate(shared)


def worded(question: str) -> str:
    """Return the words of a question in lower case, short forms written out.

    >>> worded("I can't log in, what's wrong?")
    'i can not log in what is wrong'
    """
    words = normalised(question).replace("_", " ").split()
    return " ".join(_written_out(word) for word in words).replace("'", " ")


def same_words(question: str) -> frozenset[str]:
    """Return the words of a question that say anything, in no order."""
    return frozenset(plain(worded(question)).split())


def _written_out(word: str) -> str:
    known = _SHORT_FORMS.get(word)
    return known or _ENDING.sub(lambda found: _ENDINGS[found[0]], word)


def _by_text(said: Sequence[str], questions: Sequence[str]) -> list[int]:
    """Return the indices in an order that follows from the texts alone and is as good as random."""
    drawn = [zlib.crc32(text.encode()) for text in said]
    return sorted(range(len(said)), key=lambda i: (drawn[i], said[i], questions[i]))


# --- vectors -----------------------------------------------------------------------------------


def _vectors(said: Sequence[str], embedder: Embedder | None) -> Vectors:
    """Return both halves; without an embedder the wording stands for the sense too."""
    parts = [_both(said[start : start + _BATCH], embedder) for start in range(0, len(said), _BATCH)]
    return np.concatenate(parts) if parts else np.empty((0, _WORDING_WIDTH), np.int8)


def _both(said: Sequence[str], embedder: Embedder | None) -> Vectors:
    wording = _wording(said)
    if embedder is None:
        return _whole(wording * math.sqrt(2))
    return np.concatenate([_whole(wording), _whole(embedder.embed(said))], axis=1)


def _whole(units: NDArray[np.floating]) -> Vectors:
    whole: Vectors = np.clip(np.rint(units * _LENGTH), -127, 127).astype(np.int8)
    return whole


def _wording(said: Sequence[str]) -> NDArray[np.float64]:
    """Return unit vectors of the pieces of what is said; the zero vector for nothing."""
    pieces = [[zlib.crc32(piece.encode()) for piece in _pieces(text)] for text in said]
    rows = np.repeat(np.arange(len(said)), [len(own) for own in pieces])
    hashes = np.array([piece for own in pieces for piece in own], np.int64)
    places = rows * _WORDING_WIDTH + hashes % _WORDING_WIDTH
    signs = np.where(hashes >> 31, 1.0, -1.0)
    counts = np.bincount(places, signs, minlength=len(said) * _WORDING_WIDTH)
    counts = counts.reshape(len(said), _WORDING_WIDTH)
    lengths = np.sqrt((counts * counts).sum(axis=1, keepdims=True))
    units: NDArray[np.float64] = counts / np.maximum(lengths, 1.0)
    return units


def _pieces(said: str) -> Iterator[str]:
    """Yield each run of a few characters once, words that say nothing left out."""
    padded = f" {plain(said)} "
    size = _UNSPACED_PIECE if is_unspaced(padded) else _PIECE
    yield from sorted({padded[i : i + size] for i in range(max(1, len(padded) - size + 1))})


# --- who is compared with whom -----------------------------------------------------------------


def _cells(vectors: Vectors) -> Iterator[NDArray[np.int64]]:
    """Yield groups of at most `CELL` questions that may be alike; each is in one or two of them."""
    everything = np.arange(len(vectors))
    if len(everything) <= CELL:
        yield everything
        return
    waiting = _parted(everything, vectors, 2)
    while waiting:
        rows = waiting.pop()
        parts = _parted(rows, vectors, 1) if len(rows) > CELL else [rows]
        if max(map(len, parts)) > MOSTLY * len(rows) and len(rows) > CELL:
            # Too alike to be told apart by which of them they are near: all of them are near all.
            parts = np.array_split(rows, -(-len(rows) // CELL))
        yield from (part for part in parts if len(part) <= CELL)
        waiting += [part for part in parts if len(part) > CELL]


def _parted(rows: NDArray[np.int64], vectors: Vectors, times: int) -> list[NDArray[np.int64]]:
    """Return, for each of a few of the questions, those that it is among the likest to.

    Each question goes to as many as `times` of them.
    """
    few = max(PIVOTS, len(rows) // (CELL // 4))
    pivots = vectors[rows[:few]].astype(np.float32)  # their order is as good as random
    likest = np.empty((times, len(rows)), np.int64)
    for start in range(0, len(rows), _BATCH):
        batch = slice(start, start + _BATCH)
        products = vectors[rows[batch]].astype(np.float32) @ pivots.T
        for time in range(times):
            likest[time, batch] = best = products.argmax(axis=1)
            products[np.arange(len(products)), best] = -np.inf
    return [rows[(likest == i).any(axis=0)] for i in range(few)]


def _gaps(said: str, shortest: int) -> Iterator[int]:
    """Yield what stays of a text without each of its words: texts a word apart share one."""
    words = list(said) if is_unspaced(said) else said.split()
    if shortest <= len(words) <= LONGEST:
        for place in range(len(words)):
            rest = "\x1f".join((*words[:place], "", *words[place + 1 :]))
            yield int.from_bytes(hashlib.blake2b(rest.encode(), digest_size=8).digest(), "big")


def _strongest(pairs: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return each pair once, with its largest product."""
    order = np.lexsort((-pairs[:, 2], pairs[:, 1], pairs[:, 0]))
    pairs = pairs[order]
    first = np.ones(len(pairs), bool)
    first[1:] = (pairs[1:, :2] != pairs[:-1, :2]).any(axis=1)
    return pairs[first]


def _ordered(
    a: NDArray[np.int64], b: NDArray[np.int64], shared: NDArray[np.int64]
) -> NDArray[np.int64]:
    return np.stack([np.minimum(a, b), np.maximum(a, b), shared], axis=1)
