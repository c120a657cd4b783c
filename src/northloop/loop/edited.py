"""Whether the documents still say what somebody answered while they did.

A draft that was remembered, and not taken from a passage, notes no passage that it rests on. What
people decided on it holds as long as nothing that it says has been edited away since: a sentence
of a document that is gone and that it has word for word, or one that resembles it and had a number
of it which that document has no more.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from northloop.core.conversation import Passage
from northloop.core.facts import content_stems, facts
from northloop.core.ids import Hash
from northloop.core.question import normalised
from northloop.loop.parts import Parts
from northloop.stages.serving.quote.sentences import split

_ALIKE = 0.5
"""Of the shorter one's words that carry meaning, for two sentences to be about the same."""
_SAYS = 3
"""So many such words has a sentence that is known again."""


class _Gone(NamedTuple):
    """A sentence that no document has any more."""

    words: frozenset[str]
    numbers: frozenset[str]
    """Those of it that its document has no more either."""


class Edited:
    """What the documents of earlier knowledge said and those of one say no more."""

    def __init__(self, parts: Parts, knowledge: Hash) -> None:
        """`knowledge` is what is in force; "" if that is not known, and then nothing is gone."""
        self._parts = parts
        self._knowledge = knowledge
        self._now: Sequence[Passage] | None = None
        self._gone: dict[Hash, tuple[frozenset[str], list[_Gone]]] = {}

    def unsays(self, then: Hash, text: str) -> bool:
        """Whether a text says what documents said as of `then`, and say no more."""
        if not then or not self._knowledge or then == self._knowledge:
            return False
        if then not in self._gone:
            self._gone[then] = self._since(then)
        verbatim, gone = self._gone[then]
        return any(
            normalised(said) in verbatim or any(_is_of(said, one) for one in gone)
            for said in _sentences(text)
        )

    def _since(self, then: Hash) -> tuple[frozenset[str], list[_Gone]]:
        before = self._parts.readable_passages(then)
        if self._now is None:
            self._now = self._parts.readable_passages(self._knowledge)
        standing = {passage.hash for passage in self._now}
        says = {normalised(one) for passage in self._now for one in _sentences(passage.text)}
        numbers: dict[str, set[str]] = defaultdict(set)
        for passage in self._now:
            numbers[passage.document_id].update(_numbers(passage.text))
        gone = [
            (one, frozenset(_numbers(one)) - numbers[passage.document_id])
            for passage in before
            if passage.hash not in standing
            for one in _sentences(passage.text)
            if normalised(one) not in says
        ]
        words = [frozenset(content_stems(one)) for one, _ in gone]
        return (
            frozenset(
                normalised(one) for (one, _), w in zip(gone, words, strict=True) if len(w) >= _SAYS
            ),
            [_Gone(w, n) for (_, n), w in zip(gone, words, strict=True) if n],
        )


def _sentences(text: str) -> Iterator[str]:
    for line in text.split("\n"):
        yield from split(line)


def _numbers(text: str) -> Iterable[str]:
    return (fact for fact in facts(text) if not fact.startswith("["))


def _is_of(said: str, gone: _Gone) -> bool:
    """Whether a sentence says what one that is gone said, with a number of it."""
    if gone.numbers.isdisjoint(_numbers(said)):
        return False
    words = frozenset(content_stems(said))
    return len(words & gone.words) >= _ALIKE * max(1, min(len(words), len(gone.words)))
