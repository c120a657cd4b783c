"""The documents as they stand, laid out for looking things up in: words, vectors, sentences."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from functools import lru_cache
from math import log

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csc_matrix

from northloop.core.conversation import Passage
from northloop.core.facts import english_share, facts
from northloop.core.remembered import remembered
from northloop.ports.models import Embedder, OfWords, WordByWord
from northloop.stages.serving.quote.late import Late, passage_text
from northloop.stages.serving.quote.parts import Names, bare, spelt, telling
from northloop.stages.serving.quote.past import is_past, years
from northloop.stages.serving.quote.sentences import (
    Sentence,
    is_counted,
    lists,
    opening,
    sentences,
    tables,
)

Floats = NDArray[np.float32]
Ints = NDArray[np.int_]
_K1, _B = 1.2, 0.75
KEPT = 4_096
"""So many short texts are remembered with their vectors."""
_ENGLISH = 0.1
"""So large a share of small English words, and the documents are English."""
READ = 1 << 16
"""Of so many sentences it is remembered what they say."""


class Words:
    """BM25 of texts, as a share of the most that any text could reach for a question."""

    def __init__(self, texts: Sequence[Sequence[str]]) -> None:
        counted = [Counter(text) for text in texts]
        found = Counter(word for count in counted for word in count)
        self.column = {word: column for column, word in enumerate(sorted(found))}
        size = len(texts)
        self.idf = np.array([_idf(size, found[word]) for word in self.column])
        self.unknown = _idf(size, 0)
        lengths = np.array([sum(count.values()) for count in counted], float)
        norm = _K1 * (1 - _B + _B * lengths / (lengths.mean() if lengths.sum() else 1.0))
        cells = [
            (row, self.column[word], n / (n + norm[row]) * self.idf[self.column[word]])
            for row, count in enumerate(counted)
            for word, n in count.items()
        ]
        rows, columns, data = zip(*cells, strict=True) if cells else ((), (), ())
        self._scores = csc_matrix((data, (rows, columns)), (size, len(self.column)), np.float32)

    def scores(self, words: Collection[str]) -> Floats:
        """Return a share of 0..1 for each text."""
        summed = np.zeros(self._scores.shape[0], np.float32)
        most = 0.0
        starts, rows, data = self._scores.indptr, self._scores.indices, self._scores.data
        for word in sorted(set(words)):
            column = self.column.get(word)
            if column is None:
                most += self.unknown
                continue
            most += float(self.idf[column])
            cells = slice(starts[column], starts[column + 1])
            summed[rows[cells]] += data[cells]
        shares: Floats = (summed / np.float32(most or 1.0)).astype(np.float32)
        return shares


def _idf(texts: int, found: int) -> float:
    return log(1 + (texts - found + 0.5) / (found + 0.5))


class Library:
    """Passages that hold something to quote, their documents and sentences; read only."""

    def __init__(
        self,
        passages: Sequence[Passage],
        embedder: Embedder,
        names: Names,
        reader: Embedder | None = None,
    ) -> None:
        """`reader` reads the passages, `embedder` what is asked, and all by default."""
        held = [passage for passage in passages if sentences([passage])]
        self.passages = sorted(held, key=lambda passage: passage.document_id)
        self.ids = sorted({passage.document_id for passage in held})
        place = {id_: number for number, id_ in enumerate(self.ids)}
        self.of_passage: Ints = np.array([place[p.document_id] for p in self.passages], int)
        self.sentences: list[Sentence] = sentences(self.passages)
        whole = lists(self.sentences, self.passages)
        self.lists: dict[int, range] = {number: one for one in whole for number in one}
        """Sentence → the list that it is part of, where a part of it alone leads astray."""
        rows = tables(self.sentences, self.passages)
        self.tables: dict[int, range] = {number: one for one in rows for number in one}
        """Row → the table that it is part of."""
        self.steps = frozenset(
            n for one in whole if sum(is_counted(self.sentences[n]) for n in one) > 1 for n in one
        )
        """The sentences that are part of instructions."""
        passage_of = [s.passage for s in self.sentences]
        self.of_sentence: Ints = self.of_passage[passage_of] if self.sentences else np.zeros(0, int)
        self.names = names
        self._embedder, self._reader = embedder, reader or embedder
        self.squeezed = getattr(embedder, "squeezed", False)  # one of your own may not say
        self.embed = remembered(KEPT)(self._embed)
        self.titles = [self._title(number) for number in range(len(self.ids))]
        heads = [f"{p.title} {p.title} {p.text}" for p in self.passages]
        self.passage_words = Words([telling(text) for text in heads])
        self.document_words = Words([telling(text) for text in self._whole(heads)])
        self.passage_spelling = Words([spelt(text) for text in heads])
        self._understood = (
            not getattr(embedder, "english_alone", False)  # one of your own may not say
            or english_share(passage.text for passage in self.passages) >= _ENGLISH
        )
        self.of_words = self._understood and isinstance(embedder, OfWords)
        self.late = self._word_by_word()
        self.title_vectors = self.vectors([names.masked(t) for t in self.titles])
        self.passage_vectors = self.vectors([passage_text(p) for p in self.passages])
        self.sentence_vectors = self.vectors(
            [
                names.masked(f"{_last(self.passages[s.passage].title)}. {s.labelled}")
                for s in self.sentences
            ]
        )
        self.stems_of = lru_cache(READ)(self._stems_of)
        self.facts_of = lru_cache(READ)(self._facts_of)
        self.names_in = lru_cache(READ)(self._names_in)
        self.passage_starts = _starts(self.of_passage, len(self.ids))
        self.sentence_starts = _starts(self.of_sentence, len(self.ids))
        self.past = self._past()
        """Document → the years that its title names, of those that say of themselves that they hold
        no more; none where all do."""

    def _past(self) -> dict[int, frozenset[str]]:
        found = {
            number: years(title)
            for number, (title, first, last) in enumerate(
                zip(self.titles, self.sentence_starts, self.sentence_starts[1:], strict=False)
            )
            if is_past(title, opening(self.sentences[first:last], self.passages))
        }
        return found if len(found) < len(self.ids) else {}

    def _word_by_word(self) -> Late | None:
        """Return the passages word by word, where the embedder reads them so."""
        if not (self.sentences and self._understood and isinstance(self._embedder, WordByWord)):
            return None
        by_word = self._reader if isinstance(self._reader, WordByWord) else self._embedder
        return Late(self._embedder, self.passages, self.sentences, by_word)

    def read(self, texts: Collection[str]) -> None:
        """Read texts at once: what is asked of them later is known then, vectors too."""
        if self.late is not None:
            self.late.read([bare(text) for text in texts])

    def weight(self, word: str) -> float:
        """Return how rare a word is among the passages."""
        column = self.passage_words.column.get(word)
        return (
            self.passage_words.unknown if column is None else float(self.passage_words.idf[column])
        )

    def _stems_of(self, sentence: int) -> frozenset[str]:
        """Return the words of a sentence that carry meaning."""
        return frozenset(telling(self.sentences[sentence].labelled))

    def _facts_of(self, sentence: int) -> frozenset[str]:
        """Return the facts that a sentence states."""
        return frozenset(facts(self.sentences[sentence].text))

    def _names_in(self, sentence: int) -> frozenset[str]:
        """Return the names in a sentence."""
        return frozenset(self.names.within(self.sentences[sentence].text))

    def names_of(self, document: int) -> frozenset[str]:
        """Return the names in a document."""
        first, last = self.sentence_starts[document : document + 2]
        return frozenset().union(*map(self.names_in, range(first, last)))

    def vectors(self, texts: Sequence[str]) -> Floats:
        """Return unit vectors, zero ones for texts without a word, and where the documents are in
        a language that the embedder does not understand: there it leads astray."""
        if not texts or not self._understood:
            return np.zeros((len(texts), self._embedder.embed([""]).shape[1]), np.float32)
        found: Floats = self._reader.embed([bare(text) for text in texts]).astype(np.float32)
        return found

    def meant(self, texts: Sequence[str]) -> Floats:
        """Return the unit vectors of texts, whatever the documents' language."""
        found: Floats = self._embedder.embed([bare(text) for text in texts]).astype(np.float32)
        return found

    def _embed(self, text: str) -> Floats:
        found: Floats = self.meant([text])[0]
        return found

    def most(self, values: Floats, starts: Ints) -> Floats:
        """Return the greatest value of each document's passages or sentences, 0 for none."""
        found = np.zeros(len(self.ids), np.float32)
        held = np.diff(starts) > 0
        if held.any():
            found[held] = np.maximum.reduceat(values, starts[:-1][held])
        return found

    def title_of(self, sentence: int) -> str:
        """Return the title of the section that a sentence stands in."""
        return self.passages[self.sentences[sentence].passage].title

    def headed(self, headings: Collection[str]) -> list[int]:
        """Return the documents with one of these headings."""
        return [number for number, title in enumerate(self.titles) if title in headings]

    def _title(self, number: int) -> str:
        first = self.passages[int(np.searchsorted(self.of_passage, number))]
        return first.title.split(" › ")[0]

    def _whole(self, texts: Sequence[str]) -> list[str]:
        whole: list[list[str]] = [[] for _ in self.ids]
        for text, number in zip(texts, self.of_passage, strict=True):
            whole[number].append(text)
        return ["\n".join(one) for one in whole]


def _last(title: str) -> str:
    return title.split(" › ")[-1]


def _starts(owner: Ints, count: int) -> Ints:
    return np.searchsorted(owner, np.arange(count + 1))
