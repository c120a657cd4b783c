"""Which texts can say the same at all, told by their words alone.

Two texts say the same only if each word of substance of one stands in the other, or a misspelling
of it. So words that are each other's misspellings are put in one class; a class is *firm* if none
of its words changes nothing anywhere. Texts that say the same have the same firm classes: those
that have them are a *block*, and nobody has to look beyond it. Which block a text is in follows
from the words of all texts, not from their order.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator

from northloop.core.scripts import is_unspaced
from northloop.stages.data.duplicates.words import Said
from northloop.stages.data.spelling import MIN_CHARS, Spelling


class Vocabulary:
    """The words of a set of distinct texts, and which of them may be misspellings of which."""

    def __init__(self, said: Iterable[Said]) -> None:
        texts: Counter[str] = Counter()
        vanished: set[str] = set()
        for one in said:
            words = one.words
            texts.update(words)
            vanished |= words - one.substance
        self.spelling = Spelling(texts)
        self._classes = dict(_classes(self.spelling, texts))
        self._loose = frozenset(self.class_of(word) for word in vanished)

    def class_of(self, word: str) -> str:
        """Return what a word and its misspellings have in common."""
        return self._classes.get(word, word)

    def block(self, said: Said) -> frozenset[str]:
        """Return the firm classes of a text."""
        return frozenset(map(self.class_of, said.substance)) - self._loose

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
