"""Passage retrieval by words (BM25) and by meaning (dense vectors), fused into one score.

Words. Each word is indexed as it stands and by its stem, so that "returning" finds "return" while
the exact word still counts more; common words and placeholders of sensitive text are left out; the
title counts twice. BM25 in Lucene's form (Kamphuis et al., ECIR 2020), computed for every word and
passage when the index is opened.

Questions asked before. An index may be opened together with questions that its passages have
answered: their words are added to the passage's own (so that what all customers write, and no
document, weighs little), its vector is the mean of its own and the mean of theirs. They are kept
apart, by what the passage says; what is cited stays the passage's own text.

Fusion. A convex combination of the two scores after *theoretical* normalisation (Bruch et al.,
"An Analysis of Fusion Functions for Hybrid Retrieval", TOIS 2023): BM25 is divided by the most
that any passage could get for this very question (the sum of its words' idf, unknown words
included), the cosine is cut at 0. Both are then shares of a fixed whole, so the fused score means
the same for every question and a threshold on it makes sense.

Speed. The result is that of a look at every passage. Passages that their words, or their words and
a short form of their vector, keep from the best are left out before their vector is read; the short
form is made when the index is opened, so edits and learnt questions need nothing more.

The index is a folder of plain files (JSON and .npy): no pickle, equal passages give equal bytes,
whether they were embedded now or taken over from an earlier index.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
import numpy as np
from bm25s.stopwords import STOPWORDS_EN_PLUS
from numpy.typing import NDArray

from northloop.core.arrays import array_of, npy
from northloop.core.conversation import Passage
from northloop.core.decoding import decoded
from northloop.core.errors import ConfigurationError, CorruptArtefact
from northloop.core.ids import Hash
from northloop.ports.models import Embedder, Others, embedder_of, no_others
from northloop.ports.retrieval import Hit

FORMAT = 2
_BUILT_WHOLE = 1
"""The format of earlier versions: scores instead of counts, questions already in them."""
WORD_SHARE = 0.7
"""Weight of the words in the fused score; the meaning has the rest."""
_MORE = 8
_FEW = 512
"""So many vectors are multiplied without more ado."""
_LARGE = 4_096
"""Passages from which on their vectors have a short form, too."""
_SHORT = 48
_SAMPLE = 8_192
"""Vectors, about, that tell the directions of the short form."""
_ROUNDING = 1e-6
"""More than float32 leaves of a product of unit vectors."""
_K1 = 1.5
_B = 0.75
_TITLE_COUNTS = 2
_WORD = re.compile(r"\w+")
_PLACEHOLDER = re.compile(r"\[[A-Z]+(?::[0-9a-f]+)?\]")
_STOP = frozenset(STOPWORDS_EN_PLUS)
_VOWELS = frozenset("aeiouy")
_COLUMNS = ("data", "indices", "indptr")


class _Head(msgspec.Struct, frozen=True, kw_only=True):
    """What must be known before the arrays can be read."""

    format: int
    embedder: str
    tokens: list[str]
    """In the order of the columns."""


class _AskedHead(msgspec.Struct, frozen=True, kw_only=True):
    """The same of the questions, with the questions themselves."""

    format: int
    embedder: str
    tokens: list[str]
    asked: dict[Hash, tuple[str, ...]]


class _Words(NamedTuple):
    """How often which token stands in which passage: sparse columns, one a token."""

    tokens: list[str]
    data: NDArray[Any]
    indices: NDArray[Any]
    """Rows of the passages, ascending in each column."""
    indptr: NDArray[Any]

    @property
    def columns(self) -> NDArray[np.int64]:
        """The column of each cell."""
        return np.repeat(np.arange(len(self.tokens)), np.diff(self.indptr))


class _Stored(NamedTuple):
    head: _Head
    passages: list[Passage]
    words: _Words
    vectors: NDArray[np.float32]


class HybridIndexer:
    """Implements `ports.retrieval.Indexer` on any embedder."""

    def __init__(self, embedder: Embedder, others: Others = no_others) -> None:
        """New indexes are built with `embedder`; `others` were older ones."""
        self._embedder, self._others = embedder, others
        self.name = f"hybrid {FORMAT} {embedder.name}"

    def build(self, passages: Sequence[Passage], before: Path | None = None) -> dict[str, bytes]:
        """Return `index.json`, `passages.json` and the four arrays.

        Vectors are kept in half precision: that is exact enough (cosine ± 0.001) and hides the
        last bits in which two processors may differ.
        """
        earlier = self._taken_over(before)
        known = {p.hash: row for row, p in enumerate(earlier.passages)} if earlier else {}
        rows = np.array([known.get(p.hash, -1) for p in passages], np.int64)
        new = [p for p in passages if p.hash not in known]
        vectors = np.zeros((len(passages), self._width(earlier)), np.float16)
        if new:
            vectors[rows < 0] = self._embedder.embed([f"{p.title}\n{p.text}" for p in new])
        counted = _counted([passage_tokens(p) for p in new])
        places = np.flatnonzero(rows < 0).astype(np.int32)
        counted = counted._replace(indices=places[counted.indices])
        if earlier:
            vectors[rows >= 0] = earlier.vectors[rows[rows >= 0]]
            counted = _joined(_picked(earlier.words, rows), counted)
        head = _Head(format=FORMAT, embedder=self._embedder.name, tokens=counted.tokens)
        return {
            "index.json": msgspec.json.encode(head),
            "passages.json": msgspec.json.encode(list(passages)),
            "vectors.npy": npy(vectors),
            **_word_files(counted),
        }

    def learn(self, asked: Mapping[Hash, Sequence[str]]) -> dict[str, bytes]:
        """Return `asked.json` and the four arrays, their rows in the order of the hashes."""
        questions = {passage: tuple(asked[passage]) for passage in sorted(asked)}
        counted = _counted(
            [[token for q in own for token in text_tokens(q)] for own in questions.values()]
        )
        units = _meanings(self._embedder, questions).astype(np.float16)
        head = _AskedHead(
            format=FORMAT, embedder=self._embedder.name, tokens=counted.tokens, asked=questions
        )
        return {
            "asked.json": msgspec.json.encode(head),
            "vectors.npy": npy(units),
            **_word_files(counted),
        }

    def load(self, folder: Path, asked: Path | None = None) -> HybridIndex:
        """Return the index of a folder.

        CorruptArtefact if a file is missing or unreadable, ConfigurationError if it was built by an
        embedder that is not to be had, or a later version. An index of an earlier version holds the
        questions of its own training already and takes no others.
        """
        stored = self._stored(folder)
        own = embedder_of("the index", stored.head.embedder, self._embedder, self._others)
        if stored.head.format == _BUILT_WHOLE:
            return HybridIndex(own, stored.passages, stored.words, stored.vectors)
        words, vectors = stored.words, stored.vectors
        if asked is not None and len(stored.passages):
            words, vectors = _taught(own, stored, asked)
        return HybridIndex(own, stored.passages, _scored(words, len(vectors)), vectors)

    def _stored(self, folder: Path) -> _Stored:
        with _readable(folder):
            head = decoded((folder / "index.json").read_bytes(), _Head)
            passages = decoded((folder / "passages.json").read_bytes(), list[Passage])
            whole = head.format == _BUILT_WHOLE
            arrays = _arrays(folder, "bm25" if whole else "words")
            vectors = array_of((folder / "vectors.npy").read_bytes()).astype(np.float32)
        if head.format not in (FORMAT, _BUILT_WHOLE):
            raise ConfigurationError(
                f"the index has format {head.format}, this installation reads format {FORMAT}",
                where=str(folder),
                action="build the index again",
            )
        return _Stored(head, passages, _Words(head.tokens, *arrays), vectors)

    def _taken_over(self, before: Path | None) -> _Stored | None:
        """What can be taken over of an earlier index: nothing of another format or embedder."""
        if before is None:
            return None
        try:
            stored = self._stored(before)
        except (ConfigurationError, CorruptArtefact):
            return None
        is_alike = stored.head.format == FORMAT and stored.head.embedder == self._embedder.name
        return stored if is_alike else None

    def _width(self, earlier: _Stored | None) -> int:
        if earlier is not None and len(earlier.passages):
            return int(earlier.vectors.shape[1])
        return int(self._embedder.embed([""]).shape[1])


def _meanings(embedder: Embedder, questions: Mapping[Hash, Sequence[str]]) -> NDArray[np.float32]:
    """Return one unit vector a passage: the mean of its questions."""
    means = [
        embedder.embed([_bare(question) for question in own]).mean(axis=0)
        for own in questions.values()
    ]
    return np.array([mean / (np.linalg.norm(mean) or 1) for mean in means], np.float32)


def _taught(
    embedder: Embedder, stored: _Stored, folder: Path
) -> tuple[_Words, NDArray[np.float32]]:
    """Return words and vectors with those of the questions that each passage has answered."""
    with _readable(folder):
        head = decoded((folder / "asked.json").read_bytes(), _AskedHead)
        theirs = array_of((folder / "vectors.npy").read_bytes()).astype(np.float32)
        words = _Words(head.tokens, *_arrays(folder, "words"))
    if head.embedder != embedder.name:  # the questions are kept: they are read anew
        theirs = _meanings(embedder, head.asked)
    place = {passage: row for row, passage in enumerate(head.asked)}
    rows = np.array([place.get(p.hash, -1) for p in stored.passages], np.int64)
    standing = rows >= 0
    between = stored.vectors[standing] + theirs[rows[standing]]
    lengths = np.linalg.norm(between, axis=1, keepdims=True)
    vectors = stored.vectors.copy()
    vectors[standing] = between / np.where(lengths > 0, lengths, 1)
    return _joined(stored.words, _picked(words, rows)), vectors


class HybridIndex:
    """Implements `ports.retrieval.Index`; read only, safe for threads."""

    def __init__(
        self,
        embedder: Embedder,
        passages: Sequence[Passage],
        bm25: _Words,
        vectors: NDArray[np.float32],
    ) -> None:
        """`bm25` holds scores in place of counts."""
        self._embedder = embedder
        self._passages = tuple(passages)
        self._by_id = {passage.passage_id: passage for passage in passages}
        self._column = {token: number for number, token in enumerate(bm25.tokens)}
        self._vectors = vectors
        self._short = _Short.of(vectors) if len(vectors) >= _LARGE else None
        self._bm25 = bm25
        self._idf = _idf(np.diff(bm25.indptr), len(passages))
        self._unknown_idf = float(_idf(np.zeros(1), len(passages))[0])

    def search(self, query: str, k: int) -> list[Hit]:
        """Return at most `k` hits, best first; [] for a query without a searchable word."""
        tokens = sorted(set(text_tokens(query)))
        if not tokens or not self._passages or k < 1:
            return []
        bm25 = self._bm25_scores(tokens)
        words = bm25 / np.float32(sum(self._weight(token) for token in tokens))
        meaning = self._embedder.embed([_bare(query)])[0]
        rows, reached = self._candidates(words, meaning, k)
        cosine = _products(self._vectors, rows, meaning)
        fused = _fused(words[rows], cosine)
        front = _from(reached, fused)
        best = front[np.argsort(-fused[front], kind="stable")[:k]]
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
        _, scores, rows, starts = self._bm25
        for column in (self._column[token] for token in tokens if token in self._column):
            cells = slice(starts[column], starts[column + 1])
            np.add.at(summed, rows[cells], scores[cells])
        return summed

    def _candidates(
        self, words: NDArray[np.float32], meaning: NDArray[np.float32], k: int
    ) -> tuple[NDArray[np.intp], float]:
        """Return the rows, in order, that can still be among the `k` best, and what these reach.

        The `k` best of some by words alone reach some fused score; whoever would not reach it even
        with a cosine of 1 is out, and where many are left, whoever would not with the most that the
        short form of its vector allows. So the result is exact, and most vectors are never touched.
        """
        looked_at = _MORE * k
        if 2 * looked_at >= len(words):
            return np.arange(len(words)), 0.0
        reached = self._reached(_best(words, looked_at), words, meaning, k)
        # The vectors were rounded: a cosine may exceed 1 by that much.
        least = (reached - (1 - WORD_SHARE) * 1.001) / WORD_SHARE
        rows = _from(least, words)
        if self._short is None or len(rows) <= _FEW:
            return rows, reached
        most = _fused(words[rows], self._short.most(rows, meaning))
        left = _from(reached, most)
        if len(left) > max(_FEW, looked_at):
            seeds = left[_best(most[left], looked_at)]
            reached = max(reached, self._reached(rows[seeds], words, meaning, k))
            left = _from(reached, most)
        return rows[left], reached

    def _reached(
        self,
        rows: NDArray[np.intp],
        words: NDArray[np.float32],
        meaning: NDArray[np.float32],
        k: int,
    ) -> float:
        """Return the fused score that `k` of these rows reach."""
        fused = _fused(words[rows], self._vectors.take(rows, axis=0) @ meaning)
        return float(np.partition(fused, -k)[-k])


class _Short(NamedTuple):
    """Vectors in the few directions in which they differ most, and how long the rest of each is.

    By Cauchy and Schwarz the product of two vectors is at most that of their short forms plus that
    of the lengths of their rests.
    """

    directions: NDArray[np.float32]
    vectors: NDArray[np.float32]
    rests: NDArray[np.float32]

    @classmethod
    def of(cls, vectors: NDArray[np.float32]) -> _Short:
        some = vectors[:: 1 + len(vectors) // _SAMPLE]
        _, directions = np.linalg.eigh(some.T @ some)
        directions = np.ascontiguousarray(directions[:, -_SHORT:])
        short = vectors @ directions
        return cls(directions, short, _rest(vectors, short))

    def most(self, rows: NDArray[np.intp], meaning: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return the greatest cosine that the vectors of these rows can have with this one."""
        short = meaning @ self.directions
        most = _products(self.vectors, rows, short)
        most += self.rests[rows] * _rest(meaning, short)
        return most


def _rest(whole: NDArray[np.float32], short: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the length outside of the short form, rather too long than too short."""
    squares = [np.einsum("...i,...i", vectors, vectors) for vectors in (whole, short)]
    rest: NDArray[np.float32] = np.sqrt(np.maximum(squares[0] - squares[1], 0) + _ROUNDING)
    return rest.astype(np.float32)


def _products(
    vectors: NDArray[np.float32], rows: NDArray[np.intp], other: NDArray[np.float32]
) -> NDArray[np.float32]:
    """Return the product of each of these rows; where they are many, all cost less than a copy."""
    few = 4 * len(rows) < len(vectors)
    products: NDArray[np.float32] = (
        vectors.take(rows, axis=0) @ other if few else (vectors @ other)[rows]
    )
    return products


def passage_tokens(passage: Passage) -> list[str]:
    """Return the tokens of a passage, its title counted twice."""
    return text_tokens(passage.title) * _TITLE_COUNTS + text_tokens(passage.text)


def text_tokens(text: str) -> list[str]:
    """Return each word of a text in lower case and `~` + its stem.

    Common words and placeholders of sensitive text ("[CARD]" is not about cards) are left out.
    """
    words = (word for word in _WORD.findall(_bare(text).lower()) if word not in _STOP)
    return [token for word in words for token in (word, f"~{stem(word)}")]


def _bare(text: str) -> str:
    return _PLACEHOLDER.sub(" ", text)


@lru_cache(maxsize=65_536)
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


def _best(words: NDArray[np.float32], k: int) -> NDArray[np.intp]:
    """Return the rows of the `k` largest; of many rows few are looked at closely."""
    most = words.max()
    rows = np.arange(0)
    for share in (0.7, 0.4, 0.0):
        rows = np.flatnonzero(words >= np.float32(share) * most)
        if len(rows) >= k:
            break
    return rows[np.argpartition(-words[rows], k - 1)[:k]]


def _from(least: float, scores: NDArray[np.float32]) -> NDArray[np.intp]:
    """Return the places of the scores that are not less, rounding apart."""
    return np.flatnonzero(scores >= np.float32(least - _ROUNDING))


def _fused(
    words: NDArray[np.float32], cosine: NDArray[np.float32] | np.float32
) -> NDArray[np.float32]:
    """Return the fused score, 0..1."""
    fused: NDArray[np.float32] = np.float32(WORD_SHARE) * words + np.float32(
        1 - WORD_SHARE
    ) * np.maximum(cosine, np.float32(0))
    return fused


def _counted(texts: Iterable[Sequence[str]]) -> _Words:
    """Return how often each token stands in each text."""
    counts = [Counter(tokens) for tokens in texts]
    tokens = sorted({token for count in counts for token in count})
    column = {token: number for number, token in enumerate(tokens)}
    cells = [(column[t], row, n) for row, count in enumerate(counts) for t, n in count.items()]
    columns, rows, data = np.array(cells, np.int64).reshape(-1, 3).T
    return _in_order(tokens, columns, rows, data)


def _picked(words: _Words, rows: NDArray[np.int64]) -> _Words:
    """Return the words of other passages: of each the row it had, -1 for one that had none."""
    taken = np.flatnonzero(rows >= 0)
    by_row = np.argsort(words.indices, kind="stable")
    starts = np.searchsorted(words.indices[by_row], np.arange(int(rows.max(initial=0)) + 2))
    sizes = np.diff(starts)[rows[taken]]
    within = np.arange(sizes.sum()) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    cells = by_row[np.repeat(starts[rows[taken]], sizes) + within]
    return _in_order(words.tokens, words.columns[cells], np.repeat(taken, sizes), words.data[cells])


def _joined(some: _Words, others: _Words) -> _Words:
    """Return the sum of two counts of the same passages, without tokens that stand nowhere."""
    used = [
        {words.tokens[column] for column in np.flatnonzero(np.diff(words.indptr))}
        for words in (some, others)
    ]
    tokens = sorted(used[0] | used[1])
    place = {token: number for number, token in enumerate(tokens)}
    columns = np.concatenate(
        [
            np.array([place.get(token, -1) for token in words.tokens], np.int64)[words.columns]
            for words in (some, others)
        ]
    )
    rows = np.concatenate([some.indices, others.indices]).astype(np.int64)
    return _in_order(tokens, columns, rows, np.concatenate([some.data, others.data]))


def _in_order(
    tokens: list[str],
    columns: NDArray[np.int64],
    rows: NDArray[np.int64],
    data: NDArray[Any],
) -> _Words:
    """Return cells in the order of columns and rows; what stands twice is added up."""
    width = int(rows.max(initial=0)) + 1
    keys = columns * width + rows
    # The keys are sorted runs, one behind the other, which a stable sort merges.
    order = np.argsort(keys, kind="stable")
    keys = keys[order]
    first = np.flatnonzero(np.diff(keys, prepend=-1))
    summed = np.add.reduceat(data[order], first) if len(first) else data[:0]
    columns, rows = np.divmod(keys[first], width)
    indptr = np.searchsorted(columns, np.arange(len(tokens) + 1))
    return _Words(tokens, summed.astype(np.int32), rows.astype(np.int32), indptr.astype(np.int32))


def _scored(words: _Words, passages: int) -> _Words:
    """Return the BM25 score of each cell in place of its count."""
    lengths = np.bincount(words.indices, words.data, minlength=passages)
    norm = _K1 * (1 - _B + _B * lengths / (lengths.mean() if lengths.sum() else 1))
    idf = np.repeat(_idf(np.diff(words.indptr), passages), np.diff(words.indptr))
    scores = idf * words.data / (words.data + norm[words.indices])
    return words._replace(data=scores.astype(np.float32))


def _word_files(words: _Words) -> dict[str, bytes]:
    return {f"words_{name}.npy": npy(getattr(words, name)) for name in _COLUMNS}


def _arrays(folder: Path, of: str) -> list[NDArray[Any]]:
    return [array_of((folder / f"{of}_{name}.npy").read_bytes()) for name in _COLUMNS]


@contextmanager
def _readable(folder: Path) -> Iterator[None]:
    try:
        yield
    except (OSError, ValueError, msgspec.DecodeError) as error:
        raise CorruptArtefact(
            f"the index cannot be read: {error}", where=str(folder), action="build it again"
        ) from error


def _idf(found_in: NDArray[Any], passages: int) -> NDArray[np.float64]:
    """Return the idf of tokens that so many of the passages hold (Lucene's form)."""
    idf: NDArray[np.float64] = np.log(1 + (passages - found_in + 0.5) / (found_in + 0.5))
    return idf
