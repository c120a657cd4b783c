"""What a GGUF file says of itself, read without its tensors.

The package `gguf` makes an array of each token and each merge, which takes seconds for a large
vocabulary, and comes with the training extra, while every release needs to know its template.
The format: github.com/ggml-org/ggml/blob/master/docs/gguf.md
"""

from __future__ import annotations

import mmap
import struct
from collections.abc import Mapping
from pathlib import Path
from typing import TypeAlias

from northloop.core.errors import CorruptArtefact

Value: TypeAlias = str | int | float | bool | list[str] | None
"""None for an array of numbers."""

MAGIC = b"GGUF"
_NUMBERS = dict(zip((*range(8), 10, 11, 12), "BbHhIif?Qqd", strict=True))
"""The number of a kind of value → its code in `struct`."""
_TEXT, _ARRAY = 8, 9


def header(path: Path) -> Mapping[str, Value]:
    """Return every key with its value; CorruptArtefact if the file is no GGUF or incomplete."""
    try:
        with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
            return _Reader(data).keys()
    except (OSError, ValueError, KeyError, struct.error) as error:
        raise CorruptArtefact(
            f"this cannot be read as a GGUF file: {error}",
            where=str(path),
            action="give a Llama-architecture GGUF file, or fetch it again",
        ) from error


class _Reader:
    """Reads a file from its beginning on."""

    def __init__(self, data: mmap.mmap) -> None:
        self._data = data
        self._at = 0

    def keys(self) -> dict[str, Value]:
        if self._bytes(len(MAGIC)) != MAGIC:
            raise ValueError("it does not begin as one")
        self._number("I")  # the version: keys are written alike in all that llama.cpp reads
        self._number("Q")  # tensors
        return {self._text(): self._value(self._number("I")) for _ in range(self._number("Q"))}

    def _value(self, kind: int) -> Value:
        if kind == _TEXT:
            return self._text()
        if kind == _ARRAY:
            of, count = self._number("I"), self._number("Q")
            if of == _TEXT:
                return [self._text() for _ in range(count)]
            self._bytes(count * struct.calcsize(f"<{_NUMBERS[of]}"))
            return None
        value: int | float | bool = self._unpacked(_NUMBERS[kind])
        return value

    def _text(self) -> str:
        return self._bytes(self._number("Q")).decode("utf-8", "replace")

    def _number(self, code: str) -> int:
        return int(self._unpacked(code))

    def _unpacked(self, code: str) -> int | float | bool:
        [value] = struct.unpack(f"<{code}", self._bytes(struct.calcsize(f"<{code}")))
        found: int | float | bool = value
        return found

    def _bytes(self, count: int) -> bytes:
        end = self._at + count
        if end > len(self._data):
            raise ValueError("it ends too early")
        found = self._data[self._at : end]
        self._at = end
        return found
