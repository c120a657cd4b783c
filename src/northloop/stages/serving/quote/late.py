"""Words of a question beside the words of the documents, each as it is meant where it stands.

Late interaction (ColBERT, Khattab & Zaharia 2020): each word of a question is held against the
nearest word of a passage, rare words counting for more, and the nearness is averaged. One vector
for a whole passage says what it is about, and no more of it than fits; a word's own vector is
still there beside those of all others. The encoder was trained for whole texts alone; the words
of its last layer but one tell passages apart all the same.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from northloop.core.conversation import Passage
from northloop.ports.models import WordByWord, Words
from northloop.stages.serving.quote.parts import placed
from northloop.stages.serving.quote.sentences import Sentence

Floats = NDArray[np.float32]
Ints = NDArray[np.int_]
_USUAL = np.float32(0.6)
"""What the nearest passage has for half of the questions: told is how far above or below it."""


class Said(NamedTuple):
    """A question word by word."""

    vectors: Floats
    weights: Floats
    """(words,): how rare each is among the passages; they add up to 1."""


class Nearest(NamedTuple):
    """A word of a question, and how near the farthest of its pieces comes to a word of passages."""

    word: str
    near: float
    """A cosine, 1 at most."""


class Late:
    """Passages word by word; read only."""

    def __init__(
        self,
        embedder: WordByWord,
        passages: Sequence[Passage],
        quoted: Sequence[Sentence],
        reader: WordByWord | None = None,
    ) -> None:
        """There is a passage; `quoted` are the sentences of them, in their order. `reader` reads
        the passages, `embedder` by default."""
        self._embedder = embedder
        embedder.word_by_word([""])  # what it finds out beforehand no customer waits for
        read = (reader or embedder).word_by_word([passage_text(passage) for passage in passages])
        self._starts: Ints = np.cumsum([0, *(len(words.ids) for words in read)])
        self._words = np.concatenate([words.vectors for words in read])
        self._spans, self._heads = _spans(passages, read, self._starts, quoted)
        held = np.bincount(np.concatenate([np.unique(words.ids) for words in read]))
        self._rarity = np.log1p((len(read) - held + 0.5) / (held + 0.5))

    def read(self, texts: Collection[str]) -> None:
        """Read questions at once, which is quicker where the embedder remembers them."""
        self._embedder.word_by_word([*texts])

    def said(self, text: str) -> Said:
        """Return a question as it is held against the passages."""
        words = self._embedder.word_by_word([text])[0]
        unknown = float(np.log1p(2 * len(self._starts) - 1))
        rare = np.array([self._rarity[n] if n < len(self._rarity) else unknown for n in words.ids])
        weights = rare / (rare.sum() or 1.0)
        return Said(words.vectors, weights.astype(np.float32))

    def words(self, text: str, stretches: Sequence[tuple[int, int]]) -> Iterator[Nearest]:
        """Yield each word of a text; `stretches` are passages, from this number to before that."""
        read = self._embedder.word_by_word([text])[0]
        bounds = [(self._starts[first], self._starts[last]) for first, last in stretches]
        yield from _nearest(text, read, [self._words[a:b] for a, b in bounds])

    def passages(self, said: Said, first: int, last: int) -> Floats:
        """Return how near passages of these numbers are to a question, shape (last - first,)."""
        bounds = self._starts[first : last + 1]
        return self._nearness(said, bounds[:-1], bounds[1:])

    def sentences(self, said: Said, first: int, last: int) -> Floats:
        """The same of sentences of one document."""
        spans, heads = self._spans[first:last], self._heads[first:last]
        return self._nearness(said, spans[:, 0], spans[:, 1], heads)

    def _nearness(self, said: Said, starts: Ints, ends: Ints, heads: Ints | None = None) -> Floats:
        """Return the mean over a question's words of the nearest word within each stretch, or
        within what it stands below."""
        above = np.zeros((len(starts), 2), int) if heads is None else heads
        held = above[above[:, 1] > 0]
        base = int(held[:, 0].min(initial=starts.min()))
        near = said.vectors @ self._words[base : int(ends.max())].T
        found = []
        for first, last, (top, bottom) in zip(starts, ends, above, strict=True):
            nearest = near[:, first - base : last - base].max(axis=1, initial=0.0)
            if bottom:
                head = near[:, top - base : bottom - base].max(axis=1, initial=0.0)
                nearest = np.maximum(nearest, head)
            found.append(said.weights @ nearest)
        return np.array(found, np.float32) - _USUAL


def words_beside(embedder: WordByWord, text: str, other: str) -> Iterator[Nearest]:
    """Yield each word of a text, and how near a word of another text comes to it."""
    own, its = embedder.word_by_word([text, other])
    yield from _nearest(text, own, [its.vectors])


def _nearest(text: str, read: Words, others: Sequence[Floats]) -> Iterator[Nearest]:
    near = np.stack([(read.vectors @ its.T).max(axis=1, initial=0.0) for its in others]).max(axis=0)
    for word in placed(text):
        own = _words_in(read.spans, *word.span())
        if own:
            yield Nearest(word[0], float(near[slice(*own)].min()))


def passage_text(passage: Passage) -> str:
    """Return a passage as it is read."""
    return f"{passage.title}\n{passage.text}"


def _spans(
    passages: Sequence[Passage], read: Sequence[Words], starts: Ints, quoted: Sequence[Sentence]
) -> tuple[Ints, Ints]:
    """Return from which word of all to which each sentence goes, the whole passage's where it lies
    beyond what was read; and the heading that it stands below in a table, from 0 to 0 for none."""
    found, heads = [], []
    number, place = -1, 0
    for sentence in quoted:
        if sentence.passage != number:
            number = sentence.passage
            place = len(passages[number].title)
        text, spans = passage_text(passages[number]), read[number].spans
        at = text.find(sentence.text, place)
        place = max(at + len(sentence.text), place)
        first, last = _words_in(spans, at, place) or (0, len(spans))
        above = text.rfind(sentence.head, 0, max(at, 0)) if sentence.head else -1
        head = _words_in(spans, above, above + len(sentence.head))
        found.append(starts[number] + np.array([first, last]))
        heads.append(starts[number] + np.array(head) if head else np.zeros(2, int))
    return np.array(found, int).reshape(-1, 2), np.array(heads, int).reshape(-1, 2)


def _words_in(spans: Ints, at: int, end: int) -> tuple[int, int] | None:
    """Return the first word from a place on and the one behind the last before another; None where
    nothing was found (-1) or read."""
    within = np.flatnonzero((at >= 0) & (spans[:, 0] >= at) & (spans[:, 1] <= end))
    return (int(within[0]), int(within[-1]) + 1) if len(within) else None
