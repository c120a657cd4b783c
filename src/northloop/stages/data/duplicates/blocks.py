"""Which texts can say the same at all, told by their words alone.

Two texts say the same only if each word of substance of one stands in the other, or a misspelling
of it. So words that are each other's misspellings are put in one class; a class is *firm* if none
of its words changes nothing anywhere. Texts that say the same have the same firm classes: those
that have them are a *block*, and nobody has to look beyond it. Which block a text is in follows
from the words of all texts, not from their order.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from northloop.core.scripts import is_unspaced
from northloop.stages.data.duplicates.spoken import Spoken, marked
from northloop.stages.data.spelling import MIN_CHARS, Spelling

MARKS = 16
"""There is room for so many classes at first."""


class Vocabulary:
    """The words of a set of distinct texts, and which of them may be misspellings of which."""

    def __init__(self, texts: Mapping[str, int], vanished: Collection[str]) -> None:
        """`texts` says in how many texts each word stands, `vanished` which of them changes nothing
        in one of them."""
        self.spelling = Spelling(texts)
        self._classes = dict(_classes(self.spelling, texts))
        self._loose = frozenset(self.class_of(word) for word in vanished)

    @classmethod
    def of(cls, parts: Iterable[tuple[Spoken, NDArray[np.bool_]]]) -> Vocabulary:
        """Return the vocabulary of some of the texts of each part."""
        texts: Counter[str] = Counter()
        vanished: set[str] = set()
        for spoken, some in parts:
            counts, vanishing = spoken.counted(some)
            texts.update(counts)
            vanished |= vanishing
        return cls(texts, vanished)

    def class_of(self, word: str) -> str:
        """Return what a word and its misspellings have in common."""
        return self._classes.get(word, word)

    def blocks(self, parts: Iterable[Spoken]) -> Iterator[NDArray[np.uint64]]:
        """Yield what tells the block of each text of a part, (texts, 2): its firm classes."""
        numbers: dict[str, int] = {}
        marks = np.empty((MARKS, 2), np.uint64)
        for spoken in parts:
            known = len(numbers)
            named = [self.class_of(word) for word in spoken.words]
            of = [-1 if c in self._loose else numbers.setdefault(c, len(numbers)) for c in named]
            new = [*islice(reversed(numbers), len(numbers) - known)][::-1]
            while len(marks) < len(numbers):
                marks = np.concatenate([marks, np.empty_like(marks)])
            marks[known : len(numbers)] = marked(new)
            yield spoken.blocks(np.array(of, np.int64), marks[: len(numbers)])

    def loose_class(self, word: str) -> str:
        """Return the class of a word if it is not firm, "" if it is."""
        found = self.class_of(word)
        return found if found in self._loose else ""

    def loose(self, words: Iterable[str]) -> frozenset[str]:
        """Return the classes of words that are not firm."""
        return self._loose.intersection(map(self.class_of, words))


def _classes(spelling: Spelling, words: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Yield words that have misspellings, each with the first of its class."""
    above: dict[str, str] = {}

    def first(word: str) -> str:
        while (up := above.get(word, word)) != word:
            above[word] = above.get(up, up)
            word = up
        return word

    for near in _by_form(words):
        for i, word in enumerate(near):
            for other in near[:i]:
                a, b = sorted((first(word), first(other)))
                if a != b and spelling.same(word, other):
                    above[b] = a
    yield from ((word, first(word)) for word in list(above))


def _by_form(words: Iterable[str]) -> Iterator[list[str]]:
    """Yield words that one keystroke may turn into each other, as often as they share a form."""
    found: dict[int, list[str]] = defaultdict(list)
    for word in words:
        if len(word) >= MIN_CHARS and not is_unspaced(word):
            for form in _forms(word):
                found[hash(form)].append(word)
    yield from (near for near in found.values() if len(near) > 1)


def _forms(word: str) -> Iterator[str]:
    """Yield a word whole and with each letter left out: words a keystroke apart share one."""
    yield word
    for place in range(len(word)):
        yield word[:place] + word[place + 1 :]
