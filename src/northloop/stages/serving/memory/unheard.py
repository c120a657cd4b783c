"""Things that a customer names and no case does: as of quotes (`quote.unheard`), so of replies."""

from __future__ import annotations

import zlib
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from northloop.ports.models import Embedder, OfWords, WordByWord
from northloop.stages.serving.memory.words import WIDTH
from northloop.stages.serving.quote.late import Nearest, words_beside
from northloop.stages.serving.quote.parts import bare, stems, telling, words
from northloop.stages.serving.quote.unheard import Weighed, hangs_on, much, numbered

Hashes = NDArray[np.uint32]


class Vocabulary(NamedTuple):
    """All words of some texts."""

    hashes: Hashes
    """Each once, sorted."""

    @classmethod
    def of(cls, texts: Iterable[str]) -> Vocabulary:
        """Return the words of texts, cut as `parts.stems` cuts them."""
        found = {stem for text in texts for stem in stems(text)}
        return cls(np.unique(np.array([*map(_hash, found)], np.uint32)))

    def joined(self, other: Vocabulary) -> Vocabulary:
        """Return the words of both."""
        return Vocabulary(np.union1d(self.hashes, other.hashes))

    def knows(self, word: str) -> bool:
        """Return whether a word is among them."""
        own = np.array([*map(_hash, stems(word))], np.uint32)
        places = np.minimum(np.searchsorted(self.hashes, own), len(self.hashes) - 1)
        return len(self.hashes) > 0 and bool((self.hashes[places] == own).all())


class Unheard:
    """Tells what no case knows; read only."""

    def __init__(self, said: Vocabulary, rarity: NDArray[np.float32], embedder: Embedder) -> None:
        """`said` is what was asked and answered in cases; `rarity` as of `memory.TextModels`."""
        self._said, self._rarity, self._embedder = said, rarity, embedder
        self._much = much(
            squeezed=getattr(embedder, "squeezed", False),  # one of your own may not say
            of_words=isinstance(embedder, OfWords),
        )

    def is_asked_of(self, text: str, case: str, names: Collection[str], since: Vocabulary) -> bool:
        """Return whether a question is about something unheard of, for all that a case says that
        would answer it. `names` are those in the case; `since` is what people said since."""
        if _has_other_number(text, case, names):
            return True
        asked = [word for word in words(text) if telling(word)]
        unknown = {w for w in asked if not self._said.knows(w) and not since.knows(w)}
        if self._hangs_on(asked, dict.fromkeys(unknown, 0.0)) < self._much:
            return False  # however far it may be
        near = {one.word: one.near for one in self._near(text, case) if one.word in unknown}
        return self._hangs_on(asked, near) >= self._much

    def _hangs_on(self, asked: Sequence[str], near: Mapping[str, float]) -> float:
        weights = [float(self._rarity[_column(word)]) for word in asked]
        far = [1 - near.get(word, 1.0) for word in asked]
        return hangs_on(map(Weighed, weights, far))

    def _near(self, text: str, case: str) -> Iterator[Nearest]:
        """Yield each word of a text, and how near a word of a case comes to it; nothing where the
        embedder reads no words."""
        embedder = self._embedder
        if isinstance(embedder, WordByWord):
            yield from words_beside(embedder, bare(text), bare(case))
        elif isinstance(embedder, OfWords):
            own, its = words(text), sorted({w.lower() for w in words(case) if telling(w)})
            if own and its:
                near = (embedder.embed(own) @ embedder.embed(its).T).max(axis=1)
                yield from map(Nearest, own, near.tolist())


def _has_other_number(text: str, case: str, names: Collection[str]) -> bool:
    """Whether a name stands with a number, and in the case with others alone: "Fell 85" beside
    "Fell 45"."""
    its = {*numbered(case)}
    of = {name for name, _ in its if name in names}
    return any(name in of and (name, number) not in its for name, number in numbered(text))


def _column(word: str) -> int:
    return zlib.crc32(f"={word.lower()}".encode()) % WIDTH


def _hash(stem: str) -> int:
    return zlib.crc32(stem.encode())
