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

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain
from pathlib import Path
from typing import Any, NamedTuple, TypeAlias, TypeVar

import msgspec
import numpy as np
from numpy.typing import NDArray

from northloop.core.decoding import unpacked
from northloop.ports.models import Embedder
from northloop.ports.workers import Done, unknown
from northloop.stages.data.duplicates import digest
from northloop.stages.data.duplicates.spoken import DIGEST_BYTES
from northloop.stages.data.senses import LENGTH, Senses, Vectors, named, senses_name, worded
from northloop.stages.data.temporary_files import Column, Partitions
from northloop.stages.data.threads import at_once

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
FIRST = 8
"""Of a cell; they name it when it is looked up."""
MOST_NEW = 0.25
"""Where a larger share of a cell is new, it is compared anew."""
CROWDED = 64
"""Where a question has more that are alike, on average, most of them are passed over first."""
WINDOW = 4
"""Of those that a single word tells apart, each is held against so many."""
LIKENESSES = 64
"""The likest pairs are looked at first, in so many steps."""
QUESTIONS_A_PART = 50_000
"""The pairs of so many are looked at together."""
QUESTIONS_A_GAP_PART, MOST_GAP_PARTS = 4_000, 64
"""The gaps of so many are looked at together; of more where there would be more parts."""
AT_ONCE = 500
"""So many are looked up, or made out, together."""
_BATCH, _ROWS = 4_096, 128
_HALF = np.uint64(32)
_WHOLE = 2 * LENGTH * LENGTH
T = TypeVar("T")

Places: TypeAlias = NDArray[np.int64]
Numbers: TypeAlias = "Sequence[int] | NDArray[np.int64]"
Products: TypeAlias = NDArray[np.float32]
Reader: TypeAlias = "Callable[[NDArray[np.int64]], Vectors]"
"""Returns the vectors at some places."""


class Pair(msgspec.Struct, frozen=True, order=True):
    """Two questions that are alike; indices into the questions given, the smaller first."""

    a: int
    b: int
    alike: float
    """0 to 1; from `CLOSE` on their form is all that differs."""


class Pairs(Sequence[Pair]):
    """Pairs on disk, each made when it is asked for."""

    def __init__(
        self, ends: NDArray[np.int32], shared: NDArray[np.int32], scratch: Path | None = None
    ) -> None:
        """`scratch` is a folder for what is made of them; None for the system's own place."""
        self.scratch = scratch
        self.ends = ends
        """(pairs, 2) the questions, the smaller first."""
        self._shared = shared
        """(pairs,) their products."""

    @classmethod
    def of(cls, pairs: Iterable[Pair]) -> Pairs:
        """Return pairs, in order."""
        found = sorted(pairs)
        ends = np.array([(pair.a, pair.b) for pair in found], np.int32).reshape(-1, 2)
        return cls(ends, np.array([round(pair.alike * _WHOLE) for pair in found], np.int32))

    def at(self, places: NDArray[np.int64], scratch: Path | None = None) -> Pairs:
        """Return the same with other numbers for the questions."""
        ends = Column(np.dtype("i4"), scratch)
        for start in range(0, len(self), _BATCH):
            ends.add(np.sort(places[self.ends[start : start + _BATCH]], axis=1).ravel())
        return Pairs(ends.array().reshape(-1, 2), self._shared, scratch)

    def likest_first(self) -> Iterator[tuple[NDArray[np.int32], NDArray[np.int32]]]:
        """Yield pairs, (pairs, 2), and their products: some at a time, each liker than all that
        follow, in no order among themselves.
        """
        dealt = Partitions(np.dtype("i4"), LIKENESSES, self.scratch)
        for start in range(0, len(self), _BATCH):
            some = slice(start, start + _BATCH)
            shared = np.minimum(self._shared[some], _WHOLE)
            parts = (_WHOLE - shared).astype(np.int64) * LIKENESSES // (_WHOLE + 1)
            dealt.add(parts, np.column_stack([self.ends[some], shared]))
        for part in dealt:
            pairs = part.reshape(-1, 3)
            yield pairs[:, :2], pairs[:, 2]

    def __len__(self) -> int:
        return len(self.ends)

    def __getitem__(self, at: Any) -> Any:
        """Return one; IndexError."""
        a, b = self.ends[at].tolist()
        return Pair(a, b, float(alike(self._shared[at])))


def alike(shared: NDArray[np.integer]) -> NDArray[np.float64]:
    """Return how alike questions are, 0 to 1, by the products of their vectors."""
    return np.minimum(1.0, shared / _WHOLE)


class Cell(msgspec.Struct, frozen=True):
    """Questions that were compared with one another."""

    marks: bytes
    """Of each question, in their order."""
    pairs: bytes
    """Of each the likest others: places of both and their product, four bytes each."""


class Likest(msgspec.Struct, frozen=True):
    """The likest of many questions, as it was found for some."""

    among: bytes
    """The marks of the many, sorted."""
    of: bytes
    """Those of the others."""
    best: bytes
    """Of each of them the mark of the likest."""
    products: bytes
    """And their product, four bytes."""


class Cut(NamedTuple):
    """Some questions that follow one another: what names them, and where they end."""

    name: bytes
    end: int


class Questions:
    """A set of questions that can be compared with one another."""

    def __init__(
        self,
        questions: Sequence[str],
        embedder: Embedder | None = None,
        known: Done = unknown,
        scratch: Path | None = None,
        cuts: Iterable[Cut] | None = None,
    ) -> None:
        """Those of a cut are asked for if `known`, which is what was found out before, does not
        have them. `scratch` is a folder for their vectors; None for the system's own place."""
        self.least = LIKE if embedder else LIKE_IN_WORDS
        """From this likeness on two questions count as paraphrases."""
        self._questions, self._embedder, self._known = questions, embedder, known
        self._scratch = scratch
        self._gap_parts = min(MOST_GAP_PARTS, 1 + len(questions) // QUESTIONS_A_GAP_PART)
        self._gaps = [Partitions(np.dtype("u8"), self._gap_parts, scratch) for _ in range(2)]
        self._vectors = Column(np.dtype(np.int8), scratch)
        self._drawn = Column(np.dtype("<u4"), scratch)
        self._marks = Column(np.dtype("<u8"), scratch)
        self._same = Column(np.dtype(f"V{DIGEST_BYTES}"), scratch)
        for name, start, end in _cut(questions, cuts):
            self._add(start, self._senses(name, start, end))
        self._arrange()

    def _arrange(self) -> None:
        order = _by_text(self._drawn.array(), self._marks.array(), self._questions)
        self._order = Column.of(order, self._scratch)
        width = len(self._vectors) // max(1, len(order))
        self._seen: Vectors = self._vectors.array().reshape(len(order), width)

    def _senses(self, name: bytes, start: int, end: int) -> Senses:
        key = senses_name(name, self._embedder)
        if found := self._noted(key, Senses):
            return found
        made = Senses.of(self._questions[start:end], self._embedder)
        self._note(key, made)
        return made

    def _key(self, kind: bytes, name: bytes) -> bytes:
        return named(kind, name, self._embedder)

    def _noted(self, key: bytes, type_: type[T]) -> T | None:
        found = self._known.get([key]).get(key)
        return unpacked(found, type_) if found else None

    def _note(self, key: bytes, found: object) -> None:
        self._known.put({key: msgspec.msgpack.encode(found)})

    def _add(self, start: int, senses: Senses) -> None:
        """Take in the senses of questions, the first of which is number `start`."""
        self._vectors.add_bytes(senses.vectors)
        self._drawn.add_bytes(senses.drawn)
        self._same.add_bytes(senses.same)
        self._marks.add_bytes(senses.marks)
        kinds = (senses.gaps, senses.gap_ends), (senses.short, senses.short_ends)
        for parts, (gaps, ends) in zip(self._gaps, kinds, strict=True):
            found = np.frombuffer(gaps, ">u8").astype(np.uint64)
            sizes: Places = np.diff(np.frombuffer(ends, "<u4"), prepend=np.uint32(0))
            owner = np.repeat(np.arange(len(sizes)), sizes) + start
            entries = np.stack([found, owner.astype(np.uint64)], axis=1)
            parts.add(
                ((found >> _HALF) * np.uint64(self._gap_parts) >> _HALF).astype(np.uint8), entries
            )

    def __len__(self) -> int:
        return len(self._questions)

    def text(self, number: int) -> str:
        """Return a question by its number."""
        return self._questions[number]

    def add(self, questions: Sequence[str]) -> None:
        """Take in more questions, whose numbers count on."""
        start = len(self._questions)
        self._questions = _Chained(self._questions, questions)
        if len(questions):
            self._add(start, Senses.of(questions, self._embedder))
            self._arrange()

    def same(self, places: NDArray[np.int64]) -> bytes:
        """Return digests of the `same_words` of questions, one after another."""
        return self._same.array()[places].tobytes()

    def vectors(self, places: NDArray[np.int64]) -> Vectors:
        """Return the vectors of questions by their places in the order that follows from them."""
        found: Vectors = self._seen[self._order[places]]
        return found

    def paraphrases(self, among: NDArray[np.int64] | None = None) -> Pairs:
        """Return pairs that ask the same; for each question at most a few, the likest.

        `among` are the questions that are compared; None for all.
        """
        chosen = np.ones(len(self._order), bool)
        if among is not None:
            chosen[:] = False
            chosen[among] = True
        return _Compared(self, self._order[chosen[self._order]]).pairs()

    def nearest(self, of: Numbers, among: Numbers) -> list[tuple[int, float]]:
        """Return for each question of `of` the likest among others, and how alike they are.

        [] if there are no others.
        """
        if not len(among):
            return []
        mine, others = self._places(of, among)
        return self._told(*self._nearest_as_before(mine, others))

    def likest(self, of: Numbers, among: Numbers) -> list[tuple[int, float]]:
        """Return the same, all compared anew and nothing noted."""
        if not len(among):
            return []
        mine, others = self._places(of, among)
        return self._told(*self._likest(mine, others))

    def _told(self, best: Places, products: Products) -> list[tuple[int, float]]:
        """Return places as numbers, each with how alike a product says two are."""
        found = alike(products.astype(np.float64)).tolist()
        return list(zip(self._order[best].tolist(), found, strict=True))

    def like_any(self, of: Numbers, among: Numbers, least: float) -> Places:
        """Return the numbers of those `among` that are at least so alike to any of `of`."""
        if not len(of) or not len(among):
            return np.empty(0, np.int64)
        mine, others = self._places(of, among)
        found = np.zeros(len(others), bool)
        for start in range(0, len(others), _BATCH):
            some = slice(start, start + _BATCH)
            there = self.vectors(others[some]).astype(np.float32).T
            for first in range(0, len(mine), _BATCH // 4):
                asked = self.vectors(mine[first : first + _BATCH // 4]).astype(np.float32)
                likest = (asked @ there).max(axis=0)
                found[some] |= alike(likest.astype(np.float64)) >= least
        numbers: Places = self._order[others[found]]
        return numbers

    def only(self, numbers: Numbers) -> Questions:
        """Return some of them by themselves, under new numbers."""
        return Questions([self.text(int(number)) for number in numbers], self._embedder)

    def _places(self, of: Numbers, among: Numbers) -> tuple[Places, Places]:
        """Return the places of both, those of `among` in their order."""
        place = np.empty(len(self._order), np.int64)
        place[self._order] = np.arange(len(self._order))
        return place[np.asarray(of, np.int64)], np.sort(place[np.asarray(among)])

    def _nearest_as_before(self, mine: Places, others: Places) -> tuple[Places, Products]:
        """Return which of the others each is likest to, and their product.

        What was compared the last time is not compared again.
        """
        asked, told = (self._marks.array()[self._order[places]] for places in (mine, others))
        key = self._key(b"nearest", b"")
        before = self._noted(key, Likest) or Likest(b"", b"", b"", b"")
        among, of, was = (np.frombuffer(b, "<u8") for b in (before.among, before.of, before.best))
        there = np.argsort(told, kind="stable")
        at = np.searchsorted(told[there], was).clip(max=len(told) - 1)
        stands = told[there[at]] == was
        old = {
            mark: (int(others[there[i]]), product)
            for mark, i, product in zip(
                of[stands].tolist(),
                at[stands].tolist(),
                np.frombuffer(before.products, "<f4")[stands].tolist(),
                strict=True,
            )
        }
        is_known = np.array([mark in old for mark in asked.tolist()], bool)
        best, likest = np.zeros(len(mine), np.int64), np.full(len(mine), -np.inf, np.float32)
        best[~is_known], likest[~is_known] = self._likest(mine[~is_known], others)
        new = others[~np.isin(told, among)]
        newest, products = self._likest(mine[is_known], new)
        for i, near, product in zip(
            np.flatnonzero(is_known).tolist(), newest, products, strict=True
        ):
            kept, value = old[int(asked[i])]
            is_kept = (-value, kept) < (-product, near)
            best[i], likest[i] = (kept, value) if is_kept else (near, product)
        nearest = self._marks.array()[self._order[best]]
        found = (np.sort(told), asked, nearest, likest.astype("<f4"))
        self._note(key, Likest(*(column.tobytes() for column in found)))
        return best, likest

    def _likest(self, mine: Places, others: Places) -> tuple[Places, Products]:
        """Return which of the others each is likest to, the first of them, and their product."""
        likest = np.full(len(mine), -np.inf, np.float32)
        best = np.zeros(len(mine), np.int64)
        for start in range(0, len(others), _BATCH):
            there = self.vectors(others[start : start + _BATCH]).astype(np.float32).T

            def compare(first: int, start: int = start, there: NDArray[np.float32] = there) -> None:
                some = slice(first, first + _ROWS)
                products = self.vectors(mine[some]).astype(np.float32) @ there
                at = products.argmax(axis=1)
                value = products[np.arange(len(at)), at]
                better = value > likest[some]
                likest[some][better] = value[better]
                best[some][better] = others[start + at[better]]

            at_once(compare, range(0, len(mine), _ROWS))
        return best, likest


class _Compared:
    """Some questions of a set, each compared with those that may ask the same."""

    def __init__(self, questions: Questions, order: NDArray[np.int64]) -> None:
        """`order` names them in the order that follows from their texts."""
        self._questions, self._order = questions, order
        self._least = questions.least

    def pairs(self) -> Pairs:
        """Return pairs that ask the same."""
        count = len(self._order)
        scratch = self._questions._scratch
        found = Partitions(np.dtype("i4"), 1 + count // QUESTIONS_A_PART, scratch)
        near = (self._compared(cell) for cell in _cells(self._vectors, count))
        for pairs in chain(near, self._a_word_apart()):
            found.add(pairs[:, 0] // QUESTIONS_A_PART, pairs.astype(np.int32))
        ends, shared = Column(np.dtype("i4"), scratch), Column(np.dtype("i4"), scratch)
        for part in found:
            pairs = _strongest(part.reshape(-1, 3))
            ends.add(np.sort(self._order[pairs[:, :2]], axis=1).ravel())
            shared.add(pairs[:, 2])
        return Pairs(ends.array().reshape(-1, 2), shared.array(), scratch)

    def _vectors(self, places: NDArray[np.int64]) -> Vectors:
        found: Vectors = self._questions._seen[self._order[places]]
        return found

    def _compared(self, cell: Places) -> Places:
        """Return of a cell's questions the pairs that are alike, with their products.

        Only what has come since it was compared the last time is compared with all of it.
        """
        questions = self._questions
        marks = questions._marks.array()[self._order[cell]]
        key = questions._key(b"cell", marks[:FIRST].tobytes())
        open_, pairs = _known_cell(questions._noted(key, Cell), marks)
        if len(open_):
            vectors = self._vectors(cell).astype(np.float32)
            if len(open_) > MOST_NEW * len(cell):
                pairs = _alike(vectors, self._least * _WHOLE)
            else:
                new = _alike_to(open_, vectors, self._least * _WHOLE)
                again = np.isin(pairs[:, 0], new[:, 0])
                ranked = _likest_of_each(np.concatenate([pairs[again], new]))
                pairs = np.concatenate([pairs[~again], ranked])
            questions._note(key, Cell(marks.tobytes(), pairs.astype("<i4").tobytes()))
        rows, columns, shared = pairs.T
        return _ordered(cell[rows], cell[columns], shared)

    def _a_word_apart(self) -> Iterator[NDArray[np.int64]]:
        """Yield pairs that one word tells apart, with their products."""
        place = np.full(len(self._questions._order), -1)
        place[self._order] = np.arange(len(self._order))
        leasts = (ONE_WORD, ONE_WORD_THAT_SAYS_ANYTHING)
        for gaps, least in zip(self._questions._gaps, leasts, strict=True):
            for part in gaps:
                found = part.reshape(-1, 2)
                rows = place[found[:, 1].astype(np.int64)]
                pairs = self._sharing(found[rows >= 0, 0], rows[rows >= 0], least)
                if least == ONE_WORD:
                    pairs[:, 2] = np.maximum(pairs[:, 2], math.ceil(CLOSE * _WHOLE))
                yield pairs

    def _sharing(
        self, gaps: NDArray[np.uint64], rows: NDArray[np.int64], least: float
    ) -> NDArray[np.int64]:
        """Return pairs of rows that share a gap and are alike enough."""
        order = np.argsort(gaps)
        is_next = gaps[order[1:]] == gaps[order[:-1]]  # most stand alone
        order = order[np.append(is_next, False) | np.append(False, is_next)[: len(order)]]
        order = order[np.lexsort((rows[order], gaps[order]))]
        keys, rows = gaps[order], rows[order]
        found = [np.empty((0, 2), np.int64)]
        for step in range(1, WINDOW + 1):
            same = np.flatnonzero(keys[step:] == keys[:-step])
            found.append(np.stack([rows[same], rows[same + step]], axis=1))
        one, other = np.concatenate(found).T
        count = max(1, len(self._order))
        ends = np.column_stack(np.divmod(np.unique(one * count + other), count))
        ends = ends[ends[:, 0] != ends[:, 1]]
        shared = self._products(ends)
        kept = shared >= least * _WHOLE
        return _ordered(ends[kept, 0], ends[kept, 1], shared[kept])

    def _products(self, ends: NDArray[np.int64]) -> NDArray[np.int64]:
        shared = [np.empty(0, np.int64)]
        for start in range(0, len(ends), _BATCH):
            left, right = (self._vectors(e).astype(np.int32) for e in ends[start:][:_BATCH].T)
            shared.append((left * right).sum(axis=1))
        return np.concatenate(shared)


def _alike(vectors: NDArray[np.float32], least: float) -> Places:
    """Return of each row the pairs with its likest others, those whose product is at least `least`,
    and that, (pairs, 3).
    """
    count = len(vectors)
    last = max(0, count - NEAREST)

    def likest(start: int) -> Places:
        rows = np.arange(start, min(count, start + _ROWS))
        products = vectors[rows] @ vectors.T
        products[np.arange(len(rows)), rows] = -1
        at, others = np.nonzero(products >= least)
        if len(at) > CROWDED * len(rows):
            enough = np.maximum(np.partition(products, last, axis=1)[:, last], np.float32(least))
            at, others = np.nonzero(products >= enough[:, None])
        shared = products[at, others].astype(np.int64)
        return _likest_of_each(np.stack([rows[at], others, shared], axis=1))

    nothing = np.empty((0, 3), np.int64)
    return np.concatenate([nothing, *at_once(likest, range(0, count, _ROWS))])


def _alike_to(some: Places, vectors: NDArray[np.float32], least: float) -> Places:
    """Return the pairs of some rows and any others, both ways round, whose product is at least
    `least`, and that, (pairs, 3).
    """
    products = (vectors @ vectors[some].T).T  # half the time of the other way round
    products[np.arange(len(some)), some] = -1
    at, others = np.nonzero(products >= least)
    shared = products[at, others].astype(np.int64)
    back = ~np.isin(others, some)
    pairs = np.stack([some[at], others, shared], axis=1)
    return np.concatenate([pairs, pairs[back][:, [1, 0, 2]]])


def _likest_of_each(pairs: Places) -> Places:
    """Return of each row the pairs with its likest others, each once."""
    rows, columns, shared = pairs.T
    order = np.lexsort((columns, -shared, rows))
    pairs = pairs[order]
    first = np.ones(len(pairs), bool)
    first[1:] = (pairs[1:] != pairs[:-1]).any(axis=1)
    pairs = pairs[first]
    starts = np.searchsorted(pairs[:, 0], pairs[:, 0])
    return pairs[np.arange(len(pairs)) - starts < NEAREST]


def _known_cell(cell: Cell | None, marks: NDArray[np.uint64]) -> tuple[Places, Places]:
    """Return the places of a cell that have to be compared with all others, and the pairs, both
    ways round, that the others were found to be in before.

    These are those that are new, and those of whose likest one has gone, where a place had as many
    as are kept: another may follow.
    """
    everything = np.arange(len(marks))
    nothing = np.empty((0, 3), np.int64)
    if cell is None:
        return everything, nothing
    before = np.frombuffer(cell.marks, "<u8")
    is_old, stays = np.isin(marks, before), np.isin(before, marks)
    old = np.flatnonzero(is_old)
    if len(old) != stays.sum() or (marks[old] != before[stays]).any():
        return everything, nothing
    place = np.full(len(before), -1)
    place[stays] = old
    pairs = np.frombuffer(cell.pairs, "<i4").reshape(-1, 3).astype(np.int64)
    full = np.bincount(pairs[:, 0], minlength=len(before)) == NEAREST
    pairs[:, :2] = place[pairs[:, :2]]
    lost = ~is_old
    is_lost = (pairs[:, 0] >= 0) & (pairs[:, 1] < 0) & full[np.frombuffer(cell.pairs, "<i4")[::3]]
    lost[pairs[is_lost, 0]] = True
    return np.flatnonzero(lost), pairs[(pairs[:, :2] >= 0).all(axis=1)]


def _by_text(
    drawn: NDArray[np.uint32], marks: NDArray[np.uint64], questions: Sequence[str]
) -> NDArray[np.int64]:
    """Return the indices in an order that follows from the texts alone and is as good as random.

    `marks` tell one text from another.
    """
    order = np.argsort(drawn, kind="stable")
    sorted_ = drawn[order]
    edges = np.flatnonzero(np.diff(sorted_, prepend=-1.0, append=-1.0))
    told = marks[order]
    others = np.cumsum(np.append(False, told[1:] != told[:-1])[: len(told)])
    # Where one text stands several times alone, its places are in order as they are.
    differ = others[edges[1:] - 1] != others[edges[:-1]]
    starts, ends = edges[:-1][differ], edges[1:][differ]
    for start, end in zip(starts.tolist(), ends.tolist(), strict=True):
        tied = [(questions[i], i) for i in order[start:end].tolist()]
        order[start:end] = [i for *_, i in sorted((worded(text), text, i) for text, i in tied)]
    return order


# --- what they are compared by -----------------------------------------------------------------


def _cut(questions: Sequence[str], cuts: Iterable[Cut] | None) -> Iterator[tuple[bytes, int, int]]:
    """Yield the name, the start and the end of questions that are looked up together."""
    start = 0
    for name, end in cuts if cuts is not None else _by_count(questions):
        yield name, start, end
        start = end


def _by_count(questions: Sequence[str]) -> Iterator[Cut]:
    for start in range(0, len(questions), AT_ONCE):
        some = questions[start : start + AT_ONCE]
        yield Cut(digest("\x1f".join(some)), start + len(some))


class _Chained(Sequence[str]):
    """Texts, and more of them."""

    def __init__(self, texts: Sequence[str], more: Sequence[str]) -> None:
        self._texts, self._more = texts, more

    def __len__(self) -> int:
        return len(self._texts) + len(self._more)

    def __getitem__(self, at: Any) -> Any:
        count = len(self._texts)
        return self._texts[at] if at < count else self._more[at - count]


# --- who is compared with whom -----------------------------------------------------------------


def _cells(vectors: Reader, count: int) -> Iterator[NDArray[np.int64]]:
    """Yield groups of at most `CELL` questions that may be alike; each is in one or two of them."""
    everything = np.arange(count)
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


def _parted(rows: NDArray[np.int64], vectors: Reader, times: int) -> list[NDArray[np.int64]]:
    """Return, for each of a few of the questions, those that it is among the likest to.

    Each question goes to as many as `times` of them.
    """
    few = max(PIVOTS, len(rows) // (CELL // 4))
    pivots = vectors(rows[:few]).astype(np.float32)  # their order is as good as random
    likest = np.empty((times, len(rows)), np.int64)
    for start in range(0, len(rows), _BATCH):
        batch = slice(start, start + _BATCH)
        products = vectors(rows[batch]).astype(np.float32) @ pivots.T
        for time in range(times):
            likest[time, batch] = best = products.argmax(axis=1)
            products[np.arange(len(products)), best] = -np.inf
    return [rows[(likest == i).any(axis=0)] for i in range(few)]


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
