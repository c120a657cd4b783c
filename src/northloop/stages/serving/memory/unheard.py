"""Things that a customer names and no case does: as of quotes (`quote.unheard`), so of replies."""

from __future__ import annotations

import string
import zlib
from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from northloop.ports.models import Embedder, OfWords, WordByWord
from northloop.stages.serving.memory.words import LONGEST, WIDTH
from northloop.stages.serving.quote.late import Nearest, words_beside
from northloop.stages.serving.quote.parts import bare, stems, telling, words
from northloop.stages.serving.quote.unheard import much, numbered

Hashes = NDArray[np.uint32]
_SHORT, _LONG = 4, 6
"""Letters from which on two may be swapped, and from which on one may be too many, missing, or the
key beside it: of shorter words that makes others."""
_LONGEST_WORD = 24
_LETTERS = string.ascii_lowercase + "äöüßåøæéèêáàâãíìóòôõúùñçąćęłńśźż"
_ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")


class Vocabulary(NamedTuple):
    """All words of some texts."""

    hashes: Hashes
    """Each once, sorted."""

    @classmethod
    def of(cls, texts: Iterable[str]) -> Vocabulary:
        """Return the words of texts in lower case, whole and cut as `parts.stems` cuts them."""
        spoken = {word.lower() for text in texts for word in words(text)}
        found = spoken.union(*map(stems, spoken))
        return cls(np.unique(np.array([*map(_hash, found)], np.uint32)))

    def joined(self, other: Vocabulary) -> Vocabulary:
        """Return the words of both."""
        return Vocabulary(np.union1d(self.hashes, other.hashes))

    def knows(self, word: str) -> bool:
        """Return whether a word is among them."""
        return all(map(self._has, map(_hash, stems(word))))

    def is_slip(self, word: str) -> bool:
        """Return whether a word is one of them with a wrong key behind its first letter."""
        return any(self._has(_hash(one)) for one in _slips(word.lower()))

    def _has(self, found: int) -> bool:
        place = int(np.searchsorted(self.hashes, np.uint32(found)))
        return place < len(self.hashes) and int(self.hashes[place]) == found


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
        asked = [word for word in words(text[:LONGEST]) if telling(word)]
        weight = {word: float(self._rarity[_column(word)]) for word in asked}
        enough = self._much * sum(weight[word] for word in asked)
        heavy = {w for w in weight if weight[w] >= enough and not self._known(w, since)}
        if not heavy:
            return False
        near = self._near(text[:LONGEST], case)
        return any(weight[w] * (1 - how) >= enough for w, how in near if w in heavy)

    def _known(self, word: str, since: Vocabulary) -> bool:
        return any(of.knows(word) or of.is_slip(word) for of in (self._said, since))

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


def _slips(word: str) -> Iterator[str]:
    """Yield what a word in small letters may have been meant for."""
    for at in range(1, len(word) if len(word) <= _LONGEST_WORD else 0):
        before, behind = word[:at], word[at:]
        if len(word) >= _SHORT:
            yield before + behind[1:2] + behind[:1] + behind[2:]
        if len(word) >= _LONG:
            yield before + behind[1:]
            yield from (before + letter + behind for letter in _LETTERS)
            yield from (before + letter + behind[1:] for letter in _beside().get(word[at], ""))


@cache
def _beside() -> Mapping[str, str]:
    """Return the keys beside each key."""
    places = {key: (x, y) for y, row in enumerate(_ROWS) for x, key in enumerate(row)}
    return {
        key: "".join(k for k, (a, b) in places.items() if abs(a - x) <= 1 and abs(b - y) <= 1)
        for key, (x, y) in places.items()
    }


def _column(word: str) -> int:
    return zlib.crc32(f"={word.lower()}".encode()) % WIDTH


def _hash(stem: str) -> int:
    return zlib.crc32(stem.encode())
