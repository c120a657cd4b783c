"""What questions are compared by: their wording, and their sense where an embedder is at hand.

Each is half of a vector of whole numbers. The wording is hashed pieces of the words (Weinberger et
al., "Feature Hashing for Large Scale Multitask Learning", ICML 2009), in any language.
"""

from __future__ import annotations

import hashlib
import math
import re
import zlib
from collections.abc import Iterator, Sequence

import msgspec
import numpy as np
from numpy.typing import NDArray

from northloop.core.scripts import is_unspaced
from northloop.ports.models import Embedder
from northloop.stages.data.duplicates import digest, normalised, plain
from northloop.stages.data.duplicates.spoken import DIGEST_BYTES

SHORTEST, LONGEST = 3, 32
"""Words of a question in which a single other word is looked for; one more, of all its words."""
_WORDING_WIDTH = 256
LENGTH = 90
"""Of the vector of each half; the squares of two halves stay whole in single precision."""
_PIECE, _UNSPACED_PIECE = 4, 2
_SHORT_FORMS = {
    "can't": "can not", "cannot": "can not", "cant": "can not",
    "won't": "will not", "wont": "will not",
    "dont": "do not", "doesnt": "does not", "didnt": "did not", "isnt": "is not",
    "im": "i am", "ive": "i have", "whats": "what is", "wheres": "where is", "hows": "how is",
    "let's": "let us", "gonna": "going to", "wanna": "want to",
}  # fmt: skip
_ENDINGS = {
    "n't": " not", "'m": " am", "'re": " are", "'ve": " have", "'ll": " will", "'d": " would",
    "'s": " is",
}  # fmt: skip
_ENDING = re.compile("(?:" + "|".join(_ENDINGS) + ")$")


Vectors = NDArray[np.int8]


class Senses(msgspec.Struct, frozen=True):
    """What some questions are compared by, one question after another."""

    vectors: bytes
    """Of both halves, a signed byte each."""
    drawn: bytes
    """What orders each, four bytes."""
    same: bytes
    """A digest of the `same_words` of each."""
    gaps: bytes
    """What stays of each without each of its words, eight bytes each."""
    gap_ends: bytes
    """Where the gaps of each question end, four bytes each."""
    short: bytes
    """The gaps of the words that say anything."""
    short_ends: bytes
    marks: bytes
    """What tells the text of each from others, eight bytes."""

    @classmethod
    def of(cls, questions: Sequence[str], embedder: Embedder | None) -> Senses:
        """Return what questions are compared by; without an embedder wording stands for sense."""
        said = [worded(question) for question in questions]
        short = [plain(text) for text in said]
        gaps = [b"".join(_gaps(text, SHORTEST + 1)) for text in said]
        short_gaps = [b"".join(_gaps(text, SHORTEST)) for text in short]
        return cls(
            _both(said, short, embedder).tobytes(),
            np.array([zlib.crc32(text.encode()) for text in said], "<u4").tobytes(),
            b"".join(digest(" ".join(sorted(set(text.split())))) for text in short),
            b"".join(gaps),
            np.cumsum([len(own) // 8 for own in gaps], dtype="<u4").tobytes(),
            b"".join(short_gaps),
            np.cumsum([len(own) // 8 for own in short_gaps], dtype="<u4").tobytes(),
            b"".join(hashlib.blake2b(q.encode(), digest_size=8).digest() for q in questions),
        )


def senses_name(name: bytes, embedder: Embedder | None) -> bytes:
    """Return what names the senses of questions that have a name, by one embedder."""
    return named(b"senses", name, embedder)


def named(kind: bytes, name: bytes, embedder: Embedder | None) -> bytes:
    """Return what names a kind of thing that was found out by an embedder."""
    said = (embedder.name if embedder else "").encode()
    return hashlib.blake2b(name + said, digest_size=DIGEST_BYTES, person=kind).digest()


def worded(question: str) -> str:
    """Return the words of a question in lower case, short forms written out.

    >>> worded("I can't log in, what's wrong?")
    'i can not log in what is wrong'
    """
    words = normalised(question).replace("_", " ").split()
    return " ".join(_written_out(word) for word in words).replace("'", " ")


def _written_out(word: str) -> str:
    known = _SHORT_FORMS.get(word)
    return known or _ENDING.sub(lambda found: _ENDINGS[found[0]], word)


def _both(said: Sequence[str], short: Sequence[str], embedder: Embedder | None) -> Vectors:
    wording = _wording(short)
    if embedder is None:
        return _whole(wording * math.sqrt(2))
    return np.concatenate([_whole(wording), _whole(embedder.embed(said))], axis=1)


def _whole(units: NDArray[np.floating]) -> Vectors:
    whole: Vectors = np.clip(np.rint(units * LENGTH), -127, 127).astype(np.int8)
    return whole


def _wording(short: Sequence[str]) -> NDArray[np.float64]:
    """Return unit vectors of the pieces of what is said without words that say nothing; the zero
    vector for nothing.
    """
    pieces = [[zlib.crc32(piece.encode()) for piece in _pieces(text)] for text in short]
    rows = np.repeat(np.arange(len(short)), [len(own) for own in pieces])
    hashes = np.array([piece for own in pieces for piece in own], np.int64)
    places = rows * _WORDING_WIDTH + hashes % _WORDING_WIDTH
    signs = np.where(hashes >> 31, 1.0, -1.0)
    counts = np.bincount(places, signs, minlength=len(short) * _WORDING_WIDTH)
    counts = counts.reshape(len(short), _WORDING_WIDTH)
    lengths = np.sqrt((counts * counts).sum(axis=1, keepdims=True))
    units: NDArray[np.float64] = counts / np.maximum(lengths, 1.0)
    return units


def _pieces(short: str) -> set[str]:
    """Return each run of a few characters."""
    padded = f" {short} "
    size = _UNSPACED_PIECE if is_unspaced(padded) else _PIECE
    return {padded[i : i + size] for i in range(max(1, len(padded) - size + 1))}


def _gaps(said: str, shortest: int) -> Iterator[bytes]:
    """Yield what stays of a text without each of its words: texts a word apart share one."""
    words = [word.encode() for word in (said if is_unspaced(said) else said.split())]
    if shortest <= len(words) <= LONGEST:
        whole = b"\x1f".join(words)
        start = 0
        for word in words:
            end = start + len(word)
            yield hashlib.blake2b(whole[:start] + whole[end:], digest_size=8).digest()
            start = end + 1
