"""Which sentences of the documents a reply was made from.

No label says it: sentences of replies are laid beside those of the documents, words that few
sentences have counting more. What an agent says that no document does links to nothing, and a
reply with a number that its document does not hold is outdated, or wrong.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from math import log

import msgspec
import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from northloop.core.facts import facts
from northloop.stages.serving.quote.parts import content
from northloop.stages.serving.quote.sentences import split

_LEAST = 0.25
"""Cosine of a reply's sentence with one of a document, from which on it comes from there."""
_STRONG = 0.4
"""A document has a sentence so near, or the reply does not rest on it."""
_LEAD = 0.15
"""By so much it is nearer to the second than to the first."""
_SHARE = 0.3
"""So much of the main document's weight the second one has at least."""
_GOOD_PART, _MOST_MADE = 0.2, 3
"""A sentence of a reply was made from a further one of the document where that holds so much of
its weight, and from so many at most."""
_CHATTER = 3
_ONE_THING = 0.5
"""A sentence said so often, and in fewer than this share of replies about one document, says
nothing of any: "Thanks for your patience"."""


class Link(msgspec.Struct, frozen=True):
    """A document that a reply rests on."""

    document: int
    sentences: tuple[int, ...]
    """Those it uses, in the order of the reply, each once."""
    stands: bool
    """Each number of what was taken from there stands in the document, or was asked about."""


class Weighed:
    """Sentences as vectors of their words; rare words count more."""

    def __init__(self, texts: Sequence[str]) -> None:
        counted = [Counter(_words(text)) for text in texts]
        found = Counter(word for count in counted for word in count)
        self._column = {word: column for column, word in enumerate(sorted(found))}
        self._idf = np.array([log(1 + len(texts) / found[w]) for w in self._column])
        self._unknown = log(1 + len(texts))
        self.rows = self._matrix(counted)

    def knows(self, word: str) -> bool:
        """Return whether some sentence has a word."""
        return word in self._column

    def weight(self, word: str) -> float:
        """Return how rare a word is among the sentences."""
        column = self._column.get(word)
        return self._unknown if column is None else float(self._idf[column])

    def cosines(self, texts: Sequence[str]) -> csr_matrix:
        """Return cosines with the known sentences, shape (len(texts), known)."""
        return csr_matrix(self._matrix([Counter(_words(text)) for text in texts]) @ self.rows.T)

    def _matrix(self, counted: Sequence[Counter[str]]) -> csr_matrix:
        indptr, indices, data = [0], list[int](), list[float]()
        for count in counted:
            known = [(self._column[w], n) for w, n in count.items() if w in self._column]
            values = [(1 + log(n)) * self._idf[c] for c, n in known]
            unknown = sum(word not in self._column for word in count)
            norm = float(np.sqrt(sum(v * v for v in values) + unknown * self._unknown**2)) or 1.0
            indices += [c for c, _ in known]
            data += [value / norm for value in values]
            indptr.append(len(indices))
        return csr_matrix((data, indices, indptr), shape=(len(counted), len(self._column)))


def _words(text: str) -> Iterator[str]:
    yield from content(text)
    yield from (f"#{fact}" for fact in facts(text) if not fact.startswith("["))


class _Said(msgspec.Struct, frozen=True):
    """A reply's sentence, and the documents that it resembles: number → (sentence, cosine)."""

    text: str
    size: int
    near: Mapping[int, tuple[int, float]]


def links(
    questions: Sequence[str],
    replies: Sequence[str],
    sentences: Sequence[str],
    of: Sequence[int],
) -> list[tuple[Link, ...]]:
    """Return for each reply the documents that it rests on: two at most, the main one first.

    `of` holds the document of each sentence.
    """
    if not sentences:
        return [() for _ in replies]
    owner = np.asarray(of)
    cut = [[s for line in reply.split("\n") for s in split(line)] for reply in replies]
    distinct = dict.fromkeys(s for one in cut for s in one)
    known = Weighed(sentences)
    said = _matched(list(distinct), known, owner)
    main = [_documents([said[s] for s in one]) for one in cut]
    chatter = _chatter(cut, main)
    held = _Held(sentences, of, known)
    found = []
    for question, one in zip(questions, cut, strict=True):
        kept = [said[s] for s in one if s not in chatter]
        chosen = _documents(kept)
        asked = set(facts(question))
        found.append(tuple(_link(d, chosen, kept, held, asked) for d in chosen))
    return found


def _matched(texts: list[str], known: Weighed, owner: NDArray[np.int_]) -> dict[str, _Said]:
    cosines = known.cosines(texts)
    found = {}
    for row, text in enumerate(texts):
        cells = slice(cosines.indptr[row], cosines.indptr[row + 1])
        near: dict[int, tuple[int, float]] = {}
        for sentence, cosine in zip(cosines.indices[cells], cosines.data[cells], strict=True):
            document = int(owner[sentence])
            if cosine >= _LEAST and cosine > near.get(document, (0, 0.0))[1]:
                near[document] = (int(sentence), float(cosine))
        found[text] = _Said(text, len(list(_words(text))), near)
    return found


def _documents(said: Sequence[_Said]) -> tuple[int, ...]:
    """Return the documents of a reply, () for none."""
    mass: dict[int, float] = defaultdict(float)
    for one in said:
        for document, (_, cosine) in one.near.items():
            mass[document] += cosine * one.size
    strong = [d for d in mass if any(one.near.get(d, (0, 0.0))[1] >= _STRONG for one in said)]
    if not strong:
        return ()
    main = max(strong, key=lambda d: (mass[d], -d))
    own: dict[int, float] = defaultdict(float)
    for one in said:
        first = one.near.get(main, (0, 0.0))[1]
        for document, (_, cosine) in one.near.items():
            if document != main and cosine >= max(_STRONG, first + _LEAD):
                own[document] += cosine * one.size
    if not own:
        return (main,)
    second = max(own, key=lambda d: (own[d], -d))
    return (main, second) if own[second] >= _SHARE * mass[main] else (main,)


def _chatter(cut: Sequence[Sequence[str]], main: Sequence[tuple[int, ...]]) -> set[str]:
    """Return the sentences that are said whatever a reply is about."""
    about: dict[str, Counter[int]] = defaultdict(Counter)
    for one, documents in zip(cut, main, strict=True):
        for text in set(one):
            about[text].update(documents or (-1,))
    return {
        text
        for text, counted in about.items()
        if counted.total() >= _CHATTER and max(counted.values()) < _ONE_THING * counted.total()
    }


def _link(
    document: int, chosen: Sequence[int], said: Sequence[_Said], held: _Held, asked: set[str]
) -> Link:
    """Return a link with what of the reply is nearer to this document than to the other."""
    mine = [
        one
        for one in said
        if document in one.near
        and all(one.near[document][1] >= one.near.get(o, (0, 0.0))[1] for o in chosen)
    ]
    used = tuple(dict.fromkeys(n for one in mine for n in held.makes(one, document)))
    stated = {fact for one in mine for fact in facts(one.text) if not fact.startswith("[")}
    return Link(document, used, stated <= held.facts[document] | asked)


class _Held:
    """What each document says."""

    def __init__(self, sentences: Sequence[str], of: Sequence[int], known: Weighed) -> None:
        self.facts: dict[int, set[str]] = defaultdict(set)
        self._sentences: dict[int, list[tuple[int, frozenset[str]]]] = defaultdict(list)
        self._known = known
        for number, (sentence, document) in enumerate(zip(sentences, of, strict=True)):
            self.facts[document].update(facts(sentence))
            self._sentences[document].append((number, frozenset(_words(sentence))))

    def makes(self, said: _Said, document: int) -> Iterator[int]:
        """Yield the sentences of a document that a reply's sentence was made from: the nearest,
        then those that hold a good part of what the others do not."""
        first = said.near[document][0]
        yield first
        weight = self._known.weight
        left = {word for word in _words(said.text) if self._known.knows(word)}
        total = sum(map(weight, left))
        taken = {first}
        while len(taken) < _MOST_MADE:
            last = next(words for n, words in self._sentences[document] if n == first)
            left -= last
            others = [
                (sum(map(weight, left & words)), -n, words)
                for n, words in self._sentences[document]
                if n not in taken
            ]
            if not others:
                return
            gain, place, words = max(others, key=lambda one: one[:2])
            new = left & words
            if gain < _GOOD_PART * total or len(new) < 2:
                return
            first = -place
            taken.add(first)
            yield first
