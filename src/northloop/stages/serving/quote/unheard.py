"""Things that a customer names and nobody has before: "the guarantee on your e-bikes".

An answer about guarantees fits such a question in every other way, and only its words show that it
is about something else. A word that nobody has used is no sign by itself, since customers use
words of their own all the time. It is one where it is far from all that the document says, and much
of what is asked hangs on it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence, Set
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from northloop.core.patterns import lazy
from northloop.stages.serving.quote.late import Nearest
from northloop.stages.serving.quote.library import Library
from northloop.stages.serving.quote.parts import bare, stems, telling, words
from northloop.stages.serving.quote.wanted import is_of_dates

Floats = NDArray[np.float64]
FACTOR = 0.5
"""Of the confidence in an answer to a question about something unheard of."""
MUCH, MUCH_SQUEEZED, MUCH_ALONE = 0.2, 0.15, 0.3
"""So much of what is asked hangs on one word: where words are read as they stand in their text,
where all vectors are much alike, and where each word has one vector wherever it stands, so that
few come near. Chosen on 58 questions typed by hand and the live phrasings of the sample, of whose
right answers they hold 3 to 4 % back (docs/decisions/0071)."""
_KEPT = 256
"""Of so many documents the words are remembered with their vectors."""
_NUMBERED = lazy(r"(?<![^\W_])([^\W\d_]{2,})[ \u00a0-](\d+)(?![\w%€$£])(?![.,:]\d)(?! ?[%€$£])")


def much(*, squeezed: bool, of_words: bool) -> float:
    """Return which share is enough to doubt the answer, by what the embedder is like."""
    if of_words:
        return MUCH_ALONE
    return MUCH_SQUEEZED if squeezed else MUCH


class Unheard:
    """Tells what neither documents nor earlier questions know; read only."""

    def __init__(self, library: Library, heard: Set[str]) -> None:
        """`heard` are the words of earlier questions, cut as `parts.stems` cuts them."""
        self._library = library
        self._heard = heard
        self._said = library.passage_words.column.keys()
        self._numbers = self._read()
        self._words_of = lru_cache(_KEPT)(self._read_words)
        self._much = much(squeezed=library.squeezed, of_words=library.of_words)

    def is_asked_of(self, texts: Sequence[str], asked: Floats, documents: Collection[int]) -> bool:
        """Return whether a question, in parts of which it is known how likely each asks (parts,),
        is about something unheard of, for all that documents say.

        Words are told apart where the embedder reads them. A name that is known with other numbers
        is unheard of with this one, as the Fell 85 is beside the Fell 45.
        """
        return self._has_other_number(texts) or self._most(texts, asked, documents) >= self._much

    def _most(self, texts: Sequence[str], asked: Floats, documents: Collection[int]) -> float:
        """Return which share of all that is asked hangs on the word that is farthest from it."""
        weights, far = [], []
        for text, likely in zip(texts, asked, strict=True):
            for word, near in self._near(text, documents):
                if found := telling(word):
                    known = self._said >= {*found} or self._heard >= {*stems(word)}
                    weights.append(float(likely) * self._library.weight(found[0]))
                    far.append(0.0 if known else 1 - near)
        total = sum(weights)
        return float(max(np.multiply(weights, far)) / total) if total else 0.0

    def _near(self, text: str, documents: Collection[int]) -> Iterable[Nearest]:
        """Return each word of a text, and how near a word of the documents comes to it; nothing
        where the embedder reads no words."""
        library = self._library
        if library.late is not None:
            starts = library.passage_starts
            stretches = [(int(starts[d]), int(starts[d + 1])) for d in documents]
            return library.late.words(bare(text), stretches)
        own = words(text) if library.of_words else []
        if not own:
            return ()
        theirs = np.concatenate([self._words_of(document) for document in documents])
        near = (library.meant(own) @ theirs.T).max(axis=1, initial=0.0)
        return map(Nearest, own, near.tolist())

    def _read_words(self, document: int) -> NDArray[np.float32]:
        """Return the vectors of the words of a document that carry meaning."""
        first, last = self._library.passage_starts[document : document + 2]
        held = [f"{p.title} {p.text}" for p in self._library.passages[first:last]]
        return self._library.meant(
            sorted({w.lower() for t in held for w in words(t) if telling(w)})
        )

    def _has_other_number(self, texts: Sequence[str]) -> bool:
        """Whether a name stands with a number that it has nowhere: "Fell 85" beside "Fell 45"."""
        return any(
            name in self._numbers
            and number not in self._numbers[name]
            and f"{stems(name)[0]} {number[:6]}" not in self._heard
            for text in texts
            for name, number in numbered(text)
        )

    def _read(self) -> Mapping[str, Collection[str]]:
        """Return the numbers that stand behind each name.

        Where capitals tell no names, as in German, a noun with several numbers that count nothing
        is one: "Glasfaser 100" beside "Glasfaser 500", and not "alle Monate 3 Tage".
        """
        found, nouns = defaultdict[str, set[str]](set), defaultdict[str, set[str]](set)
        names = self._library.names
        for passage in self._library.passages:
            text = f"{passage.title}\n{passage.text}"
            for name, number in numbered(text):
                if name in names.known and not is_of_dates(name):
                    found[name].add(number)
            for noun, number in () if names.capitals else _behind_nouns(text):
                if not is_of_dates(noun):
                    nouns[noun].add(number)
        return {noun: some for noun, some in nouns.items() if len(some) > 1} | found


def numbered(text: str) -> Iterator[tuple[str, str]]:
    """Yield each word that a number stands behind, in lower case, and the number."""
    for found in _NUMBERED.finditer(bare(text)):
        yield found[1].lower(), found[2]


def _behind_nouns(text: str) -> Iterator[tuple[str, str]]:
    """Yield each noun that a number stands behind which counts no other noun, and the number."""
    plain = bare(text)
    for found in _NUMBERED.finditer(plain):
        after = plain[found.end() : found.end() + 2]
        if found[1][0].isupper() and not (after[:1].isspace() and after[1:].isupper()):
            yield found[1].lower(), found[2]
