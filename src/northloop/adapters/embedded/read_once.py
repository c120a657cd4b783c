"""Texts that an encoder reads once: what it made of them is kept in a file beside the workspace.

Documents are read sentence by sentence, which takes a tenth of a second a page, and again by each
process that opens a release. Customers' questions are never kept so.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TypeVar

import msgspec
import numpy as np
from numpy.typing import NDArray

from northloop.adapters.embedded.made_rows import MadeRows
from northloop.core.errors import ConfigurationError
from northloop.ports.models import Embedder, WordByWord, Words

_log = logging.getLogger("northloop.encoders")
_AT_ONCE = 256
"""Texts that are read, and kept, at a time: who is stopped goes on from there."""
T = TypeVar("T")


def read_once(embedder: Embedder, folder: Path) -> Embedder:
    """Return an encoder that keeps what it reads in a folder; word vectors, which are as quickly
    made as found, as they are."""
    if not isinstance(embedder, WordByWord):
        return embedder
    name = hashlib.sha256(embedder.name.encode()).hexdigest()[:16]
    try:
        return _ReadOnce(embedder, embedder, MadeRows(folder / f"{name}.sqlite"))
    except (ConfigurationError, OSError) as error:
        _log.warning("what is read of the documents cannot be kept: %s", error)
        return embedder


class _ReadOnce:
    """Implements `ports.models.Embedder` and `WordByWord`; vectors are, to the last bit, those that
    the encoder makes."""

    def __init__(self, embedder: Embedder, by_word: WordByWord, made: MadeRows) -> None:
        """Both are the encoder."""
        self.name = embedder.name
        self.english_alone = getattr(embedder, "english_alone", False)
        self.squeezed = getattr(embedder, "squeezed", False)
        self._embedder = embedder
        self._by_word = by_word
        self._made = made

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        if not texts:
            return self._embedder.embed(texts)
        found = self._kept(b"whole", texts, self._whole, _whole_of)
        return np.stack([found[text] for text in texts])

    def word_by_word(self, texts: Sequence[str]) -> list[Words]:
        found = self._kept(b"words", texts, self._words, _words_of)
        return [found[text] for text in texts]

    def _whole(self, texts: Sequence[str]) -> list[bytes]:
        return [vector.tobytes() for vector in self._embedder.embed(texts)]

    def _words(self, texts: Sequence[str]) -> list[bytes]:
        return [
            msgspec.msgpack.encode(
                (
                    one.vectors.shape[1],
                    one.ids.astype("<i4").tobytes(),
                    one.vectors.astype("<f2").tobytes(),  # as the encoder itself keeps them
                    one.spans.astype("<i4").tobytes(),
                )
            )
            for one in self._by_word.word_by_word(texts)
        ]

    def _kept(
        self,
        kind: bytes,
        texts: Sequence[str],
        make: Callable[[Sequence[str]], list[bytes]],
        read: Callable[[bytes], T],
    ) -> dict[str, T]:
        keys = {text: hashlib.sha256(kind + text.encode()).digest() for text in texts}
        distinct = [*keys]
        found: dict[str, T] = {}
        for first in range(0, len(distinct), _AT_ONCE):
            some = distinct[first : first + _AT_ONCE]
            known = self._get([keys[text] for text in some])
            new = [text for text in some if keys[text] not in known]
            made = dict(zip(new, make(new), strict=True)) if new else {}
            self._put({keys[text]: told for text, told in made.items()})
            found |= {text: read(made.get(text) or known[keys[text]]) for text in some}
        return found

    def _get(self, keys: Sequence[bytes]) -> Mapping[bytes, bytes]:
        try:
            return self._made.get(keys)
        except ConfigurationError as error:
            _log.warning("what was read of the documents is read again: %s", error)
            return {}

    def _put(self, results: Mapping[bytes, bytes]) -> None:
        try:
            if results:
                self._made.put(results)
        except ConfigurationError as error:
            _log.warning("what is read of the documents cannot be kept: %s", error)


def _whole_of(kept: bytes) -> NDArray[np.float32]:
    return np.frombuffer(kept, "<f4")


def _words_of(kept: bytes) -> Words:
    width, ids, vectors, spans = msgspec.msgpack.decode(kept, type=tuple[int, bytes, bytes, bytes])
    pieces = np.frombuffer(ids, "<i4").astype(int)
    rows = np.frombuffer(vectors, "<f2").astype(np.float32)
    return Words(
        pieces,
        rows.reshape(-1, width),
        np.frombuffer(spans, "<i4").astype(int).reshape(-1, 2),
    )
