"""Passage retrieval by words (BM25) and by meaning (dense vectors), fused into one score.

Words. Each word is indexed as it stands and by its stem, so that "returning" finds "return" while
the exact word still counts more; common words and placeholders of sensitive text are left out; the
title counts twice. BM25 in Lucene's form (Kamphuis et al., ECIR 2020) computed eagerly by bm25s.

Questions asked before. A passage may be indexed together with questions that it has answered: their
words are added to its own (so that what all customers write, and no document, weighs little), its
vector is the mean of its own and the mean of theirs. What is cited stays the passage's own text.

Fusion. A convex combination of the two scores after *theoretical* normalisation (Bruch et al.,
"An Analysis of Fusion Functions for Hybrid Retrieval", TOIS 2023): BM25 is divided by the most
that any passage could get for this very question (the sum of its words' idf, unknown words
included), the cosine is cut at 0. Both are then shares of a fixed whole, so the fused score means
the same for every question and a threshold on it makes sense.

The index is a folder of plain files (JSON and .npy): no pickle, equal passages give equal bytes.
"""

from __future__ import annotations

import io
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import bm25s
import msgspec
import numpy as np
from bm25s.stopwords import STOPWORDS_EN_PLUS
from numpy.typing import NDArray

from northloop.core.conversation import Passage
from northloop.core.errors import ConfigurationError, CorruptArtefact
from northloop.ports.models import Embedder
from northloop.ports.retrieval import Hit

FORMAT = 1
WORD_SHARE = 0.7
"""Weight of the words in the fused score; the meaning has the rest."""
_K1 = 1.5
_B = 0.75
_TITLE_COUNTS = 2
_WORD = re.compile(r"\w+")
_PLACEHOLDER = re.compile(r"\[[A-Z]+(?::[0-9a-f]+)?\]")
_STOP = frozenset(STOPWORDS_EN_PLUS)
_VOWELS = frozenset("aeiouy")


class _Head(msgspec.Struct, frozen=True, kw_only=True):
    """What must be known before the arrays can be read."""

    format: int
    embedder: str
    tokens: list[str]
    """In the order of the columns of the BM25 matrix."""


class HybridIndexer:
    """Implements `ports.retrieval.Indexer` on any embedder."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder

    def build(
        self, passages: Sequence[Passage], asked: Mapping[str, Sequence[str]] = {}
    ) -> dict[str, bytes]:
        """Return `index.json`, `passages.json` and the four arrays.

        Vectors are kept in half precision: that is exact enough (cosine ± 0.001) and hides the
        last bits in which two processors may differ.
        """
        questions = [asked.get(passage.passage_id, ()) for passage in passages]
        tokens, arrays = _bm25(
            [passage_tokens(p, q) for p, q in zip(passages, questions, strict=True)]
        )
        vectors = self._embedder.embed([f"{p.title}\n{p.text}" for p in passages])
        for vector, of_passage in zip(vectors, questions, strict=True):
            vector[:] = self._moved(vector, of_passage)
        head = _Head(format=FORMAT, embedder=self._embedder.name, tokens=tokens)
        files = {
            "index.json": msgspec.json.encode(head),
            "passages.json": msgspec.json.encode(list(passages)),
            "vectors.npy": _npy(vectors.astype(np.float16)),
        }
        return files | {f"bm25_{name}.npy": _npy(array) for name, array in arrays.items()}

    def _moved(self, vector: NDArray[np.float32], questions: Sequence[str]) -> NDArray[np.float32]:
        """Return a passage's unit vector moved half-way to the questions it has answered."""
        if not questions:
            return vector
        theirs = self._embedder.embed([_bare(text) for text in questions]).mean(axis=0)
        between: NDArray[np.float32] = vector + theirs / (np.linalg.norm(theirs) or 1)
        return between / (np.linalg.norm(between) or 1)

    def load(self, folder: Path) -> HybridIndex:
        """Return the index of a folder.

        CorruptArtefact if a file is missing or unreadable, ConfigurationError if it was built by
        another embedder or a later version.
        """
        try:
            head = msgspec.json.decode((folder / "index.json").read_bytes(), type=_Head)
            passages = msgspec.json.decode(
                (folder / "passages.json").read_bytes(), type=list[Passage]
            )
            names = ("data", "indices", "indptr")
            arrays = {name: np.load(folder / f"bm25_{name}.npy") for name in names}
            vectors = np.load(folder / "vectors.npy").astype(np.float32)
        except (OSError, ValueError, msgspec.DecodeError) as error:
            raise CorruptArtefact(
                f"the index cannot be read: {error}", where=str(folder), action="build it again"
            ) from error
        self._check(head, folder)
        return HybridIndex(self._embedder, passages, head.tokens, arrays, vectors)

    def _check(self, head: _Head, folder: Path) -> None:
        if head.format == FORMAT and head.embedder == self._embedder.name:
            return
        raise ConfigurationError(
            f"the index has format {head.format} and vectors of {head.embedder}, "
            f"this installation reads format {FORMAT} and {self._embedder.name}",
            where=str(folder),
            action="build the index again",
        )


class HybridIndex:
    """Implements `ports.retrieval.Index`; read only, safe for threads."""

    def __init__(
        self,
        embedder: Embedder,
        passages: Sequence[Passage],
        tokens: Sequence[str],
        bm25: Mapping[str, NDArray[Any]],
        vectors: NDArray[np.float32],
    ) -> None:
        self._embedder = embedder
        self._passages = tuple(passages)
        self._by_id = {passage.passage_id: passage for passage in passages}
        self._column = {token: number for number, token in enumerate(tokens)}
        self._vectors = vectors
        self._bm25 = bm25
        self._idf = _idf(np.diff(bm25["indptr"]), len(passages))
        self._unknown_idf = float(_idf(np.zeros(1), len(passages))[0])

    def search(self, query: str, k: int) -> list[Hit]:
        """Return at most `k` hits, best first; [] for a query without a searchable word."""
        tokens = sorted(set(text_tokens(query)))
        if not tokens or not self._passages or k < 1:
            return []
        bm25 = self._bm25_scores(tokens)
        words = bm25 / np.float32(sum(self._weight(token) for token in tokens))
        meaning = self._embedder.embed([_bare(query)])[0]
        rows = self._candidates(words, meaning, k)
        cosine = self._vectors[rows] @ meaning
        fused = _fused(words[rows], cosine)
        best = np.argsort(-fused, kind="stable")[:k]
        return [
            Hit(
                passage=self._passages[rows[i]],
                score=float(fused[i]),
                bm25=float(bm25[rows[i]]),
                cosine=float(cosine[i]),
            )
            for i in best
        ]

    def passages(self, ids: Sequence[str]) -> list[Passage]:
        """Return passages by their ids, in that order; unknown ids are left out."""
        return [self._by_id[id_] for id_ in ids if id_ in self._by_id]

    def _weight(self, token: str) -> float:
        column = self._column.get(token)
        return self._unknown_idf if column is None else float(self._idf[column])

    def _bm25_scores(self, tokens: Sequence[str]) -> NDArray[np.float32]:
        summed = np.zeros(len(self._passages), dtype=np.float32)
        starts, rows, scores = (self._bm25[name] for name in ("indptr", "indices", "data"))
        for column in (self._column[token] for token in tokens if token in self._column):
            cells = slice(starts[column], starts[column + 1])
            summed[rows[cells]] += scores[cells]
        return summed

    def _candidates(
        self, words: NDArray[np.float32], meaning: NDArray[np.float32], k: int
    ) -> NDArray[np.intp]:
        """Return the rows, in order, that can still be among the `k` best; often very few.

        The `k` best by words alone reach some fused score; whoever would not reach it even with
        a cosine of 1 is out. So the result is exact, and most vectors are never touched.
        """
        if k >= len(words):
            return np.arange(len(words))
        seeds = np.argpartition(-words, k)[:k]
        reached = _fused(words[seeds], self._vectors[seeds] @ meaning).min()
        # The vectors were rounded: a cosine may exceed 1 by that much.
        return np.flatnonzero(_fused(words, np.float32(1.001)) >= reached)


def passage_tokens(passage: Passage, asked: Sequence[str] = ()) -> list[str]:
    """Return the tokens of a passage, its title counted twice, and of the questions it answered."""
    own = text_tokens(passage.title) * _TITLE_COUNTS + text_tokens(passage.text)
    return own + [token for question in asked for token in text_tokens(question)]


def text_tokens(text: str) -> list[str]:
    """Return each word of a text in lower case and `~` + its stem.

    Common words and placeholders of sensitive text ("[CARD]" is not about cards) are left out.
    """
    words = (word for word in _WORD.findall(_bare(text).lower()) if word not in _STOP)
    return [token for word in words for token in (word, f"~{stem(word)}")]


def _bare(text: str) -> str:
    return _PLACEHOLDER.sub(" ", text)


def stem(word: str) -> str:
    """Return an English word without its inflection: plural, -ed, -ing, final -e, y → i, ll → l.

    The inflectional part of what Porter (1980) does; derivations ("delivery", "deliver") stay
    apart. The result need not be a word.
    """
    word = _without_plural(word)
    for ending in ("ing", "ed"):
        root = word.removesuffix(ending)
        if root != word and len(root) >= 3 and not _VOWELS.isdisjoint(root):
            doubled = len(root) > 3 and root[-1] == root[-2] and root[-1] not in "lsz"
            word = root[:-1] if doubled else root
            break
    if word.endswith("e") and len(word) > 4:
        return word[:-1]
    if word.endswith("y") and len(word) > 3:
        return f"{word[:-1]}i"
    if word.endswith("ll") and len(word) > 5:
        return word[:-1]
    return word


def _without_plural(word: str) -> str:
    """Return a word without its plural ending (Harman's S-stemmer, 1991, and -es after a hiss)."""
    if word.endswith(("xes", "ches", "shes", "sses", "zzes")):
        return word[:-2]
    if word.endswith("ies") and len(word) > 4 and word[-4] not in "ae":
        return f"{word[:-3]}y"
    if word.endswith("es") and word[-3:-2] not in "aeo":
        return word[:-1]
    if word.endswith("s") and not word.endswith(("us", "ss")):
        return word[:-1]
    return word


def _fused(
    words: NDArray[np.float32], cosine: NDArray[np.float32] | np.float32
) -> NDArray[np.float32]:
    """Return the fused score, 0..1."""
    fused: NDArray[np.float32] = np.float32(WORD_SHARE) * words + np.float32(
        1 - WORD_SHARE
    ) * np.maximum(cosine, np.float32(0))
    return fused


def _bm25(
    passages: Sequence[list[str]],
) -> tuple[list[str], dict[str, NDArray[Any]]]:
    """Return the tokens in column order, and the sparse columns of the BM25 matrix."""
    tokens = sorted({token for passage in passages for token in passage})
    column = {token: number for number, token in enumerate(tokens)}
    if not tokens:
        return [], {
            "data": np.zeros(0, np.float32),
            "indices": np.zeros(0, np.int32),
            "indptr": np.zeros(1, np.int32),
        }
    bm25 = bm25s.BM25(k1=_K1, b=_B, method="lucene")
    ids = [[column[token] for token in passage] for passage in passages]
    bm25.index((ids, column), create_empty_token=False, show_progress=False)
    return tokens, {name: np.asarray(bm25.scores[name]) for name in ("data", "indices", "indptr")}


def _idf(found_in: NDArray[Any], passages: int) -> NDArray[np.float64]:
    """Return the idf of tokens that so many of the passages hold (Lucene's form)."""
    idf: NDArray[np.float64] = np.log(1 + (passages - found_in + 0.5) / (found_in + 0.5))
    return idf


def _npy(array: NDArray[Any]) -> bytes:
    buffer = io.BytesIO()
    np.save(buffer, array, allow_pickle=False)
    return buffer.getvalue()
